//! What a cell shows: derived from the layer, never stored. Colours of secondary places are made lighter here, and the
//! ink is chosen for what is really behind it.

use crate::{
    app::{
        custom::{Switch, Switches},
        selection::Selection,
        state::Theme,
    },
    attack::{Technique, Tier},
    layer::{Color, Display, Entry, Ink, Key, Layer, LayoutKind, Mark, Marks, Score, TierScoring},
    matrix::{Cell, MatrixKind, Place},
};
use std::borrow::Cow;

/// How layers are shown: in which theme, and which of their colours.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub theme: Theme,
    pub switches: Switches,
}

/// Everything about a cell that a layer or the user's hand can change.
#[derive(Debug, Clone, PartialEq)]
pub struct CellView {
    pub selected: bool,
    pub score: Option<Score>,
    /// The layout has no room for the score.
    pub unwritten: bool,
    /// Of a technique with sub-techniques, where aggregates are shown.
    pub aggregate: Option<Score>,
    /// Of the unified matrix where tiers are scored separately and the technique stands in both.
    pub by_tier: Option<[TierScore; 2]>,
    pub enabled: bool,
    pub fill: Option<Fill>,
    /// What another layer says.
    pub second: Option<SecondMeasure>,
    pub comment: bool,
    pub links: bool,
    pub metadata: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TierScore {
    pub score: Option<Score>,
    pub fill: Option<Fill>,
}

/// A score or a colour of another layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SecondMeasure {
    pub score: Option<Score>,
    pub fill: Fill,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    pub color: [u8; 3],
    pub ink: Ink,
}

/// What is behind the tactics: `--bg` of the style.
fn ground(theme: Theme) -> [u8; 3] {
    match theme {
        Theme::Light => [0xf4, 0xf5, 0xf8],
        Theme::Dark => [0x0e, 0x11, 0x16],
    }
}

/// The background of the tactic row, if the layer shows one. Mini layouts have none (`MC` 103 of Navigator 5.1.0), and
/// what is no colour paints nothing.
pub fn tactic_fill(display: &Display, theme: Theme) -> Option<Fill> {
    if !display.show_tactic_row_background || display.layout == LayoutKind::Mini {
        return None;
    }
    let color = Color::parse(&display.tactic_row_background).ok()?;
    Some(Fill::of(color.over(ground(theme))))
}

/// How much of its colour a secondary place keeps.
fn secondary_share(theme: Theme) -> f32 {
    match theme {
        Theme::Light => 0.5,
        Theme::Dark => 0.38,
    }
}

/// What is behind a cell without colour: `--cell` of the style.
fn surface(theme: Theme) -> [u8; 3] {
    match theme {
        Theme::Light => [0xff, 0xff, 0xff],
        Theme::Dark => [0x1b, 0x21, 0x2a],
    }
}

/// A cell and where it stands.
pub struct Standing<'a> {
    pub kind: MatrixKind,
    pub cell: &'a Cell,
    pub key: &'a Key,
    /// The sub-techniques that an aggregate is about.
    pub family: &'a [Key],
}

/// What the cell of a technique in a tactic shows.
pub fn cell_view(layer: &Layer, selection: &Selection, look: Look, at: &Standing) -> CellView {
    let Standing { kind, cell, key, family } = at;
    if cell.place == Place::Heading {
        return CellView::plain();
    }
    let apart = layer.tier_scoring != TierScoring::Together;
    let tier = kind.tier().filter(|_| apart);
    let entry = layer.annotations.about(key);
    let mark = entry.map_or(Cow::Owned(Mark::default()), |entry| layer.mark_of(entry, tier));
    let aggregate = layer.aggregated(mark.score, family, tier);
    let says = |has: fn(&Entry) -> bool| entry.is_some_and(has);
    CellView {
        selected: selection.covers(key, kind.tier()),
        score: mark.score,
        unwritten: layer.display.layout == LayoutKind::Mini,
        aggregate,
        by_tier: entry
            .filter(|_| *kind == MatrixKind::Unified && apart)
            .and_then(|entry| by_tier(layer, entry, look.switches)),
        enabled: mark.enabled,
        fill: fill(layer, &mark, aggregate, cell.place, look),
        second: None,
        comment: !mark.comment.is_empty(),
        links: says(|entry| !entry.links.is_empty()),
        metadata: says(|entry| !entry.metadata.is_empty()),
    }
}

/// What another layer says of the same technique in the same tactic: its score, and its colour for it.
pub fn second_measure(layer: &Layer, look: Look, at: &Standing) -> Option<SecondMeasure> {
    if at.cell.place == Place::Heading {
        return None;
    }
    let tier = at.kind.tier().filter(|_| layer.tier_scoring != TierScoring::Together);
    let mark = layer.mark_of(layer.annotations.about(at.key)?, tier);
    let fill = fill(layer, &mark, None, Place::Full, look)?;
    Some(SecondMeasure { score: mark.score, fill })
}

impl CellView {
    fn plain() -> Self {
        Self {
            selected: false,
            score: None,
            unwritten: false,
            aggregate: None,
            by_tier: None,
            enabled: true,
            fill: None,
            second: None,
            comment: false,
            links: false,
            metadata: false,
        }
    }

    /// What the eye sees in the cell beside its text, for those who hear it.
    pub fn words(&self, technique: &Technique, place: Place) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        if let Some(score) = self.score.filter(|_| self.unwritten) {
            words.push(format!("score {score}"));
        }
        if let Some(aggregate) = self.aggregate {
            words.push(format!("aggregate {aggregate}"));
        }
        if let Some(second) = self.second.and_then(|second| second.score) {
            words.push(format!("second layer {second}"));
        }
        match place {
            Place::Heading => words.push("heading of its sub-techniques".to_owned()),
            Place::Secondary => words.push("secondary here".to_owned()),
            Place::Full => {}
        }
        if technique.seen_against_containers() {
            words.push("seen in the wild".to_owned());
        }
        if let Some([orchestration, container]) = self.by_tier {
            words.push(format!("orchestration {}", score_words(orchestration.score)));
            words.push(format!("container {}", score_words(container.score)));
        }
        let signs = [
            (!self.enabled, "disabled"),
            (self.comment, "has a comment"),
            (self.links, "has links"),
            (self.metadata, "has metadata"),
        ];
        words.extend(signs.into_iter().filter(|(is, _)| *is).map(|(_, sign)| sign.to_owned()));
        (!words.is_empty()).then(|| words.join(", "))
    }
}

fn score_words(score: Option<Score>) -> String {
    score.map_or_else(|| "not scored".to_owned(), |score| score.to_string())
}

fn by_tier(layer: &Layer, entry: &Entry, switches: Switches) -> Option<[TierScore; 2]> {
    let Marks::ByTier { .. } = entry.marks else { return None };
    let of = |tier: Tier| {
        let mark = entry.marks.of(tier);
        let score = mark.score.filter(|_| mark.enabled);
        let colored = score.filter(|_| switches.has(Switch::ScoreColor));
        TierScore { score, fill: colored.map(|score| Fill::of(layer.gradient.color_of(score))) }
    };
    Some([of(Tier::Orchestration), of(Tier::Container)])
}

/// As [`Layer::color_of`], of the colours that are switched on: `CELL` 176 of Navigator 5.1.0.
fn fill(layer: &Layer, mark: &Mark, aggregate: Option<Score>, place: Place, look: Look) -> Option<Fill> {
    if !mark.enabled {
        return None;
    }
    let Look { theme, switches } = look;
    let by_hand = mark.color.as_ref().filter(|_| switches.has(Switch::BackgroundColor));
    let own = mark.score.filter(|_| switches.has(Switch::ScoreColor));
    let score = aggregate.filter(|_| switches.has(Switch::AggregateColor)).or(own);
    let color = layer.color_from(by_hand, score, surface(theme))?;
    let share = if place == Place::Secondary { secondary_share(theme) } else { 1.0 };
    Some(Fill::of(mixed(color, surface(theme), share)))
}

impl Fill {
    fn of(color: [u8; 3]) -> Self {
        Self { color, ink: Ink::on(color) }
    }

    pub fn css(self) -> String {
        let [red, green, blue] = self.color;
        format!("rgb({red} {green} {blue})")
    }
}

fn mixed(color: [u8; 3], behind: [u8; 3], share: f32) -> [u8; 3] {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    std::array::from_fn(|at| {
        let (color, behind) = (f32::from(color[at]), f32::from(behind[at]));
        (color * share + behind * (1.0 - share)).round() as u8
    })
}

/// The tiers in which a technique stands, as the cell's stripe shows them; nothing for an unassigned one.
pub fn tier_words(technique: &Technique) -> Option<&'static str> {
    technique.tier.as_ref().map(|assignment| assignment.tiers.words())
}

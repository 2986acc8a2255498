//! A briefing: each open layer is a slide, with the steps in which it is shown and what is said with them. What a slide says
//! of itself is kept in its layer, so that it is saved, undone and exported with it. How a step looks is the app's.

use super::{Key, Layer, Mark, Marks, Representation, TierScoring};
use crate::{
    attack::{TacticName, TechniqueId, Tier},
    order,
};
use std::sync::Arc;

/// So many steps can be chosen for a slide.
pub const MOST_STEPS: usize = 40;
/// The longest note, in bytes.
pub const LONGEST_NOTE: usize = 8_000;
/// So many techniques can be chosen for a step.
pub const MOST_CHOSEN: usize = 200;

/// What a layer says of itself as a slide.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slide {
    /// Its place among the slides, from 1. Those without one follow, in the order of the open layers.
    pub place: Option<u16>,
    /// It is no part of the briefing.
    pub left_out: bool,
    /// For the presenter, with every step.
    pub notes: Arc<str>,
    /// None stands for the usual ones: see [`Slide::shown`].
    pub steps: Arc<[Step]>,
}

/// Something to show of a layer, and what is said with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub show: Show,
    pub notes: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Show {
    /// All of it, laid out so.
    Whole(Representation),
    /// Tactic by tactic: one is in the light, the rest is dimmed.
    Tactics,
    Tactic(TacticName),
    /// One by one, with what is said of them. None chosen stands for all that have a comment.
    Techniques(Vec<TechniqueId>),
}

/// What is seen at a moment of the briefing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shot {
    /// Which of the slides, in their order.
    pub slide: usize,
    /// Which of its steps.
    pub step: usize,
    pub representation: Representation,
    pub light: Light,
}

/// What the light is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Light {
    All,
    Tactic(TacticName),
    Technique(TechniqueId),
}

/// What of a bundle the steps of a layer go through.
#[derive(Debug, Clone, Default)]
pub struct Scenery {
    /// Those with techniques, in the order of the matrix.
    pub tactics: Vec<TacticName>,
    /// Each once, in the order of the matrix.
    pub techniques: Vec<TechniqueId>,
}

impl Show {
    /// As a file has it: `split`, `tactic execution`, `techniques T1610 T1611`.
    pub fn words(&self) -> String {
        match self {
            Self::Whole(representation) => representation.word().to_owned(),
            Self::Tactics => "tactics".to_owned(),
            Self::Tactic(name) => format!("tactic {}", name.as_str()),
            Self::Techniques(ids) => {
                ids.iter().fold("techniques".to_owned(), |words, id| format!("{words} {}", id.as_str()))
            }
        }
    }

    /// What [`Show::words`] wrote.
    pub fn from_words(words: &str) -> Option<Self> {
        if let Some(representation) = Representation::from_word(words) {
            return Some(Self::Whole(representation));
        }
        let (head, rest) = words.split_once(' ').unwrap_or((words, ""));
        match (head, rest) {
            ("tactics", "") => Some(Self::Tactics),
            ("tactic", name) => TacticName::parse(name).ok().map(Self::Tactic),
            ("techniques", ids) => {
                let ids: Option<Vec<TechniqueId>> =
                    ids.split_whitespace().map(|id| TechniqueId::parse(id).ok()).collect();
                ids.filter(|ids| ids.len() <= MOST_CHOSEN).map(Self::Techniques)
            }
            _ => None,
        }
    }
}

impl Step {
    pub fn of(show: Show) -> Self {
        Self { show, notes: String::new() }
    }

    /// As a file has it: what is shown, and the notes from the second line on.
    pub fn text(&self) -> String {
        let words = self.show.words();
        if self.notes.is_empty() { words } else { format!("{words}\n{}", self.notes) }
    }

    /// What [`Step::text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        let (words, notes) = text.split_once('\n').map_or((text, None), |(words, notes)| (words, Some(notes)));
        let fits = notes.is_none_or(|notes| !notes.is_empty() && notes.len() <= LONGEST_NOTE);
        let show = Show::from_words(words).filter(|show| fits && show.words() == words)?;
        Some(Self { show, notes: notes.unwrap_or_default().to_owned() })
    }
}

impl Slide {
    /// Place, whether it is left out, and notes, as a file has them; `None` where all is as usual.
    pub fn text(&self) -> Option<String> {
        if self.place.is_none() && !self.left_out && self.notes.is_empty() {
            return None;
        }
        let place = self.place.map_or_else(|| "anywhere".to_owned(), |place| place.to_string());
        let left_out = if self.left_out { ", left out" } else { "" };
        let notes = if self.notes.is_empty() { String::new() } else { format!("\n{}", self.notes) };
        Some(format!("{place}{left_out}{notes}"))
    }

    /// What [`Slide::text`] wrote, without steps.
    pub fn from_text(text: &str) -> Option<Self> {
        let (head, notes) = text.split_once('\n').unwrap_or((text, ""));
        let (place, left_out) = head.strip_suffix(", left out").map_or((head, false), |place| (place, true));
        let place = if place == "anywhere" { None } else { Some(place.parse().ok()?) };
        let slide = Self { place, left_out, notes: notes.into(), steps: Arc::default() };
        (notes.len() <= LONGEST_NOTE && slide.text().as_deref() == Some(text)).then_some(slide)
    }

    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The steps in which a layer is shown: the chosen ones, or else all of it, then split, then tactic by tactic, then the
    /// techniques that have a comment. A layer that shows one tier alone stays with it.
    pub fn shown(&self, display: Representation) -> Vec<Step> {
        if !self.steps.is_empty() {
            return self.steps.to_vec();
        }
        let whole: &[Representation] = match display {
            Representation::Unified | Representation::Split => &[Representation::Unified, Representation::Split],
            Representation::Alone(Tier::Orchestration) => &[Representation::Alone(Tier::Orchestration)],
            Representation::Alone(Tier::Container) => &[Representation::Alone(Tier::Container)],
        };
        let shows = whole.iter().map(|representation| Show::Whole(*representation));
        shows.chain([Show::Tactics, Show::Techniques(Vec::new())]).map(Step::of).collect()
    }
}

impl Scenery {
    /// The techniques of a step: the chosen ones, or those that the layer has a comment on.
    fn chosen(&self, layer: &Layer, ids: &[TechniqueId]) -> Vec<TechniqueId> {
        if ids.is_empty() {
            let commented = |id: &&TechniqueId| {
                layer.annotations.iter().any(|entry| entry.key.technique == **id && entry.marks.has_comment())
            };
            return self.techniques.iter().filter(commented).take(MOST_CHOSEN).cloned().collect();
        }
        ids.iter().filter(|id| self.techniques.contains(id)).cloned().collect()
    }
}

/// What a layer says of a technique: once for all tactics and tiers of which it says the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub tactics: Vec<TacticName>,
    /// `None`: both.
    pub tier: Option<Tier>,
    pub mark: Mark,
}

/// In the order of the tactics; what says nothing is left out.
pub fn said(layer: &Layer, technique: &TechniqueId, tactics: &[TacticName]) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    for tactic in tactics {
        let Some(entry) = layer.annotations.about(&Key::new(technique.clone(), tactic.clone())) else { continue };
        let apart = layer.tier_scoring != TierScoring::Together && matches!(entry.marks, Marks::ByTier { .. });
        let tiers: &[Option<Tier>] = if apart { &[Some(Tier::Orchestration), Some(Tier::Container)] } else { &[None] };
        for tier in tiers {
            let mark = layer.mark_of(entry, *tier).into_owned();
            match all.iter_mut().find(|said| said.tier == *tier && said.mark == mark) {
                Some(said) => said.tactics.push(tactic.clone()),
                None if mark.is_annotated() => all.push(Said { tactics: vec![tactic.clone()], tier: *tier, mark }),
                None => {}
            }
        }
    }
    all
}

/// Which layers are shown, in which order: by their places, and then as they stand.
pub fn slides<'a>(layers: impl Iterator<Item = &'a Slide>) -> Vec<usize> {
    let mut all: Vec<(u32, usize)> = layers
        .enumerate()
        .filter(|(_, slide)| !slide.left_out)
        .map(|(at, slide)| (slide.place.map_or(u32::MAX, u32::from), at))
        .collect();
    order::sort_by_key(&mut all, |slide| *slide);
    all.into_iter().map(|(_, at)| at).collect()
}

/// What is seen of a slide, one after the other. The light falls on the matrix as the step before had it; what the bundle
/// doesn't have is left out.
pub fn shots(slide: usize, layer: &Layer, scenery: &Scenery) -> Vec<Shot> {
    let mut representation = layer.display.representation;
    let mut shots = Vec::new();
    for (step, Step { show, .. }) in layer.slide.shown(representation).into_iter().enumerate() {
        let lights: Vec<Light> = match show {
            Show::Whole(kind) => {
                representation = kind;
                vec![Light::All]
            }
            Show::Tactics => scenery.tactics.iter().cloned().map(Light::Tactic).collect(),
            Show::Tactic(name) => scenery.tactics.contains(&name).then_some(Light::Tactic(name)).into_iter().collect(),
            Show::Techniques(ids) => scenery.chosen(layer, &ids).into_iter().map(Light::Technique).collect(),
        };
        shots.extend(lights.into_iter().map(|light| Shot { slide, step, representation, light }));
    }
    if shots.is_empty() {
        shots.push(Shot { slide, step: 0, representation: layer.display.representation, light: Light::All });
    }
    shots
}

/// Where a slide begins.
pub fn start_of(shots: &[Shot], slide: usize) -> Option<usize> {
    shots.iter().position(|shot| shot.slide == slide)
}

/// The first shot of the next slide; the last shot of all where there is none.
pub fn next_slide(shots: &[Shot], at: usize) -> usize {
    let slide = shots.get(at).map_or(0, |shot| shot.slide);
    shots.iter().position(|shot| shot.slide > slide).unwrap_or(shots.len().saturating_sub(1))
}

/// The first shot of this slide; where it is shown, that of the slide before.
pub fn previous_slide(shots: &[Shot], at: usize) -> usize {
    let slide = shots.get(at).map_or(0, |shot| shot.slide);
    match start_of(shots, slide) {
        Some(start) if start < at => start,
        _ => slide.checked_sub(1).and_then(|before| start_of(shots, before)).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests;

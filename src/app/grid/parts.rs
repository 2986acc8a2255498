//! The elements of a cell and of a tactic's header, made once and then only changed.
//! When they change is the painter's.

use super::{
    counts::ColumnCount,
    view::{CellView, SecondMeasure, TierScore},
};
use crate::{
    app::{
        choice::counted,
        dom::{el, set_or_remove},
    },
    attack::{Tactic, Technique, Tier},
    layer::{Coverage, Ink, Score},
    matrix::{Cell, MatrixKind, Place, Spot},
};
use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, Element, HtmlElement, Text};

/// A cell in the page.
pub struct CellPart {
    pub element: HtmlElement,
    style: CssStyleDeclaration,
    marks: Element,
    score: ScorePart,
    /// What it was made for; a cell of which this changed is made anew.
    pub made_for: Cell,
    view: Option<CellView>,
}

/// A tactic's header in the page.
pub struct HeaderPart {
    pub element: Element,
    count: Element,
    meters: [HtmlElement; 2],
    shown: Option<ColumnCount>,
}

pub fn element(tag: &str, class: &str) -> HtmlElement {
    el(tag, class).node().clone()
}

pub fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

fn append(parent: &Element, child: &Element) {
    let _ = parent.append_child(child);
}

/// What all cells have in common.
struct Bare {
    root: HtmlElement,
    top: Element,
    id: Element,
    marks: Element,
    score: Element,
    name: Element,
}

impl Bare {
    fn made() -> HtmlElement {
        let (root, top) = (element("div", "cell"), element("span", "cell-top"));
        set(&root, "role", "gridcell");
        set(&root, "tabindex", "-1");
        for part in ["cell-id", "cell-marks", "cell-score"] {
            append(&top, &element("span", part));
        }
        for part in [&element("span", "cell-stripe"), &top, &element("span", "cell-name")] {
            append(&root, part);
        }
        root
    }

    /// The browser copies it in one go, which is a fraction of the work of making it.
    fn copy() -> Self {
        thread_local!(static FIRST: HtmlElement = Bare::made());
        let copy = FIRST.with(|first| first.clone_node_with_deep(true));
        #[allow(clippy::expect_used)] // it has all parts
        Self::of(copy.map_or_else(|_| Self::made(), JsCast::unchecked_into)).expect("a cell's parts")
    }

    fn of(root: HtmlElement) -> Option<Self> {
        let name = root.last_element_child()?;
        let top = name.previous_element_sibling()?;
        let id = top.first_element_child()?;
        let marks = id.next_element_sibling()?;
        let score = marks.next_element_sibling()?;
        Some(Self { root, top, id, marks, score, name })
    }
}

impl CellPart {
    pub fn new(cell: &Cell, technique: &Technique, tactic: &str) -> Self {
        let Bare { root, top, id, marks, score, name } = Bare::copy();
        set(&root, "data-technique", technique.id.as_str());
        set(&root, "data-tactic", tactic);
        set_or_remove(&root, "data-parent", cell.parent.as_ref().map(|parent| parent.as_str()));
        set_or_remove(&root, "data-place", place_word(cell.place));
        id.set_text_content(Some(technique.id.as_str()));
        if technique.seen_against_containers() {
            let wild = element("span", "cell-wild");
            set(&wild, "title", "Seen in the wild against containers");
            // Its description says so.
            set(&wild, "aria-hidden", "true");
            let _ = top.insert_before(&wild, Some(&marks));
        }
        if let Some(subtechniques) = cell.subtechniques.filter(|s| !s.fixed) {
            let toggle = element("span", "cell-toggle");
            set(&toggle, "data-action", "toggle-subtechniques");
            let word = if subtechniques.open { "Hide" } else { "Show" };
            set(&toggle, "title", &format!("{word} {} sub-techniques", subtechniques.count));
            toggle.set_text_content(Some(&subtechniques.count.to_string()));
            set(&toggle, "aria-hidden", "true");
            append(&top, &toggle);
            set(&root, "aria-expanded", if subtechniques.open { "true" } else { "false" });
        }
        name.set_text_content(Some(&technique.name));
        let style = root.style();
        let score = ScorePart::new(score);
        Self { element: root, style, marks, score, made_for: cell.clone(), view: None }
    }

    /// Without text to be seen, it says what it is to those who hear it.
    pub fn name(&self, technique: &Technique, has_text: bool) {
        let name = (!has_text).then(|| format!("{} {}", technique.id, technique.name));
        set_or_remove(&self.element, "aria-label", name.as_deref());
    }

    /// Where it stands in a column of two.
    pub fn stand(&self, spot: Spot) {
        let _ = self.style.set_property("--row", &spot.line.to_string());
        let _ = self.style.set_property("--rows", &spot.lines.to_string());
        set_or_remove(&self.element, "data-beside", spot.beside.then_some(""));
    }

    /// Shows the view; touches only what differs from the one that is shown.
    pub fn show(&mut self, view: CellView, technique: &Technique) {
        if self.view.as_ref() == Some(&view) {
            return;
        }
        let before = self.view.replace(view.clone());
        let differs = |part: fn(&CellView, &CellView) -> bool| before.as_ref().is_none_or(|before| part(before, &view));
        let root: &Element = &self.element;
        if differs(|a, b| a.selected != b.selected) {
            set(root, "aria-selected", if view.selected { "true" } else { "false" });
        }
        if !differs(|a, b| CellView { selected: b.selected, ..a.clone() } != *b) {
            return;
        }
        set_or_remove(root, "aria-description", view.words(technique, self.made_for.place).as_deref());
        let plain = |score: Score| score.to_json().to_string();
        if differs(|a, b| a.score != b.score) {
            set_or_remove(root, "data-score", view.score.map(plain).as_deref());
        }
        if differs(|a, b| a.by_tier != b.by_tier) {
            let of = |tier: usize| view.by_tier.and_then(|tiers| tiers[tier].score).map(plain);
            set_or_remove(root, "data-score-orchestration", of(0).as_deref());
            set_or_remove(root, "data-score-container", of(1).as_deref());
        }
        if differs(|a, b| a.aggregate != b.aggregate) {
            set_or_remove(root, "data-aggregate", view.aggregate.map(plain).as_deref());
        }
        if differs(|a, b| (a.score, a.aggregate, a.by_tier) != (b.score, b.aggregate, b.by_tier)) {
            self.score.show(&view);
        }
        if differs(|a, b| a.second != b.second) {
            self.show_second(view.second);
        }
        if differs(|a, b| a.fill.map(|fill| fill.color) != b.fill.map(|fill| fill.color)) {
            let _ = match view.fill {
                Some(fill) => self.style.set_property("--fill", &fill.css()),
                None => self.style.remove_property("--fill").map(drop),
            };
        }
        if differs(|a, b| a.fill.map(|fill| fill.ink) != b.fill.map(|fill| fill.ink)) {
            set_or_remove(root, "data-ink", view.fill.map(|fill| ink_word(fill.ink)));
        }
        if differs(|a, b| a.enabled != b.enabled) {
            set_or_remove(root, "data-enabled", (!view.enabled).then_some("false"));
        }
        if differs(|a, b| (a.comment, a.links, a.metadata) != (b.comment, b.links, b.metadata)) {
            let marks: String = [(view.comment, "c"), (view.links, "l"), (view.metadata, "m")]
                .into_iter()
                .filter_map(|(is, word)| is.then_some(word))
                .collect();
            set_or_remove(&self.marks, "data-marks", (!marks.is_empty()).then_some(marks.as_str()));
        }
    }

    /// Another layer's score along the lower edge, made where there is one.
    fn show_second(&self, second: Option<SecondMeasure>) {
        let there = self.element.query_selector(".cell-second").ok().flatten();
        let Some(second) = second else {
            set_or_remove(&self.element, "data-second-score", None);
            return there.map_or((), |there| there.remove());
        };
        let strip = there.and_then(|there| there.dyn_into::<HtmlElement>().ok()).unwrap_or_else(|| {
            let strip = element("span", "cell-second");
            set(&strip, "aria-hidden", "true");
            append(&self.element, &strip);
            strip
        });
        strip.set_text_content(second.score.map(|score| score.to_string()).as_deref());
        set_or_remove(
            &self.element,
            "data-second-score",
            second.score.map(|score| score.to_json().to_string()).as_deref(),
        );
        let _ = strip.style().set_property("--fill", &second.fill.css());
        set(&strip, "data-ink", ink_word(second.fill.ink));
    }
}

/// The numbers in a cell: one, or one for each tier.
struct ScorePart {
    element: Element,
    /// The number as text, once there was one: changing its data is less work than putting another in its place.
    text: Option<Text>,
    kind: ScoreKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScoreKind {
    Own,
    Aggregate,
    Pair,
}

impl ScorePart {
    fn new(element: Element) -> Self {
        Self { element, text: None, kind: ScoreKind::Own }
    }

    fn show(&mut self, view: &CellView) {
        let kind = match (view.aggregate, view.by_tier) {
            (Some(_), _) => ScoreKind::Aggregate,
            (None, Some(_)) => ScoreKind::Pair,
            (None, None) => ScoreKind::Own,
        };
        if self.kind != kind {
            self.kind = kind;
            let is = |shown: bool| shown.then_some("");
            set_or_remove(&self.element, "data-pair", is(kind == ScoreKind::Pair));
            set_or_remove(&self.element, "data-aggregated", is(kind == ScoreKind::Aggregate));
            // What is more than the score itself is said in the cell's description.
            set_or_remove(&self.element, "aria-hidden", (kind != ScoreKind::Own).then_some("true"));
        }
        match view.by_tier.filter(|_| kind == ScoreKind::Pair) {
            Some(tiers) => self.write_pair(tiers),
            None => self.write(&view.aggregate.or(view.score).map(|score| score.to_string()).unwrap_or_default()),
        }
    }

    fn write(&mut self, words: &str) {
        if let Some(text) = &self.text {
            return text.set_data(words);
        }
        self.element.set_text_content(Some(words));
        self.text = self.element.first_child().and_then(|text| text.dyn_into().ok());
    }

    fn write_pair(&mut self, tiers: [TierScore; 2]) {
        self.text = None;
        self.element.set_text_content(None);
        for (tier, part) in Tier::ALL.into_iter().zip(tiers) {
            let value = element("i", "cell-value");
            value.set_text_content(Some(&part.score.map_or_else(|| "–".to_owned(), |score| score.to_string())));
            set(&value, "title", &format!("{} tier", tier.word()));
            if let Some(fill) = part.fill {
                let _ = value.style().set_property("--fill", &fill.css());
                set(&value, "data-ink", ink_word(fill.ink));
            }
            append(&self.element, &value);
        }
    }
}

impl HeaderPart {
    pub fn new(tactic: &Tactic) -> Self {
        let root = element("div", "tactic");
        set(&root, "role", "columnheader");
        set(&root, "data-tactic", tactic.short_name.as_str());
        let name = element("span", "tactic-name");
        name.set_text_content(Some(&tactic.name));
        set(&name, "title", &format!("{} {}", tactic.id, tactic.name));
        let count = element("span", "tactic-count");
        let meters = Tier::ALL.map(|tier| {
            let meter = element("span", "tactic-meter");
            set(&meter, "data-tier", tier.word());
            meter
        });
        for part in [&name, &count, &meters[0], &meters[1]] {
            append(&root, part);
        }
        Self { element: root.into(), count: count.into(), meters, shown: None }
    }

    pub fn show(&mut self, count: ColumnCount) {
        if self.shown == Some(count) {
            return;
        }
        self.shown = Some(count);
        let ColumnCount { techniques: count, coverages } = count;
        let percent = |coverage: Coverage| coverage.percent().unwrap_or(0);
        self.count.set_text_content(Some(&counted(count)));
        for ((tier, meter), coverage) in Tier::ALL.into_iter().zip(&self.meters).zip(coverages) {
            let _ = meter.style().set_property("--covered", &format!("{}%", percent(coverage)));
            let covered = format!("{}: {} of {} covered", tier.word(), coverage.covered, coverage.of);
            set(meter, "title", &covered);
        }
    }
}

pub fn matrix_title(kind: MatrixKind) -> &'static str {
    match kind {
        MatrixKind::Unified => "Unified matrix",
        MatrixKind::Tier(Tier::Orchestration) => "Orchestration matrix",
        MatrixKind::Tier(Tier::Container) => "Container matrix",
    }
}

fn place_word(place: Place) -> Option<&'static str> {
    match place {
        Place::Full => None,
        Place::Secondary => Some("secondary"),
        Place::Heading => Some("heading"),
    }
}

pub fn ink_word(ink: Ink) -> &'static str {
    match ink {
        Ink::Dark => "dark",
        Ink::Light => "light",
    }
}

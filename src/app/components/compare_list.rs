//! The list of a comparison: each difference with what both sides say, and which of it is taken.

use super::compare_dialog::{Comparing, pick};
use crate::{
    app::{
        browser,
        dom::{El, button, el},
    },
    attack::Knowledge,
    layer::{Comparison, Difference, Setting, Side, State, tactic_words},
};
use leptos::prelude::*;
use std::{ops::Range, rc::Rc, sync::Arc};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

/// How many differences are listed unless more are asked for.
const MOST_LISTED: usize = 60;

/// How many of them are put into the page in one go: more than are in sight.
const PORTION: usize = 20;

/// What the names of a line's choices begin with; its place comes after that.
const PICK: &str = "compare-pick-";

/// The sides that can be taken, and the value of each choice.
const CHOICES: [(Option<Side>, &str); 3] =
    [(None, "both"), (Some(Side::Mine), "first"), (Some(Side::Theirs), "second")];

/// Which annotations are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    Differing,
    Conflicts,
    Of(State),
}

impl Listing {
    pub fn has(self, difference: &Difference) -> bool {
        match self {
            Self::Differing => difference.state != State::Equal,
            Self::Conflicts => difference.is_conflict(),
            Self::Of(state) => difference.state == state,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Differing => "differing",
            Self::Conflicts => "conflicts",
            Self::Of(State::Added) => "added",
            Self::Of(State::Removed) => "removed",
            Self::Of(State::Changed) => "changed",
            Self::Of(State::Equal) => "equal",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Differing => "All differences",
            Self::Conflicts => "Conflicts",
            Self::Of(State::Added) => "Only in the second",
            Self::Of(State::Removed) => "Only in the first",
            Self::Of(State::Changed) => "In both, differently",
            Self::Of(State::Equal) => "Equal",
        }
    }
}

/// The annotations that are listed now.
pub fn list(comparing: Comparing, comparison: &Arc<Comparison>, knowledge: &Arc<Knowledge>) -> Vec<El> {
    let listing = comparing.listing.get();
    let all = comparison.annotations.iter().enumerate();
    let found: Vec<usize> = all.filter(|(_, it)| listing.has(it)).map(|(at, _)| at).collect();
    if found.is_empty() {
        return vec![el("p", "muted").text("No annotations to list here.")];
    }
    let rest = found.len().saturating_sub(MOST_LISTED);
    let listed = Rc::new(Listed { comparing, comparison: comparison.clone(), knowledge: knowledge.clone(), found });
    let picked = listed.clone();
    let lines = el("ul", "compare-list").attr("tabindex", "0").attr("aria-label", listing.words());
    let lines = lines.on("change", move |event| picked.pick(&event));
    listed.clone().fill(lines.clone(), 0..MOST_LISTED);
    let mut parts = vec![lines.clone()];
    if rest > 0 {
        let more = button("button").text(&format!("List {rest} more"));
        let own = more.node().clone();
        parts.push(more.on_click(move || {
            listed.clone().fill(lines.clone(), MOST_LISTED..usize::MAX);
            own.remove();
        }));
    }
    parts
}

/// What is listed.
struct Listed {
    comparing: Comparing,
    comparison: Arc<Comparison>,
    knowledge: Arc<Knowledge>,
    /// Places in the comparison.
    found: Vec<usize>,
}

impl Listed {
    /// Puts lines into the list: at once what is in sight, and the rest in portions, each after the browser has shown the one
    /// before.
    fn fill(self: Rc<Self>, lines: El, which: Range<usize>) {
        let end = which.end.min(self.found.len());
        let middle = end.min(which.start + PORTION);
        let lines = lines.children((which.start..middle).filter_map(|place| self.line(place)));
        if middle < end {
            browser::after_showing(move || {
                if lines.node().is_connected() {
                    self.fill(lines, middle..end);
                }
            });
        }
    }

    fn difference(&self, place: usize) -> Option<&Difference> {
        self.comparison.annotations.get(*self.found.get(place)?)
    }

    /// What was chosen in one of the lines.
    fn pick(&self, event: &Event) {
        let Some((name, side)) = chosen(event) else { return };
        let place = name.strip_prefix(PICK).and_then(|place| place.parse().ok());
        let Some(difference) = place.and_then(|place| self.difference(place)) else { return };
        self.comparing.picks.update(|picks| pick(picks, &difference.key, side));
    }

    fn line(&self, place: usize) -> Option<El> {
        let difference = self.difference(place)?;
        let (key, knowledge) = (&difference.key, self.knowledge.as_ref());
        let name = knowledge.technique(&key.technique).map_or("", |technique| technique.name.as_str());
        let tactic = key.tactic.as_ref().map_or_else(|| "all tactics".to_owned(), |it| tactic_words(it, knowledge));
        let title = el("div", "compare-title").children([
            el("span", "list-id").text(key.technique.as_str()),
            el("b", "").text(name),
            el("span", "muted").text(&format!("in {tactic}")),
        ]);
        let line = el("li", "compare-line").attr("data-difference", key.technique.as_str()).child(&title);
        if difference.fields.is_empty() {
            return Some(line);
        }
        let fields = difference.fields.iter().map(|field| {
            let said = |words: &Option<String>| el("td", "").text(words.as_deref().unwrap_or("–"));
            let row = el("tr", "").child(&el("th", "").attr("scope", "row").text(&field.field.title()));
            let row = row.child(&said(&field.mine)).child(&said(&field.theirs));
            if field.conflict { row.attr("data-conflict", "") } else { row }
        });
        let head = ["Value", "First", "Second"].map(|words| el("th", "").attr("scope", "col").text(words));
        let head = el("tr", "compare-columns").children(head);
        let table = el("table", "compare-fields").attr("aria-label", &format!("{} in {tactic}", key.technique));
        let table = table.child(&el("tbody", "").child(&head).children(fields));
        let own = self.comparing.picks.with_untracked(|picks| picks.annotations.get(key).copied());
        let undecided = if difference.is_conflict() { "Not decided" } else { "Both" };
        let label = format!("What to take of {} in {tactic}", key.technique);
        Some(line.child(&table).child(&choices(&label, &format!("{PICK}{place}"), "pick", undecided, own)))
    }
}

/// What differs in the layers themselves.
pub fn setting_lines(comparing: Comparing, comparison: &Comparison) -> Vec<El> {
    if comparison.settings.is_empty() {
        return Vec::new();
    }
    let lines = comparison.settings.iter().map(|(setting, conflict)| setting_line(comparing, *setting, *conflict));
    let summary = el("summary", "").text(&format!("Settings that differ ({})", comparison.settings.len()));
    vec![el("details", "upgrade-more").child(&summary).child(&el("ul", "compare-settings").children(lines))]
}

fn setting_line(comparing: Comparing, setting: Setting, conflict: bool) -> El {
    let own = comparing.picks.with_untracked(|picks| picks.settings.get(&setting).copied());
    let undecided = if conflict { "Not decided" } else { "What was changed" };
    let title = setting.title();
    let choices = choices(title, &format!("compare-setting-{title}"), "pick-setting", undecided, own);
    let choices = choices.on("change", move |event| {
        let Some((_, side)) = chosen(&event) else { return };
        comparing.picks.update(|picks| {
            match side {
                Some(side) => picks.settings.insert(setting, side),
                None => picks.settings.remove(&setting),
            };
        });
    });
    el("li", "compare-line").child(&el("b", "").text(title)).child(&choices)
}

/// What can be taken of something in which both differ.
fn choices(label: &str, name: &str, field: &str, undecided: &str, own: Option<Side>) -> El {
    let choices = CHOICES.map(|(side, value)| {
        let words = match side {
            None => undecided,
            Some(Side::Mine) => "First",
            Some(Side::Theirs) => "Second",
        };
        let input = el("input", "").attr("type", "radio").attr("name", name);
        let input = input.attr("data-field", field).attr("value", value);
        input.node().unchecked_ref::<HtmlInputElement>().set_checked(own == side);
        el("label", "check").child(&input).child(&el("span", "").text(words))
    });
    el("div", "compare-picks").attr("role", "radiogroup").attr("aria-label", label).children(choices)
}

/// In which of such choices what was chosen.
fn chosen(event: &Event) -> Option<(String, Option<Side>)> {
    let input = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    let (side, _) = CHOICES.into_iter().find(|(_, value)| *value == input.value())?;
    Some((input.name(), side))
}

//! The list of a comparison: each difference with what both sides say, and which of it is taken.

use super::compare_dialog::{Comparing, pick};
use crate::{
    app::dom::{El, button, el},
    attack::Knowledge,
    layer::{Comparison, Difference, Setting, Side, State, tactic_words},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// How many differences are listed at once.
const MOST_LISTED: usize = 60;

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
pub fn list(comparing: Comparing, comparison: &Comparison, knowledge: &Knowledge) -> Vec<El> {
    let listing = comparing.listing.get();
    let found: Vec<&Difference> = comparison.annotations.iter().filter(|it| listing.has(it)).collect();
    if found.is_empty() {
        return vec![el("p", "muted").text("No annotations to list here.")];
    }
    let lines = found.iter().take(MOST_LISTED).enumerate().map(|(at, it)| line(comparing, at, it, knowledge));
    let lines = el("ul", "compare-list").attr("tabindex", "0").attr("aria-label", listing.words()).children(lines);
    let mut parts = vec![lines.clone()];
    if found.len() > MOST_LISTED {
        let rest: Vec<Difference> = found.iter().skip(MOST_LISTED).map(|it| Difference::clone(it)).collect();
        let knowledge = knowledge.clone();
        let more = button("button").text(&format!("List {} more", rest.len()));
        let own = more.node().clone();
        parts.push(more.on_click(move || {
            for (at, it) in rest.iter().enumerate() {
                let _ = lines.clone().child(&line(comparing, MOST_LISTED + at, it, &knowledge));
            }
            own.remove();
        }));
    }
    parts
}

fn line(comparing: Comparing, at: usize, difference: &Difference, knowledge: &Knowledge) -> El {
    let key = &difference.key;
    let name = knowledge.technique(&key.technique).map_or("", |technique| technique.name.as_str());
    let tactic = key.tactic.as_ref().map_or_else(|| "all tactics".to_owned(), |it| tactic_words(it, knowledge));
    let title = el("div", "compare-title").children([
        el("span", "list-id").text(key.technique.as_str()),
        el("b", "").text(name),
        el("span", "muted").text(&format!("in {tactic}")),
    ]);
    let fields = difference.fields.iter().map(|field| {
        let said = |words: &Option<String>| el("td", "").text(words.as_deref().unwrap_or("–"));
        let row = el("tr", "").child(&el("th", "").attr("scope", "row").text(&field.field.title()));
        let row = row.child(&said(&field.mine)).child(&said(&field.theirs));
        if field.conflict { row.attr("data-conflict", "") } else { row }
    });
    let line = el("li", "compare-line").attr("data-difference", key.technique.as_str()).child(&title);
    if difference.fields.is_empty() {
        return line;
    }
    let head = ["Value", "First", "Second"].map(|words| el("th", "").attr("scope", "col").text(words));
    let head = el("tr", "compare-columns").children(head);
    let table = el("table", "compare-fields").attr("aria-label", &format!("{} in {tactic}", key.technique));
    let table = table.child(&el("tbody", "").child(&head).children(fields));
    let own = comparing.picks.with_untracked(|picks| picks.annotations.get(key).copied());
    let choice = |side: Option<Side>, value: &str, words: &str| {
        let key = key.clone();
        let input = el("input", "")
            .attr("type", "radio")
            .attr("name", &format!("compare-pick-{at}"))
            .attr("data-field", "pick")
            .attr("value", value)
            .on("change", move |_| comparing.picks.update(|picks| pick(picks, &key, side)));
        input.node().unchecked_ref::<HtmlInputElement>().set_checked(own == side);
        el("label", "check").child(&input).child(&el("span", "").text(words))
    };
    let both = if difference.is_conflict() { "Not decided" } else { "Both" };
    let choices = el("div", "compare-picks")
        .attr("role", "radiogroup")
        .attr("aria-label", &format!("What to take of {} in {tactic}", key.technique))
        .children([
            choice(None, "both", both),
            choice(Some(Side::Mine), "first", "First"),
            choice(Some(Side::Theirs), "second", "Second"),
        ]);
    line.child(&table).child(&choices)
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
    let choice = |side: Option<Side>, words: &str| {
        let input = el("input", "")
            .attr("type", "radio")
            .attr("name", &format!("compare-setting-{}", setting.title()))
            .attr("data-field", "pick-setting")
            .on("change", move |_| {
                comparing.picks.update(|picks| {
                    match side {
                        Some(side) => picks.settings.insert(setting, side),
                        None => picks.settings.remove(&setting),
                    };
                });
            });
        input.node().unchecked_ref::<HtmlInputElement>().set_checked(own == side);
        el("label", "check").child(&input).child(&el("span", "").text(words))
    };
    let undecided = if conflict { "Not decided" } else { "What was changed" };
    let choices = el("div", "compare-picks").attr("role", "radiogroup").attr("aria-label", setting.title()).children([
        choice(None, undecided),
        choice(Some(Side::Mine), "First"),
        choice(Some(Side::Theirs), "Second"),
    ]);
    el("li", "compare-line").child(&el("b", "").text(setting.title())).child(&choices)
}

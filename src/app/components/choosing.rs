//! The dialogs that choose techniques: by their scores, or from a text that has their ids.

use super::{annotation::labelled, control::is_checked, dialogs::close};
use crate::{
    app::{
        choice::{self, ScoreRange, counted},
        dom::{El, button, derived, el, value_of},
        select::{self, How},
        state::App,
    },
    attack::{Knowledge, TechniqueId},
    import::{FoundIds, find_ids},
    layer::{Edit, Score},
};
use leptos::prelude::*;

/// How many ids are listed each way; the count says how many there are.
const LISTED: usize = 60;

/// The number in a field; empty is none, and what is no number is wrong.
fn number(text: RwSignal<String>) -> Result<Option<Score>, ()> {
    text.with(|text| if text.trim().is_empty() { Ok(None) } else { Score::parse(text).map(Some).ok_or(()) })
}

pub fn select_by_score(app: App) -> El {
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let unscored = RwSignal::new(false);
    let field = |name: &str, placeholder: &str, text: RwSignal<String>| {
        el("input", "")
            .attr("type", "text")
            .attr("inputmode", "decimal")
            .attr("autocomplete", "off")
            .attr("data-field", name)
            .attr("placeholder", placeholder)
            .has("aria-invalid", move || number(text).is_err().then(|| "true".to_owned()))
            .on("input", move |event| text.set(value_of(&event)))
    };
    let range = move || Some(ScoreRange { from: number(from).ok()?, to: number(to).ok()?, unscored: unscored.get() });
    let found = move |range: ScoreRange| {
        let layer = app.layer.get();
        let shown = app.matrices.with(|matrices| super::super::selection::shown(matrices, app.apart()));
        let all = choice::techniques(&shown);
        let chosen: Vec<_> = shown.into_iter().filter(|target| range.chooses(&layer, target)).collect();
        format!("{} of the {all} techniques shown", choice::techniques(&chosen))
    };
    let words = el("p", "muted")
        .attr("role", "status")
        .attr("data-found", "")
        .says(move || range().map_or_else(|| "Not a number".to_owned(), found));
    let check =
        el("input", "").attr("type", "checkbox").attr("data-field", "score-unscored").on("change", move |event| {
            unscored.set(is_checked(&event));
        });
    let choose = move |how: How| {
        if let Some(range) = untrack(range) {
            close(app);
            select::by_score(app, range, how);
        }
    };
    let ends = el("div", "two-fields").children([
        labelled("From", &field("score-from", "lowest", from).attr("autofocus", "")),
        labelled("To", &field("score-to", "highest", to)),
    ]);
    let label = el("label", "check").child(&check).child(&el("span", "").text("Also techniques without a score"));
    form(move || choose(How::Only)).children([
        ends,
        label,
        words,
        el("div", "dialog-actions").children([
            button("button").attr("data-action", "add").text("Add to selection").on_click(move || choose(How::Add)),
            submit("select", "Select"),
        ]),
    ])
}

pub fn paste_ids(app: App) -> El {
    let text = RwSignal::new(String::new());
    // A text may be a whole report: it is gone through once for all that ask.
    let found = derived(move || app.knowledge.with(|knowledge| text.with(|text| find_ids(text, knowledge))));
    let area = el("textarea", "")
        .attr("rows", "7")
        .attr("data-field", "ids")
        .attr("autofocus", "")
        .attr("spellcheck", "false")
        .attr("placeholder", "Any text that has ids: a report, a table, a rule's tags, addresses of technique pages")
        .on("input", move |event| text.set(value_of(&event)));
    let results = el("div", "found-ids").attr("aria-live", "polite").holds(move || {
        let knowledge = app.knowledge.get();
        if text.with(String::is_empty) { Vec::new() } else { found.with(|found| told(&knowledge, found)) }
    });
    let none = move || found.with(|found| found.known.is_empty());
    let score = el("input", "")
        .attr("type", "text")
        .attr("inputmode", "decimal")
        .attr("autocomplete", "off")
        .attr("data-field", "ids-score")
        .attr("aria-label", "Score for all of them")
        .attr("placeholder", "score");
    let value = RwSignal::new(String::new());
    let score = score.on("input", move |event| value.set(value_of(&event)));
    let choose = move |how: How| {
        if !untrack(none) {
            let found = found.get_untracked();
            close(app);
            select::techniques(app, &found.known, how);
        }
    };
    let give = move || {
        if let Ok(Some(score)) = untrack(|| number(value)) {
            let found = found.get_untracked();
            close(app);
            give_score(app, &found.known, score);
        }
    };
    let off = move |button: El, also: Box<dyn Fn() -> bool>| {
        button.has("disabled", move || (none() || also()).then(String::new))
    };
    let give = button("button").attr("data-action", "score").text("Score them").on_click(give);
    form(move || choose(How::Only)).children([
        labelled("Text", &area),
        results,
        el("div", "dialog-actions").children([
            score,
            off(give, Box::new(move || !matches!(number(value), Ok(Some(_))))),
            el("span", "grow"),
            off(
                button("button").attr("data-action", "add").text("Add to selection").on_click(move || choose(How::Add)),
                Box::new(|| false),
            ),
            off(submit("select", "Select"), Box::new(|| false)),
        ]),
    ])
}

/// What was named is selected too, so that it is seen what has the score.
fn give_score(app: App, ids: &[TechniqueId], score: Score) {
    select::techniques(app, ids, How::Only);
    app.edit(&Edit::Score(app.targets(), Some(score)));
}

fn told(knowledge: &Knowledge, found: &FoundIds) -> Vec<El> {
    let more = |all: usize| (all > LISTED).then(|| el("p", "muted").text(&format!("and {} more", all - LISTED)));
    let mut parts = vec![el("h3", "").attr("data-found", "").text(&match found.known.len() {
        0 => "No technique of this bundle".to_owned(),
        number => format!("{} found", counted(number)),
    })];
    let known = |id: &TechniqueId| {
        let name = knowledge.technique(id).map_or("", |technique| technique.name.as_str());
        el("li", "").child(&el("span", "list-id").text(id.as_str())).text(name)
    };
    parts.push(el("ul", "plain-list").children(found.known.iter().take(LISTED).map(known)));
    parts.extend(more(found.known.len()));
    if !found.unknown.is_empty() {
        parts.push(el("h3", "").attr("data-unknown", "").text(&format!("{} not in this bundle", found.unknown.len())));
        let unknown = |id: &TechniqueId| {
            let line = el("li", "").child(&el("span", "list-id").text(id.as_str()));
            match knowledge.retired(id) {
                Some(retired) => {
                    let now = knowledge.replacement(id).map(|next| format!(", now {next}")).unwrap_or_default();
                    line.text(&format!("{} (retired{now})", retired.name))
                }
                None => line,
            }
        };
        parts.push(el("ul", "plain-list muted").children(found.unknown.iter().take(LISTED).map(unknown)));
        parts.extend(more(found.unknown.len()));
    }
    if found.cut {
        parts.push(el("p", "field-error").text("The text is longer than is looked at: the rest is left out."));
    }
    parts
}

/// A form that submits to nobody.
fn form(submitted: impl Fn() + 'static) -> El {
    el("form", "form").on("submit", move |event| {
        event.prevent_default();
        submitted();
    })
}

fn submit(action: &str, words: &str) -> El {
    el("button", "button primary").attr("type", "submit").attr("data-action", action).text(words)
}

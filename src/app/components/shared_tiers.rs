//! Tiers that came in a file, beside the bundle's and the user's own, before anything of them is taken.

use super::dialogs::{close, close_then};
use crate::{
    app::{
        beside,
        choice::counted,
        dom::{El, button, el},
        retiering,
        state::{App, SharedTiers},
    },
    attack::{TechniqueId, assignment::Judgement},
    export::tier_words,
};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// So many rows are listed; of more, only how many.
const LISTED: usize = 400;

pub fn shared_tiers(app: App, from: &Arc<SharedTiers>) -> El {
    let mine = beside::assignment_of(&from.bundle);
    let theirs = &from.shared.assignment;
    let own = app.bundles.with_untracked(|bundles| bundles.own(&from.bundle));
    let apart = mine.against(theirs);
    let judged = |id: &TechniqueId, judgement: Option<&Judgement>| match judgement {
        Some(judgement) => {
            let words = el("span", "").text(&tier_words(judgement.tiers, judgement.primary));
            let reason = (!judgement.reason.is_empty()).then(|| el("p", "muted pre").text(&judgement.reason));
            el("td", "").child(&words).children(reason)
        }
        None => {
            let bundle = own.technique(id).and_then(|technique| technique.tier.as_ref());
            let words = bundle.map_or_else(|| "not assigned".to_owned(), |it| tier_words(it.tiers, it.primary));
            el("td", "muted").text(&format!("{words} (the bundle's)"))
        }
    };
    let bundle = |id: &TechniqueId| {
        let tier = own.technique(id).and_then(|technique| technique.tier.as_ref());
        el("td", "").text(&tier.map_or_else(|| "not assigned".to_owned(), |it| tier_words(it.tiers, it.primary)))
    };
    let row = |(id, [mine, theirs]): &(&TechniqueId, [Option<&Judgement>; 2])| {
        let name = own.technique(id).map_or("", |technique| technique.name.as_str());
        let words = el("span", "").child(&el("span", "list-id").text(id.as_str())).child(&el("b", "").text(name));
        el("tr", "")
            .attr("data-apart", id.as_str())
            .child(&el("th", "").attr("scope", "row").child(&words))
            .child(&bundle(id))
            .child(&judged(id, *mine))
            .child(&judged(id, *theirs))
    };
    let head = ["Technique", "Bundle", "Yours", "In the file"];
    let head = el("tr", "").children(head.map(|words| el("th", "").attr("scope", "col").text(words)));
    let table = el("table", "figures-table workbench-table shared-table")
        .child(&el("thead", "").child(&head))
        .child(&el("tbody", "").children(apart.iter().take(LISTED).map(row)));
    let summary = match (theirs.len(), apart.len()) {
        (0, 0) => format!("\"{}\" sees every technique as the bundle does, and so do you.", from.name),
        (all, 0) => format!("\"{}\" assigns {}, each as you do.", from.name, counted(all)),
        (all, apart) => {
            format!("\"{}\" assigns {}; {} between you and it.", from.name, counted(all), differ(apart))
        }
    };
    let mut parts = vec![el("p", "").attr("data-apart-count", &apart.len().to_string()).text(&summary)];
    if !apart.is_empty() {
        let scroll =
            el("div", "shared-scroll").attr("tabindex", "0").attr("role", "region").attr("aria-label", "Differences");
        parts.push(scroll.child(&table));
    }
    if apart.len() > LISTED {
        parts.push(el("p", "muted").text(&format!("and {} more", apart.len() - LISTED)));
    }
    let passed = &from.shared.passed_over;
    if !passed.is_empty() {
        let lines = passed.iter().take(LISTED).map(|line| el("li", "").text(line));
        let words = format!("{} not understood, and passed over", objects(passed.len()));
        parts.push(
            el("details", "more")
                .attr("data-passed-over", &passed.len().to_string())
                .child(&el("summary", "").text(&words))
                .child(&el("ul", "notes").children(lines)),
        );
    }
    let take = |action: &str, words: &str, class: &str, in_place: bool| {
        let from = from.clone();
        button(class).attr("data-action", action).text(words).on_click(move || {
            let from = from.clone();
            close_then(app, move || retiering::take(app, &from, in_place));
        })
    };
    let mut actions =
        el("div", "dialog-actions").child(&button("button").text("Only compare").on_click(move || close(app)));
    if !mine.is_empty() && !apart.is_empty() {
        actions = actions.child(&take("replace-tiers", "In the place of yours", "button", true));
    }
    if !apart.is_empty() {
        let words = if mine.is_empty() { "Take as yours" } else { "Add to yours" };
        actions = actions.child(&take("take-tiers", words, "button primary", false));
    }
    el("div", "form").children(parts).child(&actions)
}

fn differ(count: usize) -> String {
    if count == 1 { "1 differs".to_owned() } else { format!("{count} differ") }
}

fn objects(count: usize) -> String {
    if count == 1 { "1 object was".to_owned() } else { format!("{count} objects were") }
}

/// The hidden field behind the import command; tests and scripts give it files directly.
pub fn open_tiers(app: App) -> El {
    el("input", "visually-hidden")
        .attr("type", "file")
        .attr("data-field", retiering::FILE_FIELD)
        .attr("aria-label", "Open tiers")
        .attr("tabindex", "-1")
        .attr("accept", ".json,application/json")
        .on("change", move |event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else { return };
            leptos::task::spawn_local(async move { retiering::open(app, &file.name(), &file).await });
        })
}

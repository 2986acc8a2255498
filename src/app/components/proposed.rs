//! Drafts in the matrices: a proposed cell where a draft would put a technique, and a sign on the cells of techniques that a
//! draft is about. The grid knows nothing of them: they are put into the page whenever it has built cells anew.

use super::lens::{cells, matrices};
use crate::{
    app::{
        dom::{El, button, el, watch},
        drafting,
        state::{App, Dialog},
    },
    attack::{Knowledge, TacticName, Tier, draft::Draft},
};
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Keeps them where they belong, as long as the page lives.
pub fn keep(app: App) {
    watch(move || {
        app.built.track();
        let (drafts, knowledge) = (drafting::of_catalogue(app), app.knowledge.get());
        take_off();
        if !drafts.is_empty() {
            put_on(app, &knowledge, &drafts);
        }
    });
}

fn all_in(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

fn take_off() {
    if let Some(host) = matrices() {
        all_in(&host, ".proposed, .cell-draft").iter().for_each(Element::remove);
    }
}

fn put_on(app: App, knowledge: &Knowledge, drafts: &[(String, Draft)]) {
    let Some(host) = matrices() else { return };
    for (id, draft) in drafts {
        for tactic in draft.proposed_in(knowledge) {
            for grid in all_in(&host, "[role=grid]") {
                let tier = grid.get_attribute("data-matrix").and_then(|word| Tier::from_word(&word));
                if draft.is_in(tier) {
                    propose(app, knowledge, &grid, id, draft, &tactic);
                }
            }
        }
    }
    sign(drafts);
}

/// At the end of the tactic's column, or after the technique that it would be a sub-technique of.
fn propose(app: App, knowledge: &Knowledge, grid: &Element, id: &str, draft: &Draft, tactic: &TacticName) {
    let headers = all_in(grid, "[role=columnheader]");
    let Some(at) = headers.iter().position(|it| it.get_attribute("data-tactic").as_deref() == Some(tactic.as_str()))
    else {
        return;
    };
    let Some(column) = all_in(grid, ".columns > .column").into_iter().nth(at) else { return };
    let cell = proposed(app, knowledge, id, draft)
        .attr("data-tactic", tactic.as_str())
        .attr("aria-colindex", &(at + 1).to_string());
    let parent = draft.technique.as_ref().map(|id| {
        all_in(
            &column,
            &format!(".cell[data-technique='{id}'], .cell[data-parent='{id}'], .proposed[data-parent='{id}']"),
        )
    });
    match parent.and_then(|family| family.into_iter().next_back()) {
        Some(last) => drop(column.insert_before(cell.node(), last.next_sibling().as_ref())),
        None => drop(column.append_child(cell.node())),
    }
}

fn proposed(app: App, knowledge: &Knowledge, id: &str, draft: &Draft) -> El {
    let name = match &draft.technique {
        Some(technique) if draft.name.trim().is_empty() => {
            let name = knowledge.technique(technique).map_or("", |it| it.name.as_str());
            format!("{technique} {name}")
        }
        _ if draft.name.trim().is_empty() => "not named yet".to_owned(),
        _ => draft.name.trim().to_owned(),
    };
    let open: std::sync::Arc<str> = id.into();
    let label = el("span", "proposed-word").text("proposed");
    let button = button("proposed-open")
        .attr("title", "Open the draft")
        .child(&label)
        .child(&el("span", "proposed-name").text(&name))
        .on_click(move || app.dialog.set(Some(Dialog::Draft(open.clone()))));
    let mut cell = el("div", "proposed").attr("role", "gridcell").attr("data-draft", id).child(&button);
    if let Some(tiers) = draft.tiers {
        cell = cell.attr("data-tier", tiers.words()).child(&el("span", "cell-stripe"));
    }
    if let Some(parent) = draft.technique.as_ref().filter(|_| draft.kind == crate::attack::draft::Kind::Technique) {
        cell = cell.attr("data-parent", parent.as_str());
    }
    // What is selected stays so.
    cell.on("pointerdown", |event| event.stop_propagation())
}

/// A sign on each cell of a technique that drafts are about.
fn sign(drafts: &[(String, Draft)]) {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for id in drafts.iter().filter_map(|(_, draft)| draft.technique.as_ref()) {
        *counts.entry(id.to_string()).or_default() += 1;
    }
    for cell in cells() {
        let count = cell.get_attribute("data-technique").and_then(|id| counts.get(&id).copied());
        let (Some(count), Ok(Some(top))) = (count, cell.query_selector(".cell-top")) else { continue };
        let words = if count == 1 { "1 draft".to_owned() } else { format!("{count} drafts") };
        let sign = el("span", "cell-draft")
            .attr("title", &words)
            .child(&el("span", "").attr("aria-hidden", "true").text("✎"))
            .child(&el("span", "visually-hidden").text(&format!(" {words} ")));
        let score = top.query_selector(".cell-score").ok().flatten();
        let _ = top.insert_before(sign.node(), score.as_deref());
    }
}

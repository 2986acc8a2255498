//! The dialog that assigns techniques to tiers: which, which of two first, and why. What an assignment is, is `attack`'s.

use super::{
    annotation::labelled,
    control::radio,
    dialogs::{close, close_then},
};
use crate::{
    app::{
        beside,
        dom::{El, button, el, value_of},
        retiering,
        state::App,
    },
    attack::{TechniqueId, Tier, TierAssignment, TierSet, assignment::Judgement, draft::LONGEST_TEXT},
    export::tier_words,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// So many techniques are named; of more, only how many.
const NAMED: usize = 8;

pub fn retier_dialog(app: App, ids: Vec<TechniqueId>, to: Option<TierSet>) -> El {
    let now = untrack(|| now(app, &ids));
    let first = now.as_ref().map_or(TierSet::Both, |now| now.tiers);
    let tiers = RwSignal::new(to.unwrap_or(first));
    let primary = RwSignal::new(now.as_ref().map_or(Tier::Orchestration, |now| now.primary));
    let said = untrack(|| beside::assignment(app));
    let reason = RwSignal::new(match ids.as_slice() {
        [one] => said.of(one).map(|judgement| judgement.reason.clone()).unwrap_or_default(),
        _ => String::new(),
    });
    let choice = |value: TierSet, word: &'static str, words: &str, more: &str| {
        radio("tiers", word, words, more, move || tiers.get() == value, move || tiers.set(value))
    };
    let (o, c) = (Tier::Orchestration, Tier::Container);
    let choices = el("div", "retier-choices").attr("role", "radiogroup").attr("aria-label", "Tiers").children([
        choice(
            TierSet::One(o),
            "orchestration",
            "Orchestration",
            "acts through the cluster, or is best controlled there",
        ),
        choice(
            TierSet::One(c),
            "container",
            "Container",
            "acts in the container or its host, or is best controlled there",
        ),
        choice(TierSet::Both, "both", "Both", "stands in both matrices of the split"),
    ]);
    let firsts = el("div", "retier-first")
        .attr("role", "radiogroup")
        .attr("aria-label", "Where to look first")
        .has("hidden", move || (tiers.get() != TierSet::Both).then(String::new))
        .child(&el("span", "field-name").text("Where to look first"))
        .children(Tier::ALL.map(|tier| {
            radio(
                "primary-tier",
                tier.word(),
                tier.word(),
                "",
                move || primary.get() == tier,
                move || primary.set(tier),
            )
        }));
    let area = el("textarea", "")
        .attr("rows", "4")
        .attr("data-field", "tiers-reason")
        .attr("maxlength", &LONGEST_TEXT.to_string())
        .attr(
            "placeholder",
            "Where it acts, and where a defender controls and sees it best. Others can discuss it only with a reason.",
        )
        .attr("autofocus", "")
        .text(&reason.get_untracked())
        .on("input", move |event| reason.set(value_of(&event)));
    let of_submit = ids.clone();
    let submit = std::rc::Rc::new(move || {
        let judgement = Judgement::new(tiers.get_untracked(), primary.get_untracked(), reason.get_untracked());
        let ids = of_submit.clone();
        close_then(app, move || retiering::assign(app, &ids, &judgement));
    });
    let mut actions = el("div", "dialog-actions");
    if ids.iter().any(|id| said.of(id).is_some()) {
        let own = ids.clone();
        let back = button("button").attr("data-action", "withdraw").text("Back to the bundle's");
        actions = actions.child(&back.on_click(move || {
            let own = own.clone();
            close_then(app, move || retiering::withdraw(app, &own));
        }));
    }
    let actions = actions.children([
        el("span", "grow"),
        button("button").text("Cancel").on_click(move || close(app)),
        el("button", "button primary").attr("type", "submit").attr("data-action", "retier").text("Change tiers"),
    ]);
    let by_key = submit.clone();
    el("form", "form retier-dialog")
        .children([about(app, &ids), choices, firsts, labelled("Why", &area), actions])
        .on("submit", move |event| {
            event.prevent_default();
            submit();
        })
        // Enter is a new line in the reason.
        .on("keydown", move |event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
            if key.key() == "Enter" && (key.ctrl_key() || key.meta_key()) {
                event.prevent_default();
                by_key();
            }
        })
}

/// What the first of them has now, by the user's own view or by the bundle's.
fn now(app: App, ids: &[TechniqueId]) -> Option<TierAssignment> {
    let id = ids.first()?;
    app.knowledge.with(|knowledge| knowledge.technique(id).and_then(|technique| technique.tier.clone()))
}

/// Which techniques, and what the bundle says of a single one.
fn about(app: App, ids: &[TechniqueId]) -> El {
    let own = untrack(|| retiering::own_knowledge(app));
    let name = |id: &TechniqueId| own.technique(id).map_or("", |technique| technique.name.as_str()).to_owned();
    let line = |id: &TechniqueId| {
        el("li", "").child(&el("span", "list-id").text(id.as_str())).child(&el("b", "").text(&name(id)))
    };
    let mut parts = el("div", "retier-about");
    parts = parts.child(&el("ul", "plain-list").children(ids.iter().take(NAMED).map(line)));
    if ids.len() > NAMED {
        parts = parts.child(&el("p", "muted").text(&format!("and {} more", ids.len() - NAMED)));
    }
    let [one] = ids else { return parts };
    match own.technique(one).and_then(|technique| technique.tier.as_ref()) {
        Some(ours) => {
            let words = format!("The bundle has it in {}.", tier_words(ours.tiers, ours.primary));
            let why = (!ours.rationale.is_empty()).then(|| el("p", "muted").text(&ours.rationale));
            parts.child(&el("p", "").text(&words)).children(why)
        }
        None => parts.child(&el("p", "muted").text("The bundle assigns it to no tier: it stands in both matrices.")),
    }
}

//! The dialog that carries a layer over to the other catalogue: where to, how several scores become one, and what will
//! not map, before anything is made. The rules are `layer`'s.

use super::{control::radio, dialogs::close};
use crate::{
    app::{
        bundles::BundleKey,
        choice::counted,
        crossing::{self, Crossing, carried, carry, left_words},
        dom::{El, button, el},
        layers,
        state::App,
    },
    layer::Combine,
};
use leptos::prelude::*;

type Loaded = RwSignal<Option<Result<Crossing, String>>>;

pub fn carry_over(app: App) -> El {
    let others = crossing::others(app);
    let target: RwSignal<BundleKey> = RwSignal::new(others.first().cloned().unwrap_or(BundleKey::DEFAULT));
    let combine = RwSignal::new(app.with_layer_untracked(|layer| layer.tier_scoring.combine()));
    let loaded: Loaded = RwSignal::new(None);
    let to = others.iter().map(|key| {
        let own = key.clone();
        radio("carry-to", key.word(), &layers::bundle_words(app, key), "", move || target.get() == own, {
            let own = key.clone();
            move || target.set(own.clone())
        })
    });
    let rules = [
        (Combine::Weakest, "Weakest", "covered only as well as the least of them"),
        (Combine::Highest, "Highest", "as well as the best of them"),
        (Combine::Average, "Average", "their mean"),
    ];
    let rules = rules.map(|(rule, words, more)| {
        radio("carry-combine", rule.word(), words, more, move || combine.get() == rule, move || combine.set(rule))
    });
    let preview = el("div", "carry-preview").attr("aria-live", "polite").holds(move || match loaded.get() {
        None => vec![el("p", "muted").text("Reading…")],
        Some(Err(error)) => vec![el("p", "field-error").text(&error)],
        Some(Ok(crossing)) => told(app, &crossing, combine.get()),
    });
    let may = move || loaded.with(|loaded| matches!(loaded, Some(Ok(_))));
    let go = move || {
        if let Some(Ok(crossing)) = loaded.get_untracked() {
            close(app);
            carry(app, &crossing, combine.get_untracked());
        }
    };
    let group = |title: &str, name: &str, choices: Vec<El>| {
        labelled_group(
            title,
            el("div", "carry-choices").attr("role", "radiogroup").attr("aria-label", name).children(choices),
        )
    };
    el("form", "form carry-dialog")
        .children([
            group("To", "Catalogue", to.collect()),
            group("Where several techniques come together, the score is", "Scores that come together", rules.into()),
            preview,
            el("div", "dialog-actions").children([
                button("button").text("Cancel").on_click(move || close(app)),
                el("button", "button primary")
                    .attr("type", "submit")
                    .attr("data-action", "carry-over")
                    .has("disabled", move || (!may()).then(String::new))
                    .text("Carry over as a new layer"),
            ]),
        ])
        .kept(move |_| {
            let key = target.get();
            loaded.set(None);
            leptos::task::spawn_local(async move {
                let crossing = Crossing::to(app, key.clone()).await;
                if target.try_get_untracked().is_some_and(|wanted| wanted == key) {
                    loaded.set(Some(crossing));
                }
            });
        })
        .on("submit", move |event| {
            event.prevent_default();
            go();
        })
}

fn labelled_group(title: &str, content: El) -> El {
    el("div", "form-part").child(&el("span", "field-name").text(title)).child(&content)
}

/// What will be carried and what not.
fn told(app: App, crossing: &Crossing, combine: Combine) -> Vec<El> {
    let carried = carried(app, crossing, combine);
    if carried.techniques == 0 && carried.left.is_empty() {
        return vec![el("p", "muted").text("This layer says nothing yet: an empty layer would be made.")];
    }
    let cells = carried.layer.annotations.len();
    let cells = if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
    let mut words = format!("{} will stand in {cells} there", counted(carried.techniques));
    match carried.joined.len() {
        0 => {}
        1 => words.push_str(", in one of which several come together"),
        joined => words.push_str(&format!(", in {joined} of which several come together")),
    }
    let mut parts = vec![el("p", "").attr("data-carried", &carried.techniques.to_string()).text(&format!("{words}."))];
    if !carried.left.is_empty() {
        let count = carried.left.len();
        let title = if count == 1 { "1 does not map".to_owned() } else { format!("{count} do not map") };
        let lines = carried
            .left
            .iter()
            .map(|left| el("li", "").attr("data-left", left.technique.as_str()).text(&left_words(left)));
        parts.push(el("h3", "").text(&title));
        parts.push(el("ul", "notes carry-left").attr("tabindex", "0").attr("aria-label", &title).children(lines));
    }
    parts
}

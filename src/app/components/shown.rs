//! Dialogs that choose what the matrix shows: platforms, and a second layer. What the choice does is `matrix`' and the
//! grid's.

use super::dialogs::close;
use crate::{
    app::{
        dom::{El, button, el},
        state::{App, TabId},
    },
    layer::Edit,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Which platforms' techniques are shown. The last one can't be taken away: a layer file without platforms means all.
pub fn platforms(app: App) -> El {
    let knowledge = app.knowledge.get_untracked();
    if let Some(scope) = &knowledge.release.scope {
        let words = format!(
            "{} is about {scope} only and is always shown whole. The platforms that the layer's file names are kept.",
            knowledge.release.words()
        );
        return el("div", "form").child(&el("p", "").text(&words)).child(&done(app));
    }
    let all: Vec<String> = knowledge.platforms().into_iter().map(str::to_owned).collect();
    let everything = all.clone();
    let line = |platform: &String| {
        let (own, chosen, every) = (platform.clone(), platform.clone(), everything.clone());
        let shown = move || chosen_of(app, &every).contains(&own);
        let every = everything.clone();
        let only = move || matches!(chosen_of(app, &every).as_slice(), [only] if *only == chosen);
        let (own, every) = (platform.clone(), everything.clone());
        check(platform, "platform", "checkbox", shown, only).on("change", move |_| toggle(app, &every, &own))
    };
    let list = el("div", "choices").children(all.iter().map(line));
    let every = button("button").text("All").on_click(move || app.edit(&Edit::Platforms(all.clone())));
    let actions = done(app).child(&every);
    el("div", "form").child(&list).child(&actions)
}

/// The layer's platforms that the bundle has; all of them where the layer names none.
fn chosen_of(app: App, all: &[String]) -> Vec<String> {
    let chosen = app.layer.with(|layer| layer.platforms.clone());
    if chosen.is_empty() { all.to_vec() } else { chosen.into_iter().filter(|own| all.contains(own)).collect() }
}

/// A platform that is chosen again goes to the end, as in the official Navigator (`FI` 35 of 5.1.0). Platforms that the
/// bundle doesn't have stay in the layer.
fn toggle(app: App, all: &[String], platform: &String) {
    let named = app.layer.with_untracked(|layer| layer.platforms.clone());
    let mut chosen = if named.is_empty() { all.to_vec() } else { named };
    match chosen.iter().position(|other| other == platform) {
        Some(at) => drop(chosen.remove(at)),
        None => chosen.push(platform.clone()),
    }
    app.edit(&Edit::Platforms(chosen));
}

/// Which other open layer the cells show beside the active one.
pub fn second_layer(app: App) -> El {
    let active = app.active.get_untracked();
    let others: Vec<(Option<TabId>, String)> = app.tabs.with_untracked(|tabs| {
        let others = tabs.iter().filter(|tab| tab.id != active);
        let named = others.map(|tab| (Some(tab.id.clone()), tab.history.present().title().to_owned()));
        std::iter::once((None, "None".to_owned())).chain(named).collect()
    });
    let hint = if others.len() == 1 {
        "Open another layer first, such as a threat's, to see its scores beside this layer's."
    } else {
        "Its score stands along the lower edge of each cell, in its own colours."
    };
    let line = |(id, name): (Option<TabId>, String)| {
        let (own, chosen) = (id.clone(), id);
        check(&name, "second-layer", "radio", move || app.second.get() == own, || false)
            .on("change", move |_| app.second.set(chosen.clone()))
    };
    el("div", "form")
        .child(&el("p", "muted").text(hint))
        .child(&el("div", "choices").children(others.into_iter().map(line)))
        .child(&done(app))
}

fn check(
    words: &str,
    field: &str,
    kind: &str,
    on: impl Fn() -> bool + 'static,
    locked: impl Fn() -> bool + 'static,
) -> El {
    let input = el("input", "")
        .attr("type", kind)
        .attr("name", field)
        .attr("value", words)
        .attr("data-field", field)
        .has("disabled", move || locked().then(String::new))
        .kept(move |element| element.unchecked_ref::<HtmlInputElement>().set_checked(on()));
    el("label", "check").child(&input).child(&el("span", "").text(words))
}

fn done(app: App) -> El {
    el("div", "dialog-actions").child(&button("button primary").text("Done").on_click(move || close(app)))
}

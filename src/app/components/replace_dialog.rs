//! Find and replace in comments: of what is selected, or of the whole layer, as one step.

use super::{annotation::labelled, control::is_checked, dialogs::close};
use crate::{
    app::{
        dom::{El, el, value_of},
        selection::Selection,
        state::App,
    },
    layer::{Edit, Places, Replace, Target, commented},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

pub fn replace_in_comments(app: App) -> El {
    let (find, with, match_case) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let replace = move || Replace { find: find.get(), with: with.get(), match_case: match_case.get() };
    let selected = app.selection.with_untracked(|selection| !selection.is_empty());
    let only_selected = RwSignal::new(selected && app.selection.with_untracked(Selection::techniques_count) > 1);
    let targets = move |only_selected: bool| -> Vec<Target> {
        if only_selected { app.targets() } else { app.layer.with_untracked(|layer| commented(layer)) }
    };
    let places = move || {
        let targets = targets(only_selected.get());
        app.layer.with(|layer| replace().places(layer, &targets))
    };
    let words = el("p", "muted").attr("role", "status").attr("data-found", "").says(move || {
        let Places { places, comments } = places();
        match (find.with(String::is_empty), places) {
            (true, _) => String::new(),
            (_, 0) => "Not found".to_owned(),
            _ => counted(places, comments),
        }
    });
    let text = |name: &str, text: RwSignal<String>| {
        el("input", "")
            .attr("type", "text")
            .attr("autocomplete", "off")
            .attr("data-field", name)
            .on("input", move |event| text.set(value_of(&event)))
    };
    let check = |name: &str, words: &str, checked: RwSignal<bool>| {
        let input = el("input", "").attr("type", "checkbox").attr("data-field", name).on("change", move |event| {
            checked.set(is_checked(&event));
        });
        input.node().unchecked_ref::<HtmlInputElement>().set_checked(checked.get_untracked());
        el("label", "check").child(&input).child(&el("span", "").text(words))
    };
    let mut checks = el("div", "checks").child(&check("match-case", "Match case", match_case));
    if selected {
        checks = checks.child(&check("only-selected", "Only in what is selected", only_selected));
    }
    let done = el("button", "button primary")
        .attr("type", "submit")
        .attr("data-action", "replace")
        .text("Replace all")
        .has("disabled", move || (places().places == 0).then(String::new));
    el("form", "form")
        .on("submit", move |event| {
            event.prevent_default();
            let Places { places, comments } = untrack(places);
            if places > 0 {
                close(app);
                if app.refuses_change() {
                    return;
                }
                let targets = targets(only_selected.get_untracked());
                app.edit(&Edit::ReplaceInComments(targets, untrack(replace)));
                app.say(format!("Replaced {}. Undo takes it back.", counted(places, comments)));
            }
        })
        .children([
            labelled("Find", &text("find", find).attr("autofocus", "")),
            labelled("Replace with", &text("replace-with", with)),
            checks,
            words,
            el("div", "dialog-actions").child(&done),
        ])
}

fn counted(places: usize, comments: usize) -> String {
    let plural = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    format!("{} in {}", plural(places, "place"), plural(comments, "comment"))
}

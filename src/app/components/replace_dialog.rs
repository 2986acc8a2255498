//! Find and replace in comments: of what is selected, or of the whole layer, as one step.

use super::{annotation::labelled, dialogs::close};
use crate::{
    app::{
        dom::{El, derived, el, value_of},
        selection::Selection,
        state::App,
    },
    layer::{Edit, Places, Replace, Target, commented},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

pub fn replace_in_comments(app: App) -> El {
    let replace = RwSignal::new(Replace::default());
    let selected = app.selection.with_untracked(|selection| !selection.is_empty());
    let only_selected = RwSignal::new(selected && app.selection.with_untracked(Selection::techniques_count) > 1);
    let targets = move |only_selected: bool| -> Vec<Target> {
        if only_selected { app.targets() } else { app.layer.with_untracked(|layer| commented(layer)) }
    };
    let places = derived(move || {
        let targets = targets(only_selected.get());
        replace.with(|replace| app.layer.with(|layer| replace.places(layer, &targets)))
    });
    let words = el("p", "muted").attr("role", "status").attr("data-found", "").says(move || {
        let Places { places, comments } = places.get();
        match (replace.with(|replace| replace.find.is_empty()), places) {
            (true, _) => String::new(),
            (_, 0) => "Not found".to_owned(),
            _ => counted(places, comments),
        }
    });
    let text = |name: &str, set: fn(&mut Replace, String)| {
        el("input", "")
            .attr("type", "text")
            .attr("autocomplete", "off")
            .attr("data-field", name)
            .on("input", move |event| replace.update(|replace| set(replace, value_of(&event))))
    };
    let find = text("find", |replace, text| replace.find = text).attr("autofocus", "");
    let with = text("replace-with", |replace, text| replace.with = text);
    let check = |name: &str, words: &str, set: Box<dyn Fn(bool)>, on: bool| {
        let input = el("input", "").attr("type", "checkbox").attr("data-field", name).on("change", move |event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            set(input.is_some_and(|input| input.checked()));
        });
        input.node().unchecked_ref::<HtmlInputElement>().set_checked(on);
        el("label", "check").child(&input).child(&el("span", "").text(words))
    };
    let case = Box::new(move |on| replace.update(|replace| replace.match_case = on));
    let scope = Box::new(move |on| only_selected.set(on));
    let mut checks = el("div", "checks").child(&check("match-case", "Match case", case, false));
    if selected {
        let on = only_selected.get_untracked();
        checks = checks.child(&check("only-selected", "Only in what is selected", scope, on));
    }
    let done = el("button", "button primary")
        .attr("type", "submit")
        .attr("data-action", "replace")
        .text("Replace all")
        .has("disabled", move || (places.get().places == 0).then(String::new));
    el("form", "form")
        .on("submit", move |event| {
            event.prevent_default();
            let Places { places, comments } = places.get_untracked();
            if places > 0 {
                close(app);
                let targets = targets(only_selected.get_untracked());
                app.edit(&Edit::ReplaceInComments(targets, replace.get_untracked()));
                app.say(format!("Replaced {}. Undo takes it back.", counted(places, comments)));
            }
        })
        .children([
            labelled("Find", &find),
            labelled("Replace with", &with),
            checks,
            words,
            el("div", "dialog-actions").child(&done),
        ])
}

fn counted(places: usize, comments: usize) -> String {
    let plural = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    format!("{} in {}", plural(places, "place"), plural(comments, "comment"))
}

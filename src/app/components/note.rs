//! A note written where the cell is: Enter puts it under the comments that are there, or in their place.

use super::{control::icon_action, floating::floating, icon::Icon, menu::close_on_press_outside};
use crate::app::{
    browser,
    choice::techniques,
    dom::{El, el, key_of},
    grid::area_of,
    hand::{Note, write_note},
    place::{at_point, beside},
    state::App,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};

pub fn note(app: App) -> El {
    el("div", "note-place").holds(move || app.hand.note.get().map(|note| draw(app, note)).into_iter().collect())
}

fn cancel(app: App) {
    app.hand.note.set(None);
    browser::focus_cell_soon();
}

fn draw(app: App, note: Note) -> El {
    let count = techniques(&note.targets);
    let title = match note.targets.first() {
        Some(target) if count == 1 => format!("Note on {}", target.key.technique),
        _ => format!("Note on {count} techniques"),
    };
    let says = app.layer.with_untracked(|layer| {
        note.targets.iter().any(|target| !layer.mark(&target.key, target.tier).comment.is_empty())
    });
    let area = el("textarea", "").attr("rows", "2").attr("data-field", "note").attr("aria-label", &title);
    let replaces = el("input", "").attr("type", "checkbox").attr("data-field", "note-replaces");
    let (text, box_) = (area.node().clone(), replaces.node().clone());
    let anchor = note.beside.as_ref().and_then(|focus| area_of(app, focus));
    let save = std::rc::Rc::new(move || {
        let text = text.unchecked_ref::<HtmlTextAreaElement>().value();
        let replaces = box_.unchecked_ref::<HtmlInputElement>().checked();
        write_note(app, note.clone(), &text, replaces);
        browser::focus_cell_soon();
    });
    let on_enter = save.clone();
    let area = area.on("keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        if key.key() == "Enter" && !key.shift_key() && !key.is_composing() {
            event.prevent_default();
            on_enter();
        }
    });
    let head = el("div", "tooltip-head").child(&el("b", "").text(&title)).child(&icon_action(
        "icon-button small",
        "Cancel",
        Icon::Close,
        move || cancel(app),
    ));
    let kept = el("label", "check").child(&replaces).child(&el("span", "").text("Replace the comment that is there"));
    let hint = el("span", "muted note-hint").child(&el("kbd", "").text("Shift+Enter")).text(" new line");
    let on_click = save.clone();
    let done = el("button", "button primary").attr("type", "button").attr("data-action", "save-note");
    let done = done.text(if says { "Add to comment" } else { "Comment" }).on_click(move || on_click());
    let mut form = el("div", "note").attr("role", "dialog").attr("aria-label", &title).child(&head).child(&area);
    if says {
        form = form.child(&kept);
    }
    let form = form.child(&el("div", "dialog-actions").child(&hint).child(&done)).on("keydown", move |event| {
        if key_of(&event) == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            cancel(app);
        }
    });
    // What was typed is not lost with a press elsewhere.
    let own = form.node().clone();
    close_on_press_outside(move |target| own.contains(Some(target)), move || save());
    let place = move |size, window| match anchor {
        Some(anchor) => beside(anchor, size, window),
        None => at_point((40.0, 120.0), size, window),
    };
    floating(form, Box::new(place), |form| {
        let area =
            form.query_selector("textarea").ok().flatten().and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
        if let Some(area) = area {
            let _ = area.focus();
        }
    })
}

//! The dialog that makes a link which holds the layer, and the bar over a layer that came by one.

use super::{
    annotation::labelled,
    control::command_button,
    dialogs::{close, copy_and_close},
};
use crate::{
    app::{
        command::Command,
        dom::{El, button, el},
        run, sharing,
        state::App,
    },
    export::LONGEST_LINK,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

/// Longer links survive most programs, but not all.
const LONG_LINK: usize = 8_000;

pub fn share_dialog(app: App) -> El {
    let link = untrack(|| sharing::link(app));
    let size = link.chars().count();
    let told = el("p", "").attr("role", "status").attr("data-size", &size.to_string());
    let file = move || {
        close(app);
        run::run(app, Command::LayerExportJson);
    };
    if size > LONGEST_LINK {
        let words = format!(
            "This layer makes a link of {size} characters: too long for most programs, which cut after {LONGEST_LINK}. \
            Send it as a file instead."
        );
        return el("div", "form").child(&told.text(&words)).child(&el("div", "dialog-actions").children([
            button("button").text("Cancel").on_click(move || close(app)),
            button("button primary").attr("data-action", "file").text("Export the file").on_click(file),
        ]));
    }
    let advice = if size > LONG_LINK { " Some programs cut links of this length: a file is safer." } else { "" };
    let area = el("textarea", "")
        .attr("rows", "5")
        .attr("readonly", "")
        .attr("autofocus", "")
        .attr("spellcheck", "false")
        .attr("data-field", "share-link");
    let element = area.node().clone().unchecked_into::<HtmlTextAreaElement>();
    element.set_value(&link);
    let fault = RwSignal::new("");
    let copy = move || {
        element.select();
        copy_and_close(app, &link, "The link is on the clipboard.", fault);
    };
    el("div", "form").children([
        el("p", "").text(
            "The link holds the whole layer, comments and all. Nothing is uploaded: what stands after the # stays in the \
            browsers of those who have the link.",
        ),
        labelled("Link", &area),
        told.text(&format!("{size} characters.{advice}")),
        el("p", "field-error").attr("role", "alert").says(move || fault.get().to_owned()),
        el("div", "dialog-actions").children([
            button("button").attr("data-action", "file").text("Export the file").on_click(file),
            el("span", "grow"),
            button("button").text("Close").on_click(move || close(app)),
            button("button primary").attr("data-action", "copy-link").text("Copy the link").on_click(copy),
        ]),
    ])
}

/// What stands over a layer that came by a link.
pub fn guest_bar(app: App) -> El {
    el("div", "guest-place").holds(move || {
        let active = app.active.get();
        if !app.guests.with(|guests| guests.contains(&active)) {
            return Vec::new();
        }
        let words = el("span", "").text("This layer came by a link: it is only read.");
        let edit = command_button(app, Command::ShareEditCopy, "button primary").text("Edit a copy");
        vec![el("div", "guest-bar").attr("role", "status").child(&words).child(&edit)]
    })
}

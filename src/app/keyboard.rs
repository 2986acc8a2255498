//! Keys anywhere in the page become commands. Single keys are left to whoever takes text, and every key to the dialog
//! in front.

use super::{
    browser,
    command::{Command, Pressed},
    grid, hand, run,
    state::App,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

pub fn listen(app: App) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| handle(app, &event));
    on_cleanup(move || handle.remove());
}

fn handle(app: App, event: &KeyboardEvent) {
    if event.default_prevented() || event.is_composing() || app.dialog.with_untracked(Option::is_some) {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let typing = target.as_ref().is_some_and(browser::takes_text);
    let chord = chord(event);
    if chord == "Escape" && target.as_ref().is_some_and(is_in_inspector) {
        event.prevent_default();
        browser::focus_cell_soon();
        return;
    }
    if chord == "Escape" && app.hand.tip.with_untracked(Option::is_some) {
        event.prevent_default();
        grid::hide_tooltip(app);
        hand::unpin(app);
        return;
    }
    let Some(command) = Command::from_chord(&chord) else { return };
    if is_the_browsers(command, target.as_ref()) {
        return;
    }
    if typing && !(chord.starts_with("Ctrl+") && runs_while_typing(command)) {
        return;
    }
    if opens_what_has_focus(&chord, target.as_ref()) {
        return;
    }
    event.prevent_default();
    if command.available(app.situation.get_untracked()) {
        run::run(app, command);
    }
}

/// Escape leads from the inspector's fields back to the matrix; another one lets go of the selection.
fn is_in_inspector(element: &Element) -> bool {
    element.closest(".inspector").ok().flatten().is_some()
}

/// Copying and pasting are about techniques only where a matrix has the focus and no text is marked.
fn is_the_browsers(command: Command, target: Option<&Element>) -> bool {
    let in_matrix =
        |element: &Element| element.tag_name() == "BODY" || element.closest(".matrices").ok().flatten().is_some();
    matches!(command, Command::AnnotateCopy | Command::AnnotatePaste)
        && (browser::has_marked_text() || !target.is_some_and(in_matrix))
}

/// Undo while typing belongs to the field, and so does everything that is a letter or moves the caret.
fn runs_while_typing(command: Command) -> bool {
    matches!(command, Command::PaletteOpen | Command::LayerSave | Command::LayerExportAllJson | Command::LayerOpen)
}

/// Enter and Space press a button that has the focus.
fn opens_what_has_focus(chord: &str, target: Option<&Element>) -> bool {
    let pressable = |element: &Element| {
        element.closest("button, a, summary, [role=tab], [role^=menuitem]").ok().flatten().is_some()
    };
    chord == "Enter" && target.is_some_and(pressable)
}

fn chord(event: &KeyboardEvent) -> String {
    pressed(event, |pressed| pressed.chord())
}

/// The key as the table of commands writes it.
pub fn key(event: &KeyboardEvent) -> String {
    pressed(event, |pressed| pressed.key())
}

fn pressed(event: &KeyboardEvent, read: impl FnOnce(Pressed) -> String) -> String {
    read(Pressed {
        key: &event.key(),
        code: &event.code(),
        control: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
        third: event.get_modifier_state("AltGraph"),
        shift: event.shift_key(),
    })
}

//! The keyboard in a matrix, after the WAI-ARIA grid pattern: arrows move, Shift extends, Ctrl moves without selecting,
//! Space toggles; digits type a score. All other keys are commands and belong to `keyboard`.

use super::places::position_of;
use super::pointer::{select_range, take_focus, take_focus_keeping_anchor, toggle};
use crate::{
    app::{
        browser,
        command::Command,
        state::{App, Focus, TabId},
    },
    layer::{Edit, Score, Target},
    matrix::{Move, Position, step},
};
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// Digits that follow each other within this time are one number.
const TYPING_MILLISECONDS: f64 = 1_200.0;

/// A number that is being typed.
#[derive(Default)]
struct Typed {
    text: String,
    at: f64,
    on: Vec<Target>,
    layer: Option<TabId>,
    /// The cell that had the focus.
    cell: Option<Focus>,
}

pub fn listen(app: App, host: &HtmlElement) {
    let typed: Rc<RefCell<Typed>> = Rc::default();
    let begun = typed.clone();
    let handle = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        let in_cell = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if in_cell.is_none_or(|element| !element.class_list().contains("cell")) {
            return;
        }
        if moved(app, &event) || typed_digit(app, &event, &mut typed.borrow_mut()) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    let _ = host.add_event_listener_with_callback("keydown", handle.as_ref().unchecked_ref());
    handle.forget(); // the host lives as long as the page
    // A cell that Tab or a screen reader reaches is the focused one too.
    let focused = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let cell = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let focus = cell.as_ref().and_then(position_of).and_then(|position| app.focus_at(position));
        // Who goes elsewhere and comes back begins another number.
        if let Ok(mut typed) = begun.try_borrow_mut()
            && typed.cell != focus
        {
            typed.text.clear();
        }
        if focus.is_some() && focus != app.focus.get_untracked() {
            app.focus.set(focus);
        }
    });
    let _ = host.add_event_listener_with_callback("focusin", focused.as_ref().unchecked_ref());
    focused.forget();
}

fn moved(app: App, event: &KeyboardEvent) -> bool {
    if event.alt_key() {
        return false;
    }
    let control = event.ctrl_key() || event.meta_key();
    let Some(from) = app.focused() else { return false };
    let to = match (event.key().as_str(), control) {
        (" ", _) if app.is_off(Command::SelectAdd) => return false,
        (" ", _) => {
            toggle(app, app.reach(&[from]));
            return true;
        }
        ("ArrowLeft", _) => Move::Left,
        ("ArrowRight", _) => Move::Right,
        ("ArrowUp", _) => Move::Up,
        ("ArrowDown", _) => Move::Down,
        ("Home", false) => Move::Home,
        ("End", false) => Move::End,
        ("Home", true) => Move::First,
        ("End", true) => Move::Last,
        ("PageUp", false) => Move::PageUp,
        ("PageDown", false) => Move::PageDown,
        _ => return false,
    };
    let to = app.matrices.with_untracked(|matrices| step(matrices, from, to));
    go(app, from, to, event.shift_key(), control);
    true
}

fn go(app: App, from: Position, to: Position, extends: bool, only_focus: bool) {
    if app.is_off(Command::SelectTechnique) {
        return take_focus(app, to);
    }
    if extends {
        let anchor = app.anchor.get_untracked().and_then(|anchor| app.position_of(&anchor)).unwrap_or(from);
        select_range(app, anchor, to, false);
        take_focus_keeping_anchor(app, to);
        return;
    }
    if !only_focus {
        app.selection.set(app.reach(&[to]).into_iter().collect());
    }
    take_focus(app, to);
}

fn typed_digit(app: App, event: &KeyboardEvent, typed: &mut Typed) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let key = event.key();
    let targets = app.targets();
    let now = browser::now();
    let layer = Some(app.active.get_untracked());
    let same = typed.on == targets && typed.layer == layer;
    let goes_on = now - typed.at < TYPING_MILLISECONDS && same && !typed.text.is_empty();
    match key.as_str() {
        "Backspace" if goes_on && typed.text.len() > 1 => drop(typed.text.pop()),
        "Backspace" => typed.text.clear(),
        "." | "," if goes_on && !typed.text.contains('.') => typed.text.push('.'),
        digit if digit.len() == 1 && digit.as_bytes().iter().all(u8::is_ascii_digit) => {
            if !goes_on {
                typed.text.clear();
            }
            typed.text.push_str(digit);
        }
        _ => return false,
    }
    if targets.is_empty() || app.is_off(Command::AnnotateScore) {
        return false;
    }
    typed.at = now;
    typed.cell = app.focus.get_untracked();
    typed.on.clone_from(&targets);
    typed.layer = layer;
    let join = App::join_on("typed score", &targets);
    app.edit_joined(&Edit::Score(targets, Score::parse(&typed.text)), Some(join));
    true
}

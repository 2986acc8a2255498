//! Keys, clickers and fingers while presenting. Every key that isn't for presenting is kept from the layer, but those that
//! open the palette and the list of keys.

use super::{Blank, blank, change, go_to, peek, perform};
use crate::app::{
    browser,
    command::Command,
    dom::{El, hear},
    keyboard, run,
    state::App,
};
use leptos::prelude::*;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, KeyboardEvent, PointerEvent};

/// For the list of keys.
pub const KEYS: [(&str, &str); 11] = [
    ("→, Space, Page Down, N", "Next step"),
    ("←, Backspace, Page Up", "Previous step"),
    ("↓, ↑", "Next and previous slide"),
    ("Home, End", "First and last step"),
    ("O", "Overview of slides"),
    ("L", "Pointer"),
    ("B or . , W", "Black screen, white screen"),
    ("S", "Presenter's window"),
    ("T", "Light or dark"),
    ("F", "Full screen, or no more"),
    ("Escape", "Leave"),
];

/// How far a finger goes before it is a swipe, in pixels.
const SWIPE: f64 = 50.0;

/// Listens in a document: the page's, or that of the presenter's window.
pub fn listen(app: App, document: &EventTarget) {
    hear(document, "keydown", Box::new(move |event| handle(app, &event)));
}

fn handle(app: App, event: &Event) {
    // Those of another window are made by that window's class, so asking for ours would miss them.
    let event: &KeyboardEvent = event.unchecked_ref();
    // The dialog in front has its own keys.
    let taken = event.default_prevented() || event.is_composing();
    if taken || app.dialog.with_untracked(Option::is_some) {
        return;
    }
    let key = keyboard::key(event);
    let chorded = event.ctrl_key() || event.meta_key() || event.alt_key();
    if (chorded && key.eq_ignore_ascii_case("k")) || (!chorded && matches!(key.as_str(), "?" | "/")) {
        return;
    }
    // No other key reaches the layer that is behind.
    event.stop_propagation();
    let presses = matches!(key.as_str(), "Enter" | " ") && is_on_button(event);
    let overview = peek(|it| it.as_ref().is_some_and(|it| it.overview));
    if chorded || presses || (overview && walks(event, &key)) {
        return;
    }
    if act(app, &key, overview) {
        event.prevent_default();
    }
}

/// Whether the key means something.
fn act(app: App, key: &str, overview: bool) -> bool {
    let command = match key {
        "ArrowRight" | "PageDown" | " " | "Enter" | "n" | "N" => Command::PresentNext,
        "ArrowLeft" | "PageUp" | "Backspace" => Command::PresentPrevious,
        "ArrowDown" => Command::PresentNextSlide,
        "ArrowUp" => Command::PresentPreviousSlide,
        "o" | "O" => Command::PresentOverview,
        "l" | "L" => Command::PresentPointer,
        "b" | "B" | "." => Command::PresentBlank,
        "s" | "S" => Command::PresentWindow,
        "Escape" if overview => Command::PresentOverview,
        "Escape" => Command::PresentStop,
        _ => {
            match key {
                "Home" => go_to(app, 0),
                "End" => go_to(app, usize::MAX),
                "w" | "W" | "," => blank(app, Blank::White),
                "t" | "T" => run::run(app, Command::ViewTheme),
                "f" | "F" => super::room::switch_full_screen(),
                _ => return false,
            }
            return true;
        }
    };
    perform(app, command);
    true
}

fn is_on_button(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target() else { return false };
    let is_element = js_sys::Reflect::has(&target, &"closest".into()).unwrap_or(false);
    is_element && target.unchecked_into::<Element>().closest("button").ok().flatten().is_some()
}

/// In the overview arrows go from step to step. Whether they did.
fn walks(event: &KeyboardEvent, key: &str) -> bool {
    let by: i32 = match key {
        "ArrowRight" | "ArrowDown" => 1,
        "ArrowLeft" | "ArrowUp" => -1,
        _ => return false,
    };
    event.prevent_default();
    let Ok(all) = browser::document().query_selector_all(".present-overview button") else { return true };
    let active = browser::document().active_element();
    let button = |at: u32| all.item(at).and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok());
    let at = (0..all.length()).find(|at| button(*at).map(web_sys::HtmlElement::into) == active);
    let to = at.map_or(0, |at| at.saturating_add_signed(by)).min(all.length().saturating_sub(1));
    if let Some(button) = button(to) {
        let _ = button.focus();
    }
    true
}

/// A finger that goes sideways, a press, and the pointer.
pub fn listen_to_hand(app: App, room: El) -> El {
    let down: Rc<Cell<Option<(f64, f64)>>> = Rc::default();
    let from = down.clone();
    let place = |event: &PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
    room.on("pointerdown", move |event| {
        let event = event.dyn_ref::<PointerEvent>().filter(|event| event.is_primary() && event.button() == 0);
        down.set(event.filter(|event| !is_on_control(event)).map(place));
    })
    .on("pointerup", move |event| {
        let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
        let (Some((x, y)), to) = (from.take(), place(event)) else { return };
        let (right, down) = (to.0 - x, to.1 - y);
        let sideways = right.abs() > SWIPE && right.abs() > 1.5 * down.abs();
        let tapped_left = event.pointer_type() == "touch" && x < browser::window_size().0 / 4.0;
        let command = match (sideways, right > 0.0) {
            (true, true) => Command::PresentPrevious,
            (true, false) => Command::PresentNext,
            (false, _) if right.abs().max(down.abs()) > SWIPE => return,
            (false, _) if tapped_left => Command::PresentPrevious,
            (false, _) => Command::PresentNext,
        };
        let is_blank = peek(|it| it.as_ref().is_some_and(|it| it.blank.is_some()));
        if is_blank {
            change(app, |it| it.blank = None);
        } else {
            perform(app, command);
        }
    })
}

fn is_on_control(event: &PointerEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("button, .present-overview, .present-bar").ok().flatten().is_some())
}

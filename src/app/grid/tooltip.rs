//! When the tooltip comes and goes: where the pointer rests or the keyboard's focus is, after a moment. It stays while the
//! pointer is on it (WCAG 2.2, 1.4.13). One for all cells; what it says is `components`'.

use super::places::{cell_at, position_of};
use crate::app::{
    browser,
    dom::watch,
    hand::Tip,
    place::Area,
    state::{App, Focus},
};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, Event, HtmlElement, PointerEvent};

/// How long the pointer or the focus rests before the tooltip comes.
const COMES: Duration = Duration::from_millis(500);
/// Time to move the pointer from the cell onto its tooltip.
const GOES: Duration = Duration::from_millis(250);

/// What is about to happen.
#[derive(Default)]
pub struct Waiting {
    over: Option<Focus>,
    comes: Option<TimeoutHandle>,
    goes: Option<TimeoutHandle>,
}

pub fn listen(app: App, host: &HtmlElement) {
    let stage: Element = host.parent_element().unwrap_or_else(|| host.clone().into());
    let on = |name: &str, handle: Box<dyn Fn(Event)>| {
        let closure = Closure::<dyn Fn(Event)>::new(handle);
        let _ = stage.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        closure.forget(); // the stage lives as long as the page
    };
    let of = move |event: &Event| {
        let target = event.target()?.dyn_into::<Element>().ok()?;
        let cell = target.closest(".cell").ok().flatten()?;
        Some((app.focus_at(position_of(&cell)?)?, cell))
    };
    on(
        "pointerover",
        Box::new(move |event| {
            let touch = event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() == "touch");
            if !touch {
                rest_on(app, of(&event).map(|(focus, _)| focus));
            }
        }),
    );
    on("pointerleave", Box::new(move |_| rest_on(app, None)));
    on(
        "focusin",
        Box::new(move |event| match of(&event) {
            Some((focus, cell)) if cell.matches(":focus-visible").unwrap_or(false) => {
                hide_tooltip(app);
                rest_on(app, Some(focus));
            }
            _ => {}
        }),
    );
    on("focusout", Box::new(move |_| rest_on(app, None)));
    on("pointerdown", Box::new(move |_| hide_tooltip(app)));
    // One that is about to come still does: should another cell be under the pointer now, the browser says so.
    on(
        "scroll",
        Box::new(move |_| {
            if app.hand.tip.with_untracked(Option::is_some) {
                hide_for_now(app);
            }
        }),
    );
    watch(move || {
        app.matrices.track();
        hide_for_now(app);
    });
    describe(app);
}

/// The cell that is explained says by what.
fn describe(app: App) {
    let described = StoredValue::new_local(None::<HtmlElement>);
    watch(move || {
        let tip = app.hand.tip.get();
        let cell = tip.and_then(|tip| app.position_of(&tip.of)).and_then(cell_at);
        if let Some(before) = described.get_value() {
            let _ = before.remove_attribute("aria-describedby");
        }
        if let Some(cell) = &cell {
            let _ = cell.set_attribute("aria-describedby", "tooltip");
        }
        described.set_value(cell);
    });
}

/// The pointer or the focus is on this cell, or on none.
fn rest_on(app: App, over: Option<Focus>) {
    let waiting = app.hand.waiting;
    if is_pinned(app) || waiting.with_value(|waiting| waiting.over == over && over.is_some()) {
        return;
    }
    if app.hand.tip.with_untracked(Option::is_some) {
        leave_tooltip(app);
    }
    forget_coming(app);
    let comes = over
        .clone()
        .filter(|_| app.hand.tooltips.get_untracked())
        .and_then(|of| set_timeout_with_handle(move || come(app, of.clone()), COMES).ok());
    waiting.update_value(|waiting| (waiting.over, waiting.comes) = (over, comes));
}

fn come(app: App, of: Focus) {
    let busy = app.hand.menu.with_untracked(Option::is_some)
        || app.hand.note.with_untracked(Option::is_some)
        || app.dialog.with_untracked(Option::is_some)
        || is_pinned(app)
        || browser::document().query_selector("[role=menu], .rubber-band").ok().flatten().is_some();
    if !busy && app.position_of(&of).is_some() {
        stay_tooltip(app);
        app.hand.tip.set(Some(Tip { of, pinned: false }));
    }
}

/// The pointer is on the tooltip: it stays, and no other comes.
pub fn stay_tooltip(app: App) {
    forget_coming(app);
    app.hand.waiting.update_value(|waiting| {
        waiting.over = None;
        if let Some(goes) = waiting.goes.take() {
            goes.clear();
        }
    });
}

/// The pointer has left the tooltip or its cell.
pub fn leave_tooltip(app: App) {
    let goes = set_timeout_with_handle(move || go(app), GOES).ok();
    app.hand.waiting.update_value(|waiting| {
        if let Some(before) = std::mem::replace(&mut waiting.goes, goes) {
            before.clear();
        }
    });
}

/// Takes the tooltip away since what the pointer rests on has moved; it comes again with the pointer's next move.
fn hide_for_now(app: App) {
    hide_tooltip(app);
    app.hand.waiting.update_value(|waiting| waiting.over = None);
}

/// Takes the tooltip away at once, unless it is pinned.
pub fn hide_tooltip(app: App) {
    forget_coming(app);
    go(app);
}

fn go(app: App) {
    if app.hand.tip.with_untracked(|tip| tip.as_ref().is_some_and(|tip| !tip.pinned)) {
        app.hand.tip.set(None);
    }
}

fn forget_coming(app: App) {
    app.hand.waiting.update_value(|waiting| {
        if let Some(comes) = waiting.comes.take() {
            comes.clear();
        }
    });
}

fn is_pinned(app: App) -> bool {
    app.hand.tip.with_untracked(|tip| tip.as_ref().is_some_and(|tip| tip.pinned))
}

/// Where a cell is on the screen.
pub fn area_of(app: App, focus: &Focus) -> Option<Area> {
    let cell = cell_at(app.position_of(focus)?)?.get_bounding_client_rect();
    Some(Area { left: cell.left(), top: cell.top(), width: cell.width(), height: cell.height() })
}

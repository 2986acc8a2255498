//! Dragging a selected technique of the split into the other matrix, which asks for its tiers there. A drag that begins on
//! what is not selected is the grid's own band.

use crate::{
    app::{
        browser,
        dom::{El, el},
        grid::DRAG_STARTS,
        retiering,
        state::App,
    },
    attack::{Tier, TierSet},
};
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, Event, KeyboardEvent, PointerEvent};

/// A press on a selected cell of a split.
struct Held {
    from: (f64, f64),
    pointer: i32,
    tier: Tier,
    words: String,
    drag: Option<Drag>,
}

/// What follows the pointer, and the matrix that it is over.
struct Drag {
    ghost: El,
    over: Option<Tier>,
    /// Scrolls the stage while the pointer is near its upper or lower edge, since the other matrix may be out of sight.
    scrolling: Option<IntervalHandle>,
    at: Rc<Cell<(f64, f64)>>,
}

/// So near to an edge, in pixels, the stage scrolls, by so much every so often.
const EDGE: f64 = 56.0;
const STEP: f64 = 14.0;
const EVERY: Duration = Duration::from_millis(16);

/// Hears of the pointer before the grid does, so that the grid need not know of it.
pub fn listen(app: App) {
    let Some(main) = find(".main") else { return };
    let held: Rc<RefCell<Option<Held>>> = Rc::default();
    let on = |name: &str, handle: Box<dyn Fn(PointerEvent)>| {
        let closure = Closure::<dyn Fn(PointerEvent)>::new(handle);
        let _ = main.add_event_listener_with_callback_and_bool(name, closure.as_ref().unchecked_ref(), true);
        closure.forget(); // the page lives as long
    };
    let down = held.clone();
    on("pointerdown", Box::new(move |event| *down.borrow_mut() = begin(&event)));
    let (moving, stage) = (held.clone(), main.clone());
    on("pointermove", Box::new(move |event| moved(&stage, &moving, &event)));
    let up = held.clone();
    on(
        "pointerup",
        Box::new(move |event| {
            let Some(Held { tier, drag: Some(mut drag), .. }) = up.borrow_mut().take() else { return };
            event.stop_propagation();
            // What is under the pointer may have been scrolled there since it moved.
            drag.show((f64::from(event.client_x()), f64::from(event.client_y())), tier);
            if let Some(to) = drag.over.filter(|to| *to != tier) {
                retiering::ask(app, Some(TierSet::One(to)));
            }
        }),
    );
    let gone = held.clone();
    // The one that the grid is told of is not the pointer's own.
    on(
        "pointercancel",
        Box::new(move |event| {
            if event.is_trusted() {
                drop(gone.borrow_mut().take())
            }
        }),
    );
    let escape = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            held.borrow_mut().take();
        }
    });
    on_cleanup(move || escape.remove());
}

fn find(selector: &str) -> Option<Element> {
    browser::document().query_selector(selector).ok().flatten()
}

fn begin(event: &PointerEvent) -> Option<Held> {
    let plain = !event.shift_key() && !event.ctrl_key() && !event.meta_key() && !event.alt_key();
    if event.button() != 0 || event.pointer_type() == "touch" || !plain {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    if target.closest("[data-action]").ok().flatten().is_some() {
        return None;
    }
    let cell = target.closest(".cell[aria-selected='true']").ok().flatten()?;
    cell.closest(".matrices[data-matrices='2']").ok().flatten()?;
    let tier = tier_of(&cell)?;
    let name = cell.query_selector(".cell-name").ok().flatten().and_then(|name| name.text_content());
    let words = format!("{} {}", cell.get_attribute("data-technique")?, name.unwrap_or_default());
    let from = (f64::from(event.client_x()), f64::from(event.client_y()));
    Some(Held { from, pointer: event.pointer_id(), tier, words, drag: None })
}

/// The tier of the matrix that an element is in.
fn tier_of(element: &Element) -> Option<Tier> {
    let matrix = element.closest("[data-matrix]").ok().flatten()?;
    Tier::from_word(&matrix.get_attribute("data-matrix")?)
}

fn moved(main: &Element, held: &RefCell<Option<Held>>, event: &PointerEvent) {
    let mut held = held.borrow_mut();
    let Some(press) = held.as_mut().filter(|press| press.pointer == event.pointer_id()) else { return };
    if event.buttons() & 1 == 0 {
        *held = None;
        return;
    }
    let to = (f64::from(event.client_x()), f64::from(event.client_y()));
    if press.drag.is_none() && (to.0 - press.from.0).hypot(to.1 - press.from.1) > DRAG_STARTS {
        press.drag = Some(Drag::begin(&press.words));
        // The grid is to forget the press, which would become its band.
        if let (Some(stage), Ok(cancel)) = (find(".stage"), Event::new("pointercancel")) {
            let _ = stage.dispatch_event(&cancel);
        }
        let _ = main.set_pointer_capture(press.pointer);
    }
    let tier = press.tier;
    if let Some(drag) = &mut press.drag {
        event.stop_propagation();
        event.prevent_default();
        drag.show(to, tier);
    }
}

impl Drag {
    fn begin(words: &str) -> Self {
        let ghost = el("div", "tier-ghost").attr("aria-hidden", "true").text(words);
        if let Some(body) = browser::document().body() {
            let _ = body.append_child(ghost.node());
        }
        let at: Rc<Cell<(f64, f64)>> = Rc::default();
        let pointer = at.clone();
        let scrolling = set_interval_with_handle(move || scroll_near(pointer.get()), EVERY).ok();
        Self { ghost, over: None, scrolling, at }
    }

    fn show(&mut self, (x, y): (f64, f64), from: Tier) {
        self.at.set((x, y));
        let style = self.ghost.node().style();
        for (name, value) in [("--left", x + 12.0), ("--top", y + 10.0)] {
            let _ = style.set_property(name, &format!("{value:.0}px"));
        }
        #[allow(clippy::cast_possible_truncation)] // pixels of a screen
        let under = browser::document().element_from_point(x as f32, y as f32);
        let over = under.and_then(|element| tier_of(&element));
        if over != self.over {
            self.over = over;
            unmark();
            let target = over.filter(|to| *to != from);
            if let Some(matrix) = target.and_then(|to| find(&format!("[data-matrix='{}']", to.word()))) {
                let _ = matrix.set_attribute("data-drop", "");
            }
        }
    }
}

fn scroll_near((_, y): (f64, f64)) {
    let Some(stage) = find(".stage") else { return };
    let area = stage.get_bounding_client_rect();
    let by = if y > area.bottom() - EDGE {
        STEP
    } else if y < area.top() + EDGE {
        -STEP
    } else {
        return;
    };
    stage.scroll_by_with_x_and_y(0.0, by);
}

fn unmark() {
    if let Some(matrix) = find("[data-matrix][data-drop]") {
        let _ = matrix.remove_attribute("data-drop");
    }
}

impl Drop for Drag {
    fn drop(&mut self) {
        self.ghost.node().remove();
        if let Some(scrolling) = self.scrolling {
            scrolling.clear();
        }
        unmark();
    }
}

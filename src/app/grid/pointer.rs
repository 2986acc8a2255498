//! Clicks and drags on the matrices: select one, toggle with Ctrl or ⌘, extend with Shift, draw a band around many, click
//! a header for its tactic.

use super::context;
use super::parts::{element, set};
use super::places::{cell_at, position_of};
use crate::{
    app::{command::Command, hand, run, select, selection::Selection, state::App},
    attack::TacticName,
    layer::Target,
    matrix::{Position, between},
};
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{DomRect, Element, HtmlElement, PointerEvent};

/// Pixels that the pointer moves before a click becomes a drag.
pub const DRAG_STARTS: f64 = 5.0;

/// A press that may become a drag.
struct Press {
    from: (f64, f64),
    at: Option<Position>,
    /// On a tactic's header.
    tactic: Option<TacticName>,
    pointer: i32,
    drag: Option<Drag>,
}

struct Drag {
    band: HtmlElement,
    /// Where each cell stood when the drag began.
    cells: Vec<(Position, [f64; 4])>,
    /// What was selected before and stays so.
    before: Selection,
    last: Vec<Position>,
}

pub fn listen(app: App, host: &HtmlElement) {
    let press: Rc<RefCell<Option<Press>>> = Rc::default();
    let stage: Element = host.parent_element().unwrap_or_else(|| host.clone().into());
    let on = |name: &'static str, handle: Box<dyn Fn(PointerEvent)>| {
        let closure = Closure::<dyn Fn(PointerEvent)>::new(handle);
        let _ = stage.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        closure.forget(); // the stage lives as long as the page
    };
    let down = press.clone();
    on(
        "pointerdown",
        Box::new(move |event| {
            *down.borrow_mut() = begin(app, &event);
            if event.pointer_type() == "touch" {
                wait_for_long_press(app, &down, &event);
            }
        }),
    );
    let asked = press.clone();
    on(
        "contextmenu",
        Box::new(move |event| {
            drop(asked.borrow_mut().take());
            context::opened(app, &event);
        }),
    );
    let moving = press.clone();
    let target = stage.clone();
    on("pointermove", Box::new(move |event| moved(app, &target, &moving, &event)));
    let up = press.clone();
    on("pointerup", Box::new(move |event| ended(app, up.borrow_mut().take(), &event)));
    on("pointercancel", Box::new(move |_| drop(press.borrow_mut().take())));
}

fn begin(app: App, event: &PointerEvent) -> Option<Press> {
    if event.button() != 0 {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    let cell = target.closest(".cell").ok().flatten();
    if target.closest("[data-action='toggle-subtechniques']").ok().flatten().is_some() {
        let focus = cell.as_ref().and_then(position_of).and_then(|position| app.focus_at(position));
        event.prevent_default();
        app.focus.set(focus);
        run::run(app, Command::ViewToggleSubtechniques);
        return None;
    }
    let from = (f64::from(event.client_x()), f64::from(event.client_y()));
    Some(Press {
        from,
        at: cell.as_ref().and_then(position_of),
        tactic: context::tactic_of(&target),
        pointer: event.pointer_id(),
        drag: None,
    })
}

/// A finger that neither moves nor goes asks for the menu, and selects nothing when it goes.
fn wait_for_long_press(app: App, press: &Rc<RefCell<Option<Press>>>, event: &PointerEvent) {
    let press = press.clone();
    let pointer = event.pointer_id();
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    set_timeout(
        move || {
            let stays = press.borrow().as_ref().is_some_and(|press| press.pointer == pointer);
            if let (true, Some(target)) = (stays, &target) {
                let at = press.borrow_mut().take().map_or((0.0, 0.0), |press| press.from);
                context::open(app, target, at);
            }
        },
        context::LONG_PRESS,
    );
}

fn moved(app: App, stage: &Element, press: &RefCell<Option<Press>>, event: &PointerEvent) {
    let mut press = press.borrow_mut();
    let Some(pressed) = press.as_mut().filter(|press| press.pointer == event.pointer_id()) else { return };
    let to = (f64::from(event.client_x()), f64::from(event.client_y()));
    let far = (to.0 - pressed.from.0).hypot(to.1 - pressed.from.1) > DRAG_STARTS;
    // A finger that moves scrolls.
    if event.pointer_type() == "touch" {
        if far {
            *press = None;
        }
        return;
    }
    let press = pressed;
    if press.drag.is_none() && far && !app.is_off(Command::SelectTechnique) {
        let _ = stage.set_pointer_capture(press.pointer);
        press.drag = Some(Drag::begin(app, keeps_selection(event)));
    }
    let from = press.from;
    if let Some(drag) = &mut press.drag {
        event.prevent_default();
        drag.show(app, from, to);
    }
}

fn ended(app: App, press: Option<Press>, event: &PointerEvent) {
    let Some(press) = press else { return };
    // Where nothing can be selected a click opens the menu, as in Navigator 5.1.0 (`CTX`).
    if app.is_off(Command::SelectTechnique) {
        hand::unpin(app);
        return context::opened(app, event);
    }
    if let Some(drag) = press.drag {
        drag.band.remove();
        if let Some(last) = drag.last.last() {
            take_focus(app, *last);
        }
        return;
    }
    if let Some(tactic) = press.tactic {
        select::toggle_tactic(app, &tactic);
        return;
    }
    match press.at {
        Some(position) => click(app, position, event),
        None if !keeps_selection(event) => app.selection.set(Selection::default()),
        None => {}
    }
}

fn click(app: App, position: Position, event: &PointerEvent) {
    hand::unpin(app);
    if event.shift_key() {
        let anchor = app.anchor.get_untracked().and_then(|anchor| app.position_of(&anchor));
        select_range(app, anchor.unwrap_or(position), position, event.ctrl_key() || event.meta_key());
        take_focus_keeping_anchor(app, position);
    } else {
        let targets = app.reach(&[position]);
        if event.ctrl_key() || event.meta_key() {
            toggle(app, targets);
        } else {
            app.selection.set(targets.into_iter().collect());
        }
        take_focus(app, position);
    }
}

fn keeps_selection(event: &PointerEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.shift_key()
}

/// Selects everything between two cells, beside what is selected if `adding`.
pub fn select_range(app: App, anchor: Position, to: Position, adding: bool) {
    let positions = app.matrices.with_untracked(|matrices| between(matrices, anchor, to));
    let targets = app.reach(&positions);
    app.selection.update(|selection| {
        if !adding {
            *selection = Selection::default();
        }
        selection.add(targets);
    });
}

/// Takes the targets out if all of them are selected, else selects them too.
pub fn toggle(app: App, targets: Vec<Target>) {
    app.selection.update(|selection| {
        if targets.iter().all(|target| selection.covers(&target.key, target.tier)) {
            selection.remove(targets);
        } else {
            selection.add(targets);
        }
    });
}

/// Gives a cell the focus and makes it the start of ranges.
pub fn take_focus(app: App, position: Position) {
    app.anchor.set(app.focus_at(position));
    take_focus_keeping_anchor(app, position);
}

pub fn take_focus_keeping_anchor(app: App, position: Position) {
    app.focus.set(app.focus_at(position));
    if let Some(cell) = cell_at(position) {
        let _ = cell.focus();
        cell.scroll_into_view_with_scroll_into_view_options(&nearest());
    }
}

fn nearest() -> web_sys::ScrollIntoViewOptions {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
    options
}

impl Drag {
    fn begin(app: App, keeps: bool) -> Self {
        let band = element("div", "rubber-band");
        set(&band, "aria-hidden", "true");
        if let Some(body) = crate::app::browser::document().body() {
            let _ = body.append_child(&band);
        }
        let before = if keeps { app.selection.get_untracked() } else { Selection::default() };
        let positions = app.matrices.with_untracked(|matrices| {
            let mut positions = Vec::new();
            for (matrix, laid) in matrices.iter().enumerate() {
                for (column, cells) in laid.columns.iter().enumerate() {
                    positions.extend((0..cells.cells.len()).map(|row| Position { matrix, column, row }));
                }
            }
            positions
        });
        let edges = |rect: DomRect| [rect.left(), rect.top(), rect.right(), rect.bottom()];
        let cells = positions
            .into_iter()
            .filter_map(|position| Some((position, edges(cell_at(position)?.get_bounding_client_rect()))))
            .collect();
        Self { band, cells, before, last: Vec::new() }
    }

    fn show(&mut self, app: App, from: (f64, f64), to: (f64, f64)) {
        let (left, right) = (from.0.min(to.0), from.0.max(to.0));
        let (top, bottom) = (from.1.min(to.1), from.1.max(to.1));
        let style = self.band.style();
        for (name, value) in [("left", left), ("top", top), ("width", right - left), ("height", bottom - top)] {
            #[allow(clippy::cast_possible_truncation)] // pixels of a screen
            let _ = style.set_property(name, &format!("{}px", value as i32));
        }
        let touches = |edges: &[f64; 4]| edges[0] <= right && edges[2] >= left && edges[1] <= bottom && edges[3] >= top;
        let touched: Vec<Position> =
            self.cells.iter().filter(|(_, edges)| touches(edges)).map(|(position, _)| *position).collect();
        if touched == self.last {
            return;
        }
        let targets = app.reach(&touched);
        let mut selection = self.before.clone();
        selection.add(targets);
        app.selection.set(selection);
        self.last = touched;
    }
}

impl Drop for Drag {
    fn drop(&mut self) {
        self.band.remove();
    }
}

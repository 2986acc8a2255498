//! Dragging a tab to another place. Where it comes to stand is seen at once; what moves it is `layers`'.

use crate::app::{
    layers,
    state::{App, TabId},
};
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, HtmlElement, PointerEvent};

/// A press that moves less is a click.
const SLACK: i32 = 6;

struct Drag {
    id: TabId,
    from: i32,
    moves: bool,
}

pub fn listen(app: App, list: &HtmlElement) {
    let drag: Rc<RefCell<Option<Drag>>> = Rc::default();
    let (begun, ended) = (drag.clone(), drag.clone());
    let press = Closure::<dyn Fn(PointerEvent)>::new(move |event: PointerEvent| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let tab = element.and_then(|element| element.closest("[role=tab]").ok().flatten());
        let id = tab.and_then(|tab| tab.get_attribute("data-layer")).filter(|_| event.button() == 0);
        *begun.borrow_mut() = id.map(|id| Drag { id: id.into(), from: event.client_x(), moves: false });
    });
    let _ = list.add_event_listener_with_callback("pointerdown", press.as_ref().unchecked_ref());
    press.forget(); // the list lives as long as the page
    let row = StoredValue::new_local(list.clone());
    let moved = window_event_listener(leptos::ev::pointermove, move |event| {
        let mut drag = drag.borrow_mut();
        let Some(drag) = drag.as_mut() else { return };
        drag.moves |= (event.client_x() - drag.from).abs() > SLACK;
        if drag.moves {
            row.with_value(|row| {
                let _ = row.set_attribute("data-dragging", "true");
                layers::move_to(app, &drag.id, place(row, &drag.id, f64::from(event.client_x())));
            });
        }
    });
    let end = move |_: PointerEvent| {
        ended.borrow_mut().take();
        row.with_value(|row| drop(row.remove_attribute("data-dragging")));
    };
    let released = window_event_listener(leptos::ev::pointerup, end.clone());
    let stopped = window_event_listener(leptos::ev::pointercancel, end);
    on_cleanup(move || {
        moved.remove();
        released.remove();
        stopped.remove();
    });
}

/// So many of the other tabs have their middle left of the pointer.
fn place(row: &HtmlElement, id: &str, x: f64) -> usize {
    let Ok(tabs) = row.query_selector_all("[role=tab]") else { return 0 };
    let elements = (0..tabs.length()).filter_map(|at| tabs.item(at)?.dyn_into::<Element>().ok());
    let others = elements.filter(|tab| tab.get_attribute("data-layer").as_deref() != Some(id));
    let middle = |tab: &Element| {
        let bounds = tab.get_bounding_client_rect();
        bounds.left() + bounds.width() / 2.0
    };
    others.filter(|tab| middle(tab) < x).count()
}

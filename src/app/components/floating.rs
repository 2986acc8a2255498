//! What stands beside a cell or at the pointer and has to know its own size before it knows its place.

use crate::app::{browser, dom::El};
use leptos::prelude::*;
use web_sys::HtmlElement;

/// Works out left and top from its size and the window's.
pub type Place = Box<dyn Fn((f64, f64), (f64, f64)) -> (f64, f64)>;

/// Puts it there as soon as it is in the page, before it is painted; then goes on, with the element.
pub fn floating(element: El, place: Place, then: impl FnOnce(&HtmlElement) + 'static) -> El {
    let node = element.node().clone();
    queue_microtask(move || {
        let area = node.get_bounding_client_rect();
        let (left, top) = place((area.width(), area.height()), browser::window_size());
        for (name, value) in [("--left", left), ("--top", top)] {
            #[allow(clippy::cast_possible_truncation)] // pixels of a screen
            let _ = node.style().set_property(name, &format!("{}px", value.round() as i32));
        }
        then(&node);
    });
    element
}

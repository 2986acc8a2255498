//! Charts as elements: what they show is `export`'s.

use super::icon::element;
use crate::{
    app::dom::{El, el, key_of},
    export::{Bar, Shape},
};
use std::rc::Rc;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, Event};

/// What is done with the bar that was chosen.
pub type Chosen = Rc<dyn Fn(&Bar)>;

/// The chart in an element of its own. Its bars are chosen with the pointer, or with Enter or Space.
pub fn chart(shape: &Shape, chosen: &Chosen) -> El {
    el("div", "chart-place").raw(&drawn(shape, chosen))
}

fn drawn(shape: &Shape, chosen: &Chosen) -> Element {
    let attributes: Vec<(&str, &str)> = shape.attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let drawn = element(shape.tag, &attributes);
    if !shape.text.is_empty() {
        drawn.set_text_content(Some(&shape.text));
    }
    for child in &shape.children {
        let _ = drawn.append_child(&self::drawn(child, chosen));
    }
    if let Some(bar) = &shape.stands_for {
        for event in ["click", "keydown"] {
            let (bar, chosen) = (bar.clone(), Rc::clone(chosen));
            let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                if event.type_() == "keydown" && !matches!(key_of(&event).as_str(), "Enter" | " ") {
                    return;
                }
                event.prevent_default();
                chosen(&bar);
            });
            let _ = drawn.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
            // The browser's own collector frees it with the element.
            let _ = listener.into_js_value();
        }
    }
    drawn
}

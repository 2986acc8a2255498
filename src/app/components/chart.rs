//! Charts as elements: what they show is `export`'s.

use super::icon::element;
use crate::{
    app::{
        browser,
        dom::{El, button, el, key_of},
        state::App,
    },
    export::{Bar, Chart, Shape, file_name, svg_file},
};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, Event};

/// What is done with the bar that was chosen.
pub type Chosen = Rc<dyn Fn(&Bar)>;

/// The chart in an element of its own. Its bars are chosen with the pointer, or with Enter or Space.
pub fn chart(chart: &Chart, chosen: &Chosen) -> El {
    el("div", "chart-place").raw(&drawn(&chart.shape, chosen))
}

/// What a chart becomes a file with: its title, and what is said of it.
pub struct Figure {
    pub chart: Chart,
    pub title: &'static str,
    pub about: Vec<String>,
}

/// The button that hands the chart over as a file.
pub fn export_button(app: App, figure: impl Fn() -> Option<Figure> + 'static) -> El {
    let export = move || {
        let Some(Figure { chart, title, about }) = untrack(&figure) else { return };
        let name = app.with_layer_untracked(|layer| layer.name.clone());
        let name = file_name(&format!("{name} {}", title.to_lowercase()), "svg");
        let text = svg_file(&chart, title, &about);
        match browser::download(&name, "image/svg+xml", browser::Content::Text(&text)) {
            Ok(()) => app.say(format!("Exported \"{name}\".")),
            Err(error) => app.complain(error),
        }
    };
    button("button small").attr("data-action", "export-chart").text("Export chart (SVG)").on_click(export)
}

/// What is shown, on which bundle, and when.
pub fn about_layer(app: App, name: &str) -> String {
    let release = app.knowledge.with(|knowledge| knowledge.release.words());
    format!("{name}. {release}. {}.", browser::today())
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

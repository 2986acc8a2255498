//! The legend's editor: a row for each colour with its words. Rows of a file that are neither stay out of sight and where
//! they are.

use super::{
    color_field::{Names, color_fields},
    colors_panel::{focus_mover, part},
    control::{command_button, icon_action},
    icon::Icon,
};
use crate::{
    app::{
        browser,
        command::Command,
        dom::{El, derived, el, value_of},
        state::App,
    },
    layer::{Color, Edit, LegendItem, legend_with_moved},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The legend that is edited.
#[derive(Clone, Copy)]
struct Editor {
    app: App,
}

pub fn legend_editor(app: App) -> El {
    let editor = Editor { app };
    // Only a row more or less makes the rows anew: whoever types in one must not lose it.
    let places = move || {
        let is_item = |(at, item): (usize, &LegendItem)| matches!(item, LegendItem::Item { .. }).then_some(at);
        app.with_layer(|layer| layer.legend.iter().enumerate().filter_map(is_item).collect::<Vec<usize>>())
    };
    let key = derived(move || places().iter().map(|at| format!("{at} ")).collect::<String>());
    let rows = el("ol", "legend-rows").holds(move || {
        key.track();
        let places = untrack(places);
        let beside = |at: Option<usize>| at.and_then(|at| places.get(at)).copied();
        let row = |(nth, at): (usize, &usize)| editor.row(*at, beside(nth.checked_sub(1)), beside(Some(nth + 1)));
        places.iter().enumerate().map(row).collect()
    });
    let none = el("p", "muted")
        .has("hidden", move || key.with(|key| !key.is_empty()).then(String::new))
        .text("A legend says what the colours mean; it stands below the matrix and in the file.");
    let run = |command, words: &str| command_button(app, command, "button").text(words);
    let clear =
        run(Command::LegendClear, "Clear").has("disabled", move || key.with(String::is_empty).then(String::new));
    let actions = el("div", "actions").children([
        run(Command::LegendAdd, "Add"),
        run(Command::LegendFromGradient, "From gradient"),
        run(Command::LegendFromColors, "From colours used"),
        clear,
    ]);
    part("Legend", [none, rows, actions])
}

impl Editor {
    fn set(self, next: Vec<LegendItem>, join: Option<String>) {
        self.app.edit_joined(&Edit::Legend(next), join);
    }

    fn change(self, at: usize, what: &str, change: impl FnOnce(&mut Color, &mut String)) {
        let mut next = self.app.layer.get_untracked().legend.clone();
        if let Some(LegendItem::Item { color, label, .. }) = next.get_mut(at) {
            change(color, label);
        }
        self.set(next, Some(format!("legend {what} {at}")));
    }

    fn color(self, at: usize) -> Option<Color> {
        self.app.with_layer(|layer| match layer.legend.get(at) {
            Some(LegendItem::Item { color, .. }) => Some(color.clone()),
            _ => None,
        })
    }

    fn label(self, at: usize) -> String {
        self.app.with_layer(|layer| match layer.legend.get(at) {
            Some(LegendItem::Item { label, .. }) => label.clone(),
            _ => String::new(),
        })
    }

    fn row(self, at: usize, before: Option<usize>, after: Option<usize>) -> El {
        let names = Names { chooser: "legend-color", text: "legend-color-text", label: "Colour in the legend" };
        let set = move |color: Option<Color>, _| {
            if let Some(new) = color {
                self.change(at, "colour", |color, _| *color = new);
            }
        };
        let [chooser, text, error] = color_fields(&names, move || self.color(at), set);
        let label = el("input", "")
            .attr("type", "text")
            .attr("data-field", "legend-label")
            .attr("placeholder", "What it means")
            .attr("aria-label", "What the colour means")
            .kept(move |element| {
                let wanted = self.label(at);
                let input: &HtmlInputElement = element.unchecked_ref();
                if input.value() != wanted {
                    input.set_value(&wanted);
                }
            })
            .on("input", move |event| {
                let words = value_of(&event);
                self.change(at, "label", |_, label| *label = words);
            });
        let shift = move |to: Option<usize>, back: bool, class: &str, words: &str| {
            let button = icon_action(&format!("icon-button small {class}"), words, Icon::Chevron, move || {
                self.set(legend_with_moved(&self.app.layer.get_untracked().legend, at, back), None);
                focus_mover(&format!("[data-legend-row='{}']", to.unwrap_or(at)), back);
            });
            if to.is_none() { button.attr("disabled", "") } else { button }
        };
        let remove = icon_action("icon-button small", "Remove from the legend", Icon::Close, move || {
            let mut next = self.app.layer.get_untracked().legend.clone();
            if at < next.len() {
                next.remove(at);
            }
            self.set(next, None);
            browser::focus_soon("[data-command='legend.add']");
        });
        el("li", "legend-row").attr("data-legend-row", &at.to_string()).children([
            chooser,
            label,
            text,
            shift(before, true, "up", "Move up"),
            shift(after, false, "down", "Move down"),
            remove,
            error,
        ])
    }
}

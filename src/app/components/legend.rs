//! What the colours mean, beside the matrices and never over them: the gradient in the bottom bar, and the layer's own
//! legend in a line above it, which is there only if the layer has one. How they are edited is `colors_panel`'s.

use super::{
    color_field::{gradient_strip, paint, score_words},
    control::{command_button, icon_button},
    icon::Icon,
};
use crate::{
    app::{
        command::Command,
        dom::{El, el},
        state::App,
    },
    layer::LegendItem,
};
use leptos::prelude::*;
use std::cell::RefCell;

/// The gradient with its ends; a press opens its editor.
pub fn scale(app: App) -> El {
    let low = move || app.with_layer(|layer| score_words(layer.gradient.minimum));
    let high = move || app.with_layer(|layer| score_words(layer.gradient.maximum));
    command_button(app, Command::LayerColors, "scale")
        .attr("data-region", "scale")
        .has("hidden", move || (!app.legend.get()).then(String::new))
        .child(&heard("Gradient from "))
        .child(&el("b", "").says(low))
        .child(&gradient_strip(app))
        .child(&heard(" to "))
        .child(&el("b", "").says(high))
        .child(&heard(": edit gradient and legend"))
}

/// Words that the eye doesn't need.
fn heard(words: &str) -> El {
    el("span", "visually-hidden").text(words)
}

/// The layer's legend.
pub fn legend(app: App) -> El {
    let is_empty =
        move || app.with_layer(|layer| !layer.legend.iter().any(|item| matches!(item, LegendItem::Item { .. })));
    // Most edits leave the legend as it is.
    let shown = RefCell::new(Vec::new());
    let list = el("ul", "legend-items").kept(move |element| {
        app.with_layer(|layer| {
            if *shown.borrow() != layer.legend {
                element.set_text_content(None);
                for line in layer.legend.iter().filter_map(line) {
                    let _ = element.append_child(line.node());
                }
                shown.borrow_mut().clone_from(&layer.legend);
            }
        });
    });
    el("section", "legend-bar")
        .attr("aria-label", "Legend")
        .attr("data-region", "legend")
        .has("hidden", move || (!app.legend.get() || is_empty()).then(String::new))
        .child(&list)
        .child(&command_button(app, Command::LayerColors, "legend-edit").text("Edit"))
        .child(
            &icon_button(app, Command::ViewLegend, Icon::Close).attr("aria-label", "Hide the gradient and the legend"),
        )
}

/// A line of a legend.
pub fn line(item: &LegendItem) -> Option<El> {
    let LegendItem::Item { color, label, .. } = item else { return None };
    let sign = el("span", "legend-color").attr("aria-hidden", "true");
    paint(&sign, "--swatch", &color.hex8());
    let words = if label.trim().is_empty() { color.as_str() } else { label };
    Some(el("li", "").child(&sign).child(&el("span", "").text(words)))
}

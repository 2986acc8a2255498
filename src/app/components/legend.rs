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
        dom::{El, derived, el},
        state::App,
    },
    layer::LegendItem,
};
use leptos::prelude::*;

/// The gradient with its ends; a press opens its editor.
pub fn scale(app: App) -> El {
    let gradient = derived(move || app.layer.with(|layer| layer.gradient.clone()));
    let low = move || gradient.with(|gradient| score_words(gradient.minimum));
    let high = move || gradient.with(|gradient| score_words(gradient.maximum));
    command_button(app, Command::LayerColors, "scale")
        .attr("data-region", "scale")
        .has("hidden", move || (!app.legend.get()).then(String::new))
        .child(&heard("Gradient from "))
        .child(&el("b", "").says(low))
        .child(&gradient_strip(gradient))
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
    let items = derived(move || app.layer.with(|layer| layer.legend.clone()));
    let is_empty = move || items.with(|items| !items.iter().any(|item| matches!(item, LegendItem::Item { .. })));
    let list = el("ul", "legend-items").holds(move || items.get().iter().filter_map(line).collect());
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

fn line(item: &LegendItem) -> Option<El> {
    let LegendItem::Item { color, label, .. } = item else { return None };
    let sign = el("span", "legend-color").attr("aria-hidden", "true");
    paint(&sign, "--swatch", &color.hex8());
    let words = if label.trim().is_empty() { color.as_str() } else { label };
    Some(el("li", "").child(&sign).child(&el("span", "").text(words)))
}

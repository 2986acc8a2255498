//! The gradient as colour-blind eyes see it, and advice where scores can't be read from it then.

use super::{color_field::strip, colors_panel::part, control::command_button};
use crate::{
    app::{
        command::Command,
        dom::{El, derived, el},
        state::App,
    },
    layer::{Color, Gradient, Score, VISIONS, Vision},
};
use leptos::prelude::*;

/// So many colours of the gradient are shown.
const SHOWN: usize = 24;

pub fn vision_check(app: App) -> El {
    let gradient = derived(move || app.with_layer(|layer| layer.gradient.clone()));
    let lines = el("div", "visions").holds(move || {
        let gradient = gradient.get();
        VISIONS.iter().map(|vision| line(vision, &gradient)).collect()
    });
    let advice = el("div", "vision-advice").attr("role", "status").holds(move || advice(app, &gradient.get()));
    part("Colour blindness", [lines, advice])
}

fn line(vision: &Vision, gradient: &Gradient) -> El {
    let fault = vision.fault(gradient);
    let strip = strip(&seen(vision, gradient).map(|[red, green, blue]| Color::from_rgba([red, green, blue, 255])));
    let words = fault.map_or("can be read", |fault| fault.words());
    el("div", "vision")
        .attr("data-vision", vision.word)
        .attr("data-fault", if fault.is_some() { "true" } else { "false" })
        .child(&strip)
        .child(&el("b", "").text(vision.title))
        .child(&el("span", "muted").text(&format!(" ({}): {words}", vision.word)))
}

fn seen(vision: &Vision, gradient: &Gradient) -> [[u8; 3]; SHOWN] {
    std::array::from_fn(|at| {
        #[allow(clippy::cast_precision_loss)]
        let part = at as f64 / (SHOWN - 1) as f64;
        let score = Score::new(gradient.score_at_share(part));
        vision.sees(score.map_or([255; 3], |score| gradient.color_of(score)))
    })
}

/// A gradient that every eye can read: one that diverges for one of three colours or more, else one that grows darker.
fn advice(app: App, gradient: &Gradient) -> Vec<El> {
    if VISIONS.iter().all(|vision| vision.fault(gradient).is_none()) {
        return Vec::new();
    }
    let command = if gradient.colors.len() > 2 { Command::GradientOrangeBlue } else { Command::GradientPaleBlue };
    let name = command.preset().map_or("", |preset| preset.title);
    vec![
        el("p", "muted").text(&format!("{name} can be read by every eye.")),
        command_button(app, command, "button").text(&format!("Use {}", name.to_lowercase())),
    ]
}

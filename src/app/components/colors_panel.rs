//! The panel beside the matrices in which gradient, legend and tactic row get their colours. It is a dialog that keeps
//! nothing out of reach: each change is seen in the matrices at once.

use super::{
    color_field::{Names, color_fields, swatch},
    control::{command_button, icon_action},
    gradient_editor::gradient_editor,
    icon::Icon,
    legend_editor::legend_editor,
    vision_check::vision_check,
};
use crate::{
    app::{
        browser,
        command::Command,
        dom::{El, el, key_of},
        state::App,
    },
    layer::{Color, Edit, TACTIC_ROW_SWATCHES},
};

pub fn colors_panel(app: App) -> El {
    let close = icon_action("icon-button", "Close", Icon::Close, move || app.close_colors(false));
    let content = el("div", "inspector-content").children([
        gradient_editor(app),
        vision_check(app),
        legend_editor(app),
        part("Tactic row", [tactic_row(app)]),
    ]);
    el("div", "inspector colors-panel")
        .attr("role", "dialog")
        .attr("aria-label", "Colours")
        .attr("data-panel", "colors")
        .child(&el("h2", "").text("Colours"))
        .child(&content)
        .child(&close)
        .on("keydown", move |event| {
            if key_of(&event) == "Escape" {
                event.prevent_default();
                app.close_colors(false);
            }
        })
}

/// A part of the panel with a title.
pub fn part(title: &str, content: impl IntoIterator<Item = El>) -> El {
    el("section", "part").child(&el("h3", "").text(title)).children(content)
}

/// Gives the focus to the button of a row that moves it further the same way, or, at an end, back again.
pub fn focus_mover(row: &str, back: bool) {
    browser::focus_soon(&if back {
        format!("{row} .up:not(:disabled), {row} .down")
    } else {
        format!("{row} .down:not(:disabled), {row} .up:has(+ .down:disabled)")
    });
}

fn tactic_row(app: App) -> El {
    let show = command_button(app, Command::ViewTacticRowBackground, "button")
        .text("Show a background")
        .is("aria-pressed", move || app.with_layer(|layer| layer.display.show_tactic_row_background));
    let current = move || app.with_layer(|layer| Color::parse(&layer.display.tactic_row_background).ok());
    let choice = |(text, name): (&'static str, &'static str)| {
        let color = Color::parse(text).ok();
        let own = color.as_ref().map(Color::rgba);
        let swatch = color.map_or_else(|| el("span", ""), |color| swatch(&color, name));
        swatch
            .is("aria-pressed", move || current().map(|color| color.rgba()) == own)
            .on_click(move || set_tactic_row(app, text))
    };
    let names = Names { chooser: "tactic-color", text: "tactic-color-text", label: "Colour of the tactic row" };
    let set = move |color: Option<Color>, _| {
        if let Some(color) = color {
            set_tactic_row(app, color.as_str());
        }
    };
    let [chooser, text, error] = color_fields(&names, current, set);
    let swatches = el("div", "swatches").children(TACTIC_ROW_SWATCHES.map(choice)).child(&chooser).child(&text);
    el("div", "tactic-row").children([show, swatches, error])
}

/// Who chooses a colour means to see it.
fn set_tactic_row(app: App, color: &str) {
    let mut display = app.with_layer_untracked(|layer| layer.display.clone());
    display.tactic_row_background = color.to_owned();
    display.show_tactic_row_background = true;
    app.edit_joined(&Edit::Display(Box::new(display)), Some("tactic row".to_owned()));
}

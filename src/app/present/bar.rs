//! The controls of a presentation: at its lower edge, seen while the pointer moves or one of them has the focus.

use crate::app::{
    command::Command,
    components::{command_button, svg_element},
    dom::{El, el},
    state::App,
};
use web_sys::Element;

pub fn bar(app: App) -> El {
    let control = |command: Command, path: &str| {
        command_button(app, command, "present-control").attr("aria-label", command.title()).raw(&drawn(path))
    };
    let pressed = move |of: fn(&super::Presenting) -> bool| {
        move || super::with(app, |presenting| presenting.as_ref().is_some_and(of))
    };
    el("div", "present-bar").attr("role", "toolbar").attr("aria-label", "Presentation").children([
        control(Command::PresentPrevious, "M14.5 5l-7 7 7 7"),
        control(Command::PresentNext, "M9.5 5l7 7-7 7"),
        control(Command::PresentOverview, "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z")
            .is("aria-pressed", pressed(|it| it.overview)),
        control(Command::PresentPointer, "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v2M12 19v2M3 12h2M19 12h2")
            .is("aria-pressed", pressed(|it| it.pointer)),
        control(Command::PresentBlank, "M3 5h18v12H3zM9 20.5h6").is("aria-pressed", pressed(|it| it.blank.is_some())),
        control(Command::PresentWindow, "M3 9h12v10H3zM9 9V4h12v10h-6"),
        control(Command::PresentStop, "M6 6l12 12M18 6 6 18"),
    ])
}

/// 24 units wide, as the app's other icons.
fn drawn(path: &str) -> Element {
    let svg = svg_element("svg", &[("class", "icon"), ("viewBox", "0 0 24 24"), ("aria-hidden", "true")]);
    let _ = svg.append_child(&svg_element("path", &[("d", path)]));
    svg
}

//! Controls that run commands. They know whether their command can be run, and are made so from the table.

use super::icon::Icon;
use crate::app::{
    command::Command,
    dom::{El, button, el},
    run,
    state::App,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

/// What a key chord's parts are called where a keyboard says something else. Within a key's name no line is broken.
const KEY_WORDS: [(&str, &str); 6] = [
    ("Delete", "Del"),
    ("PageDown", "Page\u{a0}Down"),
    ("PageUp", "Page\u{a0}Up"),
    ("ArrowLeft", "←"),
    ("ArrowRight", "→"),
    ("ContextMenu", "Menu\u{a0}key"),
];

/// How a key chord is written for people: ⌘ on a Mac, `Ctrl` elsewhere.
pub fn chord_words(chord: &str) -> String {
    let mac = crate::app::browser::window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac"));
    let words = KEY_WORDS.iter().fold(chord.to_owned(), |chord, (key, word)| chord.replace(key, word));
    if mac { words.replace("Ctrl+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥") } else { words }
}

/// Title and first key of a command, for a tooltip.
pub fn hint(command: Command) -> String {
    match command.keys().first() {
        Some(key) => format!("{} ({})", command.title(), chord_words(key)),
        None => command.title().to_owned(),
    }
}

/// A button that runs a command; disabled while the command makes no sense.
pub fn command_button(app: App, command: Command, class: &str) -> El {
    button(class)
        .attr("data-command", command.id())
        .attr("title", &hint(command))
        .has("disabled", move || command.disabled(app.situation.get()).map(str::to_owned))
        .on_click(move || run::run(app, command))
}

/// One with an icon and no words.
pub fn icon_button(app: App, command: Command, icon: Icon) -> El {
    command_button(app, command, "icon-button").attr("aria-label", command.title()).raw(&icon.draw())
}

/// A small button with an icon that does something that is no command by itself.
pub fn icon_action(class: &str, label: &str, icon: Icon, action: impl Fn() + 'static) -> El {
    bare_icon_action(class, label, icon).on_click(action)
}

fn bare_icon_action(class: &str, label: &str, icon: Icon) -> El {
    button(class).attr("aria-label", label).attr("title", label).raw(&icon.draw())
}

/// One of several of which just one is pressed.
pub fn segment(app: App, command: Command, label: &str, pressed: impl Fn() -> bool + 'static) -> El {
    command_button(app, command, "segment").text(label).is("aria-pressed", pressed)
}

/// Whether the box that an event is about is checked.
pub fn is_checked(event: &Event) -> bool {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| input.checked())
}

/// One of several choices, with more about it.
pub fn radio(
    name: &str,
    value: &str,
    words: &str,
    more: &str,
    on: impl Fn() -> bool + 'static,
    choose: impl Fn() + 'static,
) -> El {
    let input = el("input", "")
        .attr("type", "radio")
        .attr("name", name)
        .attr("value", value)
        .attr("data-field", name)
        .kept(move |element| element.unchecked_ref::<HtmlInputElement>().set_checked(on()))
        .on("change", move |_| choose());
    let mut text = el("span", "").text(words);
    if !more.is_empty() {
        text = text.child(&el("span", "muted").text(&format!(": {more}")));
    }
    el("label", "check").child(&input).child(&text)
}

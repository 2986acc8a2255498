//! A button that opens a menu of commands, after the WAI-ARIA menu button pattern.

use super::{control::chord_words, icon::Icon};
use crate::app::{
    browser,
    command::Command,
    dom::{El, button, el, key_of},
    run,
    state::App,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

/// Whether a menu's line is on.
pub type Checked = Box<dyn Fn() -> bool>;

/// A line of a menu.
pub enum Item {
    Run(Command),
    /// On or off by itself.
    Check(Command, Checked),
    /// One of a group.
    Choice(Command, Checked),
    /// A line between groups, with what the next group is about.
    Group(&'static str),
}

/// What a menu's button looks like.
pub struct Look {
    pub label: &'static str,
    pub class: &'static str,
    pub icon: Option<Icon>,
    /// What the button says instead of its label, where that changes.
    pub words: Option<Box<dyn Fn() -> String>>,
}

impl Look {
    pub fn quiet(label: &'static str) -> Self {
        Self { label, class: "quiet", icon: None, words: None }
    }
}

/// `items` are asked for each time the menu opens.
pub fn menu(app: App, look: Look, items: impl Fn() -> Vec<Item> + 'static) -> El {
    let open = RwSignal::new(false);
    let Look { label, class, icon, words } = look;
    let name = match words {
        Some(words) => el("span", "").says(words),
        None => el("span", "").text(label),
    };
    let mut opener = button("menu-button").attr("aria-haspopup", "menu").is("aria-expanded", move || open.get());
    if let Some(icon) = icon {
        opener = opener.raw(&icon.draw());
    }
    let opener = opener
        .child(&name)
        .raw(&Icon::Chevron.draw())
        .on_click(move || if open.get_untracked() { open.set(false) } else { show(open) });
    let place = el("div", "menu-place").holds(move || {
        if !open.get() {
            return Vec::new();
        }
        let lines = items().into_iter().map(|item| line(app, item, open));
        vec![el("div", "menu-list").attr("role", "menu").attr("aria-label", label).children(lines)]
    });
    let root = el("div", &format!("menu {class}")).child(&opener).child(&place);
    close_on_press_outside(root.node(), open);
    let element = root.node().clone();
    root.on("keydown", move |event| handle_key(&event, open, &element))
}

fn show(open: RwSignal<bool>) {
    open.set(true);
    browser::focus_soon("[role=menu] [role^=menuitem]:not(:disabled)");
}

fn close_on_press_outside(root: &HtmlElement, open: RwSignal<bool>) {
    let root = StoredValue::new_local(root.clone());
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let inside = target.is_some_and(|target| root.with_value(|root| root.contains(Some(&target))));
        if open.get_untracked() && !inside {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
}

fn line(app: App, item: Item, open: RwSignal<bool>) -> El {
    let (command, role, checked) = match item {
        Item::Run(command) => (command, "menuitem", None),
        Item::Check(command, checked) => (command, "menuitemcheckbox", Some(checked)),
        Item::Choice(command, checked) => (command, "menuitemradio", Some(checked)),
        Item::Group(title) => return el("div", "menu-group").attr("role", "presentation").text(title),
    };
    let available = command.available(app.situation.get_untracked());
    let mut line = button("menu-item").attr("role", role).attr("tabindex", "-1").attr("data-command", command.id());
    if let Some(checked) = checked {
        line = line.attr("aria-checked", if untrack(checked) { "true" } else { "false" });
    }
    if !available {
        line = line.attr("disabled", "");
    }
    let line = line.child(&el("span", "menu-check").attr("aria-hidden", "true"));
    let mut line = line.child(&el("span", "menu-title").text(command.title()));
    if let Some(key) = command.keys().first() {
        line = line.child(&el("kbd", "").text(&chord_words(key)));
    }
    line.on_click(move || {
        open.set(false);
        run::run(app, command);
    })
}

fn handle_key(event: &Event, open: RwSignal<bool>, root: &HtmlElement) {
    match (key_of(event).as_str(), open.get_untracked()) {
        ("ArrowDown", false) => show(open),
        ("Escape", true) => {
            open.set(false);
            focus(root.query_selector(".menu-button").ok().flatten());
        }
        ("ArrowDown", true) => step(root, 1),
        ("ArrowUp", true) => step(root, -1),
        ("Tab", true) => {
            open.set(false);
            return;
        }
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

fn step(root: &HtmlElement, by: i32) {
    let Ok(items) = root.query_selector_all("[role^=menuitem]:not(:disabled)") else { return };
    let count = i32::try_from(items.length()).unwrap_or(0);
    let active = browser::document().active_element();
    let item = |at: i32| items.item(u32::try_from(at).unwrap_or(0)).and_then(|node| node.dyn_into::<Element>().ok());
    let at = (0..count).find(|at| item(*at) == active).unwrap_or(-by.min(0) - 1);
    if count > 0 {
        focus(item((at + by).rem_euclid(count)));
    }
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

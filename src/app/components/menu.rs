//! Menus of commands, after the WAI-ARIA menu pattern: opened by a button, or anywhere by `context_menu`.

use super::{color_field::strip, control::chord_words, icon::Icon};
use crate::{
    app::{
        browser,
        command::Command,
        dom::{El, button, el, key_of},
        rest::{self, Part},
        run,
        state::App,
    },
    layer::{Preset, is_safe_url},
};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// Whether a menu's line is on.
pub type Checked = Box<dyn Fn() -> bool>;

/// A line of a menu.
pub enum Item {
    Run(Command),
    /// On or off by itself.
    Check(Command, Checked),
    /// One of a group.
    Choice(Command, Checked),
    /// A ready gradient, one of a group.
    Gradient(Command, Checked, Preset),
    /// One of a group that is no command by itself, because there are as many as the user has made.
    Other {
        title: String,
        checked: bool,
        run: Box<dyn Fn()>,
    },
    /// A line between groups, with what the next group is about.
    Group(&'static str),
    /// What the menu is about.
    Head(String),
    /// A command of which the menu knows whether it can be run where it was opened.
    Here(Command, bool),
    /// A page elsewhere; an address that can't be followed is shown as text.
    Link {
        label: String,
        url: String,
    },
    Divider,
}

/// The ways to select that every menu about selecting begins with.
pub const SELECT_COMMANDS: [Command; 8] = [
    Command::SelectAll,
    Command::SelectNone,
    Command::SelectInvert,
    Command::SelectAnnotated,
    Command::SelectUnannotated,
    Command::SelectTactic,
    Command::SelectTacticNone,
    Command::SelectByColor,
];

/// The menus of the bars. What is in one is asked for when it opens, and is no part of the first visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Layout,
    Show,
    Sort,
    Colors,
    Tiers,
    Select,
    Annotate,
    Layer,
    Export,
    AllLayers,
    Bundles,
}

/// What happens when a command of a menu is chosen; with none, a page was.
pub type Choose = Rc<dyn Fn(Option<Command>)>;

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

pub fn menu(app: App, look: Look, which: Which) -> El {
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
    let opener = opener.child(&name).raw(&Icon::Chevron.draw()).on_click(move || open.update(|open| *open = !*open));
    let place = el("div", "menu-place").holds(move || {
        if !open.get() {
            return Vec::new();
        }
        let choose: Choose = Rc::new(move |command| {
            open.set(false);
            if let Some(command) = command {
                run::run(app, command);
            }
        });
        let lines = rest::part(app, Part::Menu { label, which, choose });
        // They may come a while after the menu was opened.
        if !lines.is_empty() {
            browser::focus_soon("[role=menu] [role^=menuitem]:not(:disabled)");
        }
        lines
    });
    let root = el("div", &format!("menu {class}")).attr("data-menu-of", label).child(&opener).child(&place);
    let outside = root.node().clone();
    close_on_press_outside(move |target| outside.contains(Some(target)), move || open.set(false));
    let element = root.node().clone();
    root.on("keydown", move |event| handle_key(&event, open, &element))
}

/// The menu itself, without what opens it.
pub fn list(app: App, label: &str, items: Vec<Item>, choose: &Choose) -> El {
    let lines = there(app, items).into_iter().map(|item| line(app, item, choose));
    el("div", "menu-list").attr("role", "menu").attr("aria-label", label).children(lines)
}

/// The lines that are not switched off, without the titles of what is empty then.
fn there(app: App, items: Vec<Item>) -> Vec<Item> {
    let is_off = |item: &Item| match item {
        Item::Run(command)
        | Item::Check(command, _)
        | Item::Choice(command, _)
        | Item::Gradient(command, ..)
        | Item::Here(command, _) => app.is_off(*command),
        _ => false,
    };
    let mut kept: Vec<Item> = Vec::new();
    for item in items.into_iter().filter(|item| !is_off(item)) {
        if matches!(item, Item::Group(_)) && matches!(kept.last(), Some(Item::Group(_))) {
            kept.pop();
        }
        kept.push(item);
    }
    if matches!(kept.last(), Some(Item::Group(_))) {
        kept.pop();
    }
    kept
}

/// Closes when the pointer is pressed elsewhere.
pub fn close_on_press_outside(is_inside: impl Fn(&Element) -> bool + 'static, close: impl Fn() + 'static) {
    let is_inside: Box<dyn Fn(&Element) -> bool> = Box::new(is_inside);
    let kept = StoredValue::new_local((is_inside, Box::new(close) as Box<dyn Fn()>));
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        kept.with_value(|(is_inside, close)| {
            if !target.is_some_and(|target| is_inside(&target)) {
                close();
            }
        });
    });
    on_cleanup(move || outside.remove());
}

fn line(app: App, item: Item, choose: &Choose) -> El {
    let can = |command: Command| command.available(app.situation.get_untracked());
    let mut title = el("span", "menu-title");
    let (command, role, checked, available) = match item {
        Item::Run(command) => (command, "menuitem", None, can(command)),
        Item::Here(command, available) => (command, "menuitem", None, available),
        Item::Check(command, checked) => (command, "menuitemcheckbox", Some(checked), can(command)),
        Item::Choice(command, checked) => (command, "menuitemradio", Some(checked), can(command)),
        Item::Gradient(command, checked, preset) => {
            title = title.child(&strip(&preset.colors())).text(preset.title);
            (command, "menuitemradio", Some(checked), can(command))
        }
        Item::Other { title, checked, run } => {
            let choose = choose.clone();
            return button("menu-item")
                .attr("role", "menuitemradio")
                .attr("tabindex", "-1")
                .attr("aria-checked", if checked { "true" } else { "false" })
                .child(&el("span", "menu-check").attr("aria-hidden", "true"))
                .child(&el("span", "menu-title").text(&title))
                .on_click(move || {
                    choose(None);
                    run();
                });
        }
        Item::Group(title) => return el("div", "menu-group").attr("role", "presentation").text(title),
        Item::Head(title) => return el("div", "menu-head").attr("role", "presentation").text(&title),
        Item::Divider => return el("hr", "menu-divider").attr("role", "separator"),
        Item::Link { label, url } => return page(&label, &url, choose),
    };
    let mut line = button("menu-item").attr("role", role).attr("tabindex", "-1").attr("data-command", command.id());
    if let Some(checked) = checked {
        line = line.attr("aria-checked", if untrack(checked) { "true" } else { "false" });
    }
    if !available {
        line = line.attr("disabled", "");
    }
    let line = line.child(&el("span", "menu-check").attr("aria-hidden", "true"));
    if !title.node().has_child_nodes() {
        title = title.text(command.title());
    }
    let mut line = line.child(&title);
    if let Some(key) = command.keys().first() {
        line = line.child(&el("kbd", "").text(&chord_words(key)));
    }
    let choose = choose.clone();
    line.on_click(move || choose(Some(command)))
}

fn page(label: &str, url: &str, choose: &Choose) -> El {
    let words = el("span", "menu-title").text(label);
    let check = el("span", "menu-check").attr("aria-hidden", "true");
    if !is_safe_url(url) {
        let why = format!("Not a web address: {url}");
        let line = button("menu-item").attr("role", "menuitem").attr("disabled", "").attr("title", &why);
        return line.child(&check).child(&words);
    }
    let choose = choose.clone();
    el("a", "menu-item")
        .attr("role", "menuitem")
        .attr("tabindex", "-1")
        .attr("href", url)
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
        .attr("title", url)
        .child(&check)
        .child(&words)
        .on_click(move || choose(None))
}

fn handle_key(event: &Event, open: RwSignal<bool>, root: &HtmlElement) {
    match (key_of(event).as_str(), open.get_untracked()) {
        ("ArrowDown", false) => open.set(true),
        ("Escape", true) => {
            open.set(false);
            focus(root.query_selector(".menu-button").ok().flatten());
        }
        ("Tab", true) => {
            open.set(false);
            return;
        }
        (_, true) if walked(event, root) => {}
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// Arrows, Home and End walk through an open menu; a letter leads to the next line that begins with it.
pub fn walked(event: &Event, root: &HtmlElement) -> bool {
    let key = key_of(event);
    let with_others =
        event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.ctrl_key() || event.meta_key() || event.alt_key());
    match key.as_str() {
        "ArrowDown" => step(root, 1, &|_| true),
        "ArrowUp" => step(root, -1, &|_| true),
        "Home" => focus(lines(root).into_iter().next()),
        "End" => focus(lines(root).pop()),
        letter if letter.len() == 1 && letter != " " && !with_others => {
            step(root, 1, &|line| {
                let words = line.query_selector(".menu-title").ok().flatten().and_then(|title| title.text_content());
                words.is_some_and(|words| words.get(..1).is_some_and(|first| first.eq_ignore_ascii_case(letter)))
            });
        }
        _ => return false,
    }
    true
}

fn lines(root: &HtmlElement) -> Vec<Element> {
    let Ok(found) = root.query_selector_all("[role^=menuitem]:not(:disabled)") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// To the next of the lines that are wanted, round and round.
fn step(root: &HtmlElement, by: isize, wanted: &dyn Fn(&Element) -> bool) {
    let mut lines = lines(root);
    let active = browser::document().active_element();
    let here = lines.iter().position(|line| Some(line) == active.as_ref());
    if by < 0 {
        lines.reverse();
    }
    let here = here.map(|at| if by < 0 { lines.len() - 1 - at } else { at });
    let start = here.map_or(0, |at| at + 1);
    let next = (0..lines.len()).map(|more| &lines[(start + more) % lines.len()]).find(|line| wanted(line));
    focus(next.cloned());
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

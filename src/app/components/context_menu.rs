//! The menu of a cell or of a tactic's header: everything that can be done with it where it stands.

use super::{
    floating::floating,
    menu::{Choose, Item, SELECT_COMMANDS, close_on_press_outside, list, walked},
};
use crate::{
    app::{
        browser,
        command::Command,
        custom::MenuEntry,
        customizing,
        dom::{El, el, key_of},
        hand::{About, OpenMenu, annotated_together, is_selected, perform},
        place::at_point,
        state::{App, Focus},
    },
    attack::Knowledge,
    layer::Link,
};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

pub fn context_menu(app: App) -> El {
    let place =
        el("div", "context-menu").holds(move || app.hand.menu.get().map(|menu| draw(app, menu)).into_iter().collect());
    let own = place.node().clone();
    close_on_press_outside(move |target| own.contains(Some(target)), move || close(app));
    place
}

fn close(app: App) {
    if app.hand.menu.with_untracked(Option::is_some) {
        app.hand.menu.set(None);
    }
}

/// The focus goes back to the cell, from where a command may lead it on.
fn close_and_go_back(app: App) {
    close(app);
    focus(browser::document().query_selector(".cell[tabindex='0']").ok().flatten());
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

fn draw(app: App, menu: OpenMenu) -> El {
    let OpenMenu { about, at } = menu;
    let (title, items) = untrack(|| match &about {
        About::Cell(focus) => cell_items(app, focus),
        About::Tactic(name) => {
            let knowledge = app.knowledge.get();
            let words =
                knowledge.tactic(name).map_or_else(|| name.to_string(), |it| format!("{} ({})", it.name, it.id));
            let commands = [Command::SelectTactic, Command::SelectTacticNone, Command::ViewTacticPage];
            (words, commands.map(|command| Item::Here(command, true)).into())
        }
    });
    let choose: Choose = Rc::new(move |command| {
        close_and_go_back(app);
        if let Some(command) = command {
            perform(app, &about, command);
        }
    });
    let items = std::iter::once(Item::Head(title.clone())).chain(items).collect();
    let menu = list(app, &title, items, &choose).attr("data-menu", "context");
    let own = menu.node().clone();
    let menu = menu
        .on("keydown", move |event| {
            match key_of(&event).as_str() {
                "Escape" | "Tab" => close_and_go_back(app),
                _ if walked(&event, &own) => {}
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
        // The key that opened it asks for the browser's own menu when it is let go.
        .on("contextmenu", |event| event.prevent_default());
    floating(menu, Box::new(move |size, window| at_point(at, size, window)), |menu| {
        focus(menu.query_selector("[role^=menuitem]:not(:disabled)").ok().flatten());
    })
}

fn cell_items(app: App, focus: &Focus) -> (String, Vec<Item>) {
    let knowledge = app.knowledge.get();
    let name = knowledge.technique(&focus.technique).map_or("", |technique| technique.name.as_str());
    let title = format!("{name} ({})", focus.technique);
    let selected = is_selected(app, focus);
    let all = annotated_together(app, focus);
    let pinned = app.hand.tip.with(|tip| tip.as_ref().is_some_and(|tip| tip.pinned && tip.of == *focus));
    let mut items = Vec::new();
    if all > 1 {
        items.push(Item::Head(format!("and {} more selected", all - 1)));
    }
    let run = |items: &mut Vec<Item>, commands: &[Command]| items.extend(commands.iter().copied().map(Item::Run));
    run(
        &mut items,
        &[
            Command::AnnotateScore,
            Command::AnnotateNote,
            Command::AnnotateToggleEnabled,
            Command::AnnotateCopy,
            Command::AnnotatePaste,
            Command::AnnotateClear,
        ],
    );
    items.push(Item::Group("Select"));
    items.push(Item::Run(Command::SelectTechnique));
    items.push(Item::Here(Command::SelectAdd, !selected));
    items.push(Item::Here(Command::SelectRemove, selected));
    run(&mut items, &SELECT_COMMANDS);
    items.push(Item::Group("View"));
    items.push(Item::Check(Command::ViewPinTooltip, Box::new(move || pinned)));
    run(&mut items, &[Command::ViewTechniquePage, Command::ViewTacticPage]);
    items.push(Item::Run(Command::TiersRetier));
    items.push(Item::Here(Command::CrosswalkCounterpart, has_counterpart(&knowledge, focus)));
    items.extend(site_entries(&knowledge, focus));
    items.extend(links(app, focus));
    (title, items)
}

/// Whether the catalogue's mapping leads anywhere from here.
fn has_counterpart(knowledge: &Knowledge, focus: &Focus) -> bool {
    let technique = knowledge.technique(&focus.technique);
    technique.is_some_and(|technique| !technique.counterparts.is_empty())
}

/// What the site's configuration adds.
fn site_entries(knowledge: &Knowledge, focus: &Focus) -> Vec<Item> {
    let config = customizing::config();
    let entry = |entry: &MenuEntry| Item::Link {
        label: entry.label.clone(),
        url: entry.address(knowledge, &focus.technique, &focus.tactic),
    };
    let title = (!config.menu.is_empty()).then_some(Item::Group("This site"));
    title.into_iter().chain(config.menu.iter().map(entry)).collect()
}

/// The technique's own links, with their dividers.
fn links(app: App, focus: &Focus) -> Vec<Item> {
    let rows = app.layer.with(|layer| layer.annotations.about(&focus.key()).map(|entry| entry.links.clone()));
    let mut items: Vec<Item> = rows
        .unwrap_or_default()
        .into_iter()
        .filter_map(|link| match link {
            Link::Item { label, url, .. } => Some(Item::Link { label, url }),
            Link::Divider(_) => Some(Item::Divider),
            Link::Other(_) => None,
        })
        .collect();
    if !items.is_empty() {
        items.insert(0, Item::Group("Links"));
    }
    items
}

//! The top bar: the layers that are open, search, undo and redo, export, theme.

use super::{
    control::{chord_words, command_button, icon_action, icon_button},
    icon::Icon,
    menu::{Item, Look, menu},
};
use crate::app::{
    browser,
    command::Command,
    dom::{El, button, derived, el, key_of},
    layers, run,
    state::{App, TabId, Theme},
};
use leptos::prelude::*;

pub fn tabs_bar(app: App) -> El {
    let ids = derived(move || app.tabs.with(|tabs| tabs.iter().map(|tab| tab.id.clone()).collect::<Vec<_>>()));
    let list = el("div", "tab-list")
        .attr("role", "tablist")
        .attr("aria-label", "Layers")
        .holds(move || ids.get().into_iter().map(|id| layer_tab(app, id)).collect());
    let tabs = el("div", "tabs").child(&list).child(&icon_button(app, Command::LayerNew, Icon::Add));
    let logo =
        command_button(app, Command::HelpAbout, "logo").raw(&Icon::Logo.draw()).child(&el("span", "").text("Bulkhead"));
    let search = command_button(app, Command::PaletteOpen, "search")
        .raw(&Icon::Search.draw())
        .child(&el("span", "").text("Search techniques, commands"))
        .child(&el("kbd", "").text(&chord_words("Ctrl+K")));
    let export = Look { label: "Export", class: "right main-action", icon: Some(Icon::Download), words: None };
    el("header", "top").children([
        logo,
        tabs,
        menu(app, Look::quiet("Layer"), layer_items),
        search,
        icon_button(app, Command::EditUndo, Icon::Undo),
        icon_button(app, Command::EditRedo, Icon::Redo),
        menu(app, export, export_items),
        icon_button(app, Command::HelpShortcuts, Icon::Help),
        theme_button(app),
    ])
}

fn theme_button(app: App) -> El {
    let button = command_button(app, Command::ViewTheme, "icon-button").attr("aria-label", Command::ViewTheme.title());
    button.kept(move |element| {
        element.set_text_content(None);
        let icon = match app.theme.get() {
            Theme::Light => Icon::Moon,
            Theme::Dark => Icon::Sun,
        };
        let _ = element.append_child(&icon.draw());
    })
}

fn layer_items() -> Vec<Item> {
    let commands = [
        Command::LayerNew,
        Command::LayerOpen,
        Command::LayerDuplicate,
        Command::LayerRename,
        Command::LayerClose,
        Command::LayerReopen,
    ];
    commands.map(Item::Run).into()
}

fn export_items() -> Vec<Item> {
    [Command::LayerExportJson, Command::LayerExportPartsJson, Command::LayerExportAllJson].map(Item::Run).into()
}

fn layer_tab(app: App, id: TabId) -> El {
    let (own, chosen, closed) = (id.clone(), id.clone(), id.clone());
    let active = derived(move || app.active.get() == own);
    let own = id.clone();
    let name = derived(move || {
        app.tabs.with(|tabs| {
            let tab = tabs.iter().find(|tab| tab.id == own);
            let name = tab.map(|tab| tab.history.present().name.clone()).unwrap_or_default();
            if name.trim().is_empty() { "(no name)".to_owned() } else { name }
        })
    });
    let tab = button("tab-name")
        .attr("role", "tab")
        .attr("data-layer", &id)
        .is("aria-selected", move || active.get())
        .has("tabindex", move || Some(if active.get() { "0" } else { "-1" }.to_owned()))
        .has("title", move || Some(name.get()))
        .says(move || name.get())
        .on_click(move || layers::activate(app, chosen.clone()))
        .on("dblclick", move |_| run::run(app, Command::LayerRename))
        .on("keydown", move |event| {
            let command = match key_of(&event).as_str() {
                "ArrowRight" => Command::LayerNext,
                "ArrowLeft" => Command::LayerPrevious,
                "Delete" => Command::LayerClose,
                "Enter" => Command::LayerRename,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            run::run(app, command);
            if command != Command::LayerRename {
                browser::focus_soon("[role=tab][aria-selected=true]");
            }
        });
    let close = icon_action("tab-close", "Close layer", Icon::Close, move || layers::close(app, &closed))
        .attr("tabindex", "-1")
        // For the mouse: with the keyboard it is Delete on the tab, or the command.
        .attr("aria-hidden", "true")
        .has("aria-label", move || Some(format!("Close {}", name.get())));
    el("div", "tab").attr("role", "presentation").is("data-active", move || active.get()).child(&tab).child(&close)
}

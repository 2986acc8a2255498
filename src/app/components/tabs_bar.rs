//! The top bar: the layers that are open, search, undo and redo, export, theme.

use super::{
    control::{chord_words, command_button, icon_action, icon_button},
    icon::Icon,
    menu::{Item, Look, Which, menu},
    tab_drag,
};
use crate::app::{
    browser,
    command::Command,
    dom::{El, button, derived, el, key_of, value_of, watch},
    layers, run,
    state::{App, TabId, Theme},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent, MouseEvent, WheelEvent};

pub fn tabs_bar(app: App) -> El {
    let ids = derived(move || app.tabs.with(|tabs| tabs.iter().map(|tab| tab.id.clone()).collect::<Vec<_>>()));
    let list = el("div", "tab-list")
        .attr("role", "tablist")
        .attr("aria-label", "Layers")
        .holds(move || ids.get().into_iter().map(|id| layer_tab(app, id)).collect())
        .on("wheel", scroll_sideways);
    tab_drag::listen(app, list.node());
    keep_active_in_view(app, list.node());
    let all = Look { label: "All layers", class: "quiet", icon: None, words: Some(Box::new(move || count(app))) };
    let field = el("div", "").holds(move || if app.renaming.get() { vec![name_field(app)] } else { Vec::new() });
    let tabs = el("div", "tabs").children([
        list,
        field,
        icon_button(app, Command::LayerNew, Icon::Add),
        menu(app, all, Which::AllLayers),
    ]);
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
        menu(app, Look::quiet("Layer"), Which::Layer),
        search,
        icon_button(app, Command::EditUndo, Icon::Undo),
        icon_button(app, Command::EditRedo, Icon::Redo),
        menu(app, export, Which::Export),
        command_button(app, Command::PresentStart, "button primary").text("Present"),
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

pub fn layer_items() -> Vec<Item> {
    let commands = [
        Command::LayerNew,
        Command::LayerOpen,
        Command::LayerOpenInPlace,
        Command::LayerSave,
        Command::LayerSaveAs,
        Command::LayerImport,
        Command::LayerOpenSite,
        Command::LayerStart,
        Command::LayerSettings,
        Command::LayerRename,
        Command::LayerDuplicate,
        Command::LayerCombine,
        Command::LayerSnapshots,
        Command::CoveragePage,
        Command::CoverageThreat,
        Command::LayerMoveLeft,
        Command::LayerMoveRight,
        Command::LayerClose,
        Command::LayerReopen,
    ];
    let mut items: Vec<Item> = commands.map(Item::Run).into();
    items.push(Item::Group("From what is known"));
    items.extend([Command::LayerFromEvidence, Command::LayerFromActors, Command::CrosswalkCarryOver].map(Item::Run));
    items.push(Item::Group("Other layers and releases"));
    items.extend([Command::LayerCompare, Command::LayerUpgrade].map(Item::Run));
    items
}

pub fn export_items() -> Vec<Item> {
    let layers = [
        Command::LayerExportJson,
        Command::LayerExportPartsJson,
        Command::LayerExportVisibleJson,
        Command::LayerExportAllJson,
    ];
    let mut items = vec![Item::Run(Command::ShareLink), Item::Run(Command::ShareEmbed), Item::Group("For navigators")];
    items.extend(layers.map(Item::Run));
    items.push(Item::Group("For reports"));
    items.extend(
        [
            Command::ExportPicture,
            Command::ExportXlsx,
            Command::ExportAllXlsx,
            Command::ExportCsv,
            Command::ExportHtml,
            Command::ExportMarkdown,
        ]
        .map(Item::Run),
    );
    items.push(Item::Group("For briefings and on paper"));
    items.extend([Command::PresentStart, Command::PresentDeck, Command::PrintLayer, Command::PrintDeck].map(Item::Run));
    items
}

fn layer_tab(app: App, id: TabId) -> El {
    let (own, chosen, closed) = (id.clone(), id.clone(), id.clone());
    let active = derived(move || app.active.get() == own);
    let own = id.clone();
    let name = derived(move || {
        app.tabs.with(|tabs| {
            let tab = tabs.iter().find(|tab| tab.id == own);
            tab.map(|tab| tab.history.present().title().to_owned()).unwrap_or_default()
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
            let moves = event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.alt_key() && event.shift_key());
            let command = match (key_of(&event).as_str(), moves) {
                ("ArrowRight" | "PageDown", true) => Command::LayerMoveRight,
                ("ArrowLeft" | "PageUp", true) => Command::LayerMoveLeft,
                ("ArrowRight", false) => Command::LayerNext,
                ("ArrowLeft", false) => Command::LayerPrevious,
                ("Delete", false) => Command::LayerClose,
                ("Enter" | "F2", false) => Command::LayerRename,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            run::run(app, command);
            if command != Command::LayerRename {
                browser::focus_soon("[role=tab][aria-selected=true]");
            }
        });
    let pressed = id.clone();
    let close = icon_action("tab-close", "Close layer", Icon::Close, move || layers::close(app, &closed))
        .attr("tabindex", "-1")
        // For the mouse: with the keyboard it is Delete on the tab, or the command.
        .attr("aria-hidden", "true")
        .has("aria-label", move || Some(format!("Close {}", name.get())));
    el("div", "tab")
        .attr("role", "presentation")
        .is("data-active", move || active.get())
        .child(&tab)
        .child(&close)
        // The browser would scroll with the middle button.
        .on("mousedown", |event| {
            if is_middle(&event) {
                event.prevent_default();
            }
        })
        .on("auxclick", move |event| {
            if is_middle(&event) {
                event.prevent_default();
                layers::close(app, &pressed);
            }
        })
}

fn is_middle(event: &web_sys::Event) -> bool {
    event.dyn_ref::<MouseEvent>().is_some_and(|event| event.button() == 1)
}

/// A wheel has one direction only, and the row of tabs another.
fn scroll_sideways(event: web_sys::Event) {
    let list = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
    if let (Some(list), Some(wheel)) = (list, event.dyn_ref::<WheelEvent>()) {
        #[allow(clippy::cast_possible_truncation)]
        list.set_scroll_left(list.scroll_left() + wheel.delta_y() as i32);
    }
}

fn keep_active_in_view(app: App, list: &HtmlElement) {
    let list = list.clone();
    watch(move || {
        app.active.track();
        app.tabs.track();
        let list = list.clone();
        request_animation_frame(move || {
            let Some(tab) = list.query_selector(".tab[data-active=true]").ok().flatten() else { return };
            let (row, tab) = (list.get_bounding_client_rect(), tab.get_bounding_client_rect());
            let by =
                if tab.left() < row.left() { tab.left() - row.left() } else { (tab.right() - row.right()).max(0.0) };
            #[allow(clippy::cast_possible_truncation)]
            list.set_scroll_left(list.scroll_left() + by.ceil() as i32);
        });
    });
}

fn count(app: App) -> String {
    match app.tabs.with(Vec::len) {
        1 => "1 layer".to_owned(),
        count => format!("{count} layers"),
    }
}

/// Every open layer, however many there are, and the way to those that are not open.
pub fn all_items(app: App) -> Vec<Item> {
    let active = app.active.get_untracked();
    let item = |(id, title): (TabId, String)| {
        let checked = id == active;
        Item::Other { title, checked, run: Box::new(move || layers::activate(app, id.clone())) }
    };
    let open = app.tabs.with_untracked(|tabs| {
        tabs.iter().map(|tab| (tab.id.clone(), tab.history.present().title().to_owned())).collect::<Vec<_>>()
    });
    let mut items: Vec<Item> = open.into_iter().map(item).collect();
    items.push(Item::Group("Not open"));
    items.extend([Command::LayerStart, Command::LayerReopen].map(Item::Run));
    items
}

/// Stands over the active tab: inside the row of tabs there may be nothing but tabs.
fn name_field(app: App) -> El {
    let field =
        el("input", "tab-field").attr("type", "text").attr("data-field", "layer-name").attr("aria-label", "Layer name");
    let name = app.layer.with_untracked(|layer| layer.name.clone());
    field.node().unchecked_ref::<HtmlInputElement>().set_value(&name);
    let tab = browser::document().query_selector(".tab[data-active=true]").ok().flatten();
    let row = tab.as_ref().and_then(|tab| tab.closest(".tabs").ok().flatten());
    if let (Some(tab), Some(row)) = (tab, row) {
        let (tab, row) = (tab.get_bounding_client_rect(), row.get_bounding_client_rect());
        #[allow(clippy::cast_possible_truncation)]
        let [left, width] = [tab.left() - row.left(), tab.width()].map(|pixels| pixels as i32);
        let style = field.node().style();
        let _ = style.set_property("--left", &format!("{left}px"));
        let _ = style.set_property("--width", &format!("{width}px"));
    }
    field
        .on("blur", move |event| {
            if app.renaming.get_untracked() {
                layers::name(app, &value_of(&event));
            }
        })
        .on("keydown", move |event| {
            match key_of(&event).as_str() {
                "Enter" => layers::name(app, &value_of(&event)),
                "Escape" => app.renaming.set(false),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
            browser::focus_soon("[role=tab][aria-selected=true]");
        })
}

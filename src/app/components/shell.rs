//! The whole page: bars, stage, inspector, and whatever is in front of them.

use super::{
    context_menu::context_menu, dialogs::dialogs, inspector::inspector, legend::legend, message::messages, note::note,
    status_bar::status_bar, tabs_bar::tabs_bar, toolbar::toolbar, tooltip::tooltip,
};
use crate::app::{
    browser,
    dom::{El, el, watch},
    grid::stage,
    open::open_file,
    rest::{self, Part},
    state::App,
};
use leptos::prelude::*;

/// What comes beside a cell.
pub fn floating_parts(app: App) -> Vec<El> {
    vec![context_menu(app), tooltip(app), note(app)]
}

pub fn root(app: App) -> El {
    watch(move || {
        let name = app.layer.with(|layer| layer.name.clone());
        browser::document().set_title(&format!("{name} · Bulkhead"));
    });
    // The panel of colours stands where the inspector stands, beside the matrices that show what it changes.
    let side = el("div", "side").holds(move || match (app.colors.get(), app.inspector.get()) {
        (true, _) => rest::part(app, Part::Colors),
        (false, true) => vec![inspector(app)],
        (false, false) => Vec::new(),
    });
    let main = el("main", "main")
        .has("data-inspector", move || {
            Some(if app.inspector.get() || app.colors.get() { "open" } else { "closed" }.to_owned())
        })
        .child(&el("h1", "visually-hidden").says(move || app.layer.with(|layer| format!("Bulkhead: {}", layer.name))))
        .child(&stage(app))
        .child(&side)
        .child(&open_file(app))
        .child(&el("div", "floating-parts").holds(move || rest::part(app, Part::Floating)));
    el("div", "app").children([
        tabs_bar(app),
        toolbar(app),
        main,
        legend(app),
        status_bar(app),
        dialogs(app),
        messages(app),
    ])
}

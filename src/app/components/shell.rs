//! The whole page: bars, stage, inspector, and whatever is in front of them.

use super::{
    colors_panel::colors_panel, context_menu::context_menu, dialogs::dialogs, inspector::inspector, legend::legend,
    message::messages, note::note, status_bar::status_bar, tabs_bar::tabs_bar, toolbar::toolbar, tooltip::tooltip,
};
use crate::app::{
    browser,
    dom::{El, el, watch},
    grid::stage,
    open::open_file,
    state::App,
};
use leptos::prelude::*;

pub fn root(app: App) -> El {
    watch(move || {
        let name = app.layer.with(|layer| layer.name.clone());
        browser::document().set_title(&format!("{name} · Bulkhead"));
    });
    // The panel of colours stands where the inspector stands, beside the matrices that show what it changes.
    let side = el("div", "side").holds(move || match (app.colors.get(), app.inspector.get()) {
        (true, _) => vec![colors_panel(app)],
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
        .children([context_menu(app), tooltip(app), note(app)]);
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

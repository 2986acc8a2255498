//! The whole page: bars, stage, inspector, and whatever is in front of them.

use super::{
    context_menu::context_menu, dialogs::dialogs, inspector::inspector, message::messages, note::note,
    status_bar::status_bar, tabs_bar::tabs_bar, toolbar::toolbar, tooltip::tooltip,
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
    let side = el("div", "side").holds(move || if app.inspector.get() { vec![inspector(app)] } else { Vec::new() });
    let main = el("main", "main")
        .has("data-inspector", move || Some(if app.inspector.get() { "open" } else { "closed" }.to_owned()))
        .child(&el("h1", "visually-hidden").says(move || app.layer.with(|layer| format!("Bulkhead: {}", layer.name))))
        .child(&stage(app))
        .child(&side)
        .child(&open_file(app))
        .children([context_menu(app), tooltip(app), note(app)]);
    el("div", "app").children([tabs_bar(app), toolbar(app), main, status_bar(app), dialogs(app), messages(app)])
}

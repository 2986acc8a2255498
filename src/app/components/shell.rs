//! The whole page: bars, stage, inspector, and whatever is in front of them.

use super::{
    context_menu::context_menu, dialogs::dialogs, inspector::inspector, legend::legend, message::messages, note::note,
    proposed, share_dialog::guest_bar, shared_tiers::open_tiers, status_bar::status_bar, tabs_bar::tabs_bar, tier_drag,
    toolbar::toolbar, tooltip::tooltip,
};
use crate::app::{
    beside, browser,
    dom::{El, el, watch},
    grid::stage,
    marking,
    open::open_file,
    present,
    rest::{self, Part},
    searching,
    state::App,
};
use leptos::prelude::*;

/// What comes beside a cell, and what marks cells.
pub fn floating_parts(app: App) -> Vec<El> {
    searching::keep_marked(app);
    marking::keep_marked(app);
    beside::begin(app);
    proposed::keep(app);
    tier_drag::listen(app);
    vec![context_menu(app), tooltip(app), note(app), guest_bar(app), open_tiers(app), present::place(app)]
}

pub fn root(app: App) -> El {
    watch(move || {
        let name = app.layer.with(|layer| layer.name.clone());
        browser::document().set_title(&format!("{name} · Bulkhead"));
    });
    // The panel of colours stands where the inspector stands, beside the matrices that show what it changes.
    let side = el("div", "side").holds(move || match (app.colors.get(), app.coverage.get(), app.inspector.get()) {
        (true, ..) => rest::part(app, Part::Colors),
        (_, true, _) => rest::part(app, Part::Coverage),
        (.., true) => vec![inspector(app)],
        (.., false) => Vec::new(),
    });
    let main = el("main", "main")
        .has("data-inspector", move || {
            Some(
                if app.inspector.get() || app.colors.get() || app.coverage.get() { "open" } else { "closed" }
                    .to_owned(),
            )
        })
        .child(&el("h1", "visually-hidden").says(move || app.layer.with(|layer| format!("Bulkhead: {}", layer.name))))
        .child(&stage(app))
        .child(&side)
        .child(&open_file(app))
        .child(&el("div", "floating-parts").holds(move || rest::part(app, Part::Floating)));
    let lens = el("div", "lens-place")
        .holds(move || app.lens.get().map(|lens| rest::part(app, Part::Lens(lens))).unwrap_or_default());
    el("div", "app").children([
        el("div", "banners").holds(move || rest::part(app, Part::Banners)),
        tabs_bar(app),
        toolbar(app),
        main,
        lens,
        legend(app),
        status_bar(app),
        dialogs(app),
        messages(app),
    ])
}

//! Links that hold a layer: making them, and opening what comes in one, to be read first. How a layer is packed is
//! `export`'s.

use super::{
    browser, exports, layers, open,
    state::{App, GUESTS, Message, Tab, TabId},
};
use crate::{
    export::{packed, unpacked},
    layer,
};
use leptos::prelude::*;

/// The address of this app with the active layer in it.
pub fn link(app: App) -> String {
    let layer = app.layer.get();
    let order = exports::order(&app.knowledge.get());
    format!("{}#layer={}", address(), packed(&layer, &order))
}

/// Where the app is, without what was asked for there.
pub fn address() -> String {
    let location = browser::window().location();
    let part = |part: Result<String, wasm_bindgen::JsValue>| part.unwrap_or_default();
    format!("{}{}", part(location.origin()), part(location.pathname()))
}

/// Opens the layer of a link beside the others, only to be read.
pub async fn open(app: App, text: &str) {
    let opened = unpacked(text).map_err(|error| error.to_string());
    let opened = opened.and_then(|bytes| {
        layer::read(&bytes).map_err(|error| format!("The layer in the link was not opened: {error}"))
    });
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) => return app.complain(error),
    };
    let new = open::layers_opened(app, "the link", opened).await;
    guests(app, |guests| guests.extend(new));
}

/// A copy of the layer that came by a link takes its place, and can be changed.
pub fn edit_copy(app: App) {
    let active = app.active.get_untracked();
    if !app.guests.with_untracked(|guests| guests.contains(&active)) {
        return layers::duplicate_layer(app);
    }
    let layer = layer::Layer::clone(&app.layer.get_untracked());
    let copy = Tab::new((layer, app.bundle()));
    layers::add(app, copy);
    layers::drop_tab(app, &active);
    guests(app, |guests| guests.retain(|id| *id != active));
    app.message
        .set(Some(Message::done("This copy is yours: what you change in it is saved in this browser.".to_owned())));
}

fn guests(app: App, change: impl FnOnce(&mut Vec<TabId>)) {
    app.guests.update(change);
    // Layers that are long gone need no remembering.
    const MOST: usize = 50;
    app.guests.with_untracked(|guests| {
        // In their order, the oldest first, so that these are forgotten first after a reload, too.
        let last = guests.iter().skip(guests.len().saturating_sub(MOST)).map(|id| id.as_ref());
        browser::remember_setting(GUESTS, &last.collect::<Vec<&str>>().join(" "));
    });
}

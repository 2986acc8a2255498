//! The open layers: making, closing, and going from one to another.
//! What is in a layer is changed by `run`; where layers come from outside is `open`'s.

use super::{
    bundles::BundleKey,
    persistence,
    selection::Selection,
    state::{App, Message, Tab, TabId},
};
use crate::layer::Layer;
use leptos::prelude::*;

/// How many closed layers can be had back.
const MOST_CLOSED: usize = 20;

/// An empty layer on the bundle that is shown.
pub fn new_layer(app: App) {
    let name = free_name(app, "layer");
    let key = app.bundle();
    add(app, Tab::new(app.bundles.with_untracked(|bundles| bundles.new_layer(&name, &key))));
}

pub fn duplicate_layer(app: App) {
    let layer = app.layer.get_untracked();
    let copy = Layer { name: free_name(app, &format!("{} copy", layer.name)), ..Layer::clone(&layer) };
    add(app, Tab::new((copy, app.bundle())));
}

/// The official Navigator's way: `layer`, `layer1`, `layer2`.
pub fn free_name(app: App, root: &str) -> String {
    let taken: Vec<String> =
        app.tabs.with_untracked(|tabs| tabs.iter().map(|tab| tab.history.present().name.clone()).collect());
    let candidates = std::iter::once(root.to_owned()).chain((1..).map(|number| format!("{root}{number}")));
    candidates.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}

/// Opens a layer beside the others and goes to it.
pub fn add(app: App, tab: Tab) {
    let id = tab.id.clone();
    app.tabs.update(|tabs| tabs.push(tab));
    activate(app, id);
}

pub fn activate(app: App, id: TabId) {
    app.selection.set(Selection::default());
    app.anchor.set(None);
    app.active.set(id);
    app.refocus();
    let bundle = app.bundle();
    leptos::task::spawn_local(async move {
        if let Err(error) = persistence::bring_bundle(app, &bundle).await {
            app.complain(error);
        }
    });
}

pub fn close_layer(app: App) {
    let active = app.active.get_untracked();
    close(app, &active);
}

/// Closes a layer; with the last one goes a blank one in its place. A closed layer can be had back.
pub fn close(app: App, id: &TabId) {
    let Some(at) = app.tabs.with_untracked(|tabs| tabs.iter().position(|tab| tab.id == *id)) else { return };
    if app.tabs.with_untracked(|tabs| tabs.len() == 1) {
        let blank = app.bundles.with_untracked(|bundles| bundles.new_layer("layer", &BundleKey::DEFAULT));
        app.tabs.update(|tabs| tabs.push(Tab::new(blank)));
    }
    if *id == app.active.get_untracked() {
        let neighbour = app.tabs.with_untracked(|tabs| {
            let neighbour = if at + 1 < tabs.len() { at + 1 } else { at.saturating_sub(1) };
            tabs[neighbour].id.clone()
        });
        activate(app, neighbour);
    }
    let mut closed = None;
    app.tabs.update(|tabs| closed = Some(tabs.remove(at)));
    let Some(closed) = closed else { return };
    let text = format!("Closed \"{}\".", closed.history.present().name);
    app.closed.update(|all| {
        all.push(closed);
        if all.len() > MOST_CLOSED {
            all.remove(0);
        }
    });
    app.message.set(Some(Message { text, failed: false, details: Vec::new(), reopens: true }));
}

/// Opens the layer again that was closed last, as it was, with its history.
pub fn reopen(app: App) {
    match app.closed.try_update(Vec::pop).flatten() {
        Some(tab) => {
            app.message.set(None);
            add(app, tab);
        }
        None => app.complain("No layer was closed since the page was opened."),
    }
}

/// To the layer `by` places further, round and round.
pub fn go_to_layer(app: App, by: isize) {
    let active = app.active.get_untracked();
    let next = app.tabs.with_untracked(|tabs| {
        let at = tabs.iter().position(|tab| tab.id == active)?;
        let count = isize::try_from(tabs.len()).ok()?;
        let next = (isize::try_from(at).ok()? + by).rem_euclid(count);
        tabs.get(usize::try_from(next).ok()?).map(|tab| tab.id.clone())
    });
    if let Some(next) = next {
        activate(app, next);
    }
}

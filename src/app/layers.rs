//! The open layers: making, closing, and going from one to another.
//! What is in a layer is changed by `run`; where layers come from outside is `open`'s.

use super::{
    browser,
    bundles::BundleKey,
    persistence,
    selection::Selection,
    state::{App, Message, Offer, Tab, TabId},
};
use crate::layer::{Edit, Layer};
use leptos::prelude::*;

/// How many closed layers can be had back.
const MOST_CLOSED: usize = 20;

/// An empty layer on the bundle that is shown.
pub fn new_layer(app: App) {
    let name = free_name(app, "layer");
    let key = app.bundle();
    add(app, Tab::new(app.bundles.with_untracked(|bundles| bundles.new_layer(&name, &key))));
}

/// An empty layer on one of the bundles that we have.
pub fn new_layer_on(app: App, key: BundleKey) {
    leptos::task::spawn_local(async move {
        match persistence::bring_bundle(app, &key).await {
            Ok(()) => {
                let name = free_name(app, "layer");
                add(app, Tab::new(app.bundles.with_untracked(|bundles| bundles.new_layer(&name, &key))));
            }
            Err(error) => app.complain(error),
        }
    });
}

pub fn duplicate_layer(app: App) {
    duplicate(app, &app.layer.get_untracked(), app.bundle());
}

pub fn duplicate(app: App, layer: &Layer, bundle: BundleKey) {
    let copy = Layer { name: free_name(app, &format!("{} copy", layer.name)), ..layer.clone() };
    add(app, Tab::new((copy, bundle)));
}

/// Opens a layer that is kept in this browser, or goes to it where it is open.
pub fn open_kept(app: App, id: TabId) {
    if app.tabs.with_untracked(|tabs| tabs.iter().any(|tab| tab.id == id)) {
        return activate(app, id);
    }
    leptos::task::spawn_local(async move {
        match persistence::tab_of(&id).await {
            // Asked for twice, it is there meanwhile.
            Ok(_) if app.tabs.with_untracked(|tabs| tabs.iter().any(|tab| tab.id == id)) => activate(app, id),
            Ok(tab) => {
                app.closed.update(|closed| closed.retain(|closed| closed.id != id));
                add(app, tab);
            }
            Err(error) => app.complain(error),
        }
    });
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
    app.renaming.set(false);
    persistence::load_history(app, &id);
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

/// Closes a layer. It stays stored, and can be had back.
pub fn close(app: App, id: &TabId) {
    let Some(closed) = drop_tab(app, id) else { return };
    let text = format!("Closed \"{}\".", closed.history.present().name);
    app.closed.update(|all| {
        all.push(closed);
        if all.len() > MOST_CLOSED {
            all.remove(0);
        }
    });
    app.message.set(Some(Message { offers: vec![Offer::Reopen], ..Message::done(text) }));
}

/// Takes a tab away; with the last one goes a blank one in its place.
pub fn drop_tab(app: App, id: &TabId) -> Option<Tab> {
    let at = app.tabs.with_untracked(|tabs| tabs.iter().position(|tab| tab.id == *id))?;
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
    closed
}

/// Moves a tab to another place in the row.
pub fn move_to(app: App, id: &TabId, to: usize) {
    let at = app.tabs.with_untracked(|tabs| tabs.iter().position(|tab| tab.id == *id));
    let Some(at) = at.filter(|at| *at != to && to < app.tabs.with_untracked(Vec::len)) else { return };
    app.tabs.update(|tabs| {
        let tab = tabs.remove(at);
        tabs.insert(to, tab);
    });
}

/// Moves the active layer's tab one place.
pub fn move_by(app: App, by: isize) {
    let active = app.active.get_untracked();
    let at = app.tabs.with_untracked(|tabs| tabs.iter().position(|tab| tab.id == active));
    if let Some(to) = at.and_then(|at| at.checked_add_signed(by)) {
        move_to(app, &active, to);
    }
}

/// Gives the active layer the name that was typed in its tab; an empty one leaves it as it was.
pub fn name(app: App, name: &str) {
    app.renaming.set(false);
    if !name.trim().is_empty() {
        app.edit(&Edit::Name(name.trim().to_owned()));
    }
}

/// The active layer's tab becomes a field for its name.
pub fn rename(app: App) {
    app.renaming.set(true);
    browser::focus_soon(".tab-field");
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

/// What a bundle is called, whether it has been read or not.
pub fn bundle_words(app: App, key: &BundleKey) -> String {
    let read = app.bundles.with_untracked(|bundles| bundles.has(key).then(|| bundles.knowledge(key).release.words()));
    read.unwrap_or_else(|| match key {
        BundleKey::Attack19 => "ATT&CK for Containers v19.2".to_owned(),
        BundleKey::Attack18 => "ATT&CK for Containers v18.1".to_owned(),
        BundleKey::Microsoft => "Threat Matrix for Kubernetes".to_owned(),
        BundleKey::Opened(name) => name.to_string(),
    })
}

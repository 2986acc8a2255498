//! Everything the user has is stored in the browser (IndexedDB) by itself: layers within 300 ms of an edit, as the
//! layer files they would be exported as, so that one format has to be right and not two.

use super::{
    browser,
    bundles::{self, BundleKey},
    components::theme,
    reading::{self, NotRead, Read},
    run,
    state::{App, Message, Saving, Tab, TabId},
};
use crate::{
    attack::{self, Knowledge},
    layer::{self, History, Layer},
    order,
};
use idb::{Database, Factory, ObjectStore, ObjectStoreParams, TransactionMode};
use js_sys::Uint8Array;
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

const DATABASE: &str = "bulkhead";
const LAYERS: &str = "layers";
const WORKSPACE: &str = "workspace";
const BUNDLES: &str = "bundles";

/// How long an edit waits for others before both are stored. Well within the 300 ms that are promised.
const WAIT: Duration = Duration::from_millis(120);

/// A stored layer.
#[derive(Serialize, Deserialize)]
struct Record {
    /// Changes with every storing, so that another window's change is seen and not written over.
    stamp: String,
    bundle: String,
    /// The layer file.
    layer: String,
}

/// What else is remembered.
#[derive(Serialize, Deserialize, Default)]
struct Workspace {
    order: Vec<String>,
    active: String,
    inspector: Option<bool>,
    legend: Option<bool>,
    theme: Option<String>,
}

/// What is known to be stored, by tab.
#[derive(Default)]
struct Stored {
    layers: FxHashMap<TabId, (Arc<Layer>, String)>,
    workspace: String,
    waiting: bool,
    writing: bool,
}

thread_local! {
    static STORED: Rc<RefCell<Stored>> = Rc::default();
}

/// Brings back what was open. Where nothing was, or the browser doesn't let us, the app stays as it is.
pub async fn restore(app: App) {
    let (records, workspace) = match read_all().await {
        Ok(read) => read,
        Err(error) => return cannot_store(app, &error),
    };
    let mut tabs = Vec::new();
    let mut broken = Vec::new();
    for (id, text) in records {
        match tab(&id, &text) {
            Some((tab, stamp)) => {
                STORED.with(|stored| {
                    let known = (tab.history.present().clone(), stamp);
                    stored.borrow_mut().layers.insert(tab.id.clone(), known);
                });
                tabs.push(tab);
            }
            None => broken.push(id),
        }
    }
    if !broken.is_empty() {
        app.complain(format!("{} stored layers could not be read; they stay stored.", broken.len()));
    }
    let place = |tab: &Tab| workspace.order.iter().position(|id| **id == *tab.id).unwrap_or(usize::MAX);
    order::sort_by_key(&mut tabs, place);
    if let Some(open) = workspace.inspector {
        app.inspector.set(open);
    }
    app.legend.set(workspace.legend.unwrap_or(true));
    if let Some(theme) = workspace.theme.as_deref().and_then(theme::from_word) {
        theme::choose(app, theme);
    }
    let Some(first) = tabs.first() else { return };
    let active = tabs.iter().find(|tab| *tab.id == *workspace.active).unwrap_or(first).clone();
    if let Err(error) = bring_bundle(app, &active.bundle).await {
        app.complain(error);
    }
    // The two change together: the active tab is always among the tabs.
    app.tabs.update_untracked(|all| *all = tabs);
    app.active.set(active.id.clone());
    app.tabs.update(|_| {});
}

/// Reads a bundle again that a stored layer is on.
pub async fn bring_bundle(app: App, key: &BundleKey) -> Result<(), String> {
    if app.bundles.with_untracked(|bundles| bundles.has(key)) {
        return Ok(());
    }
    let knowledge = match key {
        BundleKey::Opened(name) => stored_bundle(name).await?,
        _ => bundles::fetch(key).await?,
    };
    app.bundles.update(|bundles| bundles.add(key.clone(), Arc::new(knowledge)));
    Ok(())
}

/// Stores whatever changes, from now on.
pub fn keep_saving(app: App) {
    Effect::new(move |_| {
        app.tabs.track();
        app.active.track();
        app.inspector.track();
        app.legend.track();
        app.theme.track();
        schedule(app);
    });
    let hide = window_event_listener(leptos::ev::pagehide, move |_| write_soon(app));
    std::mem::forget(hide); // as long as the page lives
}

fn schedule(app: App) {
    if !has_changes(app) {
        return;
    }
    app.saving.set(Saving::Waiting);
    let stored = STORED.with(Rc::clone);
    if std::mem::replace(&mut stored.borrow_mut().waiting, true) {
        return;
    }
    set_timeout(
        move || {
            stored.borrow_mut().waiting = false;
            write_soon(app);
        },
        WAIT,
    );
}

fn write_soon(app: App) {
    let stored = STORED.with(Rc::clone);
    if std::mem::replace(&mut stored.borrow_mut().writing, true) {
        return;
    }
    leptos::task::spawn_local(async move {
        let outcome = write_changes(app, &stored).await;
        stored.borrow_mut().writing = false;
        match outcome {
            Ok(()) if has_changes(app) => schedule(app),
            Ok(()) => app.saving.set(Saving::Saved),
            Err(error) => cannot_store(app, &error),
        }
    });
}

fn cannot_store(app: App, error: &str) {
    let told = app.saving.with_untracked(|saving| matches!(saving, Saving::Failed(_)));
    app.saving.set(Saving::Failed(error.to_owned()));
    if !told {
        app.message.set(Some(Message {
            text: format!("The browser does not store this ({error}): export your layers before you leave."),
            failed: true,
            details: Vec::new(),
            reopens: false,
        }));
    }
}

fn workspace_of(app: App) -> Workspace {
    Workspace {
        order: app.tabs.with_untracked(|tabs| tabs.iter().map(|tab| tab.id.to_string()).collect()),
        active: app.active.get_untracked().to_string(),
        inspector: Some(app.inspector.get_untracked()),
        legend: Some(app.legend.get_untracked()),
        theme: theme::chosen(),
    }
}

fn has_changes(app: App) -> bool {
    let workspace = serde_json::to_string(&workspace_of(app)).unwrap_or_default();
    STORED.with(|stored| {
        let stored = stored.borrow();
        stored.workspace != workspace
            || app.tabs.with_untracked(|tabs| {
                tabs.iter()
                    .any(|tab| !stored.layers.get(&tab.id).is_some_and(|(l, _)| Arc::ptr_eq(l, tab.history.present())))
            })
    })
}

/// Writes what changed in one transaction: either all of it is stored, or none.
async fn write_changes(app: App, stored: &RefCell<Stored>) -> Result<(), String> {
    let tabs = app.tabs.get_untracked();
    let changed: Vec<&Tab> = tabs
        .iter()
        .filter(|tab| {
            let stored = stored.borrow();
            !stored.layers.get(&tab.id).is_some_and(|(layer, _)| Arc::ptr_eq(layer, tab.history.present()))
        })
        .collect();
    let gone: Vec<TabId> =
        stored.borrow().layers.keys().filter(|id| tabs.iter().all(|tab| tab.id != **id)).cloned().collect();
    let workspace = serde_json::to_string(&workspace_of(app)).map_err(words)?;

    let database = open().await?;
    let transaction = database.transaction(&[LAYERS, WORKSPACE], TransactionMode::ReadWrite).map_err(words)?;
    let layers = transaction.object_store(LAYERS).map_err(words)?;
    let mut written = Vec::new();
    let mut elsewhere = Vec::new();
    for tab in changed {
        if is_changed_elsewhere(&layers, stored, &tab.id).await? {
            elsewhere.push(tab.id.clone());
            continue;
        }
        let (text, stamp) = text_of(app, tab)?;
        let key = JsValue::from_str(&tab.id);
        layers.put(&JsValue::from_str(&text), Some(&key)).map_err(words)?.await.map_err(words)?;
        written.push((tab.id.clone(), tab.history.present().clone(), stamp));
    }
    for id in &gone {
        // What another window has changed since is not this one's to take away.
        if is_changed_elsewhere(&layers, stored, id).await? {
            continue;
        }
        layers.delete(JsValue::from_str(id)).map_err(words)?.await.map_err(words)?;
    }
    let store = transaction.object_store(WORKSPACE).map_err(words)?;
    let put = store.put(&JsValue::from_str(&workspace), Some(&JsValue::from_str("open"))).map_err(words)?;
    put.await.map_err(words)?;
    transaction.commit().map_err(words)?.await.map_err(words)?;
    database.close();

    let mut stored = stored.borrow_mut();
    gone.iter().for_each(|id| drop(stored.layers.remove(id)));
    stored.layers.extend(written.into_iter().map(|(id, layer, stamp)| (id, (layer, stamp))));
    stored.workspace = workspace;
    drop(stored);
    elsewhere.iter().for_each(|id| keep_as_copy(app, id));
    Ok(())
}

/// Whether another window has stored the layer since this one did.
async fn is_changed_elsewhere(layers: &ObjectStore, stored: &RefCell<Stored>, id: &TabId) -> Result<bool, String> {
    let there: Option<JsValue> = layers.get(JsValue::from_str(id)).map_err(words)?.await.map_err(words)?;
    let known = stored.borrow().layers.get(id).map(|(_, stamp)| stamp.clone());
    Ok(there.and_then(|value| record(&value)).is_some_and(|record| Some(record.stamp) != known))
}

/// Another window changed the same layer: this window's goes on under a name of its own, so that neither is lost.
fn keep_as_copy(app: App, id: &TabId) {
    let copy: TabId = browser::random_id().into();
    let mut name = String::new();
    app.tabs.update_untracked(|tabs| {
        if let Some(tab) = tabs.iter_mut().find(|tab| tab.id == *id) {
            name.clone_from(&tab.history.present().name);
            tab.id = copy.clone();
        }
    });
    STORED.with(|stored| drop(stored.borrow_mut().layers.remove(id)));
    if app.active.get_untracked() == *id {
        app.active.set(copy);
    }
    app.tabs.update(|_| {});
    app.say(format!(
        "\"{name}\" was also changed in another window: this window's version is kept as a layer of its own."
    ));
}

fn text_of(app: App, tab: &Tab) -> Result<(String, String), String> {
    let knowledge = app.bundles.with_untracked(|bundles| bundles.knowledge(&tab.bundle));
    let stamp = browser::random_id();
    let record = Record {
        stamp: stamp.clone(),
        bundle: tab.bundle.word().to_owned(),
        layer: layer::write(tab.history.present(), &run::order(&knowledge)),
    };
    Ok((serde_json::to_string(&record).map_err(words)?, stamp))
}

fn tab(id: &str, text: &str) -> Option<(Tab, String)> {
    let record: Record = serde_json::from_str(text).ok()?;
    let layer = layer::read(record.layer.as_bytes()).ok()?.layers.into_iter().next()?;
    let bundle = BundleKey::from_word(&record.bundle);
    Some((Tab { id: id.into(), history: History::new(layer), bundle }, record.stamp))
}

fn record(value: &JsValue) -> Option<Record> {
    serde_json::from_str(&value.as_string()?).ok()
}

async fn open() -> Result<Database, String> {
    let factory = Factory::new().map_err(words)?;
    let mut request = factory.open(DATABASE, Some(1)).map_err(words)?;
    request.on_upgrade_needed(|event| {
        use idb::DatabaseEvent as _;
        if let Ok(database) = event.database() {
            for store in [LAYERS, WORKSPACE, BUNDLES] {
                let _ = database.create_object_store(store, ObjectStoreParams::new());
            }
        }
    });
    request.await.map_err(words)
}

async fn read_all() -> Result<(Vec<(String, String)>, Workspace), String> {
    let database = open().await?;
    let transaction = database.transaction(&[LAYERS, WORKSPACE], TransactionMode::ReadOnly).map_err(words)?;
    let layers = transaction.object_store(LAYERS).map_err(words)?;
    let keys = layers.get_all_keys(None, None).map_err(words)?.await.map_err(words)?;
    let values = layers.get_all(None, None).map_err(words)?.await.map_err(words)?;
    let store = transaction.object_store(WORKSPACE).map_err(words)?;
    let workspace: Option<JsValue> = store.get(JsValue::from_str("open")).map_err(words)?.await.map_err(words)?;
    transaction.await.map_err(words)?;
    database.close();
    let text = |value: &JsValue| value.as_string();
    let records = keys.iter().zip(&values).filter_map(|(key, value)| Some((text(key)?, text(value)?))).collect();
    let workspace = workspace.and_then(|value| text(&value)).and_then(|text| serde_json::from_str(&text).ok());
    Ok((records, workspace.unwrap_or_default()))
}

/// Keeps an opened bundle for the next visit: what it says, and itself for another release of the app.
pub async fn store_bundle(key: &BundleKey, bundle: &Blob, digest: &Uint8Array) -> Result<(), String> {
    let failed = |error: idb::Error| format!("The bundle is not kept for the next visit: {error}.");
    let database = open().await?;
    let transaction = database.transaction(&[BUNDLES], TransactionMode::ReadWrite).map_err(failed)?;
    let store = transaction.object_store(BUNDLES).map_err(failed)?;
    for (key, value) in [(key.word().to_owned(), bundle.as_ref()), (digest_key(key.word()), digest.as_ref())] {
        store.put(value, Some(&JsValue::from_str(&key))).map_err(failed)?.await.map_err(failed)?;
    }
    transaction.commit().map_err(failed)?.await.map_err(failed)?;
    database.close();
    Ok(())
}

fn digest_key(name: &str) -> String {
    format!("digest:{name}")
}

async fn stored_bundle(name: &str) -> Result<Knowledge, String> {
    let database = open().await?;
    let transaction = database.transaction(&[BUNDLES], TransactionMode::ReadOnly).map_err(words)?;
    let store = transaction.object_store(BUNDLES).map_err(words)?;
    let get = |key: &str| store.get(JsValue::from_str(key)).map_err(words);
    let digest: Option<JsValue> = get(&digest_key(name))?.await.map_err(words)?;
    let bundle: Option<JsValue> = get(name)?.await.map_err(words)?;
    transaction.await.map_err(words)?;
    database.close();
    let digest = digest.and_then(|digest| digest.dyn_into::<Uint8Array>().ok());
    if let Some(Ok(knowledge)) = digest.map(|digest| attack::unpack(&digest.to_vec())) {
        return Ok(knowledge);
    }
    let gone = || format!("The bundle \"{name}\" is not here any more: open it again.");
    let bundle = bundle.and_then(|bundle| bundle.dyn_into::<Blob>().ok()).ok_or_else(gone)?;
    match reading::read(&bundle).await {
        Ok(Read { knowledge, digest, .. }) => {
            // Read again next time if this fails.
            let _ = store_bundle(&BundleKey::Opened(name.into()), &bundle, &digest).await;
            Ok(knowledge)
        }
        Err(NotRead::Failed(why)) => Err(format!("The stored bundle \"{name}\" can't be read: {why}.")),
        Err(NotRead::Stopped) => Err(gone()),
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

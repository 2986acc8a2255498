//! Bringing back what was open: at once the layers, and their undo histories when the page is there.

use super::{
    STORED, WINDOW, bring_bundle, cannot_store,
    database::{self, HISTORY, LAYERS, OPEN, Record, WORKSPACE, Workspace},
    outbox, sort_as,
};
use crate::{
    app::{
        browser,
        components::theme,
        state::{App, TabId},
    },
    layer::Ledger,
};
use idb::{Database, ObjectStore, TransactionMode};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// Brings back what was open. Where nothing was, or the browser doesn't let us, the app stays as it is.
pub async fn restore(app: App) {
    // A window that is loaded again has its own tabs; a new one has all that are open.
    let own = browser::remembered_for_window(WINDOW).and_then(|text| serde_json::from_str::<Workspace>(&text).ok());
    // What can't be taken up stays left for the next time.
    let _ = outbox::take_up().await;
    let (records, mut workspace) = match read_open(own.as_ref()).await {
        Ok(read) => read,
        Err(error) => return cannot_store(app, &error),
    };
    if let Some(own) = own.filter(|own| records.iter().any(|(id, _)| own.order.contains(id))) {
        workspace.order = own.order;
        workspace.active = own.active;
    }
    let mut tabs = Vec::new();
    let mut broken = 0;
    for (id, value) in records {
        let id: TabId = id.as_str().into();
        let record = Record::read(&value);
        match record.as_ref().and_then(|record| record.tab(&id)).zip(record.as_ref()) {
            Some((tab, record)) => {
                let (layer, stamp) = (tab.history.present().clone(), record.stamp.clone());
                STORED.with(|stored| stored.borrow_mut().know(&id, layer, stamp));
                tabs.push(tab);
            }
            None => broken += 1,
        }
    }
    if broken > 0 {
        app.complain(format!("{broken} stored layers could not be read; they stay stored."));
    }
    sort_as(&mut tabs, &workspace.order);
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
    STORED.with(|stored| stored.borrow_mut().open = tabs.iter().map(|tab| tab.id.clone()).collect());
    // The two change together: the active tab is always among the tabs.
    app.tabs.update_untracked(|all| *all = tabs);
    app.active.set(active.id.clone());
    app.tabs.update(|_| {});
}

type Values = Vec<(String, JsValue)>;

async fn read_open(own: Option<&Workspace>) -> Result<(Values, Workspace), String> {
    let database = database::open().await?;
    let read = read_from(&database, own).await;
    database.close();
    read
}

async fn read_from(database: &Database, own: Option<&Workspace>) -> Result<(Values, Workspace), String> {
    let transaction = database.transaction(&[LAYERS, WORKSPACE], TransactionMode::ReadOnly).map_err(database::words)?;
    let layers = transaction.object_store(LAYERS).map_err(database::words)?;
    let store = transaction.object_store(WORKSPACE).map_err(database::words)?;
    let shared = database::get(&store, OPEN).await?.and_then(|value| Workspace::read(&value));
    let mut found = match own {
        Some(own) => those(&layers, &own.order).await?,
        None => Vec::new(),
    };
    if found.is_empty() {
        found = match &shared {
            Some(shared) => those(&layers, &shared.order).await?,
            None => database::all(&layers, None).await?,
        };
    }
    transaction.await.map_err(database::words)?;
    Ok((found, shared.unwrap_or_default()))
}

async fn those(layers: &ObjectStore, ids: &[String]) -> Result<Values, String> {
    let mut found = Vec::new();
    for id in ids {
        if let Some(value) = database::get(layers, id).await? {
            found.push((id.clone(), value));
        }
    }
    Ok(found)
}

/// Brings the steps of a layer's history back, once, and as soon as the page has time for it.
pub fn load_history(app: App, id: &TabId) {
    let wanted = STORED.with(|stored| {
        let mut stored = stored.borrow_mut();
        let wanted = stored.layers.contains_key(id) && !stored.asked.contains(id);
        if wanted {
            stored.asked.push(id.clone());
        }
        wanted
    });
    if !wanted {
        return;
    }
    let id = id.clone();
    leptos::task::spawn_local(async move {
        // Without them there is less to undo, and nothing else is amiss.
        let Ok(rows) = read_steps(&id).await else { return };
        let mut ledger = None;
        app.tabs.update(|tabs| {
            if let Some(tab) = tabs.iter_mut().find(|tab| tab.id == id).filter(|_| !rows.is_empty()) {
                ledger = Some(Ledger::bring_back(&mut tab.history, rows));
            }
        });
        STORED.with(|stored| {
            if let (Some(known), Some(ledger)) = (stored.borrow_mut().layers.get_mut(&id), ledger) {
                known.history = ledger;
            }
        });
    });
}

async fn read_steps(id: &TabId) -> Result<Vec<(u32, String)>, String> {
    let database = database::open().await?;
    let transaction = database.transaction(&[HISTORY], TransactionMode::ReadOnly).map_err(database::words)?;
    let store = transaction.object_store(HISTORY).map_err(database::words)?;
    let rows = database::all(&store, Some(database::steps(id, 0, u32::MAX)?)).await?;
    transaction.await.map_err(database::words)?;
    database.close();
    let row = |(key, value): (String, JsValue)| Some((key.rsplit('/').next()?.parse().ok()?, value.as_string()?));
    Ok(rows.into_iter().filter_map(row).collect())
}

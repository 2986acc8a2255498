//! Bringing back what was open: at once the layers, and their undo histories when the page is there.

use super::{
    STORED, WINDOW, bring_bundle, cannot_store,
    database::{self, LAYERS, OPEN, Range, Record, WORKSPACE, Workspace},
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
        let what = if broken == 1 { "layer" } else { "layers" };
        app.complain(format!("{broken} stored {what} could not be read; what is stored stays as it is."));
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

/// One look into the database where nothing is stored, or where this window knows its tabs.
async fn read_open(own: Option<&Workspace>) -> Result<(Values, Workspace), String> {
    let mut asked = vec![Range::one(WORKSPACE, OPEN)];
    asked.extend(own.iter().flat_map(|own| layers_of(own)));
    let mut answers = database::ask(asked).await?.into_iter();
    let shared = answers.next().and_then(|answer| database::the_one(&answer).and_then(Workspace::read));
    let shared = shared.unwrap_or_default();
    let mut found: Values = answers.flatten().collect();
    if found.is_empty() && !shared.order.is_empty() {
        found = database::ask(layers_of(&shared)).await?.into_iter().flatten().collect();
    }
    Ok((found, shared))
}

fn layers_of(workspace: &Workspace) -> Vec<Range> {
    workspace.order.iter().map(|id| Range::one(LAYERS, id)).collect()
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
    let rows = database::ask(vec![Range::steps(id, 0, u32::MAX)]).await?.into_iter().flatten();
    let row = |(key, value): (String, JsValue)| Some((database::step_number(&key)?, value.as_string()?));
    Ok(rows.filter_map(row).collect())
}

//! What a page that goes has not stored yet. The database takes longer than such a page is given, so it waits in the
//! browser's small store, which doesn't, until the app is opened again.

use super::{
    STORED, WINDOW,
    database::{self, HISTORY, LAYERS, Record},
    text_of, workspace_of,
};
use crate::app::{browser, state::App};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

const UNSTORED: &str = "bulkhead-unstored";

#[derive(Serialize, Deserialize)]
struct Unstored {
    id: String,
    /// The stamp of what was stored of it then.
    base: Option<String>,
    /// As the database would have it.
    record: String,
    steps: Vec<(u32, String)>,
}

thread_local! {
    /// This page has left something.
    static LEFT: Cell<bool> = const { Cell::new(false) };
}

/// Leaves what is not stored yet.
pub fn leave(app: App) {
    let unstored = STORED.with(|stored| {
        let stored = stored.borrow();
        let mut tabs = app.tabs.get_untracked();
        tabs.retain(|tab| !stored.has(tab));
        let left = tabs.iter().filter_map(|tab| {
            let known = stored.layers.get(&tab.id);
            let plan = known.map(|known| known.history.clone()).unwrap_or_default().plan(&tab.history);
            let (record, _) = text_of(app, tab).ok()?;
            let base = known.map(|known| known.stamp.clone());
            Some(Unstored { id: tab.id.to_string(), base, record, steps: plan.write })
        });
        left.collect::<Vec<_>>()
    });
    if unstored.is_empty() {
        return;
    }
    let mut all = left_before();
    all.extend(unstored);
    LEFT.set(true);
    browser::remember_setting(UNSTORED, &serde_json::to_string(&all).unwrap_or_default());
    browser::remember_for_window(WINDOW, &serde_json::to_string(&workspace_of(app)).unwrap_or_default());
}

/// The page did not go, or had the time to store everything.
pub fn clear() {
    if LEFT.take() {
        browser::forget_setting(UNSTORED);
    }
}

fn left_before() -> Vec<Unstored> {
    browser::setting(UNSTORED).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Stores what was left. What another window has stored since stays as it is, and what was left stands beside it.
pub async fn take_up() -> Result<(), String> {
    let all = left_before();
    if all.is_empty() {
        return Ok(());
    }
    database::change(&[LAYERS, HISTORY], async |transaction| {
        let layers = transaction.object_store(LAYERS).map_err(database::words)?;
        let history = transaction.object_store(HISTORY).map_err(database::words)?;
        for Unstored { id, base, record, steps } in all {
            let there = database::get(&layers, &id).await?.and_then(|value| Record::read(&value));
            let layer = serde_json::from_str::<Record>(&record).map(|record| record.layer).unwrap_or_default();
            match there {
                // It was stored after all.
                Some(there) if there.layer == layer => {}
                Some(there) if Some(&there.stamp) != base.as_ref() => {
                    database::put(&layers, &browser::random_id(), &record).await?;
                }
                _ => {
                    database::put(&layers, &id, &record).await?;
                    for (number, step) in steps {
                        database::put(&history, &database::step_key(&id, number), &step).await?;
                    }
                }
            }
        }
        Ok(())
    })
    .await?;
    browser::forget_setting(UNSTORED);
    Ok(())
}

//! What a page that goes has not stored yet. The database takes longer than such a page is given, so it waits in the
//! browser's small store, which doesn't, until the app is opened again.

use super::{
    STORED, WINDOW, closed_unstored,
    database::{self, Change, HISTORY, LAYERS, Range, Record},
    text_of, workspace_of,
};
use crate::app::{browser, state::App};
use leptos::prelude::*;
use std::cell::Cell;

const UNSTORED: &str = "bulkhead-unstored";

/// Between layers, and between the parts of one: JSON has no such signs, and the parts are JSON, ids and numbers.
const BETWEEN_LAYERS: char = '\u{1e}';
const BETWEEN_PARTS: &str = "\u{1f}";

thread_local! {
    /// This page has left something.
    static LEFT: Cell<bool> = const { Cell::new(false) };
}

/// Leaves what is not stored yet: of each layer its id, the stamp of what was stored of it, its record, and the keys
/// and texts of its steps.
pub fn leave(app: App) {
    let mut left = browser::setting(UNSTORED).unwrap_or_default();
    let before = left.len();
    STORED.with(|stored| {
        let stored = stored.borrow();
        let open = app.tabs.get_untracked().into_iter().filter(|tab| !stored.has(tab));
        for tab in open.chain(closed_unstored(app, &stored)) {
            let Ok((record, _)) = text_of(app, &tab) else { continue };
            let known = stored.layers.get(&tab.id);
            let plan = known.map(|known| known.history.clone()).unwrap_or_default().plan(&tab.history);
            let stamp = known.map(|known| known.stamp.clone()).unwrap_or_default();
            let mut parts = vec![tab.id.to_string(), stamp, record];
            for (number, step) in plan.write {
                parts.push(database::step_key(&tab.id, number));
                parts.push(step);
            }
            left.push_str(&parts.join(BETWEEN_PARTS));
            left.push(BETWEEN_LAYERS);
        }
    });
    if left.len() > before {
        LEFT.set(true);
        browser::remember_setting(UNSTORED, &left);
        browser::remember_for_window(WINDOW, &serde_json::to_string(&workspace_of(app)).unwrap_or_default());
    }
}

/// The page did not go, or had the time to store everything.
pub fn clear() {
    if LEFT.take() {
        browser::forget_setting(UNSTORED);
    }
}

/// Stores what was left. What another window has stored since stays as it is, and what was left stands beside it.
pub async fn take_up() -> Result<(), String> {
    let Some(left) = browser::setting(UNSTORED) else { return Ok(()) };
    let layers = left.split(BETWEEN_LAYERS).filter(|layer| !layer.is_empty());
    let layers: Vec<Vec<String>> =
        layers.map(|layer| layer.split(BETWEEN_PARTS).map(str::to_owned).collect()).collect();
    let asked = layers.iter().filter_map(|parts| parts.first()).map(|id| Range::one(LAYERS, id)).collect();
    let decide = move |answers: &mut database::Answers| {
        let mut changes = Vec::new();
        for (parts, answer) in layers.iter().zip(answers.iter()) {
            if let [id, stamp, record, steps @ ..] = parts.as_slice() {
                changes.extend(taken_up(id, stamp, record, steps, answer));
            }
        }
        Ok(changes)
    };
    database::exchange(asked, Box::new(decide)).await?;
    browser::forget_setting(UNSTORED);
    Ok(())
}

fn taken_up(
    id: &str,
    stamp: &str,
    record: &str,
    steps: &[String],
    answer: &[(String, wasm_bindgen::JsValue)],
) -> Vec<Change> {
    let there = database::the_one(answer).and_then(Record::read);
    let left = Record::read(&wasm_bindgen::JsValue::from_str(record));
    match (there, left) {
        (_, None) => Vec::new(),
        // It was stored after all.
        (Some(there), Some(left)) if there.layer == left.layer => Vec::new(),
        (Some(there), _) if there.stamp != stamp => vec![Change::put(LAYERS, &browser::random_id(), record)],
        _ => {
            let mut changes = vec![Change::put(LAYERS, id, record)];
            changes.extend(steps.chunks_exact(2).map(|step| Change::put(HISTORY, &step[0], &step[1])));
            // The last of them is the history's end: what is stored beyond it was undone before.
            let last = steps.chunks_exact(2).filter_map(|step| database::step_number(&step[0])).max();
            let beyond = last.and_then(|last| last.checked_add(1)).map(|from| Range::steps(id, from, u32::MAX));
            changes.extend(beyond.map(Change::Delete));
            changes
        }
    }
}

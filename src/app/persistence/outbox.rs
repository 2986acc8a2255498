//! What a page that goes has not stored yet. The database takes longer than such a page is given, so it waits in the
//! browser's small store, which doesn't, until the app is opened again.

use super::{
    STORED, WINDOW, closed_unstored,
    database::{self, Change, HISTORY, LAYERS, Range, Record},
    text_of, workspace_of,
};
use crate::app::{browser, state::App};
use leptos::prelude::*;
use std::cell::RefCell;

const UNSTORED: &str = "bulkhead-unstored";

/// Between layers, and between the parts of one: JSON has no such signs, and the parts are JSON, ids and numbers.
const BETWEEN_LAYERS: &str = "\u{1e}";
const BETWEEN_PARTS: &str = "\u{1f}";

thread_local! {
    /// What this page has left. Other windows have left theirs beside it.
    static LEFT: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Leaves what is not stored yet: of each layer its id, the stamp of what was stored of it, its record, and the keys
/// and texts of its steps.
pub fn leave(app: App) {
    let mut left = Vec::new();
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
            left.push(parts.join(BETWEEN_PARTS));
        }
    });
    if !left.is_empty() {
        browser::remember_for_window(WINDOW, &serde_json::to_string(&workspace_of(app)).unwrap_or_default());
        exchange(&LEFT.replace(left.clone()), left);
    }
}

/// The page did not go, or had the time to store everything.
pub fn clear() {
    let left = LEFT.take();
    if !left.is_empty() {
        exchange(&left, Vec::new());
    }
}

/// Takes some of what waits out and puts other in; what else other windows have left stays.
fn exchange(out: &[String], put: Vec<String>) {
    let mut waiting = waiting();
    waiting.retain(|layer| !out.contains(layer));
    waiting.extend(put);
    if waiting.is_empty() {
        browser::forget_setting(UNSTORED);
    } else {
        browser::remember_setting(UNSTORED, &waiting.join(BETWEEN_LAYERS));
    }
}

/// The layers that wait.
fn waiting() -> Vec<String> {
    let text = browser::setting(UNSTORED).unwrap_or_default();
    text.split(BETWEEN_LAYERS).filter(|layer| !layer.is_empty()).map(str::to_owned).collect()
}

/// Stores what was left. What another window has stored since stays as it is, and what was left stands beside it.
pub async fn take_up() -> Result<(), String> {
    let left = waiting();
    if left.is_empty() {
        return Ok(());
    }
    let layers: Vec<Vec<String>> =
        left.iter().map(|layer| layer.split(BETWEEN_PARTS).map(str::to_owned).collect()).collect();
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
    // Another window may have left something meanwhile.
    exchange(&left, Vec::new());
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

//! The layers kept in this browser, open and closed: listing, opening, and deleting them. Until the list is left, what
//! was deleted can be had back.

use super::{
    STORED,
    database::{self, Change, HISTORY, LAYERS, Range, Record},
};
use crate::app::{
    layers,
    state::{App, Tab, TabId},
};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// A layer of the list.
#[derive(Clone)]
pub struct Kept {
    pub tab: Tab,
    /// When it was changed last, in milliseconds since 1970; zero where that is not known.
    pub changed: u64,
    pub shelf: Shelf,
}

/// Where a kept layer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    Open,
    Closed,
    /// It can be had back until the list is left.
    Deleted,
}

/// What was deleted, as it was stored.
struct Deleted {
    id: TabId,
    record: JsValue,
    steps: Vec<(String, JsValue)>,
    was_open: bool,
}

thread_local! {
    static DELETED: RefCell<Vec<Deleted>> = const { RefCell::new(Vec::new()) };
}

/// Every layer there is, in no order. What is open is as this window has it. The number is of those that can't be read.
///
/// # Errors
/// Why only the open ones are there.
pub async fn kept_layers(app: App) -> (Vec<Kept>, Result<usize, String>) {
    let (stored, error) = match database::ask(vec![Range::all(LAYERS)]).await {
        Ok(stored) => (stored.into_iter().flatten().collect(), None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let tabs = app.tabs.get_untracked();
    let mut all = Vec::new();
    let mut unreadable = 0;
    let mut changes: Vec<(TabId, u64)> = Vec::new();
    for (id, value) in stored {
        let id: TabId = id.as_str().into();
        match Record::read(&value) {
            Some(record) if tabs.iter().any(|tab| tab.id == id) => changes.push((id, record.changed)),
            Some(record) => match record.tab(&id) {
                Some(tab) => all.push(Kept { tab, changed: record.changed, shelf: Shelf::Closed }),
                None => unreadable += 1,
            },
            None => unreadable += 1,
        }
    }
    for tab in tabs {
        let changed = changes.iter().find(|(id, _)| *id == tab.id).map_or(0, |(_, changed)| *changed);
        all.push(Kept { tab, changed, shelf: Shelf::Open });
    }
    DELETED.with_borrow(|deleted| {
        for gone in deleted {
            let record = Record::read(&gone.record);
            if let Some((tab, record)) = record.as_ref().and_then(|record| record.tab(&gone.id)).zip(record.as_ref()) {
                all.push(Kept { tab, changed: record.changed, shelf: Shelf::Deleted });
            }
        }
    });
    (all, error.map_or(Ok(unreadable), Err))
}

/// A stored layer as an open one.
pub async fn tab_of(id: &TabId) -> Result<Tab, String> {
    let answers = database::ask(vec![Range::one(LAYERS, id)]).await?;
    let record = answers.first().and_then(|answer| database::the_one(answer)).and_then(Record::read);
    let tab = record.as_ref().and_then(|record| record.tab(id)).zip(record.as_ref());
    let (tab, record) = tab.ok_or("The layer is not stored any more.")?;
    let (layer, stamp) = (tab.history.present().clone(), record.stamp.clone());
    STORED.with(|stored| stored.borrow_mut().know(id, layer, stamp));
    Ok(tab)
}

/// Deletes a layer; if it is open, it is closed.
pub async fn delete(app: App, id: &TabId) -> Result<(), String> {
    let was_open = app.tabs.with_untracked(|tabs| tabs.iter().any(|tab| tab.id == *id));
    let erase = Change::erase(id).into();
    let mut answers = database::exchange(own(id), Box::new(|_| Ok(erase))).await?;
    let steps = answers.pop().unwrap_or_default();
    let record = answers.pop().and_then(|mut answer| answer.pop()).map(|(_, record)| record);
    if let Some(record) = record {
        DELETED.with_borrow_mut(|all| all.push(Deleted { id: id.clone(), record, steps, was_open }));
    }
    layers::drop_tab(app, id);
    app.closed.update(|closed| closed.retain(|tab| tab.id != *id));
    STORED.with(|stored| {
        let mut stored = stored.borrow_mut();
        stored.forget(id);
        stored.deleted.push(id.clone());
    });
    app.shelf.update(|shelf| *shelf += 1);
    Ok(())
}

/// Puts a deleted layer back where it was.
pub async fn bring_back(app: App, id: &TabId) -> Result<(), String> {
    let gone = DELETED.with_borrow_mut(|all| {
        let at = all.iter().position(|deleted| deleted.id == *id)?;
        Some(all.remove(at))
    });
    let Some(gone) = gone else { return Ok(()) };
    let steps = gone.steps.iter().map(|(key, value)| Change::Put(HISTORY, key.clone(), value.clone()));
    let record = Change::Put(LAYERS, id.to_string(), gone.record.clone());
    let outcome = database::change(std::iter::once(record).chain(steps).collect()).await.map(drop);
    match outcome {
        Ok(()) => {
            STORED.with(|stored| stored.borrow_mut().deleted.retain(|deleted| deleted != id));
            if gone.was_open {
                layers::open_kept(app, id.clone());
            }
        }
        Err(_) => DELETED.with_borrow_mut(|all| all.push(gone)),
    }
    app.shelf.update(|shelf| *shelf += 1);
    outcome
}

/// What was deleted is gone for good.
pub fn forget_deleted() {
    DELETED.with_borrow_mut(Vec::clear);
}

/// What a layer takes in the browser's storage: its file, and the steps of its history.
pub async fn stored_bytes(id: &TabId) -> Result<(usize, usize), String> {
    let answers = database::ask(own(id)).await?;
    let length = |answer: &Vec<(String, JsValue)>| {
        answer.iter().filter_map(|(_, value)| value.as_string()).map(|text| text.len()).sum()
    };
    Ok((answers.first().map_or(0, length), answers.last().map_or(0, length)))
}

/// A layer's record, and its steps.
fn own(id: &str) -> Vec<Range> {
    vec![Range::one(LAYERS, id), Range::steps(id, 0, u32::MAX)]
}

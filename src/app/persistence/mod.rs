//! Everything the user has is stored in the browser by itself: layers within 300 ms of an edit, as the layer files they
//! would be exported as, in one line, so that one format has to be right and not two. Closed layers stay stored until they are
//! deleted.

mod beside;
mod bundles;
mod database;
mod kept;
mod outbox;
mod restore;
mod windows;

pub use beside::{load_beside, store_draft, store_tiers};
pub use bundles::{
    KeptBundle, bring_bundle, bring_bundle_back, bring_bundles, delete_bundle, forget_deleted_bundles,
    kept_bundle_sizes, kept_bundles, store_bundle,
};
pub use kept::{Kept, Shelf, bring_back, delete, forget_deleted, kept_layers, stored_bytes, tab_of};
pub use restore::{load_history, restore};
pub use windows::{keep_mine, listen, overwrite, use_other};

use super::{
    browser,
    components::theme,
    exports,
    state::{App, Message, Offer, Saving, Tab, TabId},
};
use crate::{
    layer::{self, Layer, Ledger},
    order,
};
use database::{Change, Decide, HISTORY, LAYERS, OPEN, Range, Record, WORKSPACE, Workspace};
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};
use wasm_bindgen::JsValue;

/// How long an edit waits for others before both are stored. Well within the 300 ms that are promised.
const WAIT: Duration = Duration::from_millis(120);

/// After this time what could not be stored is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// This window's own order of tabs: another window has its own.
const WINDOW: &str = "bulkhead-window";

/// A layer as it is known to be stored.
struct Known {
    layer: Arc<Layer>,
    stamp: String,
    history: Ledger,
}

/// What is known to be stored.
#[derive(Default)]
struct Stored {
    layers: FxHashMap<TabId, Known>,
    workspace: String,
    /// The tabs of this window when they were stored last.
    open: Vec<TabId>,
    /// Layers that were deleted here since.
    deleted: Vec<TabId>,
    /// Layers whose steps have been asked for.
    asked: Vec<TabId>,
    /// Layers of which it was said that another window changed them.
    told: Vec<TabId>,
    waiting: bool,
    writing: bool,
}

thread_local! {
    static STORED: Rc<RefCell<Stored>> = Rc::default();
}

impl Stored {
    fn has(&self, tab: &Tab) -> bool {
        self.layers.get(&tab.id).is_some_and(|known| Arc::ptr_eq(&known.layer, tab.history.present()))
    }

    fn know(&mut self, id: &TabId, layer: Arc<Layer>, stamp: String) {
        self.told.retain(|told| told != id);
        self.layers.insert(id.clone(), Known { layer, stamp, history: Ledger::default() });
    }

    fn forget(&mut self, id: &TabId) {
        self.layers.remove(id);
        for list in [&mut self.asked, &mut self.told, &mut self.open] {
            list.retain(|known| known != id);
        }
    }
}

/// Stores whatever changes, from now on.
pub fn keep_saving(app: App) {
    Effect::new(move |_| {
        app.tabs.track();
        app.closed.track();
        app.active.track();
        app.inspector.track();
        app.legend.track();
        app.theme.track();
        schedule(app);
    });
    let hide = window_event_listener(leptos::ev::pagehide, move |_| {
        outbox::leave(app);
        write_soon(app);
    });
    std::mem::forget(hide); // as long as the page lives
    listen(app);
}

fn schedule(app: App) {
    if !has_changes(app) {
        return;
    }
    if app.saving.with_untracked(|saving| !matches!(saving, Saving::Failed(_))) {
        app.saving.set(Saving::Waiting);
    }
    write_after(app, WAIT);
}

fn write_after(app: App, wait: Duration) {
    let stored = STORED.with(Rc::clone);
    if std::mem::replace(&mut stored.borrow_mut().waiting, true) {
        return;
    }
    set_timeout(
        move || {
            stored.borrow_mut().waiting = false;
            write_soon(app);
        },
        wait,
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
            Ok(()) => {
                stored_again(app);
                app.shelf.update(|shelf| *shelf += 1);
                if has_changes(app) {
                    schedule(app);
                } else {
                    app.saving.set(Saving::Saved);
                }
            }
            Err(error) => {
                cannot_store(app, &error);
                write_after(app, RETRY);
            }
        }
    });
}

fn cannot_store(app: App, error: &str) {
    let told = app.saving.with_untracked(|saving| matches!(saving, Saving::Failed(_)));
    app.saving.set(Saving::Failed(error.to_owned()));
    if !told {
        let text = format!("The browser does not store this: {error}. Go on working, but export before you leave.");
        app.message.set(Some(Message { offers: vec![Offer::ExportAll], ..Message::failed(text) }));
    }
}

/// What was said of storing that failed is not true any more.
fn stored_again(app: App) {
    if app.saving.with_untracked(|saving| matches!(saving, Saving::Failed(_))) {
        app.say("The browser stores again: everything is saved.");
        app.saving.set(Saving::Waiting);
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
            || app.tabs.with_untracked(|tabs| tabs.iter().any(|tab| !stored.has(tab)))
            || closed_unstored(app, &stored).next().is_some()
    })
}

/// What was closed before its last edit was stored.
fn closed_unstored(app: App, stored: &Stored) -> impl Iterator<Item = Tab> + use<> {
    let mut closed = app.closed.get_untracked();
    closed.retain(|tab| !stored.has(tab) && !tab.history.present().says_nothing());
    closed.into_iter()
}

/// Writes what changed in one transaction: either all of it is stored, or none.
async fn write_changes(app: App, stored: &Rc<RefCell<Stored>>) -> Result<(), String> {
    let tabs = app.tabs.get_untracked();
    let workspace = workspace_of(app);
    let own = serde_json::to_string(&workspace).map_err(database::words)?;
    browser::remember_for_window(WINDOW, &own);
    let mut changed: Vec<Tab> = tabs.iter().filter(|tab| !stored.borrow().has(tab)).cloned().collect();
    changed.extend(closed_unstored(app, &stored.borrow()));
    let blank = closed_blank(app, stored, &tabs);
    let ids = changed.iter().map(|tab| &tab.id).chain(&blank);
    let mut asked: Vec<Range> = ids.map(|id| Range::one(LAYERS, id)).collect();
    asked.push(Range::one(WORKSPACE, OPEN));
    let written: Rc<RefCell<Written>> = Rc::default();
    let (outcome, known) = (written.clone(), stored.clone());
    let decide: Decide = Box::new(move |answers| {
        let mut written = Written { blank, ..Written::default() };
        let changes = changes(app, &known.borrow(), changed, workspace, answers, &mut written)?;
        *outcome.borrow_mut() = written;
        Ok(changes)
    });
    database::exchange(asked, decide).await?;
    outbox::clear();

    let Written { layers, elsewhere, blank } = written.take();
    windows::tell(layers.iter().map(|(id, known)| (id, known.stamp.as_str())));
    let mut all = stored.borrow_mut();
    blank.iter().for_each(|id| all.forget(id));
    for (id, known) in layers {
        all.told.retain(|told| *told != id);
        all.layers.insert(id, known);
    }
    all.workspace = own;
    all.deleted.clear();
    all.open = tabs.into_iter().map(|tab| tab.id).collect();
    drop(all);
    elsewhere.iter().for_each(|id| windows::keep_as_copy(app, id));
    Ok(())
}

#[derive(Default)]
struct Written {
    layers: Vec<(TabId, Known)>,
    /// What another window has stored meanwhile.
    elsewhere: Vec<TabId>,
    /// What was closed without ever having said anything.
    blank: Vec<TabId>,
}

/// What is to be changed in the database, which has answered what is there: of the changed tabs, of the blank ones, and
/// of the workspace.
fn changes(
    app: App,
    stored: &Stored,
    changed: Vec<Tab>,
    workspace: Workspace,
    answers: &[Vec<(String, JsValue)>],
    written: &mut Written,
) -> Result<Vec<Change>, String> {
    let mut changes = Vec::new();
    let mut there = answers.iter().map(|answer| database::the_one(answer));
    for tab in changed {
        if is_changed_elsewhere(there.next().flatten(), stored, &tab.id) {
            written.elsewhere.push(tab.id);
            continue;
        }
        let (text, stamp) = text_of(app, &tab)?;
        changes.push(Change::put(LAYERS, &tab.id, &text));
        let known = stored.layers.get(&tab.id).map(|known| known.history.clone());
        let plan = known.unwrap_or_default().plan(&tab.history);
        if let Some(from) = plan.delete_from {
            changes.push(Change::Delete(Range::steps(&tab.id, from, u32::MAX)));
        }
        if let Some(to) = plan.delete_to {
            changes.push(Change::Delete(Range::steps(&tab.id, 0, to)));
        }
        for (number, step) in &plan.write {
            changes.push(Change::put(HISTORY, &database::step_key(&tab.id, *number), step));
        }
        let known = Known { layer: tab.history.present().clone(), stamp, history: plan.next };
        written.layers.push((tab.id, known));
    }
    for id in &written.blank {
        if !is_changed_elsewhere(there.next().flatten(), stored, id) {
            changes.extend(Change::erase(id));
        }
    }
    let shared = there.next().flatten().and_then(Workspace::read).unwrap_or_default();
    let text = serde_json::to_string(&shared_with(stored, workspace, shared)).map_err(database::words)?;
    changes.push(Change::put(WORKSPACE, OPEN, &text));
    Ok(changes)
}

/// Tabs that were closed since the last storing and whose layers never said anything: nobody looks for them.
fn closed_blank(app: App, stored: &RefCell<Stored>, tabs: &[Tab]) -> Vec<TabId> {
    let stored = stored.borrow();
    let gone = stored.open.iter().filter(|id| tabs.iter().all(|tab| tab.id != **id));
    let says_nothing = |id: &&TabId| {
        let closed = app.closed.with_untracked(|closed| {
            closed.iter().find(|tab| tab.id == **id).map(|tab| tab.history.present().says_nothing())
        });
        closed.unwrap_or_else(|| stored.layers.get(*id).is_some_and(|known| known.layer.says_nothing()))
    };
    gone.filter(says_nothing).cloned().collect()
}

/// This window's tabs come first. What another window has open stays open, unless it was closed here.
fn shared_with(stored: &Stored, mut own: Workspace, shared: Workspace) -> Workspace {
    let closed = |id: &str| stored.open.iter().chain(&stored.deleted).any(|closed| **closed == *id);
    for id in shared.order {
        if !own.order.contains(&id) && !closed(&id) {
            own.order.push(id);
        }
    }
    own
}

/// Whether another window has stored the layer since this one did.
fn is_changed_elsewhere(there: Option<&JsValue>, stored: &Stored, id: &TabId) -> bool {
    let known = stored.layers.get(id).map(|known| known.stamp.as_str());
    there.and_then(Record::stamp_in).is_some_and(|stamp| Some(stamp.as_str()) != known)
}

fn text_of(app: App, tab: &Tab) -> Result<(String, String), String> {
    let knowledge = app.bundles.with_untracked(|bundles| bundles.knowledge(&tab.bundle));
    let stamp = browser::random_id();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // milliseconds since 1970
    let changed = js_sys::Date::now() as u64;
    let record = Record {
        stamp: stamp.clone(),
        bundle: tab.bundle.word().to_owned(),
        layer: layer::write_in_a_line(tab.history.present(), &exports::order(&knowledge)),
        changed,
        step: tab.history.at(),
    };
    Ok((serde_json::to_string(&record).map_err(database::words)?, stamp))
}

/// Takes a list into the order in which ids stand; the others come last.
fn sort_as(tabs: &mut Vec<Tab>, ids: &[String]) {
    order::sort_by_key(tabs, |tab| ids.iter().position(|id| **id == *tab.id).unwrap_or(usize::MAX));
}

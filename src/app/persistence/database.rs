//! The browser's own database (IndexedDB): what stands in it under which key, and one transaction for all who read and
//! change it. What is changed, and when, is decided in the rooms beside.

use crate::{
    app::{
        browser,
        bundles::BundleKey,
        state::{Tab, TabId},
    },
    layer::{self, History},
};
use idb::{Database, Factory, KeyRange, ObjectStoreParams, Query, Transaction, TransactionMode, TransactionResult};
use js_sys::JsString;
use serde::{Deserialize, Serialize};
use std::{future::Future, pin::Pin};
use wasm_bindgen::{JsCast, JsValue};

const DATABASE: &str = "bulkhead";
const VERSION: u32 = 3;

/// Layers, open and closed, by id: a [`Record`] as JSON.
pub const LAYERS: &str = "layers";
/// What was open: a [`Workspace`] as JSON, under [`OPEN`].
pub const WORKSPACE: &str = "workspace";
/// Bundles that the user opened, by name.
pub const BUNDLES: &str = "bundles";
/// Steps of the layers' histories, by layer and number: see [`step_key`].
pub const HISTORY: &str = "history";
/// Tiers of the user's own, by bundle: see `beside`.
pub const TIERS: &str = "tiers";
/// Drafts of contributions, by id: a `Draft` as JSON.
pub const DRAFTS: &str = "drafts";

const STORES: [&str; 6] = [LAYERS, WORKSPACE, BUNDLES, HISTORY, TIERS, DRAFTS];

pub const OPEN: &str = "open";

/// How a record begins, and within how many signs its stamp ends.
const STAMP: &str = "{\"stamp\":\"";
const MOST_OF_STAMP: u32 = 100;

/// A stored layer.
#[derive(Serialize, Deserialize)]
pub struct Record {
    /// Changes with every storing, so that another window's change is seen and not written over. It stands first: see
    /// [`Record::stamp_in`].
    pub stamp: String,
    pub bundle: String,
    /// The layer file.
    pub layer: String,
    /// When it was changed last, in milliseconds since 1970; zero where that is not known.
    #[serde(default)]
    pub changed: u64,
    /// How many steps of its history led to it.
    #[serde(default)]
    pub step: u32,
}

/// What else is remembered.
#[derive(Serialize, Deserialize, Default, Clone)]
pub struct Workspace {
    pub order: Vec<String>,
    pub active: String,
    pub inspector: Option<bool>,
    pub legend: Option<bool>,
    pub theme: Option<String>,
}

impl Record {
    pub fn read(value: &JsValue) -> Option<Self> {
        serde_json::from_str(&value.as_string()?).ok()
    }

    /// The stamp alone; the rest of a large layer would take its time.
    pub fn stamp_in(value: &JsValue) -> Option<String> {
        let start: String = value.dyn_ref::<JsString>()?.slice(0, MOST_OF_STAMP).into();
        let stamp = start.strip_prefix(STAMP).and_then(|rest| rest.split_once('"')).map(|(stamp, _)| stamp.to_owned());
        stamp.or_else(|| Some(Self::read(value)?.stamp))
    }

    /// The layer as an open one.
    pub fn tab(&self, id: &TabId) -> Option<Tab> {
        let layer = layer::read(self.layer.as_bytes()).ok()?.layers.into_iter().next()?;
        let history = History::resumed(layer, self.step);
        Some(Tab { id: id.clone(), history, bundle: BundleKey::from_word(&self.bundle) })
    }
}

impl Workspace {
    pub fn read(value: &JsValue) -> Option<Self> {
        serde_json::from_str(&value.as_string()?).ok()
    }
}

pub async fn open() -> Result<Database, String> {
    if browser::is_embedded() {
        return Err("nothing is stored in another page".to_owned());
    }
    let refused = |_: idb::Error| "it allows no storage here, as in some private windows".to_owned();
    let factory = Factory::new().map_err(refused)?;
    let mut request = factory.open(DATABASE, Some(VERSION)).map_err(refused)?;
    request.on_upgrade_needed(|event| {
        use idb::{DatabaseEvent as _, Event as _, Request as _};
        let Ok(database) = event.database() else { return };
        let there = database.store_names();
        let missing = STORES.into_iter().filter(|store| !there.iter().any(|name| name == store));
        let made = |store| database.create_object_store(store, ObjectStoreParams::new()).is_ok();
        // A database that lacks one would be so for ever: better none, and another try.
        if !missing.into_iter().all(made)
            && let Ok(request) = event.target()
            && let Some(transaction) = request.transaction()
        {
            let _ = transaction.abort();
        }
    });
    request.await.map_err(refused)
}

/// What is asked of a store: everything from one key to another, both counted.
pub struct Range {
    store: &'static str,
    keys: Option<[String; 2]>,
}

impl Range {
    pub fn all(store: &'static str) -> Self {
        Self { store, keys: None }
    }

    pub fn one(store: &'static str, key: &str) -> Self {
        Self { store, keys: Some([key.to_owned(), key.to_owned()]) }
    }

    /// The steps of a layer from one number to another, both counted.
    pub fn steps(id: &str, from: u32, to: u32) -> Self {
        Self { store: HISTORY, keys: Some([step_key(id, from), step_key(id, to)]) }
    }

    fn query(&self) -> Result<Option<KeyRange>, String> {
        let range = |[from, to]: &[String; 2]| {
            KeyRange::bound(&JsValue::from_str(from), &JsValue::from_str(to), None, None).map_err(words)
        };
        self.keys.as_ref().map(range).transpose()
    }
}

/// A change of a store.
pub enum Change {
    Put(&'static str, String, JsValue),
    Delete(Range),
}

impl Change {
    pub fn put(store: &'static str, key: &str, text: &str) -> Self {
        Self::Put(store, key.to_owned(), JsValue::from_str(text))
    }

    /// Takes a layer and its steps out.
    pub fn erase(id: &str) -> [Self; 2] {
        [Self::Delete(Range::one(LAYERS, id)), Self::Delete(Range::steps(id, 0, u32::MAX))]
    }
}

/// Keys and values, for each range that was asked.
pub type Answers = Vec<Vec<(String, JsValue)>>;

/// What is changed after what was found; the answers may be taken.
pub type Decide = Box<dyn FnOnce(&mut Answers) -> Result<Vec<Change>, String>>;

/// Asks, decides and changes in one transaction: either all of it is stored, or none. It is boxed, and the only one of
/// its kind, because each future that has transactions of its own weighs several kilobytes.
pub fn exchange(asked: Vec<Range>, decide: Decide) -> Pin<Box<dyn Future<Output = Result<Answers, String>>>> {
    Box::pin(async move {
        let database = open().await?;
        let outcome = exchanged(&database, asked, decide).await;
        database.close();
        outcome
    })
}

/// Only asks.
pub fn ask(asked: Vec<Range>) -> Pin<Box<dyn Future<Output = Result<Answers, String>>>> {
    exchange(asked, Box::new(|_| Ok(Vec::new())))
}

/// Only changes.
pub fn change(changes: Vec<Change>) -> Pin<Box<dyn Future<Output = Result<Answers, String>>>> {
    exchange(Vec::new(), Box::new(|_| Ok(changes)))
}

async fn exchanged(database: &Database, asked: Vec<Range>, decide: Decide) -> Result<Answers, String> {
    let stores = [LAYERS, WORKSPACE, HISTORY, TIERS, DRAFTS];
    let transaction = database.transaction(&stores, TransactionMode::ReadWrite).map_err(words)?;
    let mut answers = Answers::new();
    for range in asked {
        let store = transaction.object_store(range.store).map_err(words)?;
        let query = || range.query().map(|query| query.map(Query::from));
        let keys = store.get_all_keys(query()?, None).map_err(words)?.await.map_err(words)?;
        let values = store.get_all(query()?, None).map_err(words)?.await.map_err(words)?;
        let pairs = keys.into_iter().zip(values);
        answers.push(pairs.filter_map(|(key, value)| Some((key.as_string()?, value))).collect());
    }
    match changed(&transaction, decide(&mut answers)?).await {
        Ok(()) => committed(transaction.commit().map_err(words)?.await).map(|()| answers),
        Err(error) => {
            // What was refused half-way must not be there in half.
            let _ = transaction.abort();
            Err(error)
        }
    }
}

async fn changed(transaction: &Transaction, changes: Vec<Change>) -> Result<(), String> {
    for change in changes {
        match change {
            Change::Put(store, key, value) => {
                let store = transaction.object_store(store).map_err(words)?;
                store.put(&value, Some(&JsValue::from_str(&key))).map_err(words)?.await.map_err(words)?;
            }
            Change::Delete(range) => {
                let store = transaction.object_store(range.store).map_err(words)?;
                if let Some(query) = range.query()? {
                    store.delete(query).map_err(words)?.await.map_err(words)?;
                }
            }
        }
    }
    Ok(())
}

/// Whether a transaction was stored. A browser may take every change of it to the end and then take all of them back, as
/// where its storage turns out to be full: that is an end like any other to the transaction, and no storing.
pub fn committed(end: Result<TransactionResult, idb::Error>) -> Result<(), String> {
    match end.map_err(words)? {
        TransactionResult::Committed => Ok(()),
        TransactionResult::Aborted => Err("it took back what was to be stored; its storage may be full".to_owned()),
    }
}

/// The one value that was asked for by its key.
pub fn the_one(answer: &[(String, JsValue)]) -> Option<&JsValue> {
    answer.first().map(|(_, value)| value)
}

/// The key of a step: in the order of numbers, one layer's together.
pub fn step_key(id: &str, number: u32) -> String {
    format!("{id}/{number:010}")
}

/// The number of the step that is stored under a key.
pub fn step_number(key: &str) -> Option<u32> {
    key.rsplit_once('/')?.1.parse().ok()
}

/// What the browser says, for the user.
pub fn words(error: impl std::fmt::Display) -> String {
    let error = error.to_string();
    if error.contains("Quota") { "its storage for this page is full".to_owned() } else { error }
}

//! The browser's own database (IndexedDB): what stands in it under which key, and reading and deleting it.
//! When something is written is decided in the rooms beside.

use crate::{
    app::{
        bundles::BundleKey,
        state::{Tab, TabId},
    },
    layer::{self, History},
};
use idb::{Database, Factory, KeyRange, ObjectStore, ObjectStoreParams, Transaction, TransactionMode};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

const DATABASE: &str = "bulkhead";
const VERSION: u32 = 2;

/// Layers, open and closed, by id: a [`Record`] as JSON.
pub const LAYERS: &str = "layers";
/// What was open: a [`Workspace`] as JSON, under [`OPEN`].
pub const WORKSPACE: &str = "workspace";
/// Bundles that the user opened, by name.
pub const BUNDLES: &str = "bundles";
/// Steps of the layers' histories, by layer and number: see [`step_key`].
pub const HISTORY: &str = "history";

pub const OPEN: &str = "open";

/// A stored layer.
#[derive(Serialize, Deserialize)]
pub struct Record {
    /// Changes with every storing, so that another window's change is seen and not written over.
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
    let refused = |_: idb::Error| "it allows no storage here, as in some private windows".to_owned();
    let factory = Factory::new().map_err(refused)?;
    let mut request = factory.open(DATABASE, Some(VERSION)).map_err(refused)?;
    request.on_upgrade_needed(|event| {
        use idb::DatabaseEvent as _;
        if let Ok(database) = event.database() {
            // Those that are there already refuse, and stay.
            for store in [LAYERS, WORKSPACE, BUNDLES, HISTORY] {
                let _ = database.create_object_store(store, ObjectStoreParams::new());
            }
        }
    });
    request.await.map_err(refused)
}

/// Does something in a transaction: all of it is stored, or none.
pub async fn change<T>(
    stores: &[&str],
    work: impl AsyncFnOnce(&Transaction) -> Result<T, String>,
) -> Result<T, String> {
    let database = open().await?;
    let outcome = changed(&database, stores, work).await;
    database.close();
    outcome
}

async fn changed<T>(
    database: &Database,
    stores: &[&str],
    work: impl AsyncFnOnce(&Transaction) -> Result<T, String>,
) -> Result<T, String> {
    let transaction = database.transaction(stores, TransactionMode::ReadWrite).map_err(words)?;
    match work(&transaction).await {
        Ok(done) => {
            transaction.commit().map_err(words)?.await.map_err(words)?;
            Ok(done)
        }
        Err(error) => {
            // What was refused half-way must not be there in half.
            let _ = transaction.abort();
            Err(error)
        }
    }
}

pub async fn get(store: &ObjectStore, key: &str) -> Result<Option<JsValue>, String> {
    store.get(JsValue::from_str(key)).map_err(words)?.await.map_err(words)
}

pub async fn put(store: &ObjectStore, key: &str, text: &str) -> Result<(), String> {
    let put = store.put(&JsValue::from_str(text), Some(&JsValue::from_str(key))).map_err(words)?;
    put.await.map_err(words)?;
    Ok(())
}

/// Every key with its value.
pub async fn all(store: &ObjectStore, range: Option<KeyRange>) -> Result<Vec<(String, JsValue)>, String> {
    let query = || range.clone().map(idb::Query::from);
    let keys = store.get_all_keys(query(), None).map_err(words)?.await.map_err(words)?;
    let values = store.get_all(query(), None).map_err(words)?.await.map_err(words)?;
    Ok(keys.into_iter().zip(values).filter_map(|(key, value)| Some((key.as_string()?, value))).collect())
}

pub async fn delete(store: &ObjectStore, query: impl Into<idb::Query>) -> Result<(), String> {
    store.delete(query).map_err(words)?.await.map_err(words)
}

/// The key of a step: in the order of numbers, one layer's together.
pub fn step_key(id: &str, number: u32) -> String {
    format!("{id}/{number:010}")
}

/// The steps of a layer from one number to another, both counted.
pub fn steps(id: &str, from: u32, to: u32) -> Result<KeyRange, String> {
    let key = |number| JsValue::from_str(&step_key(id, number));
    KeyRange::bound(&key(from), &key(to), None, None).map_err(words)
}

/// What the browser says, for the user.
pub fn words(error: impl std::fmt::Display) -> String {
    let error = error.to_string();
    if error.contains("Quota") { "its storage for this page is full".to_owned() } else { error }
}

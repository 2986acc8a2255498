//! Bundles: brought back for stored layers, and kept for the next visit.

use super::database::{BUNDLES, committed, open, words};
use crate::{
    app::{
        bundles::{self, BundleKey},
        reading::{self, NotRead, Read},
        state::{App, Tab},
    },
    attack::{self, Knowledge},
    order,
};
use idb::TransactionMode;
use js_sys::Uint8Array;
use leptos::prelude::*;
use std::{cell::RefCell, sync::Arc};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

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

/// The bundles of these tabs: after a start only the active one's is there. A layer whose bundle can't be had stays on
/// the default one.
///
/// # Errors
/// Sentences for the user, once all were tried.
pub async fn bring_bundles(app: App, tabs: &[Tab]) -> Result<(), String> {
    let mut errors = Vec::new();
    for tab in tabs {
        errors.extend(bring_bundle(app, &tab.bundle).await.err());
    }
    if errors.is_empty() { Ok(()) } else { Err(errors.join(" ")) }
}

/// Keeps an opened bundle for the next visit: what it says, and itself for another release of the app.
pub async fn store_bundle(key: &BundleKey, bundle: &Blob, digest: &Uint8Array) -> Result<(), String> {
    let not_kept = |why: String| format!("The browser does not keep the bundle for the next visit: {why}.");
    let failed = |error: idb::Error| not_kept(words(error));
    let database = open().await?;
    let transaction = database.transaction(&[BUNDLES], TransactionMode::ReadWrite).map_err(failed)?;
    let store = transaction.object_store(BUNDLES).map_err(failed)?;
    for (key, value) in [(key.word().to_owned(), bundle.as_ref()), (digest_key(key.word()), digest.as_ref())] {
        store.put(value, Some(&JsValue::from_str(&key))).map_err(failed)?.await.map_err(failed)?;
    }
    committed(transaction.commit().map_err(failed)?.await).map_err(not_kept)?;
    database.close();
    Ok(())
}

/// The names of the bundles that are kept.
pub async fn kept_bundles() -> Vec<String> {
    let Ok(kept) = names().await else { return Vec::new() };
    kept.into_iter().filter(|name| !name.starts_with(DIGEST)).collect()
}

/// A bundle that is kept, and the bytes that it takes: as it came, and packed.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptBundle {
    pub name: String,
    pub bytes: f64,
    pub packed: f64,
    /// It can be had back until the list is left.
    pub deleted: bool,
}

/// A bundle that was deleted, as it was stored.
struct Gone {
    name: String,
    bundle: JsValue,
    digest: Option<JsValue>,
}

thread_local! {
    static GONE: RefCell<Vec<Gone>> = const { RefCell::new(Vec::new()) };
}

/// What is kept and what was deleted just now, by name.
pub async fn kept_bundle_sizes() -> Result<Vec<KeptBundle>, String> {
    let (mut all, database) = (Vec::new(), open().await?);
    let transaction = database.transaction(&[BUNDLES], TransactionMode::ReadOnly).map_err(words)?;
    let store = transaction.object_store(BUNDLES).map_err(words)?;
    let keys = store.get_all_keys(None, None).map_err(words)?.await.map_err(words)?;
    for name in keys.iter().filter_map(JsValue::as_string).filter(|name| !name.starts_with(DIGEST)) {
        let get = |key: &str| store.get(JsValue::from_str(key)).map_err(words);
        let bundle = get(&name)?.await.map_err(words)?;
        let digest = get(&digest_key(&name))?.await.map_err(words)?;
        all.push(sized(&name, bundle.as_ref(), digest.as_ref(), false));
    }
    transaction.await.map_err(words)?;
    database.close();
    GONE.with_borrow(|gone| {
        all.extend(gone.iter().map(|it| sized(&it.name, Some(&it.bundle), it.digest.as_ref(), true)));
    });
    order::sort_by(&mut all, |a, b| a.name.cmp(&b.name));
    Ok(all)
}

fn sized(name: &str, bundle: Option<&JsValue>, digest: Option<&JsValue>, deleted: bool) -> KeptBundle {
    let bytes = bundle.and_then(|bundle| bundle.dyn_ref::<Blob>()).map_or(0.0, Blob::size);
    let packed = digest.and_then(|digest| digest.dyn_ref::<Uint8Array>());
    KeptBundle { name: name.to_owned(), bytes, packed: packed.map_or(0.0, |it| f64::from(it.byte_length())), deleted }
}

/// Deletes a bundle. Open layers that are shown on it stay so until the page is left.
pub async fn delete_bundle(app: App, name: &str) -> Result<(), String> {
    let database = open().await?;
    let transaction = database.transaction(&[BUNDLES], TransactionMode::ReadWrite).map_err(words)?;
    let store = transaction.object_store(BUNDLES).map_err(words)?;
    let get = |key: &str| store.get(JsValue::from_str(key)).map_err(words);
    let (bundle, digest) = (get(name)?.await.map_err(words)?, get(&digest_key(name))?.await.map_err(words)?);
    for key in [name.to_owned(), digest_key(name)] {
        store.delete(JsValue::from_str(&key)).map_err(words)?.await.map_err(words)?;
    }
    committed(transaction.commit().map_err(words)?.await)?;
    database.close();
    if let Some(bundle) = bundle {
        GONE.with_borrow_mut(|gone| gone.push(Gone { name: name.to_owned(), bundle, digest }));
    }
    let key = BundleKey::Opened(name.into());
    let is_shown = app.tabs.with_untracked(|tabs| tabs.iter().any(|tab| tab.bundle == key));
    app.bundles.update(|bundles| bundles.forget(&key, is_shown));
    Ok(())
}

/// Keeps a bundle again that was deleted.
pub async fn bring_bundle_back(app: App, name: &str) -> Result<(), String> {
    let gone = GONE.with_borrow_mut(|gone| {
        let at = gone.iter().position(|it| it.name == name)?;
        Some(gone.remove(at))
    });
    let Some(gone) = gone else { return Ok(()) };
    let digest = gone.digest.as_ref().and_then(|digest| digest.dyn_ref::<Uint8Array>()).cloned();
    let outcome = match gone.bundle.dyn_ref::<Blob>() {
        Some(bundle) => store_bundle(&BundleKey::Opened(name.into()), bundle, &digest.unwrap_or_default()).await,
        None => Ok(()),
    };
    match outcome {
        Ok(()) => app.bundles.update(|bundles| bundles.keep_one(name)),
        Err(_) => GONE.with_borrow_mut(|all| all.push(gone)),
    }
    outcome
}

/// What was deleted is gone for good.
pub fn forget_deleted_bundles() {
    GONE.with_borrow_mut(Vec::clear);
}

async fn names() -> Result<Vec<String>, String> {
    let database = open().await?;
    let transaction = database.transaction(&[BUNDLES], TransactionMode::ReadOnly).map_err(words)?;
    let store = transaction.object_store(BUNDLES).map_err(words)?;
    let keys = store.get_all_keys(None, None).map_err(words)?.await.map_err(words)?;
    transaction.await.map_err(words)?;
    database.close();
    Ok(keys.iter().filter_map(JsValue::as_string).collect())
}

/// What the packed form of a bundle is kept under begins with.
const DIGEST: &str = "digest:";

fn digest_key(name: &str) -> String {
    format!("{DIGEST}{name}")
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

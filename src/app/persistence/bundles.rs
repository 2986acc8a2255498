//! Bundles: brought back for stored layers, and kept for the next visit.

use super::database::{BUNDLES, open, words};
use crate::{
    app::{
        bundles::{self, BundleKey},
        reading::{self, NotRead, Read},
        state::App,
    },
    attack::{self, Knowledge},
};
use idb::TransactionMode;
use js_sys::Uint8Array;
use leptos::prelude::*;
use std::sync::Arc;
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

/// Keeps an opened bundle for the next visit: what it says, and itself for another release of the app.
pub async fn store_bundle(key: &BundleKey, bundle: &Blob, digest: &Uint8Array) -> Result<(), String> {
    let failed = |error: idb::Error| format!("The bundle is not kept for the next visit: {error}.");
    let database = open().await?;
    let transaction = database.transaction(&[BUNDLES], TransactionMode::ReadWrite).map_err(failed)?;
    let store = transaction.object_store(BUNDLES).map_err(failed)?;
    for (key, value) in [(key.word().to_owned(), bundle.as_ref()), (digest_key(key.word()), digest.as_ref())] {
        store.put(value, Some(&JsValue::from_str(&key))).map_err(failed)?.await.map_err(failed)?;
    }
    transaction.commit().map_err(failed)?.await.map_err(failed)?;
    database.close();
    Ok(())
}

/// The names of the bundles that are kept.
pub async fn kept_bundles() -> Vec<String> {
    let Ok(kept) = names().await else { return Vec::new() };
    kept.into_iter().filter(|name| !name.starts_with(DIGEST)).collect()
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

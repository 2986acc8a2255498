//! Inside the worker: reads a bundle, or files of detection content, and answers with what they say. After a large bundle
//! or detection content the page ends it, and the memory that it took, several times the bundle's size, goes with it;
//! after a small bundle it waits for the next. The page's side of the talk is `reading`'s.

use super::{
    memory,
    reading::{ANSWERED, FAILED, PROGRESS, READY, SMALL},
};
use crate::{
    attack::{self, Knowledge},
    import,
};
use js_sys::{Array, JsString, Uint8Array};
use std::cell::LazyCell;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// What is known of container techniques beyond what official bundles say, packed by the build: the newest release's, and
/// the other's for what that one revoked.
static OURS: [&[u8]; 2] = [
    include_bytes!(concat!(env!("OUT_DIR"), "/lent-19.bin")),
    include_bytes!(concat!(env!("OUT_DIR"), "/lent-18.bin")),
];

thread_local! {
    /// As the build has put it here. Should one be broken, there is less to say rather than nothing.
    static LENT: LazyCell<Vec<Knowledge>> =
        LazyCell::new(|| OURS.iter().filter_map(|bytes| attack::unpack(bytes).ok()).collect());
}

/// How far it is is told no more often, in milliseconds: each time is a message between threads, and shown by the page.
const BETWEEN_TELLING: f64 = 50.0;

/// Says that it is there, and reads what it is then given: the blob of a bundle, or an array of names and blobs of files.
pub fn serve() {
    std::panic::set_hook(Box::new(console_error_panic_hook::hook));
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let own = scope.clone();
    let handle = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let (own, given) = (own.clone(), event.data());
        spawn_local(async move {
            let read = match given.dyn_into::<Array>() {
                Ok(files) => read_files(&own, &files).await,
                Err(blob) => read(&own, blob.unchecked_ref()).await,
            };
            if let Err(why) = read {
                let _ = own.post_message(&Array::of2(&JsString::from(FAILED), &JsString::from(why)));
            }
        });
    });
    scope.set_onmessage(Some(handle.as_ref().unchecked_ref()));
    handle.forget(); // as long as the worker lives
    let _ = scope.post_message(&JsString::from(READY));
}

/// Reads a bundle, and answers before what that took is cleared away, which takes its time, too.
async fn read(scope: &DedicatedWorkerGlobalScope, blob: &Blob) -> Result<(), String> {
    let buffer = blob.array_buffer();
    // There is time for it until the bytes are there; small bundles are ours, and have no need of it.
    if blob.size() > SMALL {
        LENT.with(|lent| _ = LazyCell::force(lent));
    }
    let buffer = JsFuture::from(buffer).await.map_err(|_| "it could not be read".to_owned())?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    let began = now(scope);
    memory::make_room(bytes.len() / 4);
    let mut told = began;
    let reading = attack::read_watched(&bytes, &mut |done| {
        let now = now(scope);
        if now - told >= BETWEEN_TELLING {
            told = now;
            tell(scope, done, bytes.len());
        }
    });
    let reading = reading.map_err(|error| error.to_string())?;
    let mut knowledge = reading.knowledge;
    if knowledge.may_adopt() {
        LENT.with(|lent| knowledge.adopt(lent));
    }
    let digest = Uint8Array::from(attack::pack(&knowledge).as_slice());
    let warnings: Array = reading.warnings.iter().map(|warning| JsValue::from(warning.to_string())).collect();
    let answer = Array::of4(&JsString::from(ANSWERED), &digest, &warnings, &JsValue::from_f64(began));
    hand_over(scope, &answer, &digest);
    Ok(())
}

/// The bytes of an answer aren't copied.
fn hand_over(scope: &DedicatedWorkerGlobalScope, answer: &Array, bytes: &Uint8Array) {
    let _ = scope.post_message_with_transfer(answer, &Array::of1(&bytes.buffer()));
}

/// Names and blobs, one after the other: only one file is in memory at a time.
async fn read_files(scope: &DedicatedWorkerGlobalScope, files: &Array) -> Result<(), String> {
    let (mut reader, many) = (import::Reader::default(), files.length() > 2);
    for at in (0..files.length()).step_by(2) {
        let name = files.get(at).as_string().unwrap_or_default();
        let blob: Blob = files.get(at + 1).unchecked_into();
        // The page must not need memory for what is refused.
        #[allow(clippy::cast_precision_loss)]
        if blob.size() > import::MAXIMUM_FILE_BYTES as f64 {
            reader.refuse_size(&name);
            continue;
        }
        match JsFuture::from(blob.array_buffer()).await {
            Ok(buffer) => reader.file(&name, &Uint8Array::new(&buffer).to_vec(), many),
            Err(_) => reader.refuse(&name, "it could not be read"),
        }
    }
    let material = Uint8Array::from(import::pack(&reader.finish()).as_slice());
    hand_over(scope, &Array::of2(&JsString::from(ANSWERED), &material), &material);
    Ok(())
}

/// In milliseconds, of the same clock as the page's.
fn now(scope: &DedicatedWorkerGlobalScope) -> f64 {
    scope.performance().map_or(0.0, |performance| performance.time_origin() + performance.now())
}

/// How far it is, in hundredths.
fn tell(scope: &DedicatedWorkerGlobalScope, done: usize, all: usize) {
    #[allow(clippy::cast_precision_loss)] // of at most 256 MB
    let percent = (done as f64 * 100.0 / all.max(1) as f64).floor();
    let _ = scope.post_message(&Array::of2(&JsString::from(PROGRESS), &JsValue::from_f64(percent)));
}

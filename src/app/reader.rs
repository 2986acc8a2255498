//! Inside the worker: reads one bundle, answers with what it says, and is ended. The memory that it took, several times
//! the bundle's size, goes with it. The page's side of the talk is `reading`'s.

use super::reading::{ANSWERED, FAILED, READY};
use crate::attack;
use js_sys::{Array, JsString, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// Says that it is there, and reads the blob that it is then given.
pub fn serve() {
    std::panic::set_hook(Box::new(console_error_panic_hook::hook));
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let own = scope.clone();
    let handle = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let (own, blob) = (own.clone(), event.data().unchecked_into::<Blob>());
        spawn_local(async move {
            let (answer, given) = match read(&own, &blob).await {
                Ok(answer) => answer,
                Err(why) => (Array::of2(&JsString::from(FAILED), &JsString::from(why)), Array::new()),
            };
            let _ = own.post_message_with_transfer(&answer, &given);
        });
    });
    scope.set_onmessage(Some(handle.as_ref().unchecked_ref()));
    handle.forget(); // as long as the worker lives
    let _ = scope.post_message(&JsString::from(READY));
}

/// The answer, and what of it is handed over rather than copied.
async fn read(scope: &DedicatedWorkerGlobalScope, blob: &Blob) -> Result<(Array, Array), String> {
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|_| "it could not be read".to_owned())?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    let began = scope.performance().map_or(0.0, |performance| performance.time_origin() + performance.now());
    let reading = attack::read(&bytes).map_err(|error| error.to_string())?;
    let digest = Uint8Array::from(attack::pack(&reading.knowledge).as_slice());
    let warnings: Array = reading.warnings.iter().map(|warning| JsValue::from(warning.to_string())).collect();
    let answer = Array::of4(&JsString::from(ANSWERED), &digest, &warnings, &JsValue::from_f64(began));
    Ok((answer, Array::of1(&digest.buffer())))
}

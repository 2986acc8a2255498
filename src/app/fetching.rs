//! Fetches what the user asked for by its address, and tells meanwhile how much of it has come. What is larger than is
//! taken, or never ends, is given up; the user may give it up earlier. What it is, is `open`'s to find out.

use super::{reading::NotRead, state::App};
use js_sys::{Array, Reflect, Uint8Array};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Blob, ReadableStreamDefaultReader, RequestInit, Response};

/// A million bytes, as sizes are told in.
const MEGABYTE: f64 = 1_000_000.0;

thread_local! {
    static ASKED: RefCell<Vec<AbortController>> = const { RefCell::new(Vec::new()) };
}

/// Stops whatever is being fetched.
pub fn stop() {
    ASKED.take().iter().for_each(AbortController::abort);
}

/// What is at an address, which is a whole one; `name` is what the user is told of it.
pub async fn fetch_aloud(app: App, address: &str, name: &str, most: usize) -> Result<Blob, NotRead> {
    let unreachable = |_: JsValue| failed(format!("{name} could not be reached."));
    let asked = AbortController::new().map_err(unreachable)?;
    ASKED.with_borrow_mut(|all| all.push(asked.clone()));
    app.progress.set(String::new());
    app.reading.set(Some(name.to_owned()));
    let fetched = fetched(app, address, name, most, &asked).await;
    app.reading.set(None);
    let stopped = asked.signal().aborted();
    // What has been given up must not go on coming.
    asked.abort();
    ASKED.with_borrow_mut(|all| all.retain(|other| *other != asked));
    if stopped { Err(NotRead::Stopped) } else { fetched }
}

async fn fetched(app: App, address: &str, name: &str, most: usize, asked: &AbortController) -> Result<Blob, NotRead> {
    let unreachable = |_: JsValue| failed(format!("{name} could not be reached."));
    let broke_off = |_: JsValue| failed(format!("{name} broke off."));
    #[allow(clippy::cast_precision_loss)] // far below what a double has exactly
    let most_bytes = most as f64;
    let too_large = || failed(format!("\"{name}\" is larger than {} MB.", most / 1_000_000));
    let init = RequestInit::new();
    init.set_signal(Some(&asked.signal()));
    let window = super::browser::window();
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init(address, &init)).await.map_err(unreachable)?.unchecked_into();
    if !response.ok() {
        return Err(failed(format!("{name} answered \"{} {}\".", response.status(), response.status_text())));
    }
    let said = response.headers().get("Content-Length").ok().flatten().and_then(|text| text.parse::<f64>().ok());
    if said.is_some_and(|said| said > most_bytes) {
        return Err(too_large());
    }
    let parts = Array::new();
    let Some(body) = response.body() else { return blob(&parts).map_err(broke_off) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut come = 0.0;
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(broke_off)?;
        if Reflect::get(&chunk, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return blob(&parts).map_err(broke_off);
        }
        let Ok(bytes) = Reflect::get(&chunk, &"value".into()).and_then(JsCast::dyn_into::<Uint8Array>) else {
            continue;
        };
        come += f64::from(bytes.byte_length());
        if come > most_bytes {
            return Err(too_large());
        }
        parts.push(&bytes);
        // What is packed on the way comes to more than was said.
        let of = said.filter(|said| *said >= come).map(|said| format!(" of {:.1}", said / MEGABYTE));
        app.progress.set(format!("{:.1}{} MB", come / MEGABYTE, of.unwrap_or_default()));
    }
}

fn blob(parts: &Array) -> Result<Blob, JsValue> {
    Blob::new_with_u8_array_sequence(parts)
}

fn failed(why: String) -> NotRead {
    NotRead::Failed(why)
}

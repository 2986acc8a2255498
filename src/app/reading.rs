//! Has bundles read by a worker, so that 45 MB of them neither stop the page nor stay in its memory. What is in a bundle
//! is `attack`'s; where bundles come from is `open`'s and `bundles`'.

use super::{browser, state::App};
use crate::attack::{self, Knowledge};
use js_sys::{Array, Promise, Uint8Array};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What the worker says once it can be given something.
pub const READY: &str = "ready";
/// First of an answer: then the knowledge packed, warnings, and when the bytes were in memory.
pub const ANSWERED: &str = "answered";
/// First of an answer that is none: then why.
pub const FAILED: &str = "failed";

/// The worker's script, beside the app.
const SCRIPT: &str = "reader_loader.js";

/// A bundle that has been read.
pub struct Read {
    pub knowledge: Knowledge,
    /// The knowledge as the browser keeps it for the next visit.
    pub digest: Uint8Array,
    pub warnings: Vec<String>,
}

/// Why there is nothing.
pub enum NotRead {
    /// The user stopped it.
    Stopped,
    /// A sentence's end, for the user: "it ends too early …".
    Failed(String),
}

/// A worker at work, and how to stop waiting for it.
struct Job {
    worker: Worker,
    give_up: js_sys::Function,
}

thread_local! {
    static JOBS: RefCell<Vec<Job>> = const { RefCell::new(Vec::new()) };
}

/// Reads a bundle and says meanwhile that it does, under the given name.
pub async fn read_aloud(app: App, name: &str, bundle: &Blob) -> Result<Read, NotRead> {
    app.reading.set(Some(name.to_owned()));
    let read = read(bundle).await;
    app.reading.set(None);
    read
}

/// Reads a bundle.
pub async fn read(bundle: &Blob) -> Result<Read, NotRead> {
    let worker = start().map_err(|_| failed("the browser starts no worker to read it"))?;
    let answer = JsFuture::from(answer_of(&worker, bundle.clone())).await;
    worker.terminate();
    JOBS.with_borrow_mut(|jobs| jobs.retain(|job| job.worker != worker));
    let answer = answer.map_err(|_| failed("the reader of bundles stopped; it may be too large for this browser"))?;
    let Ok(answer) = answer.dyn_into::<Array>() else { return Err(NotRead::Stopped) };
    let read = taken(&answer)?;
    // Unpacking a large one takes its time, and so does laying it out: the page may do something in between.
    browser::wait(0).await;
    Ok(read)
}

/// Stops whatever is being read.
pub fn stop() {
    for job in JOBS.take() {
        job.worker.terminate();
        let _ = job.give_up.call0(&JsValue::NULL);
    }
}

fn start() -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(SCRIPT, &options)
}

/// The worker's answer, or nothing if nobody waits for it any more.
fn answer_of(worker: &Worker, bundle: Blob) -> Promise {
    Promise::new(&mut |resolve, reject| {
        JOBS.with_borrow_mut(|jobs| jobs.push(Job { worker: worker.clone(), give_up: resolve.clone() }));
        let (own, bundle) = (worker.clone(), bundle.clone());
        let said = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            let _ = if data.as_string().as_deref() == Some(READY) {
                own.post_message(&bundle)
            } else {
                resolve.call1(&JsValue::NULL, &data).map(drop)
            };
        });
        worker.set_onmessage(Some(said.into_js_value().unchecked_ref()));
        worker.set_onerror(Some(&reject));
    })
}

fn taken(answer: &Array) -> Result<Read, NotRead> {
    if answer.get(0).as_string().as_deref() != Some(ANSWERED) {
        return Err(failed(&answer.get(1).as_string().unwrap_or_default()));
    }
    let digest: Uint8Array = answer.get(1).unchecked_into();
    let knowledge = attack::unpack(&digest.to_vec()).map_err(|error| failed(&error.to_string()))?;
    browser::mark_at("bundle-bytes", answer.get(3).as_f64());
    browser::mark("bundle-read");
    let warnings = answer.get(2).unchecked_into::<Array>().into_iter().filter_map(|warning| warning.as_string());
    Ok(Read { knowledge, digest, warnings: warnings.collect() })
}

fn failed(why: &str) -> NotRead {
    NotRead::Failed(why.to_owned())
}

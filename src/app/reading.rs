//! Has bundles and detection content read by a worker, so that 45 MB of them neither stop the page nor stay in its memory.
//! What is in a bundle is `attack`'s, what is in detection content `import`'s; where they come from is `open`'s, `bundles`'
//! and `detections`'.

use super::{browser, memory, state::App};
use crate::attack::{self, Knowledge};
use js_sys::{Array, Promise, Uint8Array};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What the worker says once it can be given something.
pub const READY: &str = "ready";
/// First of what the worker says meanwhile: then how many hundredths it has read.
pub const PROGRESS: &str = "progress";
/// First of an answer. Of a bundle: then the knowledge packed, warnings, and when the bytes were in memory, in milliseconds
/// since 1970. Of detection content: then the material packed.
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
    /// Why, for the user. Of what was read it is a sentence's end without a full stop: "it ends too early"; of what was
    /// fetched a whole sentence.
    Failed(String),
}

/// A worker at work, and how to stop waiting for it.
struct Job {
    worker: Worker,
    give_up: js_sys::Function,
}

/// A worker that has read no more than this many bytes is kept for what is read next: it is there at once, and its code
/// has been compiled. One that has read more takes the memory for it with it when it ends.
pub const SMALL: f64 = 2e6;

thread_local! {
    static JOBS: RefCell<Vec<Job>> = const { RefCell::new(Vec::new()) };
    static SPARE: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

/// Reads a bundle and says meanwhile that it does, under the given name.
pub async fn read_aloud(app: App, name: &str, bundle: &Blob) -> Result<Read, NotRead> {
    app.progress.set(String::new());
    app.reading.set(Some(name.to_owned()));
    let read = read_telling(bundle, Some(app.progress)).await;
    app.reading.set(None);
    read
}

/// Reads a bundle.
pub async fn read(bundle: &Blob) -> Result<Read, NotRead> {
    read_telling(bundle, None).await
}

async fn read_telling(bundle: &Blob, progress: Option<RwSignal<String>>) -> Result<Read, NotRead> {
    let read = taken(&answered(bundle, progress).await?)?;
    // Unpacking a large one takes its time, and so does laying it out: the page may do something in between.
    browser::wait(0).await;
    Ok(read)
}

/// Has files of detection content read, names and blobs one after the other, and says meanwhile that it does.
pub async fn read_files(app: App, name: &str, files: &Array) -> Result<Uint8Array, NotRead> {
    app.progress.set(String::new());
    app.reading.set(Some(name.to_owned()));
    let answer = answered(files, None).await;
    app.reading.set(None);
    let answer = answer?;
    said(&answer)?;
    Ok(answer.get(1).unchecked_into())
}

/// What a worker answers to what it is given.
async fn answered(given: &JsValue, progress: Option<RwSignal<String>>) -> Result<Array, NotRead> {
    let spare = SPARE.take();
    let is_ready = spare.is_some();
    let worker = spare.map_or_else(start, Ok).map_err(|_| failed("the browser starts no worker to read it"))?;
    let waiting = answer_of(&worker, given, progress);
    if is_ready {
        let _ = worker.post_message(given);
    }
    let answer = JsFuture::from(waiting).await;
    JOBS.with_borrow_mut(|jobs| jobs.retain(|job| job.worker != worker));
    let answer = answer.map(JsCast::dyn_into::<Array>);
    if matches!(answer, Ok(Ok(_))) && given.dyn_ref::<Blob>().is_some_and(|blob| blob.size() <= SMALL) {
        // Two may have been read at once.
        if let Some(other) = SPARE.replace(Some(worker.clone())) {
            other.terminate();
        }
    } else {
        worker.terminate();
    }
    let answer = answer.map_err(|_| failed("the reader stopped; it may be too large for this browser"))?;
    answer.map_err(|_| NotRead::Stopped)
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
fn answer_of(worker: &Worker, given: &JsValue, progress: Option<RwSignal<String>>) -> Promise {
    Promise::new(&mut |resolve, reject| {
        JOBS.with_borrow_mut(|jobs| jobs.push(Job { worker: worker.clone(), give_up: resolve.clone() }));
        let (own, given) = (worker.clone(), given.clone());
        let said = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            let _ = if data.as_string().as_deref() == Some(READY) {
                own.post_message(&given)
            } else if let Some(percent) = percent_in(&data) {
                if let Some(progress) = progress {
                    progress.set(format!("{percent} %"));
                }
                Ok(())
            } else {
                resolve.call1(&JsValue::NULL, &data).map(drop)
            };
        });
        worker.set_onmessage(Some(said.into_js_value().unchecked_ref()));
        worker.set_onerror(Some(&reject));
    })
}

fn percent_in(data: &JsValue) -> Option<f64> {
    let told = data.dyn_ref::<Array>()?;
    (told.get(0).as_string().as_deref() == Some(PROGRESS)).then(|| told.get(1).as_f64())?
}

/// Whether it is an answer.
fn said(answer: &Array) -> Result<(), NotRead> {
    if answer.get(0).as_string().as_deref() == Some(ANSWERED) {
        return Ok(());
    }
    Err(failed(&answer.get(1).as_string().unwrap_or_default()))
}

fn taken(answer: &Array) -> Result<Read, NotRead> {
    said(answer)?;
    let digest: Uint8Array = answer.get(1).unchecked_into();
    let bytes = digest.to_vec();
    memory::make_room(3 * bytes.len());
    let knowledge = attack::unpack(&bytes).map_err(|error| failed(&error.to_string()))?;
    browser::mark_at("bundle-bytes", answer.get(3).as_f64());
    browser::mark("bundle-read");
    let warnings = answer.get(2).unchecked_into::<Array>().into_iter().filter_map(|warning| warning.as_string());
    Ok(Read { knowledge, digest, warnings: warnings.collect() })
}

fn failed(why: &str) -> NotRead {
    NotRead::Failed(why.to_owned())
}

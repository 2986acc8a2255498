//! Detection content on its way to a layer: which files are some, having them read by the worker, and making the layers
//! that the user chose. What rules say is `import`'s; what is asked about them is the dialog's.

use super::{
    browser,
    bundles::BundleKey,
    layers, open,
    reading::{self, NotRead},
    state::{App, Dialog, Message, Tab},
};
use crate::{
    export,
    import::{self, Material, Planned},
};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::*;
use std::{cell::RefCell, future::Future, pin::Pin, sync::Arc};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry,
    HtmlInputElement,
};

/// Folders are followed no further.
const MOST_FILES: usize = 50_000;
const MOST_DEPTH: usize = 24;
/// So many layers of a folder are opened.
const MOST_LAYERS: usize = 50;

thread_local! {
    /// What was read last, for the dialog. It is no signal of the app's: nothing before the dialog needs to know of it.
    static FOUND: RefCell<Arc<Material>> = RefCell::default();
}

/// What the dialog is about.
pub fn found() -> Arc<Material> {
    FOUND.with_borrow(Clone::clone)
}

/// Whether a file is something else than a layer or a bundle, which are JSON, or a picture that has a layer in it.
pub async fn is_content(blob: &Blob, name: &str) -> Result<bool, String> {
    const START: f64 = 400.0;
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "json" => return Ok(false),
        "yml" | "yaml" | "csv" | "tsv" | "zip" | "md" | "xlsx" => return Ok(true),
        _ => {}
    }
    let start = blob.slice_with_f64_and_f64(0.0, START).map_err(|_| format!("\"{name}\" could not be read."))?;
    let start = browser::bytes_of(&start, name).await?;
    if export::is_picture(&start) {
        return Ok(false);
    }
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf));
    Ok(!matches!(first, None | Some(b'{' | b'[')))
}

/// Has files read, and asks what to make of them.
pub async fn read(app: App, files: Vec<(String, Blob)>) {
    let name = match files.as_slice() {
        [(name, _)] => format!("\"{}\"", name.chars().take(120).collect::<String>()),
        files => format!("{} files", files.len()),
    };
    let list = Array::new();
    for (name, blob) in &files {
        list.push(&JsValue::from_str(name));
        list.push(blob);
    }
    let bytes = match reading::read_files(app, name.trim_matches('"'), &list).await {
        Ok(bytes) => bytes.to_vec(),
        Err(NotRead::Stopped) => return app.say(format!("{name} was not read: you stopped it.")),
        Err(NotRead::Failed(why)) => return app.complain(format!("{name} was not read: {why}.")),
    };
    match import::unpack(&bytes) {
        Some(material) if !material.is_empty() => {
            FOUND.set(Arc::new(material));
            app.dialog.set(Some(Dialog::Import));
        }
        Some(material) => complain(app, &name, &material),
        None => app.complain(format!("{name} was not read: the reader's answer makes no sense.")),
    }
}

fn complain(app: App, name: &str, material: &Material) {
    let line = |problem: &import::Problem| format!("{}: {}", problem.file, problem.what);
    let text = match material.problems.as_slice() {
        [problem] => format!("\"{}\" was not opened: {}.", problem.file, problem.what),
        _ => format!("{name}: no rules, ratings, tables or technique ids were found."),
    };
    let details = if material.problems.len() > 1 { material.problems.iter().map(line).collect() } else { Vec::new() };
    app.message.set(Some(Message { details, ..Message::failed(text) }));
}

/// Makes the layers and opens them.
pub fn make(app: App, layers: Vec<(String, Planned)>, key: &BundleKey) {
    let blank = open::untouched(app);
    let count = layers.len();
    let mut details = Vec::new();
    for (name, planned) in layers {
        let name = if name.trim().is_empty() { planned.name.clone() } else { name.trim().to_owned() };
        let name = layers::free_name(app, &name);
        let (empty, bundle) = app.bundles.with_untracked(|bundles| bundles.new_layer(&name, key));
        details.push(format!("{name}: {}", planned.words()));
        layers::add(app, Tab::new((planned.layer(empty), bundle)));
    }
    open::take_place_of(app, blank.filter(|_| count > 0));
    app.say_with(if count == 1 { "Made 1 layer.".to_owned() } else { format!("Made {count} layers.") }, details);
}

// ---- folders

/// Lets the user pick a folder.
pub fn choose_folder(app: App) {
    let Ok(input) = browser::document().create_element("input") else { return };
    let input: HtmlInputElement = input.unchecked_into();
    input.set_type("file");
    let _ = input.set_attribute("webkitdirectory", "");
    let own = input.clone();
    let chosen = Closure::once_into_js(move || {
        let Some(list) = own.files() else { return };
        let path = |file: &File| {
            let path = Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
            path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
        };
        let files = (0..list.length()).filter_map(|at| list.get(at)).map(|file| (path(&file), file.into())).collect();
        leptos::task::spawn_local(open_folder(app, files));
    });
    input.set_onchange(Some(chosen.unchecked_ref()));
    input.click();
}

/// Opens what was dropped, folders with all that is in them.
pub fn drop(app: App, dropped: &DataTransfer, files: Option<&FileList>) {
    let items = dropped.items();
    let entries: Vec<FileSystemEntry> =
        (0..items.length()).filter_map(|at| items.get(at)?.webkit_get_as_entry().ok().flatten()).collect();
    if entries.iter().any(FileSystemEntry::is_directory) {
        leptos::task::spawn_local(async move {
            let mut files = Vec::new();
            for entry in entries {
                collect(entry, &mut files, 0).await;
            }
            open_folder(app, files).await;
        });
    } else if let Some(files) = files {
        open::files(app, files);
    }
}

/// Of many files those with rules; where there are none, the layers.
async fn open_folder(app: App, files: Vec<(String, Blob)>) {
    let worth = import::worth_reading(files.iter().map(|(path, _)| path.as_str()));
    let has_rules = worth.contains(&true);
    let wanted = |((path, _), worth): &(&(String, Blob), bool)| {
        *worth || (!has_rules && path.to_ascii_lowercase().ends_with(".json"))
    };
    let most = if has_rules { MOST_FILES } else { MOST_LAYERS };
    let mut chosen: Vec<(String, Blob)> =
        files.iter().zip(worth).filter(wanted).map(|(file, _)| file.clone()).collect();
    if chosen.is_empty() {
        return app.complain("The folder has no rules, tables, texts or layers.");
    }
    let left_out = chosen.len().saturating_sub(most);
    chosen.truncate(most);
    open::open_all(app, chosen, "").await;
    if left_out > 0 {
        let text = format!("Only the first {most} files of the folder were opened: {left_out} were left out.");
        // What is wrong with those speaks first.
        match app.message.get_untracked().filter(|message| message.failed) {
            Some(mut message) => {
                message.details.push(text);
                app.message.set(Some(message));
            }
            None => app.complain(text),
        }
    }
}

/// The files in an entry, with their paths.
fn collect(
    entry: FileSystemEntry,
    files: &mut Vec<(String, Blob)>,
    depth: usize,
) -> Pin<Box<dyn Future<Output = ()> + '_>> {
    Box::pin(async move {
        if depth > MOST_DEPTH || files.len() >= MOST_FILES {
            return;
        }
        // Asked for what it is by its own word: browsers don't let one ask for the interface.
        if entry.is_file() {
            let file = entry.unchecked_ref::<FileSystemFileEntry>();
            let came = promised(|came, failed| file.file_with_callback_and_callback(came, failed)).await;
            if let Some(blob) = came.and_then(|file| file.dyn_into::<Blob>().ok()) {
                files.push((entry.full_path().trim_start_matches('/').to_owned(), blob));
            }
        } else if entry.is_directory() {
            let reader = entry.unchecked_ref::<FileSystemDirectoryEntry>().create_reader();
            // They come in lots, until an empty one.
            loop {
                let lot = promised(|came, failed| {
                    let _ = reader.read_entries_with_callback_and_callback(came, failed);
                });
                let Some(lot) = lot.await.and_then(|lot| lot.dyn_into::<Array>().ok()) else { return };
                if lot.length() == 0 {
                    return;
                }
                for entry in lot {
                    collect(entry.unchecked_into(), files, depth + 1).await;
                }
            }
        }
    })
}

/// What a function with callbacks calls the first of them with.
async fn promised(ask: impl Fn(&Function, &Function)) -> Option<JsValue> {
    JsFuture::from(Promise::new(&mut |came, failed| ask(&came, &failed))).await.ok()
}

//! Opening: files that are picked or dropped, and addresses. Whether it is a layer, a bundle or detection content, its
//! content tells.
//! What is open stays open, whatever is wrong with what comes.

mod address;

pub use address::{
    address, address_in, checked_address, follow_address, follow_address_of_page, open_address, show_as_asked,
};

use super::{
    browser,
    bundles::{BundleKey, Bundles},
    detections,
    dom::{El, el},
    layers, offer,
    outside::outside,
    persistence,
    reading::{self, NotRead, Read},
    rest::{self, Deed},
    retiering,
    state::{App, Dialog, Message, Tab, TabId},
    together::Together,
    upgrading,
};
use crate::{
    attack::{self, CollectionIndex, Knowledge, assignment::looks_shared},
    export,
    layer::{self, FileError, Layer},
};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Blob, DragEvent, File, FileList, HtmlInputElement};

/// Lets the user pick files.
pub fn choose() {
    let input = browser::document().query_selector("input[data-field='open-file']").ok().flatten();
    if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        input.set_value("");
        input.click();
    }
}

/// Opens what was picked or dropped: layers and bundles one after the other, then all detection content together.
pub fn files(app: App, list: &FileList) {
    let files: Vec<File> = (0..list.length()).filter_map(|at| list.get(at)).collect();
    let files = files.into_iter().map(|file| (file.name(), file.into())).collect();
    leptos::task::spawn_local(open_all(app, files, ""));
}

/// `from` is the whole address of what came from one.
pub async fn open_all(app: App, files: Vec<(String, Blob)>, from: &str) {
    let mut content = Vec::new();
    let mut together = Together::of(app, files.len());
    for (name, blob) in files {
        match detections::is_content(&blob, &name).await {
            Ok(true) => content.push((name, blob)),
            Ok(false) => opened(app, &name, from, &blob).await,
            Err(error) => app.complain(error),
        }
        together.note();
    }
    if !content.is_empty() {
        detections::read(app, content).await;
        together.note();
    }
    together.tell();
}

/// Takes files that are dropped anywhere, and addresses that change.
pub fn listen(app: App) {
    let drop = window_event_listener(leptos::ev::drop, move |event: DragEvent| {
        event.prevent_default();
        if let Some(transfer) = event.data_transfer() {
            let files = transfer.files();
            rest::act(app, Deed::Drop(transfer, files));
        }
    });
    let over = window_event_listener(leptos::ev::dragover, |event: DragEvent| event.prevent_default());
    let address = window_event_listener(leptos::ev::hashchange, move |_| follow_address_of_page(app));
    on_cleanup(move || {
        drop.remove();
        over.remove();
        address.remove();
    });
}

pub fn ids(app: App) -> Vec<TabId> {
    app.tabs.with_untracked(|tabs| tabs.iter().map(|tab| tab.id.clone()).collect())
}

/// The tabs that were opened since there were these.
pub fn ids_since(app: App, before: &[TabId]) -> Vec<TabId> {
    ids(app).into_iter().filter(|id| !before.contains(id)).collect()
}

fn shortened(text: &str) -> String {
    text.chars().take(120).collect()
}

/// Opens a layer, a bundle or a collection index, whichever it is, or says why not.
async fn opened(app: App, name: &str, from: &str, blob: &Blob) {
    let name = shortened(name);
    if let Err(error) = try_opening(app, &name, from, blob).await {
        app.complain(error);
    }
}

async fn try_opening(app: App, name: &str, from: &str, blob: &Blob) -> Result<(), String> {
    browser::check_size(blob, name, attack::MAXIMUM_BUNDLE_BYTES)?;
    match looks_like(blob, name).await? {
        Looks::Bundle => return bundle_opened(app, name, from, blob).await,
        Looks::Index => {
            browser::check_size(blob, name, attack::MAXIMUM_INDEX_BYTES)?;
            let index = CollectionIndex::read(&browser::bytes_of(blob, name).await?);
            let index = index.map_err(|error| format!("\"{name}\" was not opened: {error}."))?;
            app.dialog.set(Some(Dialog::Collections(Arc::new(index), from.into())));
            return Ok(());
        }
        Looks::Tiers => {
            retiering::open(app, name, blob).await;
            return Ok(());
        }
        Looks::Other => {}
    }
    let bytes = browser::bytes_of(blob, name).await?;
    let not_opened = |error: &dyn std::fmt::Display| format!("\"{name}\" was not opened: {error}");
    let bytes = export::layer_in_picture(&bytes).map_err(|error| not_opened(&error))?.unwrap_or(bytes);
    match layer::read(&bytes) {
        Ok(opened) => drop(layers_opened(app, name, opened).await),
        Err(FileError::Bundle) => return bundle_opened(app, name, from, blob).await,
        Err(error) => return Err(not_opened(&error)),
    }
    Ok(())
}

/// What a file's beginning says that it is.
enum Looks {
    Bundle,
    Index,
    Tiers,
    Other,
}

/// What a bundle begins with. A broken one must be told what is wrong with it as a bundle, and a large one is not to be
/// in the page's memory at all.
async fn looks_like(blob: &Blob, name: &str) -> Result<Looks, String> {
    const START: f64 = 2_000.0;
    let start = blob.slice_with_f64_and_f64(0.0, START).map_err(|_| format!("\"{name}\" could not be read."))?;
    let start = browser::bytes_of(&start, name).await?;
    let start = String::from_utf8_lossy(&start);
    Ok(match start {
        start if start.contains("\"techniques\"") => Looks::Other,
        start if start.contains("\"collections\"") && !start.contains("\"objects\"") => Looks::Index,
        start if start.contains("\"bundle\"") && looks_shared(&start) => Looks::Tiers,
        start if start.contains("\"bundle\"") => Looks::Bundle,
        _ => Looks::Other,
    })
}

/// Opens the layers of a file as tabs, and gives back their ids.
pub async fn layers_opened(app: App, name: &str, mut opened: layer::Opened) -> Vec<TabId> {
    let mut details: Vec<String> = opened.notes.iter().map(ToString::to_string).collect();
    details.extend(replace_revoked(&mut opened).await);
    let blank = untouched(app);
    let mut new = Vec::with_capacity(opened.layers.len());
    for layer in opened.layers {
        let key = app.bundles.with_untracked(|bundles| suiting(&layer, bundles));
        let key = match persistence::bring_bundle(app, &key).await {
            Ok(()) => key,
            Err(error) => {
                details.push(error);
                BundleKey::DEFAULT
            }
        };
        let knowledge = app.bundles.with_untracked(|bundles| bundles.knowledge(&key));
        let mut layer = layer;
        spread(&mut layer, &knowledge);
        details.extend(not_in_bundle(&layer, &knowledge));
        let tab = Tab::new((layer, key));
        new.push(tab.id.clone());
        layers::add(app, tab);
    }
    let count = new.len();
    take_place_of(app, blank);
    let what = if count == 1 { "1 layer".to_owned() } else { format!("{count} layers") };
    let offers = if count == 1 { offer::of_opened(app) } else { Vec::new() };
    let text = format!("Opened {what} from \"{name}\".");
    app.message.set(Some(Message { details, offers, ..Message::done(text) }));
    new
}

/// Gives old layers the technique ids of today, and says which; the table is fetched only where there are such.
async fn replace_revoked(opened: &mut layer::Opened) -> Vec<String> {
    if opened.old_layers().next().is_none() {
        return Vec::new();
    }
    match upgrading::replacements().await {
        Ok(table) => {
            let notes = opened.old_layers().flat_map(|layer| layer::replace_revoked(layer, &table));
            notes.map(|note| note.to_string()).collect()
        }
        Err(error) => vec![format!("Technique ids that ATT&CK has replaced since were left as they are: {error}")],
    }
}

/// A bundle becomes the active layer's if that says nothing yet, or names the address that it comes `from` as its own; else
/// a new layer's, so that what is there stays as it is.
async fn bundle_opened(app: App, name: &str, from: &str, bundle: &Blob) -> Result<(), String> {
    let Read { knowledge, digest, warnings } = match reading::read_aloud(app, name, bundle).await {
        Ok(read) => read,
        Err(NotRead::Stopped) => {
            app.say(format!("\"{name}\" was not opened: you stopped it."));
            return Ok(());
        }
        Err(NotRead::Failed(why)) => return Err(format!("\"{name}\" was not opened: {why}.")),
    };
    let key = BundleKey::of(&knowledge);
    let knowledge = Arc::new(knowledge);
    app.bundles.update(|bundles| bundles.add(key.clone(), knowledge.clone()));
    let is_guest = app.guests.with_untracked(|guests| guests.contains(&app.active.get_untracked()));
    let is_anothers = app.with_layer_untracked(|layer| {
        layer.custom_data_url.as_deref() != Some(from) && layer.annotations.iter().any(layer::Entry::is_written)
    });
    if is_guest || is_anothers {
        let name = layers::free_name(app, "layer");
        layers::add(app, Tab::new(app.bundles.with_untracked(|bundles| bundles.new_layer(&name, &key))));
    } else {
        put_on_bundle(app, &app.active.get_untracked(), &key, &knowledge);
    }
    let mut details = warnings;
    if let Err(error) = persistence::store_bundle(&key, bundle, &digest).await {
        details.push(error);
    }
    let text = format!("Opened {}: {} techniques.", knowledge.release.words(), knowledge.techniques.len());
    app.say_with(text, details);
    Ok(())
}

/// Shows a tab's layer on a bundle. A layer that says nothing yet becomes one of that bundle.
pub fn put_on_bundle(app: App, id: &TabId, key: &BundleKey, knowledge: &Knowledge) {
    app.tabs.update(|tabs| {
        let Some(tab) = tabs.iter_mut().find(|tab| tab.id == *id) else { return };
        tab.bundle = key.clone();
        let mut layer = Layer::clone(tab.history.present());
        if layer.annotations.iter().all(|entry| !entry.is_written()) {
            let release = &knowledge.release;
            layer.domain.clone_from(&release.domain);
            layer.versions.attack = release.major();
            layer.platforms = release.scope.iter().cloned().collect();
        }
        spread(&mut layer, knowledge);
        tab.history.replace(layer);
    });
}

/// Layer format 4.5: an entry without a tactic is about every tactic of its technique.
fn spread(layer: &mut Layer, knowledge: &Knowledge) {
    layer.annotations.spread(|id| knowledge.technique(id).map(|technique| technique.tactics.clone()));
}

fn not_in_bundle(layer: &Layer, knowledge: &Knowledge) -> Option<String> {
    let count = outside(layer, knowledge).count();
    let what = match count {
        0 => return None,
        1 => "1 annotation is".to_owned(),
        count => format!("{count} annotations are"),
    };
    Some(format!("{what} not in {}: kept, and written back on export.", knowledge.release.words()))
}

/// Of the bundles that the user opened, one of the layer's domain and release; else of our own. A layer that is about
/// containers alone is shown on those.
fn suiting(layer: &Layer, bundles: &Bundles) -> BundleKey {
    let major = |text: &str| text.split('.').next().map(str::to_owned);
    let wanted = layer.versions.attack.as_deref().and_then(major);
    let fits = |key: &&BundleKey| {
        key.release().is_some_and(|(domain, major)| {
            domain == layer.domain && (major == "?" || wanted.as_deref().is_none_or(|wanted| wanted == major))
        })
    };
    let about_containers = matches!(layer.platforms.as_slice(), [only] if only == "Containers");
    let opened = bundles.opened().into_iter().filter(|_| !about_containers).find(fits).cloned();
    opened.unwrap_or_else(|| BundleKey::suiting(layer))
}

/// What was opened takes the place of a tab that was [`untouched`] before; one in which something was said meanwhile stays.
pub fn take_place_of(app: App, blank: Option<TabId>) {
    let goes = |tab: &Tab| blank.as_ref() == Some(&tab.id) && tab.history.present().says_nothing();
    app.tabs.update(|tabs| tabs.retain(|tab| !goes(tab)));
}

/// The only tab, if nothing was said in it: what is opened takes its place.
pub fn untouched(app: App) -> Option<TabId> {
    app.tabs.with_untracked(|tabs| match tabs.as_slice() {
        [only] => only.history.present().says_nothing().then(|| only.id.clone()),
        _ => None,
    })
}

/// The hidden field behind the open commands; tests and scripts give it files directly.
pub fn open_file(app: App) -> El {
    el("input", "visually-hidden")
        .attr("type", "file")
        .attr("data-field", "open-file")
        .attr("aria-label", "Open layers, bundles or detection rules")
        .attr("tabindex", "-1")
        .attr("multiple", "")
        .attr("accept", ".json,.yaml,.yml,.zip,.csv,.tsv,.txt,.md,.svg,.png,application/json")
        .on("change", move |event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(list) = input.and_then(|input| input.files()) {
                rest::act(app, Deed::Files(list));
            }
        })
}

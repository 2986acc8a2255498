//! Opening: files that are picked or dropped, and addresses. Whether it is a layer or a bundle, its content tells.
//! What is open stays open, whatever is wrong with what comes.

use super::{
    browser,
    bundles::{BundleKey, Bundles},
    command::Command,
    dom::{El, el},
    layers,
    outside::outside,
    persistence,
    reading::{self, NotRead, Read},
    rest::{self, Deed},
    run,
    state::{App, Tab, TabId},
};
use crate::{
    attack::{self, Knowledge},
    layer::{self, FileError, Layer, Representation},
};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Blob, DragEvent, File, FileList, HtmlInputElement};

/// Which technique ids ATT&CK has replaced, beside the app.
const REPLACEMENTS: &str = "data/attack-replacements.json";

/// Lets the user pick files.
pub fn choose() {
    let input = browser::document().query_selector("input[data-field='open-file']").ok().flatten();
    if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
        input.set_value("");
        input.click();
    }
}

/// Opens what was picked or dropped, one after the other.
pub fn files(app: App, list: &FileList) {
    let files: Vec<File> = (0..list.length()).filter_map(|at| list.get(at)).collect();
    leptos::task::spawn_local(async move {
        for file in files {
            opened(app, &file.name(), Ok(file.into())).await;
        }
    });
}

/// Takes files that are dropped anywhere, and addresses that change.
pub fn listen(app: App) {
    let drop = window_event_listener(leptos::ev::drop, move |event: DragEvent| {
        event.prevent_default();
        if let Some(list) = event.data_transfer().and_then(|transfer| transfer.files()) {
            rest::act(app, Deed::Files(list));
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

/// Does what the page's address asks for, if it asks for anything.
pub fn follow_address_of_page(app: App) {
    if browser::window().location().hash().is_ok_and(|hash| hash.len() > 1) {
        rest::act(app, Deed::Address);
    }
}

/// Does what the address asks for: `#layerURL=…` (as often as wanted), `#view=split`.
pub fn follow_address(app: App) {
    let hash = browser::window().location().hash().unwrap_or_default();
    let mut addresses = Vec::new();
    let mut view = None;
    for pair in hash.trim_start_matches('#').split('&') {
        let Some((key, value)) = pair.split_once('=') else { continue };
        let value = js_sys::decode_uri_component(&value.replace('+', " ")).map(String::from).unwrap_or_default();
        match key {
            "layerURL" => addresses.push(value),
            "view" => view = Representation::from_word(&value).map(command_for),
            _ => {}
        }
    }
    if addresses.is_empty() {
        if let Some(view) = view {
            run::run(app, view);
        }
        return;
    }
    // The layer is kept from now on: a reload must not open it once more.
    if let Ok(history) = browser::window().history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("#"));
    }
    leptos::task::spawn_local(async move {
        for address in addresses {
            open_address(app, &address).await;
        }
        if let Some(view) = view {
            run::run(app, view);
        }
    });
}

fn command_for(representation: Representation) -> Command {
    use crate::attack::Tier;
    match representation {
        Representation::Unified => Command::ViewUnified,
        Representation::Split => Command::ViewSplit,
        Representation::Alone(Tier::Orchestration) => Command::ViewOrchestration,
        Representation::Alone(Tier::Container) => Command::ViewContainer,
    }
}

async fn open_address(app: App, address: &str) {
    let base = browser::document().base_uri().ok().flatten().unwrap_or_default();
    let url = web_sys::Url::new_with_base(address, &base);
    let Some(url) = url.ok().filter(|url| matches!(url.protocol().as_str(), "http:" | "https:")) else {
        app.complain(format!("\"{}\" is no web address that a layer can come from.", shortened(address)));
        return;
    };
    opened(app, address, browser::fetch(&url.href(), attack::MAXIMUM_BUNDLE_BYTES).await).await;
}

fn shortened(text: &str) -> String {
    text.chars().take(120).collect()
}

/// Opens what came, whichever it is, or says why not.
async fn opened(app: App, name: &str, came: Result<Blob, String>) {
    let name = shortened(name);
    if let Err(error) = try_opening(app, &name, came).await {
        app.complain(error);
    }
}

async fn try_opening(app: App, name: &str, came: Result<Blob, String>) -> Result<(), String> {
    let blob = came?;
    browser::check_size(&blob, name, attack::MAXIMUM_BUNDLE_BYTES)?;
    if looks_like_bundle(&blob, name).await? {
        return bundle_opened(app, name, &blob).await;
    }
    match layer::read(&browser::bytes_of(&blob, name).await?) {
        Ok(opened) => layers_opened(app, name, opened).await,
        Err(FileError::Bundle) => return bundle_opened(app, name, &blob).await,
        Err(error) => return Err(format!("\"{name}\" was not opened: {error}")),
    }
    Ok(())
}

/// What a bundle begins with. A broken one must be told what is wrong with it as a bundle, and a large one is not to be
/// in the page's memory at all.
async fn looks_like_bundle(blob: &Blob, name: &str) -> Result<bool, String> {
    const START: f64 = 2_000.0;
    let start = blob.slice_with_f64_and_f64(0.0, START).map_err(|_| format!("\"{name}\" could not be read."))?;
    let start = browser::bytes_of(&start, name).await?;
    let start = String::from_utf8_lossy(&start);
    Ok(start.contains("\"bundle\"") && !start.contains("\"techniques\""))
}

async fn layers_opened(app: App, name: &str, mut opened: layer::Opened) {
    let mut details: Vec<String> = opened.notes.iter().map(ToString::to_string).collect();
    details.extend(replace_revoked(&mut opened).await);
    let blank = untouched(app);
    let count = opened.layers.len();
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
        layers::add(app, Tab::new((layer, key)));
    }
    if let Some(blank) = blank {
        app.tabs.update(|tabs| tabs.retain(|tab| tab.id != blank));
    }
    let what = if count == 1 { "1 layer".to_owned() } else { format!("{count} layers") };
    app.say_with(format!("Opened {what} from \"{name}\"."), details);
}

/// Gives old layers the technique ids of today, and says which; the table is fetched only where there are such.
async fn replace_revoked(opened: &mut layer::Opened) -> Vec<String> {
    if opened.old_layers().next().is_none() {
        return Vec::new();
    }
    let table = match browser::fetch(REPLACEMENTS, layer::MAXIMUM_REPLACEMENTS_BYTES).await {
        Ok(table) => browser::bytes_of(&table, REPLACEMENTS).await,
        Err(error) => Err(error),
    };
    let table = table.and_then(|bytes| layer::Replacements::read(&bytes).map_err(|error| error.to_string()));
    match table {
        Ok(table) => {
            let notes = opened.old_layers().flat_map(|layer| layer::replace_revoked(layer, &table));
            notes.map(|note| note.to_string()).collect()
        }
        Err(error) => vec![format!("Technique ids that ATT&CK has replaced since were left as they are: {error}")],
    }
}

/// A bundle becomes the active layer's if that says nothing yet; else a new layer's, so that what is there stays as it is.
async fn bundle_opened(app: App, name: &str, bundle: &Blob) -> Result<(), String> {
    let Read { knowledge, digest, warnings } = match reading::read_aloud(app, name, bundle).await {
        Ok(read) => read,
        Err(NotRead::Stopped) => {
            app.say(format!("\"{name}\" was not opened: you stopped it."));
            return Ok(());
        }
        Err(NotRead::Failed(why)) => return Err(format!("\"{name}\" was not opened: {why}")),
    };
    let key = BundleKey::of(&knowledge);
    let knowledge = Arc::new(knowledge);
    app.bundles.update(|bundles| bundles.add(key.clone(), knowledge.clone()));
    if app.layer.with_untracked(|layer| layer.annotations.iter().any(layer::Entry::is_written)) {
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

/// The only tab, if nothing was said in it: what is opened takes its place.
fn untouched(app: App) -> Option<TabId> {
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
        .attr("aria-label", "Open layers or bundles")
        .attr("tabindex", "-1")
        .attr("multiple", "")
        .attr("accept", ".json,application/json")
        .on("change", move |event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(list) = input.and_then(|input| input.files()) {
                rest::act(app, Deed::Files(list));
            }
        })
}

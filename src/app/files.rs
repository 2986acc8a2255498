//! Files that layers are saved to in place, where the browser can do that (File System Access) and the user chose so: by
//! opening a file for it, or by saving to one. Elsewhere saving is a download. Which file a layer has is known until the
//! page is left.

use super::{
    browser, exports, open,
    state::{App, TabId},
};
use crate::{export, layer::write};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// A layer's file, and when it was changed last as far as we know, in milliseconds since 1970.
#[derive(Clone)]
struct Place {
    tab: TabId,
    handle: JsValue,
    changed: f64,
}

impl Place {
    /// Whether both are one layer's same file, whenever it was changed.
    fn is(&self, other: &Self) -> bool {
        self.tab == other.tab && self.handle == other.handle
    }
}

thread_local! {
    static PLACES: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
    /// What is to be saved, in the order in which it was asked for; `None` while nothing is.
    static QUEUE: RefCell<Option<Vec<Place>>> = const { RefCell::new(None) };
}

/// Opens a file that is then saved in place.
pub fn open_in_place(app: App) {
    if !can("showOpenFilePicker") {
        return open::choose();
    }
    leptos::task::spawn_local(async move {
        let picked = called(&browser::window(), "showOpenFilePicker", &[options(None)]).await;
        let Ok(picked) = picked else { return }; // the user changed their mind
        let handle = Array::from(&picked).get(0);
        let Ok(file) = file_of(&handle).await else {
            return app.complain("The file could not be read.");
        };
        let before = open::ids(app);
        let blob: &Blob = file.as_ref();
        open::open_all(app, vec![(file.name(), blob.clone())], "").await;
        let new = open::ids_since(app, &before);
        // A list of layers is not one layer's file, and neither is a picture.
        if let ([tab], true) = (new.as_slice(), file.name().to_ascii_lowercase().ends_with(".json")) {
            remember(tab, handle, file.last_modified());
        }
    });
}

/// Saves the active layer to its file, or, if it has none, as a download.
pub fn save(app: App) {
    let active = app.active.get_untracked();
    let place = PLACES.with_borrow(|places| places.iter().find(|place| place.tab == active).cloned());
    match place {
        Some(place) => enqueue(app, place),
        None => exports::json(app),
    }
}

/// Saves it to a file that the user picks, and that is its own from now on.
pub fn save_as(app: App) {
    if !can("showSaveFilePicker") {
        return exports::json(app);
    }
    let tab = app.active.get_untracked();
    let name = export::file_name(&app.with_layer_untracked(|layer| layer.name.clone()), "json");
    leptos::task::spawn_local(async move {
        let picked = called(&browser::window(), "showSaveFilePicker", &[options(Some(&name))]).await;
        let Ok(handle) = picked else { return }; // the user changed their mind
        let changed = file_of(&handle).await.map(|file| file.last_modified()).unwrap_or_default();
        enqueue(app, Place { tab, handle, changed });
    });
}

/// Saves once what was asked for before is saved: a file that is being written would look as if another program had
/// changed it.
fn enqueue(app: App, place: Place) {
    let begins = QUEUE.with_borrow_mut(|queue| {
        let begins = queue.is_none();
        let queue = queue.get_or_insert_default();
        // What waits is saved as the layer is then.
        if queue.iter().all(|waiting| !waiting.is(&place)) {
            queue.push(place);
        }
        begins
    });
    if begins {
        leptos::task::spawn_local(async move {
            while let Some(place) = next() {
                saved(app, place).await;
            }
        });
    }
}

/// What is saved next, with what is known of its file by now.
fn next() -> Option<Place> {
    let place = QUEUE.with_borrow_mut(|queue| {
        let place = queue.as_mut().filter(|waiting| !waiting.is_empty()).map(|waiting| waiting.remove(0));
        if place.is_none() {
            *queue = None;
        }
        place
    })?;
    let known = PLACES.with_borrow(|places| places.iter().find(|known| known.is(&place)).cloned());
    Some(known.unwrap_or(place))
}

async fn saved(app: App, place: Place) {
    let name = text_of(&place.handle, "name").unwrap_or_default();
    // The user may have gone to another layer while picking a file.
    let Some((layer, knowledge)) = untrack(|| app.layer_and_knowledge(&place.tab)) else {
        return app.complain(format!("The layer was closed meanwhile: \"{name}\" was not written."));
    };
    let text = write(&layer, &exports::order(&knowledge));
    match written(&place, &text).await {
        Ok(Written::Done(changed)) => {
            remember(&place.tab, place.handle, changed);
            app.say(format!("Saved \"{name}\"."));
        }
        Ok(Written::ChangedSince(changed)) => {
            // Who asked again before this was said did not mean to replace it.
            QUEUE.with_borrow_mut(|queue| queue.iter_mut().for_each(|waiting| waiting.retain(|it| !it.is(&place))));
            remember(&place.tab, place.handle, changed);
            app.complain(format!(
                "\"{name}\" was changed by another program since: nothing was saved. Save again to replace it."
            ));
        }
        Ok(Written::Refused) => app.complain(format!("The browser was not allowed to write \"{name}\".")),
        Err(_) => app.complain(format!("\"{name}\" could not be written. Export the layer instead.")),
    }
}

enum Written {
    Done(f64),
    /// Somebody else wrote it.
    ChangedSince(f64),
    Refused,
}

async fn written(place: &Place, text: &str) -> Result<Written, JsValue> {
    let handle = &place.handle;
    let mode = Object::new();
    Reflect::set(&mode, &"mode".into(), &"readwrite".into())?;
    let may = called(handle, "requestPermission", &[mode.into()]).await?;
    if may.as_string().as_deref() != Some("granted") {
        return Ok(Written::Refused);
    }
    let changed = file_of(handle).await?.last_modified();
    if changed > place.changed {
        return Ok(Written::ChangedSince(changed));
    }
    // What is written is a copy, which takes the file's place when it is closed.
    let stream = called(handle, "createWritable", &[]).await?;
    called(&stream, "write", &[text.into()]).await?;
    called(&stream, "close", &[]).await?;
    Ok(Written::Done(file_of(handle).await?.last_modified()))
}

fn remember(tab: &TabId, handle: JsValue, changed: f64) {
    PLACES.with_borrow_mut(|places| {
        places.retain(|place| place.tab != *tab);
        places.push(Place { tab: tab.clone(), handle, changed });
    });
}

/// Only layers are picked, one at a time.
fn options(name: Option<&str>) -> JsValue {
    let (options, kind, accept) = (Object::new(), Object::new(), Object::new());
    let set = |object: &Object, key: &str, value: &JsValue| drop(Reflect::set(object, &key.into(), value));
    set(&accept, "application/json", &Array::of1(&".json".into()));
    set(&kind, "description", &"Navigator layer".into());
    set(&kind, "accept", &accept);
    set(&options, "types", &Array::of1(&kind));
    if let Some(name) = name {
        set(&options, "suggestedName", &name.into());
    }
    options.into()
}

fn can(method: &str) -> bool {
    Reflect::get(&browser::window(), &method.into()).is_ok_and(|method| method.is_function())
}

async fn file_of(handle: &JsValue) -> Result<File, JsValue> {
    called(handle, "getFile", &[]).await.map(JsCast::unchecked_into)
}

fn text_of(object: &JsValue, field: &str) -> Option<String> {
    Reflect::get(object, &field.into()).ok()?.as_string()
}

/// What a method promises. web-sys has no pickers, and each binding would weigh on the first visit.
async fn called(object: &JsValue, method: &str, given: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let given: Array = given.iter().collect();
    let promised = function.apply(object, &given)?;
    JsFuture::from(Promise::resolve(&promised)).await
}

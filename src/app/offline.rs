//! Works without a network: the manifest by which browsers install the app, its service worker, and versions that wait to
//! be taken. All of it comes once the first matrix is painted. What is kept, and how, is `public/offline.js`'s.

use super::{
    browser,
    state::{App, Message, Offer, Saving},
};
use js_sys::{Array, Reflect};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessageEvent, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

const WORKER: &str = "sw.js";
const MANIFEST: &str = "manifest.webmanifest";
/// A page that stays open for days asks for a new version by itself.
const LOOK_AGAIN: Duration = Duration::from_secs(60 * 60);
/// An edit is stored well before that.
const PATIENCE: usize = 100;

/// Begins to keep the app, where it is a release and the browser can.
pub fn begin(app: App) {
    // In another page nothing is kept.
    if app.embedded {
        return;
    }
    link_manifest();
    let is_release = browser::document().document_element().is_some_and(|page| page.has_attribute("data-offline"));
    let Some(container) = container().filter(|_| is_release) else { return };
    leptos::task::spawn_local(async move {
        // Where it is refused (private windows, storage switched off) the app works as before.
        match JsFuture::from(container.register(WORKER)).await {
            Ok(registration) if registration.is_object() => watch(app, &registration.unchecked_into()),
            _ => {}
        }
    });
}

/// Takes the version that waits: once all is stored, the page is loaded again as that.
pub fn take_new_version(app: App) {
    leptos::task::spawn_local(async move {
        if let Err(why) = try_taking(app).await {
            app.complain(why);
        }
    });
}

async fn try_taking(app: App) -> Result<(), String> {
    const NONE: &str = "There is no new version of Bulkhead.";
    let container = container().ok_or(NONE)?;
    let registration: ServiceWorkerRegistration = match JsFuture::from(container.get_registration()).await {
        Ok(registration) if registration.is_object() => registration.unchecked_into(),
        _ => return Err(NONE.to_owned()),
    };
    let waiting = registration.waiting().ok_or(NONE)?;
    for _ in 0..PATIENCE {
        if app.saving.with_untracked(|saving| *saving == Saving::Saved) {
            break;
        }
        browser::wait(50).await;
    }
    if app.saving.with_untracked(|saving| *saving != Saving::Saved) {
        return Err("The new version waits: what you have is not stored yet.".to_owned());
    }
    let taken = Closure::<dyn Fn()>::new(|| drop(browser::window().location().reload()));
    container.set_oncontrollerchange(Some(taken.as_ref().unchecked_ref()));
    taken.forget(); // the page is about to go
    let channel = MessageChannel::new().map_err(|_| NONE)?;
    let answered = js_sys::Promise::new(&mut |resolve, _| {
        let said = Closure::once_into_js(move |event: MessageEvent| resolve.call1(&JsValue::NULL, &event.data()));
        channel.port1().set_onmessage(Some(said.unchecked_ref()));
        let ports = Array::of1(&channel.port2());
        let _ = waiting.post_message_with_transferable(&"take-over".into(), &ports);
    });
    match JsFuture::from(answered).await.ok().and_then(|open| open.as_f64()) {
        Some(open) if open > 1.0 => {
            container.set_oncontrollerchange(None);
            Err("Bulkhead is open in another window, too: close that first, then take the new version.".to_owned())
        }
        _ => Ok(()),
    }
}

/// In private windows and on plain http there is none.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = browser::window().navigator();
    let there = Reflect::get(&navigator, &"serviceWorker".into()).ok()?;
    there.is_object().then(|| navigator.service_worker())
}

fn watch(app: App, registration: &ServiceWorkerRegistration) {
    if registration.waiting().is_some() {
        offer(app);
    }
    let own = registration.clone();
    let found = Closure::<dyn Fn()>::new(move || {
        let Some(coming) = own.installing() else { return };
        let worker = coming.clone();
        let changed = Closure::<dyn Fn()>::new(move || {
            // The first version of all has nothing to take over from.
            let replaces = container().is_some_and(|container| container.controller().is_some());
            if worker.state() == ServiceWorkerState::Installed && replaces {
                offer(app);
            }
        });
        coming.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
        changed.forget(); // as long as the page lives
    });
    registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
    found.forget(); // as long as the page lives
    let own = registration.clone();
    let look = move || {
        if let Ok(looking) = own.update() {
            // Without a network there is none to be found.
            leptos::task::spawn_local(async move { drop(JsFuture::from(looking).await) });
        }
    };
    let _ = set_interval_with_handle(look, LOOK_AGAIN);
}

fn offer(app: App) {
    app.update.set(true);
    let text = "A new version of Bulkhead is here. Your layers are stored and stay as they are.".to_owned();
    app.message.set(Some(Message { offers: vec![Offer::Update], ..Message::done(text) }));
}

fn link_manifest() {
    let Ok(link) = browser::document().create_element("link") else { return };
    let _ = link.set_attribute("rel", "manifest");
    let _ = link.set_attribute("href", MANIFEST);
    if let Some(head) = browser::document().query_selector("head").ok().flatten() {
        let _ = head.append_child(&link);
    }
}

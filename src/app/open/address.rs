//! Addresses: the page's own, which may ask for layers, bundles and a view, and those from which something is opened. What
//! the words of the page's address mean is `custom`'s.

use super::{ids, ids_since, open_all, shortened};
use crate::{
    app::{
        browser,
        custom::{self, Asked},
        customizing, fetching, layers,
        reading::NotRead,
        rest::{self, Deed},
        sharing,
        state::{App, TabId},
        together::Together,
    },
    attack,
    layer::Layer,
};
use leptos::prelude::*;

/// Does what the page's address asks for, if it asks for anything.
pub fn follow_address_of_page(app: App) {
    let location = browser::window().location();
    if location.hash().is_ok_and(|hash| hash.len() > 1) || location.search().is_ok_and(|search| !search.is_empty()) {
        rest::act(app, Deed::Address);
    }
}

/// Does what the address asks for: see `custom`.
pub fn follow_address(app: App) {
    let location = browser::window().location();
    let (search, hash) = (location.search().unwrap_or_default(), location.hash().unwrap_or_default());
    let asked = custom::asked(search.trim_start_matches('?'), hash.trim_start_matches('#'));
    customizing::follow(app, &asked);
    if !asked.opens_something() {
        return show_as_asked(app, &asked, &[]);
    }
    if !app.embedded {
        // The layer is kept from now on: a reload must not open it once more.
        if let Ok(history) = browser::window().history() {
            let rest = custom::without_what_opens(hash.trim_start_matches('#'));
            let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&format!("#{rest}")));
        }
    }
    leptos::task::spawn_local(async move {
        let before = ids(app);
        let mut together = Together::of(app, asked.bundles.len() + asked.packed.len() + asked.layers.len());
        for bundle in &asked.bundles {
            open_address(app, bundle).await;
            together.note();
        }
        for packed in &asked.packed {
            sharing::open(app, packed).await;
            together.note();
        }
        for address in &asked.layers {
            open_address(app, address).await;
            together.note();
        }
        together.tell();
        show_as_asked(app, &asked, &ids_since(app, &before));
    });
}

/// Shows the layers that an address opened as it asks, which is no edit of them; without any, the one that is shown. In
/// another page they are all there is, and the first is to be seen.
pub fn show_as_asked(app: App, asked: &Asked, new: &[TabId]) {
    if asked.view.is_some() || asked.layout.is_some() {
        let active = [app.active.get_untracked()];
        let shown = if new.is_empty() { &active[..] } else { new };
        app.tabs.update(|tabs| {
            for tab in tabs.iter_mut().filter(|tab| shown.contains(&tab.id)) {
                let mut layer = Layer::clone(tab.history.present());
                if let Some(view) = asked.view {
                    layer.display.representation = view;
                }
                if let Some(layout) = asked.layout {
                    layer.display.set_layout(layout);
                }
                tab.history.replace(layer);
            }
        });
    }
    if let (true, Some(first)) = (app.embedded, new.first()) {
        layers::activate(app, first.clone());
        app.tabs.update(|tabs| tabs.retain(|tab| new.contains(&tab.id)));
    }
}

/// Opens what is at an address, which may be relative to the app's.
pub async fn open_address(app: App, address: &str) {
    let base = browser::document().base_uri().ok().flatten().unwrap_or_default();
    match address_in(&base, address) {
        Ok(url) => open_whole_address(app, address, &url).await,
        Err(error) => app.complain(error),
    }
}

/// Opens what is at an address that was checked.
pub fn address(app: App, url: String) {
    leptos::task::spawn_local(async move { open_whole_address(app, &url, &url).await });
}

async fn open_whole_address(app: App, name: &str, url: &str) {
    let name = shortened(name);
    match fetching::fetch_aloud(app, url, &name, attack::MAXIMUM_BUNDLE_BYTES).await {
        Ok(blob) => open_all(app, vec![(name, blob)], url).await,
        Err(NotRead::Stopped) => app.say(format!("\"{name}\" was not opened: you stopped it.")),
        Err(NotRead::Failed(error)) => app.complain(error),
    }
}

/// The whole address that is meant by one that a user typed.
///
/// # Errors
/// A sentence for the user.
pub fn checked_address(typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    if typed.contains(char::is_whitespace) || typed.is_empty() {
        return Err(no_address(typed));
    }
    address_in("", &whole).map_err(|_| no_address(typed))
}

/// The whole address of one that stands in a file from `base`.
///
/// # Errors
/// A sentence for the user.
pub fn address_in(base: &str, address: &str) -> Result<String, String> {
    let url = match base {
        "" => web_sys::Url::new(address),
        base => web_sys::Url::new_with_base(address, base),
    };
    let url = url.ok().filter(|url| matches!(url.protocol().as_str(), "http:" | "https:"));
    url.map(|url| url.href()).ok_or_else(|| no_address(address))
}

fn no_address(address: &str) -> String {
    format!("\"{}\" is no web address that something can be opened from.", shortened(address))
}

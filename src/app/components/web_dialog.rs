//! Opening by address: a layer, a bundle, or an index that lists bundles, of which one is then chosen.

use super::{annotation::labelled, dialogs::close};
use crate::{
    app::{
        browser, customizing,
        dom::{El, button, el, value_of},
        open,
        state::{App, Dialog},
    },
    attack::{Collection, CollectionIndex, CollectionVersion},
};
use leptos::prelude::*;
use std::sync::Arc;

/// Where ATT&CK lists its own bundles. It is asked for only when the user says so.
const OFFICIAL: &str = "https://raw.githubusercontent.com/mitre-attack/attack-stix-data/master/index.json";

/// So many of a collection's versions are shown at once.
const FIRST: usize = 4;

pub fn open_from_web(app: App) -> El {
    let address = RwSignal::new(String::new());
    let wrong = RwSignal::new(String::new());
    let input = el("input", "")
        .attr("type", "text")
        .attr("inputmode", "url")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("autofocus", "")
        .attr("placeholder", "https://…")
        .attr("data-field", "address")
        .attr("aria-describedby", "address-error")
        .has("aria-invalid", move || wrong.with(|wrong| !wrong.is_empty()).then(|| "true".to_owned()))
        .on("input", move |event| {
            wrong.set(String::new());
            address.set(value_of(&event));
        });
    let go = move |address: &str| match open::checked_address(address) {
        Ok(url) => {
            close(app);
            open::address(app, url);
        }
        Err(error) => wrong.set(error),
    };
    let official = button("list-button wide-button")
        .attr("data-action", "official-index")
        .child(&el("b", "").text("ATT&CK's own list"))
        .child(
            &el("span", "muted")
                .text("Enterprise, Mobile and ICS, in every version, from MITRE's repository at GitHub"),
        )
        .on_click(move || go(OFFICIAL));
    let actions = el("div", "dialog-actions").children([
        button("button").text("Cancel").on_click(move || close(app)),
        el("button", "button primary")
            .attr("type", "submit")
            .attr("data-action", "open")
            .has("disabled", move || address.with(|it| it.trim().is_empty()).then(String::new))
            .text("Open"),
    ]);
    let mut lists = site_lists(app, go);
    // A site that names a list of its own offers that instead.
    if lists.is_empty() {
        lists.push(official);
    }
    let help = "A Navigator layer, a STIX bundle, or a list of bundles (collection index). Your browser fetches it from there; \
                nothing of yours is sent.";
    el("form", "form")
        .child(&labelled("Address", &input))
        .child(&el("p", "field-error").attr("id", "address-error").attr("role", "alert").says(move || wrong.get()))
        .child(&el("p", "muted").text(help))
        .children(lists)
        .child(&actions)
        .on("submit", move |event| {
            event.prevent_default();
            address.with_untracked(|address| go(address));
        })
}

/// What the site's configuration offers: an index at an address, and releases of its own.
fn site_lists(app: App, go: impl Fn(&str) + Clone + 'static) -> Vec<El> {
    let config = customizing::config();
    let offer = |words: &str, more: &str, action: &str| {
        button("list-button wide-button")
            .attr("data-action", action)
            .child(&el("b", "").text(words))
            .child(&el("span", "muted").text(more))
    };
    let base = browser::document().base_uri().ok().flatten().unwrap_or_default();
    let index = config.index_url.as_ref().and_then(|url| open::address_in(&base, url).ok());
    let index = index.map(|url| offer("This site's list", &url, "official-index").on_click(move || go(&url)));
    let releases = config.releases.clone().map(|releases| {
        let (releases, base) = (Arc::new(releases), Arc::<str>::from(base.as_str()));
        let more = "Bundles that this site names, by domain and version";
        offer("This site's releases", more, "site-releases")
            .on_click(move || app.dialog.set(Some(Dialog::Collections(releases.clone(), base.clone()))))
    });
    index.into_iter().chain(releases).collect()
}

/// What an index offers: choose one.
pub fn choose_collection(app: App, index: &Arc<CollectionIndex>, from: &Arc<str>) -> El {
    let sections = index.collections.iter().map(|it| collection(app, it, from));
    el("div", "collections")
        .child(&el("p", "muted").text(&format!("{}: choose a version to open it.", index.name)))
        .children(sections)
}

fn collection(app: App, collection: &Collection, from: &Arc<str>) -> El {
    let one = |version: &CollectionVersion| {
        let url = open::address_in(from, &version.url);
        let date = version.modified.clone().unwrap_or_default();
        let button = button("button version")
            .attr("data-action", "open-version")
            .attr("aria-label", format!("{} {date}: open {}", version.version, collection.name).trim())
            .child(&el("b", "").text(&version.version))
            .text(" ")
            .child(&el("span", "muted").text(&date));
        let button = if url.is_err() { button.attr("disabled", "") } else { button };
        button.on_click(move || {
            if let Ok(url) = url.clone() {
                close(app);
                open::address(app, url);
            }
        })
    };
    let (first, rest) = collection.versions.split_at(collection.versions.len().min(FIRST));
    let mut section = el("section", "collection")
        .attr("data-collection", &collection.name)
        .child(&el("h3", "").text(&collection.name))
        .child(&el("div", "versions").children(first.iter().map(one)));
    if !rest.is_empty() {
        let words = match rest.len() {
            1 => "1 earlier version".to_owned(),
            count => format!("{count} earlier versions"),
        };
        let more = el("summary", "").text(&words);
        section = section
            .child(&el("details", "more").child(&more).child(&el("div", "versions").children(rest.iter().map(one))));
    }
    section
}

//! The layer's settings: its name and description, what it is on, its own links and metadata, what it says that the
//! shown bundle has no technique for, and what it takes to store.

use super::{
    annotation::labelled,
    control::icon_action,
    dialogs::close,
    icon::Icon,
    lists::{Owner, links, metadata},
};
use crate::{
    app::{
        browser,
        dom::{El, derived, el, value_of},
        layers,
        outside::outside,
        persistence,
        state::App,
    },
    layer::{Edit, Entry, Key},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

/// Longer lists are only scrolled over.
const MOST_LISTED: usize = 200;

pub fn layer_settings(app: App) -> El {
    let layer = app.layer.get_untracked();
    let name = el("input", "").attr("type", "text").attr("data-field", "layer-name").attr("autofocus", "");
    name.node().unchecked_ref::<HtmlInputElement>().set_value(&layer.name);
    let name = name.on("input", move |event| {
        app.edit_joined(&Edit::Name(value_of(&event)), Some("layer name".to_owned()));
    });
    let description = el("textarea", "").attr("rows", "4").attr("data-field", "layer-description");
    description.node().unchecked_ref::<HtmlTextAreaElement>().set_value(&layer.description);
    let description = description.on("input", move |event| {
        app.edit_joined(&Edit::Description(value_of(&event)), Some("layer description".to_owned()));
    });
    let done = el("button", "button primary").attr("type", "submit").text("Done");
    el("form", "form")
        .child(&labelled("Name", &name))
        .child(&labelled("Description", &description))
        .child(&facts(app))
        .child(&el("div", "form-part").child(&links(app, Owner::Layer)).child(&metadata(app, Owner::Layer)))
        .child(&not_in_bundle(app))
        .child(&el("div", "dialog-actions").child(&done))
        .on("submit", move |event| {
            event.prevent_default();
            close(app);
        })
}

fn facts(app: App) -> El {
    let version = move || app.layer.with(|layer| layer.versions.attack.clone());
    let size = RwSignal::new("…".to_owned());
    let id = app.active.get_untracked();
    leptos::task::spawn_local(async move {
        size.set(match persistence::stored_bytes(&id).await {
            Ok((layer, 0)) => kilobytes(layer),
            Ok((layer, steps)) => format!("{}, and {} of undo history", kilobytes(layer), kilobytes(steps)),
            Err(error) => format!("not stored: {error}"),
        });
    });
    let fact = |word: &str, value: El| el("div", "fact").child(&el("dt", "").text(word)).child(&value);
    el("dl", "facts").children([
        fact("Domain", el("dd", "").says(move || app.layer.with(|layer| layer.domain.clone()))),
        fact("ATT&CK version", el("dd", "").says(move || version().unwrap_or_else(|| "not said".to_owned()))),
        fact(
            "Shown on",
            el("dd", "").says(move || {
                app.knowledge.track();
                layers::bundle_words(app, &app.bundle())
            }),
        ),
        fact("Stored", el("dd", "").says(move || size.get())),
    ])
}

fn kilobytes(bytes: usize) -> String {
    format!("{} kB", bytes.div_ceil(1_000))
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    key: Key,
    says: String,
}

fn not_in_bundle(app: App) -> El {
    let lines = derived(move || {
        app.layer.with(|layer| {
            let rule = layer.tier_scoring.combine();
            let line = |entry: &Entry| {
                let mark = entry.marks.combined(rule);
                let score = mark.score.map(|score| format!("score {score}"));
                let color = mark.color.map(|color| color.as_str().to_owned());
                let disabled = (!mark.enabled).then(|| "disabled".to_owned());
                let comment = Some(mark.comment).filter(|comment| !comment.is_empty());
                let says = [score, color, disabled, comment].into_iter().flatten().collect::<Vec<_>>().join(", ");
                Line { key: entry.key.clone(), says }
            };
            outside(layer, &app.knowledge.get()).map(line).collect::<Vec<_>>()
        })
    });
    let list = el("ul", "plain-list outside").holds(move || {
        let lines = lines.get();
        let more = lines.len().saturating_sub(MOST_LISTED);
        let mut listed: Vec<El> = lines.into_iter().take(MOST_LISTED).map(|line| listed(app, line)).collect();
        if more > 0 {
            listed.push(el("li", "muted").text(&format!("and {more} more")));
        }
        listed
    });
    el("section", "form-part")
        .attr("data-region", "outside")
        .attr("tabindex", "-1")
        .attr("aria-label", "Not in this bundle")
        .has("hidden", move || lines.with(Vec::is_empty).then(String::new))
        .child(&el("h3", "").says(move || format!("Not in this bundle ({})", lines.with(Vec::len))))
        .child(&el("p", "muted").text("Kept, and written back on export."))
        .child(&list)
}

fn listed(app: App, Line { key, says }: Line) -> El {
    let tactic = key.tactic.as_ref().map_or("all tactics", |tactic| tactic.as_str()).to_owned();
    let label = format!("Remove what is said of {} in {tactic}", key.technique);
    let id = el("span", "list-id").text(key.technique.as_str());
    let words = el("span", "pre").child(&el("span", "muted").text(&tactic)).text("  ").text(&says);
    let remove = icon_action("icon-button small", &label, Icon::Close, move || {
        app.edit(&Edit::Remove(vec![key.clone()]));
        // The list is made anew, and gone with its last line.
        browser::focus_soon("[data-region='outside']:not([hidden]), [role=dialog] [type='submit']");
    });
    el("li", "item").child(&id).child(&words).child(&remove)
}

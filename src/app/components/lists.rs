//! Links and metadata of what is selected: what is there, and a line to add one. Lists that differ between the selected
//! techniques are not shown, but one more can be added to all.

use super::{annotation::Common, control::icon_action, icon::Icon, inspector::link};
use crate::{
    app::{
        dom::{El, button, derived, el, key_of},
        state::App,
    },
    layer::{Edit, Entry, Link, Metadata, Target, is_safe_url},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlInputElement};

/// What tells links and metadata apart.
struct Kind {
    title: &'static str,
    /// Names of the two fields, and what they say while empty.
    fields: [(&'static str, &'static str, &'static str); 2],
    rows: fn(&Entry) -> Vec<Row>,
    /// The edit that adds what was typed, or what is wrong with it.
    add: fn(Vec<Target>, &str, &str) -> Result<Edit, &'static str>,
    /// The edit that takes a row out.
    remove: fn(Vec<Target>, &Entry, usize) -> Edit,
}

/// A row as it is shown.
#[derive(Debug, Clone, PartialEq)]
enum Row {
    Link { label: String, url: String },
    Metadata { name: String, value: String },
    Divider,
    Other(String),
}

pub fn links(app: App, targets: Memo<Vec<Target>>) -> El {
    list(app, targets, &LINKS)
}

pub fn metadata(app: App, targets: Memo<Vec<Target>>) -> El {
    list(app, targets, &METADATA)
}

static LINKS: Kind = Kind {
    title: "Links",
    fields: [("link-label", "Label", "Link label"), ("link-url", "https://", "Link address")],
    rows: |entry| {
        let row = |link: &Link| match link {
            Link::Item { label, url, .. } => Row::Link { label: label.clone(), url: url.clone() },
            Link::Divider(_) => Row::Divider,
            Link::Other(other) => Row::Other(other.to_string()),
        };
        entry.links.iter().map(row).collect()
    },
    add: |targets, label, url| {
        if !is_safe_url(url) {
            return Err("An address begins with https://, http:// or mailto:");
        }
        Ok(Edit::AddLink(targets, Link::new(if label.is_empty() { url } else { label }, url)))
    },
    remove: |targets, entry, at| {
        let mut links = entry.links.clone();
        links.remove(at);
        Edit::Links(targets, links)
    },
};

static METADATA: Kind = Kind {
    title: "Metadata",
    fields: [("metadata-name", "Name", "Metadata name"), ("metadata-value", "Value", "Metadata value")],
    rows: |entry| {
        let row = |item: &Metadata| match item {
            Metadata::Item { name, value, .. } => Row::Metadata { name: name.clone(), value: value.clone() },
            Metadata::Divider(_) => Row::Divider,
            Metadata::Other(other) => Row::Other(other.to_string()),
        };
        entry.metadata.iter().map(row).collect()
    },
    add: |targets, name, value| {
        if name.is_empty() || value.is_empty() {
            return Err("Metadata needs a name and a value");
        }
        Ok(Edit::AddMetadata(targets, Metadata::new(name, value)))
    },
    remove: |targets, entry, at| {
        let mut metadata = entry.metadata.clone();
        metadata.remove(at);
        Edit::Metadata(targets, metadata)
    },
};

fn list(app: App, targets: Memo<Vec<Target>>, kind: &'static Kind) -> El {
    let rows = derived(move || {
        let targets = targets.get();
        app.layer.with(|layer| {
            let of = |target: &Target| layer.annotations.get(&target.key).map(kind.rows).unwrap_or_default();
            Common::of(targets.iter().map(of))
        })
    });
    let summary = el("summary", "").says(move || match rows.get() {
        Common::Same(rows) if rows.is_empty() => kind.title.to_owned(),
        Common::Same(rows) => format!("{} ({})", kind.title, rows.len()),
        Common::Mixed => format!("{} (they differ)", kind.title),
    });
    let remove = move |at: usize| {
        let targets = targets.get_untracked();
        let layer = app.layer.get_untracked();
        let entry = targets.first().and_then(|target| layer.annotations.get(&target.key));
        if let Some(entry) = entry {
            app.edit(&(kind.remove)(targets.clone(), entry, at));
        }
    };
    let items = el("ul", "plain-list").holds(move || {
        let rows = rows.get().same().unwrap_or_default();
        let line = |(at, row): (usize, Row)| {
            let label = format!("Remove from {}", kind.title.to_ascii_lowercase());
            let remove = icon_action("icon-button small", &label, Icon::Close, move || remove(at));
            el("li", "item").child(&el("span", "").child(&content(row))).child(&remove)
        };
        rows.into_iter().enumerate().map(line).collect()
    });
    el("details", "more")
        .kept(move |element| {
            if rows.with(|rows| matches!(rows, Common::Same(rows) if !rows.is_empty())) {
                element.unchecked_ref::<HtmlDetailsElement>().set_open(true);
            }
        })
        .child(&summary)
        .child(&items)
        .children(adding(app, targets, kind))
}

fn content(row: Row) -> El {
    match row {
        Row::Link { label, url } => link(&url, &label),
        Row::Metadata { name, value } => el("span", "").child(&el("b", "").text(&name)).text(": ").text(&value),
        Row::Divider => el("hr", ""),
        Row::Other(other) => el("span", "muted").text(&other),
    }
}

fn adding(app: App, targets: Memo<Vec<Target>>, kind: &'static Kind) -> [El; 2] {
    let error = RwSignal::new(String::new());
    let field = |(name, placeholder, label): (&str, &str, &str)| {
        let input = el("input", "").attr("type", "text").attr("data-field", name);
        input.attr("placeholder", placeholder).attr("aria-label", label)
    };
    let [first, second] = kind.fields.map(field);
    let (one, other) = (first.node().clone(), second.node().clone());
    let add = std::rc::Rc::new(move || {
        let (one, other): (&HtmlInputElement, &HtmlInputElement) = (one.unchecked_ref(), other.unchecked_ref());
        match (kind.add)(targets.get_untracked(), one.value().trim(), other.value().trim()) {
            Ok(edit) => {
                error.set(String::new());
                app.edit(&edit);
                one.set_value("");
                other.set_value("");
            }
            Err(wrong) => error.set(wrong.to_owned()),
        }
    });
    let on_enter = |field: El| {
        let add = add.clone();
        field.on("keydown", move |event| {
            if key_of(&event) == "Enter" {
                event.prevent_default();
                add();
            }
        })
    };
    let (first, second) = (on_enter(first), on_enter(second));
    let submit = button("button").text("Add").on_click(move || add());
    let row = el("div", "add-row").children([first, second, submit]);
    [row, el("p", "field-error").attr("role", "alert").says(move || error.get())]
}

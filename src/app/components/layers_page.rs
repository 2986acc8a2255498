//! The start page: every layer kept in this browser, open or closed, with a small picture of it, and ways to begin a new
//! one. Listing and deleting is `persistence`'s.

use super::{dialogs::close, held_focus::HeldFocus, icon::element};
use crate::{
    app::{
        choice::counted,
        command::Command,
        dom::{El, button, el},
        exports, layers,
        persistence::{self, Kept, Shelf},
        run,
        state::App,
    },
    attack::Knowledge,
    export::{Shade, Thumbnail},
    layer::Layer,
    order,
};
use leptos::prelude::*;
use rustc_hash::FxHashSet;
use wasm_bindgen::JsValue;
use web_sys::Element;

/// What can be done with a kept layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Open,
    Export,
    Duplicate,
    Delete,
    BringBack,
}

pub fn layers_page(app: App) -> El {
    let kept: RwSignal<Option<Vec<Kept>>> = RwSignal::new(None);
    let fault = RwSignal::new(String::new());
    let page = el("div", "layers-page");
    let focus = HeldFocus::in_list("kept-list", "data-layer");
    let list = el("ul", "kept-list").holds(move || {
        let mut all = kept.get().unwrap_or_default();
        order::sort_by(&mut all, |a, b| b.changed.cmp(&a.changed));
        focus.hold();
        all.iter().map(|kept| card(app, kept, fault)).collect()
    });
    let stored = |all: &Vec<Kept>| all.iter().filter(|kept| kept.shelf != Shelf::Deleted).count();
    let count = el("p", "muted").says(move || match kept.with(|kept| kept.as_ref().map(stored)) {
        None => "Reading…".to_owned(),
        Some(1) => "1 layer, stored in this browser and nowhere else.".to_owned(),
        Some(count) => format!("{count} layers, stored in this browser and nowhere else."),
    });
    let read = move || {
        leptos::task::spawn_local(async move {
            let (all, outcome) = persistence::kept_layers(app).await;
            fault.set(match outcome {
                Ok(0) => String::new(),
                Ok(count) => format!("{count} more are stored that can't be read."),
                Err(error) => format!("Only what is open is listed: {error}."),
            });
            kept.set(Some(all));
        });
    };
    on_cleanup(persistence::forget_deleted);
    page.child(&begin(app))
        .child(&count)
        .child(&el("p", "field-error").attr("role", "alert").says(move || fault.get()))
        .child(&list)
        .kept(move |_| {
            app.shelf.track();
            app.tabs.track();
            read();
        })
}

fn begin(app: App) -> El {
    let start = |command: Command, words: &str| {
        button("button").attr("data-command", command.id()).text(words).on_click(move || {
            close(app);
            run::run(app, command);
        })
    };
    el("div", "begin").attr("role", "group").attr("aria-label", "New layer").children([
        el("span", "field-name").text("New layer on"),
        start(Command::LayerNewAttack19, "ATT&CK v19.2"),
        start(Command::LayerNewAttack18, "ATT&CK v18.1"),
        start(Command::LayerNewMicrosoft, "Microsoft's Threat Matrix"),
        el("span", "grow"),
        start(Command::LayerOpen, "Open file…"),
        start(Command::LayerImport, "Detection rules…"),
        start(Command::LayerImportFolder, "Folder of rules…"),
        start(Command::LayerOpenAddress, "Open from the web…"),
    ])
}

fn card(app: App, kept: &Kept, fault: RwSignal<String>) -> El {
    let layer = kept.tab.history.present().clone();
    let name = layer.title().to_owned();
    let shelf = match kept.shelf {
        Shelf::Open => "open",
        Shelf::Closed => "closed",
        Shelf::Deleted => "deleted",
    };
    let card = el("li", "kept").attr("data-layer", &kept.tab.id).attr("data-shelf", shelf);
    let title = el("h3", "kept-name").text(&name);
    let facts = if kept.shelf == Shelf::Deleted {
        el("p", "").text("Deleted. It can be brought back until you leave this page.")
    } else {
        let bundle = layers::bundle_words(app, &kept.tab.bundle);
        let state = if kept.shelf == Shelf::Open { "open" } else { "closed" };
        let facts = [date(kept.changed), bundle, annotated(&layer), state.to_owned()];
        let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
        el("p", "muted").text(&facts.join(" · "))
    };
    let buttons = Action::of(kept.shelf).iter().map(|action| {
        let (action, tab, layer) = (*action, kept.tab.clone(), layer.clone());
        let id = tab.id.clone();
        button("button small")
            .attr("data-action", action.word())
            .attr("aria-label", &format!("{} {name}", action.title()))
            .text(action.title())
            .on_click(move || match action {
                Action::Open => {
                    close(app);
                    layers::open_kept(app, id.clone());
                }
                Action::Export => exports::kept_json(app, &tab),
                Action::Duplicate => layers::duplicate(app, &layer, tab.bundle.clone()),
                Action::Delete | Action::BringBack => {
                    let id = id.clone();
                    leptos::task::spawn_local(async move {
                        let outcome = if action == Action::Delete {
                            persistence::delete(app, &id).await
                        } else {
                            persistence::bring_back(app, &id).await
                        };
                        if let Err(error) = outcome {
                            fault.set(format!("That did not work: {error}."));
                        }
                    });
                }
            })
    });
    card.raw(&picture(app, kept, &layer))
        .child(&el("div", "kept-text").child(&title).child(&facts))
        .child(&el("div", "kept-actions").children(buttons))
}

impl Action {
    /// What can be done with a layer that is there; the usual comes first.
    fn of(shelf: Shelf) -> &'static [Self] {
        match shelf {
            Shelf::Open | Shelf::Closed => &[Self::Open, Self::Export, Self::Duplicate, Self::Delete],
            Shelf::Deleted => &[Self::BringBack],
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Export => "export",
            Self::Duplicate => "duplicate",
            Self::Delete => "delete",
            Self::BringBack => "bring-back",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Export => "Export",
            Self::Duplicate => "Duplicate",
            Self::Delete => "Delete",
            Self::BringBack => "Bring it back",
        }
    }
}

fn annotated(layer: &Layer) -> String {
    let entries = layer.annotations.iter().filter(|entry| entry.is_annotated());
    match entries.map(|entry| &entry.key.technique).collect::<FxHashSet<_>>().len() {
        0 => "nothing annotated".to_owned(),
        count => format!("{} annotated", counted(count)),
    }
}

fn date(milliseconds: u64) -> String {
    if milliseconds == 0 {
        return String::new();
    }
    let options = js_sys::Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    #[allow(clippy::cast_precision_loss)] // exact for the next two hundred thousand years
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds as f64));
    date.to_locale_string("en-GB", &options).into()
}

fn picture(app: App, kept: &Kept, layer: &Layer) -> Element {
    let knowledge = app
        .bundles
        .with_untracked(|bundles| bundles.has(&kept.tab.bundle).then(|| bundles.knowledge(&kept.tab.bundle)));
    thumbnail(layer, knowledge.as_deref())
}

/// A small picture of a layer.
pub fn thumbnail(layer: &Layer, knowledge: Option<&Knowledge>) -> Element {
    let thumbnail = Thumbnail::of(layer, knowledge);
    let bounds = format!("0 0 {} {}", thumbnail.width.max(1), thumbnail.height.max(1));
    let svg = element("svg", &[("class", "thumbnail"), ("viewBox", &bounds), ("aria-hidden", "true")]);
    for (shade, outline) in &thumbnail.outlines {
        let path = match shade {
            Shade::Unscored => element("path", &[("d", outline), ("class", "thumbnail-unscored")]),
            Shade::Disabled => element("path", &[("d", outline), ("class", "thumbnail-disabled")]),
            Shade::Colored([red, green, blue]) => {
                element("path", &[("d", outline), ("fill", &format!("rgb({red} {green} {blue})"))])
            }
        };
        let _ = svg.append_child(&path);
    }
    svg
}

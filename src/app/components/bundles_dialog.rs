//! What layers can be shown on: Bulkhead's own bundles, and those that the user opened and this browser keeps, with what
//! they take. Listing and deleting is `persistence`'s.

use super::{dialogs::close, held_focus::HeldFocus};
use crate::app::{
    bundles::BundleKey,
    choice::counted,
    command::Command,
    dom::{El, button, el},
    layers, persistence,
    rest::{self, Deed},
    run,
    state::{App, Dialog},
};
use leptos::prelude::*;

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    key: BundleKey,
    title: String,
    facts: String,
    can: Can,
}

/// What can be done with a bundle besides using it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Can {
    Nothing,
    Delete,
    BringBack,
}

const OURS: [(BundleKey, &str); 3] = [
    (BundleKey::Attack19, "ATT&CK for Containers v19.2"),
    (BundleKey::Attack18, "ATT&CK for Containers v18.1"),
    (BundleKey::Microsoft, "Microsoft's Threat Matrix for Kubernetes"),
];

pub fn bundles_dialog(app: App) -> El {
    let kept: RwSignal<Vec<persistence::KeptBundle>> = RwSignal::new(Vec::new());
    let fault = RwSignal::new(String::new());
    let read = move || {
        leptos::task::spawn_local(async move {
            match persistence::kept_bundle_sizes().await {
                Ok(all) => kept.set(all),
                Err(error) => fault.set(format!("What is kept can't be listed: {error}.")),
            }
        });
    };
    let focus = HeldFocus::in_list("bundle-list", "data-bundle");
    let list = el("ul", "bundle-list").holds(move || {
        focus.hold();
        lines(app, &kept.get()).into_iter().map(|line| shown(app, line, fault)).collect()
    });
    let total = el("p", "muted").says(move || {
        let bytes: f64 = kept.with(|kept| kept.iter().filter(|it| !it.deleted).map(|it| it.bytes + it.packed).sum());
        if bytes > 0.0 { format!("What you opened takes {} in this browser.", megabytes(bytes)) } else { String::new() }
    });
    on_cleanup(persistence::forget_deleted_bundles);
    let open = |command: Command, words: &str| {
        button("button").attr("data-command", command.id()).text(words).on_click(move || {
            close(app);
            run::run(app, command);
        })
    };
    let begin = el("div", "begin").children([
        open(Command::BundleOpen, "Open file…"),
        button("button")
            .attr("data-command", Command::LayerOpenAddress.id())
            .text("Open from the web…")
            .on_click(move || app.dialog.set(Some(Dialog::Web))),
    ]);
    el("div", "bundles-page")
        .child(&begin)
        .child(&el("p", "field-error").attr("role", "alert").says(move || fault.get()))
        .child(&list)
        .child(&total)
        .kept(move |_| {
            app.shelf.track();
            app.bundles.track();
            read();
        })
}

fn lines(app: App, kept: &[persistence::KeptBundle]) -> Vec<Line> {
    let mut lines: Vec<Line> = OURS
        .into_iter()
        .map(|(key, title)| Line {
            facts: facts(app, &key, "part of Bulkhead"),
            key,
            title: title.to_owned(),
            can: Can::Nothing,
        })
        .collect();
    let opened: Vec<BundleKey> = app.bundles.with(|bundles| bundles.opened().into_iter().cloned().collect());
    for key in opened.into_iter().filter(|key| !kept.iter().any(|it| it.name == key.word())) {
        let facts = facts(app, &key, "not kept for the next visit");
        lines.push(Line { facts, title: key.title(), key, can: Can::Nothing });
    }
    for bundle in kept {
        let key = BundleKey::Opened(bundle.name.as_str().into());
        let size = if bundle.packed > 0.0 {
            format!("{}, and {} to open it at once", megabytes(bundle.bytes), megabytes(bundle.packed))
        } else {
            megabytes(bundle.bytes)
        };
        let (facts, can) = if bundle.deleted {
            ("Deleted. It can be brought back until you leave this list.".to_owned(), Can::BringBack)
        } else {
            (facts(app, &key, &size), Can::Delete)
        };
        lines.push(Line { facts, title: key.title(), key, can });
    }
    lines
}

fn facts(app: App, key: &BundleKey, first: &str) -> String {
    let on_it = app.tabs.with(|tabs| tabs.iter().filter(|tab| tab.bundle == *key).count());
    let techniques = app.bundles.with(|bundles| {
        bundles.has(key).then(|| {
            let knowledge = bundles.knowledge(key);
            knowledge.techniques.iter().filter(|technique| knowledge.in_scope(technique)).count()
        })
    });
    let mut facts = vec![first.to_owned()];
    facts.extend(techniques.map(counted));
    match on_it {
        0 => {}
        1 => facts.push("1 open layer is on it".to_owned()),
        count => facts.push(format!("{count} open layers are on it")),
    }
    facts.join(" · ")
}

fn shown(app: App, line: Line, fault: RwSignal<String>) -> El {
    let Line { key, title, facts, can } = line;
    let action = |word: &str, words: &str| {
        button("button small").attr("data-action", word).attr("aria-label", &format!("{words}: {title}")).text(words)
    };
    let mut actions = Vec::new();
    if can != Can::BringBack {
        let (own, other) = (key.clone(), key.clone());
        actions.push(action("use", "Show layer on it").on_click(move || {
            close(app);
            rest::act(app, Deed::Show(own.clone()));
        }));
        actions.push(action("new-layer", "New layer").on_click(move || {
            close(app);
            layers::new_layer_on(app, other.clone());
        }));
    }
    let name = key.word().to_owned();
    let change = move |back: bool| {
        let name = name.clone();
        leptos::task::spawn_local(async move {
            let outcome = if back {
                persistence::bring_bundle_back(app, &name).await
            } else {
                persistence::delete_bundle(app, &name).await
            };
            if let Err(error) = outcome {
                fault.set(format!("That did not work: {error}."));
            }
        });
    };
    match can {
        Can::Nothing => {}
        Can::Delete => actions.push(action("delete", "Delete").on_click(move || change(false))),
        Can::BringBack => actions.push(action("bring-back", "Bring it back").on_click(move || change(true))),
    }
    let text = el("div", "").child(&el("h3", "kept-name").text(&title)).child(&el("p", "muted").text(&facts));
    el("li", "bundle-line")
        .attr("data-bundle", key.word())
        .child(&text)
        .child(&el("div", "kept-actions").children(actions))
}

fn megabytes(bytes: f64) -> String {
    if bytes < 100_000.0 {
        format!("{:.0} kB", (bytes / 1_000.0).ceil())
    } else {
        format!("{:.1} MB", bytes / 1_000_000.0)
    }
}

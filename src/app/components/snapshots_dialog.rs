//! The layer's snapshots: taking one, looking at how coverage went, comparing, restoring, removing. What a snapshot is and how
//! it is kept is `layer`'s.

use super::{
    annotation::labelled,
    chart::{Chosen, Figure, about_layer, chart, export_button},
    control::icon_action,
    coverage::{compare_with_snapshot, covered_from},
    dialogs::close,
    icon::Icon,
};
use crate::{
    app::{
        browser,
        bundles::BundleKey,
        dom::{El, button, el, value_of},
        layers,
        state::{App, Dialog, Tab},
    },
    export::trend_chart,
    layer::{Asked, Coverage, Edit, Layer, Snapshot},
};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

const WIDTH: u32 = 620;
const TREND: &str = "Coverage over time";

pub fn snapshots_dialog(app: App) -> El {
    let name = RwSignal::new(String::new());
    let fault = RwSignal::new(String::new());
    let field = el("input", "")
        .attr("type", "text")
        .attr("data-field", "snapshot-name")
        .attr("autocomplete", "off")
        .attr("autofocus", "")
        .attr("maxlength", "80")
        .attr("placeholder", "Q3 review")
        .kept(move |element| {
            let element: &HtmlInputElement = element.unchecked_ref();
            let name = name.get();
            if element.value() != name {
                element.set_value(&name);
            }
        })
        .on("input", move |event| name.set(value_of(&event)));
    let take = move || {
        let day = browser::today();
        let words = name.get_untracked();
        let words = if words.trim().is_empty() { day.clone() } else { words };
        match app.with_layer_untracked(|layer| layer.snapshots_with_now(&words, &day)) {
            Ok(snapshots) => {
                app.edit(&Edit::Snapshots(snapshots));
                fault.set(String::new());
                name.set(String::new());
            }
            Err(error) => fault.set(error.to_string()),
        }
    };
    let taking = el("form", "snapshot-take")
        .child(&labelled("Name of a snapshot as the layer is now", &field))
        .child(
            &el("button", "button primary").attr("type", "submit").attr("data-action", "take-snapshot").text("Take it"),
        )
        .on("submit", move |event| {
            event.prevent_default();
            take();
        });
    let list = el("ul", "plain-list snapshot-list").holds(move || {
        let snapshots = app.with_layer(|layer| layer.snapshots.clone());
        if snapshots.is_empty() {
            let words = "None yet. A snapshot keeps what the layer says today, in the layer and in its file.";
            return vec![el("li", "muted").text(words)];
        }
        snapshots.iter().enumerate().map(|(at, snapshot)| line(app, at, snapshot)).collect()
    });
    let trend = el("div", "").holds(move || {
        let layer = app.layer.get();
        if layer.snapshots.is_empty() {
            return Vec::new();
        }
        let nothing: Chosen = Rc::new(|_| {});
        let export = el("div", "coverage-actions").child(&export_button(app, move || Some(figure(app))));
        let drawn = trend_chart(&points(app, &layer), WIDTH, false);
        vec![el("h3", "").text(TREND), chart(&drawn, &nothing), export]
    });
    el("div", "form").children([
        taking,
        el("p", "field-error").attr("role", "alert").says(move || fault.get()),
        trend,
        list,
    ])
}

/// The line as it goes into a report.
fn figure(app: App) -> Figure {
    let layer = app.layer.get();
    let days: Vec<&str> = layer.snapshots.iter().map(Snapshot::day).collect();
    let since = days.iter().min().map(|first| format!("Snapshots since {first}. ")).unwrap_or_default();
    let about = vec![about_layer(app, &layer.name), format!("{since}{}", covered_from(app.threshold(&layer)))];
    Figure { chart: trend_chart(&points(app, &layer), WIDTH, true), title: TREND, about }
}

fn points(app: App, layer: &Layer) -> Vec<(String, Coverage)> {
    let standing = app.standing.get();
    let of = |layer: &Layer| Asked { layer, standing: &standing, threshold: app.threshold(layer) }.whole(None);
    let then = |snapshot: &Snapshot| Some((snapshot.name().to_owned(), of(&snapshot.layer()?)));
    layer.snapshots.iter().filter_map(then).chain([("now".to_owned(), of(layer))]).collect()
}

fn line(app: App, at: usize, snapshot: &Snapshot) -> El {
    let name = snapshot.name().to_owned();
    let layer = snapshot.layer();
    let text =
        el("span", "snapshot-name").child(&el("b", "").text(&name)).child(&el("span", "muted").text(snapshot.day()));
    let action = |action: &str, words: &str, run: Box<dyn Fn(&Layer)>| {
        let button = button("button small")
            .attr("data-action", action)
            .attr("aria-label", &format!("{words}: {name}"))
            .text(words);
        match layer.clone() {
            Some(layer) => button.on_click(move || run(&layer)),
            None => button.attr("disabled", "").attr("title", "What the file has there can't be read"),
        }
    };
    let (opened, restored, compared) = (name.clone(), name.clone(), snapshot.clone());
    let remove = icon_action("icon-button small", &format!("Remove the snapshot {name}"), Icon::Close, move || {
        let mut snapshots = app.with_layer_untracked(|layer| layer.snapshots.clone());
        if at < snapshots.len() {
            snapshots.remove(at);
        }
        app.edit(&Edit::Snapshots(snapshots));
        browser::focus_soon("[data-field='snapshot-name']");
    });
    el("li", "snapshot").attr("data-snapshot", &name).child(&text).children([
        action(
            "compare-snapshot",
            "Compare coverage",
            Box::new(move |_| {
                compare_with_snapshot(app, compared.clone());
                app.dialog.set(Some(Dialog::Coverage));
            }),
        ),
        action("compare-cells", "Compare cells", Box::new(move |_| app.dialog.set(Some(Dialog::Compare(Some(at)))))),
        action(
            "open-snapshot",
            "Open as a layer",
            Box::new(move |layer| {
                let bundle: BundleKey = app.bundle();
                let name = layers::free_name(app, &format!("{} – {opened}", layer.name));
                close(app);
                layers::add(app, Tab::new((Layer { name, ..layer.clone() }, bundle)));
            }),
        ),
        action(
            "restore-snapshot",
            "Restore",
            Box::new(move |layer| {
                close(app);
                if app.refuses_change() {
                    return;
                }
                app.edit(&Edit::Restore(Box::new(layer.clone())));
                app.say(format!("The layer says again what it said in \"{restored}\". Undo takes that back."));
            }),
        ),
        remove,
    ])
}

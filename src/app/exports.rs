//! Layers handed over as files. What is in them is `layer`'s and `export`'s.

use super::{
    bearing::Says,
    browser::{self, Content},
    persistence,
    selection::{Selection, shown},
    state::{App, Dialog, Tab},
};
use crate::{
    attack::Knowledge,
    export,
    layer::{ExpandedSubtechniques, Key, Layer, Placement, Representation, write, write_all, write_only, write_parts},
    matrix::{self, Matrix},
};
use leptos::prelude::*;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// In a split the user chooses whether to export one layer or one for each matrix.
pub fn json(app: App) {
    if app.layer.with_untracked(|layer| layer.display.representation == Representation::Split) {
        app.dialog.set(Some(Dialog::Export));
    } else {
        one_json(app);
    }
}

pub fn one_json(app: App) {
    let layer = app.layer.get_untracked();
    let text = write(&layer, &order(&app.knowledge.get_untracked()));
    hand_over(app, &export::file_name(&layer.name, "json"), &text);
}

pub fn parts_json(app: App) {
    let layer = app.layer.get_untracked();
    let knowledge = app.knowledge.get_untracked();
    let placements: Vec<Placement> =
        order(&knowledge).into_iter().map(|key| Placement { tiers: knowledge.tiers_of(&key.technique), key }).collect();
    let name = export::file_name(&format!("{} by matrix", layer.name), "json");
    hand_over(app, &name, &write_parts(&layer, &placements));
}

/// Only what is said of techniques that stand in the matrices as they are filtered, folded or not; how much else there was
/// is told. (`isVisible` of Navigator 5.1.0 is true of what is folded.)
pub fn visible_json(app: App) {
    let (layer, knowledge) = (app.layer.get_untracked(), app.knowledge.get_untracked());
    let mut unfolded = Layer::clone(&layer);
    unfolded.display.expanded = ExpandedSubtechniques::All;
    let matrices = matrix::lay_out(&knowledge, &unfolded.display, &unfolded.platforms, &Says(&unfolded));
    let shown: FxHashSet<Key> = shown(&matrices, false).into_iter().map(|target| target.key).collect();
    let text = write_only(&layer, &order(&knowledge), |key| shown.contains(key));
    let hidden = layer.annotations.iter().filter(|entry| entry.is_annotated() && !shown.contains(&entry.key)).count();
    let name = export::file_name(&layer.name, "json");
    if let Err(error) = browser::download(&name, "application/json", Content::Text(&text)) {
        return app.complain(error);
    }
    app.say(match hidden {
        0 => format!("Exported \"{name}\": everything that the layer says is shown."),
        1 => format!("Exported \"{name}\" without 1 annotation that is not shown."),
        hidden => format!("Exported \"{name}\" without {hidden} annotations that are not shown."),
    });
}

pub fn all_json(app: App) {
    let tabs = app.tabs.get_untracked();
    let layers: Vec<Arc<Layer>> = tabs.iter().map(|tab| tab.history.present().clone()).collect();
    let order_of = |tab: &Tab| order(&app.bundles.with_untracked(|bundles| bundles.knowledge(&tab.bundle)));
    let layers: Vec<(&Layer, Vec<Key>)> =
        layers.iter().zip(&tabs).map(|(layer, tab)| (layer.as_ref(), order_of(tab))).collect();
    let text = write_all(&layers);
    hand_over(app, &export::file_name(&app.layer.get_untracked().name, "json"), &text);
}

/// A layer as it is stored, whether it is open or not.
pub fn kept_json(app: App, tab: &Tab) {
    let layer = tab.history.present();
    let order = order(&app.bundles.with_untracked(|bundles| bundles.knowledge(&tab.bundle)));
    hand_over(app, &export::file_name(&layer.name, "json"), &write(layer, &order));
}

/// A workbook of the layer as it is laid out on the screen.
pub fn xlsx(app: App) {
    let (layer, knowledge, matrices) =
        (app.layer.get_untracked(), app.knowledge.get_untracked(), app.matrices.get_untracked());
    let laid = export::Laid { layer: &layer, knowledge: &knowledge, matrices: &matrices };
    hand_over_workbook(app, &export::xlsx(&[laid]));
}

/// One workbook of all open layers, each as it would be laid out on its own bundle.
pub fn all_xlsx(app: App) {
    let tabs = app.tabs.get_untracked();
    leptos::task::spawn_local(async move {
        let brought = persistence::bring_bundles(app, &tabs).await;
        hand_over_workbook(app, &workbook(app, &tabs));
        if let Err(error) = brought {
            app.complain(error);
        }
    });
}

fn workbook(app: App, tabs: &[Tab]) -> Vec<u8> {
    let each: Vec<(Arc<Layer>, Arc<Knowledge>, Vec<Matrix>)> = tabs
        .iter()
        .map(|tab| {
            let layer = tab.history.present().clone();
            let knowledge = app.bundles.with_untracked(|bundles| bundles.knowledge(&tab.bundle));
            let matrices = matrix::lay_out(&knowledge, &layer.display, &layer.platforms, &Says(&layer));
            (layer, knowledge, matrices)
        })
        .collect();
    let laid: Vec<export::Laid> =
        each.iter().map(|(layer, knowledge, matrices)| export::Laid { layer, knowledge, matrices }).collect();
    export::xlsx(&laid)
}

pub fn csv(app: App) {
    let layer = app.layer.get_untracked();
    let text = export::csv(&layer, &app.knowledge.get_untracked());
    hand_over_as(app, "csv", "text/csv;charset=utf-8", Content::Text(&text));
}

pub fn markdown(app: App) {
    let layer = app.layer.get_untracked();
    let threshold = untrack(|| app.threshold(&layer));
    let text = export::markdown(&layer, &app.knowledge.get_untracked(), threshold);
    hand_over_as(app, "md", "text/markdown;charset=utf-8", Content::Text(&text));
}

/// A page to read and to print.
pub fn html(app: App) {
    let (layer, knowledge, matrices) =
        (app.layer.get_untracked(), app.knowledge.get_untracked(), app.matrices.get_untracked());
    let laid = export::Laid { layer: &layer, knowledge: &knowledge, matrices: &matrices };
    let text = export::html(&laid, untrack(|| app.threshold(&layer)));
    hand_over_as(app, "html", "text/html;charset=utf-8", Content::Text(&text));
}

/// What is selected goes on the clipboard, as text and as a table with its colours.
pub fn copy_table(app: App) {
    let (layer, knowledge, matrices) =
        (app.layer.get_untracked(), app.knowledge.get_untracked(), app.matrices.get_untracked());
    let laid = export::Laid { layer: &layer, knowledge: &knowledge, matrices: &matrices };
    // With nothing selected, what the focus is on.
    let selection: Selection = app.targets().into_iter().collect();
    let Some(table) = export::copied_table(&laid, |key, tier| selection.covers(key, tier)) else {
        return app.complain("Nothing that is shown is selected.");
    };
    let words = if table.count == 1 { "1 cell".to_owned() } else { format!("{} cells", table.count) };
    leptos::task::spawn_local(async move {
        let parts = [("text/plain", table.text.as_str()), ("text/html", table.html.as_str())];
        match browser::put_parts_on_clipboard(&parts).await {
            Ok(()) => app.say(format!("Copied {words} as a table: paste it into a sheet or a document.")),
            Err(_) => app.complain("This browser put nothing on the clipboard. Export a table (CSV) instead."),
        }
    });
}

fn hand_over_workbook(app: App, bytes: &[u8]) {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    hand_over_as(app, "xlsx", KIND, Content::Bytes(bytes));
}

fn hand_over(app: App, name: &str, text: &str) {
    hand_over_named(app, name, "application/json", Content::Text(text));
}

/// A file named after the layer, with this ending.
pub fn hand_over_as(app: App, extension: &str, kind: &str, content: Content) {
    hand_over_named(app, &export::file_name(&app.layer.get_untracked().name, extension), kind, content);
}

pub fn hand_over_named(app: App, name: &str, kind: &str, content: Content) {
    match browser::download(name, kind, content) {
        Ok(()) => app.say(format!("Exported \"{name}\".")),
        Err(error) => app.complain(error),
    }
}

/// The order in which new annotations are written.
pub fn order(knowledge: &Knowledge) -> Vec<Key> {
    matrix::placements(knowledge).into_iter().map(|(technique, tactic)| Key::new(technique, tactic)).collect()
}

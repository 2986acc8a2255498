//! On paper: each layer's matrix on as many pages as it takes to be read, and a table of what is said. What the browser
//! prints is made when it asks for it (`beforeprint`) and gone when it is done; how it looks is the style's.

use super::{
    browser,
    dom::{El, el},
    persistence,
    present::{self, Slide, stored_look},
    state::{App, Tab, Theme},
};
use crate::{
    attack::{Knowledge, TacticName, Tier},
    export::{Field, annotated_rows},
    layer::{
        Layer, Representation, TierScoring,
        deck::{Light, Shot},
    },
};
use leptos::prelude::*;
use std::{cell::Cell, sync::Arc};

/// A text on paper should be no smaller than this, in pixels (of 96 to an inch): seven points.
const LEAST_TEXT: f64 = 9.3;
/// A matrix goes on no more pages.
const MOST_PAGES: usize = 4;

/// Columns of [`annotated_rows`] that the table has beside technique and tactic, where any row says something there.
const COLUMNS: [(usize, &str); 7] = [
    (6, "Score"),
    (7, "Orchestration"),
    (8, "Container"),
    (10, "Enabled"),
    (11, "Comment"),
    (12, "Metadata"),
    (13, "Links"),
];

thread_local! {
    /// All slides are asked for, and not only the layer that is shown.
    static WHOLE_DECK: Cell<bool> = const { Cell::new(false) };
}

/// Prints the layer that is shown.
pub fn layer() {
    let _ = browser::window().print();
}

/// Prints all slides, each on its own bundle.
pub fn deck(app: App) {
    let slides = present::slides_of(app);
    if slides.is_empty() {
        return app.complain("All open layers are left out of the presentation: prepare it first.");
    }
    leptos::task::spawn_local(async move {
        if let Err(error) = persistence::bring_bundles(app, &slides).await {
            app.complain(error);
        }
        WHOLE_DECK.set(true);
        let _ = browser::window().print();
    });
}

/// Whoever asks the browser to print, by our commands or by its own, gets pages.
pub fn listen(app: App) {
    let before = window_event_listener_untyped("beforeprint", move |_| {
        clear();
        let tabs = if WHOLE_DECK.replace(false) {
            present::slides_of(app)
        } else {
            let active = app.active.get_untracked();
            app.tabs.with_untracked(|tabs| tabs.iter().filter(|tab| tab.id == active).cloned().collect())
        };
        print(app, &tabs);
    });
    let after = window_event_listener_untyped("afterprint", |_| clear());
    // As long as the page lives.
    std::mem::forget((before, after));
}

fn clear() {
    if let Ok(Some(old)) = browser::document().query_selector(".print") {
        old.remove();
    }
}

fn print(app: App, tabs: &[Tab]) {
    let root = el("div", "print").attr("aria-hidden", "true");
    if let Some(body) = browser::document().body() {
        let _ = body.append_child(root.node());
    }
    for (at, tab) in tabs.iter().enumerate() {
        let knowledge = app.bundles.with_untracked(|bundles| bundles.knowledge(&tab.bundle));
        let layer = tab.history.present();
        for representation in representations(layer) {
            matrix(app, &root, at, (layer, &knowledge), representation);
        }
        if let Some(table) = table(layer, &knowledge) {
            let _ = root.node().append_child(table.node());
        }
    }
}

/// Two matrices are each on a page of its own.
fn representations(layer: &Layer) -> Vec<Representation> {
    match layer.display.representation {
        Representation::Split => Tier::ALL.map(Representation::Alone).to_vec(),
        other => vec![other],
    }
}

fn matrix(
    app: App,
    root: &El,
    at: usize,
    (layer, knowledge): (&Arc<Layer>, &Arc<Knowledge>),
    representation: Representation,
) {
    let threshold = untrack(|| app.threshold(layer));
    let scene = |only: Vec<TacticName>, progress: String| present::Scene {
        layer: layer.clone(),
        threshold,
        knowledge: knowledge.clone(),
        shot: Shot { slide: at, step: 0, representation, light: Light::All },
        only,
        folds: false,
        progress,
        theme: Theme::Light,
        look: stored_look().on_paper(),
    };
    let tactics = present::scenery(layer, knowledge).tactics;
    let first = page(root, at, representation, 0);
    first.show(&scene(Vec::new(), String::new()));
    let text_of = |pages: usize| {
        let texts = parts(&tactics, pages).map(|part| first.text_of(&scene(part.to_vec(), String::new())));
        texts.fold(f64::INFINITY, f64::min)
    };
    let most = MOST_PAGES.min(tactics.len().max(1));
    let pages = (1..=most).find(|pages| text_of(*pages) >= LEAST_TEXT).unwrap_or(most);
    for (number, part) in parts(&tactics, pages).enumerate() {
        let words = if pages > 1 { format!("{} of {pages}", number + 1) } else { String::new() };
        let only = if pages > 1 { part.to_vec() } else { Vec::new() };
        if number == 0 {
            first.show(&scene(only, words));
        } else {
            page(root, at, representation, number).show(&scene(only, words));
        }
    }
}

fn page(root: &El, at: usize, representation: Representation, number: usize) -> Slide {
    let slide = Slide::new(&format!("print-{at}-{}-{number}", representation.word()));
    let page = el("section", "print-page").child(&slide.root);
    let _ = root.node().append_child(page.node());
    slide
}

/// Tactics in so many parts of about the same length.
fn parts(tactics: &[TacticName], pages: usize) -> impl Iterator<Item = &[TacticName]> {
    tactics.chunks(tactics.len().div_ceil(pages).max(1))
}

/// What the layer says, as a table that goes on over as many pages as it takes.
fn table(layer: &Layer, knowledge: &Knowledge) -> Option<El> {
    let rows = annotated_rows(layer, knowledge);
    if rows.is_empty() {
        return None;
    }
    let says = |at: usize| match at {
        7 | 8 if layer.tier_scoring == TierScoring::Together => false,
        10 => rows.iter().any(|row| words(&row[at]) == "no"),
        _ => rows.iter().any(|row| row[at] != Field::Empty),
    };
    let columns: Vec<(usize, &str)> = COLUMNS.into_iter().filter(|(at, _)| says(*at)).collect();
    let head = ["Technique", "Tactic"].into_iter().chain(columns.iter().map(|(_, title)| *title));
    let head = el("tr", "").children(head.map(|title| el("th", "").attr("scope", "col").text(title)));
    let row = |row: &[Field; 16]| {
        let technique = el("td", "print-technique").child(&el("b", "").text(&words(&row[0])));
        let technique = technique.text(&format!(" {}", words(&row[1])));
        let rest = columns
            .iter()
            .map(|(at, title)| el("td", &format!("print-{}", title.to_ascii_lowercase())).text(&words(&row[*at])));
        el("tr", "").child(&technique).child(&el("td", "print-tactic").text(&words(&row[3]))).children(rest)
    };
    let caption = el("caption", "").text(&format!("{}: what is said of techniques", layer.name));
    let body = el("tbody", "").children(rows.iter().map(row));
    Some(el("table", "print-table").child(&caption).child(&el("thead", "").child(&head)).child(&body))
}

fn words(field: &Field) -> String {
    match field {
        Field::Empty => String::new(),
        Field::Text(text) => text.clone(),
        Field::Number(number) => number.to_string(),
    }
}

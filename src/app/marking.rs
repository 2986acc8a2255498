//! What is marked in cells from outside of the painter, once the rest of the program is there: how many of a technique's
//! sub-techniques are annotated, and the same technique in its other tactics while the pointer is on it.

use super::{browser, dom::watch, state::App};
use crate::{
    attack::{TacticName, TechniqueId},
    layer::{Entry, Key},
};
use leptos::prelude::*;
use rustc_hash::FxHashMap;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, Event};

pub fn keep_marked(app: App) {
    let due = Rc::new(Cell::new(false));
    watch(move || {
        app.built.track();
        app.layer.track();
        app.standing.track();
        // What was edited is shown before it is counted, and several edits are counted once.
        if !due.replace(true) {
            let due = due.clone();
            browser::after_showing(move || {
                due.set(false);
                mark_counts(&untrack(|| annotated_subtechniques(app)));
            });
        }
    });
    follow_pointer(app);
}

/// In each kind of matrix, how many annotated sub-techniques a technique has in a tactic.
fn annotated_subtechniques(app: App) -> [FxHashMap<Key, usize>; 3] {
    let (layer, standing) = (app.layer.get(), app.standing.get());
    std::array::from_fn(|kind| {
        let mut counts: FxHashMap<Key, usize> = FxHashMap::default();
        for key in &standing[kind] {
            let annotated = layer.annotations.about(key).is_some_and(Entry::is_annotated);
            let parent = key.technique.parent().filter(|_| annotated);
            if let Some(technique) = parent {
                *counts.entry(Key { technique, tactic: key.tactic.clone() }).or_default() += 1;
            }
        }
        counts
    })
}

fn mark_counts(counts: &[FxHashMap<Key, usize>; 3]) {
    for toggle in browser::all(".cell-toggle") {
        let Some((cell, key)) = cell_of(&toggle) else { continue };
        let matrix = cell.closest("[data-matrix]").ok().flatten().and_then(|it| it.get_attribute("data-matrix"));
        let kind = match matrix.as_deref() {
            Some("orchestration") => 1,
            Some("container") => 2,
            _ => 0,
        };
        let annotated = counts[kind].get(&key).map(ToString::to_string);
        if toggle.get_attribute("data-annotated") == annotated {
            continue;
        }
        let title = toggle.get_attribute("title").unwrap_or_default();
        let title = title.split(',').next().unwrap_or_default().to_owned();
        let _ = match annotated {
            Some(count) => {
                let _ = toggle.set_attribute("title", &format!("{title}, {count} of them annotated"));
                toggle.set_attribute("data-annotated", &count)
            }
            None => {
                let _ = toggle.set_attribute("title", &title);
                toggle.remove_attribute("data-annotated")
            }
        };
    }
}

/// As the rule of selecting says: where a click takes a technique in all of its tactics, these light up together (`CELL` 28
/// of Navigator 5.1.0).
fn follow_pointer(app: App) {
    let over = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let cell = target.as_ref().and_then(|target| target.closest(".cell").ok().flatten());
        for lit in browser::all(".cell[data-kin]") {
            let _ = lit.remove_attribute("data-kin");
        }
        let across = app.layer.with_untracked(|layer| layer.display.select_across_tactics);
        let Some(cell) = cell.filter(|_| across) else { return };
        let Some((_, key)) = cell_of(&cell) else { return };
        for kin in browser::all(&format!(".cell[data-technique='{}']", key.technique)) {
            if kin != cell {
                let _ = kin.set_attribute("data-kin", "");
            }
        }
    });
    if let Some(stage) = browser::document().query_selector("[data-region='stage']").ok().flatten() {
        for event in ["pointerover", "pointerleave"] {
            let _ = stage.add_event_listener_with_callback(event, over.as_ref().unchecked_ref());
        }
    }
    over.forget(); // the stage lives as long as the page
}

fn cell_of(inside: &Element) -> Option<(Element, Key)> {
    let cell = inside.closest(".cell").ok().flatten()?;
    let technique = TechniqueId::parse(&cell.get_attribute("data-technique")?).ok()?;
    let tactic = TacticName::parse(&cell.get_attribute("data-tactic")?).ok()?;
    Some((cell, Key::new(technique, tactic)))
}

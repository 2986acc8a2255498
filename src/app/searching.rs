//! The search over what is shown: its index, which is made when it is first needed and takes descriptions in while nothing
//! else is to do; and what is done with what was found: it is shown, and its techniques are selected. What fits a query is
//! `attack`'s.

use super::{
    browser,
    bundles::BundleKey,
    dom::watch,
    run,
    select::{self, How},
    state::{App, Inspected},
};
use crate::{
    attack::{Index, Kind, Knowledge, Subject, TechniqueId},
    matrix,
};
use leptos::prelude::*;
use std::{cell::RefCell, sync::Arc};

/// How long descriptions are taken in before the page may do something else, in milliseconds.
const SLICE: f64 = 6.0;

/// How many descriptions are taken in before the clock is looked at.
const AT_ONCE: usize = 2;

struct Made {
    of: Arc<Knowledge>,
    index: Index,
    /// Of whoever asked last.
    ready: RwSignal<u32>,
}

thread_local! {
    static MADE: RefCell<Option<Made>> = const { RefCell::new(None) };
}

/// Asks the index of what is shown. `ready` goes up when it knows more than before.
pub fn with_index<T>(app: App, ready: RwSignal<u32>, ask: impl FnOnce(&Index) -> T) -> T {
    let knowledge = app.knowledge.get_untracked();
    let is_there = MADE.with_borrow_mut(|made| {
        let made = made.as_mut().filter(|made| Arc::ptr_eq(&made.of, &knowledge));
        made.map(|made| made.ready = ready).is_some()
    });
    if !is_there {
        let index = Index::new(&knowledge);
        MADE.set(Some(Made { of: knowledge.clone(), index, ready }));
        leptos::task::spawn_local(describe(app, knowledge));
    }
    MADE.with_borrow(|made| match made {
        Some(made) => ask(&made.index),
        None => ask(&Index::default()),
    })
}

async fn describe(app: App, knowledge: Arc<Knowledge>) {
    let ours = app.bundles.with_untracked(|bundles| bundles.knowledge(&BundleKey::DEFAULT));
    let ours = (!Arc::ptr_eq(&ours, &knowledge)).then_some(ours);
    loop {
        browser::wait(0).await;
        let until = browser::now() + SLICE;
        let more = MADE.with_borrow_mut(|made| {
            // Another bundle is shown meanwhile: its own is on the way.
            let made = made.as_mut().filter(|made| Arc::ptr_eq(&made.of, &knowledge))?;
            loop {
                let more = made.index.describe(&knowledge, ours.as_deref(), AT_ONCE);
                if !more || browser::now() > until {
                    return Some((more, made.ready));
                }
            }
        });
        match more {
            Some((true, _)) => {}
            Some((false, ready)) => {
                // The one who asked may be gone.
                let _ = ready.try_update(|ready| *ready += 1);
                return;
            }
            None => return,
        }
    }
}

/// The techniques that a subject touches.
pub fn touched(app: App, subject: &Subject) -> Vec<TechniqueId> {
    app.knowledge.with_untracked(|knowledge| knowledge.touched(subject).into_iter().map(|it| it.id.clone()).collect())
}

/// Shows it: a technique in the matrix; anything else in the inspector, and what it touches in the matrix.
pub fn show(app: App, subject: &Subject) {
    if subject.kind == Kind::Technique {
        if let Ok(id) = TechniqueId::parse(&subject.key) {
            run::reveal(app, &id);
        }
        return;
    }
    // Where another panel stands, the inspector can't.
    app.colors.set(false);
    app.coverage.set(false);
    app.inspector.set(true);
    app.inspect(subject.clone());
    browser::focus_soon(".subject h2");
}

/// Selects techniques, adds them to what is selected, or takes them from it; what is inspected stays inspected.
pub fn select(app: App, ids: &[TechniqueId], how: How) {
    let inspected = app.inspected.get_untracked().map(|inspected| inspected.subject);
    let was_shown = app.inspected_now().is_some();
    select::techniques(app, ids, how);
    if how == How::Only {
        let first =
            app.matrices.with_untracked(|matrices| ids.iter().find_map(|id| matrix::find(matrices, None, id, None)));
        if let Some(focus) = first.and_then(|position| app.focus_at(position)) {
            app.focus.set(Some(focus.clone()));
            app.anchor.set(Some(focus));
        } else if !ids.is_empty() && app.selection.with_untracked(|selection| selection.is_empty()) {
            app.complain("None of these techniques stands in the matrices that are shown.");
        }
    }
    if let Some(subject) = inspected.filter(|_| was_shown) {
        app.inspect(subject);
    }
}

/// How many of these techniques are selected.
pub fn selected_of(app: App, ids: &[TechniqueId]) -> usize {
    app.selection.with(|selection| {
        let selected = selection.techniques();
        ids.iter().filter(|id| selected.contains(id)).count()
    })
}

/// Marks the cells of what the inspected subject touches, as long as it is inspected.
pub fn keep_marked(app: App) {
    watch(move || {
        app.matrices.track();
        let touched: Vec<TechniqueId> = match app.inspected_now() {
            Some(Inspected { subject, .. }) => app
                .knowledge
                .with(|knowledge| knowledge.touched(&subject).into_iter().map(|it| it.id.clone()).collect()),
            None => Vec::new(),
        };
        // After the cells have been painted.
        request_animation_frame(move || mark(&touched));
    });
}

fn mark(touched: &[TechniqueId]) {
    for cell in browser::all(".cell[data-touched]") {
        let _ = cell.remove_attribute("data-touched");
    }
    for id in touched {
        for cell in browser::all(&format!(".cell[data-technique='{id}']")) {
            let _ = cell.set_attribute("data-touched", "");
        }
    }
}

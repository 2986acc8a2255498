//! Edits of slides, which are edits of their layers, whichever of them is shown. What was done one after the other is
//! remembered here for as long as it is prepared, since each layer has a history of its own.

use super::slides_of;
use crate::{
    app::{
        browser,
        state::{App, TabId},
    },
    layer::{Edit, SLIDE_EDIT, deck},
};
use leptos::prelude::*;

/// The layers that each step changed, the last one last.
pub type Undos = RwSignal<Vec<Vec<TabId>>>;

/// Changes a slide. Changes with the same `join` one after the other are one step: typing.
pub fn edit_slide(app: App, undos: Undos, id: &TabId, join: Option<&str>, change: impl FnOnce(&mut deck::Slide)) {
    if record(app, id, join, change) {
        undos.update(|undos| undos.push(vec![id.clone()]));
    }
}

/// Gives the slides places in this order; as one step.
pub fn arrange(app: App, undos: Undos, order: &[TabId]) {
    let mut changed = Vec::new();
    for (place, id) in (1_u16..).zip(order) {
        if record(app, id, None, |slide| slide.place = Some(place)) {
            changed.push(id.clone());
        }
    }
    if !changed.is_empty() {
        undos.update(|undos| undos.push(changed));
    }
}

/// Takes the last step back.
pub fn undo(app: App, undos: Undos) {
    let Some(ids) = undos.try_update(Vec::pop).flatten() else { return };
    app.tabs.update(|tabs| {
        for tab in tabs.iter_mut().filter(|tab| ids.contains(&tab.id)) {
            // Unless something else was done to the layer since.
            if tab.history.undo_title() == Some(SLIDE_EDIT) {
                tab.history.undo();
            }
        }
    });
}

/// Whether it is a step of its own.
fn record(app: App, id: &TabId, join: Option<&str>, change: impl FnOnce(&mut deck::Slide)) -> bool {
    if app.guests.with_untracked(|guests| guests.contains(id)) {
        app.complain("This layer came by a link and is only read: edit a copy.");
        return false;
    }
    let now = browser::now();
    let mut is_step = false;
    app.tabs.update(|tabs| {
        let Some(tab) = tabs.iter_mut().find(|tab| tab.id == *id) else { return };
        let mut slide = tab.history.present().slide.clone();
        change(&mut slide);
        let edit = Edit::Slide(slide);
        if let Some(next) = edit.apply(tab.history.present()) {
            let before = tab.history.at();
            tab.history.record(next, edit.title(), join.map(|join| format!("slide {join}")), now);
            is_step = tab.history.at() != before;
        }
    });
    is_step
}

/// The open layers: slides in their order, then those that are left out.
pub fn all_in_order(app: App) -> Vec<TabId> {
    app.tabs.track();
    let mut ids: Vec<TabId> = slides_of(app).into_iter().map(|tab| tab.id).collect();
    app.tabs.with_untracked(|tabs| {
        let rest = tabs.iter().map(|tab| tab.id.clone()).filter(|id| !ids.contains(id));
        let rest: Vec<TabId> = rest.collect();
        ids.extend(rest);
    });
    ids
}

//! Showing only some techniques, by disabling the rest and hiding what is disabled: one step each, that one undo takes
//! back. A layer format of its own for it would be lost on every other tool; disabled techniques are not.

use super::{
    choice::{self, is_annotated, placed, rest},
    exports,
    state::App,
};
use crate::layer::{Display, Edit, Key, Target};
use leptos::prelude::*;

pub fn annotated(app: App) {
    let layer = app.layer.get_untracked();
    let none = "Nothing is annotated yet: there would be nothing to show.";
    of(app, "show only annotated", none, |target| is_annotated(&layer, target));
}

/// Only what a rule takes of the techniques that stand in the matrices.
pub fn of(app: App, title: &'static str, none: &str, takes: impl Fn(&Target) -> bool) {
    let (kept, rest): (Vec<Target>, Vec<Target>) = standing(app).into_iter().partition(takes);
    if kept.is_empty() {
        app.complain(none);
        return;
    }
    hide(app, title, &kept, rest);
}

pub fn selected(app: App) {
    let (kept, rest) = by_selection(app);
    hide(app, "show only selected", &kept, rest);
}

pub fn all_but_selected(app: App) {
    let (selected, rest) = by_selection(app);
    hide(app, "hide selected", &rest, selected);
}

/// Disabled techniques that are hidden would leave an empty page: they are shown.
pub fn disable_all(app: App) {
    if app.refuses_change() {
        return;
    }
    let all = everything(app);
    app.edit(&Edit::Steps("disable all", vec![Edit::Enabled(all.clone(), false), hiding(app, false)]));
    let count = choice::techniques(&all);
    app.say(format!("All {count} techniques are disabled. Select some and choose \"Enable only what is selected\"."));
}

pub fn enable_selected(app: App) {
    if app.refuses_change() {
        return;
    }
    let selected = app.targets();
    let selection = selected.iter().cloned().collect();
    let rest = rest(everything(app), &selection);
    let (on, off) = (choice::techniques(&selected), choice::techniques(&rest));
    app.edit(&Edit::Steps("enable only selected", vec![Edit::Enabled(rest, false), Edit::Enabled(selected, true)]));
    app.say(format!("{} enabled, the other {off} disabled. Undo takes it back.", counted(on)));
}

/// What an annotation command would be about, and everything else that stands in the matrices.
fn by_selection(app: App) -> (Vec<Target>, Vec<Target>) {
    let selected = app.targets();
    let selection = selected.iter().cloned().collect();
    (selected, rest(standing(app), &selection))
}

fn hide(app: App, title: &'static str, kept: &[Target], hidden: Vec<Target>) {
    if app.refuses_change() {
        return;
    }
    let layer = app.layer.get_untracked();
    let enabled = kept.iter().filter(|target| layer.mark(&target.key, target.tier).enabled);
    let (kept, gone) = (choice::techniques(enabled), choice::techniques(&hidden));
    app.selection.update(|selection| selection.remove(hidden.clone()));
    app.edit(&Edit::Steps(title, vec![Edit::Enabled(hidden, false), hiding(app, true)]));
    app.refocus();
    app.say(format!("{} shown; the other {gone} are disabled and hidden. Undo shows them again.", counted(kept)));
}

fn counted(techniques: usize) -> String {
    if techniques == 1 { "1 technique is".to_owned() } else { format!("{techniques} techniques are") }
}

fn hiding(app: App, hide_disabled: bool) -> Edit {
    let display = app.layer.with_untracked(|layer| layer.display.clone());
    Edit::Display(Box::new(Display { hide_disabled, ..display }))
}

/// What stands in the matrices, folded or not.
fn standing(app: App) -> Vec<Target> {
    targets(app, &app.standing.get_untracked()[0])
}

/// What the bundle has, on any platform.
fn everything(app: App) -> Vec<Target> {
    targets(app, &exports::order(&app.knowledge.get_untracked()))
}

fn targets(app: App, keys: &[Key]) -> Vec<Target> {
    placed(keys, &app.knowledge.get_untracked(), app.apart())
}

//! What the selecting commands do, and what they tell. What a rule chooses is `choice`'s; what a click reaches is
//! `selection`'s.

use super::{
    choice::{self, ScoreRange, color_of, is_annotated},
    selection::{Selection, at, shown},
    state::App,
};
use crate::{
    attack::{TacticName, TechniqueId},
    layer::{Layer, Target},
};
use leptos::prelude::*;

/// What happens to what is selected already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Only,
    Add,
    Remove,
}

pub fn all(app: App) {
    take_shown(app, How::Only, |_, _| true);
}

pub fn invert(app: App) {
    let selected = app.selection.get_untracked();
    take_shown(app, How::Only, move |_, target| !selected.covers(&target.key, target.tier));
}

/// With several selected they are what is looked at, as in the official Navigator (VM 476 to 520 of 5.1.0); with one,
/// which is only where the last click was, everything is.
pub fn annotated(app: App, wanted: bool) {
    let word = if wanted { "are annotated" } else { "have no annotation" };
    let selected = app.selection.get_untracked();
    if selected.techniques().len() < 2 {
        take_shown(app, How::Only, move |layer, target| is_annotated(layer, target) == wanted);
        return;
    }
    let before = selected.techniques().len();
    let layer = app.layer.get_untracked();
    let kept: Vec<Target> =
        selected.targets().filter(|target| is_annotated(&layer, target) == wanted).cloned().collect();
    app.say(format!(
        "{} of the {before} selected techniques {word}: the others are no longer selected.",
        choice::techniques(&kept)
    ));
    set(app, How::Only, kept);
}

pub fn by_color(app: App) {
    let Some(focus) = app.focused().and_then(|position| app.reach(&[position]).into_iter().next()) else { return };
    let Some(color) = color_of(&app.layer.get_untracked(), &focus) else {
        app.complain(format!("{} has no colour to look for.", focus.key.technique));
        return;
    };
    take_shown(app, How::Only, move |layer, target| color_of(layer, target) == Some(color));
}

pub fn by_score(app: App, range: ScoreRange, how: How) {
    take_shown(app, how, move |layer, target| range.chooses(layer, target));
}

/// Everything that stands in the matrices shown, and how much of it can't be seen.
pub fn with_hidden(app: App) {
    let all = everything(app);
    tell(app, &all);
    set(app, How::Only, all);
}

/// Techniques that were named are taken in all of their tactics, hidden or not.
pub fn techniques(app: App, ids: &[TechniqueId], how: How) {
    let named = choice::of_techniques(everything(app), ids);
    tell(app, &named);
    set(app, how, named);
}

/// Everything that stands in the matrices shown, folded or hidden though it may be.
pub fn everything(app: App) -> Vec<Target> {
    let layer = app.layer.get_untracked();
    let knowledge = app.knowledge.get_untracked();
    app.matrices.with_untracked(|matrices| choice::everything(&knowledge, &layer.display, matrices, app.apart()))
}

pub fn focused(app: App, how: How) {
    if let Some(position) = app.focused() {
        set(app, how, app.reach(&[position]));
    }
}

pub fn focused_tactic(app: App, how: How) {
    let matrices = app.matrices.get_untracked();
    if let Some((_, name, _)) = app.focused().and_then(|position| at(&matrices, position)) {
        tactic(app, name, how);
    }
}

pub fn tactic(app: App, name: &TacticName, how: How) {
    set(app, how, of_tactic(app, name));
}

/// As a click on its header does it: all of them, or, where all are selected, none.
pub fn toggle_tactic(app: App, name: &TacticName) {
    let targets = of_tactic(app, name);
    let all = app.selection.with_untracked(|it| targets.iter().all(|target| it.covers(&target.key, target.tier)));
    set(app, if all { How::Remove } else { How::Add }, targets);
}

fn of_tactic(app: App, name: &TacticName) -> Vec<Target> {
    app.reach(&app.matrices.with_untracked(|matrices| choice::tops(matrices, name)))
}

/// Takes what is shown, and tells how much more there is that isn't.
fn take_shown(app: App, how: How, wanted: impl Fn(&Layer, &Target) -> bool) {
    take_shown_boxed(app, how, &wanted);
}

fn take_shown_boxed(app: App, how: How, wanted: &dyn Fn(&Layer, &Target) -> bool) {
    let layer = app.layer.get_untracked();
    let matches =
        |targets: Vec<Target>| -> Vec<Target> { targets.into_iter().filter(|target| wanted(&layer, target)).collect() };
    let found = matches(app.matrices.with_untracked(|matrices| shown(matrices, app.apart())));
    let all = matches(everything(app));
    let hidden = app.matrices.with_untracked(|matrices| choice::hidden(&all, matrices));
    if hidden > 0 {
        let count = choice::techniques(&found);
        app.say(format!(
            "{count} shown selected; {hidden} hidden left out (\"Select all techniques, hidden ones too\")."
        ));
    }
    set(app, how, found);
}

fn tell(app: App, targets: &[Target]) {
    let hidden = app.matrices.with_untracked(|matrices| choice::hidden(targets, matrices));
    let count = choice::techniques(targets);
    if hidden > 0 {
        app.say(format!("{count} techniques selected, of which {hidden} are hidden."));
    }
}

fn set(app: App, how: How, targets: Vec<Target>) {
    app.selection.update(|selection| match how {
        How::Only => *selection = targets.into_iter().collect::<Selection>(),
        How::Add => selection.add(targets),
        How::Remove => selection.remove(targets),
    });
}

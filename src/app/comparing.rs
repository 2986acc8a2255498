//! Comparing and merging open layers, and versions of one. What differs and what becomes of it is `layer`'s.

use super::{
    bundles::BundleKey,
    layers,
    state::{App, Tab, TabId},
};
use crate::layer::{Edit, GivenWay, Layer, Merged, Picks, Setting, Side, Snapshot, merge};
use leptos::prelude::*;
use std::sync::Arc;

/// A layer that is compared: an open one, or one as it was.
#[derive(Clone)]
pub struct Version {
    pub words: String,
    pub layer: Arc<Layer>,
    pub bundle: BundleKey,
    /// Which open layer it is, where it is that as it is now.
    pub tab: Option<TabId>,
}

/// What can be chosen to be compared. A snapshot is read once it is chosen.
pub struct Offered {
    pub words: String,
    bundle: BundleKey,
    source: Source,
}

enum Source {
    Now(TabId, Arc<Layer>),
    Then(Arc<Layer>),
    Snapshot(Snapshot),
}

impl Offered {
    /// `None` where what a file has as a snapshot is no layer.
    pub fn version(&self) -> Option<Version> {
        let (layer, tab) = match &self.source {
            Source::Now(tab, layer) => (layer.clone(), Some(tab.clone())),
            Source::Then(layer) => (layer.clone(), None),
            Source::Snapshot(snapshot) => (Arc::new(snapshot.layer()?), None),
        };
        Some(Version { words: self.words.clone(), layer, bundle: self.bundle.clone(), tab })
    }
}

/// The active layer first, then the others as they are, then snapshots, then what is known of how they were.
pub fn offered(app: App) -> Vec<Offered> {
    let active = app.active.get_untracked();
    let tabs = app.tabs.get_untracked();
    let (own, others): (Vec<&Tab>, Vec<&Tab>) = tabs.iter().partition(|tab| tab.id == active);
    let ordered: Vec<&Tab> = own.into_iter().chain(others).collect();
    let offer = |tab: &Tab, more: &str, source: Source| Offered {
        words: format!("{}{more}", tab.history.present().name),
        bundle: tab.bundle.clone(),
        source,
    };
    let now = ordered.iter().map(|tab| offer(tab, "", Source::Now(tab.id.clone(), tab.history.present().clone())));
    let snapshots = ordered.iter().flat_map(|tab| {
        tab.history.present().snapshots.iter().map(|snapshot| {
            let more = format!(", snapshot {} ({})", snapshot.name(), snapshot.day());
            offer(tab, &more, Source::Snapshot(snapshot.clone()))
        })
    });
    let before = ordered.iter().filter_map(|tab| {
        let passages = tab.history.passages();
        let first = passages.first()?;
        let more = match passages.len() {
            1 => ", a step ago".to_owned(),
            steps => format!(", {steps} steps ago"),
        };
        Some(offer(tab, &more, Source::Then(Arc::new(first.before.clone()))))
    });
    now.chain(snapshots).chain(before).collect()
}

/// Where a snapshot of the active layer stands among them.
pub fn place_of_snapshot(offered: &[Offered], at: usize) -> Option<usize> {
    let is_snapshot = |it: &Offered| matches!(it.source, Source::Snapshot(_));
    let place = offered.iter().position(is_snapshot)? + at;
    offered.get(place).is_some_and(is_snapshot).then_some(place)
}

/// What is compared: the first, the second, and what both came from.
#[derive(Clone)]
pub struct Compared {
    pub mine: Version,
    pub theirs: Version,
    pub base: Option<Version>,
}

impl Compared {
    pub fn base(&self) -> Option<&Layer> {
        self.base.as_ref().map(|base| base.layer.as_ref())
    }

    pub fn merged(&self, picks: &Picks) -> Merged {
        merge(self.base(), &self.mine.layer, &self.theirs.layer, picks)
    }

    /// Opens the merged layer, and lists what gave way.
    pub fn merge(&self, app: App, picks: &Picks) {
        let merged = self.merged(picks);
        let name = layers::free_name(app, &format!("{} merged", merged.layer.name));
        let layer = Layer { name, ..merged.layer.clone() };
        layers::add(app, Tab::new((layer, self.mine.bundle.clone())));
        match merged.gave_way() {
            0 => app.say("Merged: everything that either layer says is in the new one."),
            _ => self.tell(app, "Merged into a new layer", &merged),
        }
    }

    /// Gives the first layer, which is open, what was picked, in one step; and lists what gave way.
    pub fn take_over(&self, app: App, picks: &Picks) {
        let Some(tab) = &self.mine.tab else { return };
        if app.active.get_untracked() != *tab {
            layers::activate(app, tab.clone());
        }
        if app.refuses_change() {
            return;
        }
        let mut merged = self.merged(picks);
        // An edit leaves what the file had in it that nobody knows.
        if picks.settings.get(&Setting::Kept) == Some(&Side::Theirs) {
            merged.settings_given_way.push((Setting::Kept, Side::Theirs));
        }
        let edit = Edit::TakeOver(Box::new(merged.layer.clone()));
        if edit.apply(&self.mine.layer).is_none() {
            return app.say("Nothing was picked of the second layer: the first stays as it is.");
        }
        app.edit(&edit);
        let done = format!("Taken over from \"{}\"; undo takes that back", self.theirs.words);
        self.tell(app, &done, &merged);
    }

    fn tell(&self, app: App, done: &str, merged: &Merged) {
        let mut details: Vec<String> = merged.given_way.iter().map(|it| self.words(it)).collect();
        let setting = |(it, side): &(Setting, Side)| format!("{} of \"{}\"", it.title(), self.side(*side).words);
        details.extend(merged.settings_given_way.iter().map(setting));
        if merged.snapshots_left_out > 0 {
            details.push(format!("Snapshots of \"{}\" without room: {}", self.theirs.words, merged.snapshots_left_out));
        }
        app.say_with(
            match merged.gave_way() {
                0 => format!("{done}."),
                1 => format!("{done}; 1 value gave way."),
                count => format!("{done}; {count} values gave way."),
            },
            details,
        );
    }

    fn side(&self, side: Side) -> &Version {
        match side {
            Side::Mine => &self.mine,
            Side::Theirs => &self.theirs,
        }
    }

    fn words(&self, gone: &GivenWay) -> String {
        let side = self.side(gone.side);
        let tactic = gone.key.tactic.as_ref().map(|tactic| format!(" in {}", tactic.as_str())).unwrap_or_default();
        format!("{}{tactic}, {} of \"{}\": {}", gone.key.technique, gone.field.title(), side.words, gone.words)
    }
}

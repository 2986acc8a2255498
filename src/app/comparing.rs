//! Comparing and merging open layers, and versions of one. What differs and what becomes of it is `layer`'s.

use super::{
    bundles::BundleKey,
    layers,
    state::{App, Tab},
};
use crate::layer::{GivenWay, Layer, Merged, Picks, Side, merge};
use leptos::prelude::*;
use std::sync::Arc;

/// A layer that can be compared: an open one, or one as it was.
#[derive(Clone)]
pub struct Version {
    pub words: String,
    pub layer: Arc<Layer>,
    pub bundle: BundleKey,
}

/// The active layer first, then the others as they are, then what is known of how they were.
pub fn versions(app: App) -> Vec<Version> {
    let active = app.active.get_untracked();
    let tabs = app.tabs.get_untracked();
    let (own, others): (Vec<&Tab>, Vec<&Tab>) = tabs.iter().partition(|tab| tab.id == active);
    let ordered: Vec<&Tab> = own.into_iter().chain(others).collect();
    let now = ordered.iter().map(|tab| Version {
        words: tab.history.present().name.clone(),
        layer: tab.history.present().clone(),
        bundle: tab.bundle.clone(),
    });
    let before = ordered.iter().filter_map(|tab| {
        let passages = tab.history.passages();
        let first = passages.first()?;
        Some(Version {
            words: format!("{}, {} steps ago", tab.history.present().name, passages.len()),
            layer: Arc::new(first.before.clone()),
            bundle: tab.bundle.clone(),
        })
    });
    now.chain(before).collect()
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
        let Merged { layer, given_way, .. } = self.merged(picks);
        let layer = Layer { name: layers::free_name(app, &format!("{} merged", layer.name)), ..layer };
        layers::add(app, Tab::new((layer, self.mine.bundle.clone())));
        let details: Vec<String> = given_way.iter().map(|it| self.words(it)).collect();
        app.say_with(
            match details.len() {
                0 => "Merged: everything that either layer says is in the new one.".to_owned(),
                1 => "Merged into a new layer; 1 value gave way.".to_owned(),
                count => format!("Merged into a new layer; {count} values gave way."),
            },
            details,
        );
    }

    fn words(&self, gone: &GivenWay) -> String {
        let side = match gone.side {
            Side::Mine => &self.mine,
            Side::Theirs => &self.theirs,
        };
        let tactic = gone.key.tactic.as_ref().map(|tactic| format!(" in {}", tactic.as_str())).unwrap_or_default();
        format!("{}{tactic}, {} of \"{}\": {}", gone.key.technique, gone.field.title(), side.words, gone.words)
    }
}

//! From one catalogue to the other: to a technique's counterpart, and with a whole layer. What is whose counterpart, and
//! what becomes of a layer on the way, are rules of `attack` and `layer`.

use super::{
    bundles::BundleKey,
    choice::counted,
    evidence::whole_bundle,
    layers, run,
    state::{App, Dialog, Tab},
};
use crate::{
    attack::{Crosswalk, Knowledge, TechniqueId},
    layer::{Carried, Combine, Layer, Left, Why, carry_over},
};
use leptos::prelude::*;
use std::sync::Arc;

/// Both catalogues, the one that is shown first, and how their techniques correspond.
#[derive(Clone)]
pub struct Crossing {
    pub here: (BundleKey, Arc<Knowledge>),
    pub there: (BundleKey, Arc<Knowledge>),
    pub crosswalk: Arc<Crosswalk>,
}

impl Crossing {
    /// From the bundle that is shown to another.
    ///
    /// # Errors
    /// A sentence for the user, where a bundle can't be had.
    pub async fn to(app: App, there: BundleKey) -> Result<Self, String> {
        let here = app.bundle();
        let (own, other) = (whole_bundle(app, &here).await?, whole_bundle(app, &there).await?);
        let crosswalk = Arc::new(Crosswalk::between(&own, &other));
        Ok(Self { here: (here, own), there: (there, other), crosswalk })
    }
}

/// The bundles of the other catalogue, the likeliest first: one that an open layer is on, then our own, then what the
/// user opened.
pub fn others(app: App) -> Vec<BundleKey> {
    let is_microsofts = |key: &BundleKey| {
        let of_opened =
            || app.bundles.with_untracked(|bundles| bundles.has(key) && bundles.knowledge(key).is_microsofts());
        *key == BundleKey::Microsoft || of_opened()
    };
    let here = is_microsofts(&app.bundle());
    let open: Vec<BundleKey> =
        app.tabs.with_untracked(|tabs| tabs.iter().rev().map(|tab| tab.bundle.clone()).collect());
    let opened: Vec<BundleKey> = app.bundles.with_untracked(|bundles| bundles.opened().into_iter().cloned().collect());
    let own = [BundleKey::Attack19, BundleKey::Attack18, BundleKey::Microsoft];
    let mut others: Vec<BundleKey> = Vec::new();
    for key in open.into_iter().chain(own).chain(opened) {
        if is_microsofts(&key) != here && !others.contains(&key) {
            others.push(key);
        }
    }
    others
}

/// Where the commands lead.
pub fn other(app: App) -> BundleKey {
    others(app).into_iter().next().unwrap_or(BundleKey::DEFAULT)
}

/// To the counterpart of the focused technique; where there are several, or none, a dialog says so.
pub fn to_counterpart(app: App) {
    let Some(focus) = app.focus.get_untracked() else { return };
    leptos::task::spawn_local(async move {
        match Crossing::to(app, other(app)).await {
            Ok(crossing) => match crossing.crosswalk.forth(&focus.technique) {
                [one] => go(app, &crossing.there.0, one),
                _ => app.dialog.set(Some(Dialog::Counterparts(focus.technique))),
            },
            Err(error) => app.complain(error),
        }
    });
}

/// To a counterpart that a bundle names, if the other catalogue's bundle has it.
pub fn follow(app: App, id: &str) {
    let Ok(id) = TechniqueId::parse(id) else { return };
    leptos::task::spawn_local(async move {
        let key = other(app);
        match whole_bundle(app, &key).await {
            Ok(knowledge) if knowledge.technique(&id).is_some() => go(app, &key, &id),
            Ok(knowledge) => app.complain(format!("{id} is not in {}.", knowledge.release.words())),
            Err(error) => app.complain(error),
        }
    });
}

/// Shows a technique of another bundle: in a layer that is open on it, or else in a new one.
pub fn go_to(app: App, key: BundleKey, id: TechniqueId) {
    leptos::task::spawn_local(async move {
        match whole_bundle(app, &key).await {
            Ok(_) => go(app, &key, &id),
            Err(error) => app.complain(error),
        }
    });
}

/// The same where the bundle is there.
pub fn go(app: App, key: &BundleKey, id: &TechniqueId) {
    if app.bundle() != *key {
        let open =
            app.tabs.with_untracked(|tabs| tabs.iter().rev().find(|tab| tab.bundle == *key).map(|tab| tab.id.clone()));
        match open {
            Some(tab) => layers::activate(app, tab),
            None => {
                let name = layers::free_name(app, "layer");
                layers::add(app, Tab::new(app.bundles.with_untracked(|bundles| bundles.new_layer(&name, key))));
                let words = layers::bundle_words(app, key);
                app.say(format!("Opened a new layer on {words}, to show {id} there."));
            }
        }
    }
    run::reveal(app, id);
}

/// What the active layer becomes on another bundle.
pub fn carried(app: App, crossing: &Crossing, combine: Combine) -> Carried {
    let layer = app.layer.get();
    carry_over(&layer, &crossing.crosswalk, &crossing.here.1, &crossing.there.1, combine)
}

/// Opens it as a new layer, and tells what did not map.
pub fn carry(app: App, crossing: &Crossing, combine: Combine) {
    let Carried { layer, techniques, left, .. } = untrack(|| carried(app, crossing, combine));
    let layer = Layer { name: layers::free_name(app, &layer.name), ..layer };
    let release = crossing.there.1.release.words();
    layers::add(app, Tab::new((layer, crossing.there.0.clone())));
    let words = match left.len() {
        0 => format!("Carried all {} over to {release}.", counted(techniques)),
        count => format!("Carried {} over to {release}; {count} did not map.", counted(techniques)),
    };
    app.say_with(words, left.iter().map(left_words).collect());
}

/// Why a technique was left, in a line.
pub fn left_words(left: &Left) -> String {
    let Left { technique, name, why } = left;
    let name = name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
    let why = match why {
        Why::NotMapped => "the mapping has no counterpart for it".to_owned(),
        Why::Unknown => "the layer's own bundle does not have it".to_owned(),
        Why::NotThere(missing) => {
            let names: Vec<String> = missing.iter().map(|(id, name)| format!("{id} {name}")).collect();
            format!("its counterpart is not in that bundle: {}", names.join(", "))
        }
    };
    format!("{technique}{name}: {why}")
}

//! What is made of evidence: layers, and showing only what has some. What counts as evidence is `attack`'s; how it is
//! seen over the cells is the lens', in `components`.

use super::{
    bundles::{self, BundleKey},
    exports, layers, persistence, show_only,
    state::{App, Tab},
};
use crate::{
    attack::{Evidence, Knowledge, Record, Sighting},
    layer::{Counted, Layer, layer_from_actors, layer_from_evidence as made_from_evidence},
};
use leptos::prelude::*;
use std::sync::Arc;

/// A bundle, and the one that has the record of its techniques: itself, or ATT&CK for a catalogue that names no actors.
#[derive(Clone)]
pub struct Recorded {
    shown: Arc<Knowledge>,
    told: Arc<Knowledge>,
}

/// The same bundles; what they say is not compared.
impl PartialEq for Recorded {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shown, &other.shown) && Arc::ptr_eq(&self.told, &other.told)
    }
}

impl Recorded {
    /// As far as it is there; the rest of ATT&CK may be on its way.
    pub fn now(app: App) -> Self {
        let shown = app.knowledge.get();
        let attack = || app.bundles.with(|bundles| bundles.knowledge(&BundleKey::DEFAULT));
        let told = if shown.is_microsofts() { attack() } else { shown.clone() };
        Self { shown, told }
    }

    /// With all of it.
    pub async fn whole(app: App) -> Result<Self, String> {
        let key = app.bundle();
        let shown = whole_bundle(app, &key).await?;
        let told = if shown.is_microsofts() { whole_bundle(app, &BundleKey::DEFAULT).await? } else { shown.clone() };
        Ok(Self { shown, told })
    }

    pub fn record(&self) -> Record<'_> {
        if Arc::ptr_eq(&self.shown, &self.told) {
            Record::own(&self.shown)
        } else {
            Record::through(&self.shown, &self.told)
        }
    }

    pub fn told(&self) -> &Knowledge {
        &self.told
    }
}

/// All of a bundle, of which only the outline may be there.
pub async fn whole_bundle(app: App, key: &BundleKey) -> Result<Arc<Knowledge>, String> {
    persistence::bring_bundle(app, key).await?;
    if !app.bundles.with_untracked(|bundles| bundles.is_whole(key)) {
        let knowledge = Arc::new(bundles::fetch(key).await?);
        app.bundles.update(|bundles| bundles.add(key.clone(), knowledge));
    }
    Ok(app.bundles.with_untracked(|bundles| bundles.knowledge(key)))
}

/// A new layer whose score is how many container-native actors used a technique against containers.
pub fn layer_from_evidence(app: App) {
    make(app, |recorded, placements| {
        let layer = made_from_evidence(&recorded.record(), placements);
        if layer.annotations.is_empty() {
            let release = recorded.told.release.words();
            return Err(format!(
                "{release} does not say which uses were against containers: there is no evidence to make a layer of."
            ));
        }
        Ok(layer)
    });
}

/// A new layer of what these actors (by their places in the record's bundle) were seen doing.
pub fn layer_of_actors(app: App, actors: Vec<usize>, counted: Counted) {
    make(app, move |recorded, placements| {
        let layer = layer_from_actors(&recorded.record(), placements, &actors, counted);
        if layer.annotations.is_empty() {
            return Err(
                "None of them was seen using a technique of this matrix in that way: no layer was made.".to_owned()
            );
        }
        Ok(layer)
    });
}

/// The same of one actor, by its id: what it was seen doing against containers, or anywhere if that is nothing.
pub fn layer_of_actor(app: App, id: String) {
    make(app, move |recorded, placements| {
        let place = recorded.told.actors.iter().position(|actor| actor.id == id);
        let actors: Vec<usize> = place.into_iter().collect();
        let of = |counted| layer_from_actors(&recorded.record(), placements, &actors, counted);
        let against_containers = of(Counted::AgainstContainers);
        let layer = if against_containers.annotations.is_empty() { of(Counted::Anywhere) } else { against_containers };
        if layer.annotations.is_empty() { Err(format!("{id} uses no technique of this matrix.")) } else { Ok(layer) }
    });
}

/// Makes a layer on the bundle that is shown, once all of it is there.
fn make(app: App, layer: impl FnOnce(&Recorded, &[crate::layer::Key]) -> Result<Layer, String> + 'static) {
    leptos::task::spawn_local(async move {
        let key = app.bundle();
        let made = Recorded::whole(app).await.and_then(|recorded| layer(&recorded, &exports::order(&recorded.shown)));
        match made {
            Ok(layer) => {
                let layer = Layer { name: layers::free_name(app, &layer.name), ..layer };
                let (name, count) = (layer.name.clone(), techniques(&layer));
                layers::add(app, Tab::new((layer, key)));
                app.say(format!(
                    "Made the layer \"{name}\": {count} techniques. Their comments say who, their links lead there."
                ));
            }
            Err(error) => app.complain(error),
        }
    });
}

fn techniques(layer: &Layer) -> usize {
    layer.annotations.iter().map(|entry| &entry.key.technique).collect::<rustc_hash::FxHashSet<_>>().len()
}

/// Shows only what was seen against containers, as every showing only: one undo takes it back.
pub fn show_only_seen(app: App) {
    let recorded = untrack(|| Recorded::now(app));
    let record = recorded.record();
    let none = "Nothing here is known to have been used against containers: there would be nothing to show.";
    show_only::of(app, "show only what was seen", none, |target| {
        let technique = recorded.shown.technique(&target.key.technique);
        technique.is_some_and(|technique| seen(&record.of(technique)))
    });
}

fn seen(evidence: &Evidence) -> bool {
    evidence.sighting() == Sighting::AgainstContainers
}

//! Upgrading the active layer to another release: what is needed for it, and the new layer beside the old. What becomes of
//! an annotation is `layer`'s.

use super::{
    browser,
    bundles::BundleKey,
    evidence::whole_bundle,
    layers,
    state::{App, Tab},
};
use crate::{
    attack::{Catalogue, Knowledge, MAXIMUM_RELEASES_BYTES, Releases},
    layer::{Decision, History, Layer, MAXIMUM_REPLACEMENTS_BYTES, Replacements, Upgrade, report, upgrade, upgraded},
};
use leptos::prelude::*;
use std::sync::Arc;

/// What stood in each release of ATT&CK, beside the app.
const RELEASES: &str = "data/attack-releases.json";
/// Which technique ids ATT&CK has replaced, beside the app.
const REPLACEMENTS: &str = "data/attack-replacements.json";

/// What a layer was made on, or can be upgraded to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A release of our table: `12.0`.
    Release(String),
    Bundle(BundleKey),
}

/// All that an upgrade needs to know.
#[derive(Clone)]
pub struct Facts {
    pub releases: Arc<Releases>,
    pub table: Arc<Replacements>,
}

impl Facts {
    /// # Errors
    /// A sentence for the user.
    pub async fn fetched() -> Result<Self, String> {
        let releases = bytes(RELEASES, MAXIMUM_RELEASES_BYTES).await?;
        let table = replacements().await?;
        let releases = Releases::read(&releases).map_err(|error| error.to_string())?;
        Ok(Self { releases: Arc::new(releases), table: Arc::new(table) })
    }

    /// What the layer says it was made on; of one that says nothing, what it is shown on.
    pub fn origin(&self, app: App) -> Origin {
        let version = app.with_layer_untracked(|layer| layer.versions.attack.clone());
        let release = version.as_deref().and_then(|version| self.releases.of(version)).map(|(name, _)| name.to_owned());
        let bundle = app.bundle();
        match (bundle, release) {
            (bundle @ BundleKey::Opened(_), _) | (bundle, None) => Origin::Bundle(bundle),
            (_, Some(release)) => Origin::Release(release),
        }
    }

    /// What a layer can have been made on.
    pub fn origins(&self, app: App) -> Vec<Origin> {
        let releases = self.releases.names().map(|name| Origin::Release(name.to_owned()));
        let mut origins: Vec<Origin> = releases.collect();
        origins.reverse();
        origins.extend(opened(app).into_iter().map(Origin::Bundle));
        let own = self.origin(app);
        if !origins.contains(&own) {
            origins.insert(0, own);
        }
        origins
    }

    /// # Errors
    /// A sentence for the user.
    async fn catalogue(&self, app: App, origin: &Origin) -> Result<Catalogue, String> {
        match origin {
            Origin::Release(name) => {
                let found = self.releases.of(name).map(|(_, catalogue)| catalogue.clone());
                found.ok_or_else(|| format!("Nothing is known of ATT&CK v{name}."))
            }
            Origin::Bundle(key) => Ok(Catalogue::of(&*whole_bundle(app, key).await?)),
        }
    }
}

/// # Errors
/// A sentence for the user.
pub async fn replacements() -> Result<Replacements, String> {
    let table = bytes(REPLACEMENTS, MAXIMUM_REPLACEMENTS_BYTES).await?;
    Replacements::read(&table).map_err(|error| error.to_string())
}

async fn bytes(file: &str, most: usize) -> Result<Vec<u8>, String> {
    browser::bytes_of(&browser::fetch(file, most).await?, file).await
}

fn opened(app: App) -> Vec<BundleKey> {
    app.bundles.with_untracked(|bundles| bundles.opened().into_iter().cloned().collect())
}

/// The bundles that a layer can be upgraded to, the newest of ours first.
pub fn goals(app: App) -> Vec<BundleKey> {
    let mut goals = vec![BundleKey::Attack19, BundleKey::Attack18];
    goals.extend(opened(app));
    goals
}

impl Origin {
    pub fn words(&self, app: App) -> String {
        match self {
            Self::Release(name) => format!("ATT&CK v{name}"),
            Self::Bundle(key) => layers::bundle_words(app, key),
        }
    }
}

/// An upgrade that is worked out and not yet done.
#[derive(Clone)]
pub struct Planned {
    pub layer: Arc<Layer>,
    pub upgrade: Arc<Upgrade>,
    pub goal: BundleKey,
    pub to: Arc<Knowledge>,
}

impl Planned {
    /// # Errors
    /// A sentence for the user.
    pub async fn of(app: App, facts: &Facts, origin: &Origin, goal: &BundleKey) -> Result<Self, String> {
        let from = facts.catalogue(app, origin).await?;
        let to = whole_bundle(app, goal).await?;
        let layer = app.layer.get_untracked();
        let upgrade = Arc::new(upgrade(&layer, &from, &to, &facts.table));
        Ok(Self { layer, upgrade, goal: goal.clone(), to })
    }

    /// Opens the upgraded layer beside the old one. Its first step is the upgrade, so that undo shows what it was.
    pub fn make(&self, app: App, chosen: &[usize]) {
        let name = format!("{} on v{}", self.layer.name, self.to.release.version.as_deref().unwrap_or("?"));
        let before = Layer { name: layers::free_name(app, &name), ..Layer::clone(&self.layer) };
        let after = upgraded(&before, &self.upgrade, chosen, &self.to);
        let mut history = History::new(before);
        history.record(after, "upgrade", None, browser::now());
        let tab = Tab { history, ..Tab::new((Layer::clone(&self.layer), self.goal.clone())) };
        layers::add(app, tab);
        let open = self.upgrade.decisions.iter().filter(|decision| decision.is_open()).count();
        let words = self.to.release.words();
        app.say(match open {
            0 => format!("Upgraded to {words}. The layer as it was is still open."),
            1 => format!("Upgraded to {words}, with 1 annotation moved or kept outside. The layer as it was is still open."),
            open => {
                format!("Upgraded to {words}, with {open} annotations moved or kept outside. The layer as it was is still open.")
            }
        });
    }

    pub fn report(&self, chosen: &[usize]) -> String {
        report(&self.layer.name, &self.upgrade, chosen, &self.to)
    }

    /// The decisions to look at, each with its number; those that need it first.
    pub fn listed(&self, open: bool) -> Vec<(usize, &Decision)> {
        self.upgrade.decisions.iter().enumerate().filter(|(_, decision)| decision.is_open() == open).collect()
    }
}

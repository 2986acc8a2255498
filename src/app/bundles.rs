//! The bundles that the app has: one is embedded, two more are fetched from beside it when they are needed, others are
//! opened by the user. Which one suits a layer is decided here.

use super::browser;
use crate::{
    attack::{self, Knowledge, Reading},
    layer::Layer,
};
use std::sync::Arc;

/// The bundle that the first visit shows; the build puts it here, without what only other programs read.
static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/embedded-bundle.json"));

/// Names a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BundleKey {
    Attack19,
    Attack18,
    Microsoft,
    /// One that the user opened: its domain and version.
    Opened(Arc<str>),
}

/// The bundles that have been read.
#[derive(Debug, Clone, Default)]
pub struct Bundles {
    read: Vec<(BundleKey, Arc<Knowledge>)>,
}

impl BundleKey {
    pub const DEFAULT: Self = Self::Attack19;

    /// The word under which it is remembered.
    pub fn word(&self) -> &str {
        match self {
            Self::Attack19 => "attack-19",
            Self::Attack18 => "attack-18",
            Self::Microsoft => "microsoft",
            Self::Opened(name) => name,
        }
    }

    pub fn from_word(word: &str) -> Self {
        match word {
            "attack-19" => Self::Attack19,
            "attack-18" => Self::Attack18,
            "microsoft" => Self::Microsoft,
            name => Self::Opened(name.into()),
        }
    }

    /// Of an opened bundle: what it says of itself.
    pub fn of(knowledge: &Knowledge) -> Self {
        let version = knowledge.release.version.as_deref().unwrap_or("?");
        Self::Opened(format!("{} {version} ({})", knowledge.release.domain, knowledge.release.title).into())
    }

    /// Where it lies beside the app; `None` for those that don't.
    fn file(&self) -> Option<&'static str> {
        match self {
            Self::Attack19 => Some("data/attack-containers-19.2.json"),
            Self::Attack18 => Some("data/attack-containers-18.1.json"),
            Self::Microsoft => Some("data/microsoft-kubernetes.json"),
            Self::Opened(_) => None,
        }
    }

    /// Of our own bundles, the one that a layer was made for: by its domain, and by its ATT&CK release where that is 18
    /// or older, since ATT&CK 19 took Defense Evasion apart.
    pub fn suiting(layer: &Layer) -> Self {
        if layer.domain == "microsoft-kubernetes" {
            return Self::Microsoft;
        }
        let digits = |text: &String| text.chars().take_while(char::is_ascii_digit).collect::<String>();
        let release: Option<u32> = layer.versions.attack.as_ref().and_then(|text| digits(text).parse().ok());
        let evades = || {
            let tactics = layer.annotations.iter().filter_map(|entry| entry.key.tactic.as_ref());
            tactics.into_iter().any(|tactic| tactic.as_str() == "defense-evasion")
        };
        match release {
            Some(release) if release <= 18 => Self::Attack18,
            None if evades() => Self::Attack18,
            _ => Self::Attack19,
        }
    }
}

impl Bundles {
    /// With the embedded one read. Should it be broken, the app starts empty rather than not at all.
    pub fn embedded() -> Self {
        let knowledge = attack::read(EMBEDDED).map(|reading| reading.knowledge).unwrap_or_default();
        Self { read: vec![(BundleKey::DEFAULT, Arc::new(knowledge))] }
    }

    pub fn has(&self, key: &BundleKey) -> bool {
        self.read.iter().any(|(at, _)| at == key)
    }

    /// What a bundle says; the default one's until it has been read.
    pub fn knowledge(&self, key: &BundleKey) -> Arc<Knowledge> {
        let found = self.read.iter().find(|(at, _)| at == key).or_else(|| self.read.first());
        found.map(|(_, knowledge)| knowledge.clone()).unwrap_or_default()
    }

    pub fn add(&mut self, key: BundleKey, knowledge: Arc<Knowledge>) {
        self.read.retain(|(at, _)| *at != key);
        self.read.push((key, knowledge));
    }

    /// Bundles that the user opened.
    pub fn opened(&self) -> impl Iterator<Item = (&BundleKey, &Arc<Knowledge>)> {
        self.read.iter().filter(|(key, _)| matches!(key, BundleKey::Opened(_))).map(|(key, known)| (key, known))
    }

    /// An empty layer on a bundle.
    pub fn new_layer(&self, name: &str, key: &BundleKey) -> (Layer, BundleKey) {
        let knowledge = self.knowledge(key);
        let release = &knowledge.release;
        let platforms = release.scope.iter().cloned().collect();
        (Layer::new(name, &release.domain, release.major().as_deref(), platforms), key.clone())
    }
}

/// Fetches a bundle that lies beside the app.
///
/// # Errors
/// A sentence for the user.
pub async fn fetch(key: &BundleKey) -> Result<Knowledge, String> {
    let file =
        key.file().ok_or_else(|| format!("The bundle \"{}\" is not here any more: open it again.", key.word()))?;
    let bytes = browser::fetch_bytes(file, attack::MAXIMUM_BUNDLE_BYTES).await?;
    let Reading { knowledge, .. } = attack::read(&bytes).map_err(|error| format!("{file} can't be read: {error}"))?;
    Ok(knowledge)
}

//! The bundles that the app has: the outline of one is embedded and the rest of it follows once it is painted, two more
//! are fetched from beside the app when they are needed, others are opened by the user. Which one suits a layer is decided here.

use super::{
    browser,
    reading::{self, NotRead},
};
use crate::{
    attack::{self, Knowledge},
    layer::Layer,
};
use leptos::prelude::*;
use std::sync::Arc;

/// The outline of the bundle of the first visit; the build puts it here.
static OUTLINE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/outline.bin"));

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
    /// Those of them that have tiers of the user's own, as they are with these.
    judged: Vec<(BundleKey, Arc<Knowledge>)>,
    /// Opened ones that this browser keeps, read or not.
    kept: Vec<BundleKey>,
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

    /// Of an opened one: as people know it.
    pub fn title(&self) -> String {
        let named = self.word().split_once(" (").and_then(|(head, title)| {
            let (_, version) = head.split_once(' ')?;
            let title = title.strip_suffix(')')?;
            Some(if version == "?" { title.to_owned() } else { format!("{title} v{version}") })
        });
        named.unwrap_or_else(|| self.word().to_owned())
    }

    /// Of an opened one: its domain and the major number of its release, as [`BundleKey::of`] named it.
    pub fn release(&self) -> Option<(&str, &str)> {
        let Self::Opened(name) = self else { return None };
        let (domain, rest) = name.split_once(' ')?;
        let version = rest.split_once(" (").map_or(rest, |(version, _)| version);
        Some((domain, version.split('.').next().unwrap_or(version)))
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
    /// With the embedded outline. Should it be broken, the app starts empty rather than not at all.
    pub fn embedded() -> Self {
        let knowledge = attack::unpack(OUTLINE).unwrap_or_default();
        Self { read: vec![(BundleKey::DEFAULT, Arc::new(knowledge))], ..Self::default() }
    }

    pub fn has(&self, key: &BundleKey) -> bool {
        self.read.iter().any(|(at, _)| at == key)
    }

    /// What a bundle says, with the user's own tiers; the default one's until it has been read.
    pub fn knowledge(&self, key: &BundleKey) -> Arc<Knowledge> {
        let judged = self.judged.iter().find(|(at, _)| at == key);
        judged.map_or_else(|| self.own(key), |(_, knowledge)| knowledge.clone())
    }

    /// The same with the bundle's own tiers.
    pub fn own(&self, key: &BundleKey) -> Arc<Knowledge> {
        let found = self.read.iter().find(|(at, _)| at == key).or_else(|| self.read.first());
        found.map(|(_, knowledge)| knowledge.clone()).unwrap_or_default()
    }

    /// A bundle with the user's own tiers, or without any.
    pub fn judge(&mut self, key: &BundleKey, knowledge: Option<Arc<Knowledge>>) {
        self.judged.retain(|(at, _)| at != key);
        self.judged.extend(knowledge.map(|knowledge| (key.clone(), knowledge)));
    }

    pub fn is_judged(&self, key: &BundleKey) -> bool {
        self.judged.iter().any(|(at, _)| at == key)
    }

    pub fn add(&mut self, key: BundleKey, knowledge: Arc<Knowledge>) {
        self.judge(&key, None);
        match self.read.iter_mut().find(|(at, _)| *at == key) {
            Some(place) => place.1 = knowledge,
            None => self.read.push((key, knowledge)),
        }
    }

    /// Whether what is known of a bundle is all of it.
    pub fn is_whole(&self, key: &BundleKey) -> bool {
        self.read.iter().any(|(at, knowledge)| at == key && !knowledge.outline)
    }

    /// Bundles that the user opened, now or on an earlier visit.
    pub fn opened(&self) -> Vec<&BundleKey> {
        let read = self.read.iter().map(|(key, _)| key).filter(|key| matches!(key, BundleKey::Opened(_)));
        let mut opened: Vec<&BundleKey> = read.collect();
        opened.extend(self.kept.iter().filter(|key| !self.has(key)));
        opened
    }

    /// What this browser keeps of earlier visits.
    pub fn keep(&mut self, names: Vec<String>) {
        self.kept = names.into_iter().map(|name| BundleKey::Opened(name.into())).collect();
    }

    /// One more that this browser keeps.
    pub fn keep_one(&mut self, name: &str) {
        let key = BundleKey::Opened(name.into());
        if !self.kept.contains(&key) {
            self.kept.push(key);
        }
    }

    /// One that this browser doesn't keep any more; what is shown stays in memory.
    pub fn forget(&mut self, key: &BundleKey, is_shown: bool) {
        self.kept.retain(|kept| kept != key);
        if !is_shown {
            self.judge(key, None);
            self.read.retain(|(at, _)| at != key);
        }
    }

    /// An empty layer on a bundle.
    pub fn new_layer(&self, name: &str, key: &BundleKey) -> (Layer, BundleKey) {
        let knowledge = self.knowledge(key);
        let release = &knowledge.release;
        let platforms = release.scope.iter().cloned().collect();
        (Layer::new(name, &release.domain, release.major().as_deref(), platforms), key.clone())
    }
}

/// Fetches the rest of the bundle that is embedded as an outline, with as many tries as there are pauses.
pub async fn complete(bundles: RwSignal<Bundles>) {
    // In milliseconds, before each try.
    const PAUSES: [i32; 5] = [0, 1_000, 4_000, 15_000, 60_000];
    let key = BundleKey::DEFAULT;
    for pause in PAUSES {
        if pause > 0 {
            browser::wait(pause).await;
        }
        if bundles.with_untracked(|bundles| bundles.is_whole(&key)) {
            return;
        }
        if let Ok(knowledge) = fetch(&key).await {
            return bundles.update(|bundles| bundles.add(key, Arc::new(knowledge)));
        }
    }
}

/// Fetches a bundle that lies beside the app.
///
/// # Errors
/// A sentence for the user.
pub async fn fetch(key: &BundleKey) -> Result<Knowledge, String> {
    let file =
        key.file().ok_or_else(|| format!("The bundle \"{}\" is not here any more: open it again.", key.word()))?;
    let bundle = browser::fetch(file, attack::MAXIMUM_BUNDLE_BYTES).await?;
    match reading::read(&bundle).await {
        Ok(read) => Ok(read.knowledge),
        Err(NotRead::Failed(why)) => Err(format!("{file} can't be read: {why}.")),
        Err(NotRead::Stopped) => Err(format!("{file} was not read.")),
    }
}

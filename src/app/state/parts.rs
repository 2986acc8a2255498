//! What the state is made of: open layers, what has the focus, dialogs, messages and what they offer.

use crate::{
    app::{browser, bundles::BundleKey, selection::Selection},
    attack::{CollectionIndex, Knowledge, Subject, TacticName, TechniqueId, Tier, TierSet, assignment::Shared},
    layer::{Display, History, Key, Layer, Snapshot},
    matrix::{self, MatrixKind},
};
use std::sync::Arc;

pub type TabId = Arc<str>;

/// What stands in the unified matrix, in orchestration's, and in container's.
pub type Standings = [Vec<Key>; 3];

/// An open layer.
#[derive(Clone)]
pub struct Tab {
    pub id: TabId,
    pub history: History,
    pub bundle: BundleKey,
}

/// What the inspector tells of besides techniques, and what was selected and focused then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    pub subject: Subject,
    pub(super) selection: Selection,
    pub(super) focus: Option<Focus>,
}

/// The cell that has the focus, by what it is, so that it survives a new layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Focus {
    pub matrix: MatrixKind,
    pub technique: TechniqueId,
    pub tactic: TacticName,
}

/// Something to see in every representation, without a change of any layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lens {
    /// Who was seen using each technique against containers.
    Evidence,
    /// What a threat's layer uses over what a layer covers.
    Threat,
}

/// What the panels of coverage were asked for; of this visit only.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Planning {
    /// The score from which on a technique is covered, where it isn't the middle of the gradient.
    pub threshold: Option<f64>,
    pub before: Before,
    /// The layers of a threat and of what is covered, by their tabs.
    pub threat: Option<TabId>,
    pub covering: Option<TabId>,
}

/// What coverage is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Before {
    #[default]
    Nothing,
    /// Another layer, as it is.
    Tab(TabId),
    /// A layer as it was. It is known by what it says: its place changes when another one is removed.
    Snapshot(Snapshot),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialog {
    Palette,
    Shortcuts,
    About,
    /// The layers kept in this browser.
    Layers,
    LayerSettings,
    /// What was found in detection content, and what layers to make of it: `detections` has it.
    Import,
    Platforms,
    SecondLayer,
    /// The page of coverage.
    Coverage,
    /// What adversaries use over what is covered.
    Threat,
    Snapshots,
    /// Making a layer of others.
    Combine,
    Export,
    /// Opening by address.
    Web,
    /// What a collection index offers, and where it is from.
    Collections(Arc<CollectionIndex>, Arc<str>),
    /// What layers can be shown on.
    Bundles,
    /// How a picture of the layer is to look.
    Picture,
    /// What was converted or kept when a file was opened.
    Notes(Vec<String>),
    SelectByScore,
    PasteIds,
    ReplaceInComments,
    /// Whose doings a new layer is to show.
    LayerFromActors,
    /// Both catalogues side by side.
    Crosswalk,
    /// What a technique is in the other catalogue, where that is more than one, or none.
    Counterparts(TechniqueId),
    CarryOver,
    /// The address that holds the layer.
    Share,
    /// Which slides, in which steps, with which notes.
    Deck,
    /// The address that puts the matrix into a page.
    Embed,
    /// Two layers, and one made of both; of the active one's snapshots that one with it, where one is asked for.
    Compare(Option<usize>),
    /// To another release.
    Upgrade,
    /// Both representations compared, tiers of the user's own, and a view of it all.
    Workbench,
    /// In which tiers techniques are to stand; where they were dragged, that one comes first.
    Retier(Vec<TechniqueId>, Option<TierSet>),
    /// Tiers that came in a file.
    SharedTiers(Arc<SharedTiers>),
    /// The drafts of contributions.
    Drafts,
    /// One of them, by its id.
    Draft(Arc<str>),
}

/// Tiers that came in a file.
#[derive(Debug, PartialEq, Eq)]
pub struct SharedTiers {
    pub name: String,
    pub bundle: BundleKey,
    pub shared: Shared,
}

/// What the app tells the user at the bottom of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub text: String,
    pub failed: bool,
    /// More to read, one line each.
    pub details: Vec<String>,
    /// What the user can do about it.
    pub offers: Vec<Offer>,
}

/// A button of a message: see `offer`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// Opens the layer again that was closed.
    Reopen,
    /// All layers as a file, where the browser doesn't store them.
    ExportAll,
    /// The layer that was opened names a bundle of its own.
    OwnBundle,
    /// The layer that was opened is of an older release.
    Upgrade,
    /// The version of the app that waits.
    Update,
    UseOther(Versions),
    KeepMine(Versions),
    Overwrite(Versions),
}

/// A layer that two windows changed: its id, and the id of the tab that has this window's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    pub other: TabId,
    pub mine: TabId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saving {
    Saved,
    Waiting,
    Failed(String),
}

impl Message {
    /// Of what worked.
    pub fn done(text: String) -> Self {
        Self { text, failed: false, details: Vec::new(), offers: Vec::new() }
    }

    /// Of what didn't.
    pub fn failed(text: String) -> Self {
        Self { failed: true, ..Self::done(text) }
    }
}

impl Tab {
    pub fn new((layer, bundle): (Layer, BundleKey)) -> Self {
        Self { id: browser::random_id().into(), history: History::new(layer), bundle }
    }
}

impl Theme {
    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What stands in each of the matrices.
pub fn standings(knowledge: &Knowledge, display: &Display, platforms: &[String]) -> Arc<Standings> {
    let of = |tier| {
        let placements = matrix::standing(knowledge, display, platforms, tier);
        placements.into_iter().map(|(technique, tactic)| Key::new(technique, tactic)).collect()
    };
    Arc::new([of(None), of(Some(Tier::Orchestration)), of(Some(Tier::Container))])
}

//! Everything that the app is at a moment, as signals. What can be derived is derived: no state stands twice.
//! Only commands (`run`) and openings (`open`) change it.

use super::{
    bearing::{Bearing, Says},
    browser,
    bundles::{BundleKey, Bundles},
    command::Situation,
    dom::derived,
    hand::Hand,
    rest::Seam,
    selection::{self, Field, Selection},
};
use crate::{
    attack::{Knowledge, TacticName, TechniqueId, Tier},
    layer::{Color, Edit, History, Key, Layer, Target, TierScoring, remember},
    matrix::{self, Matrix, MatrixKind, Position},
};
use leptos::prelude::*;
use std::sync::Arc;

/// Handles to the whole state; free to copy into every closure.
#[derive(Clone, Copy)]
pub struct App {
    pub tabs: RwSignal<Vec<Tab>>,
    pub active: RwSignal<TabId>,
    pub bundles: RwSignal<Bundles>,
    pub selection: RwSignal<Selection>,
    pub focus: RwSignal<Option<Focus>>,
    /// Where a range that is extended began.
    pub anchor: RwSignal<Option<Focus>>,
    /// Layers that were closed, the last one last.
    pub closed: RwSignal<Vec<Tab>>,
    pub dialog: RwSignal<Option<Dialog>>,
    pub message: RwSignal<Option<Message>>,
    /// The name of the bundle that is being read.
    pub reading: RwSignal<Option<String>>,
    /// The rest of the program is there.
    pub rest: RwSignal<bool>,
    pub seam: Seam,
    pub theme: RwSignal<Theme>,
    pub inspector: RwSignal<bool>,
    /// The panel in which gradient and legend are edited is open.
    pub colors: RwSignal<bool>,
    /// Gradient and legend are shown beside the matrices.
    pub legend: RwSignal<bool>,
    /// Colours given by hand, the last one first.
    pub recent_colors: RwSignal<Vec<Color>>,
    pub saving: RwSignal<Saving>,
    /// The active layer's tab is a field for its name.
    pub renaming: RwSignal<bool>,
    /// Goes up whenever what is stored changes.
    pub shelf: RwSignal<u32>,
    pub layer: Memo<Arc<Layer>>,
    pub knowledge: Memo<Arc<Knowledge>>,
    pub matrices: Memo<Arc<Vec<Matrix>>>,
    /// What stands in the unified matrix, and in each tier's.
    pub standing: Memo<Arc<Standings>>,
    /// Another open layer that each cell shows beside the active one.
    pub second: RwSignal<Option<TabId>>,
    pub second_layer: Memo<Option<Arc<Layer>>>,
    pub situation: Memo<Situation>,
    /// Context menu, tooltip, note and what was copied.
    pub hand: Hand,
}

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

/// The cell that has the focus, by what it is, so that it survives a new layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Focus {
    pub matrix: MatrixKind,
    pub technique: TechniqueId,
    pub tactic: TacticName,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialog {
    Palette,
    Shortcuts,
    About,
    /// The layers kept in this browser.
    Layers,
    LayerSettings,
    Platforms,
    SecondLayer,
    Export,
    /// What was converted or kept when a file was opened.
    Notes(Vec<String>),
    SelectByScore,
    PasteIds,
    ReplaceInComments,
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

impl App {
    pub fn new(theme: Theme, seam: Seam) -> Self {
        let bundles = RwSignal::new(Bundles::embedded());
        let first = Tab::new(bundles.with_untracked(|bundles| bundles.new_layer("layer", &BundleKey::DEFAULT)));
        let active = RwSignal::new(first.id.clone());
        let tabs = RwSignal::new(vec![first]);
        let layer = Memo::new_with_compare(
            move |_| with_tab(tabs, &active.get(), |tab| tab.history.present().clone()),
            |before, after| !same(before, after),
        );
        let key = Memo::new(move |_| with_tab(tabs, &active.get(), |tab| tab.bundle.clone()));
        let knowledge = Memo::new_with_compare(
            move |_| bundles.with(|bundles| bundles.knowledge(&key.get())),
            |before, after| !same(before, after),
        );
        let view = derived(move || layer.with(|layer| (layer.display.clone(), layer.platforms.clone())));
        let bearing = derived(move || Bearing::of(&layer.get()));
        let matrices = Memo::new(move |_| {
            bearing.track();
            let layer = layer.get_untracked();
            Arc::new(matrix::lay_out(&knowledge.get(), &layer.display, &layer.platforms, &Says(&layer)))
        });
        let standing = Memo::new(move |_| {
            let (display, platforms) = view.get();
            let knowledge = knowledge.get();
            let of = |tier| {
                let placements = matrix::standing(&knowledge, &display, &platforms, tier);
                placements.into_iter().map(|(technique, tactic)| Key::new(technique, tactic)).collect()
            };
            Arc::new([of(None), of(Some(Tier::Orchestration)), of(Some(Tier::Container))])
        });
        let second: RwSignal<Option<TabId>> = RwSignal::new(None);
        let second_layer = Memo::new_with_compare(
            move |_| {
                let id = second.get().filter(|id| *id != active.get())?;
                tabs.with(|tabs| tabs.iter().find(|tab| tab.id == id).map(|tab| tab.history.present().clone()))
            },
            |before, after| !same_choice(before, after),
        );
        let selection = RwSignal::new(Selection::default());
        let focus = RwSignal::new(None);
        let reading = RwSignal::new(None);
        let hand = Hand::new();
        let situation = Memo::new(move |_| {
            let (can_undo, can_redo) = with_tab(tabs, &active.get(), |tab| {
                (tab.history.undo_title().is_some(), tab.history.redo_title().is_some())
            });
            Situation {
                target: !selection.with(Selection::is_empty) || focus.with(Option::is_some),
                can_undo,
                can_redo,
                reading: reading.with(Option::is_some),
                tiers_apart: layer.with(|layer| layer.tier_scoring != TierScoring::Together),
                focus: focus.with(Option::is_some),
                copied: hand.copied.with(Option::is_some),
            }
        });
        Self {
            tabs,
            active,
            bundles,
            selection,
            focus,
            anchor: RwSignal::new(None),
            closed: RwSignal::new(Vec::new()),
            dialog: RwSignal::new(None),
            message: RwSignal::new(None),
            reading,
            rest: RwSignal::new(false),
            seam,
            theme: RwSignal::new(theme),
            inspector: RwSignal::new(true),
            colors: RwSignal::new(false),
            legend: RwSignal::new(true),
            recent_colors: RwSignal::new(stored_colors()),
            saving: RwSignal::new(Saving::Saved),
            renaming: RwSignal::new(false),
            shelf: RwSignal::new(0),
            layer,
            knowledge,
            matrices,
            standing,
            second,
            second_layer,
            situation,
            hand,
        }
    }

    /// Makes an edit of the active layer, as one step of its history.
    pub fn edit(&self, edit: &Edit) {
        self.edit_joined(edit, None);
    }

    /// The same, joined with the step before if that has the same name and was just now: typing, holding a key.
    pub fn edit_joined(&self, edit: &Edit, join: Option<String>) {
        let Some(next) = edit.apply(&self.layer.get_untracked()) else { return };
        let now = browser::now();
        self.with_history(|history| history.record(next, edit.title(), join, now));
    }

    pub fn with_history(&self, change: impl FnOnce(&mut History)) {
        let active = self.active.get_untracked();
        self.tabs.update(|tabs| {
            if let Some(tab) = tabs.iter_mut().find(|tab| tab.id == active) {
                change(&mut tab.history);
            }
        });
    }

    /// Reads the active layer. Each use costs a call; `layer.with` costs the code of a memo's lock.
    pub fn with_layer<T>(&self, read: impl FnOnce(&Layer) -> T) -> T {
        read(&self.layer.get())
    }

    /// The same, without following what it becomes.
    pub fn with_layer_untracked<T>(&self, read: impl FnOnce(&Layer) -> T) -> T {
        read(&self.layer.get_untracked())
    }

    /// Whether cells stand for their own matrix's tier.
    pub fn apart(&self) -> bool {
        self.layer.with_untracked(|layer| layer.tier_scoring != TierScoring::Together)
    }

    /// What an annotation command is about: the selection, or else the focused technique.
    pub fn targets(&self) -> Vec<Target> {
        let selected: Vec<Target> = self.selection.with_untracked(|s| s.targets().cloned().collect());
        if !selected.is_empty() {
            return self.in_own_tiers(selected);
        }
        let Some(position) = self.focused() else { return Vec::new() };
        self.in_own_tiers(self.reach(&[position]))
    }

    /// What selecting the cells at these positions selects.
    pub fn reach(&self, positions: &[Position]) -> Vec<Target> {
        let layer = self.layer.get_untracked();
        let (matrices, standing) = (self.matrices.get_untracked(), self.standing.get_untracked());
        let field = Field { matrices: &matrices, standing: &standing, display: &layer.display, apart: self.apart() };
        selection::reach(&field, positions)
    }

    /// A technique of one tier only has no second value to tell apart: what is said of its tier is said of it.
    pub fn in_own_tiers(&self, targets: Vec<Target>) -> Vec<Target> {
        let knowledge = self.knowledge.get_untracked();
        let own = |target: Target| {
            let single = knowledge.tiers_of(&target.key.technique).tiers().count() == 1;
            Target { tier: target.tier.filter(|_| !single), ..target }
        };
        targets.into_iter().map(own).collect()
    }

    /// The bundle that the active layer is shown on.
    pub fn bundle(&self) -> BundleKey {
        with_tab_untracked(self.tabs, &self.active.get_untracked(), |tab| tab.bundle.clone())
    }

    /// Where the focused cell's matrix is gone, its technique's cell in another matrix takes the focus.
    pub fn refocus(&self) {
        let Some(focus) = self.focus.get_untracked() else { return };
        if let Some(focus) = self.position_of(&focus).and_then(|position| self.focus_at(position)) {
            self.focus.set(Some(focus));
        }
    }

    /// Where the focused cell stands.
    pub fn focused(&self) -> Option<Position> {
        self.focus.with_untracked(|focus| focus.as_ref().and_then(|focus| self.position_of(focus)))
    }

    pub fn position_of(&self, focus: &Focus) -> Option<Position> {
        self.matrices.with_untracked(|m| matrix::find(m, Some(focus.matrix), &focus.technique, Some(&focus.tactic)))
    }

    pub fn focus_at(&self, position: Position) -> Option<Focus> {
        self.matrices.with_untracked(|matrices| {
            let (matrix, tactic, cell) = selection::at(matrices, position)?;
            Some(Focus { matrix: matrix.kind, technique: cell.technique.clone(), tactic: tactic.clone() })
        })
    }

    /// Opens the panel of colours in the inspector's place, with the focus in it.
    pub fn open_colors(&self) {
        self.colors.set(true);
        browser::focus_soon(".colors-panel .preset");
    }

    /// Closes it; the focus goes back to the matrix. `inspects` opens the inspector, too.
    pub fn close_colors(&self, inspects: bool) {
        if self.colors.get_untracked() {
            self.colors.set(false);
            browser::focus_soon(".cell[tabindex='0']");
        }
        if inspects {
            self.inspector.set(true);
        }
    }

    /// Remembers a colour that was given by hand, in this browser.
    pub fn remember_color(&self, color: &Color) {
        self.recent_colors.update(|recent| remember(recent, color));
        let texts: Vec<String> =
            self.recent_colors.with_untracked(|recent| recent.iter().map(|color| color.as_str().to_owned()).collect());
        browser::remember_setting(RECENT_COLORS, &texts.join(" "));
    }

    pub fn say(&self, text: impl Into<String>) {
        self.message.set(Some(Message::done(text.into())));
    }

    pub fn say_with(&self, text: impl Into<String>, details: Vec<String>) {
        self.message.set(Some(Message { details, ..Message::done(text.into()) }));
    }

    pub fn complain(&self, text: impl Into<String>) {
        self.message.set(Some(Message::failed(text.into())));
    }
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

/// Where the colours used last are remembered; whatever else stands there is none.
const RECENT_COLORS: &str = "bulkhead-recent-colors";

fn stored_colors() -> Vec<Color> {
    let mut recent = Vec::new();
    let texts = browser::setting(RECENT_COLORS).unwrap_or_default();
    texts.split(' ').rev().filter_map(|text| Color::parse(text).ok()).for_each(|color| remember(&mut recent, &color));
    recent
}

/// Runs on the tab with this id; there is always one active, and it is always among the tabs.
fn with_tab<T>(tabs: RwSignal<Vec<Tab>>, id: &TabId, read: impl FnOnce(&Tab) -> T) -> T {
    tabs.track();
    with_tab_untracked(tabs, id, read)
}

fn with_tab_untracked<T>(tabs: RwSignal<Vec<Tab>>, id: &TabId, read: impl FnOnce(&Tab) -> T) -> T {
    tabs.with_untracked(|tabs| {
        let tab = tabs.iter().find(|tab| tab.id == *id).or_else(|| tabs.first());
        #[allow(clippy::expect_used)] // with the last tab goes a blank one in its place: see `layers`
        read(tab.expect("there is always a tab"))
    })
}

fn same<T>(before: Option<&Arc<T>>, after: Option<&Arc<T>>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => Arc::ptr_eq(before, after),
        _ => false,
    }
}

fn same_choice<T>(before: Option<&Option<Arc<T>>>, after: Option<&Option<Arc<T>>>) -> bool {
    match (before, after) {
        (Some(None), Some(None)) => true,
        (Some(before), Some(after)) => same(before.as_ref(), after.as_ref()),
        _ => false,
    }
}

//! Everything that the app is at a moment, as signals. What can be derived is derived: no state stands twice.
//! Only commands (`run`) and openings (`open`) change it.

mod parts;

pub use parts::{
    Before, Dialog, Focus, Inspected, Lens, Message, Offer, Planning, Saving, SharedTiers, Standings, Tab, TabId,
    Theme, Versions, standings,
};

use super::{
    bearing::{Bearing, Says},
    browser,
    bundles::{BundleKey, Bundles},
    command::{Command, Situation},
    components::theme,
    custom::{CommandSet, Switches},
    dom::derived,
    hand::Hand,
    rest::Seam,
    selection::{self, Field, Selection},
};
use crate::{
    attack::{Knowledge, Subject},
    layer::{Color, Edit, History, Layer, Target, TierScoring, coverage_threshold, remember},
    matrix::{self, Matrix, Position},
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
    /// What the inspector tells of instead of what is selected: see [`App::inspected_now`].
    pub inspected: RwSignal<Option<Inspected>>,
    /// Where a range that is extended began.
    pub anchor: RwSignal<Option<Focus>>,
    /// Layers that were closed, the last one last.
    pub closed: RwSignal<Vec<Tab>>,
    pub dialog: RwSignal<Option<Dialog>>,
    pub message: RwSignal<Option<Message>>,
    /// The name of the bundle that is being read.
    pub reading: RwSignal<Option<String>>,
    /// How much of it has come, or has been read, in words.
    pub progress: RwSignal<String>,
    /// The rest of the program is there.
    pub rest: RwSignal<bool>,
    pub seam: Seam,
    /// Shown in another page, where nothing is stored.
    pub embedded: bool,
    /// Parts of the app that are there, and the commands that went with those that are not: see `custom`.
    pub switches: RwSignal<Switches>,
    pub off: RwSignal<CommandSet>,
    /// The site names layers of its own.
    pub site: RwSignal<bool>,
    pub theme: RwSignal<Theme>,
    /// Colours with more contrast than usual.
    pub contrast: RwSignal<bool>,
    pub inspector: RwSignal<bool>,
    /// The panel in which gradient and legend are edited is open.
    pub colors: RwSignal<bool>,
    /// Gradient and legend are shown beside the matrices.
    pub legend: RwSignal<bool>,
    /// What the cells show in the place of what the layer says.
    pub lens: RwSignal<Option<Lens>>,
    /// The panel of coverage is open.
    pub coverage: RwSignal<bool>,
    /// What coverage is asked of.
    pub planning: RwSignal<Planning>,
    /// Goes up whenever cells are built anew, which then know nothing of a lens.
    pub built: RwSignal<u32>,
    /// Colours given by hand, the last one first.
    pub recent_colors: RwSignal<Vec<Color>>,
    /// Layers that came by a link and are only read.
    pub guests: RwSignal<Vec<TabId>>,
    pub saving: RwSignal<Saving>,
    /// Goes up whenever a presentation changes that is going on; 0 where there is none. What it is, `present` knows.
    pub presenting: RwSignal<u32>,
    /// Another version of the app waits to be taken.
    pub update: RwSignal<bool>,
    /// The active layer's tab is a field for its name.
    pub renaming: RwSignal<bool>,
    /// Goes up whenever what is stored changes.
    pub shelf: RwSignal<u32>,
    /// Goes up whenever what is kept beside the layers changes: see `beside`.
    pub beside: RwSignal<u32>,
    /// The last thing done was done beside the layer: undo takes that back.
    pub undoes_beside: RwSignal<bool>,
    pub redoes_beside: RwSignal<bool>,
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
            standings(&knowledge.get(), &display, &platforms)
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
        let update = RwSignal::new(false);
        let (undoes_beside, redoes_beside) = (RwSignal::new(false), RwSignal::new(false));
        let presenting = RwSignal::new(0_u32);
        let embedded = browser::is_embedded();
        let off = RwSignal::new(CommandSet::default());
        let site = RwSignal::new(false);
        let situation = Memo::new(move |_| {
            let (can_undo, can_redo) = with_tab(tabs, &active.get(), |tab| {
                (tab.history.undo_title().is_some(), tab.history.redo_title().is_some())
            });
            Situation {
                target: !selection.with(Selection::is_empty) || focus.with(Option::is_some),
                can_undo: can_undo || undoes_beside.get(),
                can_redo: can_redo || redoes_beside.get(),
                reading: reading.with(Option::is_some),
                update: update.get(),
                presenting: presenting.get() > 0,
                off: off.get(),
                site: site.get(),
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
            inspected: RwSignal::new(None),
            anchor: RwSignal::new(None),
            closed: RwSignal::new(Vec::new()),
            dialog: RwSignal::new(None),
            message: RwSignal::new(None),
            reading,
            progress: RwSignal::new(String::new()),
            rest: RwSignal::new(false),
            seam,
            embedded,
            switches: RwSignal::new(if embedded { Switches::embedded() } else { Switches::ALL }),
            off,
            site,
            theme: RwSignal::new(theme),
            contrast: RwSignal::new(theme::high_contrast()),
            inspector: RwSignal::new(!embedded),
            colors: RwSignal::new(false),
            legend: RwSignal::new(true),
            lens: RwSignal::new(None),
            coverage: RwSignal::new(false),
            planning: RwSignal::new(Planning::default()),
            built: RwSignal::new(0),
            recent_colors: RwSignal::new(stored_colors()),
            guests: RwSignal::new(stored_guests()),
            saving: RwSignal::new(Saving::Saved),
            presenting,
            update,
            renaming: RwSignal::new(false),
            shelf: RwSignal::new(0),
            beside: RwSignal::new(0),
            undoes_beside,
            redoes_beside,
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

    /// Has the inspector tell of it, until something is selected or focused.
    pub fn inspect(&self, subject: Subject) {
        let (selection, focus) = (self.selection.get_untracked(), self.focus.get_untracked());
        self.inspected.set(Some(Inspected { subject, selection, focus }));
    }

    /// What the inspector tells of, if nothing has been selected or focused since.
    pub fn inspected_now(&self) -> Option<Inspected> {
        let inspected = self.inspected.get()?;
        let same = self.selection.with(|selection| *selection == inspected.selection)
            && self.focus.with(|focus| *focus == inspected.focus);
        same.then_some(inspected)
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

    /// The name of an edit of so many targets, for [`Self::edit_joined`]: what it does, and what it is on.
    pub fn join_on(what: &str, targets: &[Target]) -> String {
        format!("{what} {} {:?}", targets.len(), targets.first())
    }

    pub fn with_history(&self, change: impl FnOnce(&mut History)) {
        if self.refuses_change() {
            return;
        }
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

    /// A tab's layer as it is now, and its bundle; nothing if there is no such tab.
    pub fn layer_and_knowledge(&self, id: &TabId) -> Option<(Arc<Layer>, Arc<Knowledge>)> {
        let found = self.tabs.with(|tabs| {
            let tab = tabs.iter().find(|tab| tab.id == *id)?;
            Some((tab.history.present().clone(), tab.bundle.clone()))
        });
        found.map(|(layer, bundle)| (layer, self.bundles.with(|bundles| bundles.knowledge(&bundle))))
    }

    /// Whether a command was switched off.
    pub fn is_off(&self, command: Command) -> bool {
        self.off.get_untracked().has(command)
    }

    /// Whether the active layer came by a link and is only read; the user is told.
    pub fn refuses_change(&self) -> bool {
        let active = self.active.get_untracked();
        let refuses = self.guests.with_untracked(|guests| guests.contains(&active));
        if refuses {
            self.complain("This layer came by a link and is only read: edit a copy.");
        }
        refuses
    }

    /// The score from which on a technique of a layer is covered, wherever that is counted: what the user set, or the middle of
    /// the layer's gradient.
    pub fn threshold(&self, layer: &Layer) -> f64 {
        self.planning.with(|planning| planning.threshold).unwrap_or_else(|| coverage_threshold(&layer.gradient))
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
            browser::focus_cell_soon();
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

/// Where this browser remembers which layers are only read.
pub const GUESTS: &str = "bulkhead-guests";

fn stored_guests() -> Vec<TabId> {
    let texts = browser::setting(GUESTS).unwrap_or_default();
    texts.split(' ').filter(|id| !id.is_empty()).map(TabId::from).collect()
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

//! What is kept beside the layers: tiers of the user's own, one assignment a bundle, a view of the representation, and
//! drafts of contributions. Their one copy is here; `App::beside` goes up whenever it changes. What tiers and drafts mean is
//! `attack`'s; the commands are `retiering`'s and `drafting`'s.

use super::{
    browser,
    bundles::BundleKey,
    dom::watch,
    persistence,
    state::{App, TabId},
};
use crate::{
    attack::{
        Knowledge, TechniqueId,
        assignment::{Assignment, Judgement, Stance},
        draft::Draft,
    },
    trail::{self, Changed, Moment, Trail},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

/// What the user says of one bundle.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Own {
    pub assignment: Assignment,
    pub trail: Trail<TechniqueId, Judgement>,
    pub stance: Stance,
}

#[derive(Default)]
struct Beside {
    /// By the bundle's word.
    own: BTreeMap<String, Own>,
    drafts: BTreeMap<String, Draft>,
    trail: Trail<String, Draft>,
    /// The bundles that were judged: what they were then, and by which judgements.
    judged: Vec<(BundleKey, Arc<Knowledge>, Assignment)>,
    /// So many changes are on their way to be stored, or could not be.
    unstored: u32,
}

thread_local! {
    static BESIDE: RefCell<Beside> = RefCell::default();
}

/// Brings back what is kept, and keeps the bundles' tiers as the user sees them, from now on.
pub fn begin(app: App) {
    load(app);
    watch(move || {
        app.beside.track();
        app.bundles.track();
        judge_bundles(app);
    });
    watch(move || {
        app.beside.track();
        let here = here(app);
        let found = |ways: Ways| BESIDE.with_borrow(|all| all.goes(app, &here, ways).is_some());
        set_if_other(app.undoes_beside, found(Ways::Back));
        set_if_other(app.redoes_beside, found(Ways::Forth));
    });
    // Another window may have changed it.
    let focus = window_event_listener(leptos::ev::focus, move |_| load(app));
    on_cleanup(move || focus.remove());
}

fn load(app: App) {
    leptos::task::spawn_local(async move {
        const PAUSES: [i32; 3] = [500, 2_000, 8_000];
        let mut kept = persistence::load_beside().await;
        for pause in PAUSES {
            if kept.is_err() {
                browser::wait(pause).await;
                kept = persistence::load_beside().await;
            }
        }
        let Ok((own, drafts)) = kept else { return };
        let changed = BESIDE.with_borrow_mut(|all| {
            let mut changed = false;
            // What is not stored yet is newer than what is.
            if all.unstored > 0 {
                return false;
            }
            for (name, own) in own {
                let known = all.own.entry(name).or_default();
                changed |= known.assignment != own.assignment || known.stance != own.stance;
                *known = own;
            }
            let drafts: BTreeMap<String, Draft> = drafts.into_iter().collect();
            changed |= all.drafts != drafts;
            all.drafts = drafts;
            changed
        });
        if changed {
            app.beside.update(|beside| *beside += 1);
        }
    });
}

fn set_if_other(signal: RwSignal<bool>, value: bool) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}

/// Puts the user's tiers over the bundles: once for each change of either.
fn judge_bundles(app: App) {
    let keys: Vec<BundleKey> =
        BESIDE.with_borrow(|all| all.own.keys().map(|word| BundleKey::from_word(word)).collect());
    for key in keys {
        let own = app.bundles.with_untracked(|bundles| bundles.is_whole(&key).then(|| bundles.own(&key)));
        let Some(own) = own else { continue };
        let is_judged = app.bundles.with_untracked(|bundles| bundles.is_judged(&key));
        let assignment = assignment_of(&key);
        let done = BESIDE.with_borrow(|all| {
            let before = all.judged.iter().find(|(at, ..)| *at == key);
            before.is_some_and(|(_, knowledge, by)| Arc::ptr_eq(knowledge, &own) && *by == assignment)
        });
        if assignment.is_empty() {
            if is_judged {
                forget_judged(&key);
                app.bundles.update(|bundles| bundles.judge(&key, None));
                app.refocus();
            }
        } else if !(done && is_judged) {
            let judged = Arc::new(assignment.over(&own));
            forget_judged(&key);
            BESIDE.with_borrow_mut(|all| all.judged.push((key.clone(), own, assignment)));
            app.bundles.update(|bundles| bundles.judge(&key, Some(judged)));
            // What had the focus may stand in the other matrix now.
            app.refocus();
        }
    }
}

fn forget_judged(key: &BundleKey) {
    BESIDE.with_borrow_mut(|all| all.judged.retain(|(at, ..)| at != key));
}

// ---- tiers

/// The user's tiers for the bundle that is shown.
pub fn assignment(app: App) -> Assignment {
    app.beside.track();
    app.active.track();
    app.knowledge.track();
    assignment_of(&app.bundle())
}

pub fn assignment_of(key: &BundleKey) -> Assignment {
    BESIDE.with_borrow(|all| all.own.get(key.word()).map(|own| own.assignment.clone()).unwrap_or_default())
}

/// The user's view of the representation, by the bundle that is shown.
pub fn stance(app: App) -> Stance {
    BESIDE.with_borrow(|all| all.own.get(app.bundle().word()).map(|own| own.stance.clone()).unwrap_or_default())
}

pub fn set_stance(app: App, stance: Stance) {
    let word = app.bundle().word().to_owned();
    BESIDE.with_borrow_mut(|all| all.own.entry(word.clone()).or_default().stance = stance);
    store(app, &word, Vec::new());
}

/// Changes a bundle's tiers, as one step.
pub fn assign(app: App, key: &BundleKey, title: String, next: &Assignment) {
    let word = key.word().to_owned();
    let moment = now(app);
    let changes = BESIDE.with_borrow_mut(|all| {
        let own = all.own.entry(word.clone()).or_default();
        let changes = trail::changes(own.assignment.judgements(), next.judgements());
        own.trail.record(title, moment, changes.clone());
        own.assignment = next.clone();
        changes
    });
    if !changes.is_empty() {
        changed(app);
        store(app, &word, changes);
    }
}

/// Takes the last change of the shown bundle's tiers back, wherever it was made.
pub fn undo_tiers(app: App) {
    if !step_tiers(app, Ways::Back) {
        app.complain("There is no change of tiers to undo.");
    }
}

pub fn redo_tiers(app: App) {
    if !step_tiers(app, Ways::Forth) {
        app.complain("There is no change of tiers to do again.");
    }
}

/// Whether there is a change of the shown bundle's tiers to take back, and one to do again.
pub fn tier_steps(app: App) -> [bool; 2] {
    app.beside.track();
    BESIDE.with_borrow(|all| {
        let own = all.own.get(app.bundle().word());
        own.map_or([false; 2], |own| [own.trail.last().is_some(), own.trail.next().is_some()])
    })
}

fn step_tiers(app: App, ways: Ways) -> bool {
    let word = app.bundle().word().to_owned();
    let stepped = BESIDE.with_borrow_mut(|all| {
        let own = all.own.get_mut(&word)?;
        let (title, changes) = ways.step(&mut own.trail)?;
        trail::apply(own.assignment.judgements_mut(), &changes);
        Some((title, changes))
    });
    let Some((title, changes)) = stepped else { return false };
    changed(app);
    store(app, &word, changes);
    app.say(format!("{}: {title}.", ways.word()));
    true
}

fn store(app: App, word: &str, changes: Vec<Changed<TechniqueId, Judgement>>) {
    let word = word.to_owned();
    let own = BESIDE.with_borrow(|all| all.own.get(&word).cloned()).unwrap_or_default();
    begin_storing();
    leptos::task::spawn_local(async move {
        match persistence::store_tiers(&word, own.clone(), changes).await.inspect(|_| stored()) {
            // What another window has said comes in with it.
            Ok(there) if there.assignment != own.assignment => {
                BESIDE.with_borrow_mut(|all| {
                    let known = all.own.entry(word).or_default();
                    if known.assignment == own.assignment {
                        known.assignment = there.assignment;
                    }
                });
                changed(app);
            }
            Ok(_) => {}
            Err(error) => not_stored(app, &error),
        }
    });
}

fn begin_storing() {
    BESIDE.with_borrow_mut(|all| all.unstored += 1);
}

/// Of what can't be stored this is never said: what is stored must not take its place as long as the page is open.
fn stored() {
    BESIDE.with_borrow_mut(|all| all.unstored = all.unstored.saturating_sub(1));
}

fn not_stored(app: App, error: &str) {
    app.complain(format!("The browser does not store this: {error}. Export before you leave."));
}

fn changed(app: App) {
    app.beside.update(|beside| *beside += 1);
}

// ---- drafts

/// All drafts, by id.
pub fn drafts(app: App) -> BTreeMap<String, Draft> {
    app.beside.track();
    BESIDE.with_borrow(|all| all.drafts.clone())
}

pub fn draft(id: &str) -> Option<Draft> {
    BESIDE.with_borrow(|all| all.drafts.get(id).cloned())
}

/// Keeps a draft as it is while it is written: no step.
pub fn keep_draft(app: App, id: &str, draft: Option<Draft>) {
    BESIDE.with_borrow_mut(|all| match &draft {
        Some(draft) => drop(all.drafts.insert(id.to_owned(), draft.clone())),
        None => drop(all.drafts.remove(id)),
    });
    changed(app);
    store_draft(app, id.to_owned(), draft);
}

/// Makes one step of what was written since: from what was there before to what is there.
pub fn settle_draft(app: App, title: String, id: &str, before: Option<Draft>) {
    let moment = now(app);
    BESIDE.with_borrow_mut(|all| {
        let after = all.drafts.get(id).cloned();
        if before != after {
            all.trail.record(title, moment, vec![Changed { key: id.to_owned(), before, after }]);
        }
    });
    changed(app);
}

fn store_draft(app: App, id: String, draft: Option<Draft>) {
    begin_storing();
    leptos::task::spawn_local(async move {
        match persistence::store_draft(&id, draft.as_ref()).await {
            Ok(()) => stored(),
            Err(error) => not_stored(app, &error),
        }
    });
}

fn step_drafts(app: App, ways: Ways) -> bool {
    let stepped = BESIDE.with_borrow_mut(|all| {
        let (title, changes) = ways.step(&mut all.trail)?;
        trail::apply(&mut all.drafts, &changes);
        Some((title, changes))
    });
    let Some((title, changes)) = stepped else { return false };
    changed(app);
    changes.into_iter().for_each(|change| store_draft(app, change.key, change.after));
    app.say(format!("{}: {title}.", ways.word()));
    true
}

// ---- back and forth, in one order with the layer's own steps

/// Takes back what was done beside the layer, if that was after the layer's last step.
pub fn undo(app: App) -> bool {
    go(app, Ways::Back)
}

/// Does again what was taken back, if that comes before the layer's next step.
pub fn redo(app: App) -> bool {
    go(app, Ways::Forth)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ways {
    Back,
    Forth,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Tiers,
    Drafts,
}

fn go(app: App, ways: Ways) -> bool {
    let here = untrack(|| here(app));
    match BESIDE.with_borrow(|all| all.goes(app, &here, ways)) {
        Some(Which::Tiers) => step_tiers(app, ways),
        Some(Which::Drafts) => step_drafts(app, ways),
        None => false,
    }
}

impl Ways {
    fn step<K: Clone, V: Clone>(self, trail: &mut Trail<K, V>) -> Option<(String, Vec<Changed<K, V>>)> {
        match self {
            Self::Back => trail.undo(),
            Self::Forth => trail.redo(),
        }
    }

    fn moment<K: Clone, V: Clone>(self, trail: &Trail<K, V>) -> Option<Moment> {
        let step = match self {
            Self::Back => trail.last(),
            Self::Forth => trail.next(),
        };
        step.map(|(_, made)| made.clone())
    }

    fn word(self) -> &'static str {
        match self {
            Self::Back => "Undone",
            Self::Forth => "Done again",
        }
    }
}

impl Beside {
    /// Which of the trails a step is taken on, if any: back the latest one, forth the earliest one.
    fn goes(&self, app: App, (layer, step): &(TabId, u32), ways: Ways) -> Option<Which> {
        let tiers = self.own.get(app.bundle().word()).and_then(|own| ways.moment(&own.trail));
        let drafts = ways.moment(&self.trail);
        let may = |moment: &Moment| match ways {
            Ways::Back => moment.goes_before(layer, *step),
            Ways::Forth => moment.comes_before(layer, *step),
        };
        match (tiers.filter(&may), drafts.filter(&may)) {
            (Some(tiers), Some(drafts)) if (tiers.time < drafts.time) == (ways == Ways::Back) => Some(Which::Drafts),
            (Some(_), _) => Some(Which::Tiers),
            (None, Some(_)) => Some(Which::Drafts),
            (None, None) => None,
        }
    }
}

/// The active layer, and how many steps led to it.
fn here(app: App) -> (TabId, u32) {
    let active = app.active.get();
    let step = app.tabs.with(|tabs| tabs.iter().find(|tab| tab.id == active).map_or(0, |tab| tab.history.at()));
    (active, step)
}

fn now(app: App) -> Moment {
    let (layer, step) = untrack(|| here(app));
    Moment { layer: layer.to_string(), step, time: browser::time() }
}

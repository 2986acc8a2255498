//! What the hand holds over the matrices: the menu of a cell, the tooltip, a note that is being written, and annotations
//! that were copied. Which event opens them is the grid's; how they look is `components`'.

use super::{
    browser, choice,
    command::{Command, Group},
    grid, run, select,
    selection::{Selection, at},
    state::{App, Focus},
};
use crate::{
    attack::{TacticName, TechniqueId, Tier, TierSet},
    export,
    layer::{Combine, Edit, Key, Link, Marks, Metadata, Target, is_safe_url},
    matrix::{MatrixKind, Placement},
};
use leptos::prelude::*;

/// Under this name the browser remembers whether tooltips are wanted.
const TOOLTIPS: &str = "tooltips";

#[derive(Clone, Copy)]
pub struct Hand {
    pub menu: RwSignal<Option<OpenMenu>>,
    pub tip: RwSignal<Option<Tip>>,
    /// Whether tooltips come by themselves.
    pub tooltips: RwSignal<bool>,
    pub note: RwSignal<Option<Note>>,
    pub copied: RwSignal<Option<Copied>>,
    /// Set while a tooltip is waited for, and while one is to go.
    pub waiting: StoredValue<grid::Waiting>,
}

/// A context menu, and where on the screen it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenMenu {
    pub about: About,
    pub at: (f64, f64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    Cell(Focus),
    Tactic(TacticName),
}

/// The tooltip of a cell. A pinned one stays until it is unpinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tip {
    pub of: Focus,
    pub pinned: bool,
}

/// A note that is being written, and the cell beside which it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub targets: Vec<Target>,
    pub beside: Option<Focus>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Copied {
    from: TechniqueId,
    marks: Marks,
    /// How its two tiers' marks become one where it is copied from.
    combine: Combine,
    metadata: Vec<Metadata>,
    links: Vec<Link>,
}

impl Hand {
    pub fn new() -> Self {
        Self {
            menu: RwSignal::new(None),
            tip: RwSignal::new(None),
            tooltips: RwSignal::new(browser::setting(TOOLTIPS).as_deref() != Some("off")),
            note: RwSignal::new(None),
            copied: RwSignal::new(None),
            waiting: StoredValue::new(grid::Waiting::default()),
        }
    }
}

impl Focus {
    pub fn key(&self) -> Key {
        Key::new(self.technique.clone(), self.tactic.clone())
    }
}

// ---- context menu

pub fn open_menu(app: App) {
    if let Some(focus) = app.focus.get_untracked() {
        let area = grid::area_of(app, &focus);
        let at = area.map_or((0.0, 0.0), |area| (area.left + 12.0, area.bottom().min(area.top + 40.0)));
        show_menu(app, OpenMenu { about: About::Cell(focus), at });
    }
}

pub fn show_menu(app: App, menu: OpenMenu) {
    grid::hide_tooltip(app);
    app.hand.menu.set(Some(menu));
}

/// Runs a command of a context menu. One that annotates is about the selection if the cell is in it, and else about the
/// cell, which is selected then.
pub fn perform(app: App, about: &About, command: Command) {
    match (about, command) {
        (About::Tactic(name), Command::SelectTactic) => select::tactic(app, name, select::How::Add),
        (About::Tactic(name), Command::SelectTacticNone) => select::tactic(app, name, select::How::Remove),
        (About::Tactic(name), Command::ViewTacticPage) => view_page_of_tactic(app, name),
        (About::Cell(focus), command) => {
            let annotates = command.group() == Group::Annotate && command != Command::AnnotateCopy;
            if (annotates || command == Command::TiersRetier) && !is_selected(app, focus) {
                select::focused(app, select::How::Only);
            }
            run::run(app, command);
        }
        (About::Tactic(_), command) => run::run(app, command),
    }
}

pub fn is_selected(app: App, focus: &Focus) -> bool {
    app.selection.with_untracked(|selection| selection.covers(&focus.key(), tier(app, focus.matrix)))
}

/// The tier that a cell of a matrix stands for.
fn tier(app: App, kind: MatrixKind) -> Option<Tier> {
    kind.tier().filter(|_| app.apart())
}

// ---- tooltip

pub fn switch_tooltips(app: App) {
    let on = !app.hand.tooltips.get_untracked();
    app.hand.tooltips.set(on);
    browser::remember_setting(TOOLTIPS, if on { "on" } else { "off" });
    grid::hide_tooltip(app);
    app.say(if on { "Tooltips come where the pointer rests." } else { "Tooltips come only where they are pinned." });
}

/// Pins the focused cell's tooltip, or unpins the one that is pinned.
pub fn pin(app: App) {
    if app.hand.tip.with_untracked(|tip| tip.as_ref().is_some_and(|tip| tip.pinned)) {
        unpin(app);
    } else if let Some(focus) = app.focus.get_untracked() {
        pin_at(app, focus);
    }
}

pub fn pin_at(app: App, of: Focus) {
    grid::hide_tooltip(app);
    app.hand.tip.set(Some(Tip { of, pinned: true }));
}

/// The cell has the focus again if the tooltip had it.
pub fn unpin(app: App) {
    let had_focus = browser::document().query_selector(".tooltip:focus-within").ok().flatten().is_some();
    app.hand.tip.set(None);
    if had_focus {
        browser::focus_cell_soon();
    }
}

// ---- pages at the source

pub fn view_technique(app: App) {
    let Some(focus) = app.focus.get_untracked() else { return };
    let knowledge = app.knowledge.get_untracked();
    let url = knowledge.technique(&focus.technique).and_then(|technique| technique.url.as_deref());
    view(app, url, focus.technique.as_str());
}

pub fn view_tactic(app: App) {
    if let Some(focus) = app.focus.get_untracked() {
        view_page_of_tactic(app, &focus.tactic);
    }
}

fn view_page_of_tactic(app: App, name: &TacticName) {
    let knowledge = app.knowledge.get_untracked();
    let tactic = knowledge.tactic(name);
    view(app, tactic.and_then(|it| it.url.as_deref()), tactic.map_or(name.as_str(), |it| &it.name));
}

fn view(app: App, url: Option<&str>, name: &str) {
    match url.filter(|url| is_safe_url(url)) {
        Some(url) => browser::open_page(url),
        None => app.complain(format!("The bundle has no page for {name}.")),
    }
}

// ---- note

pub fn open_note(app: App) {
    if app.refuses_change() {
        return;
    }
    let targets = app.targets();
    let beside = app.focus.get_untracked();
    grid::hide_tooltip(app);
    app.hand.note.set(Some(Note { targets, beside }));
}

/// Puts the note under the comments that are there, or in their place.
pub fn write_note(app: App, note: Note, text: &str, replaces: bool) {
    let text = text.trim().to_owned();
    app.hand.note.set(None);
    if text.is_empty() {
        return;
    }
    app.edit(&if replaces { Edit::Comment(note.targets, text) } else { Edit::AddToComment(note.targets, text) });
}

// ---- copy and paste

pub fn copy(app: App) {
    let from = app.focus.get_untracked().map(|focus| (focus.key(), tier(app, focus.matrix)));
    let Some((key, tier)) = from.or_else(|| app.targets().into_iter().next().map(|target| (target.key, target.tier)))
    else {
        return;
    };
    let layer = app.layer.get_untracked();
    let knowledge = app.knowledge.get_untracked();
    let entry = layer.annotations.about(&key).filter(|entry| entry.is_annotated());
    let Some(entry) = entry else {
        app.complain(format!("{} has no annotations to copy.", key.technique));
        return;
    };
    let marks = match tier {
        Some(tier) => Marks::Together(entry.marks.of(tier).clone()),
        None => entry.marks.clone(),
    };
    let copied = Copied {
        from: key.technique.clone(),
        marks,
        combine: layer.tier_scoring.combine(),
        metadata: entry.metadata.clone(),
        links: entry.links.clone(),
    };
    // Pasting here needs no clipboard: where there is none, nothing is missed.
    let written = browser::put_on_clipboard(&export::annotation_text(&layer, &knowledge, &key, tier));
    leptos::task::spawn_local(async move {
        let _ = written.await;
    });
    app.hand.copied.set(Some(copied));
    app.say(format!("Copied what is said of {}: select where it goes, then paste.", key.technique));
}

pub fn paste(app: App) {
    let Some(Copied { from, marks, combine, metadata, links }) = app.hand.copied.get_untracked() else { return };
    if app.refuses_change() {
        return;
    }
    let targets = app.targets();
    let on = choice::counted(choice::techniques(&targets));
    let knowledge = app.knowledge.get_untracked();
    let paste = |targets: Vec<Target>, marks: Marks| Edit::Paste(targets, marks, metadata.clone(), links.clone());
    // A technique of one tier takes that tier's mark: it has no second one.
    let in_tiers = |wanted: TierSet| -> Vec<Target> {
        targets.iter().filter(|target| knowledge.tiers_of(&target.key.technique) == wanted).cloned().collect()
    };
    // A layer that is scored together has no rule of its own for two marks.
    let both = if app.apart() { marks.clone() } else { Marks::Together(marks.combined(combine)) };
    let mut edits = vec![paste(in_tiers(TierSet::Both), both)];
    edits.extend(Tier::ALL.map(|tier| paste(in_tiers(TierSet::One(tier)), Marks::Together(marks.of(tier).clone()))));
    app.edit(&Edit::Steps("paste annotations", edits));
    app.say(format!("Pasted what is said of {from} on {on}."));
}

/// The placement that a context menu or tooltip is about, as the layout has it.
pub fn cell_of(app: App, focus: &Focus) -> Option<(Placement, crate::matrix::Cell)> {
    let position = app.position_of(focus)?;
    app.matrices.with_untracked(|matrices| {
        let (_, tactic, cell) = at(matrices, position)?;
        Some(((cell.technique.clone(), tactic.clone()), cell.clone()))
    })
}

/// How many techniques the annotating commands of a cell's menu are about.
pub fn annotated_together(app: App, focus: &Focus) -> usize {
    if is_selected(app, focus) { app.selection.with_untracked(Selection::techniques_count) } else { 1 }
}

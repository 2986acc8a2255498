//! Presenting: the open layers as slides, step by step, over the whole screen. Which steps there are is `layer::deck`'s, how
//! large text can be is `matrix::fit`'s; here is what is shown at a moment, and what commands make of it.

mod bar;
mod card;
mod deck_edits;
mod keys;
mod look;
mod matrices;
mod overview;
mod room;
mod slide;
mod window;

pub use deck_edits::{Undos, all_in_order, arrange, edit_slide, undo};
pub use keys::KEYS;
pub use look::{look_fields, stored as stored_look};
pub use matrices::{Frame, Stood};
pub use room::place;
pub use slide::{Scene, Slide};

use super::{
    bearing::Says,
    browser,
    command::Command,
    persistence,
    state::{App, Tab, TabId},
};
use crate::{
    attack::{Knowledge, TechniqueId},
    layer::{
        Display, ExpandedSubtechniques, Layer, LayoutKind,
        deck::{self, Scenery, Shot},
    },
    matrix,
};
use leptos::prelude::*;
use std::{cell::RefCell, sync::Arc};

/// A presentation that is going on.
#[derive(Debug, Clone, PartialEq)]
pub struct Presenting {
    /// The layers that are slides, in their order.
    pub slides: Arc<[TabId]>,
    pub shots: Arc<[Shot]>,
    /// Which shot is seen.
    pub at: usize,
    pub overview: bool,
    pub blank: Option<Blank>,
    pub pointer: bool,
}

/// What the screen is without a slide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    Black,
    White,
}

impl Blank {
    fn word(self) -> &'static str {
        match self {
            Self::Black => "black",
            Self::White => "white",
        }
    }
}

impl Presenting {
    pub fn shot(&self) -> Option<&Shot> {
        self.shots.get(self.at)
    }

    pub fn next_shot(&self) -> Option<&Shot> {
        self.shots.get(self.at + 1)
    }

    /// The layer of a shot.
    pub fn layer_of(&self, shot: &Shot) -> Option<&TabId> {
        self.slides.get(shot.slide)
    }
}

pub fn perform(app: App, command: Command) {
    match command {
        Command::PresentStart => start(app),
        Command::PresentNext => go(app, |it| (it.at + 1).min(it.shots.len().saturating_sub(1))),
        Command::PresentPrevious => go(app, |it| it.at.saturating_sub(1)),
        Command::PresentNextSlide => go(app, |it| deck::next_slide(&it.shots, it.at)),
        Command::PresentPreviousSlide => go(app, |it| deck::previous_slide(&it.shots, it.at)),
        Command::PresentOverview => change(app, |it| it.overview = !it.overview),
        Command::PresentPointer => change(app, |it| it.pointer = !it.pointer),
        Command::PresentBlank => blank(app, Blank::Black),
        Command::PresentWindow => window::open(app),
        Command::PresentStop => stop(app),
        _ => {}
    }
}

/// Begins with the layer that is shown, full screen where the browser lets us.
fn start(app: App) {
    if app.presenting.get_untracked() > 0 {
        return;
    }
    // At once: a moment later the browser takes it for nobody's wish.
    room::fill_screen();
    app.dialog.set(None);
    app.message.set(None);
    leptos::task::spawn_local(async move {
        let tabs = slides_of(app);
        if tabs.is_empty() {
            room::leave_full_screen();
            return app.complain("All open layers are left out of the presentation: prepare it first.");
        }
        if let Err(error) = persistence::bring_bundles(app, &tabs).await {
            app.complain(error);
        }
        let (slides, shots) = shots_of(app, &tabs);
        let active = app.active.get_untracked();
        let first = slides.iter().position(|id| *id == active).and_then(|slide| deck::start_of(&shots, slide));
        let at = first.unwrap_or(0);
        put(app, Some(Presenting { slides, shots, at, overview: false, blank: None, pointer: false }));
    });
}

fn stop(app: App) {
    window::close();
    room::leave_full_screen();
    put(app, None);
    browser::focus_cell_soon();
}

/// Whatever hides the slide goes, too.
fn go(app: App, to: impl Fn(&Presenting) -> usize) {
    change(app, |it| (it.at, it.overview, it.blank) = (to(it), false, None));
}

/// To a shot by its number.
pub fn go_to(app: App, at: usize) {
    go(app, |it| at.min(it.shots.len().saturating_sub(1)));
}

fn blank(app: App, with: Blank) {
    change(app, |it| it.blank = if it.blank.is_some() { None } else { Some(with) });
}

fn change(app: App, change: impl FnOnce(&mut Presenting)) {
    let Some(mut next) = peek(Clone::clone) else { return };
    change(&mut next);
    put(app, Some(next));
}

thread_local! {
    /// The presentation that is going on. The state has only its number, of a type that the first visit has anyway.
    static NOW: RefCell<Option<Presenting>> = const { RefCell::new(None) };
}

fn put(app: App, next: Option<Presenting>) {
    let is_none = next.is_none();
    NOW.with_borrow_mut(|now| *now = next);
    app.presenting.update(|number| *number = if is_none { 0 } else { *number + 1 });
}

/// Reads the presentation, and follows what becomes of it.
pub fn with<T>(app: App, read: impl FnOnce(&Option<Presenting>) -> T) -> T {
    app.presenting.track();
    peek(read)
}

fn peek<T>(read: impl FnOnce(&Option<Presenting>) -> T) -> T {
    NOW.with_borrow(read)
}

/// The tabs that are slides, in their order.
pub fn slides_of(app: App) -> Vec<Tab> {
    let tabs = app.tabs.get_untracked();
    let layers: Vec<Arc<Layer>> = tabs.iter().map(|tab| tab.history.present().clone()).collect();
    let order = deck::slides(layers.iter().map(|layer| &layer.slide));
    order.into_iter().filter_map(|at| tabs.get(at).cloned()).collect()
}

fn shots_of(app: App, tabs: &[Tab]) -> (Arc<[TabId]>, Arc<[Shot]>) {
    let mut shots = Vec::new();
    for (slide, tab) in tabs.iter().enumerate() {
        let layer = tab.history.present();
        let knowledge = app.bundles.with_untracked(|bundles| bundles.knowledge(&tab.bundle));
        shots.extend(deck::shots(slide, layer, &scenery(layer, &knowledge)));
    }
    (tabs.iter().map(|tab| tab.id.clone()).collect(), shots.into())
}

/// What of a bundle a layer's steps go through: all that its unified matrix has.
pub fn scenery(layer: &Layer, knowledge: &Knowledge) -> Scenery {
    let display = Display {
        representation: crate::layer::Representation::Unified,
        expanded: ExpandedSubtechniques::All,
        layout: LayoutKind::Flat,
        empty_tactics: false,
        ..layer.display.clone()
    };
    let matrices = matrix::lay_out(knowledge, &display, &layer.platforms, &Says(layer));
    let mut scenery = Scenery::default();
    for column in matrices.iter().flat_map(|matrix| &matrix.columns) {
        scenery.tactics.push(column.tactic.clone());
        for cell in &column.cells {
            let id: &TechniqueId = &cell.technique;
            if !scenery.techniques.contains(id) {
                scenery.techniques.push(id.clone());
            }
        }
    }
    scenery
}

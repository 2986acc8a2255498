//! Opening the menu of a cell or of a tactic: with the secondary button, or a finger that stays where it is. Keys are
//! commands; what is in the menu is `components`'.

use super::places::position_of;
use crate::{
    app::{
        hand::{About, OpenMenu, show_menu},
        state::App,
    },
    attack::TacticName,
};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};

/// How long a finger stays before it asks for the menu.
pub const LONG_PRESS: Duration = Duration::from_millis(550);

/// Opens the menu of what is under the pointer. Elsewhere the browser's own menu comes.
pub fn opened(app: App, event: &MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let at = (f64::from(event.client_x()), f64::from(event.client_y()));
    if target.is_some_and(|target| open(app, &target, at)) {
        event.prevent_default();
    }
}

/// Whether there was something to open a menu of.
pub fn open(app: App, target: &Element, at: (f64, f64)) -> bool {
    let Some(about) = about(app, target) else { return false };
    show_menu(app, OpenMenu { about, at });
    true
}

/// The cell takes the focus, since commands are about what has it; the selection stays as it is.
fn about(app: App, target: &Element) -> Option<About> {
    if let Some(cell) = target.closest(".cell").ok().flatten() {
        let focus = app.focus_at(position_of(&cell)?)?;
        app.focus.set(Some(focus.clone()));
        let _ = cell.dyn_ref::<HtmlElement>()?.focus();
        return Some(About::Cell(focus));
    }
    tactic_of(target).map(About::Tactic)
}

/// The tactic whose header an element is in.
pub fn tactic_of(target: &Element) -> Option<TacticName> {
    let header = target.closest("[role=columnheader]").ok().flatten()?;
    TacticName::parse(&header.get_attribute("data-tactic")?).ok()
}

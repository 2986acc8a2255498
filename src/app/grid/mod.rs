//! The matrices on the screen. `view` says what each cell shows, `painter` puts it into the page and changes only what
//! changed, `pointer` and `keys` turn the user's hand into selections and commands, `context` and `tooltip` into what comes
//! beside a cell.

mod context;
mod counts;
mod keys;
mod painter;
mod parts;
mod pointer;
mod tooltip;
mod view;

pub use tooltip::{Waiting, area_of, hide_tooltip, leave_tooltip, stay_tooltip};

use super::{
    dom::{El, el, watch},
    state::App,
};
use leptos::prelude::*;
use painter::{Painter, Scene};
use std::{cell::RefCell, rc::Rc};

/// The stage with its matrices. The cells are painted by hand rather than by a reactive node each: a matrix has up to
/// nine hundred, and an edit of all of them must be seen within a frame or three.
pub fn stage(app: App) -> El {
    let host = el("div", "matrices");
    let stage = el("div", "stage").attr("data-region", "stage").child(&host);
    pointer::listen(app, host.node());
    keys::listen(app, host.node());
    tooltip::listen(app, host.node());
    let painter = Rc::new(RefCell::new(Painter::new(host.node())));
    let painted = painter.clone();
    watch(move || {
        let layer = app.layer.get();
        let knowledge = app.knowledge.get();
        let matrices = app.matrices.get();
        let theme = app.theme.get();
        let standing = app.standing.get();
        let second = app.second_layer.get();
        let built = app.selection.with(|selection| {
            painted.borrow_mut().paint(&Scene {
                layer: &layer,
                knowledge: &knowledge,
                matrices: &matrices,
                standing: &standing,
                second: second.as_deref(),
                selection,
                theme,
            })
        });
        if built {
            settle_focus(app, &painted);
        }
    });
    watch(move || {
        app.focus.track();
        settle_focus(app, &painter);
    });
    stage
}

/// Makes the focused cell the one that Tab reaches, and gives it back the keyboard if it had it before the cells were built
/// anew.
fn settle_focus(app: App, painter: &RefCell<Painter>) {
    let focus = app.focus.get_untracked();
    let Some(cell) = painter::rove(focus.and_then(|focus| app.position_of(&focus))) else { return };
    let lost = std::mem::take(&mut painter.borrow_mut().lost_focus);
    if lost {
        let _ = cell.focus();
    }
}

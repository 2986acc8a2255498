//! The matrices on the screen. `view` says what each cell shows, `painter` puts it into the page and changes only what
//! changed, `pointer` and `keys` turn the user's hand into selections and commands, `context` and `tooltip` into what comes
//! beside a cell.

mod context;
mod counts;
mod frame;
mod keys;
mod painter;
mod parts;
mod places;
mod pointer;
mod sight;
mod tooltip;
mod view;

pub use painter::{Painter, Scene};
pub use pointer::DRAG_STARTS;
pub use tooltip::{Waiting, area_of, hide_tooltip, leave_tooltip, stay_tooltip};
pub use view::Look;

use super::{
    browser,
    dom::{El, el, watch},
    state::App,
};
use leptos::prelude::*;
use painter::Painted;
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
        let Painted { built, more } = with_scene(app, |scene| painted.borrow_mut().paint(scene));
        if built {
            app.built.update(|times| *times += 1);
            settle_focus(app, &painted);
        }
        if more {
            go_on(app, painted.clone(), if built { browser::soon } else { browser::after_showing });
        }
    });
    watch(move || {
        app.focus.track();
        settle_focus(app, &painter);
    });
    stage
}

/// With what is to be seen just now.
fn with_scene<T>(app: App, paint: impl FnOnce(&Scene) -> T) -> T {
    let layer = app.layer.get();
    let knowledge = app.knowledge.get();
    let matrices = app.matrices.get();
    let look = view::Look { theme: app.theme.get(), switches: app.switches.get() };
    let standing = app.standing.get();
    let second = app.second_layer.get();
    app.selection.with(|selection| {
        paint(&Scene {
            threshold: app.threshold(&layer),
            layer: &layer,
            knowledge: &knowledge,
            matrices: &matrices,
            standing: &standing,
            second: second.as_deref(),
            selection,
            ids: places::STAGE,
            look,
        })
    })
}

/// Goes on with what a painting has left, portion by portion, each after the browser has shown the one before.
fn go_on(app: App, painter: Rc<RefCell<Painter>>, when: fn(Box<dyn FnOnce()>)) {
    if std::mem::replace(&mut painter.borrow_mut().going_on, true) {
        return;
    }
    when(Box::new(move || {
        painter.borrow_mut().going_on = false;
        if untrack(|| with_scene(app, |scene| painter.borrow_mut().go_on(scene))) {
            go_on(app, painter.clone(), browser::after_showing);
        }
    }));
}

/// Makes the focused cell the one that Tab reaches, and gives it back the keyboard if it had it before the cells were built
/// anew.
fn settle_focus(app: App, painter: &RefCell<Painter>) {
    let focus = app.focus.get_untracked();
    let Some(cell) = places::rove(focus.and_then(|focus| app.position_of(&focus))) else { return };
    let lost = std::mem::take(&mut painter.borrow_mut().lost_focus);
    if lost {
        let _ = cell.focus();
    }
}

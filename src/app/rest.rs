//! The rest of the program. What the first matrix can do without is in a file of its own, which comes once that matrix is
//! painted: dialogs, panels and menus when they are opened, and whatever commands do. All that only [`make`] leads to is
//! in it; the build takes the program apart there (feature `split`). Until it is there, parts are left out and what is to
//! be done waits for it, in order.

mod styles;

use super::{
    browser,
    bundles::BundleKey,
    command::Command,
    components::{
        Choose, Which, banners, colors_panel, coverage_panel, dialog, floating_parts, inspected, lens, menu_items,
        menu_list, subject_page,
    },
    customizing, detections,
    dom::El,
    offer, offline, open, print, run,
    state::{App, Dialog, Lens},
};
use crate::attack::{Subject, TechniqueId};
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use web_sys::{DataTransfer, FileList};

/// Something that is there only once the rest is.
pub enum Part {
    Dialog(Dialog),
    Menu {
        label: &'static str,
        which: Which,
        choose: Choose,
    },
    /// What the inspector tells of techniques.
    Inspected(Vec<TechniqueId>),
    /// What the inspector tells of anything else.
    Subject(Subject),
    Colors,
    /// The panel of coverage.
    Coverage,
    /// The legend of a lens, and what puts it over the cells.
    Lens(Lens),
    /// Context menu, tooltip and note.
    Floating,
    /// What stands above everything: the site's banner, and in another page whose matrix it is.
    Banners,
}

/// Something that only the rest can do.
pub enum Deed {
    Run(Command),
    Files(FileList),
    /// What was dropped, and the files among it: the first is to be had only at once.
    Drop(DataTransfer, Option<FileList>),
    /// Puts the layer on a bundle that was opened before.
    Show(BundleKey),
    /// Fetches the bundle that the active layer names.
    OwnBundle,
    /// What the page's address asks for.
    Address,
    /// What is begun once all of the program is there.
    Settle,
}

/// What the rest is asked for.
pub enum Asked {
    Part(Part),
    Deed(Deed),
}

/// What it answers: elements, where it was asked for some.
pub type Made = Vec<El>;

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// How the program is put together again.
#[derive(Clone, Copy)]
pub struct Seam {
    /// Loads the rest; whether that worked.
    pub load: fn() -> Later<bool>,
    /// [`make`], which is there at once when the rest is; nothing where it could not be loaded.
    pub make: fn(App, Asked) -> Later<Option<Made>>,
}

thread_local! {
    static WAITING: RefCell<Vec<Deed>> = const { RefCell::new(Vec::new()) };
    static LOADING: Cell<bool> = const { Cell::new(false) };
    /// The first matrix is painted: before that nothing is loaded but what paints it.
    static MAY_LOAD: Cell<bool> = const { Cell::new(false) };
}

/// A part's elements; none until the rest is there, and whoever asked in an effect is asked again then.
pub fn part(app: App, part: Part) -> Vec<El> {
    if app.rest.get() {
        return now(app, Asked::Part(part)).unwrap_or_default();
    }
    ask(app);
    Vec::new()
}

/// Does it now, or as soon as the rest is there.
pub fn act(app: App, deed: Deed) {
    if app.rest.get_untracked() {
        let _ = now(app, Asked::Deed(deed));
        return;
    }
    WAITING.with_borrow_mut(|waiting| waiting.push(deed));
    ask(app);
}

/// Loads the rest, now that the first matrix is painted.
pub fn load(app: App) {
    MAY_LOAD.set(true);
    ask(app);
}

/// Loads the rest, unless it is there, on its way, or too early.
fn ask(app: App) {
    if !MAY_LOAD.get() || app.rest.get_untracked() || LOADING.replace(true) {
        return;
    }
    leptos::task::spawn_local(async move {
        // In milliseconds, before each try.
        const PAUSES: [i32; 4] = [0, 500, 2_000, 8_000];
        for pause in PAUSES {
            if pause > 0 {
                browser::wait(pause).await;
            }
            let styles = styles::load();
            if (app.seam.load)().await & styles.await {
                LOADING.set(false);
                app.rest.set(true);
                act(app, Deed::Settle);
                WAITING.take().into_iter().for_each(|deed| act(app, deed));
                return;
            }
        }
        LOADING.set(false);
        app.complain("A part of Bulkhead could not be loaded. Check the connection, and try again.");
    });
}

/// The answer of the rest, which is known to be there.
fn now(app: App, asked: Asked) -> Option<Made> {
    match (app.seam.make)(app, asked).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(made) => made,
        Poll::Pending => None,
    }
}

/// What the rest does.
pub fn make(app: App, asked: Asked) -> Made {
    match asked {
        Asked::Part(Part::Dialog(asked)) => vec![dialog(app, asked)],
        Asked::Part(Part::Menu { label, which, choose }) => {
            vec![menu_list(app, label, menu_items(app, which), &choose)]
        }
        Asked::Part(Part::Inspected(ids)) => inspected(app, &ids),
        Asked::Part(Part::Subject(subject)) => subject_page(app, &subject),
        Asked::Part(Part::Colors) => vec![colors_panel(app)],
        Asked::Part(Part::Coverage) => vec![coverage_panel(app)],
        Asked::Part(Part::Lens(asked)) => vec![lens(app, asked)],
        Asked::Part(Part::Floating) => floating_parts(app),
        Asked::Part(Part::Banners) => banners(app),
        Asked::Deed(deed) => {
            match deed {
                Deed::Run(command) => run::perform(app, command),
                Deed::Show(bundle) => run::use_bundle(app, bundle),
                Deed::Files(list) => open::files(app, &list),
                Deed::Drop(dropped, files) => detections::drop(app, &dropped, files.as_ref()),
                Deed::OwnBundle => offer::fetch_own_bundle(app),
                Deed::Address => open::follow_address(app),
                Deed::Settle => {
                    offline::begin(app);
                    print::listen(app);
                    customizing::begin(app);
                    browser::mark("everything-loaded");
                }
            }
            Vec::new()
        }
    }
}

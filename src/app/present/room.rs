//! The room of a presentation: the slide over everything else, its controls, the pointer, the blank screen, and the overview.

use super::{
    Presenting, Slide,
    bar::bar,
    keys,
    look::stored,
    overview::{overview, words},
    peek, slide, window, with,
};
use crate::{
    app::{
        browser,
        dom::{El, derived, el, hear, set_or_remove, watch},
        state::App,
    },
    layer::deck::Shot,
};
use leptos::prelude::*;
use std::{cell::Cell, rc::Rc, time::Duration};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, PointerEvent};

/// After so long without a move the pointer and the controls go.
const IDLE: Duration = Duration::from_millis(2_500);

/// Where a presentation is while there is one.
pub fn place(app: App) -> El {
    let presents = derived(move || app.presenting.get() > 0);
    watch(move || {
        if let Some(root) = browser::document().document_element() {
            set_or_remove(&root, "data-presenting", presents.get().then_some(""));
        }
    });
    el("div", "present-place").holds(move || if presents.get() { vec![room(app)] } else { Vec::new() })
}

fn room(app: App) -> El {
    let look = stored();
    let size = RwSignal::new(browser::window_size());
    hear(&browser::window(), "resize", Box::new(move |_| size.set(browser::window_size())));
    keys::listen(app, &browser::document());
    listen_to_full_screen(app);

    let slide = Slide::new("shown");
    let root = slide.root.clone();
    let spot = el("div", "present-spot").attr("aria-hidden", "true");
    let said = el("p", "visually-hidden").attr("role", "status").says(move || said(app));
    let shown = derived(move || with(app, |it| it.as_ref().map(|it| (it.at, it.slides.clone()))));
    let blank = move || with(app, |it| it.as_ref().and_then(|it| it.blank).map(|it| it.word().to_owned()));
    let opens = derived(move || with(app, |it| it.as_ref().is_some_and(|it| it.overview)));
    let room = el("section", "present")
        .attr("data-region", "presentation")
        .attr("aria-label", "Presentation")
        .attr("tabindex", "-1")
        .has("data-blank", blank)
        .has("data-pointer", move || pointer(app).then(String::new))
        .child(&root)
        .child(&spot)
        .child(&el("div", "present-blank"))
        .child(&bar(app))
        .child(&el("div", "overview-place").holds(move || {
            shown.track();
            let presenting = opens.get().then(|| peek(Clone::clone)).flatten();
            presenting.map(|presenting| overview(app, &presenting)).into_iter().collect()
        }))
        .child(&said);
    let room = keys::listen_to_hand(app, follow_pointer(room, &spot));
    watch(move || {
        if opens.get() {
            browser::focus_soon(".present-overview [aria-current]");
        } else {
            browser::focus_soon(".present");
        }
    });
    // Once it is in the page, where it can be measured.
    let owner = Owner::current().unwrap_or_default();
    request_animation_frame(move || {
        owner.with(|| {
            watch(move || {
                size.track();
                if let Some(scene) = scene(app, look, |it| it.shot().cloned()) {
                    slide.show(&scene);
                }
            });
        });
    });
    window::follow();
    room
}

/// What is to be seen of a shot: with the layer as it is now.
pub fn scene(app: App, look: super::look::Look, which: impl Fn(&Presenting) -> Option<Shot>) -> Option<slide::Scene> {
    let (shot, id, progress) = with(app, |presenting| {
        let presenting = presenting.as_ref()?;
        let shot = which(presenting)?;
        let id = presenting.layer_of(&shot)?.clone();
        Some((shot, id, progress(presenting)))
    })?;
    let (layer, knowledge) = app.layer_and_knowledge(&id)?;
    let threshold = app.threshold(&layer);
    Some(slide::Scene {
        layer,
        threshold,
        knowledge,
        shot,
        only: Vec::new(),
        folds: true,
        progress,
        theme: app.theme.get(),
        look,
    })
}

fn progress(presenting: &Presenting) -> String {
    format!("{} / {}", presenting.at + 1, presenting.shots.len())
}

fn pointer(app: App) -> bool {
    with(app, |it| it.as_ref().is_some_and(|it| it.pointer))
}

/// For those who hear.
fn said(app: App) -> String {
    let said = with(app, |presenting| {
        let presenting = presenting.as_ref()?;
        let shot = presenting.shot()?.clone();
        let id = presenting.layer_of(&shot)?.clone();
        Some((shot, id, presenting.at, presenting.shots.len()))
    });
    let Some((shot, id, at, all)) = said else { return String::new() };
    let Some((layer, knowledge)) = app.layer_and_knowledge(&id) else { return String::new() };
    format!("{}: {}, {} of {all}", layer.name, words(&knowledge, &shot), at + 1)
}

/// The pointer's place, and whether it rests.
fn follow_pointer(room: El, spot: &El) -> El {
    let (style, moved) = (spot.node().style(), Rc::new(Cell::new(0_u32)));
    let node = room.node().clone();
    let rest = move || {
        let times = moved.get().wrapping_add(1);
        moved.set(times);
        let (node, moved) = (node.clone(), moved.clone());
        set_timeout(
            move || {
                if moved.get() == times {
                    let _ = node.set_attribute("data-idle", "");
                }
            },
            IDLE,
        );
    };
    rest();
    let node = room.node().clone();
    room.on("pointermove", move |event| {
        let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
        let _ = style.set_property("--x", &format!("{}px", event.client_x()));
        let _ = style.set_property("--y", &format!("{}px", event.client_y()));
        let _ = node.remove_attribute("data-idle");
        rest();
    })
}

// ---- full screen

/// Where the browser refuses, the room fills the window.
pub fn fill_screen() {
    if let Some(root) = browser::document().document_element() {
        // A refusal is a promise that fails, or no promise at all.
        if let Ok(asked) = js_sys::Reflect::get(&root, &"requestFullscreen".into())
            && asked.is_function()
            && let Ok(promise) = asked.unchecked_into::<js_sys::Function>().call0(&root)
            && let Ok(promise) = promise.dyn_into::<js_sys::Promise>()
        {
            leptos::task::spawn_local(async move { drop(JsFuture::from(promise).await) });
        }
    }
}

pub fn leave_full_screen() {
    if is_full_screen() {
        browser::document().exit_fullscreen();
    }
}

pub fn switch_full_screen() {
    if is_full_screen() {
        LEAVES_FOR_WINDOW.set(true);
        leave_full_screen();
    } else {
        fill_screen();
    }
}

fn is_full_screen() -> bool {
    browser::document().fullscreen_element().is_some()
}

thread_local! {
    /// Full screen ends because of something else than the wish to leave.
    static LEAVES_FOR_WINDOW: Cell<bool> = const { Cell::new(false) };
}

/// The browser may end full screen for a new window; the presentation goes on.
pub fn expect_window() {
    LEAVES_FOR_WINDOW.set(is_full_screen());
}

/// The browser takes Escape for itself: leaving full screen is leaving.
fn listen_to_full_screen(app: App) {
    let was: Rc<Cell<Option<Element>>> = Rc::new(Cell::new(browser::document().fullscreen_element()));
    let change = move |_| {
        let now = browser::document().fullscreen_element();
        let before = was.replace(now.clone());
        if before.is_some() && now.is_none() && !LEAVES_FOR_WINDOW.replace(false) && app.presenting.get_untracked() > 0
        {
            super::stop(app);
        }
    };
    hear(&browser::document(), "fullscreenchange", Box::new(change));
}

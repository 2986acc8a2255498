//! The presenter's window: what comes next, what is to be said, and the time. It is a second window of this page, so that
//! it needs neither a network nor another start of the app.

use super::{
    Slide, keys,
    look::stored,
    overview::words,
    perform,
    room::{expect_window, scene},
    with,
};
use crate::{
    app::{
        browser,
        command::Command,
        dom::{El, button, derived, el, hear, watch},
        state::App,
    },
    attack::Knowledge,
    layer::{
        Layer,
        deck::{Light, Shot, said},
    },
};
use leptos::prelude::*;
use std::{cell::RefCell, rc::Rc, time::Duration};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Window};

const FEATURES: &str = "popup,width=1180,height=760";

thread_local! {
    static WINDOW: RefCell<Option<Window>> = const { RefCell::new(None) };
    static OWNER: RefCell<Option<Owner>> = const { RefCell::new(None) };
}

/// Remembers whose the window's effects are: the room's.
pub fn follow() {
    let owner = Owner::current();
    OWNER.with_borrow_mut(|place| *place = owner);
    // A window must not stay behind when the page goes.
    hear(&browser::window(), "pagehide", Box::new(|_| close()));
}

/// Opens it, or brings it to the front.
pub fn open(app: App) {
    let open = WINDOW.with_borrow(|window| window.clone().filter(|window| !window.closed().unwrap_or(true)));
    if let Some(window) = open {
        let _ = window.focus();
        return;
    }
    expect_window();
    let opened = browser::window().open_with_url_and_target_and_features("", "bulkhead-presenter", FEATURES);
    let Some(window) = opened.ok().flatten() else {
        app.complain("The browser blocked the presenter's window: allow pop-up windows for this page.");
        return;
    };
    let Some(document) = window.document() else { return };
    WINDOW.with_borrow_mut(|place| *place = Some(window.clone()));
    let Some(owner) = OWNER.with_borrow(Clone::clone) else { return };
    owner.with(|| fill(app, &window, &document));
}

pub fn close() {
    if let Some(window) = WINDOW.take() {
        let _ = window.close();
    }
}

fn fill(app: App, window: &Window, document: &Document) {
    document.set_title("Presenter · Bulkhead");
    take_styles(app, document);
    let Some(body) = document.body() else { return };
    body.set_text_content(None);
    body.set_class_name("presenter-body");
    keys::listen(app, document);
    let size = RwSignal::new(0_u32);
    hear(window, "resize", Box::new(move |_| size.update(|times| *times += 1)));

    let (now, next) = (Rc::new(Slide::new("now")), Rc::new(Slide::new("next")));
    let titles = [("Now", &now), ("Next", &next)];
    let [now_box, next_box] = titles.map(|(title, slide)| {
        let scaled = el("div", "presenter-slide").child(&slide.root);
        el("section", "presenter-part").attr("aria-label", title).child(&el("h2", "").text(title)).child(&scaled)
    });
    let room = el("main", "presenter").children([head(app), now_box, next_box, notes(app)]);
    let _ = body.append_child(room.node());
    // Styles come a moment later, and with them sizes.
    for milliseconds in [60, 400, 1_500] {
        set_timeout(move || size.update(|times| *times += 1), Duration::from_millis(milliseconds));
    }
    watch(move || {
        size.track();
        fit_into(&now);
        fit_into(&next);
        if let Some(scene) = scene(app, stored(), |it| it.shot().cloned()) {
            now.show(&scene);
        }
        let after = scene(app, stored(), |it| it.next_shot().cloned());
        let ends = if after.is_none() { "true" } else { "false" };
        let _ = next.root.node().set_attribute("data-ends", ends);
        if let Some(scene) = after {
            next.show(&scene);
        }
    });
}

/// A slide is laid out as on a wall and made smaller as a whole.
fn fit_into(slide: &Slide) {
    let node = slide.root.node();
    let Some(wide) = node.parent_element().map(|parent| parent.client_width()).filter(|wide| *wide > 0) else { return };
    let _ = node.style().set_property("--shrink", &format!("{:.4}", f64::from(wide) / 1920.0));
}

/// The page's own style sheets and theme.
fn take_styles(app: App, document: &Document) {
    let Some(head) = document.query_selector("head").ok().flatten() else { return };
    let Ok(sheets) = browser::document().query_selector_all("link[rel=stylesheet]") else { return };
    let base = browser::document().base_uri().ok().flatten().unwrap_or_default();
    for at in 0..sheets.length() {
        let Some(sheet) = sheets.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        let address = sheet.get_attribute("href").and_then(|href| web_sys::Url::new_with_base(&href, &base).ok());
        let (Some(address), Ok(link)) = (address, document.create_element("link")) else { continue };
        let _ = link.set_attribute("rel", "stylesheet");
        let _ = link.set_attribute("href", &address.href());
        let _ = head.append_child(&link);
    }
    let Some(root) = document.document_element() else { return };
    let _ = root.set_attribute("lang", "en");
    watch(move || {
        let _ = root.set_attribute("data-theme", app.theme.get().word());
        crate::app::dom::set_or_remove(&root, "data-contrast", app.contrast.get().then_some("more"));
    });
}

/// Time, place and controls.
fn head(app: App) -> El {
    let elapsed = RwSignal::new(0_u32);
    let runs = RwSignal::new(true);
    let clock = RwSignal::new(time_of_day());
    let ticking = set_interval_with_handle(
        move || {
            if runs.get_untracked() {
                elapsed.update(|seconds| *seconds += 1);
            }
            clock.set(time_of_day());
        },
        Duration::from_secs(1),
    );
    if let Ok(ticking) = ticking {
        on_cleanup(move || ticking.clear());
    }
    let words = move || {
        let seconds = elapsed.get();
        format!("{}:{:02}", seconds / 60, seconds % 60)
    };
    let action = |name: &str, words: &str| button("button").attr("data-action", name).text(words);
    let step = |command: Command, words: &str| {
        button("button").attr("data-command", command.id()).text(words).on_click(move || perform(app, command))
    };
    let place = derived(move || {
        with(app, |it| it.as_ref().map(|it| format!("{} / {}", it.at + 1, it.shots.len()))).unwrap_or_default()
    });
    el("header", "presenter-head").children([
        el("h1", "visually-hidden").text("Presenter"),
        el("p", "presenter-timer").attr("role", "timer").attr("aria-label", "Time since the beginning").says(words),
        action("pause", "")
            .says(move || if runs.get() { "Pause" } else { "Go on" }.to_owned())
            .on_click(move || runs.update(|runs| *runs = !*runs)),
        action("reset", "Reset").on_click(move || elapsed.set(0)),
        el("p", "presenter-clock").says(move || clock.get()),
        el("span", "grow"),
        el("p", "presenter-place").says(move || place.get()),
        step(Command::PresentPrevious, "Previous"),
        step(Command::PresentNext, "Next"),
        step(Command::PresentStop, "Leave"),
    ])
}

fn time_of_day() -> String {
    let now = js_sys::Date::new_0();
    format!("{:02}:{:02}", now.get_hours(), now.get_minutes())
}

/// What is to be said: notes of the slide and the step, then what the layer says of what is seen.
fn notes(app: App) -> El {
    let list =
        el("div", "presenter-lines").attr("tabindex", "0").attr("role", "group").attr("aria-label", "Notes").holds(
            move || {
                let shot = with(app, |it| {
                    let it = it.as_ref()?;
                    let shot = it.shot()?.clone();
                    Some((it.layer_of(&shot)?.clone(), shot))
                });
                let Some((id, shot)) = shot else { return Vec::new() };
                let Some((layer, knowledge)) = app.layer_and_knowledge(&id) else { return Vec::new() };
                lines(&layer, &knowledge, &shot)
            },
        );
    el("section", "presenter-notes").attr("aria-label", "Notes").child(&el("h2", "").text("Notes")).child(&list)
}

fn lines(layer: &Layer, knowledge: &Knowledge, shot: &Shot) -> Vec<El> {
    let mut lines = vec![el("h3", "").text(&format!("{}: {}", layer.name, words(knowledge, shot)))];
    let paragraph = |text: &str| el("p", "presenter-note").text(text);
    let steps = layer.slide.shown(layer.display.representation);
    let own = steps.get(shot.step).map(|step| step.notes.clone()).unwrap_or_default();
    let texts = [&*layer.slide.notes, own.as_str()];
    lines.extend(texts.iter().flat_map(|text| text.split('\n')).filter(|line| !line.trim().is_empty()).map(paragraph));
    if shot.light == Light::All && !layer.description.trim().is_empty() {
        lines.push(paragraph(layer.description.trim()));
    }
    let comments = layer.annotations.iter().filter(|entry| entry.marks.has_comment());
    let seen = comments.filter(|entry| match &shot.light {
        Light::All => true,
        Light::Tactic(name) => entry.key.tactic.as_ref().is_none_or(|tactic| tactic == name),
        Light::Technique(id) => entry.key.technique == *id,
    });
    let mut spoken: Vec<(String, String)> = Vec::new();
    for entry in seen {
        let Some(technique) = knowledge.technique(&entry.key.technique) else { continue };
        let tactics: Vec<_> = entry.key.tactic.iter().cloned().collect();
        for told in said(layer, &technique.id, &tactics).iter().filter(|told| !told.mark.comment.is_empty()) {
            let tier = told.tier.map(|tier| format!(", {}", tier.word())).unwrap_or_default();
            let line = (format!("{} {}{tier}: ", technique.id, technique.name), told.mark.comment.clone());
            // What is said of it in several tactics is read once.
            if !spoken.contains(&line) {
                spoken.push(line);
            }
        }
    }
    lines.extend(
        spoken.iter().map(|(head, comment)| el("p", "presenter-comment").child(&el("b", "").text(head)).text(comment)),
    );
    if lines.len() == 1 {
        lines.push(el("p", "muted").text("No notes for this step. Notes are written in Prepare the presentation."));
    }
    lines
}

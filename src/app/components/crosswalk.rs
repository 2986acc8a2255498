//! Both catalogues side by side: what corresponds, and what only one of them has; and a technique's counterparts where it
//! has several or none. What corresponds is `attack`'s.

use super::{details::link, dialogs::close, status_bar::tier_glyph};
use crate::{
    app::{
        browser,
        bundles::BundleKey,
        command::Command,
        crossing::{self, Crossing, go_to},
        dom::{El, button, el},
        run,
        state::App,
    },
    attack::{Counterpart, Crosswalk, Knowledge, Technique, TechniqueId},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Which techniques are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listed {
    All,
    InBoth,
    OnlyInOne,
}

type Loaded = RwSignal<Option<Result<Crossing, String>>>;

fn load(app: App) -> Loaded {
    let loaded: Loaded = RwSignal::new(None);
    leptos::task::spawn_local(async move {
        let crossing = Crossing::to(app, crossing::other(app)).await;
        loaded.set(Some(crossing));
    });
    loaded
}

fn when_loaded(loaded: Loaded, made: impl Fn(&Crossing) -> Vec<El> + 'static, class: &str) -> El {
    el("div", class).holds(move || match loaded.get() {
        None => vec![el("p", "muted").text("Reading…")],
        Some(Err(error)) => vec![el("p", "field-error").text(&error)],
        Some(Ok(crossing)) => made(&crossing),
    })
}

pub fn crosswalk(app: App) -> El {
    let listed = RwSignal::new(Listed::All);
    let segment = |kind: Listed, word: &str, words: &str| {
        button("segment")
            .attr("data-action", word)
            .is("aria-pressed", move || listed.get() == kind)
            .text(words)
            .on_click(move || listed.set(kind))
    };
    let choice = el("div", "segments").attr("role", "group").attr("aria-label", "Techniques").children([
        segment(Listed::All, "list-all", "All"),
        segment(Listed::InBoth, "list-both", "In both"),
        segment(Listed::OnlyInOne, "list-one", "Only in one"),
    ]);
    let carry = button("button")
        .attr("data-command", Command::CrosswalkCarryOver.id())
        .text(Command::CrosswalkCarryOver.title())
        .on_click(move || run::run(app, Command::CrosswalkCarryOver));
    let head = el("div", "crosswalk-head").child(&choice).child(&el("span", "grow")).child(&carry);
    // The one that a technique was last followed to.
    let lit: RwSignal<Option<TechniqueId>> = RwSignal::new(None);
    let sides = move |crossing: &Crossing| {
        // The same way, with what is missing here.
        let back = Crosswalk::between(&crossing.there.1, &crossing.here.1);
        let here = Side {
            own: &crossing.here,
            other: &crossing.there,
            counterparts: &|id| crossing.crosswalk.forth(id),
            missing: &|id| crossing.crosswalk.missing(id),
        };
        let there = Side {
            own: &crossing.there,
            other: &crossing.here,
            counterparts: &|id| back.forth(id),
            missing: &|id| back.missing(id),
        };
        let (left, right) = if crossing.here.1.is_microsofts() { (here, there) } else { (there, here) };
        vec![left.draw(app, listed.get(), lit), right.draw(app, listed.get(), lit)]
    };
    let loaded = load(app);
    el("div", "crosswalk").child(&head).child(&when_loaded(loaded, sides, "crosswalk-sides"))
}

/// One of the catalogues.
struct Side<'a> {
    own: &'a (BundleKey, std::sync::Arc<Knowledge>),
    other: &'a (BundleKey, std::sync::Arc<Knowledge>),
    counterparts: &'a dyn Fn(&TechniqueId) -> &'a [TechniqueId],
    missing: &'a dyn Fn(&TechniqueId) -> &'a [Counterpart],
}

impl Side<'_> {
    fn draw(&self, app: App, listed: Listed, lit: RwSignal<Option<TechniqueId>>) -> El {
        let knowledge = &*self.own.1;
        let all: Vec<&Technique> = knowledge.techniques.iter().filter(|it| knowledge.in_scope(it)).collect();
        let mapped = |technique: &Technique| !(self.counterparts)(&technique.id).is_empty();
        let both = all.iter().filter(|technique| mapped(technique)).count();
        let count = format!("{both} of {} also there, {} only here", all.len(), all.len() - both);
        let title = knowledge.release.words();
        let mut parts = vec![
            el("header", "crosswalk-title")
                .child(&el("h3", "").text(&title))
                .child(&el("p", "muted").attr("data-mapped", &both.to_string()).text(&count)),
        ];
        let takes = |technique: &&&Technique| match listed {
            Listed::All => true,
            Listed::InBoth => mapped(technique),
            Listed::OnlyInOne => !mapped(technique),
        };
        for tactic in &knowledge.tactics {
            // Each stands once, in the first of its tactics in the matrix's order.
            let first = |technique: &Technique| {
                let mut tactics = knowledge.tactics.iter();
                tactics.find(|tactic| technique.tactics.contains(&tactic.short_name)).map(|tactic| &tactic.short_name)
            };
            let of = all.iter().filter(|technique| first(technique) == Some(&tactic.short_name)).filter(takes);
            let lines: Vec<El> = of.map(|technique| self.line(app, technique, lit)).collect();
            if !lines.is_empty() {
                parts.push(el("h4", "").text(&tactic.name));
                parts.push(el("ul", "crosswalk-list").children(lines));
            }
        }
        let word = if knowledge.is_microsofts() { "microsoft" } else { "attack" };
        el("section", "crosswalk-side")
            .attr("aria-label", &title)
            .attr("tabindex", "0")
            .attr("data-catalogue", word)
            .children(parts)
    }

    fn line(&self, app: App, technique: &Technique, lit: RwSignal<Option<TechniqueId>>) -> El {
        let counterparts = (self.counterparts)(&technique.id);
        let (key, id) = (self.own.0.clone(), technique.id.clone());
        let show = button("crosswalk-technique")
            .attr("title", "Show it in the matrix")
            .attr("data-action", "show")
            .child(&el("span", "list-id").text(technique.id.as_str()))
            .child(&el("span", "crosswalk-name").text(&technique.name))
            .children(tiers(technique))
            .on_click(move || {
                close(app);
                go_to(app, key.clone(), id.clone());
            });
        let follow = counterparts.iter().map(|other| {
            let name = self.other.1.technique(other).map_or("", |technique| technique.name.as_str());
            let to = other.clone();
            button("tag crosswalk-follow")
                .attr("title", name)
                .attr("data-action", "follow")
                .attr("aria-label", &format!("Counterpart {other} {name}"))
                .text(&format!("⇄ {other}"))
                .on_click(move || {
                    lit.set(Some(to.clone()));
                    scroll_to(&to);
                })
        });
        let missing = (self.missing)(&technique.id).iter().map(|other| {
            let words = format!("{} {}", other.id, other.name);
            let name = other.url.as_deref().map_or_else(|| el("span", "").text(&words), |url| link(url, &words));
            el("span", "crosswalk-missing").child(&name).text(", not in that bundle")
        });
        let only = counterparts.is_empty().then(|| el("span", "crosswalk-only").text("only here"));
        let more = el("span", "crosswalk-more").children(follow).children(only).children(missing);
        let own = technique.id.clone();
        el("li", "crosswalk-line")
            .attr("data-crosswalk", technique.id.as_str())
            .attr("data-mapped", if counterparts.is_empty() { "false" } else { "true" })
            .has("data-lit", move || lit.with(|lit| lit.as_ref() == Some(&own)).then(String::new))
            .child(&show)
            .child(&more)
    }
}

fn tiers(technique: &Technique) -> Vec<El> {
    let Some(assignment) = &technique.tier else { return Vec::new() };
    let words = el("span", "visually-hidden").text(assignment.tiers.words());
    assignment.tiers.tiers().map(tier_glyph).chain([words]).collect()
}

fn scroll_to(id: &TechniqueId) {
    let selector = format!("[data-crosswalk='{id}']");
    let Some(line) = browser::document().query_selector(&selector).ok().flatten() else { return };
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Center);
    line.scroll_into_view_with_scroll_into_view_options(&options);
    let show: Option<Element> = line.query_selector("button").ok().flatten();
    if let Some(show) = show.and_then(|show| show.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = show.focus();
    }
}

/// What a technique is in the other catalogue.
pub fn counterparts(app: App, id: &TechniqueId) -> El {
    let own = id.clone();
    let made = move |crossing: &Crossing| {
        let name = crossing.here.1.technique(&own).map_or("", |technique| technique.name.as_str());
        let release = crossing.there.1.release.words();
        let found = crossing.crosswalk.forth(&own);
        let missing = crossing.crosswalk.missing(&own);
        let mut parts = vec![el("p", "").text(&format!("{own} {name}, in {release}:"))];
        let lines = found.iter().map(|other| {
            let name = crossing.there.1.technique(other).map_or("", |technique| technique.name.as_str());
            let (key, to) = (crossing.there.0.clone(), other.clone());
            let line = button("list-button").attr("data-action", "follow").attr("data-technique-id", other.as_str());
            let line = line.child(&el("span", "list-id").text(other.as_str())).text(name).on_click(move || {
                close(app);
                go_to(app, key.clone(), to.clone());
            });
            el("li", "").child(&line)
        });
        parts.push(el("ul", "plain-list").children(lines));
        if found.is_empty() && missing.is_empty() {
            parts.push(el("p", "muted").text("The mapping has no counterpart for it."));
        }
        parts.extend(missing.iter().map(|other| {
            let words = format!("{} {}", other.id, other.name);
            let name = other.url.as_deref().map_or_else(|| el("span", "").text(&words), |url| link(url, &words));
            el("p", "muted").child(&name).text(" is its counterpart, but not in that bundle.")
        }));
        parts
    };
    when_loaded(load(app), made, "form counterparts")
}

//! The inspector's page on anything but a technique: a tactic, a group, software, a campaign, a mitigation, a data
//! component, a detection, an asset. What it is, which techniques of this matrix it touches, and what can be done with those.

use super::{
    control::icon_action,
    details::{link, more, section},
    icon::Icon,
    technique_list::listed,
};
use crate::{
    app::{
        choice::counted,
        dom::{El, button, el},
        searching,
        select::How,
        state::App,
    },
    attack::{Actor, Detection, Kind, Knowledge, Subject, Technique, TechniqueId, Tier, Told},
};
use leptos::prelude::*;

pub fn subject_page(app: App, subject: &Subject) -> Vec<El> {
    let knowledge = app.knowledge.get();
    let Some(told) = knowledge.told(subject) else {
        let words = if knowledge.outline { "It is being loaded…" } else { "This bundle does not tell of it." };
        return vec![head(app, subject.kind, &subject.key, &subject.key, &[]), el("p", "muted").text(words)];
    };
    let touched = knowledge.touched(subject);
    let ids: Vec<TechniqueId> = touched.iter().map(|technique| technique.id.clone()).collect();
    let aliases = match told {
        Told::Actor(actor) => actor.aliases.as_slice(),
        Told::Asset(asset) => asset.aliases.as_slice(),
        _ => &[],
    };
    let mut parts = vec![head(app, subject.kind, told.id(), &told.name(), aliases)];
    if let Told::Actor(Actor { container_native: true, .. }) = told {
        let diamond = el("span", "cell-wild").attr("aria-hidden", "true");
        parts.push(el("p", "native").child(&diamond).text("Known for acting against containers"));
    }
    parts.push(el("p", "muted").attr("data-touches", &ids.len().to_string()).text(&in_matrix(&knowledge, &touched)));
    if !ids.is_empty() {
        parts.push(actions(app, &ids));
    }
    parts.extend(techniques(app, &knowledge, subject, &touched));
    if let Told::Detection(detection) = told {
        parts.extend(analytics(detection));
    }
    if let Some(url) = told.url() {
        let source = link(url, &format!("{} at its source", if told.id().is_empty() { "It" } else { told.id() }));
        parts.push(section("Source", [el("p", "").child(&source)]));
    }
    vec![el("div", "subject inspector-content").attr("data-subject", &subject.key).children(parts)]
}

fn head(app: App, kind: Kind, id: &str, name: &str, aliases: &[String]) -> El {
    let word = kind.word();
    let kind = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    let kind = if id.is_empty() || id == name { kind } else { format!("{kind} · {id}") };
    let back =
        icon_action("icon-button small back", "Back to the selection", Icon::Back, move || app.inspected.set(None));
    let head = el("div", "inspector-head")
        .child(&el("p", "inspector-kind").child(&back).child(&el("span", "").text(&kind)))
        .child(&el("h2", "").attr("tabindex", "-1").text(name));
    if aliases.is_empty() {
        return head;
    }
    head.child(&el("p", "muted").text(&format!("Also {}", aliases.join(", "))))
}

/// How many techniques, and how many of them in each tier.
fn in_matrix(knowledge: &Knowledge, touched: &[&Technique]) -> String {
    if touched.is_empty() {
        return "It touches no technique of this matrix.".to_owned();
    }
    let in_tier = |tier: Tier| touched.iter().filter(|it| knowledge.tiers_of(&it.id).contains(tier)).count();
    format!(
        "{} in this matrix: {} in orchestration, {} in container.",
        counted(touched.len()),
        in_tier(Tier::Orchestration),
        in_tier(Tier::Container)
    )
}

fn actions(app: App, ids: &[TechniqueId]) -> El {
    let action = |word: &str, words: &str, how: How| {
        let ids = ids.to_vec();
        button("button small").attr("data-action", word).text(words).on_click(move || searching::select(app, &ids, how))
    };
    let own = ids.to_vec();
    let selected = el("span", "muted").attr("role", "status").says(move || match searching::selected_of(app, &own) {
        0 => String::new(),
        count => format!("{count} of {} selected", own.len()),
    });
    el("div", "subject-actions").attr("role", "group").attr("aria-label", "These techniques").children([
        action("select", "Select", How::Only),
        action("add", "Add to selection", How::Add),
        action("remove", "Take out", How::Remove),
        selected,
    ])
}

/// Of an actor those against containers first, told apart from the others.
fn techniques(app: App, knowledge: &Knowledge, subject: &Subject, touched: &[&Technique]) -> Vec<El> {
    let is_actor = matches!(subject.kind, Kind::Group | Kind::Software | Kind::Campaign);
    if !is_actor {
        let title = match subject.kind {
            Kind::Mitigation => "Helps against",
            Kind::Component | Kind::Detection => "Shows",
            Kind::Asset => "Techniques that act on it",
            _ => "Techniques",
        };
        return vec![section(title, listed(app, touched))];
    }
    let (against, elsewhere): (Vec<&Technique>, Vec<&Technique>) =
        touched.iter().partition(|technique| knowledge.seen_against_containers(subject, technique));
    let none = || vec![el("p", "muted").text("No use against containers is on record.")];
    let first = if against.is_empty() { none() } else { listed(app, &against) };
    vec![
        section("Uses against containers", first).attr("data-section", "against"),
        section("Uses elsewhere", listed(app, &elsewhere)).attr("data-section", "elsewhere"),
    ]
}

fn analytics(detection: &Detection) -> Vec<El> {
    let analytic = |it: &crate::attack::Analytic| {
        let words = format!("{} {}", it.id, it.platforms.join(", "));
        let tag = el("span", "tag").attr("title", &it.name);
        match &it.url {
            Some(url) => tag.child(&link(url, words.trim())),
            None => tag.text(words.trim()),
        }
    };
    let sources: Vec<El> = detection.log_sources.iter().map(|source| el("span", "tag").text(source)).collect();
    let words = if sources.len() == 1 { "1 log source".to_owned() } else { format!("{} log sources", sources.len()) };
    let sources = (!sources.is_empty()).then(|| more(&words, sources));
    vec![
        section("Analytics", [el("p", "tags").children(detection.analytics.iter().map(analytic))]),
        section("What they read", sources),
    ]
}

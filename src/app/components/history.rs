//! What became of a technique from release to release; the table is fetched when someone first looks at one.

use super::details::section;
use crate::{
    app::{
        browser,
        dom::{El, el},
        state::App,
    },
    attack::{AttackHistory, Change, Event, Knowledge, MAXIMUM_HISTORY_BYTES, Technique},
};
use leptos::prelude::*;
use std::{cell::RefCell, sync::Arc};

const FILE: &str = "data/attack-history.json";

thread_local! {
    static TABLE: RefCell<Option<Arc<AttackHistory>>> = const { RefCell::new(None) };
}

/// Nothing for what ATT&CK doesn't tell of, and nothing while or if the table can't be had.
pub fn history(app: App, technique: &Technique) -> El {
    let id = technique.id.clone();
    if app.knowledge.with_untracked(|knowledge| knowledge.release.domain != "enterprise-attack") {
        return el("section", "");
    }
    let table = RwSignal::new(TABLE.with_borrow(Clone::clone));
    if table.with_untracked(Option::is_none) {
        leptos::task::spawn_local(async move {
            let Ok(file) = browser::fetch(FILE, MAXIMUM_HISTORY_BYTES).await else { return };
            let Ok(bytes) = browser::bytes_of(&file, FILE).await else { return };
            let read = Arc::new(AttackHistory::read(&bytes));
            TABLE.set(Some(read.clone()));
            // Another technique may be looked at by now.
            let _ = table.try_set(Some(read));
        });
    }
    el("section", "").attr("data-section", "history").holds(move || {
        let knowledge = app.knowledge.get();
        let events = table.with(|table| table.as_ref().map(|table| table.of(&id).to_vec()).unwrap_or_default());
        let list = events.iter().map(|event| line(&knowledge, event));
        let list: Vec<El> = list.collect();
        if list.is_empty() {
            return list;
        }
        let span = table.with(|table| table.as_ref().and_then(|table| table.span().map(source)));
        let source = span.map(|words| el("p", "muted small-print").text(&words));
        vec![section("History", [el("ul", "history").children(list)].into_iter().chain(source))]
    })
}

/// Of which releases it is told.
fn source([oldest, newest]: [&str; 2]) -> String {
    format!("As a technique for containers, ATT&CK v{oldest} to v{newest}.")
}

fn line(knowledge: &Knowledge, event: &Event) -> El {
    let release = el("b", "history-release").text(&format!("v{}", event.release));
    el("li", "").child(&release).child(&el("span", "").text(&words(knowledge, &event.change)))
}

fn words(knowledge: &Knowledge, change: &Change) -> String {
    match change {
        Change::There => "Among the first techniques for containers".to_owned(),
        Change::Added => "New in ATT&CK".to_owned(),
        Change::Platform => "Got the platform Containers".to_owned(),
        Change::Renamed { from, .. } => format!("Renamed; before, \"{from}\""),
        Change::Tactics { added, removed } => {
            let names =
                |names: &[String]| names.iter().map(|name| tactic(knowledge, name)).collect::<Vec<_>>().join(", ");
            match (added.is_empty(), removed.is_empty()) {
                (false, false) => format!("Moved from {} to {}", names(removed), names(added)),
                (true, _) => format!("Left {}", names(removed)),
                (_, true) => format!("Also in {}", names(added)),
            }
        }
        Change::Platforms { added, removed } => {
            let more = (!added.is_empty()).then(|| format!("also on {}", added.join(", ")));
            let less = (!removed.is_empty()).then(|| format!("no longer on {}", removed.join(", ")));
            let words = [more, less].into_iter().flatten().collect::<Vec<_>>().join("; ");
            format!("{}{}", words[..1.min(words.len())].to_uppercase(), &words[1.min(words.len())..])
        }
        Change::Revoked { by } => format!("Revoked: {by} took its place"),
        Change::Replaces(others) => {
            let others: Vec<&str> = others.iter().map(crate::attack::TechniqueId::as_str).collect();
            format!("Took the place of {}", others.join(", "))
        }
    }
}

/// A tactic by its name; one that this bundle doesn't have, by its short name written out.
fn tactic(knowledge: &Knowledge, short: &str) -> String {
    let known = knowledge.tactics.iter().find(|tactic| tactic.short_name.as_str() == short);
    known.map_or_else(
        || {
            let word = |word: &str| match word {
                "and" => "and".to_owned(),
                word => {
                    word.chars().enumerate().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }).collect()
                }
            };
            short.split('-').map(word).collect::<Vec<String>>().join(" ")
        },
        |tactic| tactic.name.clone(),
    )
}

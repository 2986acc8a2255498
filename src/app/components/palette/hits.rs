//! What a query finds: commands and what the bundle tells of, in one order, counted by kind.

use crate::{
    app::{bundles::BundleKey, command::Command, searching, state::App},
    attack::{self, Kind, Subject, TechniqueId, Told, excerpt},
    order,
    prose::plain,
};
use leptos::prelude::*;
use rustc_hash::FxHashSet;

/// How many results are listed.
const MOST: usize = 50;

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Hit {
    Command(Command),
    Subject(attack::Hit),
}

/// What is listed of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    Kind(Kind),
    Commands,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// What is listed: the kind that was asked for, if there is anything of it.
    pub only: Option<Shown>,
    /// How many are not listed.
    pub more: usize,
    /// Of everything that was found, whatever of it is listed.
    pub counts: Vec<(Shown, usize)>,
    /// What "select all" is about: the techniques found, or those that the listed kind touches.
    pub techniques: Vec<TechniqueId>,
}

impl Shown {
    /// As tests and scripts name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Commands => "command",
            Self::Kind(Kind::Component) => "data-component",
            Self::Kind(kind) => kind.word(),
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Commands => "Commands",
            Self::Kind(Kind::Technique) => "Techniques",
            Self::Kind(Kind::Tactic) => "Tactics",
            Self::Kind(Kind::Group) => "Groups",
            Self::Kind(Kind::Software) => "Software",
            Self::Kind(Kind::Campaign) => "Campaigns",
            Self::Kind(Kind::Mitigation) => "Mitigations",
            Self::Kind(Kind::Component) => "Data components",
            Self::Kind(Kind::Detection) => "Detections",
            Self::Kind(Kind::Asset) => "Assets",
        }
    }

    pub fn word_of_one(self) -> &'static str {
        match self {
            Self::Kind(Kind::Component) => "Data",
            Self::Kind(Kind::Software) => "Software",
            one => one.words().trim_end_matches('s'),
        }
    }
}

/// With nothing typed: every command. Otherwise the best first.
pub fn find(app: App, query: &str, only: Option<Shown>, ready: RwSignal<u32>) -> Found {
    let query = query.trim().to_ascii_lowercase();
    if query.is_empty() {
        // So that the index is there when something is typed.
        searching::with_index(app, ready, |_| ());
        let situation = app.situation.get();
        let shown = |command: &&Command| **command != Command::PaletteOpen && command.available(situation);
        return Found {
            hits: Command::ALL.iter().filter(shown).map(|it| Hit::Command(*it)).collect(),
            ..Found::default()
        };
    }
    let mut all: Vec<(f32, Hit)> = Vec::new();
    let subjects = searching::with_index(app, ready, |index| index.find(&query));
    all.extend(subjects.into_iter().map(|hit| (hit.score, Hit::Subject(hit))));
    let commands = Command::ALL.iter().filter(|it| **it != Command::PaletteOpen && !app.is_off(**it));
    all.extend(commands.filter_map(|command| Some((fit(&query, *command)?, Hit::Command(*command)))));
    order::sort_by(&mut all, |a, b| b.0.total_cmp(&a.0));
    let kind = |hit: &Hit| match hit {
        Hit::Command(_) => Shown::Commands,
        Hit::Subject(found) => Shown::Kind(found.subject.kind),
    };
    let mut counts: Vec<(Shown, usize)> = Vec::new();
    for (_, hit) in &all {
        match counts.iter_mut().find(|(shown, _)| *shown == kind(hit)) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind(hit), 1)),
        }
    }
    order::sort_by_key(&mut counts, |(shown, _)| *shown);
    let only = only.filter(|only| counts.iter().any(|(shown, _)| shown == only));
    let listed: Vec<Hit> =
        all.into_iter().map(|(_, hit)| hit).filter(|hit| only.is_none_or(|only| kind(hit) == only)).collect();
    let techniques = techniques(app, &listed, only);
    let more = listed.len().saturating_sub(MOST);
    Found { hits: listed.into_iter().take(MOST).collect(), only, more, counts, techniques }
}

/// What all results that are listed select. Of everything it is the techniques found: what others touch is asked for by
/// choosing their kind.
fn techniques(app: App, listed: &[Hit], only: Option<Shown>) -> Vec<TechniqueId> {
    let subjects = listed.iter().filter_map(|hit| match hit {
        Hit::Subject(found) => Some(&found.subject),
        Hit::Command(_) => None,
    });
    match only {
        Some(Shown::Commands) => Vec::new(),
        None | Some(Shown::Kind(Kind::Technique)) => subjects
            .filter(|subject| subject.kind == Kind::Technique)
            .filter_map(|subject| TechniqueId::parse(&subject.key).ok())
            .collect(),
        Some(Shown::Kind(_)) => {
            let wanted: FxHashSet<&Subject> = subjects.collect();
            let mut seen: FxHashSet<TechniqueId> = FxHashSet::default();
            let touched = wanted.into_iter().flat_map(|subject| searching::touched(app, subject));
            let mut all: Vec<TechniqueId> = touched.filter(|id| seen.insert(id.clone())).collect();
            order::sort_by(&mut all, Ord::cmp);
            all
        }
    }
}

/// What a command counts, in the measure of `attack`'s search: its id or title, their beginning, words' beginnings, anywhere.
fn fit(query: &str, command: Command) -> Option<f32> {
    let (id, title) = (command.id(), command.title().to_ascii_lowercase());
    if id == query || title == query {
        return Some(2_000.0);
    }
    if title.starts_with(query) || (id.starts_with(query) && query.contains('.')) {
        return Some(60.0);
    }
    let begins = |word: &str| title.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part.starts_with(word));
    if query.split_whitespace().all(begins) {
        return Some(25.0);
    }
    let has = |word: &str| word.len() > 2 && (title.contains(word) || id.contains(word));
    query.split_whitespace().all(has).then_some(5.0)
}

/// Why something was found whose name doesn't say it: another name, or a piece of a description.
pub fn reason(app: App, found: &attack::Hit, query: &str) -> Option<[String; 3]> {
    let query = query.trim();
    let says_it = query.split_whitespace().all(|word| excerpt(&found.name, word).is_some());
    if query.is_empty() || says_it || found.subject.key.eq_ignore_ascii_case(query) {
        return None;
    }
    let described = |knowledge: &attack::Knowledge| {
        let id = TechniqueId::parse(&found.subject.key).ok()?;
        excerpt(&plain(&knowledge.technique(&id)?.description), query)
    };
    let here = app.knowledge.get_untracked();
    match found.subject.kind {
        Kind::Technique => described(&here).or_else(|| {
            let ours = app.bundles.with_untracked(|bundles| bundles.knowledge(&BundleKey::DEFAULT));
            described(&ours)
        }),
        _ => match here.told(&found.subject)? {
            Told::Actor(actor) => actor.aliases.iter().find_map(|alias| {
                excerpt(alias, query).map(|[before, it, after]| [format!("Also {before}"), it, after])
            }),
            _ => None,
        },
    }
}

//! What an upgrade did, as Markdown for people who were not there.

use super::{Change, Decision, Fate, Upgrade, Way};
use crate::attack::{Knowledge, TacticName};

/// The report: what was decided of each annotation, what the new release added, and what else it changed.
pub fn report(name: &str, upgrade: &Upgrade, chosen: &[usize], to: &Knowledge) -> String {
    let words = Words { to };
    let mut text = format!("# {}: {} to {}\n", escaped(name), escaped(&upgrade.from), escaped(&upgrade.to));
    let each = || upgrade.decisions.iter().enumerate();
    let same = each().filter(|(_, decision)| decision.fate == Fate::Unchanged).count();
    let all = match upgrade.decisions.len() {
        1 => "1 annotation".to_owned(),
        count => format!("{count} annotations"),
    };
    text.push_str(&format!("\n{all}, {same} of them unchanged.\n"));
    let rows: Vec<String> = each()
        .filter(|(_, decision)| decision.fate != Fate::Unchanged)
        .map(|(at, decision)| words.row(decision, chosen.get(at).copied()))
        .collect();
    if !rows.is_empty() {
        text.push_str(
            "\n## Annotations\n\n| Technique | Tactic | What the release did | What was done |\n|---|---|---|---|\n",
        );
        text.push_str(&rows.concat());
    }
    if !upgrade.added.is_empty() {
        text.push_str("\n## New techniques\n\n");
        for (id, name) in &upgrade.added {
            text.push_str(&format!("- {id} {}\n", escaped(name)));
        }
    }
    if !upgrade.elsewhere.is_empty() {
        text.push_str("\n## Changed techniques without annotation\n\n");
        for (id, name, fate) in &upgrade.elsewhere {
            text.push_str(&format!("- {id} {}: {}\n", escaped(name), escaped(&fate.words(to))));
        }
    }
    text
}

struct Words<'a> {
    to: &'a Knowledge,
}

impl Words<'_> {
    fn row(&self, decision: &Decision, chosen: Option<usize>) -> String {
        let tactic =
            decision.key.tactic.as_ref().map_or_else(|| "all".to_owned(), |tactic| tactic_words(tactic, self.to));
        let [name, tactic, fate, way] = [
            decision.name.clone(),
            tactic,
            decision.fate.words(self.to),
            decision.way(chosen).words(decision, self.to),
        ]
        .map(|text| escaped(&text));
        format!("| {} {name} | {tactic} | {fate} | {way} |\n", decision.key.technique)
    }
}

impl Fate {
    /// What happened, in a few words.
    pub fn words(&self, to: &Knowledge) -> String {
        match self {
            Self::Unchanged => "unchanged".to_owned(),
            Self::Changed(changes) => changes.iter().map(|change| change.words(to)).collect::<Vec<_>>().join("; "),
            Self::Moved(tactics) => format!("moved to {}", listed(tactics, to)),
            Self::OutOfTactic => "not in this tactic any more".to_owned(),
            Self::Replaced(id, name) => format!("revoked, replaced by {id} {name}"),
            Self::Deprecated => "deprecated, without replacement".to_owned(),
            Self::Gone => "not in this matrix any more".to_owned(),
            Self::Unknown => "not in this matrix, before or after".to_owned(),
        }
    }
}

impl Change {
    fn words(&self, to: &Knowledge) -> String {
        let both = |what: &str, lost: String, gained: String| match (lost.is_empty(), gained.is_empty()) {
            (false, false) => format!("{what}: without {lost}, with {gained}"),
            (false, true) => format!("{what}: without {lost}"),
            _ => format!("{what}: with {gained}"),
        };
        match self {
            Self::Name(old, _) => format!("renamed, was {old}"),
            Self::Tactics(lost, gained) => both("tactics", listed(lost, to), listed(gained, to)),
            Self::Platforms(lost, gained) => both("platforms", lost.join(", "), gained.join(", ")),
        }
    }
}

impl Way {
    /// What is done with the annotation, in a few words.
    pub fn words(&self, decision: &Decision, to: &Knowledge) -> String {
        match self {
            Self::Carry(keys) => {
                if keys.as_slice() == std::slice::from_ref(&decision.key) {
                    return "stays".to_owned();
                }
                let one = |key: &super::Key| {
                    let technique = (key.technique != decision.key.technique).then(|| key.technique.to_string());
                    let tactic = key.tactic.as_ref().map(|tactic| tactic_words(tactic, to));
                    [technique, tactic].into_iter().flatten().collect::<Vec<_>>().join(" in ")
                };
                format!("goes to {}", keys.iter().map(one).collect::<Vec<_>>().join(" and "))
            }
            Self::Keep => "kept in the layer, outside of the matrix".to_owned(),
            Self::Drop => "left out".to_owned(),
        }
    }
}

fn listed(tactics: &[TacticName], to: &Knowledge) -> String {
    tactics.iter().map(|tactic| tactic_words(tactic, to)).collect::<Vec<_>>().join(", ")
}

/// A tactic's name; of one that the bundle doesn't have, its short name in words.
pub fn tactic_words(tactic: &TacticName, to: &Knowledge) -> String {
    to.tactic(tactic).map_or_else(
        || {
            let words = tactic.as_str().split('-').map(|word| {
                let mut letters = word.chars();
                letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
            });
            words.collect::<Vec<_>>().join(" ")
        },
        |tactic| tactic.name.clone(),
    )
}

/// Text that Markdown takes for nothing else.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => escaped.push(' '),
            '\\' | '|' | '<' | '>' | '[' | ']' | '*' | '_' | '`' | '#' | '!' | '&' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}

//! Atomic Red Team: a technique's file of tests, and the index of all (`Indexes/*.yaml`), in which a test stands once
//! for each of its technique's tactics. The index as CSV is a table (`columns` knows its columns).

use super::{
    ids,
    material::Rule,
    text::{identity, shortened},
    yaml::Node,
};
use crate::attack::TechniqueId;

/// Whether a document is a technique's file of tests.
pub fn is(document: &Node<'_>) -> bool {
    document.get("attack_technique").is_some() && document.get("atomic_tests").is_some()
}

pub fn read(document: &Node<'_>) -> Vec<Rule> {
    let id = document.text_at("attack_technique").and_then(id);
    tests(document, id.as_ref(), None)
}

/// Whether a document is an index: tactics, in them techniques, in them tests.
pub fn is_index(document: &Node<'_>) -> bool {
    let techniques = document.pairs().iter().filter_map(|(_, techniques)| techniques.pairs().first());
    let mut all = techniques.peekable();
    all.peek().is_some()
        && all.all(|(key, technique)| key.text().and_then(id).is_some() && technique.get("atomic_tests").is_some())
}

pub fn read_index(document: &Node<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (tactic, techniques) in document.pairs() {
        for (technique, content) in techniques.pairs() {
            let id = technique.text().and_then(id);
            rules.extend(tests(content, id.as_ref(), tactic.text()));
        }
    }
    rules
}

fn id(text: &str) -> Option<TechniqueId> {
    ids::attack_ids(text).into_iter().next()
}

fn tests(content: &Node<'_>, id: Option<&TechniqueId>, tactic: Option<&str>) -> Vec<Rule> {
    let test = |test: &Node<'_>| Rule {
        title: test.text_at("name").map(shortened).unwrap_or_default(),
        id: test.text_at("auto_generated_guid").and_then(identity),
        techniques: id.into_iter().cloned().collect(),
        tactics: tactic.into_iter().map(shortened).collect(),
        platforms: test
            .get("supported_platforms")
            .map(Node::texts)
            .unwrap_or_default()
            .into_iter()
            .map(shortened)
            .collect(),
        ..Rule::default()
    };
    content.get("atomic_tests").map(Node::items).unwrap_or_default().iter().map(|it| test(it)).collect()
}

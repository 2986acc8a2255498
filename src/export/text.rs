//! What a layer says of a technique, as text that can be pasted anywhere.

use crate::{
    attack::{Knowledge, Tier},
    layer::{Key, Layer, Link, Mark, Metadata, TierScoring},
};
use std::fmt::Write;

/// Name and id, then a line for each thing that is said; a technique whose tiers say different things has them apart.
pub fn annotation_text(layer: &Layer, knowledge: &Knowledge, key: &Key, tier: Option<Tier>) -> String {
    let name = knowledge.technique(&key.technique).map(|technique| technique.name.as_str()).unwrap_or_default();
    let mut text = format!("{name} ({})", key.technique).trim_start().to_owned();
    let entry = layer.annotations.about(key);
    let apart = layer.tier_scoring != TierScoring::Together && tier.is_none();
    match entry.map(|entry| (&entry.marks, apart)) {
        Some((crate::layer::Marks::ByTier { orchestration, container }, true)) => {
            say_mark(&mut text, orchestration, "Orchestration: ");
            say_mark(&mut text, container, "Container: ");
        }
        _ => say_mark(&mut text, &layer.mark(key, tier), ""),
    }
    for item in entry.iter().flat_map(|entry| &entry.metadata) {
        match item {
            Metadata::Item { name, value, .. } => say(&mut text, "", name, value),
            Metadata::Divider(_) => text.push_str("\n---"),
            Metadata::Other(_) => {}
        }
    }
    for link in entry.iter().flat_map(|entry| &entry.links) {
        match link {
            Link::Item { label, url, .. } => say(&mut text, "", label, url),
            Link::Divider(_) => text.push_str("\n---"),
            Link::Other(_) => {}
        }
    }
    text
}

fn say_mark(text: &mut String, mark: &Mark, of: &str) {
    if !mark.enabled {
        let _ = write!(text, "\n{of}disabled");
    }
    if let Some(score) = mark.score {
        say(text, of, "score", &score.to_json().to_string());
    }
    if let Some(color) = &mark.color {
        say(text, of, "colour", color.as_str());
    }
    if !mark.comment.is_empty() {
        say(text, of, "comment", &mark.comment);
    }
}

fn say(text: &mut String, of: &str, name: &str, value: &str) {
    let _ = write!(text, "\n{of}{name}: {value}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::{TacticName, TechniqueId},
        layer::{Combine, Edit, Score, Target},
    };

    #[test]
    fn everything_that_is_said_is_a_line() {
        let key = Key::new(TechniqueId::parse("T1610").unwrap(), TacticName::parse("execution").unwrap());
        let target = |tier| vec![Target { key: key.clone(), tier }];
        let start = Layer::new("layer", "enterprise-attack", None, Vec::new());
        let made = |edits: &[Edit]| edits.iter().fold(start.clone(), |layer, edit| edit.apply(&layer).unwrap_or(layer));
        let score = |tier, score| Edit::Score(target(tier), Score::new(score));
        let apart = Edit::TierScoring(TierScoring::Separately(Combine::Weakest));
        let (orchestration, container) = (Some(Tier::Orchestration), Some(Tier::Container));
        let cases = [
            (made(&[]), None, "(T1610)"),
            (
                made(&[
                    score(None, 2.5),
                    Edit::Comment(target(None), "a\nb".to_owned()),
                    Edit::Enabled(target(None), false),
                    Edit::AddMetadata(target(None), Metadata::new("owner", "blue")),
                    Edit::AddMetadata(target(None), Metadata::divider()),
                    Edit::AddLink(target(None), Link::new("runbook", "https://example.org")),
                ]),
                None,
                "(T1610)\ndisabled\nscore: 2.5\ncomment: a\nb\nowner: blue\n---\nrunbook: https://example.org",
            ),
            (
                made(&[apart.clone(), score(orchestration, 7.0), score(container, 9.0)]),
                None,
                "(T1610)\nOrchestration: score: 7\nContainer: score: 9",
            ),
            (made(&[apart, score(orchestration, 7.0), score(container, 9.0)]), container, "(T1610)\nscore: 9"),
        ];
        for (layer, tier, expected) in cases {
            assert_eq!(annotation_text(&layer, &Knowledge::default(), &key, tier), expected);
        }
    }
}

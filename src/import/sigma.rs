//! Sigma rules, correlations and filters, several to a file where somebody put them so; and Splunk's security content,
//! which is written much like them.

use super::{
    material::{Kind, Rule},
    tags,
    text::{identity, shortened},
    yaml::Node,
};

/// Whether a document is a Sigma rule, or a correlation of some.
pub fn is(document: &Node<'_>) -> bool {
    document.text_at("title").is_some()
        && (document.get("detection").is_some() || document.get("correlation").is_some())
}

/// Whether a document is one of Splunk's detections.
pub fn is_splunk(document: &Node<'_>) -> bool {
    let has = |key: &str| document.get(key).is_some();
    document.text_at("name").is_some() && has("search") && (has("tags") || has("mitre_attack_id"))
}

pub fn read(document: &Node<'_>) -> Rule {
    let mut rule = Rule { level: document.text_at("level").map(shortened), ..about(document, "title") };
    tags::read(&mut rule, document.get("tags").map(Node::texts).unwrap_or_default());
    rule
}

/// Splunk's detections have the ids among their tags, or, in newer releases, at the top.
pub fn read_splunk(document: &Node<'_>) -> Rule {
    let mut rule = Rule {
        level: document.text_at("type").map(|level| shortened(level).to_lowercase()),
        ..about(document, "name")
    };
    let ids =
        document.get("tags").and_then(|tags| tags.get("mitre_attack_id")).or_else(|| document.get("mitre_attack_id"));
    tags::read(&mut rule, ids.map(Node::texts).unwrap_or_default());
    rule
}

pub fn kind(document: &Node<'_>) -> Option<Kind> {
    if is(document) {
        return Some(Kind::Sigma);
    }
    is_splunk(document).then_some(Kind::Splunk)
}

fn about(document: &Node<'_>, title: &str) -> Rule {
    let status = document.text_at("status").map(str::to_ascii_lowercase);
    Rule {
        title: document.text_at(title).map(shortened).unwrap_or_default(),
        id: document.text_at("id").and_then(identity),
        off: status.filter(|status| matches!(status.as_str(), "deprecated" | "unsupported")),
        ..Rule::default()
    }
}

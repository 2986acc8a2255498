//! DeTT&CT's technique administration: for each technique how well it is detected (-1 to 5) and seen (0 to 4), for one
//! or several groups of systems, each with its dated history. The newest of these counts; -1 is no detection at all.

use super::{
    ids,
    material::{Kind, Rule},
    text::shortened,
    yaml::Node,
};

pub fn is(document: &Node<'_>) -> bool {
    document.text_at("file_type") == Some("technique-administration")
}

/// DeTT&CT's other files, which name no techniques of one's own.
pub fn is_another(document: &Node<'_>) -> bool {
    let word = document.text_at("file_type");
    word.is_some_and(|word| word.ends_with("-administration")) && !is(document)
}

/// The ratings of one kind.
pub fn read(document: &Node<'_>, kind: Kind) -> Vec<Rule> {
    let key = if kind == Kind::Detection { "detection" } else { "visibility" };
    let mut rules = Vec::new();
    for technique in document.get("techniques").map(Node::items).unwrap_or_default() {
        let techniques = technique.text_at("technique_id").map(ids::attack_ids).unwrap_or_default();
        let name = technique.text_at("technique_id").map(shortened).unwrap_or_default();
        match technique.get(key) {
            Some(Node::List(ratings)) => rules.extend(ratings.iter().map(|it| rating(it, &techniques, &name))),
            Some(one @ Node::Map(_)) => rules.push(rating(one, &techniques, &name)),
            _ => {}
        }
    }
    rules
}

fn rating(rating: &Node<'_>, techniques: &[crate::attack::TechniqueId], name: &str) -> Rule {
    // Before version 1.2 of the format, score and date stood here and not in a history.
    let history = rating.get("score_logbook").map(Node::items).unwrap_or_default();
    let newest = history.iter().map(AsRef::as_ref).reduce(|newest: &Node<'_>, next| {
        // Dates are written year first; of equal ones the upper one is the newer.
        if next.text_at("date").unwrap_or_default() > newest.text_at("date").unwrap_or_default() {
            next
        } else {
            newest
        }
    });
    let last = newest.unwrap_or(rating);
    let score = last.get("score").and_then(Node::number);
    let words = |key: &str| -> String {
        let texts = rating.get(key).map(Node::texts).unwrap_or_default();
        shortened(&texts.into_iter().filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join(", "))
    };
    let systems = words("applicable_to");
    let told = score.map_or_else(|| name.to_owned(), |score| format!("{score}"));
    let about = [
        (!systems.is_empty() && systems != "all").then(|| format!("for {systems}")),
        Some(words("location")).filter(|places| !places.is_empty()).map(|places| format!("in {places}")),
        last.text_at("date")
            .or_else(|| rating.text_at("date_registered"))
            .map(|date| format!("since {}", shortened(date))),
    ];
    let title = std::iter::once(told).chain(about.into_iter().flatten()).collect::<Vec<_>>().join(" ");
    let comments = [rating.text_at("comment"), newest.and_then(|newest| newest.text_at("comment"))];
    let comments: Vec<&str> =
        comments.into_iter().flatten().map(str::trim).filter(|comment| !comment.is_empty()).collect();
    Rule {
        title,
        techniques: techniques.to_vec(),
        empty: match score {
            Some(score) if score < 0.0 => Some("rated -1, which is none".to_owned()),
            None => Some("not rated".to_owned()),
            Some(_) => None,
        },
        score: score.filter(|score| *score >= 0.0),
        comment: comments.join("\n"),
        ..Rule::default()
    }
}

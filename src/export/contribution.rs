//! Drafts of contributions as Markdown, for a mail to attack@mitre.org: what is proposed, field by field, what is known, and
//! what is still missing. What makes a draft complete is `attack`'s.

use super::{
    markdown::{lines, plain},
    statement::tier_words,
};
use crate::attack::{
    ActorKind, Knowledge, TacticName,
    draft::{Draft, Kind, check, is_web_address},
};
use std::fmt::Write;

/// Where contributions are sent.
pub const MAILBOX: &str = "attack@mitre.org";

/// One document of all of them, in their order.
pub fn contribution<'a>(drafts: impl IntoIterator<Item = &'a Draft>, knowledge: &Knowledge) -> String {
    let drafts: Vec<&Draft> = drafts.into_iter().collect();
    let mut text = String::new();
    let title = match drafts.as_slice() {
        [one] => one.title(knowledge),
        many => format!("{} contributions", many.len()),
    };
    let _ = writeln!(text, "# Contribution to ATT&CK: {}\n\nTo: {MAILBOX}  ", plain(&title));
    let _ = writeln!(text, "About: {}", plain(&knowledge.release.words()));
    for draft in drafts {
        one(&mut text, draft, knowledge);
    }
    text
}

fn one(text: &mut String, draft: &Draft, knowledge: &Knowledge) {
    let _ = writeln!(text, "\n## {}\n", plain(&draft.title(knowledge)));
    facts(text, draft, knowledge);
    let heading = match draft.kind {
        Kind::Technique => "What adversaries do",
        Kind::Procedure => "What they did",
        Kind::Placement | Kind::Tier => "Why",
    };
    paragraph(text, heading, &draft.behaviour);
    if draft.kind == Kind::Technique {
        paragraph(text, "How it can be detected", &draft.detection);
        paragraph(text, "What would prevent it", &draft.mitigation);
    }
    evidence(text, draft);
    let missing: Vec<String> = check(draft, knowledge).into_iter().filter(|it| it.must).map(|it| it.words).collect();
    if !missing.is_empty() {
        text.push_str("\n### Not complete yet\n\n");
        for words in &missing {
            let _ = writeln!(text, "- {}", plain(words));
        }
    }
}

/// The fields that are a line each; what was not said is left out.
fn facts(text: &mut String, draft: &Draft, knowledge: &Knowledge) {
    let mut fact = |name: &str, value: &str| {
        if !value.trim().is_empty() {
            let _ = writeln!(text, "- **{name}:** {}", plain(value));
        }
    };
    let technique = draft.technique.as_ref().map(|id| {
        let name = knowledge.technique(id).map_or("", |technique| &technique.name);
        format!("{id} {name}")
    });
    let tactics = tactic_names(&draft.tactics, knowledge);
    let about = draft.technique.as_ref().and_then(|id| knowledge.technique(id));
    match draft.kind {
        Kind::Technique => {
            fact("Name", &draft.name);
            fact("Sub-technique of", &technique.unwrap_or_default());
            fact("Tactics", &tactics);
            fact("Platforms", &draft.platforms.join(", "));
        }
        Kind::Procedure => {
            fact("Technique", &technique.unwrap_or_default());
            let kind = draft.actor_kind.map(|kind| format!(" ({})", actor_word(kind))).unwrap_or_default();
            fact("Who", &format!("{}{kind}", draft.actor.trim()));
            fact("Where and when", &draft.seen);
        }
        Kind::Placement => {
            fact("Technique", &technique.unwrap_or_default());
            fact("Tactics now", &about.map(|it| tactic_names(&it.tactics, knowledge)).unwrap_or_default());
            fact("Tactics proposed", &tactics);
            fact("Platforms now", &about.map(|it| it.platforms.join(", ")).unwrap_or_default());
            fact("Platforms proposed", &draft.platforms.join(", "));
        }
        Kind::Tier => fact("Technique", &technique.unwrap_or_default()),
    }
    let proposed = draft.assigned().map(|(tiers, primary)| tier_words(tiers, primary)).unwrap_or_default();
    match draft.kind {
        Kind::Technique => fact("Tiers", &proposed),
        Kind::Tier => {
            let now = about.and_then(|it| it.tier.as_ref()).map(|it| tier_words(it.tiers, it.primary));
            fact("Tiers in Bulkhead's proposal", &now.unwrap_or_else(|| "not assigned".to_owned()));
            fact("Tiers proposed", &proposed);
        }
        Kind::Procedure | Kind::Placement => {}
    }
    fact("Contributor", &draft.contributor);
}

fn tactic_names(tactics: &[TacticName], knowledge: &Knowledge) -> String {
    tactics.iter().map(|tactic| knowledge.tactic_title(tactic)).collect::<Vec<_>>().join(", ")
}

pub fn actor_word(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Group => "group",
        ActorKind::Software => "software",
        ActorKind::Campaign => "campaign",
    }
}

fn paragraph(text: &mut String, heading: &str, said: &str) {
    if !said.trim().is_empty() {
        let _ = write!(text, "\n### {heading}\n\n{}\n", lines(said.trim()));
    }
}

fn evidence(text: &mut String, draft: &Draft) {
    text.push_str("\n### Seen in the wild\n\n");
    text.push_str(if draft.in_the_wild {
        "Adversaries were seen doing this.\n"
    } else {
        "Not known to have been seen in use by adversaries.\n"
    });
    if !draft.visibility.trim().is_empty() {
        let _ = write!(text, "\nHow we know: {}\n", lines(draft.visibility.trim()));
    }
    let written = draft.references.iter().filter(|it| !it.url.trim().is_empty() || !it.title.trim().is_empty());
    for (at, reference) in written.enumerate() {
        if at == 0 {
            text.push_str("\n### References\n\n");
        }
        let url = reference.url.trim();
        // An address is written as one only if it is one.
        let url = if is_web_address(url) { format!("<{url}>") } else { plain(url) };
        let title = plain(reference.title.trim());
        let between = if title.is_empty() || url.is_empty() { "" } else { ": " };
        let _ = writeln!(text, "{}. {title}{between}{url}", at + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::draft::tests::{examples, knowledge};

    #[test]
    fn a_drafted_technique_is_a_document() {
        let [technique, ..] = examples();
        insta::assert_snapshot!(contribution([&technique], &knowledge()));
    }

    #[test]
    fn a_drafted_procedure_is_a_document() {
        let [_, procedure, ..] = examples();
        insta::assert_snapshot!(contribution([&procedure], &knowledge()));
    }

    #[test]
    fn several_drafts_are_one_document_and_nothing_in_them_is_markup() {
        let [technique, _, mut placement, tier] = examples();
        placement.behaviour = "<script>alert(1)</script> [x](javascript:1)".to_owned();
        placement.references[0].url = "javascript:alert(1)".to_owned();
        let text = contribution([&technique, &placement, &tier], &knowledge());
        assert!(text.starts_with("# Contribution to ATT&CK: 3 contributions\n"), "{text}");
        assert!(!text.contains("<script") && !text.contains("[x](") && !text.contains("<javascript"), "{text}");
        assert_eq!(text.matches("\n## ").count(), 3);
        assert!(text.contains("is no web address"), "what is missing is said: {text}");
    }
}

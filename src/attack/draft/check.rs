//! Whether a draft has what ATT&CK asks of contributions: behaviour rather than a tool, seen in the wild, with something
//! that anybody can read or a word on how the contributor knows. In our own words; the rules are those of "How to
//! contribute" and "ATT&CK: Design and Philosophy" (March 2020), section 4.

use super::{Draft, Kind};
use crate::attack::{Knowledge, Technique};

/// Below this many characters hardly any behaviour is told.
const SHORT: usize = 120;

/// Tools of container attacks and of everybody's work that ATT&CK's bundles don't list.
const TOOLS: [&str; 16] = [
    "kubectl",
    "docker",
    "podman",
    "crictl",
    "nerdctl",
    "helm",
    "peirates",
    "kube-hunter",
    "kubeletctl",
    "botb",
    "cdk",
    "xmrig",
    "metasploit",
    "cobalt strike",
    "masscan",
    "tmate",
];

/// Something that a draft lacks, or that might be better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field that it is about.
    pub field: &'static str,
    pub words: String,
    /// Without it the draft is not complete.
    pub must: bool,
}

/// What is missing first, then what is advised.
pub fn check(draft: &Draft, knowledge: &Knowledge) -> Vec<Finding> {
    let mut found = Found(Vec::new());
    match draft.kind {
        Kind::Technique => new_technique(draft, knowledge, &mut found),
        Kind::Procedure => procedure(draft, knowledge, &mut found),
        Kind::Placement => placement(draft, knowledge, &mut found),
        Kind::Tier => tier(draft, knowledge, &mut found),
    }
    references(draft, &mut found);
    if is_blank(&draft.contributor) {
        found.advise("draft-contributor", "Say who is to be named for it.");
    }
    let (mut must, advice): (Vec<_>, Vec<_>) = found.0.into_iter().partition(|finding| finding.must);
    must.extend(advice);
    must
}

/// `http` or `https`, and a host.
pub fn is_web_address(text: &str) -> bool {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.contains('.') && !rest.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\'))
    })
}

struct Found(Vec<Finding>);

impl Found {
    fn must(&mut self, field: &'static str, words: impl Into<String>) {
        self.0.push(Finding { field, words: words.into(), must: true });
    }

    fn advise(&mut self, field: &'static str, words: impl Into<String>) {
        self.0.push(Finding { field, words: words.into(), must: false });
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn new_technique(draft: &Draft, knowledge: &Knowledge, found: &mut Found) {
    if is_blank(&draft.name) {
        found.must("draft-name", "Name the behaviour.");
    } else if let Some(technique) = named(knowledge, &draft.name) {
        found.must("draft-name", format!("{} already has this name: is it a procedure example of it?", technique.id));
    } else if let Some(tool) = tool_in(knowledge, &draft.name) {
        found.must(
            "draft-name",
            format!("The name is about the tool {tool}: name what is done, so that another tool that does the same counts too."),
        );
    }
    if draft.tactics.is_empty() {
        found.must("draft-tactic", "Choose the tactics: what the adversary achieves by it.");
    }
    if draft.platforms.iter().all(|platform| is_blank(platform)) {
        found.must("draft-platforms", "Say on which platforms.");
    }
    behaviour(draft, "Tell what adversaries do, to what, and what for.", found);
    match &draft.technique {
        Some(id) => match knowledge.technique(id) {
            None => found.must("draft-technique", format!("The bundle has no technique {id} that it could belong to.")),
            Some(parent) => sub_technique(draft, knowledge, parent, found),
        },
        None => found.advise(
            "draft-technique",
            "Is it a special way of a technique that is there? Then make it a sub-technique.",
        ),
    }
    in_the_wild(draft, found);
    if is_blank(&draft.detection) {
        found.advise("draft-detection", "Say how a defender could see it.");
    }
    if is_blank(&draft.mitigation) {
        found.advise("draft-mitigation", "Say what would prevent it.");
    }
    if draft.tiers.is_none() {
        found.advise("draft-tiers", "Say in which tier it stands.");
    }
}

fn sub_technique(draft: &Draft, knowledge: &Knowledge, parent: &Technique, found: &mut Found) {
    if parent.parent.is_some() {
        found.must(
            "draft-technique",
            format!("{} is a sub-technique itself: choose the technique above it.", parent.id),
        );
    }
    let strange = draft.tactics.iter().find(|tactic| !parent.tactics.contains(tactic));
    if let Some(tactic) = strange {
        let name = knowledge.tactic_title(tactic);
        found.advise(
            "draft-tactic",
            format!("{} is not in {name}, and a sub-technique serves its technique's tactics.", parent.id),
        );
    }
}

fn procedure(draft: &Draft, knowledge: &Knowledge, found: &mut Found) {
    subject(draft, knowledge, found);
    if is_blank(&draft.actor) {
        found.must("draft-actor", "Say who did it: a group, a campaign, or software.");
    }
    if draft.actor_kind.is_none() {
        found.must("draft-actor-kind", "Say whether that is a group, software or a campaign.");
    }
    behaviour(draft, "Tell what they did, and with what, in a sentence or two.", found);
    if is_blank(&draft.seen) {
        found.must("draft-seen", "Say where and when it was seen.");
    }
    in_the_wild(draft, found);
}

fn placement(draft: &Draft, knowledge: &Knowledge, found: &mut Found) {
    if let Some(technique) = subject(draft, knowledge, found) {
        let same =
            same_members(&technique.tactics, &draft.tactics) && same_members(&technique.platforms, &draft.platforms);
        if same {
            found.must(
                "draft-tactic",
                format!("Change the tactics or platforms of {}: they are as the bundle has them.", technique.id),
            );
        }
    }
    if draft.tactics.is_empty() {
        found.must("draft-tactic", "Leave at least one tactic.");
    }
    behaviour(draft, "Tell why it belongs there: what adversaries achieve by it.", found);
    in_the_wild(draft, found);
}

fn tier(draft: &Draft, knowledge: &Knowledge, found: &mut Found) {
    let technique = subject(draft, knowledge, found);
    match (draft.assigned(), technique) {
        (None, _) => found.must("draft-tiers", "Choose the tiers."),
        (Some((tiers, primary)), Some(technique)) => {
            let same = technique.tier.as_ref().is_some_and(|ours| ours.tiers == tiers && ours.primary == primary);
            if same {
                found.must("draft-tiers", format!("{} has these tiers already.", technique.id));
            }
        }
        _ => {}
    }
    behaviour(draft, "Tell why: where it acts, and where it is best controlled and seen.", found);
    if !is_evident(draft) {
        found.advise("draft-url", "Give something that anybody can read, if there is.");
    }
}

fn subject<'a>(draft: &Draft, knowledge: &'a Knowledge, found: &mut Found) -> Option<&'a Technique> {
    let Some(id) = &draft.technique else {
        found.must("draft-technique", "Choose the technique.");
        return None;
    };
    let technique = knowledge.technique(id);
    if technique.is_none() {
        found.must("draft-technique", format!("The shown bundle has no technique {id}."));
    }
    technique
}

fn behaviour(draft: &Draft, words: &str, found: &mut Found) {
    let length = draft.behaviour.trim().chars().count();
    if length == 0 {
        found.must("draft-behaviour", words);
    } else if length < SHORT && draft.kind == Kind::Technique {
        found.advise("draft-behaviour", "This is short: what is done, to what, and what for?");
    }
}

/// ATT&CK records what adversaries were seen doing: that it could be done is not enough.
fn in_the_wild(draft: &Draft, found: &mut Found) {
    if !draft.in_the_wild {
        found.must(
            "draft-in-the-wild",
            "ATT&CK takes what adversaries were seen doing; research and tests alone are not enough.",
        );
    }
    if !is_evident(draft) {
        found.must("draft-url", "Give the address of a public report, or say below how you know.");
    }
}

fn is_evident(draft: &Draft) -> bool {
    !is_blank(&draft.visibility) || draft.references.iter().any(|reference| is_web_address(&reference.url))
}

fn references(draft: &Draft, found: &mut Found) {
    for reference in &draft.references {
        let (title, url) = (reference.title.trim(), reference.url.trim());
        if !url.is_empty() && !is_web_address(url) {
            found.must("draft-url", format!("\"{}\" is no web address.", url.chars().take(80).collect::<String>()));
        } else if url.is_empty() && !title.is_empty() {
            found.must("draft-url", format!("Give the address of \"{}\".", title.chars().take(80).collect::<String>()));
        } else if title.is_empty() && !url.is_empty() {
            found.advise("draft-reference", "Give author, title and date of each reference.");
        }
    }
}

fn same_members<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    a.len() == b.len() && a.iter().all(|it| b.contains(it))
}

/// A technique of this name.
fn named<'a>(knowledge: &'a Knowledge, name: &str) -> Option<&'a Technique> {
    knowledge.techniques.iter().find(|technique| technique.name.eq_ignore_ascii_case(name.trim()))
}

/// A tool that a name is about: software of the bundle, or one that everybody knows.
fn tool_in(knowledge: &Knowledge, name: &str) -> Option<String> {
    let name = format!(" {} ", words_of(name));
    let is_in = |tool: &str| name.contains(&format!(" {} ", words_of(tool)));
    let software = knowledge.actors.iter().filter(|actor| actor.kind == crate::attack::ActorKind::Software);
    let software = software.map(|actor| actor.name.as_str()).filter(|name| name.chars().count() > 3);
    software.chain(TOOLS).find(|tool| is_in(tool)).map(str::to_owned)
}

/// Lower-case words with single spaces; what is neither letter, digit nor hyphen parts them.
fn words_of(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

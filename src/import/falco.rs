//! Falco rules files: a list of rules, macros, lists and what they need. A later entry of a rule's name stands in its
//! place, or changes it (`override`, or `append` as older files have it), also from another file.

use super::{
    material::{Kind, Problem, Rule, Source},
    tags,
    text::shortened,
    yaml::Node,
};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// An entry that changes a rule which may stand in another file.
pub struct Change {
    name: String,
    file: String,
    adds_tags: Option<Rule>,
    sets_tags: Option<Rule>,
    enabled: Option<bool>,
}

/// Whether a document is a Falco rules file.
pub fn is(document: &Node<'_>) -> bool {
    const WORDS: [&str; 5] = ["rule", "macro", "list", "required_engine_version", "required_plugin_versions"];
    let items = document.items();
    !items.is_empty() && items.iter().take(50).any(|item| WORDS.iter().any(|word| item.get(word).is_some()))
}

/// The rules of a file; what it changes of rules goes to `changes`.
pub fn read(document: &Node<'_>, file: &str, changes: &mut Vec<Change>) -> Vec<Rule> {
    let mut rules: IndexMap<String, Rule, FxBuildHasher> = IndexMap::default();
    for item in document.items() {
        let Some(name) = item.text_at("rule").map(shortened).filter(|name| !name.is_empty()) else { continue };
        let changed = item.get("override");
        let appends = item.get("append").and_then(Node::flag) == Some(true);
        // An entry that only switches a rule, as older files did it.
        let only_switches =
            item.get("enabled").is_some() && item.get("condition").is_none() && item.get("output").is_none();
        if changed.is_some() || appends || only_switches {
            let way = |key: &str| changed.and_then(|changed| changed.text_at(key)).unwrap_or_default();
            let tagged = |asked: bool| asked.then(|| tagged(item));
            changes.push(Change {
                adds_tags: tagged(way("tags") == "append" || (appends && item.get("tags").is_some())),
                sets_tags: tagged(way("tags") == "replace"),
                enabled: item.get("enabled").and_then(Node::flag),
                file: file.to_owned(),
                name,
            });
            continue;
        }
        let off = item.get("enabled").and_then(Node::flag) == Some(false);
        let rule = Rule {
            level: item.text_at("priority").map(|level| shortened(level).to_ascii_lowercase()),
            off: off.then(|| NOT_ENABLED.to_owned()),
            title: name.clone(),
            ..tagged(item)
        };
        rules.insert(name, rule);
    }
    rules.into_values().collect()
}

const NOT_ENABLED: &str = "not enabled";

fn tagged(item: &Node<'_>) -> Rule {
    let mut rule = Rule::default();
    tags::read(&mut rule, item.get("tags").map(Node::texts).unwrap_or_default());
    rule
}

/// Makes the changes, once all files are read, and leaves each rule only where it stands last. What could not be changed
/// is a problem.
pub fn settle(sources: &mut [Source], changes: Vec<Change>) -> Vec<Problem> {
    let mut seen = FxHashSet::default();
    for source in sources.iter_mut().rev().filter(|source| source.kind == Kind::Falco) {
        source.rules.retain(|rule| seen.insert(rule.title.clone()));
    }
    let rules = sources.iter_mut().filter(|it| it.kind == Kind::Falco).flat_map(|source| source.rules.iter_mut());
    let mut rules: FxHashMap<String, &mut Rule> = rules.map(|rule| (rule.title.clone(), rule)).collect();
    let mut problems = Vec::new();
    for change in changes {
        let Some(rule) = rules.get_mut(&change.name) else {
            let what = format!("it changes the rule \"{}\", which is in none of the files", change.name);
            problems.push(Problem { file: change.file, what });
            continue;
        };
        if let Some(set) = change.sets_tags {
            (rule.techniques, rule.tactics) = (set.techniques, set.tactics);
        }
        if let Some(added) = change.adds_tags {
            tags::add(rule, added.techniques, added.tactics);
        }
        match change.enabled {
            Some(true) => rule.off = None,
            Some(false) => rule.off = Some(NOT_ENABLED.to_owned()),
            None => {}
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::read_files;
    use super::*;

    fn rules(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
        let material = read_files(&files);
        let line = |rule: &Rule| {
            let ids: Vec<&str> = rule.techniques.iter().map(crate::attack::TechniqueId::as_str).collect();
            let off = rule.off.as_deref().map(|off| format!(" ({off})")).unwrap_or_default();
            format!("{}: {} {}{off}", rule.title, ids.join(" "), rule.tactics.join(" "))
        };
        let lines = material.sources.iter().flat_map(|source| source.rules.iter().map(line)).collect();
        (lines, material.problems.into_iter().map(|problem| problem.what).collect())
    }

    const RULES: &str = "
- required_engine_version: 0.57.0
- macro: spawned
  condition: evt.type = execve
- list: shells
  items: [bash, sh]
- rule: Shell
  desc: a shell
  condition: spawned
  output: shell
  priority: NOTICE
  tags: [container, mitre_execution, T1059]
- rule: Quiet
  condition: spawned
  output: quiet
  enabled: false
  tags: [T1610]
";

    #[test]
    fn rules_are_read_with_their_tags_and_macros_are_none() {
        let (lines, problems) = rules(&[("falco.yaml", RULES)]);
        assert_eq!(lines, ["Shell: T1059 execution", "Quiet: T1610  (not enabled)"]);
        assert!(problems.is_empty());
    }

    #[test]
    fn other_files_change_rules_whichever_comes_first() {
        let local = "
- rule: Shell
  tags: [T1611]
  override:
    tags: append
- rule: Quiet
  enabled: true
- rule: Gone
  append: true
  condition: and x
";
        for files in [[("a.yaml", RULES), ("b.yaml", local)], [("b.yaml", local), ("c.yaml", RULES)]] {
            let (lines, problems) = rules(&files);
            assert_eq!(lines, ["Shell: T1059 T1611 execution", "Quiet: T1610 "]);
            assert_eq!(problems, ["it changes the rule \"Gone\", which is in none of the files"]);
        }
        let replaces =
            "- {rule: Shell, enabled: false, tags: [mitre_impact], override: {tags: replace, enabled: replace}}";
        let (lines, _) = rules(&[("a.yaml", RULES), ("b.yaml", replaces)]);
        assert_eq!(lines[0], "Shell:  impact (not enabled)");
    }

    #[test]
    fn a_rule_that_is_defined_again_counts_once() {
        let again = "- {rule: Shell, condition: x, output: y, priority: INFO, tags: [T1609]}";
        let (lines, _) = rules(&[("a.yaml", RULES), ("b.yaml", again)]);
        assert_eq!(lines, ["Quiet: T1610  (not enabled)", "Shell: T1609 "]);
    }

    #[test]
    fn many_rules_and_changes_take_no_longer_for_each() {
        let began = std::time::Instant::now();
        let many = |line: fn(usize) -> String| (0..30_000).map(line).collect::<String>();
        let defined = many(|at| format!("- {{rule: Rule {at}, condition: x}}\n"));
        let changed = many(|at| format!("- {{rule: Rule {at}, enabled: false}}\n"));
        let (lines, problems) = rules(&[("a.yaml", &defined), ("b.yaml", &changed)]);
        assert_eq!((lines.len(), problems.len()), (30_000, 0));
        assert!(lines.iter().all(|line| line.ends_with("(not enabled)")));
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
    }

    #[test]
    fn what_changes_add_to_a_rule_is_bounded() {
        let added: String =
            (1_000..3_000).map(|id| format!("- {{rule: Shell, append: true, tags: [T{id}]}}\n")).collect();
        let (lines, _) = rules(&[("a.yaml", RULES), ("b.yaml", &added)]);
        assert_eq!(lines[0].matches('T').count(), tags::MOST);
    }

    #[test]
    fn changes_of_what_is_nowhere_are_problems_up_to_a_number() {
        let changes: String = (0..1_000).map(|at| format!("- {{rule: Gone {at}, append: true}}\n")).collect();
        let (_, problems) = rules(&[("a.yaml", &changes)]);
        assert_eq!(problems.len(), 200);
    }
}

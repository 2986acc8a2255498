//! Upgrades between releases, cell by cell, and the report of them.

use super::*;
use crate::{
    attack::{Releases, Tier, read},
    layer::{Combine, Mark, Marks, Metadata, Score, TierScoring},
};

fn to() -> Knowledge {
    read(include_bytes!("../../../data/attack-containers-19.2.json")).unwrap().knowledge
}

fn from(release: &str) -> Catalogue {
    let releases = Releases::read(include_bytes!("../../../data/attack-releases.json")).unwrap();
    releases.of(release).unwrap().1.clone()
}

fn table() -> Replacements {
    Replacements::read(include_bytes!("../../../data/attack-replacements.json")).unwrap()
}

fn entry(technique: &str, tactic: &str, score: u32) -> Entry {
    let tactic = if tactic.is_empty() { None } else { Some(TacticName::parse(tactic).unwrap()) };
    let mark = Mark { score: Score::new(f64::from(score)), ..Mark::default() };
    let key = Key { technique: TechniqueId::parse(technique).unwrap(), tactic };
    Entry { marks: Marks::Together(mark), ..Entry::new(key) }
}

fn layer(release: &str, entries: Vec<Entry>) -> Layer {
    let layer = Layer::new("Coverage", "enterprise-attack", Some(release), vec!["Containers".to_owned()]);
    Layer { annotations: entries.into_iter().collect(), ..layer }
}

/// `T1036 stealth 5`
fn told(layer: &Layer) -> Vec<String> {
    let one = |entry: &Entry| {
        let tactic = entry.key.tactic.as_ref().map_or("all", TacticName::as_str);
        let score = entry.marks.combined(layer.tier_scoring.combine()).score.map_or(-1.0, Score::value);
        let metadata: Vec<String> = entry.metadata.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
        format!("{} {tactic} {score}{}", entry.key.technique, metadata.concat())
    };
    let mut told: Vec<String> = layer.annotations.iter().map(one).collect();
    told.sort();
    told
}

/// Where what stood in Defense Evasion stands in v19.2, as ATT&CK's change log has it; `kept`: nowhere, so as it was.
const DEFENSE_EVASION: [(&str, &str); 13] = [
    ("T1036", "stealth"),
    ("T1036.005", "stealth"),
    ("T1036.010", "stealth"),
    ("T1070", "stealth"),
    ("T1078", "stealth"),
    ("T1078.001", "stealth"),
    ("T1078.003", "stealth"),
    ("T1550", "kept"),
    ("T1550.001", "kept"),
    ("T1562", "T1685"),
    ("T1562.001", "T1685"),
    ("T1610", "kept"),
    ("T1612", "stealth"),
];

#[test]
fn a_layer_that_says_something_of_every_cell_is_upgraded_cell_by_cell() {
    // How many cells each release has, and how many of its techniques left Defense Evasion without a place to go.
    for (release, cells, kept) in [("9", 47, 1), ("12", 53, 3), ("15", 65, 3), ("18.1", 69, 3)] {
        let from = from(release);
        let mut keys: Vec<(&TechniqueId, &TacticName)> =
            from.facts.iter().flat_map(|(id, fact)| fact.tactics.iter().map(move |tactic| (id, tactic))).collect();
        keys.sort();
        assert_eq!(keys.len(), cells, "{release}");
        let number = |at: usize| u32::try_from(at).unwrap();
        let entries = keys.iter().enumerate().map(|(at, (id, tactic))| entry(id.as_str(), tactic.as_str(), number(at)));
        let old = layer(release, entries.collect());
        let upgrade = upgrade(&old, &from, &to(), &table());
        let new = upgraded(&old, &upgrade, &[], &to());
        let mut expected: Vec<String> = Vec::new();
        let mut impaired = Vec::new();
        for (at, (id, tactic)) in keys.iter().enumerate() {
            if tactic.as_str() != "defense-evasion" {
                expected.push(format!("{id} {tactic} {at}"));
                continue;
            }
            let (_, place) = DEFENSE_EVASION.iter().find(|(other, _)| *other == id.as_str()).unwrap();
            match *place {
                "kept" => expected.push(format!("{id} defense-evasion {at}")),
                "T1685" => impaired.push(at),
                tactic => expected.push(format!("{id} {tactic} {at}")),
            }
        }
        // Both came to one cell; the one of the same name speaks first, and the other's score is noted.
        let [parent, own] = impaired.as_slice() else { panic!("{release}: T1562 and T1562.001") };
        let noted = format!("{{\"name\":\"T1562 score\",\"value\":\"{parent}\"}}");
        expected.push(format!("T1685 defense-impairment {own}{noted}"));
        expected.sort();
        assert_eq!(told(&new), expected, "{release}");
        assert_eq!(new.versions.attack.as_deref(), Some("19"));
        let outside = upgrade.decisions.iter().filter(|decision| decision.ways[0] == Way::Keep).count();
        assert_eq!(outside, kept, "{release}");
    }
}

/// What became of a release's container techniques in v19.2, taken from both releases' objects by hand.
struct Became {
    release: &'static str,
    renamed: &'static [(&'static str, &'static str)],
    /// With what else became of them: `-` lost a tactic, `+` gained one.
    tactics: &'static [(&'static str, &'static str)],
    platforms: &'static str,
    added: &'static str,
}

const LEGITIMATE: (&str, &str) = ("T1036.005", "Match Legitimate Name or Location");
const STEALTH: &str = "-defense-evasion +stealth";
const LEFT: &str = "-defense-evasion";
const BECAME: [Became; 4] = [
    Became {
        release: "9",
        renamed: &[LEGITIMATE, ("T1046", "Network Service Scanning"), ("T1070", "Indicator Removal on Host")],
        tactics: &[
            ("T1036", STEALTH),
            ("T1036.005", STEALTH),
            ("T1070", STEALTH),
            ("T1078", STEALTH),
            ("T1078.001", STEALTH),
            ("T1078.003", STEALTH),
            ("T1610", LEFT),
            ("T1612", STEALTH),
        ],
        platforms: "T1036 T1036.005 T1046 T1053 T1070 T1078 T1078.001 T1078.003 T1110 T1110.001 T1110.003 T1110.004 T1133 \
                    T1190 T1496 T1498 T1499 T1552 T1611",
        added: "T1036.010 T1059 T1059.013 T1069 T1098 T1098.006 T1136 T1136.001 T1485 T1490 T1496.001 T1496.002 T1528 T1543 \
                T1543.005 T1550 T1550.001 T1685",
    },
    Became {
        release: "12",
        renamed: &[LEGITIMATE],
        tactics: &[
            ("T1036", STEALTH),
            ("T1036.005", STEALTH),
            ("T1070", STEALTH),
            ("T1078", STEALTH),
            ("T1078.001", STEALTH),
            ("T1078.003", STEALTH),
            ("T1550", LEFT),
            ("T1550.001", LEFT),
            ("T1610", LEFT),
            ("T1612", STEALTH),
        ],
        platforms: "T1036 T1036.005 T1046 T1053 T1069 T1070 T1078 T1078.001 T1078.003 T1110 T1110.001 T1110.003 T1110.004 \
                    T1190 T1496 T1498 T1499 T1528 T1550 T1550.001 T1552 T1611",
        added: "T1036.010 T1059 T1059.013 T1098 T1098.006 T1136 T1136.001 T1485 T1490 T1496.001 T1496.002 T1543 T1543.005 \
                T1685",
    },
    Became {
        release: "15",
        renamed: &[LEGITIMATE],
        tactics: &[
            ("T1036", STEALTH),
            ("T1036.005", STEALTH),
            ("T1070", STEALTH),
            ("T1078", STEALTH),
            ("T1078.001", STEALTH),
            ("T1078.003", STEALTH),
            ("T1550", LEFT),
            ("T1550.001", LEFT),
            ("T1610", LEFT),
            ("T1612", STEALTH),
        ],
        platforms: "T1036 T1036.005 T1046 T1053 T1069 T1070 T1078 T1078.001 T1078.003 T1098 T1110 T1110.001 T1110.003 \
                    T1110.004 T1136 T1136.001 T1190 T1485 T1490 T1496 T1498 T1499 T1528 T1550 T1550.001 T1552 T1611",
        added: "T1036.010 T1059 T1059.013 T1496.001 T1496.002 T1685",
    },
    Became {
        release: "18.1",
        renamed: &[],
        tactics: &[
            ("T1036", STEALTH),
            ("T1036.005", STEALTH),
            ("T1036.010", STEALTH),
            ("T1070", STEALTH),
            ("T1078", STEALTH),
            ("T1078.001", STEALTH),
            ("T1078.003", STEALTH),
            ("T1550", LEFT),
            ("T1550.001", LEFT),
            ("T1610", LEFT),
            ("T1612", STEALTH),
        ],
        platforms: "T1053",
        added: "T1059 T1685",
    },
];

#[test]
fn what_became_of_every_technique_of_a_release_is_told() {
    for Became { release, renamed, tactics, platforms, added } in BECAME {
        // A layer that says nothing: so all that changed is told as what stands elsewhere.
        let upgrade = upgrade(&layer(release, Vec::new()), &from(release), &to(), &table());
        let mut told: Vec<String> = Vec::new();
        for (id, _, fate) in &upgrade.elsewhere {
            let changes = match fate {
                Fate::Changed(changes) => changes,
                other => {
                    told.push(format!("{id} {}", other.words(&to())));
                    continue;
                }
            };
            told.extend(changes.iter().map(|change| match change {
                Change::Name(was, _) => format!("{id} was {was}"),
                Change::Tactics(lost, gained) => {
                    let lost = lost.iter().map(|tactic| format!("-{tactic}"));
                    let both: Vec<String> = lost.chain(gained.iter().map(|tactic| format!("+{tactic}"))).collect();
                    format!("{id} {}", both.join(" "))
                }
                Change::Platforms(..) => format!("{id} platforms"),
            }));
        }
        let mut expected = vec![
            "T1562 revoked, replaced by T1685 Disable or Modify Tools".to_owned(),
            "T1562.001 revoked, replaced by T1685 Disable or Modify Tools".to_owned(),
        ];
        expected.extend(renamed.iter().map(|(id, was)| format!("{id} was {was}")));
        expected.extend(tactics.iter().map(|(id, change)| format!("{id} {change}")));
        expected.extend(platforms.split_whitespace().map(|id| format!("{id} platforms")));
        told.sort();
        expected.sort();
        assert_eq!(told, expected, "{release}");
        let mut new: Vec<&str> = upgrade.added.iter().map(|(id, _)| id.as_str()).collect();
        new.sort_unstable();
        assert_eq!(new, added.split_whitespace().collect::<Vec<_>>(), "{release}");
    }
}

#[test]
fn each_annotation_has_its_fate_and_what_else_could_be_done() {
    let to = to();
    let cases = [
        ("9", "T1046", "discovery", "renamed, was Network Service Scanning; platforms: with ", "stays"),
        ("18.1", "T1609", "execution", "unchanged", "stays"),
        ("18.1", "T1612", "defense-evasion", "moved to Stealth", "goes to Stealth|kept|left out"),
        ("18.1", "T1610", "execution", "tactics: without Defense Evasion", "stays"),
        ("18.1", "T1610", "defense-evasion", "not in this tactic any more", "kept|goes to Execution|left out"),
        (
            "18.1",
            "T1562",
            "defense-evasion",
            "revoked, replaced by T1685 Disable or Modify Tools",
            "goes to T1685 in Defense Impairment|kept|left out",
        ),
        ("18.1", "T1562.001", "", "revoked, replaced by T1685 Disable or Modify Tools", "goes to T1685|kept|left out"),
        // It never was there: so it left nothing, and what it gained is not for this.
        ("18.1", "T1612", "impact", "not in this tactic any more", "kept|goes to Stealth|left out"),
        (
            "18.1",
            "T1562",
            "impact",
            "revoked, replaced by T1685 Disable or Modify Tools",
            "kept|goes to T1685 in Defense Impairment|left out",
        ),
        ("12", "T9999", "execution", "not in this matrix, before or after", "kept|left out"),
        // Known to be revoked, but for a technique of other platforms.
        ("12", "T1086", "execution", "not in this matrix, before or after", "kept|left out"),
    ];
    for (release, technique, tactic, fate, ways) in cases {
        let old = layer(release, vec![entry(technique, tactic, 1)]);
        let upgrade = upgrade(&old, &from(release), &to, &table());
        let [decision] = upgrade.decisions.as_slice() else { panic!("one") };
        let words = decision.fate.words(&to);
        assert!(words.starts_with(fate), "{release} {technique} {tactic}: {words}");
        let told: Vec<String> = decision.ways.iter().map(|way| way.words(decision, &to)).collect();
        let told = told.join("|").replace(" in the layer, outside of the matrix", "");
        assert_eq!(told, ways, "{release} {technique} {tactic}");
    }
}

#[test]
fn what_is_chosen_is_done() {
    let to = to();
    let old = layer("18.1", vec![entry("T1610", "defense-evasion", 7), entry("T1610", "execution", 9)]);
    let upgrade = upgrade(&old, &from("18.1"), &to, &table());
    let with = |chosen: &[usize]| told(&upgraded(&old, &upgrade, chosen, &to));
    assert_eq!(with(&[]), ["T1610 defense-evasion 7", "T1610 execution 9"]);
    // What stood there goes first.
    assert_eq!(with(&[1]), ["T1610 execution 9{\"name\":\"T1610 score\",\"value\":\"7\"}"]);
    assert_eq!(with(&[2]), ["T1610 execution 9"]);
    assert_eq!(with(&[99]), with(&[]));
}

#[test]
fn nothing_is_lost_and_what_nobody_knows_stays_as_it_was() {
    let mut odd = entry("T9999", "execution", 3);
    odd.metadata.push(Metadata::new("owner", "blue"));
    odd.kept.insert("x".to_owned(), serde_json::json!(1));
    let old = layer("12", vec![odd.clone(), entry("T1003", "credential-access", 4)]);
    let upgrade = upgrade(&old, &from("12"), &to(), &table());
    let new = upgraded(&old, &upgrade, &[], &to());
    assert_eq!(new.annotations, old.annotations);
}

#[test]
fn the_report_says_what_was_done_and_is_only_text() {
    let to = to();
    let old = layer("18.1", vec![entry("T1562", "defense-evasion", 1), entry("T1609", "execution", 2)]);
    let upgrade = upgrade(&old, &from("18.1"), &to, &table());
    let text = report("<b>Q3 | review", &upgrade, &[2], &to);
    assert!(text.starts_with("# \\<b\\>Q3 \\| review: ATT\\&CK v18.1 to ATT\\&CK for Containers v19.2\n"), "{text}");
    assert!(text.contains("2 annotations, 1 of them unchanged."));
    let one = layer("18.1", vec![entry("T1609", "execution", 2)]);
    let one = report("x", &super::upgrade(&one, &from("18.1"), &to, &table()), &[], &to);
    assert!(one.contains("\n1 annotation, 1 of them unchanged."), "{one}");
    let row =
        "| T1562 Impair Defenses | Defense Evasion | revoked, replaced by T1685 Disable or Modify Tools | left out |";
    assert!(text.contains(row), "{text}");
    assert!(text.contains("- T1685 Disable or Modify Tools\n"), "{text}");
    assert!(text.contains("- T1612 Build Image on Host: tactics: without Defense Evasion, with Stealth"), "{text}");
}

/// T1562 and T1562.001 both became T1685: where tiers are scored separately they meet tier by tier.
#[test]
fn what_meets_in_one_cell_meets_tier_by_tier() {
    let mark = |score: f64| Mark { score: Score::new(score), ..Mark::default() };
    let apart = |technique: &str, orchestration: Mark, container: Mark| Entry {
        marks: Marks::by_tier(orchestration, container),
        ..entry(technique, "defense-evasion", 0)
    };
    let entries = vec![
        apart("T1562", mark(10.0), Mark::default()),
        apart("T1562.001", mark(30.0), Mark { comment: "rules".to_owned(), ..mark(70.0) }),
    ];
    let layer = Layer { tier_scoring: TierScoring::Separately(Combine::Weakest), ..layer("18", entries) };
    let plan = upgrade(&layer, &from("18"), &to(), &table());
    let next = upgraded(&layer, &plan, &[], &to());
    let met: Vec<&Entry> = next.annotations.iter().filter(|entry| entry.key.technique.as_str() == "T1685").collect();
    assert_eq!(met.len(), 1, "{:?}", told(&next));
    let of = |tier: Tier| (met[0].marks.of(tier).score.map(Score::value), met[0].marks.of(tier).comment.as_str());
    let rows: Vec<String> = met[0].metadata.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
    // The one whose name is the new technique's speaks first.
    assert_eq!(of(Tier::Orchestration), (Some(30.0), ""));
    assert_eq!(of(Tier::Container), (Some(70.0), "rules"));
    assert_eq!(rows.len(), 1);
    assert!(rows[0].contains("T1562 orchestration score") && rows[0].contains("10"), "{rows:?}");
}

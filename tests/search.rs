//! Search on the bundles in `data/`: what defenders type leads to what they mean. What is expected was written down before
//! it was looked for, from what the words mean and not from what came out.

#![allow(clippy::unwrap_used)] // what can't be read here is a broken test

mod facts;

use bulkhead::attack::{Index, Kind, Knowledge, Subject, excerpt, read};
use std::{collections::BTreeMap, path::Path};

fn ours(release: &str) -> Knowledge {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/{release}.json"));
    read(&std::fs::read(path).unwrap()).unwrap().knowledge
}

/// The official bundle, where it is there.
fn enterprise() -> Option<Knowledge> {
    facts::unpacked("stix/enterprise-attack-18.1.json.gz").map(|bytes| read(&bytes).unwrap().knowledge)
}

fn index(knowledge: &Knowledge, ours: Option<&Knowledge>) -> Index {
    let mut index = Index::new(knowledge);
    while index.describe(knowledge, ours, 50) {}
    index
}

fn keys(index: &Index, query: &str, most: usize) -> Vec<String> {
    index.find(query).into_iter().take(most).map(|hit| hit.subject.key).collect()
}

/// What is typed, and the techniques of which at least one must be among the first three results of any kind.
const QUERIES: [(&str, &[&str]); 26] = [
    ("kubectl exec", &["T1609"]),
    ("escape", &["T1611"]),
    ("TeamTNT", &["T1610", "T1609", "T1611", "T1613", "T1496.001", "T1496"]),
    ("service account token", &["T1528", "T1550.001"]),
    ("T1610", &["T1610"]),
    ("admission", &["T1610"]),
    ("cryptomining", &["T1496.001", "T1496"]),
    ("cronjob", &["T1053.007"]),
    ("privileged container", &["T1610", "T1611"]),
    ("hostpath", &["T1610", "T1611"]),
    ("docker.sock", &["T1059.013", "T1552.007", "T1611"]),
    ("daemonset", &["T1543.005"]),
    ("cluster-admin", &["T1098.006"]),
    ("clusterrolebinding", &["T1098.006"]),
    ("brute force", &["T1110"]),
    ("malicious image", &["T1204.003"]),
    ("exposed kubelet", &["T1133", "T1609"]),
    ("port scan", &["T1046"]),
    ("list pods", &["T1613"]),
    ("kubernetes secrets", &["T1552", "T1552.007"]),
    ("delete logs", &["T1070"]),
    ("build image", &["T1612"]),
    ("ddos", &["T1498", "T1499"]),
    ("kubeconfig", &["T1078", "T1552.001", "T1550"]),
    ("1053.007", &["T1053.007"]),
    ("registry backdoor image", &["T1525", "T1204.003"]),
];

#[test]
fn what_a_defender_types_leads_to_what_they_mean() {
    let knowledge = ours("attack-containers-19.2");
    let index = index(&knowledge, None);
    let missed: Vec<String> = QUERIES
        .iter()
        .filter(|(query, expected)| !keys(&index, query, 3).iter().any(|key| expected.contains(&key.as_str())))
        .map(|(query, expected)| format!("{query:?}: {expected:?} not in {:?}", keys(&index, query, 8)))
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_called_by_its_id_name_or_alias_comes_first() {
    for release in ["attack-containers-19.2", "attack-containers-18.1", "microsoft-kubernetes"] {
        let knowledge = ours(release);
        let index = index(&knowledge, None);
        for told in knowledge.subjects() {
            let subject = Subject::of(told);
            let first = |query: &str| index.find(query).into_iter().next().unwrap();
            assert_eq!(first(&subject.key).subject, subject, "{release}");
            assert_eq!(first(&told.name().to_uppercase()).name, told.name(), "{release} {subject:?}");
        }
        for actor in &knowledge.actors {
            for alias in &actor.aliases {
                let found = index.find(alias);
                let at = found.iter().position(|hit| hit.subject.key == actor.id).unwrap();
                assert!(at < 5, "{alias}: {} only at {at}", actor.name);
            }
        }
    }
}

#[test]
fn a_hit_says_how_many_techniques_it_touches() {
    let knowledge = ours("attack-containers-19.2");
    let index = index(&knowledge, None);
    for told in knowledge.subjects() {
        let subject = Subject::of(told);
        let hit = index.find(&subject.key).into_iter().find(|hit| hit.subject == subject).unwrap();
        assert_eq!(hit.techniques, knowledge.touched(&subject).len(), "{subject:?}");
    }
}

#[test]
fn every_kind_is_found() {
    let knowledge = ours("attack-containers-19.2");
    let index = index(&knowledge, None);
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    for query in ["container", "execution", "teamtnt", "kinsing", "privileged", "campaign", "c0", "pod"] {
        index.find(query).iter().for_each(|hit| *kinds.entry(hit.subject.kind).or_default() += 1);
    }
    // Assets are the ICS domain's.
    let expected: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Asset).collect();
    assert_eq!(kinds.keys().copied().collect::<Vec<_>>(), expected);
}

#[test]
fn odd_queries_stop_nothing() {
    let knowledge = ours("attack-containers-19.2");
    let index = index(&knowledge, None);
    for query in ["", "   ", "the", "()", "\u{0}", "zzzzzzz", "ßßß", "T", &"x".repeat(10_000), &"a b ".repeat(2_000)]
    {
        let _ = index.find(query);
    }
    assert!(index.find("   ").is_empty() && index.find("zzzzzzz").is_empty());
}

#[test]
fn a_description_shows_why_it_was_found() {
    let knowledge = ours("attack-containers-19.2");
    let index = index(&knowledge, None);
    let hit = index.find("release_agent").into_iter().next().unwrap();
    assert_eq!(hit.subject.key, "T1611");
    let technique = knowledge.techniques.iter().find(|technique| technique.id.as_str() == "T1611").unwrap();
    let [before, found, after] = excerpt(&technique.description, "release_agent").unwrap();
    assert_eq!(found, "release_agent");
    assert!(technique.description.contains(&format!("{}{found}", before.trim_start_matches('…'))), "{before}{after}");
}

#[test]
fn on_the_whole_of_enterprise_it_leads_there_too() {
    let Some(knowledge) = enterprise() else { return };
    let ours = ours("attack-containers-18.1");
    let index = index(&knowledge, Some(&ours));
    // Who was seen against containers only our own bundles say.
    let queries = QUERIES.iter().filter(|(query, _)| *query != "TeamTNT");
    let missed: Vec<String> = queries
        .filter(|(query, expected)| !keys(&index, query, 3).iter().any(|key| expected.contains(&key.as_str())))
        .map(|(query, expected)| format!("{query:?}: {expected:?} not in {:?}", keys(&index, query, 8)))
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

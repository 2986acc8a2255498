//! Plans of layers from rules, ratings and tables: what is mapped where, scored how, and left out why.

use super::*;
use crate::{
    attack,
    import::read_files,
    layer::{Key, Layer},
};

fn knowledge() -> Knowledge {
    attack::read(include_bytes!("../../../data/attack-containers-19.2.json")).unwrap().knowledge
}

fn material(files: &[(&str, &str)]) -> Material {
    read_files(&files.iter().map(|(path, text)| (*path, text.as_bytes())).collect::<Vec<_>>())
}

fn planned(files: &[(&str, &str)], choose: impl Fn(&mut Choices)) -> Vec<Planned> {
    let (material, knowledge) = (material(files), knowledge());
    let mut choices = Choices::new(&material, &knowledge);
    choose(&mut choices);
    Plan::of(&material, &choices, &knowledge).layers
}

/// `T1610 2` for each technique.
fn scores(planned: &Planned) -> Vec<String> {
    planned.techniques.iter().map(|it| format!("{} {}", it.id, it.score)).collect()
}

fn left(planned: &Planned) -> Vec<(&str, usize)> {
    planned.left.iter().map(|left| (left.reason.as_str(), left.rules.len())).collect()
}

const RULES: &str = "
- {rule: One, condition: x, output: y, priority: NOTICE, tags: [mitre_execution, T1609]}
- {rule: Two, condition: x, output: y, tags: [mitre_persistence, T1053.007, T1609]}
- {rule: Three, condition: x, output: y, tags: [mitre_impact]}
- {rule: Four, condition: x, output: y, tags: [container]}
- {rule: Five, condition: x, output: y, enabled: false, tags: [T1609]}
- {rule: Six, condition: x, output: y, tags: [T1562.001]}
- {rule: Seven, condition: x, output: y, tags: [T9999]}
- {rule: Eight, condition: x, output: y, tags: [T1609.099, T1609]}
";

#[test]
fn rules_are_counted_and_what_is_left_is_listed_with_the_reason() {
    let layers = planned(&[("falco.yaml", RULES)], |_| {});
    let [layer] = layers.as_slice() else { panic!("one layer") };
    assert_eq!(scores(layer), ["T1609 3", "T1053.007 1", "T1609.099 1", "T1685 1", "T9999 1"]);
    assert_eq!((layer.rules, layer.mapped), (8, 5));
    let release = knowledge().release.words();
    let mut all = left(layer);
    all.sort_unstable();
    let (unknown, sub) = (format!("T9999 is not in {release}"), format!("T1609.099 is not in {release}"));
    let mut expected = vec![
        ("Names a tactic only: impact", 1),
        ("Names no technique", 1),
        ("Not enabled", 1),
        (sub.as_str(), 1),
        (unknown.as_str(), 1),
    ];
    expected.sort_unstable();
    assert_eq!(all, expected);
}

#[test]
fn choices_change_what_is_counted() {
    type Case = (&'static str, fn(&mut Choices), &'static [&'static str]);
    let cases: [Case; 6] = [
        ("off", |it| it.off = true, &["T1609 4", "T1053.007 1", "T1609.099 1", "T1685 1", "T9999 1"]),
        ("unknown", |it| it.keep_unknown = false, &["T1609 3", "T1053.007 1", "T1685 1"]),
        ("parent", |it| it.to_parent = true, &["T1609 3", "T1053.007 1", "T1685 1", "T9999 1"]),
        ("replaced", |it| it.replaced = false, &["T1609 3", "T1053.007 1", "T1562.001 1", "T1609.099 1", "T9999 1"]),
        (
            "capped",
            |it| it.scale = Scale::Capped(2),
            &["T1609 100", "T1053.007 50", "T1609.099 50", "T1685 50", "T9999 50"],
        ),
        (
            "capped",
            |it| it.scale = Scale::Capped(0),
            &["T1053.007 100", "T1609 100", "T1609.099 100", "T1685 100", "T9999 100"],
        ),
    ];
    for (name, choose, expected) in cases {
        assert_eq!(scores(&planned(&[("falco.yaml", RULES)], choose)[0]), expected, "{name}");
    }
}

#[test]
fn a_layer_says_which_rules_it_was_made_from() {
    let layers = planned(&[("falco.yaml", RULES)], |_| {});
    let layer = layers[0].layer(Layer::new("layer", "enterprise-attack", Some("19"), Vec::new()));
    assert_eq!(
        layer.description,
        "From 5 of 8 Falco rules, about 5 techniques. The score is the number of Falco rules."
    );
    let knowledge = knowledge();
    let id = TechniqueId::parse("T1053.007").unwrap();
    let tactics = &knowledge.technique(&id).unwrap().tactics;
    assert!(tactics.len() > 1);
    for tactic in tactics {
        let entry = layer.annotations.get(&Key::new(id.clone(), tactic.clone())).unwrap();
        let rows: Vec<String> = entry.metadata.iter().map(|row| format!("{row:?}")).collect();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].contains("Falco rule") && rows[0].contains("Two"), "{}", rows[0]);
    }
    let unknown = Key { technique: TechniqueId::parse("T9999").unwrap(), tactic: None };
    assert!(layer.annotations.get(&unknown).is_some(), "what the bundle lacks is kept for every tactic");
    assert_eq!((layer.gradient.minimum, layer.gradient.maximum), (0.0, 3.0));
}

#[test]
fn rules_may_count_in_the_tactics_that_they_name_alone() {
    let layers = planned(&[("falco.yaml", RULES)], |it| it.place = Where::NamedTactics);
    let places = |id: &str| -> Vec<String> {
        let technique = layers[0].techniques.iter().find(|it| it.id.as_str() == id).unwrap();
        let words = |place: &Place| format!("{} {}", place.tactic.as_ref().unwrap().as_str(), place.score);
        technique.places.iter().map(words).collect()
    };
    assert_eq!(places("T1053.007"), ["persistence 1"]);
    // What names none of its tactics counts in all.
    assert_eq!(places("T1609"), ["execution 3"]);
}

const SIGMA: &str = "
title: Pod
id: 1
status: test
level: high
tags: [attack.execution, attack.t1609]
logsource: {product: kubernetes}
detection: {condition: x}
---
title: Old
id: 2
status: deprecated
tags: [attack.t1609]
detection: {condition: x}
";

#[test]
fn rules_of_several_makers_make_one_layer_or_one_each() {
    let files = [("falco.yaml", RULES), ("sigma.yml", SIGMA), ("sigma-again.yml", SIGMA)];
    let together = planned(&files, |_| {});
    assert_eq!(together.len(), 1);
    assert_eq!(together[0].name, "Detection rules");
    assert_eq!(scores(&together[0])[0], "T1609 4", "a Sigma rule that came twice counts once");
    assert_eq!(together[0].words(), "From 6 of 10 rules, about 5 techniques.");
    let apart = planned(&files, |it| it.apart = true);
    let names: Vec<&str> = apart.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["Falco rules", "Sigma rules"]);
    assert_eq!(apart[1].techniques[0].lines[0].text, "Pod (high)");
    assert_eq!(left(&apart[1]), [("Deprecated", 1)]);
}

const DETTECT: &str = "
version: 1.2
file_type: technique-administration
name: cluster
platform: [Containers]
techniques:
- technique_id: T1610
  technique_name: Deploy Container
  detection:
  - applicable_to: [nodes]
    location: [SIEM]
    comment: of the nodes
    score_logbook:
    - {date: 2024-01-01, score: 1, comment: ''}
    - {date: 2025-05-01, score: 4, comment: better}
  - applicable_to: [all]
    score_logbook: [{date: 2025-01-01, score: 3}]
  visibility:
    applicable_to: [all]
    score_logbook: [{date: 2024-01-01, score: 2}]
- technique_id: T1611
  detection:
    applicable_to: [all]
    score_logbook: [{date: , score: -1}]
  visibility: {applicable_to: [all], date_registered: 2019-01-01, score: 0}
";

#[test]
fn ratings_of_detection_and_visibility_become_two_layers() {
    let layers = planned(&[("techniques.yaml", DETTECT)], |_| {});
    let names: Vec<&str> = layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["DeTT&CT detection", "DeTT&CT visibility"]);
    assert_eq!(scores(&layers[0]), ["T1610 3.5"], "the newest ratings of two groups of systems");
    assert_eq!(scores(&layers[1]), ["T1610 2", "T1611 0"]);
    assert_eq!(left(&layers[0]), [("Rated -1, which is none", 1)]);
    assert_eq!((layers[0].ends, layers[1].ends), ((0.0, 5.0), (0.0, 4.0)));
    let deploy = &layers[0].techniques[0];
    assert_eq!(deploy.lines[0].text, "4 for nodes in SIEM since 2025-05-01");
    assert_eq!(deploy.comment, "of the nodes\nbetter");
    for (averaging, expected) in [(Averaging::Highest, "4"), (Averaging::Lowest, "3"), (Averaging::Sum, "7")] {
        let layers = planned(&[("techniques.yaml", DETTECT)], |it| it.averaging = averaging);
        assert_eq!(layers[0].techniques[0].score.to_string(), expected);
    }
}

#[test]
fn tests_of_an_index_count_once_whatever_tactics_they_stand_under() {
    let index = "
execution:
  T1609:
    technique: {name: x}
    atomic_tests:
    - {name: A, auto_generated_guid: g1, supported_platforms: [containers]}
    - {name: B, auto_generated_guid: g2, supported_platforms: [linux, macos]}
persistence:
  T1053.007:
    technique: {name: y}
    atomic_tests:
    - {name: C, auto_generated_guid: g3, supported_platforms: [containers]}
privilege-escalation:
  T1053.007:
    technique: {name: y}
    atomic_tests:
    - {name: C, auto_generated_guid: g3, supported_platforms: [containers]}
  T1068: {technique: {name: z}, atomic_tests: []}
";
    let layers = planned(&[("index.yaml", index)], |_| {});
    assert_eq!(scores(&layers[0]), ["T1053.007 1", "T1609 1"]);
    assert_eq!(left(&layers[0]), [("For linux, macos, not for containers", 1)]);
    assert_eq!(layers[0].name, "Atomic tests");
    let all = planned(&[("index.yaml", index)], |it| it.containers_only = false);
    assert_eq!(scores(&all[0]), ["T1609 2", "T1053.007 1"]);
    let csv = "Tactic,Technique #,Technique Name,Test #,Test Name,Test GUID,Executor Name\n\
        persistence,T1053.007,y,1,C,g3,sh\nprivilege-escalation,T1053.007,y,1,C,g3,sh\nexecution,T1609,x,1,A,g1,sh\n";
    let layers = planned(&[("containers-index.csv", csv), ("index.yaml", index)], |_| {});
    assert_eq!(scores(&layers[0]), ["T1053.007 1", "T1609 1"]);
}

#[test]
fn tables_give_the_scores_of_their_columns_or_count_their_rows() {
    let csv = "Technique;Score;Rule;Notes\nT1610;40;A;first\nT1610;20;B;second\nT1611;x;C;\n;10;D;\n";
    let layers = planned(&[("our plan.csv", csv)], |_| {});
    assert_eq!(layers[0].name, "our plan");
    assert_eq!(scores(&layers[0]), ["T1610 30"]);
    assert_eq!(layers[0].ends, (0.0, 100.0));
    assert_eq!(layers[0].techniques[0].comment, "first\nsecond");
    assert_eq!(left(&layers[0]), [("\"x\" is no score", 1), ("Names no technique", 1)]);
    let counted = planned(&[("our plan.csv", csv)], |it| it.columns[0] = it.columns[0].with(1, Role::Nothing));
    assert_eq!(scores(&counted[0]), ["T1610 2", "T1611 1"]);
}

#[test]
fn a_score_is_kept_as_it_is_written() {
    let scored = |csv: &str| {
        let layers = planned(&[("plan.csv", csv)], |_| {});
        layers[0].techniques.iter().map(|it| it.score.value()).collect::<Vec<_>>()
    };
    assert_eq!(scored("Technique,Score\nT1610,0.125\nT1611,0.004\n"), [0.125, 0.004]);
    assert_eq!(scored("Technique,Score\nT1610,0.125\nT1610,0.25\n"), [0.1875]);
    assert_eq!(scored("Technique,Score\nT1610,0.1\nT1610,0.1\nT1610,0.1\n"), [0.1]);
}

#[test]
fn an_empty_id_makes_no_rules_the_same() {
    let index = "
execution:
  T1609:
    atomic_tests:
    - {name: A, auto_generated_guid: ''}
    - {name: B, auto_generated_guid: ' '}
    - {name: C, auto_generated_guid: }
";
    assert_eq!(material(&[("index.yaml", index)]).rules(), 3);
    let csv = "Tactic,Technique #,Technique Name,Test #,Test Name,Test GUID,Executor Name\n\
        persistence,T1053.007,y,1,C,,sh\nexecution,T1609,x,1,A,,sh\n";
    assert_eq!(material(&[("index.csv", csv)]).rules(), 2);
    let sigma = |title: &str| format!("{{title: {title}, id: '', tags: [attack.t1609], detection: {{condition: x}}}}");
    assert_eq!(material(&[("a.yml", &sigma("A")), ("b.yml", &sigma("B"))]).rules(), 2);
}

#[test]
fn lines_of_a_text_are_counted_where_they_mention_a_technique() {
    let text =
        "Report\nThey used T1610 and T1610 again (T1611).\nThen https://attack.mitre.org/techniques/T1053/007/\n";
    let layers = planned(&[("report.txt", text)], |_| {});
    assert_eq!(scores(&layers[0]), ["T1053.007 1", "T1610 1", "T1611 1"]);
    assert_eq!(layers[0].name, "report");
}

#[test]
fn what_can_be_no_layer_is_a_problem_with_its_reason() {
    type Case = (&'static str, &'static [u8], &'static str);
    let cases: [Case; 8] = [
        ("a.txt", b"nothing here", "it has no technique ids, and is no layer, bundle, rules file or table"),
        ("a.yaml", b"a: [1", "it is no YAML: "),
        ("a.yaml", b"file_type: data-source-administration\n", "it is a DeTT&CT file, but not of techniques"),
        ("a.csv", b"\n\n", "it is empty"),
        ("a.bin", b"\x7fELF\0\0", "it is no text, and no archive of rules"),
        ("a.zip", b"PK\x03\x04", "it is no whole ZIP archive"),
        ("a.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "it has no rules: no YAML, tables or texts"),
        ("a.yaml", b"image: nginx", "it has no technique ids"),
    ];
    for (path, bytes, expected) in cases {
        let material = read_files(&[(path, bytes)]);
        assert!(material.is_empty(), "{path}");
        let problems: Vec<&str> = material.problems.iter().map(|problem| problem.what.as_str()).collect();
        assert!(matches!(problems.as_slice(), [what] if what.starts_with(expected)), "{path}: {problems:?}");
    }
}

#[test]
fn archives_and_folders_are_read_for_their_rules() {
    use crate::import::zip::tests::archive;
    let bytes = archive(&[
        ("sigma/README.md", b"see T1610", true),
        ("sigma/.github/workflows/x.yml", b"on: push", false),
        ("sigma/rules/pod.yml", SIGMA.as_bytes(), true),
        ("sigma/rules/other.yml", b"a: 1", false),
        ("sigma/rules/broken.yml", b"a: [", false),
        ("sigma/inner.zip", &archive(&[("a.yml", SIGMA.as_bytes(), true)]), false),
    ]);
    let material = read_files(&[("sigma.zip", &bytes)]);
    assert_eq!(material.rules(), 2);
    assert_eq!(material.others, 4);
    assert_eq!(material.problems.len(), 1);
    assert_eq!(material.problems[0].file, "sigma/rules/broken.yml");
    let texts = archive(&[("notes/list.txt", b"T1610", true)]);
    assert_eq!(read_files(&[("notes.zip", &texts)]).rules(), 1, "where there are no rules, texts are read");
    let office = archive(&[("[Content_Types].xml", b"", false), ("xl/sheet1.xml", b"", true)]);
    let problems = read_files(&[("plan.xlsx", &office)]).problems;
    assert_eq!(problems[0].what, "it is an Office document: save the table as CSV first");
}

#[test]
fn material_survives_the_way_out_of_the_worker() {
    let material = material(&[("falco.yaml", RULES), ("plan.csv", "T1610,40\n"), ("broken.yaml", "a: [")]);
    assert_eq!(crate::import::unpack(&crate::import::pack(&material)), Some(material));
    assert_eq!(crate::import::unpack(&[255; 40]), None);
}

#[test]
fn only_choices_that_change_something_are_asked() {
    let asked = |files: &[(&str, &str)]| {
        let (material, knowledge) = (material(files), knowledge());
        let choices = Choices::new(&material, &knowledge);
        Matters::of(&material, &choices, &knowledge, &Plan::of(&material, &choices, &knowledge).layers)
    };
    let falco = Matters {
        scale: true,
        place: true,
        off: true,
        replaced: true,
        to_parent: true,
        keep_unknown: true,
        ..Matters::default()
    };
    assert_eq!(asked(&[("falco.yaml", RULES)]), falco);
    assert_eq!(asked(&[("falco.yaml", RULES), ("sigma.yml", SIGMA)]), Matters { apart: true, ..falco });
    assert_eq!(asked(&[("techniques.yaml", DETTECT)]), Matters { averaging: true, ..Matters::default() });
    assert_eq!(asked(&[("list.txt", "T1610")]), Matters { scale: true, ..Matters::default() });
}

#[test]
fn a_path_may_begin_where_it_is() {
    use crate::import::zip::tests::archive;
    let paths = ["./rules/a.yml", "../rules/a.yml", "./.git/a.yml", "rules/.hidden.yml", "./__MACOSX/a.yml"];
    assert_eq!(crate::import::worth_reading(paths.into_iter()), [true, true, false, false, false]);
    let bytes = archive(&[("./rules/pod.yml", SIGMA.as_bytes(), true)]);
    assert_eq!(read_files(&[("sigma.zip", &bytes)]).rules(), 2);
}

#[test]
fn an_archive_whose_files_are_too_much_together_is_left_there() {
    use crate::import::zip::tests::archive;
    let large = vec![0; 30_000_000];
    let names: Vec<String> = (0..9).map(|at| format!("notes/{at}.txt")).collect();
    let mut files: Vec<(&str, &[u8], bool)> = vec![("notes/first.txt", b"T1610", false)];
    files.extend(names.iter().map(|name| (name.as_str(), large.as_slice(), true)));
    files.push(("notes/last.txt", b"T1611", false));
    let material = read_files(&[("broken.zip", b"PK\x03\x04"), ("notes.zip", &archive(&files))]);
    let problems: Vec<String> = material.problems.iter().map(|it| format!("{}: {}", it.file, it.what)).collect();
    assert_eq!(
        problems,
        [
            "broken.zip: it is no whole ZIP archive",
            "notes.zip: what is in it is larger than 256 MB: the rest is left out",
        ]
    );
    assert_eq!((material.rules(), material.others), (1, 9));
}

#[test]
fn an_archive_without_rules_is_told_after_another_that_is_broken() {
    let empty = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let problems = read_files(&[("broken.zip", b"PK\x03\x04"), ("empty.zip", empty)]).problems;
    assert_eq!(problems.len(), 2, "{problems:?}");
}

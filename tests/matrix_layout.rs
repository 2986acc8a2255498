//! Where techniques stand: each rule of the layout on a small made-up bundle.

#![allow(clippy::unwrap_used)] // what can't be made here is a broken test

use bulkhead::{
    attack::{Knowledge, TacticName, TechniqueId, Tier, read},
    layer::{AggregateFunction, Display, ExpandedSubtechniques, Representation, Score, Sorting},
    matrix::{Matrix, MatrixKind, Move, Place, Position, Said, between, find, lay_out, placements, standing, step},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a layer says, for the rules that ask it.
#[derive(Default)]
struct Says {
    scores: BTreeMap<&'static str, f64>,
    disabled: Vec<&'static str>,
    opened: Vec<&'static str>,
}

impl Said for Says {
    fn score(&self, technique: &TechniqueId, _: &TacticName, _: Option<Tier>) -> Option<Score> {
        self.scores.get(technique.as_str()).and_then(|score| Score::new(*score))
    }

    fn enabled(&self, technique: &TechniqueId, _: &TacticName, _: Option<Tier>) -> bool {
        !self.disabled.contains(&technique.as_str())
    }

    fn annotated(&self, technique: &TechniqueId) -> bool {
        self.scores.contains_key(technique.as_str())
    }

    fn opened(&self, technique: &TechniqueId, _: &TacticName) -> bool {
        self.opened.contains(&technique.as_str())
    }
}

/// `tiers`: the first is the primary one; none means unassigned.
fn technique(id: &str, name: &str, tactics: &[&str], platforms: &[&str], tiers: &[&str]) -> Value {
    let number = id.replace(['T', '.'], "");
    let phases: Vec<Value> =
        tactics.iter().map(|phase| json!({"kill_chain_name": "mitre-attack", "phase_name": phase})).collect();
    let mut object = json!({
        "type": "attack-pattern",
        "id": format!("attack-pattern--00000000-0000-4000-8000-{number:0>12}"),
        "name": name,
        "kill_chain_phases": phases,
        "x_mitre_platforms": platforms,
        "x_mitre_is_subtechnique": id.contains('.'),
        "external_references": [{"source_name": "mitre-attack", "external_id": id}],
    });
    if let Some(primary) = tiers.first() {
        object["extensions"] = json!({"extension-definition--1": {
            "extension_type": "property-extension", "tiers": tiers, "primary_tier": primary, "rationale": "because",
        }});
    }
    object
}

fn bundle(scope: Option<&str>) -> Knowledge {
    let tactic = |at: usize, name: &str| {
        json!({
            "type": "x-mitre-tactic",
            "id": format!("x-mitre-tactic--00000000-0000-4000-8000-00000000000{at}"),
            "name": name.to_uppercase(),
            "x_mitre_shortname": name,
            "external_references": [{"source_name": "mitre-attack", "external_id": format!("TA000{at}")}],
        })
    };
    let refs: Vec<String> =
        (1..=3).map(|at| format!("x-mitre-tactic--00000000-0000-4000-8000-00000000000{at}")).collect();
    let all = &["Containers", "Linux"][..];
    let mut objects = vec![
        json!({"type": "x-mitre-matrix", "id": "x-mitre-matrix--1", "name": "Test", "tactic_refs": refs}),
        tactic(1, "execution"),
        tactic(2, "impact"),
        tactic(3, "collection"),
        technique("T1001", "Beta", &["execution", "impact"], all, &["orchestration", "container"]),
        technique("T1001.001", "Beta child", &["execution"], all, &["container"]),
        technique("T1001.002", "Alpha child", &["execution"], all, &["orchestration"]),
        technique("T1002", "Alpha", &["execution"], all, &["container"]),
        technique("T1003", "Gamma", &["impact"], all, &["orchestration"]),
        technique("T1004", "Delta", &["impact"], all, &[]),
        technique("T1005", "Elsewhere", &["execution"], &["Linux"], &[]),
        technique("T1005.001", "Orphan", &["execution"], &["Containers"], &["container", "orchestration"]),
    ];
    if let Some(scope) = scope {
        objects.push(json!({
            "type": "x-mitre-collection", "id": "x-mitre-collection--1", "name": "Test", "x_mitre_version": "1.0",
            "extensions": {"extension-definition--2": {
                "extension_type": "property-extension", "catalogue": "mitre-attack",
                "domain": "enterprise-attack", "platform": scope,
            }},
        }));
    }
    let bundle = json!({"type": "bundle", "id": "bundle--1", "objects": objects});
    read(bundle.to_string().as_bytes()).unwrap().knowledge
}

fn display(representation: Representation) -> Display {
    Display { representation, expanded: ExpandedSubtechniques::All, ..Display::default() }
}

/// `execution: T1002 T1001 >T1001.002`, secondary places in brackets, headings with a star.
fn sketch(matrix: &Matrix) -> Vec<String> {
    let cell = |cell: &bulkhead::matrix::Cell| {
        let under = if cell.parent.is_some() { ">" } else { "" };
        match cell.place {
            Place::Full => format!("{under}{}", cell.technique),
            Place::Secondary => format!("{under}({})", cell.technique),
            Place::Heading => format!("{under}{}*", cell.technique),
        }
    };
    let column = |column: &bulkhead::matrix::Column| {
        let cells: Vec<String> = column.cells.iter().map(cell).collect();
        format!("{}: {}", column.tactic, cells.join(" "))
    };
    matrix.columns.iter().map(column).collect()
}

fn laid(knowledge: &Knowledge, display: &Display, says: &Says) -> Vec<Vec<String>> {
    lay_out(knowledge, display, &[], says).iter().map(sketch).collect()
}

#[test]
fn unified_has_every_technique_of_the_scope_and_keeps_orphans_under_a_heading() {
    let laid = laid(&bundle(Some("Containers")), &display(Representation::Unified), &Says::default());
    let expected = vec![vec![
        "execution: T1002 T1001 >T1001.002 >T1001.001 T1005* >T1005.001".to_owned(),
        "impact: T1001 T1004 T1003".to_owned(),
    ]];
    assert_eq!(laid, expected);
}

#[test]
fn split_gives_each_tier_its_own_and_marks_the_secondary_places() {
    let laid = laid(&bundle(Some("Containers")), &display(Representation::Split), &Says::default());
    let orchestration =
        vec!["execution: T1001 >T1001.002 T1005* >(T1005.001)".to_owned(), "impact: T1001 T1004 T1003".to_owned()];
    let container =
        vec!["execution: T1002 (T1001) >T1001.001 T1005* >T1005.001".to_owned(), "impact: (T1001) T1004".to_owned()];
    assert_eq!(laid, vec![orchestration, container]);
}

#[test]
fn primary_only_leaves_each_technique_in_one_tier_and_parents_as_headings() {
    let display = Display { primary_only: true, ..display(Representation::Split) };
    let laid = laid(&bundle(Some("Containers")), &display, &Says::default());
    assert_eq!(laid[0], ["execution: T1001 >T1001.002", "impact: T1001 T1004 T1003"]);
    assert_eq!(laid[1], ["execution: T1002 T1001* >T1001.001 T1005* >T1005.001", "impact: T1004"]);
}

#[test]
fn columns_of_a_split_stay_aligned_and_empty_tactics_are_left_out_unless_asked_for() {
    let knowledge = bundle(Some("Containers"));
    let tactics = |display: &Display| -> Vec<Vec<String>> {
        let matrices = lay_out(&knowledge, display, &[], &Says::default());
        matrices.iter().map(|m| m.columns.iter().map(|c| c.tactic.to_string()).collect()).collect()
    };
    let shown = tactics(&display(Representation::Split));
    assert_eq!(shown[0], ["execution", "impact"]);
    assert_eq!(shown[0], shown[1]);
    let all = Display { empty_tactics: true, ..display(Representation::Unified) };
    assert_eq!(tactics(&all)[0], ["execution", "impact", "collection"]);
}

#[test]
fn a_bundle_without_scope_is_filtered_by_platforms() {
    let knowledge = bundle(None);
    let platforms = ["Containers".to_owned()];
    let filtered = lay_out(&knowledge, &display(Representation::Unified), &platforms, &Says::default());
    assert!(sketch(&filtered[0])[0].ends_with("T1005* >T1005.001"));
    let whole = lay_out(&knowledge, &display(Representation::Unified), &[], &Says::default());
    assert!(sketch(&whole[0])[0].ends_with("T1005 >T1005.001"));
}

#[test]
fn closed_sub_techniques_are_not_laid_out_but_a_heading_never_closes() {
    let knowledge = bundle(Some("Containers"));
    let closed = Display { expanded: ExpandedSubtechniques::None, ..display(Representation::Unified) };
    assert_eq!(laid(&knowledge, &closed, &Says::default())[0][0], "execution: T1002 T1001 T1005* >T1005.001");
    let opened = Says { opened: vec!["T1001"], ..Says::default() };
    assert_eq!(
        laid(&knowledge, &closed, &opened)[0][0],
        "execution: T1002 T1001 >T1001.002 >T1001.001 T1005* >T1005.001"
    );
    let annotated = Display { expanded: ExpandedSubtechniques::Annotated, ..closed };
    let scored = Says { scores: BTreeMap::from([("T1001.001", 1.0)]), ..Says::default() };
    assert_eq!(
        laid(&knowledge, &annotated, &scored)[0][0],
        "execution: T1002 T1001 >T1001.002 >T1001.001 T1005* >T1005.001"
    );
}

#[test]
fn sorting_by_score_puts_unscored_below_zero_and_breaks_ties_by_name() {
    let knowledge = bundle(Some("Containers"));
    let says = Says { scores: BTreeMap::from([("T1003", 0.0), ("T1001", -5.0)]), ..Says::default() };
    let impact = |sorting| {
        let display = Display { sorting, ..display(Representation::Unified) };
        laid(&knowledge, &display, &says)[0][1].clone()
    };
    assert_eq!(impact(Sorting::NameAscending), "impact: T1001 T1004 T1003");
    assert_eq!(impact(Sorting::NameDescending), "impact: T1003 T1004 T1001");
    assert_eq!(impact(Sorting::ScoreAscending), "impact: T1004 T1001 T1003");
    assert_eq!(impact(Sorting::ScoreDescending), "impact: T1003 T1001 T1004");
}

#[test]
fn with_aggregates_a_technique_is_sorted_by_what_its_family_says() {
    let knowledge = bundle(Some("Containers"));
    let says =
        Says { scores: BTreeMap::from([("T1002", 40.0), ("T1001.001", 90.0), ("T1001.002", 50.0)]), ..Says::default() };
    let execution = |show_aggregate, aggregate| {
        let sorting = Sorting::ScoreDescending;
        let display = Display { sorting, show_aggregate, aggregate, ..display(Representation::Unified) };
        laid(&knowledge, &display, &says)[0][0].clone()
    };
    let own = "execution: T1002 T1001 >T1001.001 >T1001.002 T1005* >T1005.001";
    assert_eq!(execution(false, AggregateFunction::Max), own);
    // The parent itself has no score and takes part as 0.
    assert_eq!(execution(true, AggregateFunction::Min), own);
    let family = "execution: T1001 >T1001.001 >T1001.002 T1002 T1005* >T1005.001";
    assert_eq!(execution(true, AggregateFunction::Max), family);
    assert_eq!(execution(true, AggregateFunction::Average), family);
}

#[test]
fn hiding_disabled_keeps_a_parent_with_an_enabled_sub_technique() {
    let knowledge = bundle(Some("Containers"));
    let display = Display { hide_disabled: true, ..display(Representation::Unified) };
    let says = Says { disabled: vec!["T1001", "T1001.001", "T1002"], ..Says::default() };
    assert_eq!(
        laid(&knowledge, &display, &says)[0],
        ["execution: T1001 >T1001.002 T1005* >T1005.001", "impact: T1004 T1003"]
    );
}

#[test]
fn placements_are_the_scope_in_the_order_of_the_layer_format() {
    let knowledge = bundle(Some("Containers"));
    let order: Vec<String> = placements(&knowledge).iter().map(|(id, tactic)| format!("{id} {tactic}")).collect();
    let expected = [
        "T1002 execution",
        "T1001 execution",
        "T1001 impact",
        "T1001.001 execution",
        "T1001.002 execution",
        "T1004 impact",
        "T1005.001 execution",
        "T1003 impact",
    ];
    assert_eq!(order, expected);
}

#[test]
fn the_keyboard_reaches_every_cell_and_crosses_from_one_matrix_to_the_other() {
    let knowledge = bundle(Some("Containers"));
    let matrices = lay_out(&knowledge, &display(Representation::Split), &[], &Says::default());
    let at = |matrix, column, row| Position { matrix, column, row };
    let cases = [
        (at(0, 0, 0), Move::Down, at(0, 0, 1)),
        (at(0, 0, 3), Move::Down, at(1, 0, 0)),
        (at(1, 0, 0), Move::Up, at(0, 0, 3)),
        (at(0, 0, 0), Move::Up, at(0, 0, 0)),
        (at(0, 0, 3), Move::Right, at(0, 1, 2)),
        (at(0, 0, 0), Move::Left, at(0, 0, 0)),
        (at(0, 1, 1), Move::Home, at(0, 0, 1)),
        (at(0, 0, 1), Move::End, at(0, 1, 1)),
        (at(0, 0, 1), Move::Last, at(0, 1, 2)),
        (at(0, 1, 2), Move::First, at(0, 0, 0)),
        (at(0, 0, 0), Move::PageDown, at(0, 0, 3)),
        (at(1, 1, 1), Move::Down, at(1, 1, 1)),
    ];
    for (from, way, to) in cases {
        assert_eq!(step(&matrices, from, way), to, "{from:?} {way:?}");
    }
    assert_eq!(
        between(&matrices, at(0, 0, 3), at(0, 1, 1)),
        [at(0, 0, 1), at(0, 0, 2), at(0, 0, 3), at(0, 1, 1), at(0, 1, 2)]
    );
    let id = TechniqueId::parse("T1001").unwrap();
    assert_eq!(find(&matrices, Some(MatrixKind::Tier(Tier::Container)), &id, None), Some(at(1, 0, 1)));
    assert_eq!(find(&matrices, Some(MatrixKind::Unified), &id, None), Some(at(0, 0, 0)));
}

#[test]
fn what_counts_does_not_depend_on_what_is_open() {
    let knowledge = bundle(Some("Containers"));
    let closed = Display { expanded: ExpandedSubtechniques::None, ..display(Representation::Split) };
    let count = |display: &Display, tier| standing(&knowledge, display, &[], tier).len();
    assert_eq!(count(&closed, None), 8);
    assert_eq!(count(&closed, Some(Tier::Orchestration)), 6);
    assert_eq!(count(&closed, Some(Tier::Container)), 6);
    let primary = Display { primary_only: true, ..closed };
    assert_eq!(count(&primary, Some(Tier::Container)), 4);
}

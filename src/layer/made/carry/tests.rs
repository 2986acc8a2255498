//! Layers carried to the other catalogue and back, cell by cell.

use super::*;
use crate::{
    attack::read,
    layer::{Edit, Link, Target},
};

fn microsoft() -> Knowledge {
    read(include_bytes!("../../../../data/microsoft-kubernetes.json")).unwrap().knowledge
}

fn attack() -> Knowledge {
    read(include_bytes!("../../../../data/attack-containers-19.2.json")).unwrap().knowledge
}

fn key(technique: &str, tactic: &str) -> Key {
    Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse(tactic).unwrap())
}

fn on_microsofts() -> Layer {
    Layer::new("Coverage", "microsoft-kubernetes", None, Vec::new())
}

fn said(layer: &Layer, technique: &str, tactic: &str, tier: Option<Tier>, mark: &Mark) -> Layer {
    let target = || vec![Target { key: key(technique, tactic), tier }];
    let edits = vec![
        Edit::Score(target(), mark.score),
        Edit::Color(target(), mark.color.clone()),
        Edit::Comment(target(), mark.comment.clone()),
        Edit::Enabled(target(), mark.enabled),
    ];
    Edit::Steps("say", edits).apply(layer).unwrap()
}

fn scored(value: f64) -> Mark {
    Mark { score: Score::new(value), ..Mark::default() }
}

fn carried(layer: &Layer, combine: Combine) -> Carried {
    let (here, there) = (microsoft(), attack());
    carry_over(layer, &Crosswalk::between(&here, &there), &here, &there, combine)
}

/// `T1610 execution 40`, or `40|–` by tier.
fn told(layer: &Layer) -> Vec<String> {
    let words = |mark: &Mark| mark.score.map_or_else(|| "–".to_owned(), |score| score.to_string());
    let one = |entry: &Entry| {
        let marks = match &entry.marks {
            Marks::Together(mark) => words(mark),
            Marks::ByTier { orchestration, container } => format!("{}|{}", words(orchestration), words(container)),
        };
        format!("{} {} {marks}", entry.key.technique, entry.key.tactic.as_ref().unwrap())
    };
    layer.annotations.iter().map(one).collect()
}

#[test]
fn a_technique_is_carried_to_the_same_tactic_or_else_to_all_of_its_counterparts() {
    let cases: [(&str, &str, &[&str]); 6] = [
        ("MS-TA9006", "execution", &["T1609 execution 40"]),
        ("MS-TA9005", "initial-access", &["T1133 initial-access 40"]),
        ("MS-TA9005", "discovery", &["T1133 initial-access 40", "T1133 persistence 40"]),
        ("MS-TA9021", "defense-evasion", &["T1070 stealth 40"]),
        ("MS-TA9040", "impact", &["T1498 impact 40", "T1499 impact 40"]),
        ("MS-TA9017", "persistence", &[]),
    ];
    for (technique, tactic, expected) in cases {
        let layer = said(&on_microsofts(), technique, tactic, None, &scored(40.0));
        let carried = carried(&layer, Combine::Weakest);
        assert_eq!(told(&carried.layer), expected, "{technique} {tactic}");
        assert_eq!((carried.techniques == 1, carried.left.len() == 1), (!expected.is_empty(), expected.is_empty()));
        assert!(carried.joined.is_empty());
    }
}

#[test]
fn scores_that_come_together_are_combined_as_the_user_chose() {
    let mut layer = on_microsofts();
    for (technique, tactic, value) in [
        ("MS-TA9008", "execution", 10.0),
        ("MS-TA9011", "execution", 40.0),
        ("MS-TA9018", "privilege-escalation", 70.0),
    ] {
        layer = said(&layer, technique, tactic, None, &scored(value));
    }
    for (combine, expected) in [(Combine::Weakest, 10.0), (Combine::Highest, 70.0), (Combine::Average, 40.0)] {
        let carried = carried(&layer, combine);
        let score = carried.layer.mark(&key("T1610", "execution"), None).score.unwrap();
        assert!((score.value() - expected).abs() < 1e-9, "{combine:?}: {score}");
        assert_eq!(carried.joined, [key("T1610", "execution")]);
    }
}

#[test]
fn comments_say_whose_they_are_where_several_come_together() {
    let comment = |text: &str| Mark { comment: text.to_owned(), ..Mark::default() };
    let one = said(&on_microsofts(), "MS-TA9008", "execution", None, &comment("admission"));
    let two = said(&one, "MS-TA9018", "privilege-escalation", None, &comment("PSS"));
    let of = |layer: &Layer| carried(layer, Combine::Weakest).layer.mark(&key("T1610", "execution"), None).comment;
    assert_eq!(of(&one), "admission");
    assert_eq!(of(&two), "MS-TA9008 New container: admission\nMS-TA9018 Privileged container: PSS");
}

#[test]
fn a_cell_is_disabled_only_if_all_of_them_were_and_coloured_if_they_agree() {
    let off = Mark { enabled: false, ..scored(5.0) };
    let red = Mark { color: Color::parse("#e60d0d").ok(), ..scored(50.0) };
    let blue = Mark { color: Color::parse("#3182bd").ok(), ..scored(60.0) };
    let cases = [
        ([&off, &off], (Some(5.0), None, false)),
        ([&off, &red], (Some(50.0), Some("#e60d0d"), true)),
        ([&red, &red], (Some(50.0), Some("#e60d0d"), true)),
        ([&red, &blue], (Some(50.0), None, true)),
    ];
    for (marks, expected) in cases {
        let layer = said(&on_microsofts(), "MS-TA9029", "discovery", None, marks[0]);
        let layer = said(&layer, "MS-TA9030", "discovery", None, marks[1]);
        let mark = carried(&layer, Combine::Weakest).layer.mark(&key("T1613", "discovery"), None);
        let color = mark.color.as_ref().map(Color::as_str);
        assert_eq!((mark.score.map(Score::value), color, mark.enabled), expected, "{marks:?}");
    }
}

#[test]
fn links_and_metadata_come_along_and_say_where_from() {
    let target = vec![Target { key: key("MS-TA9006", "execution"), tier: None }];
    let edits = vec![
        Edit::AddLink(target.clone(), Link::new("runbook", "https://example.org")),
        Edit::AddMetadata(target, Metadata::new("owner", "blue")),
    ];
    let layer = Edit::Steps("say", edits).apply(&on_microsofts()).unwrap();
    let carried = carried(&layer, Combine::Weakest).layer;
    let entry = carried.annotations.get(&key("T1609", "execution")).unwrap();
    assert_eq!(entry.links, [Link::new("runbook", "https://example.org")]);
    let from = Metadata::new(FROM, "MS-TA9006 Exec into container");
    assert_eq!(entry.metadata, [Metadata::new("owner", "blue"), from]);
}

#[test]
fn by_tier_each_technique_speaks_for_its_own_tiers() {
    let apart = Layer { tier_scoring: TierScoring::Separately(Combine::Weakest), ..on_microsofts() };
    // Two of one tier each that are one of both there; one of both that is one of one tier there.
    let layer = said(&apart, "MS-TA9022", "defense-evasion", None, &scored(20.0));
    assert_eq!(told(&carried(&layer, Combine::Weakest).layer), ["T1070 stealth 20|–"]);
    let layer = said(&layer, "MS-TA9021", "defense-evasion", None, &scored(70.0));
    assert_eq!(told(&carried(&layer, Combine::Weakest).layer), ["T1070 stealth 20|70"]);
    let layer = said(&apart, "MS-TA9013", "privilege-escalation", Some(Tier::Orchestration), &scored(5.0));
    let layer = said(&layer, "MS-TA9013", "privilege-escalation", Some(Tier::Container), &scored(90.0));
    assert_eq!(told(&carried(&layer, Combine::Weakest).layer), ["T1611 privilege-escalation 90"]);
    // Scored together they say one thing of both.
    let layer = said(&on_microsofts(), "MS-TA9022", "defense-evasion", None, &scored(20.0));
    assert_eq!(told(&carried(&layer, Combine::Weakest).layer), ["T1070 stealth 20"]);
}

#[test]
fn what_did_not_map_is_told_with_the_reason() {
    let mut layer = on_microsofts();
    for (technique, tactic) in
        [("MS-TA9001", "initial-access"), ("MS-TA9017", "persistence"), ("X1", "impact"), ("MS-TA9006", "execution")]
    {
        layer = said(&layer, technique, tactic, None, &scored(1.0));
    }
    let carried = carried(&layer, Combine::Weakest);
    let told: Vec<(String, Why)> =
        carried.left.into_iter().map(|left| (left.name.unwrap_or_default(), left.why)).collect();
    let cloud = Why::NotThere(vec![("T1078.004".to_owned(), "Cloud Accounts".to_owned())]);
    assert_eq!(
        told,
        [
            ("Using cloud credentials".to_owned(), cloud),
            ("Static pods".to_owned(), Why::NotMapped),
            (String::new(), Why::Unknown)
        ]
    );
    assert_eq!(carried.techniques, 1);
}

#[test]
fn the_new_layer_is_the_other_catalogues_and_can_be_written_and_read_again() {
    let made = said(&on_microsofts(), "MS-TA9006", "execution", None, &scored(40.0));
    let layer = carried(&made, Combine::Weakest).layer;
    assert_eq!(layer.name, "Coverage on ATT&CK for Containers");
    assert_eq!((layer.domain.as_str(), layer.versions.attack.as_deref()), ("enterprise-attack", Some("19")));
    let folded = Display { expanded: ExpandedSubtechniques::None, ..made.display.clone() };
    let of_folded = carried(&Layer { display: folded, ..made }, Combine::Weakest).layer;
    assert_eq!(of_folded.display.expanded, ExpandedSubtechniques::Annotated);
    let again = crate::layer::read(crate::layer::write(&layer, &[]).as_bytes()).unwrap().layers.remove(0);
    assert_eq!(again, layer);
}

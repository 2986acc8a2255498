//! Layer files as a whole: what is written is read again as it was, whatever was done to the layer in between.
//! Files that others wrote are `layer_corpus`'s.

// Helpers of tests are tests, which clippy doesn't see.
#![allow(clippy::unwrap_used)]

use bulkhead::attack::{TacticName, TechniqueId, Tier, TierSet};
use bulkhead::layer::{
    AggregateFunction, Color, Combine, Display, Entry, ExpandedSubtechniques, Gradient, Kept, Key, Layer, LayoutKind,
    LegendItem, Link, Mark, Marks, Metadata, Placement, Representation, Score, Sorting, TierScoring, Versions, read,
    write, write_all, write_parts,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const TEXT: &str = "[a-z<>&\"'\\\\\n\t\u{1}é€😀:]{0,10}";

fn score() -> impl Strategy<Value = Score> {
    let number = prop_oneof![
        (-200..200).prop_map(f64::from),
        (-99_999..99_999).prop_map(|cents| f64::from(cents) / 100.0),
        proptest::num::f64::NORMAL,
        Just(1e308),
        Just(-0.0),
    ];
    number.prop_map(|number| Score::new(number).unwrap())
}

fn color() -> impl Strategy<Value = Color> {
    let texts = ["#ff6666", "#F00", "red", "rgb(1, 2, 3)", "transparent", "#66b1ff80", "ff6666"];
    prop::sample::select(texts.to_vec()).prop_map(|text| Color::parse(text).unwrap())
}

fn json_value() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(1),
        json!(1.0),
        json!("<b>"),
        json!([1, {"a": []}]),
        json!({"z": 1, "a": {}}),
    ])
}

fn unknown() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec(("x[a-z]{0,3}", json_value()), 0..3).prop_map(|keys| keys.into_iter().collect())
}

fn metadata() -> impl Strategy<Value = Vec<Metadata>> {
    let row = prop_oneof![
        (TEXT, TEXT, unknown()).prop_map(|(name, value, kept)| Metadata::Item { name, value, kept }),
        Just(Metadata::divider()),
        Just(Metadata::Divider(json!({ "name": "DIVIDER", "value": false }))),
        prop::sample::select(vec![json!(1), json!({ "name": 1 }), json!(null)]).prop_map(Metadata::Other),
        Just(Metadata::new("bulkhead:tiers", "sometimes")),
        Just(Metadata::new("bulkhead:container:score", "high")),
    ];
    prop::collection::vec(row, 0..3)
}

fn links() -> impl Strategy<Value = Vec<Link>> {
    let row = prop_oneof![
        (TEXT, TEXT, unknown()).prop_map(|(label, url, kept)| Link::Item { label, url, kept }),
        Just(Link::divider()),
        Just(Link::Other(json!({ "label": 1 }))),
    ];
    prop::collection::vec(row, 0..3)
}

fn mark() -> impl Strategy<Value = Mark> {
    (prop::option::of(score()), prop::option::of(color()), prop_oneof![Just(String::new()), TEXT], any::<bool>())
        .prop_map(|(score, color, comment, enabled)| Mark { score, color, comment, enabled })
}

fn entry(by_tier: bool) -> impl Strategy<Value = Entry> {
    let techniques = prop::sample::select(vec!["T1", "T1.001", "T2", "T3", "T4", "MS-TA9008"]);
    let tactics = prop::sample::select(vec!["execution", "impact", ""]);
    (techniques, tactics, mark(), prop::option::of(mark()), metadata(), links(), any::<bool>(), unknown()).prop_map(
        move |(technique, tactic, one, other, metadata, links, show_subtechniques, kept)| Entry {
            marks: match other.filter(|_| by_tier) {
                Some(other) => Marks::by_tier(one, other),
                None => Marks::Together(one),
            },
            metadata,
            links,
            show_subtechniques,
            kept,
            ..Entry::new(key(technique, tactic))
        },
    )
}

fn display() -> impl Strategy<Value = Display> {
    let choices = (
        prop::sample::select(Representation::ALL.to_vec()),
        prop::sample::select(LayoutKind::ALL.to_vec()),
        prop::sample::select(AggregateFunction::ALL.to_vec()),
        prop::sample::select(ExpandedSubtechniques::ALL.to_vec()),
        prop::sample::select(Sorting::ALL.to_vec()),
    );
    (choices, any::<[bool; 11]>(), TEXT).prop_map(|(choices, flags, tactic_row_background)| Display {
        representation: choices.0,
        primary_only: flags[0],
        empty_tactics: flags[1],
        layout: choices.1,
        show_id: flags[2],
        show_name: flags[3],
        show_aggregate: flags[4],
        aggregate: choices.2,
        // Only averages count what is unscored.
        count_unscored: flags[5] && choices.2 == AggregateFunction::Average,
        expanded: choices.3,
        sorting: choices.4,
        hide_disabled: flags[6],
        show_tactic_row_background: flags[7],
        tactic_row_background,
        select_across_tactics: flags[8],
        select_subtechniques_with_parent: flags[9],
        select_visible: flags[10],
    })
}

fn legend() -> impl Strategy<Value = Vec<LegendItem>> {
    let row = prop_oneof![
        (color(), TEXT, unknown()).prop_map(|(color, label, kept)| LegendItem::Item { color, label, kept }),
        Just(LegendItem::Other(json!({ "label": "no colour" }))),
    ];
    prop::collection::vec(row, 0..3)
}

fn layer() -> impl Strategy<Value = Layer> {
    let tier_scoring = prop_oneof![
        Just(TierScoring::Together),
        prop::sample::select(Combine::ALL.to_vec()).prop_map(TierScoring::Separately),
    ];
    let annotated = tier_scoring
        .prop_flat_map(|scoring| (Just(scoring), prop::collection::vec(entry(scoring != TierScoring::Together), 0..8)));
    let versions = (
        prop::option::of(prop::sample::select(vec!["19", "13.1"])),
        prop::option::of(prop::sample::select(vec!["5.0.1", "5.2.0"])),
    );
    let gradient = (prop::collection::vec(color(), 2..5), score(), score());
    let platforms = prop::sample::subsequence(vec!["Containers", "Linux", "IaaS", "Azure AD"], 0..4);
    let texts = (TEXT, TEXT, "[a-z-]{1,9}", prop::option::of(TEXT));
    let kept = (unknown(), unknown(), unknown(), unknown(), unknown(), prop::collection::vec(json_value(), 0..2));
    (texts, versions, platforms, display(), gradient, (legend(), metadata(), links()), annotated, kept).prop_map(
        |(texts, versions, platforms, display, gradient, lists, (tier_scoring, entries), kept)| Layer {
            name: texts.0,
            description: texts.1,
            domain: texts.2,
            versions: Versions { attack: versions.0.map(str::to_owned), navigator: versions.1.map(str::to_owned) },
            custom_data_url: texts.3,
            platforms: platforms.into_iter().map(str::to_owned).collect(),
            display,
            gradient: Gradient { colors: gradient.0, minimum: gradient.1.value(), maximum: gradient.2.value() },
            legend: lists.0,
            metadata: lists.1,
            links: lists.2,
            tier_scoring,
            annotations: entries.into_iter().collect(),
            kept: Kept {
                top: kept.0,
                versions: kept.1,
                filters: kept.2,
                layout: kept.3,
                gradient: kept.4,
                techniques: kept.5,
            },
        },
    )
}

fn key(technique: &str, tactic: &str) -> Key {
    Key { technique: TechniqueId::parse(technique).unwrap(), tactic: TacticName::parse(tactic).ok() }
}

/// T4 and MS-TA9008 are elsewhere, and so is everything without a tactic.
fn placements() -> Vec<Placement> {
    let tiers = [
        ("T1", TierSet::Both),
        ("T1.001", TierSet::One(Tier::Container)),
        ("T2", TierSet::One(Tier::Orchestration)),
        ("T3", TierSet::One(Tier::Container)),
        ("T5", TierSet::One(Tier::Orchestration)),
    ];
    let tactics = |(technique, tiers): (&str, TierSet)| {
        ["execution", "impact"].map(|tactic| Placement { key: key(technique, tactic), tiers })
    };
    tiers.into_iter().flat_map(tactics).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(layer in layer()) {
        let text = write(&layer, &[]);
        let opened = read(text.as_bytes()).unwrap();
        prop_assert_eq!(&opened.layers[0], &layer);
        prop_assert_eq!(write(&opened.layers[0], &[]), text);
    }

    #[test]
    fn several_layers_are_one_file(layers in prop::collection::vec(layer(), 1..4)) {
        let text = write_all(&layers.iter().collect::<Vec<_>>(), &[]);
        prop_assert_eq!(read(text.as_bytes()).unwrap().layers, layers);
    }

    #[test]
    fn parts_become_the_whole_again(layer in layer(), turned in any::<bool>()) {
        let text = write_parts(&layer, &placements());
        let mut parts: Vec<Value> = serde_json::from_str(&text).unwrap();
        if turned {
            parts.reverse();
        }
        let opened = read(json!(parts).to_string().as_bytes()).unwrap();
        prop_assert_eq!(opened.layers, vec![layer]);
    }

    #[test]
    fn no_bytes_make_reading_fail(bytes in prop::collection::vec(any::<u8>(), 0..64), at in 0_usize..2000) {
        let _ = read(&bytes);
        let mut text = write(&Layer::new("x", "enterprise-attack", Some("19"), Vec::new()), &[]).into_bytes();
        let at = at % text.len();
        let end = (at + bytes.len()).min(text.len());
        text[at..end].copy_from_slice(&bytes[..end - at]);
        let _ = read(&text);
    }
}

#[test]
fn a_hundred_thousand_techniques_are_read_and_written_in_well_under_a_second() {
    let mut layer = Layer::new("large", "enterprise-attack", Some("19"), Vec::new());
    let entry = |number: u32| Entry {
        marks: Marks::Together(Mark {
            score: Score::new(f64::from(number)),
            color: Color::parse("#ff6666").ok(),
            comment: format!("comment {number}"),
            enabled: true,
        }),
        metadata: vec![Metadata::new("a", "b")],
        ..Entry::new(key(&format!("T{number}"), "execution"))
    };
    layer.annotations = (0..100_000).map(entry).collect();
    let start = std::time::Instant::now();
    let text = write(&layer, &[]);
    let written = start.elapsed();
    let opened = read(text.as_bytes()).unwrap();
    let took = start.elapsed();
    eprintln!("{} bytes: written in {written:?}, read in {:?}", text.len(), took - written);
    assert!(opened.layers[0] == layer);
    assert!(took.as_secs() < if cfg!(debug_assertions) { 30 } else { 2 }, "{took:?}");
}

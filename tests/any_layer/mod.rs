//! Any layer, and any edits of it, for property tests: what can be said, with everything odd that files have.
//! What must hold of them is left to the tests.

// Each test has a use for some of it.
#![allow(dead_code)]
#![allow(clippy::unwrap_used)] // helpers of tests are tests, which clippy doesn't see

use bulkhead::attack::{TacticName, TechniqueId, Tier};
use bulkhead::layer::{
    AggregateFunction, Color, Combine, Display, Edit, Entry, ExpandedSubtechniques, Gradient, Kept, Key, Layer,
    LayoutKind, LegendItem, Link, Mark, Marks, Metadata, Representation, Score, Snapshot, Sorting, Target, TierScoring,
    Versions,
    deck::{Show, Slide, Step},
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

pub fn layer() -> impl Strategy<Value = Layer> {
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
    (
        texts,
        versions,
        platforms,
        display(),
        gradient,
        (legend(), metadata(), links(), snapshots(), slide()),
        annotated,
        kept,
    )
        .prop_map(|(texts, versions, platforms, display, gradient, lists, (tier_scoring, entries), kept)| Layer {
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
            snapshots: lists.3,
            slide: lists.4,
            kept: Kept {
                top: kept.0,
                versions: kept.1,
                filters: kept.2,
                layout: kept.3,
                gradient: kept.4,
                techniques: kept.5,
            },
        })
}

pub fn key(technique: &str, tactic: &str) -> Key {
    Key { technique: TechniqueId::parse(technique).unwrap(), tactic: TacticName::parse(tactic).ok() }
}

fn slide() -> impl Strategy<Value = Slide> {
    let show = prop_oneof![
        prop::sample::select(Representation::ALL.to_vec()).prop_map(Show::Whole),
        Just(Show::Tactics),
        prop::sample::select(vec!["execution", "impact"])
            .prop_map(|name| Show::Tactic(TacticName::parse(name).unwrap())),
        prop::sample::subsequence(vec!["T1", "T1.001", "T2"], 0..3)
            .prop_map(|ids| Show::Techniques(ids.into_iter().map(|id| TechniqueId::parse(id).unwrap()).collect())),
    ];
    let step = (show, TEXT).prop_map(|(show, notes)| Step { show, notes });
    (prop::option::of(0_u16..9), any::<bool>(), TEXT, prop::collection::vec(step, 0..4))
        .prop_map(|(place, left_out, notes, steps)| Slide { place, left_out, notes: notes.into(), steps: steps.into() })
}

fn snapshots() -> impl Strategy<Value = Vec<Snapshot>> {
    let snapshot = |name: String| Snapshot::of(&Layer::new(&name, "x", None, Vec::new()), &name, "2026-09-30");
    prop::collection::vec("[a-zé ]{0,5}".prop_map(snapshot), 0..3)
}

/// Rows that other tools take, too.
fn plain_metadata() -> impl Strategy<Value = Metadata> {
    ("[a-zé]{1,5}", "[a-zé ]{0,4}[a-z]").prop_map(|(name, value)| Metadata::new(name, value))
}

fn plain_link() -> impl Strategy<Value = Link> {
    let item = ("[a-zé]{1,5}", "https://example[.]org/[a-z]{0,3}").prop_map(|(label, url)| Link::new(label, url));
    prop_oneof![3 => item, 1 => Just(Link::divider())]
}

fn targets() -> impl Strategy<Value = Vec<Target>> {
    let techniques = prop::sample::select(vec!["T1", "T1.001", "T2", "T3"]);
    let tactics = prop::sample::select(vec!["execution", "impact"]);
    let tiers = prop::sample::select(vec![None, Some(Tier::Orchestration), Some(Tier::Container)]);
    let target = (techniques, tactics, tiers).prop_map(|(id, tactic, tier)| Target { key: key(id, tactic), tier });
    prop::collection::vec(target, 1..4)
}

/// Whatever a user can do to a layer. Gradients end at whole numbers, which is all that mitreattack-python knows.
pub fn edit() -> impl Strategy<Value = Edit> {
    let on_techniques = prop_oneof![
        (targets(), prop::option::of(score())).prop_map(|(on, score)| Edit::Score(on, score)),
        (targets(), -100_i32..100).prop_map(|(on, step)| Edit::AddToScore(on, f64::from(step) / 4.0)),
        (targets(), prop::option::of(color())).prop_map(|(on, color)| Edit::Color(on, color)),
        (targets(), TEXT).prop_map(|(on, comment)| Edit::Comment(on, comment)),
        (targets(), any::<bool>()).prop_map(|(on, enabled)| Edit::Enabled(on, enabled)),
        (targets(), prop::collection::vec(plain_metadata(), 0..3)).prop_map(|(on, rows)| Edit::Metadata(on, rows)),
        (targets(), prop::collection::vec(plain_link(), 0..3)).prop_map(|(on, rows)| Edit::Links(on, rows)),
        (targets(), plain_link()).prop_map(|(on, link)| Edit::AddLink(on, link)),
        (targets(), plain_metadata()).prop_map(|(on, row)| Edit::AddMetadata(on, row)),
        targets().prop_map(Edit::Clear),
        (prop::sample::select(ExpandedSubtechniques::ALL.to_vec()), targets(), any::<bool>()).prop_map(
            |(expanded, on, shown)| Edit::ShowSubtechniques {
                expanded,
                shown: on.into_iter().map(|target| (target.key, shown)).collect(),
            }
        ),
    ];
    let gradient = (prop::collection::vec(color(), 2..5), -50_i32..50, 51_i32..100);
    let scoring = prop_oneof![
        Just(TierScoring::Together),
        prop::sample::select(Combine::ALL.to_vec()).prop_map(TierScoring::Separately),
    ];
    let item = (color(), TEXT).prop_map(|(color, label)| LegendItem::new(color, label));
    let on_layer = prop_oneof![
        TEXT.prop_map(Edit::Name),
        TEXT.prop_map(Edit::Description),
        display().prop_map(|display| Edit::Display(Box::new(display))),
        gradient.prop_map(|(colors, minimum, maximum)| Edit::Gradient(Gradient {
            colors,
            minimum: f64::from(minimum),
            maximum: f64::from(maximum),
        })),
        prop::collection::vec(item, 0..3).prop_map(Edit::Legend),
        prop::collection::vec(plain_metadata(), 0..3).prop_map(Edit::LayerMetadata),
        prop::collection::vec(plain_link(), 0..3).prop_map(Edit::LayerLinks),
        scoring.prop_map(Edit::TierScoring),
        slide().prop_map(Edit::Slide),
    ];
    prop_oneof![3 => on_techniques, 1 => on_layer]
}

//! Layers out of layers: missing scores, tiers, what comes from where, and the gap template.

use super::*;
use crate::{
    attack::{TacticName, TechniqueId},
    layer::{Color, Combine, LegendItem, Link, Metadata},
};

fn key(technique: &str) -> Key {
    Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse("execution").unwrap())
}

fn blank(_: Option<usize>) -> (Layer, Vec<Key>) {
    (Layer::new("layer by operation", "x", None, Vec::new()), ["T1", "T2", "T3"].map(key).to_vec())
}

fn layer(scores: &[(&str, f64)]) -> Layer {
    let mut layer = Layer::new("layer", "x", None, vec!["Containers".to_owned()]);
    for (technique, score) in scores {
        let mark = Mark { score: Score::new(*score), ..Mark::default() };
        layer.annotations.put(Entry { marks: Marks::Together(mark), ..Entry::new(key(technique)) });
    }
    layer
}

fn combined(text: &str, layers: &[&Layer], taken: Taken) -> Combined {
    let sources: Vec<Source<'_>> = layers.iter().map(|layer| Source { layer, bundle: "x" }).collect();
    combine(text, &sources, taken, &blank).unwrap()
}

fn told(layer: &Layer) -> String {
    let one = |entry: &Entry| {
        let scores = Tier::ALL.map(|tier| entry.marks.of(tier).score.map_or("-".to_owned(), |it| it.to_string()));
        let scores = if scores[0] == scores[1] { scores[0].clone() } else { scores.join("|") };
        format!("{}={scores}", entry.key.technique)
    };
    layer.annotations.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn missing_scores_count_as_nothing_unless_all_are_missing() {
    let (a, b) = (layer(&[("T1", 80.0), ("T2", 10.0)]), layer(&[("T1", 20.0), ("T9", 5.0)]));
    let cases = [
        ("a + b", "T1=100 T2=10 T9=5"),
        ("(a+b)/2", "T1=50 T2=5 T9=2.5"),
        ("max(a, b)", "T1=80 T2=10 T9=5"),
        ("a > 50 and b == 0", "T1=0 T2=0 T9=0"),
        ("a - b", "T1=60 T2=10 T9=-5"),
        ("b", "T1=20 T9=5"),
        ("scored(b) ? b : 99", "T1=20 T2=99 T9=5"),
        ("scored(a) and b < 50 ? a : nan", "T1=80 T2=10"),
        ("a / b", "T1=4 T9=0"),
        ("5", "T1=5 T2=5 T3=5"),
        ("true", "T1=1 T2=1 T3=1"),
        ("", ""),
    ];
    for (text, expected) in cases {
        // `a` alone of both is named in some: what only the other has is not asked about then.
        let named = if text.starts_with("scored(b)") { format!("{text} + 0 * a") } else { text.to_owned() };
        assert_eq!(told(&combined(&named, &[&a, &b], Taken::default()).layer), expected, "{text}");
    }
}

#[test]
fn what_has_no_number_stays_unscored_and_is_counted() {
    let (a, b) = (layer(&[("T1", 80.0), ("T2", 10.0)]), layer(&[("T1", 20.0)]));
    let result = combined("a / b", &[&a, &b], Taken::default());
    assert_eq!((told(&result.layer).as_str(), result.without_number, result.scored), ("T1=4", 1, 1));
}

#[test]
fn tiers_are_reckoned_each_for_itself() {
    let mut a = layer(&[("T1", 80.0), ("T2", 10.0)]);
    a.tier_scoring = TierScoring::Separately(Combine::Highest);
    let mark = |score| Mark { score: Some(score), ..Mark::default() };
    let scores = [70.0, 12.0].map(|score| Score::new(score).unwrap());
    a.annotations.change(&key("T1"), |entry| entry.marks = Marks::by_tier(mark(scores[0]), mark(scores[1])));
    let b = layer(&[("T1", 20.0)]);
    let result = combined("a + b", &[&a, &b], Taken::default());
    assert_eq!(told(&result.layer), "T1=90|32 T2=10");
    assert_eq!(result.layer.tier_scoring, TierScoring::Separately(Combine::Highest));
    let truths = combined("a > 0", &[&a, &b], Taken::default());
    assert_eq!((told(&truths.layer).as_str(), truths.layer.tier_scoring), ("T1=1 T2=1", TierScoring::Together));
}

#[test]
fn a_letter_without_a_layer_or_on_another_bundle_is_pointed_at() {
    let a = layer(&[]);
    let sources = [Source { layer: &a, bundle: "x" }, Source { layer: &a, bundle: "y" }];
    let at = |text: &str| combine(text, &sources, Taken::default(), &blank).map(|_| ()).unwrap_err();
    assert_eq!(at("a + b").at, 4);
    assert_eq!(at("a + 2 * e").at, 8);
    assert!(at("e").what.contains("exp(1)"));
    assert!(combine("b", &sources, Taken::default(), &blank).is_ok());
}

#[test]
fn the_gradient_fits_the_result_unless_one_is_chosen() {
    let a = layer(&[("T1", 80.0), ("T2", 10.0)]);
    let ends = |result: &Combined| (result.layer.gradient.minimum, result.layer.gradient.maximum);
    assert_eq!(ends(&combined("a", &[&a], Taken::default())), (10.0, 80.0));
    assert_eq!(ends(&combined("7", &[&a], Taken::default())), (0.0, 100.0));
    let truths = combined("a > 50", &[&a], Taken::default());
    assert_eq!(ends(&truths), (0.0, 1.0));
    assert_eq!(truths.layer.gradient.colors, Preset::from_word(ZERO_TO_ONE).unwrap().colors());
    let chosen = combined("a * 2", &[&a], Taken::default().with(Part::Gradient, Some(0)));
    assert_eq!(ends(&chosen), (0.0, 100.0));
}

#[test]
fn each_part_comes_from_the_layer_that_was_chosen_for_it() {
    let a = layer(&[("T1", 80.0)]);
    let mut b = layer(&[("T9", 1.0)]);
    b.platforms = vec!["Linux".to_owned()];
    b.legend = vec![LegendItem::new(Color::parse("red").unwrap(), "bad")];
    b.gradient.maximum = 7.0;
    b.annotations.change(&key("T2"), |entry| {
        let color = Color::parse("#abcdef").ok();
        entry.marks = Marks::Together(Mark { color, comment: "why".to_owned(), enabled: false, score: None });
        entry.links = vec![Link::new("a", "https://example.org")];
        entry.metadata = vec![Metadata::new("owner", "us")];
    });
    for part in Part::ALL {
        let result = combined("a", &[&a, &b], Taken::default().with(part, Some(1))).layer;
        let entry = result.annotations.get(&key("T2")).cloned().unwrap_or_else(|| Entry::new(key("T2")));
        let mark = entry.marks.of(Tier::Container);
        let taken = [
            result.gradient.maximum == 7.0,
            mark.color.is_some(),
            mark.comment == "why",
            !entry.links.is_empty(),
            !entry.metadata.is_empty(),
            !mark.enabled,
            result.platforms == ["Linux"],
            !result.legend.is_empty(),
        ];
        let expected = Part::ALL.map(|other| other == part);
        assert_eq!(taken, expected, "{}", part.word());
        assert_eq!(result.annotations.get(&key("T1")).unwrap().marks.of(Tier::Container).score, Score::new(80.0));
    }
}

#[test]
fn an_expression_without_letters_scores_what_stands_and_not_what_only_a_part_speaks_of() {
    let mut a = layer(&[]);
    a.annotations.change(&key("T9"), |entry| entry.links = vec![Link::new("a", "https://example.org")]);
    let result = combined("5", &[&a], Taken::default().with(Part::Links, Some(0)));
    assert_eq!((told(&result.layer).as_str(), result.scored), ("T1=5 T2=5 T3=5 T9=-", 3));
}

#[test]
fn a_gap_is_what_they_use_and_we_do_not_cover() {
    let (theirs, ours) = (layer(&[("T1", 2.0), ("T2", 1.0)]), layer(&[("T1", 50.0), ("T3", 10.0)]));
    let text = gap_expression('b', 'a', 50.0);
    let result = combined(&text, &[&ours, &theirs], Taken::default());
    assert_eq!(told(&result.layer), "T2=1");
    // Half-way up a gradient from -1 to 1: what has no score covers nothing there either.
    let text = gap_expression('b', 'a', 0.0);
    assert_eq!(told(&combined(&text, &[&ours, &theirs], Taken::default()).layer), "T2=1");
}

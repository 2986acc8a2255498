//! What is shown, in which order, and how files keep it.

use super::*;
use crate::layer::{Edit, Key, Metadata, Target, read, write};

fn id(text: &str) -> TechniqueId {
    TechniqueId::parse(text).unwrap()
}

fn tactic(text: &str) -> TacticName {
    TacticName::parse(text).unwrap()
}

fn layer() -> Layer {
    Layer::new("layer", "enterprise-attack", Some("19"), Vec::new())
}

fn with_steps(shows: &[Show]) -> Layer {
    let steps = shows.iter().cloned().map(Step::of).collect();
    Layer { slide: Slide { steps, ..Slide::default() }, ..layer() }
}

fn scenery() -> Scenery {
    Scenery {
        tactics: ["execution", "impact"].map(tactic).to_vec(),
        techniques: ["T1609", "T1610", "T1485"].map(id).to_vec(),
    }
}

fn told(layer: &Layer) -> Vec<String> {
    let words = |shot: Shot| match shot.light {
        Light::All => shot.representation.word().to_owned(),
        Light::Tactic(name) => format!("{}/{}", shot.representation.word(), name.as_str()),
        Light::Technique(id) => id.as_str().to_owned(),
    };
    shots(0, layer, &scenery()).into_iter().map(words).collect()
}

#[test]
fn a_slide_survives_its_file_and_nothing_of_it_is_in_the_users_metadata() {
    let steps = [
        Step::of(Show::Whole(Representation::Alone(Tier::Container))),
        Step { show: Show::Tactic(tactic("impact")), notes: "one\n\ntwo ".to_owned() },
        Step::of(Show::Techniques(vec![id("T1610"), id("T1485.001")])),
        Step { show: Show::Techniques(Vec::new()), notes: "\"x\"".to_owned() },
        Step::of(Show::Tactics),
    ];
    for (place, left_out, notes) in [(Some(3), false, ""), (None, true, "a\nb"), (None, false, "\n"), (None, false, "")]
    {
        let slide = Slide { place, left_out, notes: notes.into(), steps: steps.clone().into() };
        let layer = Layer { slide, ..layer() };
        let again = read(write(&layer, &[]).as_bytes()).unwrap().layers.remove(0);
        assert_eq!(again, layer);
        assert_eq!(again.metadata, []);
    }
}

#[test]
fn what_is_no_slide_or_step_stays_metadata() {
    let rows = [
        ("bulkhead:slide", "first"),
        ("bulkhead:slide", "1, maybe"),
        ("bulkhead:slide", "70000"),
        ("bulkhead:slide", "anywhere"),
        ("bulkhead:step", "everything"),
        ("bulkhead:step", "tactic no such name"),
        ("bulkhead:step", "tactics execution"),
        ("bulkhead:step", "split\n"),
        ("bulkhead:step", "techniques  T1610"),
    ];
    let odd: Vec<Metadata> = rows.map(|(name, value)| Metadata::new(name, value)).to_vec();
    let layer = Layer { metadata: odd.clone(), ..layer() };
    let again = read(write(&layer, &[]).as_bytes()).unwrap().layers.remove(0);
    assert_eq!((again.metadata, again.slide.is_usual()), (odd, true));
}

#[test]
fn a_slide_is_bounded() {
    let many: Vec<Metadata> = (0..MOST_STEPS + 3).map(|_| Metadata::new("bulkhead:step", "tactics")).collect();
    let long = format!("split\n{}", "x".repeat(LONGEST_NOTE + 1));
    let chosen = "techniques".to_owned() + &" T1610".repeat(MOST_CHOSEN + 1);
    let layer = Layer { metadata: many, ..layer() };
    let again = read(write(&layer, &[]).as_bytes()).unwrap().layers.remove(0);
    assert_eq!((again.slide.steps.len(), again.metadata.len()), (MOST_STEPS, 3));
    assert_eq!((Step::from_text(&long), Step::from_text(&chosen)), (None, None));
}

#[test]
fn without_chosen_steps_a_layer_is_shown_whole_split_and_tactic_by_tactic() {
    assert_eq!(told(&layer()), ["unified", "split", "split/execution", "split/impact"]);
    let mut alone = layer();
    alone.display.representation = Representation::Alone(Tier::Container);
    assert_eq!(told(&alone), ["container", "container/execution", "container/impact"]);
    let target = Target { key: Key::new(id("T1610"), tactic("execution")), tier: None };
    let commented = Edit::Comment(vec![target], "look".to_owned()).apply(&layer()).unwrap();
    assert_eq!(told(&commented).last().unwrap(), "T1610");
}

#[test]
fn chosen_steps_are_shown_in_their_order_and_what_the_bundle_does_not_have_is_left_out() {
    let layer = with_steps(&[
        Show::Techniques(["T1485", "T9999", "T1609"].map(id).to_vec()),
        Show::Tactic(tactic("impact")),
        Show::Whole(Representation::Split),
        Show::Tactic(tactic("impact")),
        Show::Tactic(tactic("collection")),
    ]);
    assert_eq!(told(&layer), ["T1485", "T1609", "unified/impact", "split", "split/impact"]);
    assert_eq!(told(&with_steps(&[Show::Tactic(tactic("collection"))])), ["unified"], "a slide is never empty");
}

#[test]
fn what_is_said_alike_is_said_once() {
    let on = |name: &str, tier| vec![Target { key: Key::new(id("T1078"), tactic(name)), tier }];
    let apart = Edit::TierScoring(TierScoring::Separately(crate::layer::Combine::Weakest));
    let edits = [
        apart,
        Edit::Comment(on("execution", None), "a".to_owned()),
        Edit::Comment(on("impact", None), "a".to_owned()),
        Edit::Comment(on("persistence", Some(Tier::Container)), "b".to_owned()),
    ];
    let layer = edits.iter().fold(layer(), |layer, edit| edit.apply(&layer).unwrap());
    let tactics = ["execution", "persistence", "impact", "discovery"].map(tactic);
    let told: Vec<(usize, Option<Tier>, String)> = said(&layer, &id("T1078"), &tactics)
        .into_iter()
        .map(|said| (said.tactics.len(), said.tier, said.mark.comment))
        .collect();
    let expected = [(2, None, "a".to_owned()), (1, Some(Tier::Container), "b".to_owned())];
    assert_eq!(told, expected);
}

#[test]
fn slides_go_by_their_places_and_then_as_the_layers_stand() {
    let slide = |place: Option<u16>, left_out: bool| Slide { place, left_out, ..Slide::default() };
    let all =
        [slide(None, false), slide(Some(2), false), slide(Some(1), true), slide(Some(1), false), slide(None, false)];
    assert_eq!(slides(all.iter()), [3, 1, 0, 4]);
}

#[test]
fn slides_can_be_passed_over() {
    let shots: Vec<Shot> = (0..3).flat_map(|slide| shots(slide, &layer(), &scenery())).collect();
    assert_eq!(shots.len(), 12);
    let cases = [(0, 4, 0), (2, 4, 0), (4, 8, 0), (6, 8, 4), (9, 11, 8), (11, 11, 8)];
    for (at, next, previous) in cases {
        assert_eq!((next_slide(&shots, at), previous_slide(&shots, at)), (next, previous), "{at}");
    }
    assert_eq!((next_slide(&[], 3), previous_slide(&[], 3)), (0, 0));
}

//! Layer files as a whole: what is written is read again as it was, whatever was done to the layer in between.
//! Files that others wrote are `layer_corpus`'s.

// Helpers of tests are tests, which clippy doesn't see.
#![allow(clippy::unwrap_used)]

mod any_layer;

use any_layer::{edit, key, layer};
use bulkhead::attack::{Tier, TierSet};
use bulkhead::layer::{
    Color, Entry, History, Layer, Mark, Marks, Metadata, Placement, Score, read, write, write_all, write_parts,
};
use proptest::prelude::*;
use serde_json::{Value, json};

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
        let text = write_all(&layers.iter().map(|layer| (layer, Vec::new())).collect::<Vec<_>>());
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

    /// Each step taken by itself.
    #[test]
    fn edits_undone_are_the_layer_before_and_redone_the_one_after(
        start in layer(),
        edits in prop::collection::vec(edit(), 0..12),
    ) {
        let mut history = History::new(start);
        let mut states = vec![history.present().clone()];
        for edit in &edits {
            if let Some(next) = edit.apply(history.present()) {
                history.record(next, edit.title(), None, 0.0);
                states.push(history.present().clone());
            }
        }
        for before in states.iter().rev().skip(1) {
            prop_assert!(history.undo().is_some());
            prop_assert_eq!(history.present(), before);
        }
        prop_assert_eq!(history.undo(), None);
        for after in states.iter().skip(1) {
            prop_assert!(history.redo().is_some());
            prop_assert_eq!(history.present(), after);
        }
        prop_assert_eq!(history.redo(), None);
    }

    /// Steps that join, and undoing in between.
    #[test]
    fn however_edits_join_the_way_back_ends_at_the_start(
        start in layer(),
        steps in prop::collection::vec((edit(), 0_u32..1_500, 0_usize..3), 0..12),
    ) {
        let mut history = History::new(start.clone());
        let mut now = 0.0;
        for (edit, wait, undone) in &steps {
            now += f64::from(*wait);
            if let Some(next) = edit.apply(history.present()) {
                history.record(next, edit.title(), Some(edit.title().to_owned()), now);
                prop_assert_eq!(history.redo_title(), None);
            }
            for _ in 0..*undone {
                history.undo();
            }
        }
        while history.redo().is_some() {}
        let end = history.present().clone();
        while history.undo().is_some() {}
        prop_assert_eq!(history.present().as_ref(), &start);
        while history.redo().is_some() {}
        prop_assert_eq!(history.present(), &end);
    }

    #[test]
    fn an_edited_layer_is_read_again_as_it_was_written(
        start in layer(),
        edits in prop::collection::vec(edit(), 0..12),
    ) {
        let edited = edits.iter().fold(start, |layer, edit| edit.apply(&layer).unwrap_or(layer));
        let opened = read(write(&edited, &[]).as_bytes()).unwrap();
        prop_assert_eq!(&opened.layers[0], &edited);
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

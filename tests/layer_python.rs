//! Layers that are made here, read by mitreattack-python with its strict validation, which refuses a layer of which it
//! dislikes a single value; and what it then writes. Needs a Python that has it: BULKHEAD_PYTHON, or the one that
//! `cargo xtask test` installs; without either the test says that it was skipped.

// Helpers of tests are tests, which clippy doesn't see.
#![allow(clippy::unwrap_used)]

mod any_layer;
mod python;

use any_layer::edit;
use bulkhead::layer::{Layer, read, write};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};

/// So many layers, each made with so many edits at most.
const LAYERS: usize = 150;
const MOST_EDITS: usize = 20;

/// Reads the layers of one file and writes what it has made of each into another: `null` for those it refuses.
const SCRIPT: &str = "
import json, sys
from mitreattack.navlayers import Layer

def taken(text):
    layer = Layer(strict=True)
    layer.from_str(text)
    return layer.to_dict() if layer.layer else None

with open(sys.argv[1], encoding='utf-8') as file:
    texts = json.load(file)
with open(sys.argv[2], 'w', encoding='utf-8') as file:
    json.dump([taken(text) for text in texts], file)
";

#[test]
fn layers_made_here_load_in_mitreattack_python_and_come_back() {
    let texts: Vec<String> = layers().iter().map(|layer| write(layer, &[])).collect();
    let Some(taken) = python::made_of(SCRIPT, "layers.json", json!(texts).to_string().as_bytes()) else { return };
    let taken: Vec<Value> = serde_json::from_value(taken).unwrap();
    assert_eq!(taken.len(), LAYERS);
    let mut whole = 0;
    for (text, taken) in texts.iter().zip(&taken) {
        let given: Value = serde_json::from_str(text).unwrap();
        assert_eq!(*taken, as_it_keeps(&given));
        // And back: what it wrote opens here, with the annotations that it had. A score that it cut off looks like one
        // that another tool has changed, so that the tiers' own scores give way to it.
        if has_fractions(&given) {
            continue;
        }
        whole += 1;
        let back = read(taken.to_string().as_bytes()).unwrap();
        let again: Value = serde_json::from_str(&write(&back.layers[0], &[])).unwrap();
        assert_eq!(as_it_keeps(&again).get("techniques"), as_it_keeps(&given).get("techniques"));
    }
    // The layers must say something for all this to mean anything.
    assert!(whole > LAYERS / 10, "only {whole} layers with whole scores");
    let entries: usize = taken.iter().filter_map(|layer| layer["techniques"].as_array()).map(Vec::len).sum();
    assert!(entries > LAYERS, "only {entries} annotations");
}

/// The same at every run.
fn layers() -> Vec<Layer> {
    let mut runner = TestRunner::deterministic();
    let edits = prop::collection::vec(edit(), 0..MOST_EDITS);
    let made = |_| {
        let new = Layer::new("layer", "enterprise-attack", Some("19"), vec!["Containers".to_owned()]);
        let edits = edits.new_tree(&mut runner).unwrap().current();
        edits.iter().fold(new, |layer, edit| edit.apply(&layer).unwrap_or(layer))
    };
    (0..LAYERS).map(made).collect()
}

fn has_fractions(layer: &Value) -> bool {
    let scores = layer["techniques"].as_array().unwrap().iter().filter_map(|entry| entry["score"].as_f64());
    scores.into_iter().any(|score| score.fract() != 0.0)
}

/// What the library keeps of a layer: no links of the layer, and whole scores only. What is empty at the top, and
/// `sorting` 0, it doesn't write.
fn as_it_keeps(given: &Value) -> Value {
    let mut kept = given.clone();
    let layer = kept.as_object_mut().unwrap();
    layer.shift_remove("links");
    let is_empty = |value: &Value| [json!(0), json!(""), json!([])].contains(value);
    for key in ["sorting", "description", "legendItems", "metadata", "tacticRowBackground", "techniques"] {
        if is_empty(&layer[key]) {
            layer.shift_remove(key);
        }
    }
    for entry in layer.get_mut("techniques").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(score) = entry.get("score").and_then(Value::as_f64) {
            // The edits' scores are far from what an integer can't hold, but for a few that a JSON number can.
            entry["score"] = serde_json::from_str(&format!("{:.0}", score.trunc() + 0.0)).unwrap();
        }
    }
    kept
}

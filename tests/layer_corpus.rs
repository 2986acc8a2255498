//! Layer files that others wrote, formats 1.0 to 4.5: all of them open or are refused with a reason, and none loses
//! anything. They are facts beside the repository (`../shared/data/layers`, or the folder that BULKHEAD_FACTS names);
//! without them the tests say that they were skipped.

// Helpers of tests are tests, which clippy doesn't see.
#![allow(clippy::unwrap_used)]

mod facts;

use bulkhead::layer::{Color, read, write};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
};

/// A file of the corpus.
struct File {
    name: String,
    /// As the corpus's index says; `array: …` for lists of layers.
    format: String,
    bytes: Vec<u8>,
}

/// The files that are refused: broken in the repository they come from, or printed so in the format's document.
const REFUSED: [(&str, &str); 8] = [
    ("docs_extra_navigatorlayers_insider-threat-ttp-kb@675094b0.json", "line 7424, column 1: trailing characters"),
    ("docs_mitre-map_coverage@d6431129.json", "line 283, column 1: key must be a string"),
    ("spec-v1.0-example1.json", "line 9, column 5: trailing comma"),
    ("spec-v1.1-example1.json", "line 9, column 5: trailing comma"),
    ("spec-v1.2-example1.json", "line 9, column 5: trailing comma"),
    ("spec-v1.3-example1.json", "line 9, column 5: trailing comma"),
    ("spec-v2.1-example1.json", "line 49, column 5: trailing comma"),
    ("spec-v2.2-example1.json", "line 49, column 5: trailing comma"),
];

fn files() -> Option<Vec<File>> {
    let folder = facts::found("layers")?;
    let index = std::fs::read_to_string(folder.join("index.csv")).unwrap();
    let file = |line: &str| {
        // Only `array: 4.2, 4.4` has commas in it, and is quoted for that.
        let (name, rest) = line.split_once(',').unwrap();
        let format = match rest.split_once("\"array: ") {
            Some((_, rest)) => format!("array: {}", rest.split_once('"').unwrap().0),
            None => rest.split(',').nth(3).unwrap().to_owned(),
        };
        File { name: name.to_owned(), format, bytes: std::fs::read(folder.join(name)).unwrap() }
    };
    Some(index.lines().skip(1).map(file).collect())
}

#[test]
fn every_file_opens_or_is_refused_with_a_reason() {
    let Some(files) = files() else { return };
    let mut refused = Vec::new();
    let mut table: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for file in &files {
        let format = match file.format.as_str() {
            "invalid-json" | "absent" => "none".to_owned(),
            format if format.starts_with("array") => "lists".to_owned(),
            format => format.to_owned(),
        };
        let row = table.entry(format).or_default();
        row[0] += 1;
        match read(&file.bytes) {
            Ok(opened) => {
                row[1] += 1;
                let formats: Vec<String> = opened.formats.iter().map(ToString::to_string).collect();
                let said = file.format.strip_prefix("array: ").unwrap_or(&file.format);
                let said = if said == "absent" { "4.5" } else { said };
                let mut distinct = formats.clone();
                distinct.sort();
                distinct.dedup();
                assert_eq!(distinct.join(", "), said, "{}", file.name);
                assert!(opened.layers.iter().all(|layer| layer.kept.techniques.is_empty()), "{}", file.name);
            }
            Err(error) => {
                row[2] += 1;
                refused.push((file.name.rsplit('/').next().unwrap(), error.to_string()));
            }
        }
    }
    refused.sort();
    let expected: Vec<(&str, String)> =
        REFUSED.iter().map(|(name, why)| (*name, format!("The file is not JSON: {why}."))).collect();
    assert_eq!(refused, expected);
    let mut shown = "| format | files | opened | refused |\n|---|---:|---:|---:|\n".to_owned();
    for (format, [files, opened, refused]) in &table {
        let _ = writeln!(shown, "| {format} | {files} | {opened} | {refused} |");
    }
    let sum = |at: usize| table.values().map(|row| row[at]).sum::<usize>();
    let _ = writeln!(shown, "| all | {} | {} | {} |", sum(0), sum(1), sum(2));
    let document = include_str!("../docs/file-formats.md");
    assert!(document.contains(&shown), "docs/file-formats.md has another table than this:\n{shown}");
}

#[test]
fn what_is_saved_opens_as_the_same_layer_and_lacks_nothing_of_the_file() {
    let Some(files) = files() else { return };
    for File { name, bytes, .. } in files {
        let Ok(opened) = read(&bytes) else { continue };
        let original: Value = serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).unwrap();
        let originals = original.as_array().cloned().unwrap_or_else(|| vec![original]);
        assert_eq!(originals.len(), opened.layers.len(), "{name}");
        for (original, layer) in originals.iter().zip(&opened.layers) {
            let text = write(layer, &[]);
            assert_eq!(read(text.as_bytes()).unwrap().layers, std::slice::from_ref(layer), "{name}");
            let (saved, expected) = (serde_json::from_str(&text).unwrap(), today(original));
            let differences = differences("", &expected, &saved);
            assert!(differences.is_empty(), "{name}: {differences:#?}");
        }
    }
}

#[test]
fn a_layer_of_format_4_5_is_saved_as_it_was() {
    let Some(files) = files() else { return };
    let mut layers = 0;
    for File { name, bytes, .. } in files.iter().filter(|file| file.format == "4.5") {
        let original: Value = serde_json::from_slice(bytes).unwrap();
        let originals = original.as_array().cloned().unwrap_or_else(|| vec![original]);
        for (original, layer) in originals.iter().zip(&read(bytes).unwrap().layers) {
            layers += 1;
            let saved: Value = serde_json::from_str(&write(layer, &[])).unwrap();
            let mut differences = differences("", original, &saved);
            // The official Navigator has saved colours of a gradient in eight digits since 4.5.3.
            let hex6 = |now: &str| now.len() == 11 && now.ends_with("ff\"");
            differences.retain(|it| !(it.starts_with("/gradient/colors/") && it.rsplit(' ').next().is_some_and(hex6)));
            // One file has a domain of format 3, which the official Navigator converts, too.
            differences.retain(|it| it != "/domain: \"mitre-enterprise\", now \"enterprise-attack\"");
            assert!(differences.is_empty(), "{name}: {differences:#?}");
        }
    }
    assert!(layers > 20, "only {layers}");
}

/// Every difference of a saved layer from what it is expected to say. Keys that only the saved one has must say what a
/// layer without them means: what the official Navigator writes for them, too.
fn differences(place: &str, expected: &Value, saved: &Value) -> Vec<String> {
    match (expected, saved) {
        (Value::Object(expected), Value::Object(saved)) => {
            let mut all = Vec::new();
            for (key, value) in expected {
                let place = format!("{place}/{key}");
                match saved.get(key) {
                    Some(_) if place == "/versions/navigator" => {}
                    Some(now) => all.extend(differences(&place, value, now)),
                    None => all.push(format!("{place}: {value} is missing")),
                }
            }
            for (key, value) in saved.iter().filter(|(key, _)| !expected.contains_key(*key)) {
                let place = format!("{place}/{key}");
                if !is_usual(&place, value) {
                    all.push(format!("{place}: {value} was added"));
                }
            }
            all
        }
        (Value::Array(expected), Value::Array(saved)) if expected.len() == saved.len() => {
            let each = expected.iter().zip(saved).enumerate();
            each.flat_map(|(at, (one, other))| differences(&format!("{place}/{at}"), one, other)).collect()
        }
        (one, other) if one == other => Vec::new(),
        (one, other) => vec![format!("{place}: {one}, now {other}")],
    }
}

/// Whether a value is the one of a layer without that key: layer format 4.5, "Default Value (if not present)".
fn is_usual(place: &str, value: &Value) -> bool {
    let usual: Value = match place {
        "/versions/navigator" | "/versions/layer" | "/versions" => return true,
        "/description" => json!(""),
        "/filters" => json!({ "platforms": [] }),
        "/filters/platforms" | "/legendItems" | "/metadata" | "/links" => json!([]),
        "/sorting" => json!(0),
        "/layout" => json!({ "layout": "side", "aggregateFunction": "average", "showID": false, "showName": true,
            "showAggregateScores": false, "countUnscored": false, "expandedSubtechniques": "none" }),
        "/layout/aggregateFunction" => json!("average"),
        "/layout/expandedSubtechniques" => json!("none"),
        "/layout/showAggregateScores" | "/layout/countUnscored" => json!(false),
        "/gradient" => {
            json!({ "colors": ["#ff6666ff", "#ffe766ff", "#8ec843ff"], "minValue": 0, "maxValue": 100 })
        }
        "/tacticRowBackground" => json!("#dddddd"),
        "/selectTechniquesAcrossTactics" => json!(true),
        "/hideDisabled"
        | "/showTacticRowBackground"
        | "/selectSubtechniquesWithParent"
        | "/selectVisibleTechniques" => {
            json!(false)
        }
        _ => match place.rsplit('/').next() {
            Some("color" | "comment") => json!(""),
            Some("enabled") => json!(true),
            Some("metadata" | "links") => json!([]),
            Some("showSubtechniques") => json!(false),
            _ => return false,
        },
    };
    *value == usual
}

/// A file's layer with everything converted that is converted: the list in docs/file-formats.md, worked out here a
/// second time.
fn today(original: &Value) -> Value {
    let mut layer = original.as_object().unwrap().clone();
    let old = layer.remove("version");
    if let Some(said) = old.clone() {
        let mut versions = layer.get("versions").and_then(Value::as_object).cloned().unwrap_or_default();
        versions.insert("layer".to_owned(), said);
        layer.insert("versions".to_owned(), versions.into());
    }
    let is_before_4 = old.is_some_and(|said| said.as_str().unwrap() < "4");
    if layer.contains_key("versions") {
        layer["versions"]["layer"] = json!("4.5");
    }
    let domain = layer["domain"].as_str().unwrap().replace("mitre-enterprise", "enterprise-attack");
    layer["domain"] = domain.replace("mitre-mobile", "mobile-attack").into();
    // In the corpus a view mode is always the full view, and there is never a layout beside it.
    assert!(layer.remove("viewMode").is_none_or(|mode| mode == 0));
    if is_before_4 {
        assert!(layer.remove("viewFullTable").is_none_or(|full| full == true));
    }
    if let Some(filters) = layer.get_mut("filters").and_then(Value::as_object_mut) {
        if is_before_4 {
            filters.remove("stages");
        }
        if let Some(platforms) = filters.get_mut("platforms") {
            *platforms = platforms_of_today(platforms);
        }
    }
    if let Some(layout) = layer.get_mut("layout").and_then(Value::as_object_mut)
        && layout.get("aggregateFunction").is_some_and(|function| function != "average")
    {
        layout.insert("countUnscored".to_owned(), json!(false));
    }
    if let Some(gradient) = layer.get_mut("gradient") {
        for color in gradient["colors"].as_array_mut().unwrap() {
            *color = Color::parse(color.as_str().unwrap()).unwrap().hex8().into();
        }
    }
    layer["techniques"] = techniques_of_today(layer["techniques"].as_array().unwrap());
    layer.into()
}

/// Of entries with one technique and tactic only the last counts, and one that says nothing is left out.
fn techniques_of_today(entries: &[Value]) -> Value {
    let about = |entry: &Value| (entry["techniqueID"].to_string(), entry["tactic"].to_string());
    let last: HashMap<_, usize> = entries.iter().enumerate().map(|(at, entry)| (about(entry), at)).collect();
    let says_something = |entry: &Map<String, Value>| {
        entry.iter().any(|(key, value)| {
            !matches!(key.as_str(), "techniqueID" | "tactic") && !is_usual(&format!("/techniques/0/{key}"), value)
        })
    };
    let kept = entries.iter().enumerate().filter(|(at, entry)| last[&about(entry)] == *at);
    let kept = kept.filter(|(_, entry)| says_something(entry.as_object().unwrap()));
    kept.map(|(_, entry)| entry.clone()).collect()
}

fn platforms_of_today(platforms: &Value) -> Value {
    let mut today: Vec<&str> = Vec::new();
    for platform in platforms.as_array().unwrap() {
        let platform = match platform.as_str().unwrap() {
            "linux" => "Linux",
            "windows" => "Windows",
            "mac" => "macOS",
            "android" => "Android",
            "ios" => "iOS",
            "AWS" | "GCP" | "Azure" => "IaaS",
            other => other,
        };
        if !today.contains(&platform) {
            today.push(platform);
        }
    }
    json!(today)
}

//! What reading says of files that aren't as they should be, and what it keeps of them.
//! Round trips, and files of others, are in `tests/layer_files.rs`.

use super::{FileError, MAXIMUM_LAYER_BYTES, read, write};
use crate::attack::TechniqueId;
use crate::layer::{Display, Gradient, Key, Link, Mark, Score};
use serde_json::{Map, Value, json};

fn outcome(text: &str) -> String {
    match read(text.as_bytes()) {
        Ok(opened) => {
            let notes: Vec<String> = opened.notes.iter().map(ToString::to_string).collect();
            format!("{} opened. {}", opened.layers.len(), notes.join(" / "))
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_no_layer_is_refused_in_one_sentence() {
    let cases = [
        ("", "The file is empty."),
        (" \n", "The file is empty."),
        ("hello", "The file is not JSON: line 1, column 1: expected value."),
        ("{\"techniques\": [\n{\"", "The file is not JSON: line 2, column 2: the file ends too early."),
        ("{} {}", "The file is not JSON: line 1, column 4: trailing characters."),
        ("{\"techniques\": [{\"score\": 1e999}]}", "The file is not JSON: line 1, column 31: number out of range."),
        ("5", "This is not a layer: it is a single value."),
        ("\"x\"", "This is not a layer: it is a single value."),
        ("null", "This is not a layer: it is a single value."),
        ("{}", "This is not a layer: it has no \"techniques\"."),
        ("{\"name\": \"x\", \"version\": \"1.0.0\"}", "This is not a layer: it has no \"techniques\"."),
        ("{\"techniques\": {}}", "This is not a layer: its \"techniques\" is not a list."),
        ("[]", "The file is a list of layers, but the list is empty."),
        ("[1, [2]]", "This is not a layer: it is not an object."),
        (
            "{\"type\": \"bundle\", \"id\": \"bundle--1\", \"objects\": [{}]}",
            "This is a STIX bundle, not a layer: open it as a bundle.",
        ),
        (
            "{\"version\": \"0.9\", \"domain\": \"mitre-enterprise\", \"techniques\": []}",
            "This layer has format 0.9; Bulkhead opens formats 1.0 to 4.5: save it in one of these and open it again.",
        ),
        (
            "{\"versions\": {\"layer\": 5}, \"techniques\": []}",
            "This layer has format 5; Bulkhead opens formats 1.0 to 4.5: save it in one of these and open it again.",
        ),
        // Whatever wrote these numbers, a later major version may mean other things by the same keys.
        (
            "{\"versions\": {\"layer\": \"9.0\", \"navigator\": \"8.2\"}, \"techniques\": []}",
            "This layer has format 9.0; Bulkhead opens formats 1.0 to 4.5: save it in one of these and open it again.",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(outcome(text), expected, "{text}");
    }
    assert_eq!(read(&[0x22, 0xff, 0x22]), Err(FileError::Encoding));
    assert_eq!(read(&vec![b' '; MAXIMUM_LAYER_BYTES + 1]), Err(FileError::TooLarge));
}

#[test]
fn what_is_read_otherwise_than_written_is_told() {
    let usual = "\"versions\": {\"layer\": \"4.5\"}, \"domain\": \"enterprise-attack\"";
    let cases = [
        (
            "{\"domain\": \"ics-attack\", \"techniques\": []}".to_owned(),
            "1 opened. The layer doesn't say its format; it was read as 4.5.",
        ),
        (
            "{\"versions\": {\"layer\": \"4.9\"}, \"techniques\": []}".to_owned(),
            "1 opened. The layer has format 4.9; it was read as 4.5, the newest known. / The layer names no domain; \
             it was read as enterprise-attack.",
        ),
        (
            "{\"version\": \"4.2\", \"domain\": \"mitre-mobile\", \"filters\": {\"platforms\": [\"AWS\", \"GCP\", \"ios\"]}}"
                .to_owned(),
            "1 opened. mitre-mobile: the domain is called mobile-attack now / AWS and 1 more: the platform is called \
             IaaS now / ios: the platform is called iOS now",
        ),
        (
            format!("{{{usual}, \"sorting\": 7, \"layout\": {{\"showID\": 1}}, \"techniques\": 5}}"),
            "1 opened. \"layout.showID\" and 2 more: not a value that the layer format has here; it is ignored, but \
             kept in the file",
        ),
        (
            format!("[{{{usual}}}, {{\"version\": \"8.2\", \"domain\": \"x\"}}, 7]"),
            "1 opened. Layer 2 of the list: This layer has format 8.2; Bulkhead opens formats 1.0 to 4.5: save it in one \
             of these and open it again. / Layer 3 of the list: This is not a layer: it is not an object.",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(outcome(&text), expected, "{text}");
    }
}

#[test]
fn techniques_that_cannot_be_used_are_told_and_kept() {
    let cases = [
        ("{\"score\": \"5\"}", "T1: the score is not a number; it is ignored, but kept"),
        ("{\"score\": null, \"color\": null}", ""),
        ("{\"score\": 1e308}", ""),
        ("{\"color\": \"bluish\"}", "T1: the colour is not a colour; it is ignored, but kept"),
        ("{\"comment\": 1}", "T1: the comment is not a text; it is ignored, but kept"),
        ("{\"enabled\": \"no\"}", "T1: \"enabled\" is not true or false; it is ignored, but kept"),
        ("{\"metadata\": {}}", "T1: the metadata is not a list; it is ignored, but kept"),
        ("{\"links\": 1}", "T1: \"links\" is not a list; it is ignored, but kept"),
        ("{\"showSubtechniques\": 1}", "T1: \"showSubtechniques\" is not true or false; it is ignored, but kept"),
        ("{\"__proto__\": {\"a\": 1}, \"constructor\": 2}", ""),
        (
            "{\"tactic\": \"<b>\"}",
            "T1: the tactic is not a tactic's short name; the entry is not shown, but kept in the file",
        ),
    ];
    for (fields, expected) in cases {
        let mut raw: Map<String, Value> = serde_json::from_str(fields).unwrap();
        raw.shift_insert(0, "techniqueID".to_owned(), Value::from("T1"));
        let raw = Value::Object(raw);
        let text = format!("{{\"version\": \"4.5\", \"domain\": \"x\", \"techniques\": [{raw}]}}");
        assert_eq!(outcome(&text), format!("1 opened. {expected}"), "{text}");
        let opened = read(text.as_bytes()).unwrap();
        let written: Value = serde_json::from_str(&write(&opened.layers[0], &[])).unwrap();
        for (key, value) in raw.as_object().unwrap().iter().filter(|(key, _)| *key != "tactic") {
            assert_eq!(written["techniques"][0].get(key), Some(value), "{text}: {written}");
        }
    }
    let odd = "{\"version\": \"4.5\", \"domain\": \"x\", \"techniques\": [[1], {}, {\"techniqueID\": \"<b>\"}, 5]}";
    let opened = read(odd.as_bytes()).unwrap();
    assert_eq!(
        serde_json::to_string(&opened.layers[0].kept.techniques).unwrap(),
        "[[1],{},{\"techniqueID\":\"<b>\"},5]"
    );
    assert_eq!(opened.notes.len(), 2);
}

#[test]
fn the_last_of_duplicate_keys_and_entries_counts() {
    let text = "{\"version\": \"4.5\", \"domain\": \"a\", \"domain\": \"b\", \"techniques\": [\
        {\"techniqueID\": \"T1\", \"score\": 1}, {\"techniqueID\": \"T1\", \"score\": 2, \"score\": 3}]}";
    assert_eq!(outcome(text), "1 opened. T1: it is there more than once in one tactic; the last entry counts");
    let opened = read(text.as_bytes()).unwrap();
    let layer = &opened.layers[0];
    let key = Key { technique: TechniqueId::parse("T1").unwrap(), tactic: None };
    assert_eq!(layer.mark(&key, None), Mark { score: Score::new(3.0), ..Mark::default() });
    assert_eq!((layer.domain.as_str(), layer.annotations.len()), ("b", 1));
}

#[test]
fn deep_nesting_is_kept_up_to_a_bound() {
    let nested = |depth: usize| {
        let value = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        format!("{{\"version\": \"4.5\", \"domain\": \"x\", \"techniques\": [], \"x\": {value}}}")
    };
    let opened = read(nested(60).as_bytes()).unwrap();
    assert!(write(&opened.layers[0], &[]).contains(&"\t".repeat(60)));
    assert!(matches!(read(nested(200).as_bytes()), Err(FileError::TooDeep { line: 1, .. })));
}

#[test]
fn every_encoding_that_tools_write_is_read() {
    let text = "{\"version\": \"4.5\", \"domain\": \"x\", \"name\": \"é😀\", \"techniques\": []}";
    let marked = [[0xef, 0xbb, 0xbf].as_slice(), text.as_bytes()].concat();
    let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let mut cut = wide(u16::to_le_bytes);
    for bytes in [text.as_bytes().to_vec(), marked, cut.clone(), wide(u16::to_be_bytes)] {
        assert_eq!(read(&bytes).unwrap().layers[0].name, "é😀");
    }
    cut.pop();
    assert_eq!(read(&cut), Err(FileError::Encoding));
}

#[test]
fn markup_and_unsafe_links_stay_text() {
    let text = "{\"version\": \"4.5\", \"domain\": \"x\", \"name\": \"<script>\", \"techniques\": [], \
        \"links\": [{\"label\": \"<b>\", \"url\": \"javascript:alert(1)\"}]}";
    let opened = read(text.as_bytes()).unwrap();
    assert_eq!(opened.layers[0].name, "<script>");
    assert_eq!(opened.layers[0].links, [Link::new("<b>", "javascript:alert(1)")]);
}

/// What the official Navigator would fail on or change silently.
#[test]
fn settings_that_mean_something_else_are_read_as_what_they_mean() {
    let text = r##"{"version": "4.5", "domain": "x", "techniques": [], "objects": [1],
        "layout": {"countUnscored": true, "aggregateFunction": "max"},
        "gradient": {"colors": ["#f00"], "minValue": 1, "maxValue": 5}}"##;
    let layer = read(text.as_bytes()).unwrap().layers.remove(0);
    assert!(!layer.display.count_unscored, "only averages count what is unscored");
    assert_eq!(layer.gradient, Gradient { minimum: 1.0, maximum: 5.0, ..Gradient::default() });
    assert_eq!(layer.kept.top.get("objects"), Some(&Value::from(vec![1])), "only a bundle's objects are skipped");
}

/// As `Layer.to_file` of mitreattack-python does it: UTF-16, in one line, dividers of its own, and only keys that are set.
#[test]
fn files_of_mitreattack_python_open_and_lose_nothing() {
    let text = r##"{"name":"шар","domain":"enterprise-attack","description":"Опис: кібер © ж","versions":{"layer":"4.5","navigator":"5.0.0"},"filters":{"platforms":["Containers","Windows"]},"techniques":[{"techniqueID":"T1610","tactic":"execution","score":3,"metadata":[{"name":"a","value":"b"},{"name":"DIVIDER","value":true},{"name":"c","value":"d"}]}],"gradient":{"colors":["#ff6666ff","#ffe76680","#8ec84300"],"minValue":0,"maxValue":100},"metadata":[{"name":"DIVIDER","value":false}]}"##;
    let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let opened = read(&wide).unwrap();
    assert_eq!(opened.notes, []);
    let original: Value = serde_json::from_str(text).unwrap();
    let saved: Value = serde_json::from_str(&write(&opened.layers[0], &[])).unwrap();
    for pointer in
        ["/name", "/description", "/versions", "/filters", "/gradient", "/metadata", "/techniques/0/metadata"]
    {
        assert_eq!(saved.pointer(pointer), original.pointer(pointer), "{pointer}");
    }
}

/// What its list of changes between two releases looks like: very many entries, a legend, and nothing of how it is shown.
#[test]
fn a_layer_that_says_only_what_it_must_opens_whole() {
    let legend: Vec<Value> = (0..9).map(|at| json!({ "color": "#a1d99b", "label": format!("change {at}") })).collect();
    let entry = |at: u32| {
        json!({ "techniqueID": format!("T{}", 1000 + at), "tactic": "stealth", "enabled": true, "color": "#fcf3a2",
            "comment": format!("changed in {at} places") })
    };
    let entries: Vec<Value> = (0..874).map(entry).collect();
    let layer = json!({ "name": "changes", "domain": "enterprise-attack", "description": "", "legendItems": legend,
        "versions": { "layer": "4.5", "navigator": "5.0.0", "attack": "17.0" }, "techniques": entries });
    let opened = read(layer.to_string().as_bytes()).unwrap();
    assert_eq!(opened.notes, []);
    let layer = &opened.layers[0];
    assert_eq!((layer.annotations.len(), layer.legend.len()), (874, 9));
    assert_eq!((&layer.gradient, &layer.display), (&Gradient::default(), &Display::default()));
    assert_eq!(read(write(layer, &[]).as_bytes()).unwrap().layers, opened.layers);
}

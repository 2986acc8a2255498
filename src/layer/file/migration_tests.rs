//! What each earlier format had otherwise, and what becomes of it: layer formats 1.0 to 4.4, and the conversions of
//! Navigator 5.1.0. Every case is a file as its format's document describes it.

use super::{Format, Opened, read, write};
use serde_json::{Value, json};

struct Case {
    file: Value,
    format: (u32, u32),
    /// What the saved layer says, by JSON pointer; `null` for what it must not have.
    saved: Vec<(&'static str, Value)>,
    notes: Vec<&'static str>,
}

const ENTERPRISE: &str = "mitre-enterprise: the domain is called enterprise-attack now";
const STAGES: &str = "\"filters.stages\": layers have no stages any more; it was left out";
const VIEW: &str = "The view mode was converted to a layout.";

fn opened(file: &Value) -> Opened {
    read(file.to_string().as_bytes()).unwrap()
}

fn check(case: Case) {
    let opened = opened(&case.file);
    let (major, minor) = case.format;
    assert_eq!(opened.formats, [Format { major, minor }], "{}", case.file);
    let notes: Vec<String> = opened.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, case.notes, "{}", case.file);
    let saved: Value = serde_json::from_str(&write(&opened.layers[0], &[])).unwrap();
    assert_eq!(saved["versions"]["layer"], "4.5");
    for key in ["version", "viewMode", "viewFullTable"] {
        assert_eq!(saved.get(key), None, "{}", case.file);
    }
    for (pointer, value) in case.saved {
        assert_eq!(saved.pointer(pointer).unwrap_or(&Value::Null), &value, "{pointer} of {}", case.file);
    }
}

#[test]
fn format_1_0_has_old_domains_platforms_and_a_full_table() {
    check(Case {
        file: json!({
            "version": "1.0", "name": "example", "description": "d", "domain": "mitre-enterprise",
            "filters": { "stages": ["act"], "platforms": ["windows", "linux", "mac"] },
            "sorting": 2, "viewFullTable": false, "hideDisabled": true,
            "techniques": [
                { "techniqueID": "T1156", "enabled": false, "comment": "c" },
                { "techniqueID": "T1103", "score": 50 },
                { "techniqueID": "T1015", "color": "#FF00FF" },
            ],
            "gradient": { "colors": ["#ff6666", "#fff"], "minValue": 1, "maxValue": 8 },
        }),
        format: (1, 0),
        saved: vec![
            ("/name", json!("example")),
            ("/description", json!("d")),
            ("/domain", json!("enterprise-attack")),
            ("/filters", json!({ "platforms": ["Windows", "Linux", "macOS"] })),
            ("/sorting", json!(2)),
            ("/hideDisabled", json!(true)),
            ("/layout/layout", json!("side")),
            ("/layout/showID", json!(true)),
            ("/layout/showName", json!(false)),
            ("/gradient", json!({ "colors": ["#ff6666ff", "#ffffffff"], "minValue": 1, "maxValue": 8 })),
            ("/techniques/0/techniqueID", json!("T1156")),
            ("/techniques/0/tactic", Value::Null),
            ("/techniques/0/enabled", json!(false)),
            ("/techniques/0/comment", json!("c")),
            ("/techniques/1/score", json!(50)),
            ("/techniques/2/color", json!("#FF00FF")),
            ("/techniques/2/showSubtechniques", json!(false)),
        ],
        notes: vec![
            "The layer has format 1.0; it was converted to 4.5.",
            ENTERPRISE,
            STAGES,
            "windows: the platform is called Windows now",
            "linux: the platform is called Linux now",
            "mac: the platform is called macOS now",
            VIEW,
        ],
    });
}

#[test]
fn formats_1_1_to_1_3_add_view_mode_legend_and_tactic_row() {
    check(Case {
        file: json!({ "version": "1.1", "name": "a", "domain": "mitre-mobile", "viewMode": 2,
            "filters": { "stages": ["prepare"], "platforms": ["android", "ios"] }, "techniques": [] }),
        format: (1, 1),
        saved: vec![
            ("/domain", json!("mobile-attack")),
            ("/filters", json!({ "platforms": ["Android", "iOS"] })),
            ("/layout/layout", json!("mini")),
            ("/layout/showID", json!(false)),
            ("/layout/showName", json!(false)),
        ],
        notes: vec![
            "The layer has format 1.1; it was converted to 4.5.",
            "mitre-mobile: the domain is called mobile-attack now",
            STAGES,
            "android: the platform is called Android now",
            "ios: the platform is called iOS now",
            VIEW,
        ],
    });
    check(Case {
        file: json!({ "version": "1.2", "name": "a", "domain": "mitre-enterprise",
            "legendItems": [{ "label": "l", "color": "#FF00FF" }], "techniques": [] }),
        format: (1, 2),
        saved: vec![("/legendItems", json!([{ "color": "#FF00FF", "label": "l" }])), ("/sorting", json!(0))],
        notes: vec!["The layer has format 1.2; it was converted to 4.5.", ENTERPRISE],
    });
    check(Case {
        file: json!({ "version": "1.3", "name": "a", "domain": "mitre-enterprise", "viewMode": 0,
            "showTacticRowBackground": true, "tacticRowBackground": "#205b8f" }),
        format: (1, 3),
        saved: vec![
            ("/showTacticRowBackground", json!(true)),
            ("/tacticRowBackground", json!("#205b8f")),
            ("/layout/layout", json!("side")),
            ("/layout/showID", json!(false)),
            ("/layout/showName", json!(true)),
            ("/techniques", json!([])),
        ],
        notes: vec!["The layer has format 1.3; it was converted to 4.5.", ENTERPRISE, VIEW],
    });
}

#[test]
fn formats_2_0_to_2_2_add_tactics_metadata_and_clouds() {
    check(Case {
        file: json!({ "version": "2.0", "name": "a", "domain": "mitre-enterprise",
            "selectTechniquesAcrossTactics": false,
            "techniques": [
                { "techniqueID": "T1155", "tactic": "execution", "score": 0 },
                { "techniqueID": "T1017", "tactic": "Lateral Movement", "score": 75 },
                { "techniqueID": "T1010", "tactic": "Discovery", "enabled": false },
                { "techniqueID": "T1043", "tactic": "command_and_control", "score": 1 },
                { "techniqueID": "T1071", "tactic": "Command & Control", "score": 2 },
                { "techniqueID": "T1189", "tactic": "", "score": 3 },
                { "techniqueID": "T1190", "tactic": "a tactic (old)", "score": 4 },
            ] }),
        format: (2, 0),
        saved: vec![
            ("/selectTechniquesAcrossTactics", json!(false)),
            ("/techniques/0/tactic", json!("execution")),
            ("/techniques/0/score", json!(0)),
            ("/techniques/1/tactic", json!("lateral-movement")),
            ("/techniques/2/tactic", json!("discovery")),
            ("/techniques/3/tactic", json!("command-and-control")),
            ("/techniques/4/tactic", json!("command-and-control")),
            ("/techniques/5/techniqueID", json!("T1189")),
            ("/techniques/5/tactic", Value::Null),
            ("/techniques/6/tactic", json!("a tactic (old)")),
        ],
        notes: vec![
            "The layer has format 2.0; it was converted to 4.5.",
            ENTERPRISE,
            "T1017 and 3 more: the tactic has its full name; its short name was taken",
            "T1189: the tactic is empty; the entry is taken for all tactics of the technique",
            "T1190: the tactic is not a tactic's short name; the entry is not shown, but kept in the file",
        ],
    });
    check(Case {
        file: json!({ "version": "2.1", "name": "a", "domain": "mitre-enterprise", "viewMode": 1,
            "metadata": [{ "name": "n", "value": "v" }],
            "techniques": [{ "techniqueID": "T1", "metadata": [{ "name": "a", "value": "b" }], "techniqueName": "x" }],
        }),
        format: (2, 1),
        saved: vec![
            ("/metadata", json!([{ "name": "n", "value": "v" }])),
            ("/techniques/0/metadata", json!([{ "name": "a", "value": "b" }])),
            ("/techniques/0/techniqueName", json!("x")),
            ("/layout/showID", json!(true)),
            ("/layout/showName", json!(false)),
        ],
        notes: vec!["The layer has format 2.1; it was converted to 4.5.", ENTERPRISE, VIEW],
    });
    check(Case {
        file: json!({ "version": "2.2", "name": "a", "domain": "mitre-enterprise", "viewMode": 7,
            "filters": { "stages": ["act"], "platforms": ["Windows", "AWS", "GCP", "Azure", "Azure AD", "Cloud"] } }),
        format: (2, 2),
        saved: vec![
            ("/filters", json!({ "platforms": ["Windows", "IaaS", "Azure AD", "Cloud"] })),
            ("/layout/layout", json!("side")),
        ],
        notes: vec![
            "The layer has format 2.2; it was converted to 4.5.",
            ENTERPRISE,
            STAGES,
            "AWS and 2 more: the platform is called IaaS now",
            VIEW,
        ],
    });
}

#[test]
fn format_3_0_adds_a_layout_and_sub_techniques() {
    check(Case {
        file: json!({ "version": "3.0", "name": "a", "domain": "mitre-enterprise",
            "layout": { "layout": "flat", "showID": true, "showName": true }, "viewMode": 2,
            "selectSubtechniquesWithParent": true,
            "techniques": [
                { "techniqueID": "T1059", "tactic": "execution", "showSubtechniques": true },
                { "techniqueID": "T1059.001", "tactic": "execution", "score": 4, "aggregateScore": 2 },
            ] }),
        format: (3, 0),
        saved: vec![
            ("/layout/layout", json!("flat")),
            ("/layout/showID", json!(true)),
            ("/layout/showName", json!(true)),
            ("/layout/expandedSubtechniques", json!("none")),
            ("/selectSubtechniquesWithParent", json!(true)),
            ("/techniques/0/showSubtechniques", json!(true)),
            ("/techniques/1/aggregateScore", json!(2)),
        ],
        notes: vec!["The layer has format 3.0; it was converted to 4.5.", ENTERPRISE],
    });
}

#[test]
fn formats_4_0_to_4_4_are_read_as_they_are() {
    let layer = |format: &str, more: Value| {
        let mut layer = json!({ "name": "a", "domain": "ics-attack", "versions": { "attack": "8", "navigator": "4.0",
            "layer": format }, "techniques": [] });
        layer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        layer
    };
    let divider = json!([{ "name": "a", "value": "b" }, { "divider": true }]);
    let links = json!([{ "label": "a", "url": "https://example.org" }, { "divider": false }]);
    let cases = [
        // Nothing of these was ever in format 4: unknown keys, which are kept.
        ("4.0", json!({ "filters": { "stages": ["act"], "platforms": [] }, "viewFullTable": true })),
        ("4.1", json!({ "metadata": divider })),
        (
            "4.2",
            json!({ "layout": { "layout": "side", "aggregateFunction": "average", "showID": false, "showName": true,
            "showAggregateScores": true, "countUnscored": true } }),
        ),
        ("4.3", json!({ "links": links })),
        ("4.4", json!({ "customDataURL": "https://example.org/bundle.json" })),
    ];
    for (format, more) in cases {
        let opened = opened(&layer(format, more.clone()));
        assert_eq!(opened.notes, [], "{format}");
        assert_eq!(opened.formats.iter().map(ToString::to_string).collect::<Vec<_>>(), [format]);
        let saved: Value = serde_json::from_str(&write(&opened.layers[0], &[])).unwrap();
        assert_eq!(saved["versions"], json!({ "attack": "8", "navigator": "5.1.0", "layer": "4.5" }));
        for (key, value) in more.as_object().unwrap() {
            match value.as_object() {
                None => assert_eq!(&saved[key], value, "{format}"),
                Some(inner) => {
                    inner.iter().for_each(|(name, value)| assert_eq!(&saved[key][name], value, "{format}: {name}"));
                }
            }
        }
    }
    // The official Navigator takes a view mode in any format, as long as there is no layout.
    let (mode, kept) = (json!({ "viewMode": 1 }), json!({ "viewMode": 1, "layout": {} }));
    let saved = |more| write(&opened(&layer("4.3", more)).layers[0], &[]);
    assert!(saved(mode).contains("\"showID\": true") && saved(kept).contains("\"viewMode\": 1"));
}

#[test]
fn domains_of_every_time_open() {
    let cases = [
        ("mitre-enterprise", "enterprise-attack"),
        ("mitre-mobile", "mobile-attack"),
        ("pre-attack", "pre-attack"),
        ("ics-attack", "ics-attack"),
        ("mobile-attack", "mobile-attack"),
        ("my-domain", "my-domain"),
    ];
    for (domain, now) in cases {
        let opened = opened(&json!({ "version": "2.2", "domain": domain, "techniques": [
            { "techniqueID": "T1367", "tactic": "persona-development", "score": 1 }] }));
        assert_eq!(opened.layers[0].domain, now);
        assert_eq!(opened.layers[0].annotations.len(), 1, "{domain}");
    }
}

/// Another catalogue may write its tactics with capitals, and then they are their short names.
#[test]
fn capitals_are_taken_for_a_full_name_in_attack_domains_only() {
    for (domain, tactic) in [("enterprise-attack", "execution"), ("my-domain", "Execution")] {
        let opened = opened(&json!({ "version": "4.5", "domain": domain, "techniques": [
            { "techniqueID": "T1", "tactic": "Execution", "score": 1 }] }));
        let entry = opened.layers[0].annotations.iter().next().unwrap();
        assert_eq!(entry.key.tactic.as_ref().map(|tactic| tactic.as_str()), Some(tactic));
    }
}

/// `version` of formats before 4 goes before `versions`, as in the official Navigator; numbers may be numbers.
#[test]
fn the_format_is_found_where_files_have_it() {
    let cases = [
        (json!({ "version": "2.1", "versions": { "layer": "4.3" } }), "2.1"),
        (json!({ "version": 3 }), "3.0"),
        (json!({ "version": 1.2 }), "1.2"),
        (json!({ "versions": { "layer": " 4.1 " } }), "4.1"),
        (json!({ "versions": { "layer": "4.x" } }), "4.0"),
        (json!({ "techniques": [] }), "4.5"),
    ];
    for (mut file, format) in cases {
        file.as_object_mut().unwrap().insert("domain".to_owned(), json!("x"));
        assert_eq!(opened(&file).formats[0].to_string(), format, "{file}");
    }
}

#[test]
fn only_layers_from_before_sub_techniques_may_have_revoked_ids() {
    let list = json!([
        { "version": "1.0", "name": "old", "domain": "mitre-enterprise", "techniques": [] },
        { "version": "3.0", "name": "mobile", "domain": "mitre-mobile", "techniques": [] },
        { "version": "3.0", "name": "older", "domain": "enterprise-attack", "techniques": [] },
        { "version": "4.0", "name": "new", "domain": "enterprise-attack", "techniques": [] },
    ]);
    let mut opened = opened(&list);
    assert_eq!(opened.formats.len(), 4);
    assert_eq!(opened.old_layers().map(|layer| layer.name.clone()).collect::<Vec<_>>(), ["old", "older"]);
}

//! Configurations of sites: the official app's, ours, and broken ones.

use super::super::{Group, Switch};
use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Config {
    Config::read(text.as_bytes()).unwrap()
}

#[test]
fn an_empty_file_changes_nothing() {
    assert_eq!(read("{}"), Config::default());
    assert_eq!(read("\u{feff} { \"//\": \"ours\" }"), Config::default());
}

/// The shape of Navigator 5.1.0's own file.
#[test]
fn the_official_apps_file_is_taken_as_it_is() {
    let config = read(
        r##"{
        "collection_index_url": "https://raw.githubusercontent.com/mitre-attack/attack-stix-data/master/index.json",
        "versions": {"enabled": true, "entries": [
            {"name": "ATT&CK v18", "version": "18", "domains": [
                {"name": "Enterprise", "identifier": "enterprise-attack", "data": ["a.json", "b.json"]},
                {"name": "ICS", "identifier": "ics-attack", "taxii_url": "https://t/", "taxii_collection": "x"}]},
            {"name": "ATT&CK v17", "version": 17, "domains": [{"name": "Enterprise", "data": ["c.json"]}]}]},
        "custom_context_menu_items": [
            {"label": "view on website", "url": "https://example.org/{{technique_attackID}}",
             "subtechnique_url": "https://example.org/{{parent_technique_attackID}}/{{subtechnique_attackID_suffix}}"}],
        "default_layers": {"enabled": true, "urls": ["assets/example.json", "https://example.org/a.json"]},
        "comment_color": "yellow", "link_color": "#336699", "metadata_color": "purple",
        "banner": "<b>hello</b>",
        "features": [
            {"name": "leave_site_dialog", "enabled": true, "description": "…"},
            {"name": "tabs", "enabled": false, "description": "…"},
            {"name": "selection_controls", "enabled": true, "subfeatures": [
                {"name": "search", "enabled": false}, {"name": "deselect_all", "enabled": true}]},
            {"name": "technique_controls", "enabled": false, "subfeatures": [{"name": "scoring", "enabled": true}]},
            {"name": "toolbar_controls", "enabled": true, "subfeatures": [{"name": "sticky_toolbar", "enabled": true}]}],
        "customize_features": [{"name": "multiselect", "enabled": true}, {"name": "legend", "enabled": false}]
    }"##,
    );
    assert_eq!(config.findings, ["versions.entries[0].domains[1]: TAXII servers are not read."]);
    let off: Vec<Switch> = Switch::ALL.iter().copied().filter(|switch| !config.switches.has(*switch)).collect();
    let techniques = Switch::ALL.iter().copied().filter(|switch| switch.group() == Group::TechniqueControls);
    let expected: Vec<Switch> = [Switch::Tabs, Switch::Legend, Switch::Search].into_iter().chain(techniques).collect();
    assert_eq!(off, expected);
    assert_eq!(config.layers, ["assets/example.json", "https://example.org/a.json"]);
    assert_eq!(config.colors, MarkColors { link: Color::parse("#336699").ok(), ..MarkColors::default() });
    assert_eq!(config.menu.len(), 1);
    assert_eq!(config.banner, "<b>hello</b>");
    let releases = config.releases.unwrap();
    let versions: Vec<(&str, &str, &str)> = releases
        .collections
        .iter()
        .flat_map(|it| it.versions.iter().map(|v| (it.name.as_str(), v.version.as_str(), v.url.as_str())))
        .collect();
    let expected = [
        ("Enterprise", "18, 1 of 2", "a.json"),
        ("Enterprise", "18, 2 of 2", "b.json"),
        ("Enterprise", "17", "c.json"),
    ];
    assert_eq!(versions, expected);
}

#[test]
fn switches_can_be_said_in_short() {
    let config = read(r#"{"features": {"tabs": false, "layer_controls": false, "sorting": true}}"#);
    assert!(!config.switches.has(Switch::Tabs) && !config.switches.has(Switch::Filters));
    assert!(config.switches.has(Switch::Sorting) && config.findings.is_empty());
}

#[test]
fn what_is_off_by_the_lists_own_flag_is_off() {
    let config = read(r#"{"default_layers": {"enabled": false, "urls": ["a.json"]}, "versions": {"entries": []}}"#);
    assert_eq!(config, Config::default());
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let cases = [
        (r#"{"tabs": false}"#, "tabs: nobody knows this key."),
        (r#"{"banner": 5}"#, "banner: a text is expected."),
        (r#"{"features": {"tabs": "no"}}"#, "features.tabs: true or false is expected."),
        (r#"{"features": {"taps": false}}"#, "features.taps: \"taps\" is nothing that can be switched."),
        (r#"{"features": 1}"#, "features: a list in brackets is expected."),
        (r#"{"features": [{}]}"#, "features[0]: it has no \"name\"."),
        (
            r#"{"features": [{"name": "layer_controls", "subfeatures": [{"name": "sorting", "enabled": 1}]}]}"#,
            "features[0].subfeatures[0].enabled: true or false is expected.",
        ),
        (r#"{"comment_color": "reddish"}"#, "comment_color: \"reddish\" is no colour."),
        (
            r#"{"custom_context_menu_items": [{"label": "x", "url": "javascript:alert(1)"}]}"#,
            "custom_context_menu_items[0].url: an address that begins with https://, http:// or mailto: is expected.",
        ),
        (
            r#"{"custom_context_menu_items": [{"label": "x", "url": "https://a/{{technique_number}}"}]}"#,
            "custom_context_menu_items[0].url: \"technique_number\" is no placeholder.",
        ),
        (
            r#"{"custom_context_menu_items": [{"label": " ", "url": "https://a/"}]}"#,
            "custom_context_menu_items[0]: \"label\" and \"url\" are expected.",
        ),
        (r#"{"custom_context_menu_items": [{}]}"#, "custom_context_menu_items[0]: \"label\" and \"url\" are expected."),
        (
            r#"{"default_layers": {"enabled": true, "urls": ["a.json", "javascript:alert(1)"]}}"#,
            "default_layers.urls[1]: an address that begins with https:// or http://, or a path beside the app, is expected.",
        ),
        (
            r#"{"collection_index_url": "file:///etc/passwd"}"#,
            "collection_index_url: an address that begins with https:// or http://, or a path beside the app, is expected.",
        ),
        (r#"{"versions": {"enabled": true, "entries": [{}]}}"#, "versions.entries[0]: it has no \"version\"."),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).findings, [expected], "{text}");
    }
}

#[test]
fn what_is_no_configuration_at_all_is_refused_with_the_place() {
    let cases = [
        ("", "line 1, column 0: EOF while parsing a value"),
        ("{\n  \"tabs\": false,\n}", "line 3, column 1: trailing comma"),
        ("[]", "it is not an object in braces"),
        ("<!doctype html>", "line 1, column 1: expected value"),
    ];
    for (text, expected) in cases {
        assert_eq!(Config::read(text.as_bytes()), Err(expected.to_owned()), "{text}");
    }
    assert!(Config::read(&vec![b' '; MAXIMUM_CONFIG_BYTES + 1]).is_err());
    assert!(Config::read("[".repeat(900_000).as_bytes()).is_err());
}

#[test]
fn lists_and_texts_have_an_end() {
    let many = format!("{{\"default_layers\": {{\"enabled\": true, \"urls\": [{}]}}}}", vec!["\"a\""; 900].join(","));
    let config = read(&many);
    assert_eq!(config.layers.len(), MOST);
    assert_eq!(config.findings, ["default_layers.urls: only the first 100 of 900 are used."]);
    let long = format!("{{\"banner\": \"{}\"}}", "a".repeat(LONGEST + 1));
    assert_eq!(read(&long).banner, "");
    let wrong: String = (0..900).map(|at| format!("\"k{at}\": 1,")).collect();
    assert_eq!(read(&format!("{{{wrong}\"z\": 1}}")).findings.len(), MOST_FINDINGS);
}

proptest! {
    #[test]
    fn any_file_is_read_or_refused(text in "\\PC{0,60}|\\{\"(features|versions|banner|default_layers|custom_context_menu_items)\": [\\[\\]{}0-9a-z\", :]{0,40}\\}") {
        let _ = Config::read(text.as_bytes());
    }
}

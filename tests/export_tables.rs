//! Tables and reports, read by other programs: workbooks by openpyxl, comma-separated values by Python's own reader. Needs
//! a Python that has openpyxl: BULKHEAD_PYTHON, or the one that `cargo xtask test` installs; without either the tests say
//! that they were skipped.

// Helpers of tests are tests, which clippy doesn't see.
#![allow(clippy::unwrap_used)]

mod python;

use bulkhead::{
    attack::{Knowledge, TacticName, TechniqueId, Tier, read},
    export::{Field, Laid, annotated_rows, copied_table, csv, html, markdown, xlsx},
    layer::{Color, Combine, Edit, Key, Layer, Link, Metadata, Representation, Score, Target, TierScoring},
    matrix::{Matrix, Silent, lay_out, standing},
};
use serde_json::Value;
use std::fs;

const HOSTILE: &str = "=HYPERLINK(\"javascript:alert(1)\"), <b>&amp;</b>\n\u{202e}tfel | \u{7}";

/// Writes all cells of a workbook: by sheet and name, the value and the fill; and which are merged.
const WORKBOOK: &str = "
import json, openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
def fill(cell):
    return cell.fill.fgColor.rgb if cell.fill.patternType == 'solid' else None
def cells(sheet):
    return {cell.coordinate: [cell.value, fill(cell), cell.data_type] for row in sheet.iter_rows() for cell in row if cell.value is not None}
out = {sheet.title: {'cells': cells(sheet), 'merged': sorted(str(range) for range in sheet.merged_cells.ranges)} for sheet in book}
with open(sys.argv[2], 'w', encoding='utf-8') as file:
    json.dump(out, file)
";

const TABLE: &str = "
import csv, json, sys
with open(sys.argv[1], encoding='utf-8-sig', newline='') as file:
    rows = list(csv.reader(file))
with open(sys.argv[2], 'w', encoding='utf-8') as file:
    json.dump(rows, file)
";

fn knowledge() -> Knowledge {
    read(&fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/attack-containers-19.2.json")).unwrap())
        .unwrap()
        .knowledge
}

fn key(technique: &str, tactic: &str) -> Key {
    Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse(tactic).unwrap())
}

/// Scored by tier, with something of everything.
fn layer() -> Layer {
    let on = |technique: &str, tier| vec![Target { key: key(technique, "execution"), tier }];
    let edits = [
        Edit::TierScoring(TierScoring::Separately(Combine::Weakest)),
        Edit::Score(on("T1610", Some(Tier::Orchestration)), Score::new(70.0)),
        Edit::Score(on("T1610", Some(Tier::Container)), Score::new(12.0)),
        Edit::Color(on("T1609", None), Color::parse("#ABC").ok()),
        Edit::Comment(on("T1609", None), HOSTILE.to_owned()),
        Edit::AddMetadata(on("T1609", None), Metadata::new("owner", "@blue")),
        Edit::Enabled(on("T1204", None), false),
    ];
    let start =
        Layer::new("Q4/[plan]: coverage of what we run in production", "enterprise-attack", Some("19"), Vec::new());
    edits.iter().fold(start, |layer, edit| edit.apply(&layer).unwrap())
}

fn laid_out(layer: &Layer, knowledge: &Knowledge) -> Vec<Matrix> {
    lay_out(knowledge, &layer.display, &layer.platforms, &Silent)
}

#[test]
fn a_workbook_has_every_cell_where_it_stands_and_what_is_said_of_it() {
    let knowledge = knowledge();
    let unified = layer();
    let mut split = unified.clone();
    split.display.representation = Representation::Split;
    let (one, two) = (laid_out(&unified, &knowledge), laid_out(&split, &knowledge));
    let laid = [(&unified, &one), (&split, &two)];
    let laid = laid.map(|(layer, matrices)| Laid { layer, knowledge: &knowledge, matrices });
    let Some(book) = python::made_of(WORKBOOK, "layer.xlsx", &xlsx(&laid)) else { return };
    let sheets: Vec<&String> = book.as_object().unwrap().keys().collect();
    assert_eq!(
        sheets,
        [
            "Q4  plan   coverage of what we",
            "Q4  plan   coverage of wha list",
            "Q4  plan   covera orchestration",
            "Q4  plan   coverage o container",
            "Q4  plan   coverage of list (2)"
        ]
    );
    let cells = |sheet: usize| book[sheets[sheet]]["cells"].as_object().unwrap();
    let find = |sheet: usize, text: &str| -> Vec<Value> {
        cells(sheet).values().filter(|cell| cell[0].as_str().is_some_and(|it| it.starts_with(text))).cloned().collect()
    };
    // Everything that stands in a matrix stands in its sheet, beside the tactics.
    for (sheet, tier) in [(0_usize, None), (2, Some(Tier::Orchestration)), (3, Some(Tier::Container))] {
        let display = if sheet == 0 { &unified.display } else { &split.display };
        let standing = standing(&knowledge, display, &[], tier).len();
        let headings = laid[usize::from(sheet > 0)].matrices[sheet.saturating_sub(2)]
            .columns
            .iter()
            .flat_map(|column| &column.cells)
            .count()
            - standing;
        let tactics = laid[usize::from(sheet > 0)].matrices[sheet.saturating_sub(2)].columns.len();
        assert_eq!(cells(sheet).len(), standing + headings + tactics, "sheet {sheet}");
    }
    let combined = &find(0, "T1610")[0];
    assert_eq!(combined[0], "T1610 Deploy Container (12)");
    let of = |score: f64| {
        let [red, green, blue] = unified.gradient.color_of(Score::new(score).unwrap());
        format!("FF{red:02X}{green:02X}{blue:02X}")
    };
    assert_eq!(combined[1], of(12.0));
    assert_eq!(find(2, "T1610")[0][1], of(70.0));
    assert_eq!(find(3, "T1610")[0][1], of(12.0));
    // A short colour is a colour; a disabled technique has none.
    assert_eq!(find(0, "T1609")[0][1], "FFAABBCC");
    let disabled = find(0, "T1204 ");
    assert!(disabled.iter().any(|cell| cell[1].is_null()), "{disabled:?}");
    // The list: a comment is a text, whatever it looks like.
    let list = cells(1);
    let comment = list.values().find(|cell| cell[0].as_str().is_some_and(|text| text.contains("HYPERLINK"))).unwrap();
    assert_eq!(comment[2], "s");
    assert_eq!(comment[0].as_str().unwrap(), HOSTILE.replace('\u{7}', ""));
    let rows = list.keys().filter(|name| name.starts_with('A')).filter(|name| !name.starts_with("AA")).count();
    assert_eq!(rows, standing(&knowledge, &unified.display, &[], None).len() + 1);
    // Techniques are as high as their sub-techniques.
    assert!(!book[sheets[0]]["merged"].as_array().unwrap().is_empty());
}

#[test]
fn comma_separated_values_parse_back_to_what_the_layer_says() {
    let (knowledge, layer) = (knowledge(), layer());
    let Some(table) = python::made_of(TABLE, "layer.csv", csv(&layer, &knowledge).as_bytes()) else { return };
    let rows: Vec<Vec<String>> = serde_json::from_value(table).unwrap();
    assert_eq!(rows[0][..7], ["Technique", "Name", "Sub-technique of", "Tactic", "Tiers", "Primary tier", "Score"]);
    assert_eq!(rows.len(), standing(&knowledge, &layer.display, &[], None).len() + 1);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    let row = |technique: &str| rows.iter().find(|row| row[0] == technique && row[3] == "Execution").unwrap();
    assert_eq!(row("T1610")[6..9], ["12", "70", "12"]);
    assert_eq!(row("T1609")[9], "#ABC");
    assert_eq!(row("T1609")[11], format!("'{HOSTILE}"));
    assert_eq!(row("T1609")[12], "owner: @blue");
    assert_eq!(row("T1204")[10], "no");
    for field in rows.iter().flatten() {
        assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{field}");
    }
}

#[test]
fn a_report_tells_coverage_gaps_and_annotations() {
    let (knowledge, layer) = (knowledge(), layer());
    let report = markdown(&layer, &knowledge, 50.0);
    for expected in [
        "# Q4/\\[plan\\]: coverage of what we run in production\n",
        "Covered means: enabled, and scored at 50 or above.",
        "| T1610 Deploy Container | Execution | 12 |",
        "| T1204 User Execution | Execution | disabled |",
        "=HYPERLINK(\"javascript:alert(1)\"), &lt;b&gt;&amp;amp;&lt;/b&gt;<br>",
    ] {
        assert!(report.contains(expected), "{expected}\n{report}");
    }
    assert!(!report.contains("<b>"));
}

#[test]
fn a_report_to_print_says_the_same_and_runs_nothing() {
    let (knowledge, layer) = (knowledge(), layer());
    let matrices = laid_out(&layer, &knowledge);
    let page = html(&Laid { layer: &layer, knowledge: &knowledge, matrices: &matrices }, 50.0);
    for expected in [
        "<h1>Q4/[plan]: coverage of what we run in production</h1>",
        "<h2>Coverage</h2>",
        "<h2>Gaps</h2>",
        "<h2>Evidence from the wild</h2>",
        "<h2>Annotations</h2>",
        "Covered means: enabled, and scored at 50 or above.",
        "<th scope=\"row\">T1610 Deploy Container</th>",
        "=HYPERLINK(&quot;javascript:alert(1)&quot;), &lt;b&gt;&amp;amp;&lt;/b&gt;\n",
        "class=\"technique T1610\"",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    assert!(!page.contains("<b>&") && !page.contains("<script") && !page.contains(" onload"));
    assert_eq!(page.matches("<style>").count(), 1);
    // Both reports have the same sections with the same number of rows.
    let report = markdown(&layer, &knowledge, 50.0);
    let sections = |text: &str, start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(sections(&report, "## ") + 1, sections(&page, "<h2>"), "and the picture");
    let rows = report.lines().filter(|line| line.starts_with("| ")).count();
    assert_eq!(rows, page.matches("<tr>").count());
}

#[test]
fn links_lead_to_the_web_or_nowhere() {
    let (knowledge, mut layer) = (knowledge(), layer());
    let key = Key::new(TechniqueId::parse("T1610").unwrap(), TacticName::parse("execution").unwrap());
    let links = ["https://example.org/\"onclick=\"x", "javascript:alert(1)", "data:text/html,<script>"];
    layer.annotations.change(&key, |entry| entry.links = links.iter().map(|url| Link::new("run", *url)).collect());
    let page = html(&Laid { layer: &layer, knowledge: &knowledge, matrices: &[] }, 50.0);
    assert_eq!(page.matches("<a href=").count(), 1);
    assert!(page.contains("<a href=\"https://example.org/&quot;onclick=&quot;x\" rel=\"noopener noreferrer\">run</a>"));
    assert!(page.contains("run: javascript:alert(1)<br>run: data:text/html,&lt;script&gt;"));
}

#[test]
fn a_selection_is_a_table_with_the_columns_that_have_some_of_it() {
    let (knowledge, layer) = (knowledge(), layer());
    let matrices = laid_out(&layer, &knowledge);
    let laid = Laid { layer: &layer, knowledge: &knowledge, matrices: &matrices };
    let of = |ids: &'static [&'static str]| copied_table(&laid, move |key, _| ids.contains(&key.technique.as_str()));
    assert_eq!(of(&[]), None);
    let table = of(&["T1610", "T1611"]).unwrap();
    let lines: Vec<Vec<&str>> = table.text.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(lines[0], ["Execution", "Privilege Escalation"]);
    assert_eq!(lines[1], ["T1610 Deploy Container (12)", "T1611 Escape to Host"]);
    assert_eq!((lines.len(), table.count), (2, 2));
    assert!(table.html.starts_with("<table><thead><tr><th>Execution</th><th>Privilege Escalation</th></tr></thead>"));
    assert!(table.html.contains(">T1610 Deploy Container (12)</font></td>") && table.html.contains("<td bgcolor=\"#"));
}

#[test]
fn a_selection_has_the_aggregates_that_the_screen_shows() {
    let (knowledge, mut layer) = (knowledge(), layer());
    let on = |technique: &str| key(technique, "execution");
    let scored = Edit::Score(vec![Target { key: on("T1053.007"), tier: None }], Score::new(40.0));
    layer = scored.apply(&layer).unwrap();
    for (shown, expected) in [(false, "T1053 Scheduled Task/Job"), (true, "T1053 Scheduled Task/Job (40)")] {
        layer.display.show_aggregate = shown;
        let matrices = laid_out(&layer, &knowledge);
        let laid = Laid { layer: &layer, knowledge: &knowledge, matrices: &matrices };
        let table = copied_table(&laid, |key, _| *key == on("T1053")).unwrap();
        assert_eq!(table.text, format!("Execution\n{expected}\n"));
        assert_eq!(table.html.contains("bgcolor"), shown);
    }
}

#[test]
fn what_a_disabled_tier_says_is_told_too() {
    let knowledge = knowledge();
    let on = |tier| vec![Target { key: key("T1610", "execution"), tier: Some(tier) }];
    let edits = [
        Edit::TierScoring(TierScoring::Separately(Combine::Weakest)),
        Edit::Comment(on(Tier::Orchestration), "not ours".to_owned()),
        Edit::Enabled(on(Tier::Orchestration), false),
    ];
    let start = Layer::new("layer", "enterprise-attack", Some("19"), Vec::new());
    let layer = edits.iter().fold(start, |layer, edit| edit.apply(&layer).unwrap());
    let rows = annotated_rows(&layer, &knowledge);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0][11], Field::Text("Orchestration: not ours".to_owned()));
    assert!(markdown(&layer, &knowledge, 50.0).contains("| Orchestration: not ours |"));
}

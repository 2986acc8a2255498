//! Pictures of both representations in every layout, and how their texts fit.

use super::*;
use crate::{
    attack::{TacticName, TechniqueId, read},
    layer::{Color, Edit, Key, Layer, LayoutKind, LegendItem, Representation, Score, Target, write},
    matrix::{Silent, lay_out},
};

const LOOK: Look = Look { width: 1600.0, ..Look::USUAL };
const BESIDE: Look = Look { width: 1920.0, beside: true, ..Look::USUAL };

fn layer(representation: Representation) -> Layer {
    let on = |technique: &str| {
        let key = Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse("execution").unwrap());
        vec![Target { key, tier: None }]
    };
    let mut layer = Layer::new("<Q4> & \"plan\"", "enterprise-attack", Some("19"), Vec::new());
    layer.description = "What we see in the cluster.".to_owned();
    layer.display.representation = representation;
    layer.legend = vec![LegendItem::new(Color::parse("#ff6666").unwrap(), "open <b>")];
    let edits = [
        Edit::Score(on("T1610"), Score::new(40.0)),
        Edit::Color(on("T1609"), Color::parse("#336699").ok()),
        Edit::Enabled(on("T1204"), false),
    ];
    edits.iter().fold(layer, |layer, edit| edit.apply(&layer).unwrap())
}

fn drawn(layer: &Layer, look: Look) -> String {
    let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/attack-containers-19.2.json"));
    let knowledge = read(bytes).unwrap().knowledge;
    let matrices = lay_out(&knowledge, &layer.display, &layer.platforms, &Silent);
    svg(&Laid { layer, knowledge: &knowledge, matrices: &matrices }, look, &write(layer, &[]))
}

#[test]
fn the_unified_matrix_as_a_picture() {
    insta::assert_snapshot!(drawn(&layer(Representation::Unified), LOOK));
}

#[test]
fn the_split_matrices_as_a_picture_in_the_dark() {
    insta::assert_snapshot!(drawn(&layer(Representation::Split), Look { dark: true, only_annotated: true, ..LOOK }));
}

#[test]
fn the_split_matrices_side_by_side() {
    insta::assert_snapshot!(drawn(&layer(Representation::Split), BESIDE));
}

/// As Navigator 5.1.0 draws it (`SVG` 298–452): a column for each tactic, sub-techniques indented, whatever the layout is.
#[test]
fn a_picture_is_the_same_in_every_layout() {
    for (representation, beside) in
        [(Representation::Unified, false), (Representation::Split, false), (Representation::Split, true)]
    {
        let [side, flat, mini] = [LayoutKind::Side, LayoutKind::Flat, LayoutKind::Mini].map(|kind| {
            let mut layer = layer(representation);
            layer.display.layout = kind;
            let picture = drawn(&layer, Look { beside, ..LOOK });
            let word = format!("\"layout\": \"{}\"", kind.word());
            assert_eq!(picture.matches(&word).count(), 1, "the layer that rides along says which");
            picture.replace(&word, "")
        });
        assert!(side == flat && flat == mini, "{representation:?}");
    }
}

#[test]
fn in_every_layout_both_stand_side_by_side_with_one_header_and_legend() {
    for kind in [LayoutKind::Side, LayoutKind::Flat, LayoutKind::Mini] {
        let mut layer = layer(Representation::Split);
        layer.display.layout = kind;
        let picture = drawn(&layer, BESIDE);
        let all = |start: &str| -> Vec<(f64, f64)> {
            let places = picture.split(start).skip(1).map(|rest| {
                let place = rest.split_once("translate(").unwrap().1.split_once(')').unwrap().0;
                let (x, y) = place.split_once(", ").unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            });
            places.collect()
        };
        let titles = all("<g class=\"matrix-title");
        assert_eq!(titles.len(), 2);
        assert_eq!(titles[0].1, titles[1].1, "at one height");
        let tactics = all("<g class=\"tactic ");
        assert!(tactics.iter().all(|tactic| tactic.1 == tactics[0].1));
        let steps: Vec<f64> = tactics.windows(2).map(|two| two[1].0 - two[0].0).collect();
        let wide = steps.iter().copied().fold(f64::INFINITY, f64::min);
        let gaps: Vec<&f64> = steps.iter().filter(|step| **step > wide + 0.1).collect();
        assert_eq!(gaps.len(), 1, "columns are as wide, and one gap is between the matrices");
        assert!((tactics.last().unwrap().0 + wide - GAP - (BESIDE.width - MARGIN)).abs() < 0.1, "up to the margin");
        assert!(tactics.iter().any(|tactic| tactic.0 == titles[1].0), "the title is over its matrix");
        assert_eq!(picture.matches("header-box legend").count(), 1);
        assert_eq!(picture.matches("\"header-box\"").count(), 1);
    }
}

#[test]
fn an_annotated_sub_technique_stands_under_its_technique_where_others_are_left_out() {
    let key =
        |technique: &str| Key::new(TechniqueId::parse(technique).unwrap(), TacticName::parse("execution").unwrap());
    let child = vec![Target { key: key("T1053.007"), tier: None }];
    for representation in [Representation::Unified, Representation::Split] {
        let layer = Edit::Score(child.clone(), Score::new(40.0)).apply(&layer(representation)).unwrap();
        let picture = drawn(&layer, Look { only_annotated: true, ..LOOK });
        let cells: Vec<&str> = picture
            .split("<g class=\"")
            .filter_map(|part| part.split_once('"').map(|(class, _)| class))
            .filter(|class| class.starts_with("technique ") || class.starts_with("subtechnique "))
            .collect();
        let at = cells.iter().position(|class| *class == "subtechnique T1053.007").unwrap();
        assert_eq!(cells[at - 1], "technique T1053", "{cells:?}");
        assert!(!cells.contains(&"technique T1543"), "nor is anything else there: {cells:?}");
    }
}

#[test]
fn one_matrix_has_nothing_beside_it() {
    let layer = layer(Representation::Unified);
    assert_eq!(drawn(&layer, BESIDE), drawn(&layer, Look { beside: false, ..BESIDE }));
}

#[test]
fn a_picture_opens_as_the_layer_that_it_shows() {
    let layer = layer(Representation::Split);
    let file = layer_in_picture(drawn(&layer, LOOK).as_bytes()).unwrap().unwrap();
    assert_eq!(String::from_utf8(file).unwrap(), write(&layer, &[]));
    assert_eq!(layer_in_picture(b"{\"name\": 1}"), Ok(None));
    assert_eq!(layer_in_picture(b"  <svg xmlns=\"http://www.w3.org/2000/svg\"/>"), Err(NoLayer));
    assert_eq!(layer_in_picture(b"\x89PNG\r\n\x1a\n"), Err(NoLayer));
}

#[test]
fn nothing_in_it_is_markup_of_the_layers() {
    let picture = drawn(&layer(Representation::Unified), LOOK);
    assert!(picture.contains("&lt;Q4&gt; &amp; &quot;plan&quot;"));
    assert!(!picture.contains("<b>") && !picture.contains("<Q4>"));
}

#[test]
fn strange_sizes_give_pictures_too() {
    for width in [0.0, -5.0, f64::NAN, f64::INFINITY, 1e300] {
        assert!(drawn(&layer(Representation::Unified), Look { width, ..LOOK }).ends_with("</svg>\n"));
        let sheet = Some(Sheet { width, height: width, unit: Unit::Inch });
        let look = Look { sheet, size: Some(width), ..LOOK };
        assert!(drawn(&layer(Representation::Unified), look).ends_with("</svg>\n"));
    }
}

/// Of `<svg width="…" height="…" viewBox="0 0 … …">`.
fn measures(picture: &str) -> (String, String, f64, f64) {
    let of = |name: &str| picture.split_once(&format!(" {name}=\"")).unwrap().1.split_once('"').unwrap().0.to_owned();
    let view = of("viewBox");
    let mut ends = view.split(' ').skip(2).map(|end| end.parse::<f64>().unwrap());
    (of("width"), of("height"), ends.next().unwrap(), ends.next().unwrap())
}

#[test]
fn a_sheet_has_its_size_and_all_of_the_picture_on_it() {
    let layer = layer(Representation::Split);
    for (name, ..) in SHEETS {
        for upright in [true, false] {
            for unit in Unit::ALL {
                let sheet = Sheet::named(name, upright, unit).unwrap();
                let (wide, high, view_wide, view_high) = measures(&drawn(&layer, Look { sheet: Some(sheet), ..LOOK }));
                assert_eq!(wide, format!("{}{}", short(sheet.width), unit.word()), "{name}");
                assert_eq!(high, format!("{}{}", short(sheet.height), unit.word()));
                assert!(view_high / view_wide >= sheet.height / sheet.width - 0.001, "{name}: nothing is cut");
            }
        }
    }
    // Text that is too large for the sheet makes all of it smaller.
    let letter = Sheet::named("letter", false, Unit::Inch);
    let (_, _, _, high) = measures(&drawn(&layer, Look { sheet: letter, size: Some(30.0), ..LOOK }));
    assert!(high > 816.0, "{high}");
}

#[test]
fn what_the_dialog_offers_is_in_the_picture() {
    let mut layer = layer(Representation::Unified);
    layer.platforms = vec!["Containers".to_owned()];
    let with = |look: Look| drawn(&layer, look);
    let usual = with(LOOK);
    let none = with(Look { header: Header::NONE, legend: LegendPlace::Nowhere, ..LOOK });
    assert!(usual.contains("header-box legend") && !none.contains("header-box"));
    assert!(!usual.contains("Platforms:"));
    let filters = with(Look { header: Header { filters: true, ..Header::NONE }, ..LOOK });
    assert!(filters.contains(">Platforms: Containers<") && !filters.contains(">What we see"));
    let above = with(Look { legend: LegendPlace::Above, ..LOOK });
    const BOX: &str = "\"header-box legend\"";
    const COLUMN: &str = "\"tactic ";
    let place = |picture: &str, what: &str| picture.find(what).unwrap();
    assert!(place(&above, BOX) < place(&above, COLUMN) && place(&usual, BOX) > place(&usual, COLUMN));
    assert!(with(Look { border: Some([1, 2, 3]), ..LOOK }).contains("stroke=\"#010203\""));
    for font in Font::ALL {
        assert!(with(Look { font, ..LOOK }).contains(&format!("font-family=\"{}\"", font.family())));
    }
    assert!(with(Look { size: Some(21.0), ..LOOK }).contains("font-size=\"21\""));
}

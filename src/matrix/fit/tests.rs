//! Matrices on a wall and on paper: how large their text is, and that all of it has room.

use super::*;
use crate::{
    attack,
    layer::{Display, ExpandedSubtechniques, LayoutKind, Representation},
    matrix::{Silent, lay_out},
};

const LABELS: Labels = Labels { ids: true, names: true, score: 3, pair: false };

fn matrices(bundle: &str, representation: Representation, open: bool) -> (Knowledge, Vec<Matrix>) {
    let path = format!("{}/data/{bundle}.json", env!("CARGO_MANIFEST_DIR"));
    let knowledge = attack::read(&std::fs::read(path).unwrap()).unwrap().knowledge;
    let expanded = if open { ExpandedSubtechniques::All } else { ExpandedSubtechniques::None };
    let display = Display { representation, expanded, layout: LayoutKind::Flat, ..Display::default() };
    let matrices = lay_out(&knowledge, &display, &[], &Silent);
    (knowledge, matrices)
}

/// What a wall of 1920 by 1080 leaves for the matrix.
const WIDE: f64 = 1848.0;
const HIGH: f64 = 930.0;

#[test]
fn on_a_wall_the_container_matrices_can_be_read_from_the_back() {
    use Representation::{Split, Unified};
    let cases = [
        ("attack-containers-19.2", Unified, true, 15.0),
        ("attack-containers-19.2", Split, false, 15.0),
        ("microsoft-kubernetes", Unified, true, 17.0),
        ("microsoft-kubernetes", Split, false, 14.0),
    ];
    for (bundle, representation, open, least) in cases {
        let (knowledge, matrices) = matrices(bundle, representation, open);
        let texts = Texts::of(&matrices, &knowledge, LABELS, 1.0);
        let fit = texts.fit(WIDE, HIGH, 30.0);
        assert!(fit.text >= least, "{bundle} {representation:?}: {}", fit.text);
        let twice = texts.fit(WIDE * 2.0, HIGH * 2.0, 60.0);
        assert!(twice.text >= fit.text * 1.98, "{bundle} {representation:?}: {}", twice.text);
    }
}

#[test]
fn what_is_fitted_has_room() {
    for representation in Representation::ALL {
        let (knowledge, matrices) = matrices("attack-containers-19.2", representation, true);
        let texts = Texts::of(&matrices, &knowledge, LABELS, 1.0);
        for (wide, high) in [(1848.0, 930.0), (980.0, 600.0), (1200.0, 700.0), (600.0, 1000.0)] {
            let fit = texts.fit(wide, high, 40.0);
            let room = Room { wide, high, most: 40.0 };
            assert!(fit.text > LEAST && texts.fits(&fit.lanes, fit.text, &room), "{representation:?} {wide}");
            let used: f64 = fit.lanes.iter().sum::<usize>() as f64 * (fit.lane + fit.gap) - fit.gap;
            assert!((used - wide).abs() < 0.01);
            for (matrix, breaks) in matrices.iter().zip(&fit.breaks) {
                for ((column, breaks), lanes) in matrix.columns.iter().zip(breaks).zip(&fit.lanes) {
                    assert!(breaks.len() < *lanes);
                    assert!(breaks.iter().all(|row| *row > 0 && *row < column.cells.len()));
                    assert!(breaks.windows(2).all(|pair| pair[0] < pair[1]));
                }
            }
        }
    }
}

#[test]
fn lanes_are_worth_their_width() {
    let (knowledge, matrices) = matrices("attack-containers-19.2", Representation::Unified, true);
    let texts = Texts::of(&matrices, &knowledge, LABELS, 1.0);
    let room = Room { wide: WIDE, high: HIGH, most: 30.0 };
    let one_each = texts.largest(&vec![1; texts.tactics.len()], &room);
    assert!(texts.fit(WIDE, HIGH, 30.0).text > one_each);
}

#[test]
fn nothing_at_all_is_fitted_too() {
    let nothing = Texts { tactics: Vec::new(), cells: vec![Vec::new()], space: 0.3 };
    assert_eq!(nothing.fit(100.0, 100.0, 20.0).lanes, Vec::<usize>::new());
    let empty =
        Texts { tactics: vec![vec![Word { wide: 4.0, glued: false }]], cells: vec![vec![Vec::new()]], space: 0.3 };
    let fit = empty.fit(100.0, 100.0, 20.0);
    assert_eq!((fit.text, fit.breaks), (20.0, vec![vec![Vec::new()]]));
    assert!(empty.fit(0.0, 0.0, 0.0).text >= LEAST);
}

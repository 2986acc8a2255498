//! Where the cells of a column stand in the side layout: sub-techniques beside their technique, which is as high as they
//! are together. Layouts with one cell under the other need no such reckoning.

use super::Column;

/// A cell's place in a column of two: which lines it takes, and whether it stands in the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The first line, from 1.
    pub line: usize,
    pub lines: usize,
    pub beside: bool,
}

/// The places of a column's cells, in their order.
pub fn beside(column: &Column) -> Vec<Spot> {
    let mut spots: Vec<Spot> = Vec::with_capacity(column.cells.len());
    let (mut top, mut next) = (0, 1);
    for (at, cell) in column.cells.iter().enumerate() {
        if cell.parent.is_none() {
            (top, next) = (at, spots.get(top).map_or(1, |spot: &Spot| spot.line + spot.lines));
            spots.push(Spot { line: next, lines: 1, beside: false });
            continue;
        }
        spots.push(Spot { line: next, lines: 1, beside: true });
        next += 1;
        if let Some(parent) = spots.get_mut(top) {
            parent.lines = (next - parent.line).max(1);
        }
    }
    spots
}

/// Whether a column needs two: some sub-technique is shown in it.
pub fn is_double(column: &Column) -> bool {
    column.cells.iter().any(|cell| cell.parent.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        attack::{TacticName, TechniqueId},
        matrix::{Cell, Place},
    };

    fn column(ids: &[&str]) -> Column {
        let cell = |id: &&str| {
            let technique = TechniqueId::parse(id).unwrap();
            Cell { parent: technique.parent(), technique, place: Place::Full, subtechniques: None }
        };
        Column { tactic: TacticName::parse("execution").unwrap(), cells: ids.iter().map(cell).collect() }
    }

    #[test]
    fn a_technique_is_as_high_as_its_sub_techniques_beside_it() {
        let column = column(&["T1", "T2", "T2.001", "T2.002", "T2.003", "T3", "T4", "T4.001"]);
        let told: Vec<(usize, usize, bool)> =
            beside(&column).iter().map(|spot| (spot.line, spot.lines, spot.beside)).collect();
        let expected = [
            (1, 1, false),
            (2, 3, false),
            (2, 1, true),
            (3, 1, true),
            (4, 1, true),
            (5, 1, false),
            (6, 1, false),
            (6, 1, true),
        ];
        assert_eq!(told, expected);
        assert!(is_double(&column));
    }

    #[test]
    fn without_open_sub_techniques_one_column_will_do() {
        let column = column(&["T1", "T2"]);
        assert!(!is_double(&column));
        assert_eq!(beside(&column).iter().map(|spot| spot.line).collect::<Vec<_>>(), [1, 2]);
    }
}

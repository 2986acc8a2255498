//! Moving about in matrices with the keyboard, and what lies between two cells.
//! Which keys do it is the app's.

use super::{Matrix, MatrixKind};
use crate::attack::{TacticName, TechniqueId};

/// A cell by where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    pub matrix: usize,
    pub column: usize,
    pub row: usize,
}

/// One step of the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Left,
    Right,
    Up,
    Down,
    /// First cell of the row.
    Home,
    /// Last cell of the row.
    End,
    /// First cell of the matrix.
    First,
    /// Last cell of the matrix.
    Last,
    PageUp,
    PageDown,
}

/// How many cells a page is.
const PAGE: usize = 8;

/// Where a technique stands: in the given matrix if it is there, else in any.
pub fn find(
    matrices: &[Matrix],
    kind: Option<MatrixKind>,
    technique: &TechniqueId,
    tactic: Option<&TacticName>,
) -> Option<Position> {
    let mut found = None;
    for (matrix, laid) in matrices.iter().enumerate() {
        for (column, cells) in laid.columns.iter().enumerate() {
            let here = tactic.is_none_or(|tactic| *tactic == cells.tactic);
            let row = cells.cells.iter().position(|cell| here && cell.technique == *technique);
            if let Some(row) = row {
                let position = Position { matrix, column, row };
                if kind == Some(laid.kind) {
                    return Some(position);
                }
                found = found.or(Some(position));
            }
        }
    }
    found
}

/// The cell to which a step leads; the same one where there is none further. Down from the last cell of a column leads
/// into the matrix below, up from the first into the one above.
pub fn step(matrices: &[Matrix], from: Position, step: Move) -> Position {
    let Some(matrix) = matrices.get(from.matrix) else { return from };
    let height = |column: usize| matrix.columns.get(column).map_or(0, |column| column.cells.len());
    let in_column = |column: usize| {
        let last = height(column).checked_sub(1)?;
        Some(Position { column, row: from.row.min(last), ..from })
    };
    let filled = |mut columns: Box<dyn Iterator<Item = usize>>| columns.find_map(in_column);
    let width = matrix.columns.len();
    let last_row = height(from.column).saturating_sub(1);
    let next = match step {
        Move::Left => filled(Box::new((0..from.column).rev())),
        Move::Right => filled(Box::new(from.column + 1..width)),
        Move::Home => filled(Box::new(0..width)),
        Move::End => filled(Box::new((0..width).rev())),
        Move::First => filled(Box::new(0..width)).map(|at| Position { row: 0, ..at }),
        Move::Last => filled(Box::new((0..width).rev())).map(|at| Position { row: height(at.column) - 1, ..at }),
        Move::Up if from.row == 0 => neighbour(matrices, from, from.matrix.checked_sub(1), true),
        Move::Down if from.row >= last_row => neighbour(matrices, from, from.matrix.checked_add(1), false),
        Move::Up => Some(Position { row: from.row - 1, ..from }),
        Move::Down => Some(Position { row: from.row + 1, ..from }),
        Move::PageUp => Some(Position { row: from.row.saturating_sub(PAGE), ..from }),
        Move::PageDown => Some(Position { row: (from.row + PAGE).min(last_row), ..from }),
    };
    next.unwrap_or(from)
}

fn neighbour(matrices: &[Matrix], from: Position, matrix: Option<usize>, at_end: bool) -> Option<Position> {
    let matrix = matrix?;
    let last = matrices.get(matrix)?.columns.get(from.column)?.cells.len().checked_sub(1)?;
    Some(Position { matrix, column: from.column, row: if at_end { last } else { 0 } })
}

/// The cells in the rectangle that two cells of one matrix span; only the second where they are in two.
pub fn between(matrices: &[Matrix], from: Position, to: Position) -> Vec<Position> {
    let Some(matrix) = matrices.get(to.matrix).filter(|_| from.matrix == to.matrix) else { return vec![to] };
    let columns = from.column.min(to.column)..=from.column.max(to.column);
    let (top, bottom) = (from.row.min(to.row), from.row.max(to.row));
    columns
        .flat_map(|column| {
            let height = matrix.columns.get(column).map_or(0, |column| column.cells.len());
            (top..height.min(bottom + 1)).map(move |row| Position { matrix: to.matrix, column, row })
        })
        .collect()
}

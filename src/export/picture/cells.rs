//! A picture's matrices: a column for each tactic, and a cell for each technique.

use super::{GAP, MARGIN, MOST_LINES, Picture, css, short};
use crate::{
    attack::{TacticName, TechniqueId, Tier},
    export::laid::Laid,
    layer::{Entry, Ink, Key},
    matrix::{Cell, Column, Matrix, MatrixKind, Place},
    words::BOLD,
};
use rustc_hash::FxHashSet;
use std::{fmt::Write, iter};

/// Between matrices that stand side by side.
const GUTTER: f64 = 32.0;
/// Between a cell's edge and its text.
const INSIDE: f64 = 5.0;
/// A sub-technique stands in by so much.
const INDENT: f64 = 8.0;
/// A tactic's name has at most so many lines.
const MOST_HEAD_LINES: usize = 3;

impl Picture<'_> {
    pub(super) fn matrices(&mut self) {
        let laid = self.laid;
        let (beside, top) = (self.is_beside(), self.bottom);
        let (mut x, mut lowest) = (MARGIN, top);
        let heads: Vec<Vec<Vec<String>>> = laid.matrices.iter().map(|matrix| self.heads(matrix)).collect();
        let lines_of = |heads: &[Vec<String>]| heads.iter().map(Vec::len).max().unwrap_or(0);
        let most = heads.iter().map(|heads| lines_of(heads)).max().unwrap_or(0);
        for (at, (matrix, heads)) in laid.matrices.iter().zip(&heads).enumerate() {
            if beside {
                self.bottom = top;
            }
            if laid.matrices.len() > 1 {
                let size = self.around() * 1.3;
                self.open("matrix-title", x, self.bottom);
                self.text(0.0, size, size, true, self.colors.text, title(matrix));
                self.close();
                self.bottom += size * 1.7;
            }
            // Cells that stand side by side begin at the same height.
            let end = self.matrix(matrix, x, heads, if beside { most } else { lines_of(heads) });
            lowest = lowest.max(self.bottom);
            if beside {
                x = end - GAP + GUTTER;
            } else if at + 1 < laid.matrices.len() {
                self.bottom += MARGIN;
            }
        }
        self.bottom = lowest;
    }

    /// The names of the tactics as they stand over their columns, in lines.
    fn heads(&self, matrix: &Matrix) -> Vec<Vec<String>> {
        let wide = self.column_width(matrix);
        let head = |column: &Column| {
            let name = self.laid.knowledge.tactic_title(&column.tactic);
            self.lines(name, self.size * 1.08 * BOLD, wide, MOST_HEAD_LINES)
        };
        matrix.columns.iter().map(head).collect()
    }

    /// From a place on, with room for so many lines of the tactics' names; where its next column would begin.
    fn matrix(&mut self, matrix: &Matrix, from: f64, heads: &[Vec<String>], head_lines: usize) -> f64 {
        let wide = self.column_width(matrix);
        let top = self.bottom;
        let line = self.size * 1.3;
        #[allow(clippy::cast_precision_loss)]
        let head = head_lines as f64 * line + GAP;
        let mut lowest = top + head;
        let mut x = from;
        for (column, head_of) in matrix.columns.iter().zip(heads) {
            self.open(&format!("tactic {}", column.tactic.as_str()), x, top);
            let mut y = 0.0;
            for text in head_of {
                y += line;
                self.text(0.0, y - line * 0.25, self.size * 1.08, true, self.colors.text, text);
            }
            let end = self.column(matrix, column, wide, head);
            self.close();
            lowest = lowest.max(top + end);
            x += wide + GAP;
        }
        self.bottom = lowest;
        x
    }

    /// The cells of a tactic, from a height on; how far down they go.
    fn column(&mut self, matrix: &Matrix, column: &Column, wide: f64, from: f64) -> f64 {
        let mut y = from;
        for cell in self.shown(column) {
            y += self.cell(matrix, &column.tactic, cell, wide, y) + GAP;
        }
        y
    }

    /// Where only annotated techniques are wanted, those over an annotated sub-technique stay: it would seem to be one of
    /// another's.
    fn shown<'c>(&self, column: &'c Column) -> Vec<&'c Cell> {
        let annotations = &self.laid.layer.annotations;
        let is_annotated = |cell: &&Cell| {
            let key = Key::new(cell.technique.clone(), column.tactic.clone());
            annotations.about(&key).is_some_and(Entry::is_annotated)
        };
        if !self.look.only_annotated {
            return column.cells.iter().collect();
        }
        let annotated = column.cells.iter().filter(is_annotated);
        let wanted: FxHashSet<&TechniqueId> =
            annotated.flat_map(|cell| iter::once(&cell.technique).chain(cell.parent.as_ref())).collect();
        column.cells.iter().filter(|cell| wanted.contains(&cell.technique)).collect()
    }

    /// One cell; how high it is.
    fn cell(&mut self, matrix: &Matrix, tactic: &TacticName, cell: &Cell, wide: f64, y: f64) -> f64 {
        let Laid { layer, knowledge, .. } = *self.laid;
        let seen = self.laid.seen(matrix, tactic, &cell.technique, self.colors.cell);
        let heading = cell.place == Place::Heading;
        let fill = seen.color.filter(|_| !heading).unwrap_or(self.colors.cell);
        let ink = match (heading || !seen.enabled, fill == self.colors.cell) {
            (true, _) => self.colors.quiet,
            (false, true) => self.colors.text,
            (false, false) => Ink::on(fill).rgb(),
        };
        let indent = if cell.parent.is_some() { INDENT } else { 0.0 };
        let room = wide - indent - 2.0 * INSIDE;
        let score = seen.score.filter(|_| !heading).map(|score| score.to_string());
        let score_room = score.as_deref().map_or(0.0, |score| self.wide(score, self.size * BOLD) + INSIDE);
        let (show_id, show_name) = (layer.display.show_id, layer.display.show_name);
        let id = show_id.then(|| self.shortened(cell.technique.as_str(), self.size * 0.92 * BOLD, room - score_room));
        let name = knowledge.technique(&cell.technique).map_or("", |technique| &technique.name);
        let first_room = if id.is_none() { room - score_room } else { room };
        let name = if show_name { self.lines(name, self.size, first_room, MOST_LINES) } else { Vec::new() };
        let line = self.size * 1.25;
        #[allow(clippy::cast_precision_loss)]
        let count = (usize::from(id.is_some()) + name.len()).max(1) as f64;
        let high = count * line + INSIDE * 1.5;

        let kind = if cell.parent.is_some() { "subtechnique" } else { "technique" };
        self.open(&format!("{kind} {}", cell.technique), indent, y);
        let dashes = if cell.place == Place::Secondary || heading { " stroke-dasharray=\"3 2\"" } else { "" };
        let _ = write!(
            self.body,
            "<rect width=\"{}\" height=\"{}\" rx=\"2\" fill=\"{}\" stroke=\"{}\"{dashes}/>",
            short(wide - indent),
            short(high),
            css(fill),
            css(self.look.border.unwrap_or(self.colors.edge))
        );
        let mut at = INSIDE * 0.5;
        if let Some(id) = &id {
            at += line;
            self.text(INSIDE, at - line * 0.2, self.size * 0.92, true, ink, id);
        }
        for text in &name {
            at += line;
            self.text(INSIDE, at - line * 0.2, self.size, false, ink, text);
        }
        if let Some(score) = score {
            self.text_ending(wide - indent - INSIDE, INSIDE * 0.5 + line * 0.8, self.size, true, ink, &score);
        }
        self.close();
        high
    }

    /// Columns of matrices that stand side by side are all as wide.
    pub(super) fn column_width(&self, matrix: &Matrix) -> f64 {
        let alone = std::slice::from_ref(matrix);
        let row = if self.is_beside() { self.laid.matrices } else { alone };
        let columns: usize = row.iter().map(|matrix| matrix.columns.len().max(1)).sum();
        #[allow(clippy::cast_precision_loss)] // there are a few dozen at most
        let (columns, matrices) = (columns as f64, row.len() as f64);
        let room = self.look.width - 2.0 * MARGIN - (matrices - 1.0) * GUTTER;
        ((room + matrices * GAP) / columns - GAP).max(12.0)
    }
}

fn title(matrix: &Matrix) -> &'static str {
    match matrix.kind {
        MatrixKind::Unified => "",
        MatrixKind::Tier(Tier::Orchestration) => "Orchestration",
        MatrixKind::Tier(Tier::Container) => "Container",
    }
}

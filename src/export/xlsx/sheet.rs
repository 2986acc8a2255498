//! A sheet of a workbook, and a matrix as one: tactics in the first row, each with a column, or with two where
//! sub-techniques are shown; a technique is as high as its sub-techniques beside it, as in the official Navigator's export.

use super::{DECLARATION, MAIN, styles::Styles};
use crate::export::{laid::Laid, markup::escape};
use crate::{
    attack::TacticName,
    layer::{Color, Display, LayoutKind},
    matrix::{Cell, Matrix, Place, beside, is_double},
    words::{self, Font},
};
use std::{collections::BTreeMap, fmt::Write, ops::Range};

/// Rows and columns are counted from zero.
pub struct Sheet {
    widths: Vec<f64>,
    /// By row and column: where in `xml` stands what is there. Of two for one place the first counts.
    cells: Vec<((usize, usize), Range<usize>)>,
    /// All cells, one after the other as they were written.
    xml: String,
    /// By row: how many lines of text it has room for, where that is more than one.
    lines: BTreeMap<usize, usize>,
    merged: Vec<String>,
    frozen: usize,
}

/// A sheet's paper.
const WHITE: [u8; 3] = [0xff; 3];

/// The longest text that Excel takes in a cell.
const LONGEST: usize = 32_767;

/// A line's height in points, and the most of them: Excel takes rows of at most 409 points.
const LINE: usize = 15;
const MOST_LINES: usize = 27;

/// What a text is measured as, in pixels. Calibri is narrower than what `words` measures, with its room for wider fonts.
const SIZE: f64 = 12.6;

/// In pixels, of a column that is so many characters wide.
fn pixels(characters: f64) -> f64 {
    characters * 7.0
}

impl Sheet {
    /// `widths` are in characters.
    pub fn new(widths: Vec<f64>) -> Self {
        Self { widths, cells: Vec::new(), xml: String::new(), lines: BTreeMap::new(), merged: Vec::new(), frozen: 0 }
    }

    pub fn text(&mut self, row: usize, column: usize, text: &str, style: usize) {
        self.text_over((row, column), (row, column), text, style);
    }

    /// A text in what is made one of all cells from the first to the last.
    fn text_over(&mut self, first: (usize, usize), last: (usize, usize), text: &str, style: usize) {
        let short = fitting(text);
        self.cell(first, style, |xml| {
            xml.push_str(" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
            escape(short, xml);
            xml.push_str("</t></is></c>");
        });
        self.merge(first, last, style);
        self.make_room(first, last, short);
    }

    /// Not every program fits a row's height to its text when it opens a workbook, and none does for merged cells.
    fn make_room(&mut self, (row, column): (usize, usize), (last_row, last_column): (usize, usize), text: &str) {
        let characters: f64 = self.widths.iter().skip(column).take(last_column + 1 - column).sum();
        let wide = pixels(characters);
        let lines_of = |line: &str| match words::width(Font::Sans, line, SIZE) <= wide {
            true => 1,
            false => words::lines(Font::Sans, line, SIZE, wide, MOST_LINES).len(),
        };
        let lines: usize = text.lines().take(MOST_LINES).map(lines_of).sum();
        let each = lines.min(MOST_LINES).div_ceil(last_row + 1 - row);
        for row in (row..=last_row).filter(|_| each > 1) {
            let room = self.lines.entry(row).or_insert(each);
            *room = each.max(*room);
        }
    }

    pub fn number(&mut self, row: usize, column: usize, number: f64, style: usize) {
        self.cell((row, column), style, |xml| {
            let _ = write!(xml, "><v>{number}</v></c>");
        });
    }

    /// A cell, with what comes after its place and its style.
    fn cell(&mut self, at: (usize, usize), style: usize, rest: impl FnOnce(&mut String)) {
        let from = self.xml.len();
        self.xml.push_str("<c r=\"");
        write_reference(at, &mut self.xml);
        let _ = write!(self.xml, "\" s=\"{style}\"");
        rest(&mut self.xml);
        self.cells.push((at, from..self.xml.len()));
    }

    /// Makes one of all cells from the first to the last.
    fn merge(&mut self, (row, column): (usize, usize), (last_row, last_column): (usize, usize), style: usize) {
        if (row, column) != (last_row, last_column) {
            for row in row..=last_row {
                for column in column..=last_column {
                    self.cell((row, column), style, |xml| xml.push_str("/>"));
                }
            }
            self.merged.push(format!("{}:{}", reference(row, column), reference(last_row, last_column)));
        }
    }

    /// The first rows stay where they are when one scrolls.
    pub fn freeze(&mut self, rows: usize) {
        self.frozen = rows;
    }

    pub fn xml(&self) -> String {
        // Without `fitToPage`, office programs ignore what `pageSetup` says: a matrix is printed as wide as a page.
        let mut xml = format!(
            "{DECLARATION}<worksheet xmlns=\"{MAIN}\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView workbookViewId=\"0\">"
        );
        if self.frozen > 0 {
            let _ = write!(
                xml,
                "<pane ySplit=\"{}\" topLeftCell=\"{}\" activePane=\"bottomLeft\" state=\"frozen\"/>",
                self.frozen,
                reference(self.frozen, 0)
            );
        }
        let _ = write!(xml, "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"{LINE}\"/>");
        // ECMA-376, 18.3.1.17: the element has at least one column, or isn't there. A matrix may have none.
        if !self.widths.is_empty() {
            xml.push_str("<cols>");
            for (at, width) in self.widths.iter().enumerate() {
                let _ = write!(xml, "<col min=\"{0}\" max=\"{0}\" width=\"{width}\" customWidth=\"1\"/>", at + 1);
            }
            xml.push_str("</cols>");
        }
        xml.push_str("<sheetData>");
        let mut open = None;
        let mut cells: Vec<&((usize, usize), Range<usize>)> = self.cells.iter().collect();
        cells.sort_by_key(|(at, _)| *at);
        cells.dedup_by_key(|(at, _)| *at);
        for ((row, _), cell) in cells {
            if open != Some(*row) {
                xml.push_str(if open.is_some() { "</row>" } else { "" });
                let lines = self.lines.get(row).copied().unwrap_or(1);
                let _ = write!(xml, "<row r=\"{}\" ht=\"{}\">", row + 1, lines * LINE);
                open = Some(*row);
            }
            xml.push_str(&self.xml[cell.clone()]);
        }
        xml.push_str(if open.is_some() { "</row></sheetData>" } else { "</sheetData>" });
        if !self.merged.is_empty() {
            let _ = write!(xml, "<mergeCells count=\"{}\">", self.merged.len());
            for range in &self.merged {
                let _ = write!(xml, "<mergeCell ref=\"{range}\"/>");
            }
            xml.push_str("</mergeCells>");
        }
        xml.push_str("<pageSetup orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>");
        xml
    }
}

pub fn of_matrix(laid: &Laid, matrix: &Matrix, styles: &mut Styles) -> Sheet {
    let display = &laid.layer.display;
    let width = match (display.show_id, display.show_name) {
        (true, false) => 15.0,
        (false, false) => 10.0,
        _ => 30.0,
    };
    let doubles: Vec<bool> = matrix.columns.iter().map(is_double).collect();
    let columns: usize = doubles.iter().map(|double| if *double { 2 } else { 1 }).sum();
    let mut sheet = Sheet::new(vec![width; columns]);
    let fill = tactic_fill(display);
    let mut left = 0;
    for (column, double) in matrix.columns.iter().zip(doubles) {
        let name = laid.knowledge.tactic_title(&column.tactic);
        let head = styles.head(fill);
        sheet.text_over((0, left), (0, left + usize::from(double)), name, head);
        for (cell, spot) in column.cells.iter().zip(beside(column)) {
            let (text, style) = told(laid, matrix, &column.tactic, cell, styles);
            let at = (spot.line, left + usize::from(spot.beside));
            // A technique without sub-techniques takes both columns.
            let alone = double && !spot.beside && cell.subtechniques.is_none_or(|it| !it.open && !it.fixed);
            let last = (spot.line + spot.lines - 1, at.1 + usize::from(alone));
            sheet.text_over(at, last, &text, style);
        }
        left += 1 + usize::from(double);
    }
    sheet.freeze(1);
    sheet
}

/// The background of the tactics' row, where the layer shows one.
fn tactic_fill(display: &Display) -> Option<[u8; 3]> {
    let shown = display.show_tactic_row_background && display.layout != LayoutKind::Mini;
    shown.then(|| Color::parse(&display.tactic_row_background).ok()).flatten().map(|color| color.over(WHITE))
}

/// What a technique's cell says, and how it looks. A small layout has no text on the screen; here it has.
fn told(laid: &Laid, matrix: &Matrix, tactic: &TacticName, cell: &Cell, styles: &mut Styles) -> (String, usize) {
    let Laid { layer, knowledge, .. } = laid;
    let name = knowledge.technique(&cell.technique).map_or("", |technique| &technique.name);
    let (show_id, show_name) = (layer.display.show_id, layer.display.show_name);
    let mut words: Vec<String> = Vec::new();
    if show_id {
        words.push(cell.technique.to_string());
    }
    if show_name || !show_id {
        words.push(name.to_owned());
    }
    if cell.place == Place::Heading {
        return (words.join(" "), styles.cell(None, false));
    }
    let seen = laid.seen(matrix, tactic, &cell.technique, WHITE);
    words.extend(seen.score.map(|score| format!("({score})")));
    (words.join(" "), styles.cell(seen.color, seen.enabled))
}

/// As much of a text as Excel takes, which counts as UTF-16 does.
fn fitting(text: &str) -> &str {
    // No letter takes fewer bytes than it counts.
    if text.len() <= LONGEST {
        return text;
    }
    let mut units = 0;
    let beyond = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > LONGEST
    });
    beyond.map_or(text, |(at, _)| &text[..at])
}

/// `B3` of row 2 and column 1.
fn reference(row: usize, column: usize) -> String {
    let mut reference = String::new();
    write_reference((row, column), &mut reference);
    reference
}

fn write_reference((row, column): (usize, usize), to: &mut String) {
    let from = to.len();
    let mut rest = column + 1;
    while rest > 0 {
        to.insert(from, char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    let _ = write!(to, "{}", row + 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_where_excel_takes_no_more() {
        for (letter, fit) in [("a", LONGEST), ("ü", LONGEST), ("✓", LONGEST), ("𝄞", LONGEST / 2)] {
            for length in [0, 1, fit, fit + 1, 2 * fit + 1] {
                assert_eq!(fitting(&letter.repeat(length)), letter.repeat(length.min(fit)), "{letter} {length}");
            }
        }
    }

    #[test]
    fn a_sheet_without_columns_has_no_list_of_them() {
        assert!(!Sheet::new(Vec::new()).xml().contains("cols>"));
        assert!(
            Sheet::new(vec![10.0])
                .xml()
                .contains("<cols><col min=\"1\" max=\"1\" width=\"10\" customWidth=\"1\"/></cols>")
        );
    }

    #[test]
    fn cells_are_named_by_letters_and_numbers() {
        for (row, column, expected) in
            [(0, 0, "A1"), (2, 1, "B3"), (9, 25, "Z10"), (0, 26, "AA1"), (0, 701, "ZZ1"), (0, 702, "AAA1")]
        {
            assert_eq!(reference(row, column), expected);
        }
    }
}

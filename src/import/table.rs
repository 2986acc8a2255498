//! Tables as text: CSV by RFC 4180, also with semicolons, tabs or bars, as spreadsheets and databases write them.

use serde::{Deserialize, Serialize};

const MOST_ROWS: usize = 50_000;
const MOST_COLUMNS: usize = 200;
const MOST_CELL_BYTES: usize = 20_000;

/// Rows of cells. Each row has as many cells as the widest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    pub rows: Vec<Vec<String>>,
    /// There were more rows, columns or longer cells than are read.
    pub cut: bool,
}

/// What parts the cells, best guessed: whichever of the usual ones parts the first lines into the most equal columns.
pub fn separator(text: &str) -> char {
    const USUAL: [char; 4] = [',', ';', '\t', '|'];
    let head: String = text.chars().take(20_000).collect();
    let columns = |separator: char| {
        let rows = read_with(&head, separator, 20).rows;
        let width = |row: &Vec<String>| row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        // Rows may be short, and text may have commas: what counts is the width that most rows reach.
        let mut widths: Vec<usize> = rows.iter().map(width).filter(|width| *width > 0).collect();
        widths.sort_unstable();
        // Quotes within cells are a sign of the wrong one.
        let quotes = rows.iter().flatten().any(|cell| cell.contains('"'));
        (widths.get(widths.len() / 2).copied().unwrap_or_default(), !quotes)
    };
    // `max_by_key` takes the last of equals.
    USUAL.into_iter().rev().max_by_key(|separator| columns(*separator)).unwrap_or(',')
}

/// The cells of a text.
pub fn read(text: &str, separator: char) -> Table {
    read_with(text, separator, MOST_ROWS)
}

fn read_with(text: &str, separator: char, most_rows: usize) -> Table {
    let mut reader = Reader { table: Table::default(), row: Vec::new(), cell: String::new(), most_rows };
    let mut characters = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted => {
                if characters.peek() == Some(&'"') {
                    characters.next();
                    reader.push('"');
                } else {
                    quoted = false;
                }
            }
            // A quote counts where a cell begins, and is a character elsewhere.
            '"' if reader.cell.is_empty() => quoted = true,
            c if quoted => reader.push(c),
            c if c == separator => reader.end_cell(),
            '\r' | '\n' => {
                if c == '\r' && characters.peek() == Some(&'\n') {
                    characters.next();
                }
                if !reader.end_row() {
                    return reader.table();
                }
            }
            c => reader.push(c),
        }
    }
    reader.end_row();
    reader.table()
}

struct Reader {
    table: Table,
    row: Vec<String>,
    cell: String,
    most_rows: usize,
}

impl Reader {
    fn push(&mut self, c: char) {
        if self.cell.len() < MOST_CELL_BYTES { self.cell.push(c) } else { self.table.cut = true }
    }

    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        if self.row.len() < MOST_COLUMNS { self.row.push(cell) } else { self.table.cut = true }
    }

    /// Whether another row may come. Rows without a word are none.
    fn end_row(&mut self) -> bool {
        self.end_cell();
        let row = std::mem::take(&mut self.row);
        if row.iter().all(|cell| cell.trim().is_empty()) {
            return true;
        }
        if self.table.rows.len() >= self.most_rows {
            self.table.cut = true;
            return false;
        }
        self.table.rows.push(row);
        true
    }

    fn table(mut self) -> Table {
        let width = self.table.rows.iter().map(Vec::len).max().unwrap_or_default();
        // A few wide rows must not make all of them wide.
        if width * self.table.rows.len() <= MOST_ROWS * 40 {
            self.table.rows.iter_mut().for_each(|row| row.resize(width, String::new()));
        }
        self.table
    }
}

impl Table {
    pub fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or_default()
    }

    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", |cell| cell.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<Vec<String>> {
        read(text, separator(text)).rows
    }

    #[test]
    fn tables_are_read_as_they_are_written() {
        type Case = (&'static str, &'static [&'static [&'static str]]);
        let cases: [Case; 14] = [
            ("", &[]),
            ("a,b\nc,d", &[&["a", "b"], &["c", "d"]]),
            ("a;b\r\nc;d\r\n", &[&["a", "b"], &["c", "d"]]),
            ("a\tb\nc\td", &[&["a", "b"], &["c", "d"]]),
            ("a|b\nc|d", &[&["a", "b"], &["c", "d"]]),
            ("a,b\rc,d", &[&["a", "b"], &["c", "d"]]),
            ("\"a,1\",\"b\n2\"\nc,d", &[&["a,1", "b\n2"], &["c", "d"]]),
            ("\"a \"\"b\"\"\",c", &[&["a \"b\"", "c"]]),
            ("a \"b\",c", &[&["a \"b\"", "c"]]),
            ("\"a\" b,c", &[&["a b", "c"]]),
            ("a,b\n\n,\nc", &[&["a", "b"], &["c", ""]]),
            ("a,,\nb,c,d", &[&["a", "", ""], &["b", "c", "d"]]),
            ("\"no end, and\nmore", &[&["no end, and\nmore"]]),
            ("T1610;\"1,5\"\nT1611;\"2,5\"", &[&["T1610", "1,5"], &["T1611", "2,5"]]),
        ];
        for (text, rows) in cases {
            assert_eq!(told(text), rows, "{text:?}");
        }
    }

    #[test]
    fn what_is_endless_is_cut_and_said_to_be() {
        let rows = read(&"T1610,1\n".repeat(MOST_ROWS + 5), ',');
        assert_eq!((rows.rows.len(), rows.cut), (MOST_ROWS, true));
        let columns = read(&",x".repeat(MOST_COLUMNS + 5), ',');
        assert_eq!((columns.width(), columns.cut), (MOST_COLUMNS, true));
        let cell = read(&"x".repeat(MOST_CELL_BYTES + 5), ',');
        assert_eq!((cell.cell(0, 0).len(), cell.cut), (MOST_CELL_BYTES, true));
        let uneven = format!("{}\n{}", ",x".repeat(150), "a\n".repeat(MOST_ROWS - 2));
        assert!(!read(&uneven, ',').cut);
    }
}

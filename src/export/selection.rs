//! What is selected in a matrix, as a table to be pasted: a column for each tactic, as it stands on the screen. As text
//! with tabs for spreadsheets and editors, and as HTML with the cells' colours for documents.

use super::{
    csv::guarded,
    laid::Laid,
    markup::{css, escaped},
};
use crate::{
    attack::{TacticName, Tier},
    layer::{Ink, Key},
    matrix::{Cell, Matrix, Place},
};

/// A table that was made of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable {
    /// Tabs between columns, a line for each row.
    pub text: String,
    pub html: String,
    /// Cells in it.
    pub count: usize,
}

/// A cell's words, and its colour where it has one.
struct Said {
    words: String,
    color: Option<[u8; 3]>,
}

/// Of every matrix that has something of it; `is_selected` is asked for each cell, in its matrix's tier. `None` where
/// nothing that can be seen is selected.
pub fn copied_table(laid: &Laid, is_selected: impl Fn(&Key, Option<Tier>) -> bool) -> Option<CopiedTable> {
    let mut table = CopiedTable { text: String::new(), html: String::new(), count: 0 };
    for matrix in laid.matrices {
        let columns: Vec<(String, Vec<Said>)> = matrix
            .columns
            .iter()
            .map(|column| {
                let name = laid.knowledge.tactic_title(&column.tactic);
                let key = |cell: &Cell| Key::new(cell.technique.clone(), column.tactic.clone());
                let chosen = column
                    .cells
                    .iter()
                    .filter(|cell| cell.place != Place::Heading && is_selected(&key(cell), matrix.kind.tier()));
                (name.to_owned(), chosen.map(|cell| said(laid, matrix, &column.tactic, cell)).collect())
            })
            .filter(|(_, cells): &(String, Vec<Said>)| !cells.is_empty())
            .collect();
        if !columns.is_empty() {
            let title = (laid.matrices.len() > 1).then(|| matrix.kind.word());
            write(&mut table, title, &columns);
        }
    }
    (table.count > 0).then_some(table)
}

fn said(laid: &Laid, matrix: &Matrix, tactic: &TacticName, cell: &Cell) -> Said {
    let seen = laid.seen(matrix, tactic, &cell.technique, [u8::MAX; 3]);
    let name = laid.knowledge.technique(&cell.technique).map_or("", |technique| &technique.name);
    let mut words = format!("{} {name}", cell.technique);
    if !seen.enabled {
        words.push_str(" (disabled)");
    } else if let Some(score) = seen.score {
        words.push_str(&format!(" ({score})"));
    }
    Said { words, color: seen.color }
}

fn write(table: &mut CopiedTable, title: Option<&str>, columns: &[(String, Vec<Said>)]) {
    let height = columns.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    if let Some(title) = title {
        if !table.text.is_empty() {
            table.text.push('\n');
        }
        table.text.push_str(&format!("{title}\n"));
        table.html.push_str(&format!("<p><b>{}</b></p>", escaped(title)));
    }
    let line = |texts: Vec<String>| format!("{}\n", texts.join("\t"));
    table.text.push_str(&line(columns.iter().map(|(name, _)| field(name)).collect()));
    table.html.push_str("<table><thead><tr>");
    for (name, _) in columns {
        table.html.push_str(&format!("<th>{}</th>", escaped(name)));
    }
    table.html.push_str("</tr></thead><tbody>");
    for row in 0..height {
        let cells: Vec<Option<&Said>> = columns.iter().map(|(_, cells)| cells.get(row)).collect();
        table.text.push_str(&line(cells.iter().map(|it| it.map(|it| field(&it.words)).unwrap_or_default()).collect()));
        table.html.push_str("<tr>");
        for cell in cells {
            table.html.push_str(&html_cell(cell));
            table.count += usize::from(cell.is_some());
        }
        table.html.push_str("</tr>");
    }
    table.html.push_str("</tbody></table>");
}

/// With attributes of old and no style: the browser puts what goes on the clipboard through our own page's policy.
fn html_cell(cell: Option<&Said>) -> String {
    let Some(Said { words, color }) = cell else { return "<td></td>".to_owned() };
    let words = escaped(words);
    match color {
        Some(color) => {
            let (behind, ink) = (css(*color), css(Ink::on(*color).rgb()));
            format!("<td bgcolor=\"{behind}\"><font color=\"{ink}\">{words}</font></td>")
        }
        None => format!("<td>{words}</td>"),
    }
}

/// On one line of one column, and no formula.
fn field(text: &str) -> String {
    guarded(&text.replace(['\t', '\n', '\r'], " "))
}

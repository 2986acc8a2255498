//! A layer's report in Markdown. What it says is `report`'s.

use super::report::{Body, Cell, Report, Section, Table, share};
use crate::{attack::Knowledge, layer::Layer};
use std::fmt::Write;

/// `threshold`: the score from which on a technique counts as covered.
pub fn markdown(layer: &Layer, knowledge: &Knowledge, threshold: f64) -> String {
    let report = Report::of(layer, knowledge, threshold);
    let mut text = format!("# {}\n\n{}\n", plain(&report.title), plain(&report.release));
    if !report.description.is_empty() {
        let _ = write!(text, "\n{}\n", lines(&report.description));
    }
    report.sections.iter().for_each(|section| write_section(&mut text, section));
    text
}

fn write_section(text: &mut String, section: &Section) {
    let _ = write!(text, "\n## {}\n\n", section.title);
    if !section.intro.is_empty() {
        let _ = write!(text, "{}\n\n", section.intro);
    }
    match &section.body {
        Body::Table(table) => write_table(text, table),
        Body::Words(words) => drop(writeln!(text, "{words}")),
        Body::Legend(items) => {
            for (swatch, label) in items {
                let _ = writeln!(text, "- `{}` {}", swatch.text.replace('`', ""), plain(label));
            }
        }
    }
}

fn write_table(text: &mut String, table: &Table) {
    let names: Vec<&str> = table.head.iter().map(|(name, _)| *name).collect();
    let marks = table.head.iter().map(|(_, numbers)| if *numbers { "---:" } else { "---" });
    let _ = writeln!(text, "| {} |", names.join(" | "));
    let _ = writeln!(text, "|{}|", marks.collect::<Vec<_>>().join("|"));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Score(text, _) => plain(text),
        Cell::Strong(text) => format!("**{}**", plain(text)),
        Cell::Share(coverage) => share(*coverage),
        Cell::Links(links) => {
            let links = links.iter().map(|(label, url)| plain(&format!("{label}: {url}")));
            links.collect::<Vec<_>>().join("<br>")
        }
    }
}

/// A text in which nothing is Markdown or HTML, on one line of a table.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\n' => plain.push_str("<br>"),
            '\r' => {}
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                plain.push('\\');
                plain.push(c);
            }
            c if c.is_control() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

/// The same of a text of several lines. Its lists stay lists, but no line makes a heading of the one before it, as a line
/// of `-` or `=` alone would (CommonMark 0.31, 4.3).
pub(super) fn lines(text: &str) -> String {
    let line = |line: &str| {
        let line = plain(line);
        let underlines = ['-', '='].iter().any(|sign| line.starts_with(*sign) && line.trim_matches(*sign).is_empty());
        if underlines { format!("\\{line}") } else { line }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_layer_says_is_markup() {
        let cases = [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("a | b\nc", "a \\| b<br>c"),
            ("![x](javascript:1)", "\\!\\[x\\](javascript:1)"),
            ("`x` *y* _z_ # &amp;", "\\`x\\` \\*y\\* \\_z\\_ \\# &amp;amp;"),
            ("\u{7}bell", " bell"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn no_line_makes_a_heading_of_the_one_before() {
        assert_eq!(lines("Plan\n---\nfor\n = \n- Q4\n# one"), "Plan\n\\---\nfor\n\\=\n- Q4\n\\# one");
    }
}

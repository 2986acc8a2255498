//! A layer as a workbook (Office Open XML, ECMA-376): its matrices with their colours, laid out as on the screen, and a
//! sheet with everything that it says of each technique.

mod sheet;
mod styles;
mod zip;

use super::{
    laid::Laid,
    markup::escaped,
    rows::{Field, HEAD, rows},
};
use sheet::Sheet;
use styles::Styles;
use zip::Zip;

pub use zip::checksum;

pub fn xlsx(layers: &[Laid]) -> Vec<u8> {
    let mut styles = Styles::default();
    let (mut sheets, mut names) = (Vec::new(), Vec::new());
    for laid in layers {
        let title = &laid.layer.name;
        for matrix in laid.matrices {
            let kind = if laid.matrices.len() > 1 { matrix.kind.word() } else { "" };
            names.push(sheet_name(title, kind, &names));
            sheets.push(sheet::of_matrix(laid, matrix, &mut styles));
        }
        names.push(sheet_name(title, "list", &names));
        sheets.push(list(laid, &mut styles));
    }
    let mut zip = Zip::default();
    zip.add("[Content_Types].xml", content_types(sheets.len()).as_bytes());
    zip.add("_rels/.rels", RELATIONS.as_bytes());
    zip.add("xl/workbook.xml", workbook(&names).as_bytes());
    zip.add("xl/_rels/workbook.xml.rels", workbook_relations(sheets.len()).as_bytes());
    zip.add("xl/styles.xml", styles.xml().as_bytes());
    for (at, sheet) in sheets.iter().enumerate() {
        zip.add(&format!("xl/worksheets/sheet{}.xml", at + 1), sheet.xml().as_bytes());
    }
    zip.finish()
}

/// Everything that the layer says, a row for each technique in each tactic.
fn list(laid: &Laid, styles: &mut Styles) -> Sheet {
    let mut sheet =
        Sheet::new(vec![12.0, 34.0, 17.0, 22.0, 24.0, 14.0, 8.0, 14.0, 12.0, 10.0, 9.0, 40.0, 30.0, 40.0, 30.0, 44.0]);
    let (bold, wrapped) = (styles.head(None), styles.wrapped());
    for (column, name) in HEAD.iter().enumerate() {
        sheet.text(0, column, name, bold);
    }
    for (at, row) in rows(laid.layer, laid.knowledge).iter().enumerate() {
        for (column, field) in row.iter().enumerate() {
            match field {
                Field::Empty => {}
                Field::Text(text) => sheet.text(at + 1, column, text, wrapped),
                Field::Number(number) => sheet.number(at + 1, column, *number, wrapped),
            }
        }
    }
    sheet.freeze(1);
    sheet
}

/// Excel takes at most 31 UTF-16 units, none of `* ? : \ / [ ]`, no apostrophe at an end, no name twice (whatever its
/// case), and not "History". What a sheet is of (its `kind`, or nothing) is told at the end, and a long title gives way.
fn sheet_name(title: &str, kind: &str, taken: &[String]) -> String {
    const MOST: usize = 31;
    // Two names must also differ once they are written, and XML has no room for some signs.
    let taken_out = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') || "*?:\\/[]".contains(c);
    let plain: String = title.chars().map(|c| if taken_out(c) { ' ' } else { c }).collect();
    let plain = plain.trim().trim_matches('\'').trim();
    let plain = if plain.is_empty() || plain.eq_ignore_ascii_case("history") { "Layer" } else { plain };
    let kind = if kind.is_empty() { String::new() } else { format!(" {kind}") };
    for number in 1.. {
        let ending = if number == 1 { kind.clone() } else { format!("{kind} ({number})") };
        let mut name = String::new();
        for c in plain.chars() {
            if name.encode_utf16().count() + c.len_utf16() + ending.len() > MOST {
                break;
            }
            name.push(c);
        }
        let name = format!("{}{ending}", name.trim_end().trim_end_matches('\''));
        if taken.iter().all(|other| other.to_lowercase() != name.to_lowercase()) {
            return name;
        }
    }
    "Layer".to_owned()
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";

fn content_types(sheets: usize) -> String {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let parts: String = (1..=sheets)
        .map(|at| format!("<Override PartName=\"/xl/worksheets/sheet{at}.xml\" ContentType=\"{kind}.worksheet+xml\"/>"))
        .collect();
    format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{kind}.styles+xml\"/>{parts}</Types>"
    )
}

fn workbook(names: &[String]) -> String {
    let sheets: String = names
        .iter()
        .enumerate()
        .map(|(at, name)| format!("<sheet name=\"{}\" sheetId=\"{1}\" r:id=\"rId{1}\"/>", escaped(name), at + 1))
        .collect();
    format!("{DECLARATION}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{sheets}</sheets></workbook>")
}

fn workbook_relations(sheets: usize) -> String {
    let each: String = (1..=sheets)
        .map(|at| {
            format!("<Relationship Id=\"rId{at}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{at}.xml\"/>")
        })
        .collect();
    let styles = format!("<Relationship Id=\"rId{}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>", sheets + 1);
    format!(
        "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{each}{styles}</Relationships>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_excel_takes() {
        let mut taken: Vec<String> = Vec::new();
        let cases = [
            ("Coverage Q4", "", "Coverage Q4"),
            ("coverage q4", "", "coverage q4 (2)"),
            ("coverage q4", "list", "coverage q4 list"),
            ("a/b\\c?d*e[f]:g", "", "a b c d e f  g"),
            ("'quoted'", "", "quoted"),
            ("", "", "Layer"),
            ("History", "", "Layer (2)"),
            ("\u{ffff}", "", "Layer (3)"),
            ("a name that is much longer than thirty-one signs", "", "a name that is much longer than"),
            ("a name that is much longer than thirty-one signs, too", "", "a name that is much longer (2)"),
            ("a name that is much longer than thirty-one signs", "list", "a name that is much longer list"),
            ("a name that is much longer than thirty-one signs", "list", "a name that is much lo list (2)"),
            ("𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞", "", "𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞"),
        ];
        for (title, kind, expected) in cases {
            let name = sheet_name(title, kind, &taken);
            assert_eq!(name, expected);
            taken.push(name);
        }
    }
}

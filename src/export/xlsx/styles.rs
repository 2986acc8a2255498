//! How cells of a workbook look; each look is there once and has a number.

use super::{DECLARATION, MAIN};
use crate::layer::Ink;
use std::fmt::Write;

/// A cell's look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    fill: Option<[u8; 3]>,
    ink: Option<[u8; 3]>,
    bold: bool,
    kind: Kind,
}

/// In all of them words go on in the next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A column's name: in the middle, with a line below.
    Head,
    /// A field of the list.
    Wrapped,
    /// A technique of a matrix: with a border.
    Cell,
}

#[derive(Default)]
pub struct Styles {
    looks: Vec<Look>,
}

/// The official Navigator's for disabled techniques.
const DISABLED: [u8; 3] = [0xbc, 0xbc, 0xbc];

impl Styles {
    pub fn head(&mut self, fill: Option<[u8; 3]>) -> usize {
        self.number(Look { fill, ink: fill.map(ink_on), bold: true, kind: Kind::Head })
    }

    pub fn wrapped(&mut self) -> usize {
        self.number(Look { fill: None, ink: None, bold: false, kind: Kind::Wrapped })
    }

    /// Of a technique; a disabled one is grey and has no colour.
    pub fn cell(&mut self, fill: Option<[u8; 3]>, enabled: bool) -> usize {
        let fill = fill.filter(|_| enabled);
        let ink = if enabled { fill.map(ink_on) } else { Some(DISABLED) };
        self.number(Look { fill, ink, bold: false, kind: Kind::Cell })
    }

    /// The first, number 0, is every cell's that has none.
    fn number(&mut self, look: Look) -> usize {
        let at = self.looks.iter().position(|other| *other == look).unwrap_or_else(|| {
            self.looks.push(look);
            self.looks.len() - 1
        });
        at + 1
    }

    pub fn xml(&self) -> String {
        let (mut fonts, mut fills, mut formats) = (String::new(), String::new(), String::new());
        for (at, look) in self.looks.iter().enumerate() {
            let bold = if look.bold { "<b/>" } else { "" };
            let ink = look.ink.map(|ink| format!("<color rgb=\"{}\"/>", argb(ink))).unwrap_or_default();
            let _ = write!(fonts, "<font>{bold}<sz val=\"11\"/>{ink}<name val=\"Calibri\"/></font>");
            fills.push_str(&look.fill.map_or_else(
                || "<fill><patternFill patternType=\"none\"/></fill>".to_owned(),
                |fill| {
                    format!(
                        "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"{}\"/></patternFill></fill>",
                        argb(fill)
                    )
                },
            ));
            let (border, alignment) = match look.kind {
                Kind::Head => (1, "<alignment horizontal=\"center\" vertical=\"center\" wrapText=\"1\"/>"),
                Kind::Wrapped => (0, "<alignment vertical=\"top\" wrapText=\"1\"/>"),
                Kind::Cell => (2, "<alignment vertical=\"center\" wrapText=\"1\"/>"),
            };
            let _ = write!(
                formats,
                "<xf numFmtId=\"0\" fontId=\"{}\" fillId=\"{}\" borderId=\"{border}\" xfId=\"0\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\">{alignment}</xf>",
                at + 1,
                // The first two fills are Excel's own, whatever a file says.
                at + 2,
            );
        }
        let count = self.looks.len();
        let thin = |side: &str| format!("<{side} style=\"thin\"><color rgb=\"FFD0D4DA\"/></{side}>");
        format!(
            "{DECLARATION}<styleSheet xmlns=\"{MAIN}\"><fonts count=\"{0}\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>{fonts}</fonts><fills count=\"{1}\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>{fills}</fills><borders count=\"3\"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/>{bottom}<diagonal/></border><border>{left}{right}{top}{bottom}<diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"{0}\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>{formats}</cellXfs></styleSheet>",
            count + 1,
            count + 2,
            bottom = thin("bottom"),
            left = thin("left"),
            right = thin("right"),
            top = thin("top"),
        )
    }
}

fn ink_on(fill: [u8; 3]) -> [u8; 3] {
    Ink::on(fill).rgb()
}

fn argb([red, green, blue]: [u8; 3]) -> String {
    format!("FF{red:02X}{green:02X}{blue:02X}")
}

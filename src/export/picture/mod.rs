//! A layer's matrices as a picture (SVG 1.1). Where everything stands is reckoned here, so that nothing overlaps and text is
//! never cut without an ellipsis. Class names and transforms are those of the official Navigator's export, which other tools
//! parse; the layer itself rides along, so that a picture opens as the layer that it shows.

mod embedded;
mod look;
mod png;

pub use embedded::{NoLayer, is_picture, layer_in_picture};
pub use look::{Font, Header, LegendPlace, Look, SHEETS, Sheet, Unit};
pub use png::with_layer;

use super::{laid::Laid, markup::css};
use crate::{
    attack::TacticName,
    layer::{Gradient, Ink, Key, LegendItem, Score},
    matrix::{Cell, Column, Matrix, Place},
    words::{BOLD, lines, shortened, width},
};
use std::fmt::Write;

/// Colours of a theme.
struct Colors {
    ground: [u8; 3],
    cell: [u8; 3],
    edge: [u8; 3],
    text: [u8; 3],
    quiet: [u8; 3],
}

const LIGHT: Colors = Colors {
    ground: [0xff, 0xff, 0xff],
    cell: [0xff, 0xff, 0xff],
    edge: [0xc9, 0xce, 0xd6],
    text: [0x1a, 0x20, 0x29],
    quiet: [0x55, 0x5f, 0x6d],
};
const DARK: Colors = Colors {
    ground: [0x15, 0x1a, 0x21],
    cell: [0x1f, 0x26, 0x30],
    edge: [0x3b, 0x45, 0x53],
    text: [0xee, 0xf1, 0xf5],
    quiet: [0xa6, 0xb0, 0xbd],
};

/// Around everything.
const MARGIN: f64 = 16.0;
/// Between columns, and between cells.
const GAP: f64 = 4.0;
/// Between matrices that stand side by side.
const GUTTER: f64 = 32.0;
/// Between a cell's edge and its text.
const INSIDE: f64 = 5.0;
/// A sub-technique stands in by so much.
const INDENT: f64 = 8.0;
/// A name has at most so many lines.
const MOST_LINES: usize = 4;
/// Text on a sheet becomes no smaller than this, in pixels; what has no room then makes the whole picture smaller.
const SMALLEST: f64 = 4.0;

/// `file`: the layer as its file says it, to ride along.
pub fn svg(laid: &Laid, look: Look, file: &str) -> String {
    drawn(laid, look).finish(file)
}

/// The same as a part of a page, without the layer inside.
pub fn inline(laid: &Laid, look: Look) -> String {
    drawn(laid, look).element("")
}

fn drawn<'a>(laid: &'a Laid<'a>, look: Look) -> Picture<'a> {
    let mut picture = drawn_with(laid, look, look.size);
    let Some((_, high)) = look.sheet.map(Sheet::pixels).filter(|_| look.size.is_none()) else { return picture };
    // Smaller text needs fewer and lower lines.
    while picture.bottom + MARGIN > high && picture.size > SMALLEST {
        picture = drawn_with(laid, look, Some((picture.size * 0.93).max(SMALLEST)));
    }
    picture
}

fn drawn_with<'a>(laid: &'a Laid<'a>, look: Look, size: Option<f64>) -> Picture<'a> {
    let mut picture = Picture::new(laid, look, size);
    if look.header.is_there() {
        picture.header();
    }
    if look.legend == LegendPlace::Above {
        picture.legend();
        picture.bottom += MARGIN;
    }
    picture.matrices();
    if look.legend == LegendPlace::Below {
        picture.legend();
    }
    picture
}

struct Picture<'a> {
    laid: &'a Laid<'a>,
    look: Look,
    colors: &'static Colors,
    /// How large a technique's text is.
    size: f64,
    body: String,
    /// How far down the picture goes by now.
    bottom: f64,
}

impl<'a> Picture<'a> {
    fn new(laid: &'a Laid<'a>, look: Look, size: Option<f64>) -> Self {
        let width = look.sheet.map_or(look.width, |sheet| sheet.pixels().0);
        let look = Look { width: if width.is_finite() { width.clamp(200.0, 20_000.0) } else { 1600.0 }, ..look };
        let mut picture = Self {
            laid,
            look,
            colors: if look.dark { &DARK } else { &LIGHT },
            size: 0.0,
            body: String::new(),
            bottom: MARGIN,
        };
        let suiting = (laid.matrices.first().map_or(picture.look.width, |matrix| picture.column_width(matrix)) / 11.5)
            .clamp(5.0, 40.0);
        picture.size = size.filter(|size| size.is_finite()).map_or(suiting, |size| size.clamp(SMALLEST, 200.0));
        picture
    }

    fn lines(&self, text: &str, size: f64, widest: f64, most: usize) -> Vec<String> {
        lines(self.look.font, text, size, widest, most)
    }

    fn shortened(&self, text: &str, size: f64, widest: f64) -> String {
        shortened(self.look.font, text, size, widest)
    }

    fn wide(&self, text: &str, size: f64) -> f64 {
        width(self.look.font, text, size)
    }

    /// Whether there are matrices to stand side by side.
    fn is_beside(&self) -> bool {
        self.look.beside && self.laid.matrices.len() > 1
    }

    /// Columns of matrices that stand side by side are all as wide.
    fn column_width(&self, matrix: &Matrix) -> f64 {
        let alone = std::slice::from_ref(matrix);
        let row = if self.is_beside() { self.laid.matrices } else { alone };
        let columns: usize = row.iter().map(|matrix| matrix.columns.len().max(1)).sum();
        #[allow(clippy::cast_precision_loss)] // there are a few dozen at most
        let (columns, matrices) = (columns as f64, row.len() as f64);
        let room = self.look.width - 2.0 * MARGIN - (matrices - 1.0) * GUTTER;
        ((room + matrices * GAP) / columns - GAP).max(12.0)
    }

    /// How large the text above and below the matrices is: the columns of two matrices are narrow, the picture is not.
    fn around(&self) -> f64 {
        if self.is_beside() && self.look.size.is_none() { self.size * 1.5 } else { self.size }
    }

    fn header(&mut self) {
        let parts = self.look.header;
        let room = self.look.width - 2.0 * MARGIN;
        let (layer, large) = (self.laid.layer, self.around() * 2.0);
        let scale = if parts.gradient { 260.0_f64.min(room / 3.0) } else { 0.0 };
        let beside = room - scale - GAP;
        self.open("header-box", MARGIN, self.bottom);
        let mut y = 0.0;
        if parts.about {
            let name = self.shortened(&layer.name, large * BOLD, beside);
            self.text(0.0, large, large, true, self.colors.text, &name);
            y = large * 1.35;
            for line in self.lines(&layer.description, self.around() * 1.1, beside, MOST_LINES) {
                y += self.around() * 1.35;
                self.text(0.0, y, self.around() * 1.1, false, self.colors.quiet, &line);
            }
        }
        let domain = parts.domain.then(|| self.laid.knowledge.release.words());
        for words in domain.into_iter().chain(parts.filters.then(|| self.filters())) {
            y += self.around() * 1.4;
            let words = self.shortened(&words, self.around(), beside);
            self.text(0.0, y, self.around(), false, self.colors.quiet, &words);
        }
        if parts.gradient {
            self.scale(room - scale, scale);
            y = y.max(self.around() * 4.0);
        }
        self.close();
        self.bottom += y + MARGIN;
    }

    /// Which techniques are shown, and how families are.
    fn filters(&self) -> String {
        let layer = self.laid.layer;
        let platforms = if layer.platforms.is_empty() { "all".to_owned() } else { layer.platforms.join(", ") };
        let mut words = format!("Platforms: {platforms}");
        if layer.display.show_aggregate {
            let _ = write!(words, "; aggregate scores: {}", layer.display.aggregate.word());
            if layer.display.count_unscored {
                words.push_str(", unscored as 0");
            }
        }
        words
    }

    /// The gradient with its ends, at the right of the header.
    fn scale(&mut self, x: f64, wide: f64) {
        const STEPS: u32 = 24;
        let Gradient { minimum, maximum, .. } = self.laid.layer.gradient;
        let (high, step) = (self.around() * 1.4, wide / f64::from(STEPS));
        for at in 0..STEPS {
            let value = minimum + (maximum - minimum) * (f64::from(at) + 0.5) / f64::from(STEPS);
            if let Some(score) = Score::new(value) {
                let fill = css(self.laid.layer.gradient.color_of(score));
                let from = x + step * f64::from(at);
                let _ = write!(
                    self.body,
                    "<rect x=\"{}\" y=\"0\" width=\"{}\" height=\"{}\" fill=\"{fill}\"/>",
                    short(from),
                    short(step + 0.5),
                    short(high)
                );
            }
        }
        let (first, last) = (minimum.to_string(), maximum.to_string());
        let y = high + self.around() * 1.2;
        self.text(x, y, self.around(), false, self.colors.quiet, &self.shortened(&first, self.around(), wide / 2.0));
        let last = self.shortened(&last, self.around(), wide / 2.0);
        let end = format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"end\" fill=\"{}\">{}</text>",
            short(x + wide),
            short(y),
            short(self.around()),
            css(self.colors.quiet),
            escaped(&last)
        );
        self.body.push_str(&end);
    }

    fn matrices(&mut self) {
        let laid = self.laid;
        let (beside, top) = (self.is_beside(), self.bottom);
        let (mut x, mut lowest) = (MARGIN, top);
        // Cells that stand side by side begin at the same height.
        let heads = laid.matrices.iter().map(|matrix| self.head_lines(matrix)).max().filter(|_| beside);
        for (at, matrix) in laid.matrices.iter().enumerate() {
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
            let end = self.matrix(matrix, x, heads.unwrap_or_else(|| self.head_lines(matrix)));
            lowest = lowest.max(self.bottom);
            if beside {
                x = end - GAP + GUTTER;
            } else if at + 1 < laid.matrices.len() {
                self.bottom += MARGIN;
            }
        }
        self.bottom = lowest;
    }

    /// The name of a tactic as it stands over its column.
    fn head(&self, column: &Column, wide: f64) -> Vec<String> {
        let name = self.laid.knowledge.tactic_title(&column.tactic);
        self.lines(name, self.size * 1.08 * BOLD, wide, 3)
    }

    fn head_lines(&self, matrix: &Matrix) -> usize {
        let wide = self.column_width(matrix);
        matrix.columns.iter().map(|column| self.head(column, wide).len()).max().unwrap_or(0)
    }

    /// From a place on, with so many lines for tactics; where its next column would begin.
    fn matrix(&mut self, matrix: &Matrix, from: f64, head_lines: usize) -> f64 {
        let wide = self.column_width(matrix);
        let top = self.bottom;
        let line = self.size * 1.3;
        #[allow(clippy::cast_precision_loss)]
        let head = head_lines as f64 * line + GAP;
        let mut lowest = top + head;
        let mut x = from;
        for column in &matrix.columns {
            let name = self.head(column, wide);
            self.open(&format!("tactic {}", column.tactic.as_str()), x, top);
            let mut y = 0.0;
            for text in &name {
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
        for cell in &column.cells {
            let key = Key::new(cell.technique.clone(), column.tactic.clone());
            let annotated = self.laid.layer.annotations.about(&key).is_some_and(crate::layer::Entry::is_annotated);
            if self.look.only_annotated && !annotated {
                continue;
            }
            y += self.cell(matrix, &column.tactic, cell, wide, y) + GAP;
        }
        y
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
            let _ = write!(
                self.body,
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\" font-weight=\"bold\" text-anchor=\"end\" fill=\"{}\">{}</text>",
                short(wide - indent - INSIDE),
                short(INSIDE * 0.5 + line * 0.8),
                short(self.size),
                css(ink),
                escaped(&score)
            );
        }
        self.close();
        high
    }

    fn legend(&mut self) {
        let items = self.laid.layer.legend.iter().filter_map(|item| match item {
            LegendItem::Item { color, label, .. } => Some((color.over(self.colors.ground), label.clone())),
            LegendItem::Other(_) => None,
        });
        let items: Vec<([u8; 3], String)> = items.collect();
        if items.is_empty() {
            return;
        }
        self.bottom += MARGIN;
        let (size, room) = (self.around(), self.look.width - 2.0 * MARGIN);
        let (mut x, mut y) = (0.0, 0.0);
        self.open("header-box legend", MARGIN, self.bottom);
        for (color, label) in items {
            let label = self.shortened(&label, size, room - size * 2.0);
            let wide = size * 1.6 + self.wide(&label, size) + MARGIN;
            if x > 0.0 && x + wide > room {
                (x, y) = (0.0, y + size * 1.8);
            }
            let _ = write!(
                self.body,
                "<rect x=\"{}\" y=\"{}\" width=\"{2}\" height=\"{2}\" fill=\"{3}\" stroke=\"{4}\"/>",
                short(x),
                short(y),
                short(size),
                css(color),
                css(self.colors.edge)
            );
            self.text(x + size * 1.6, y + size * 0.85, size, false, self.colors.text, &label);
            x += wide;
        }
        self.close();
        self.bottom += y + size * 1.2;
    }

    fn open(&mut self, class: &str, x: f64, y: f64) {
        let _ =
            write!(self.body, "<g class=\"{}\" transform=\"translate({}, {})\">", escaped(class), short(x), short(y));
    }

    fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    fn text(&mut self, x: f64, y: f64, size: f64, bold: bool, fill: [u8; 3], text: &str) {
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        let _ = write!(
            self.body,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{weight} fill=\"{}\">{}</text>",
            short(x),
            short(y),
            short(size),
            css(fill),
            escaped(text)
        );
    }

    fn finish(self, file: &str) -> String {
        let element = self.element(&embedded::metadata(file));
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n{element}")
    }

    fn element(self, inside: &str) -> String {
        let bottom = self.bottom + MARGIN;
        let (size, wide, high) = match self.look.sheet {
            None => {
                let (wide, high) = (short(self.look.width), short(bottom));
                (format!("width=\"{wide}\" height=\"{high}\""), wide, high)
            }
            // What is higher than the sheet makes the picture smaller, and nothing is cut.
            Some(sheet) => {
                let (width, height) = sheet.pixels();
                let unit = |pixels: f64| format!("{}{}", short(pixels / sheet.unit.pixels()), sheet.unit.word());
                let size = format!("width=\"{}\" height=\"{}\"", unit(width), unit(height));
                (size, short(self.look.width), short(bottom.max(height)))
            }
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" {size} viewBox=\"0 0 {wide} {high}\" font-family=\"{}\">\n<title>{}</title>\n{}<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n{}</svg>\n",
            self.look.font.family(),
            escaped(&self.laid.layer.name),
            inside,
            css(self.colors.ground),
            self.body
        )
    }
}

fn title(matrix: &Matrix) -> &'static str {
    match matrix.kind.word() {
        "orchestration" => "Orchestration",
        "container" => "Container",
        _ => "",
    }
}

/// With two decimals at most.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A text in which nothing is markup; signs that XML 1.0 has no room for are left out.
fn escaped(text: &str) -> String {
    super::markup::escaped(text).replace(['\n', '\t'], " ")
}

#[cfg(test)]
mod tests;

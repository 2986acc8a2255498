//! A layer's matrices as a picture (SVG 1.1). Where everything stands is reckoned here, so that nothing overlaps and text is
//! never cut without an ellipsis. Class names and transforms are those of the official Navigator's export, which other tools
//! parse; the layer itself rides along, so that a picture opens as the layer that it shows.

mod around;
mod cells;
mod embedded;
mod look;
mod png;

pub use embedded::{NoLayer, is_picture, layer_in_picture};
pub use look::{Font, Header, LegendPlace, Look, SHEETS, Sheet, Unit};
pub use png::with_layer;

use super::{laid::Laid, markup::css};
use crate::words::{lines, shortened, width};
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

const BOLD_TEXT: &str = " font-weight=\"bold\"";

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

    /// How large the text above and below the matrices is: the columns of two matrices are narrow, the picture is not.
    fn around(&self) -> f64 {
        if self.is_beside() && self.look.size.is_none() { self.size * 1.5 } else { self.size }
    }

    fn open(&mut self, class: &str, x: f64, y: f64) {
        let _ =
            write!(self.body, "<g class=\"{}\" transform=\"translate({}, {})\">", escaped(class), short(x), short(y));
    }

    fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    fn text(&mut self, x: f64, y: f64, size: f64, bold: bool, fill: [u8; 3], text: &str) {
        self.text_from(x, y, size, if bold { BOLD_TEXT } else { "" }, fill, text);
    }

    /// To the left of a place.
    fn text_ending(&mut self, x: f64, y: f64, size: f64, bold: bool, fill: [u8; 3], text: &str) {
        let bold = if bold { BOLD_TEXT } else { "" };
        self.text_from(x, y, size, &format!("{bold} text-anchor=\"end\""), fill, text);
    }

    /// With attributes of its own, each after a space.
    fn text_from(&mut self, x: f64, y: f64, size: f64, attributes: &str, fill: [u8; 3], text: &str) {
        let _ = write!(
            self.body,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{attributes} fill=\"{}\">{}</text>",
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

/// With two decimals at most.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A text in which nothing is markup, on one line.
fn escaped(text: &str) -> String {
    super::markup::escaped(text).replace(['\n', '\t'], " ")
}

#[cfg(test)]
mod tests;

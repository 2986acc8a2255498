//! How a picture looks: the choices of the official Navigator's dialog (`SVG` 23 to 150 of 5.1.0), and some of ours.

use crate::layer::{ExpandedSubtechniques, Representation};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// In pixels; the height follows from what is in it. A sheet goes before it.
    pub width: f64,
    pub sheet: Option<Sheet>,
    pub dark: bool,
    pub header: Header,
    pub legend: LegendPlace,
    /// Leaves out techniques without annotation.
    pub only_annotated: bool,
    pub font: Font,
    /// Of a technique's text, in pixels; as it suits the columns, if nothing is said.
    pub size: Option<f64>,
    /// Of cells; the theme's, if nothing is said.
    pub border: Option<[u8; 3]>,
    /// Other sub-techniques than the layer shows.
    pub subtechniques: Option<ExpandedSubtechniques>,
    /// Another representation than the layer's.
    pub representation: Option<Representation>,
    /// Two matrices stand side by side, and not one under the other.
    pub beside: bool,
}

/// What stands above the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Name and description.
    pub about: bool,
    /// The bundle.
    pub domain: bool,
    /// Platforms, and how aggregates are made.
    pub filters: bool,
    pub gradient: bool,
}

impl Header {
    pub const NONE: Self = Self { about: false, domain: false, filters: false, gradient: false };

    pub fn is_there(self) -> bool {
        self != Self::NONE
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegendPlace {
    Nowhere,
    Above,
    Below,
}

pub use crate::words::Font;

/// A page of a given size, which the picture fits on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    /// In the unit.
    pub width: f64,
    pub height: f64,
    pub unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Inch,
    Centimetre,
    Pixel,
}

impl Look {
    /// As wide as a slide, and light.
    pub const USUAL: Self = Self {
        width: 1920.0,
        sheet: None,
        dark: false,
        header: Header { about: true, domain: true, filters: false, gradient: true },
        legend: LegendPlace::Below,
        only_annotated: false,
        font: Font::Sans,
        size: None,
        border: None,
        subtechniques: None,
        representation: None,
        beside: false,
    };
}

impl Unit {
    pub const ALL: [Self; 3] = [Self::Inch, Self::Centimetre, Self::Pixel];

    /// As SVG writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Inch => "in",
            Self::Centimetre => "cm",
            Self::Pixel => "px",
        }
    }

    /// CSS Values and Units 4, 6.2.
    pub fn pixels(self) -> f64 {
        match self {
            Self::Inch => 96.0,
            Self::Centimetre => 96.0 / 2.54,
            Self::Pixel => 1.0,
        }
    }
}

impl Font {
    pub const ALL: [Self; 3] = [Self::Sans, Self::Serif, Self::Mono];

    pub fn word(self) -> &'static str {
        match self {
            Self::Sans => "sans-serif",
            Self::Serif => "serif",
            Self::Mono => "monospace",
        }
    }

    pub(super) fn family(self) -> &'static str {
        match self {
            Self::Sans => "Helvetica, Arial, 'Liberation Sans', sans-serif",
            Self::Serif => "Times, 'Times New Roman', 'Liberation Serif', serif",
            Self::Mono => "Courier, 'Courier New', 'Liberation Mono', monospace",
        }
    }
}

/// Sizes of paper by name, upright, in inches: those of the official Navigator, and two of ISO 216.
pub const SHEETS: [(&str, f64, f64); 7] = [
    ("letter", 8.5, 11.0),
    ("legal", 8.5, 14.0),
    ("small", 11.0, 17.0),
    ("medium", 18.0, 24.0),
    ("large", 24.0, 36.0),
    ("A4", 210.0 / 25.4, 297.0 / 25.4),
    ("A3", 297.0 / 25.4, 420.0 / 25.4),
];

impl Sheet {
    /// One of [`SHEETS`], in the unit that is wanted.
    pub fn named(name: &str, upright: bool, unit: Unit) -> Option<Self> {
        let (_, width, height) = *SHEETS.iter().find(|(other, ..)| *other == name)?;
        let in_unit = |inches: f64| inches * Unit::Inch.pixels() / unit.pixels();
        let (width, height) = (in_unit(width), in_unit(height));
        Some(if upright { Self { width, height, unit } } else { Self { width: height, height: width, unit } })
    }

    /// The same paper, measured otherwise.
    pub fn measured_in(self, unit: Unit) -> Self {
        let factor = self.unit.pixels() / unit.pixels();
        Self { width: self.width * factor, height: self.height * factor, unit }
    }

    /// Lengths that no picture can have become ones that it can.
    pub(super) fn pixels(self) -> (f64, f64) {
        let pixels = |length: f64| {
            let pixels = length * self.unit.pixels();
            if pixels.is_finite() { pixels.clamp(200.0, 20_000.0) } else { 1_000.0 }
        };
        (pixels(self.width), pixels(self.height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_keeps_its_size_in_every_unit() {
        let letter = Sheet::named("letter", false, Unit::Inch).unwrap();
        assert_eq!((letter.width, letter.height), (11.0, 8.5));
        let pixels = letter.measured_in(Unit::Pixel);
        assert_eq!((pixels.width, pixels.height), (1056.0, 816.0));
        let back = pixels.measured_in(Unit::Centimetre).measured_in(Unit::Inch);
        assert!((back.width - 11.0).abs() < 1e-9);
        let a4 = Sheet::named("A4", true, Unit::Centimetre).unwrap();
        assert!((a4.width - 21.0).abs() < 1e-9 && (a4.height - 29.7).abs() < 1e-9);
        assert_eq!(Sheet::named("b5", true, Unit::Inch), None);
    }
}

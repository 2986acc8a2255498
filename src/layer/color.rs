//! A colour as a file wrote it, and what it is in numbers; and which ink can be read on it.
//! Which colour a score has is the gradient's.

use super::css_color;
use std::{fmt, sync::Arc};

/// Longer texts are no colours; the bound keeps nested colour functions from costing anything.
const MAXIMUM_LENGTH: usize = 64;

const DARK_INK: [u8; 3] = [0, 0, 0];
const LIGHT_INK: [u8; 3] = [0xff, 0xff, 0xff];

/// Why a text is no colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a colour: write #rrggbb or a colour's name")]
pub struct ColorError(String);

/// A colour in any way of writing that the official Navigator takes (tinycolor): `#f66`, `ff6666`, `#ff6666cc`,
/// `red`, `rgb(255, 102, 102)`, `transparent`. The text stays as it was; colours are equal when their texts are.
#[derive(Clone)]
pub struct Color {
    text: Arc<str>,
    rgba: [u8; 4],
}

impl Color {
    /// # Errors
    /// When the text is no colour.
    pub fn parse(text: &str) -> Result<Self, ColorError> {
        let refused = || ColorError(text.chars().take(MAXIMUM_LENGTH).collect());
        if text.len() > MAXIMUM_LENGTH {
            return Err(refused());
        }
        let rgba = css_color::parse(text).ok_or_else(refused)?;
        Ok(Self { text: Arc::from(text), rgba })
    }

    /// Written as `#rrggbb`, or as `#rrggbbaa` where it isn't opaque.
    pub fn from_rgba(rgba: [u8; 4]) -> Self {
        let [r, g, b, a] = rgba;
        let text = if a == u8::MAX { format!("#{r:02x}{g:02x}{b:02x}") } else { hex8(rgba) };
        Self { text: Arc::from(text), rgba }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn rgba(&self) -> [u8; 4] {
        self.rgba
    }

    /// `#rrggbbaa` in lower case.
    pub fn hex8(&self) -> String {
        hex8(self.rgba)
    }

    /// What is seen where the colour lies on an opaque background.
    pub fn over(&self, background: [u8; 3]) -> [u8; 3] {
        let [r, g, b, alpha] = self.rgba;
        let mixed = |above: u8, below: u8| {
            let alpha = u32::from(alpha);
            let sum = u32::from(above) * alpha + u32::from(below) * (255 - alpha);
            u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
        };
        [mixed(r, background[0]), mixed(g, background[1]), mixed(b, background[2])]
    }
}

impl PartialEq for Color {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Color {}

impl fmt::Debug for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The two inks that text in cells is written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Black: with anything lighter, some colours could not be written on at contrast 4.5.
    Dark,
    /// White.
    Light,
}

impl Ink {
    /// The one that is easier to read on the background.
    pub fn on(background: [u8; 3]) -> Self {
        if contrast(DARK_INK, background) >= contrast(LIGHT_INK, background) { Self::Dark } else { Self::Light }
    }

    pub fn rgb(self) -> [u8; 3] {
        match self {
            Self::Dark => DARK_INK,
            Self::Light => LIGHT_INK,
        }
    }
}

/// The contrast ratio of WCAG 2.2: 1 for equal colours to 21 for black and white.
pub fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance by WCAG 2.2.
fn luminance([r, g, b]: [u8; 3]) -> f64 {
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// A channel of sRGB as a share of its light, from 0 to 1.
pub(super) fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn hex8([r, g, b, a]: [u8; 4]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}{a:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_official_navigator_takes_is_taken() {
        let cases = [
            ("#f66", "#ff6666ff"),
            ("#f66c", "#ff6666cc"),
            ("#FF6666", "#ff6666ff"),
            ("#ff6666cc", "#ff6666cc"),
            ("ff6666", "#ff6666ff"),
            ("f66", "#ff6666ff"),
            ("Red", "#ff0000ff"),
            ("rebeccapurple", "#663399ff"),
            ("rgb(255, 102, 102)", "#ff6666ff"),
            ("rgba(255, 102, 102, 0.5)", "#ff666680"),
            ("hsl(0, 100%, 50%)", "#ff0000ff"),
            ("transparent", "#00000000"),
            (" #ff6666 ", "#ff6666ff"),
        ];
        for (text, hex8) in cases {
            let color = Color::parse(text).unwrap();
            assert_eq!((color.hex8().as_str(), color.as_str()), (hex8, text));
        }
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        let long = "rgb(".repeat(1000);
        for text in ["", "#", "#ff666", "x", "#gggggg", "rgb()", "url(x)", "\"><script>", long.as_str()] {
            assert!(Color::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_transparent_colour_shows_what_is_below() {
        let half = Color::parse("#ff000080").unwrap();
        assert_eq!(half.over([255, 255, 255]), [255, 127, 127]);
        assert_eq!(Color::parse("#66b1ff").unwrap().over([0, 0, 0]), [0x66, 0xb1, 0xff]);
        assert_eq!(Color::parse("#ffffff00").unwrap().over([1, 2, 3]), [1, 2, 3]);
    }

    #[test]
    fn colours_made_from_numbers_are_written_as_short_as_files_have_them() {
        assert_eq!(Color::from_rgba([255, 102, 102, 255]).as_str(), "#ff6666");
        assert_eq!(Color::from_rgba([255, 102, 102, 0]).as_str(), "#ff666600");
    }

    #[test]
    fn the_ink_is_the_one_that_can_be_read() {
        for (background, ink) in [
            ([255, 255, 255], Ink::Dark),
            ([0, 0, 0], Ink::Light),
            ([0xff, 0xe7, 0x66], Ink::Dark),
            ([0x20, 0x5b, 0x8f], Ink::Light),
            ([0xff, 0x66, 0x66], Ink::Dark),
        ] {
            assert_eq!(Ink::on(background), ink, "{background:?}");
        }
        assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 1e-9);
    }
}

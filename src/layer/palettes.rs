//! The colours that people choose from: ready gradients, swatches for techniques, backgrounds of the tactic row, and the
//! colours they used last. What a gradient does with a score is `gradient`'s.

use super::{Color, Gradient};

/// How many of the colours used last are remembered: one line of swatches.
const MOST_RECENT: usize = 8;

/// A ready gradient: its colours only, since a layer keeps its own ends (`DTH` 399 to 465 of Navigator 5.1.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// As its command names it: `red-green`.
    pub word: &'static str,
    /// Named by its hues, the low end first.
    pub title: &'static str,
    /// People who see red and green, or blue and yellow, alike can tell its colours apart.
    pub safe: bool,
    rgba: &'static [u32],
}

/// The official six, in their order (`GR` 16 to 23 of Navigator 5.1.0), then those that are safe for colour-blind eyes.
///
/// Safe are: the diverging one, because its ends differ in blue and yellow, which those who mix up red and green see,
/// and in red and green for those who mix up the others (ColorBrewer "RdYlBu"); the sequential ones, because they grow
/// lighter or darker all the way, which every eye sees (matplotlib "viridis" and "cividis", ColorBrewer "Blues").
pub const PRESETS: [Preset; 10] = [
    official("red-green", "Red to green", &[0xff66_66ff, 0xffe7_66ff, 0x8ec8_43ff]),
    official("green-red", "Green to red", &[0x8ec8_43ff, 0xffe7_66ff, 0xff66_66ff]),
    official("blue-red", "Blue to red", &[0x66b1_ffff, 0xff66_f4ff, 0xff66_66ff]),
    official("red-blue", "Red to blue", &[0xff66_66ff, 0xff66_f4ff, 0x66b1_ffff]),
    official("white-blue", "Transparent to blue", &[0xffff_ff00, 0x66b1_ffff]),
    official("white-red", "Transparent to red", &[0xffff_ff00, 0xff66_66ff]),
    safe("orange-blue", "Orange to blue", &[0xfc8d_59ff, 0xffff_bfff, 0x91bf_dbff]),
    safe("violet-yellow", "Violet to yellow", &[0x4401_54ff, 0x3b52_8bff, 0x2191_8cff, 0x5ec9_62ff, 0xfde7_25ff]),
    safe("navy-yellow", "Navy to yellow", &[0x0022_4eff, 0x414d_6bff, 0x7d7c_78ff, 0xbcaf_6fff, 0xfee8_38ff]),
    safe("pale-blue", "Pale to dark blue", &[0xeff3_ffff, 0xbdd7_e7ff, 0x6bae_d6ff, 0x3182_bdff, 0x0851_9cff]),
];

/// Colours for techniques, with their names: the scores' own reds, yellows and greens, and hues that colour-blind eyes
/// tell apart.
pub const SWATCHES: [(&str, &str); 10] = [
    ("#e60d0d", "red"),
    ("#fc6b6b", "light red"),
    ("#fce93b", "yellow"),
    ("#8ec843", "green"),
    ("#31a354", "dark green"),
    ("#66b1ff", "light blue"),
    ("#3182bd", "blue"),
    ("#756bb1", "purple"),
    ("#fd8d3c", "orange"),
    ("#bdbdbd", "grey"),
];

/// Backgrounds for the tactic row (`DTH` 327 to 338 of Navigator 5.1.0).
pub const TACTIC_ROW_SWATCHES: [(&str, &str); 4] =
    [("#dddddd", "light grey"), ("#aaaaaa", "grey"), ("#205B8F", "blue"), ("#B9482D", "rust")];

const fn official(word: &'static str, title: &'static str, rgba: &'static [u32]) -> Preset {
    Preset { word, title, safe: false, rgba }
}

const fn safe(word: &'static str, title: &'static str, rgba: &'static [u32]) -> Preset {
    Preset { word, title, safe: true, rgba }
}

impl Preset {
    pub fn from_word(word: &str) -> Option<Self> {
        PRESETS.into_iter().find(|preset| preset.word == word)
    }

    pub fn colors(self) -> Vec<Color> {
        self.rgba.iter().map(|rgba| Color::from_rgba(rgba.to_be_bytes())).collect()
    }

    /// Whether a gradient has just these colours, whatever its ends.
    pub fn is_of(self, gradient: &Gradient) -> bool {
        self.rgba.len() == gradient.colors.len()
            && self.rgba.iter().zip(&gradient.colors).all(|(rgba, color)| rgba.to_be_bytes() == color.rgba())
    }
}

/// What a colour is called in lists: the swatch's name, or else how it is written.
pub fn color_name(color: &Color) -> &str {
    let named = SWATCHES.iter().find(|(text, _)| Color::parse(text).is_ok_and(|swatch| swatch.rgba() == color.rgba()));
    named.map_or(color.as_str(), |(_, name)| name)
}

/// Puts a colour in front of those used last; swatches are at hand anyway.
pub fn remember(recent: &mut Vec<Color>, color: &Color) {
    if color_name(color) != color.as_str() {
        return;
    }
    recent.retain(|other| other.rgba() != color.rgba());
    recent.insert(0, color.clone());
    recent.truncate(MOST_RECENT);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::VISIONS;

    fn gradient(preset: Preset) -> Gradient {
        Gradient { colors: preset.colors(), ..Gradient::default() }
    }

    #[test]
    fn safe_gradients_can_be_read_by_every_eye() {
        for preset in PRESETS.into_iter().filter(|preset| preset.safe) {
            for vision in VISIONS {
                assert_eq!(vision.fault(&gradient(preset)), None, "{} with {}", preset.title, vision.title);
            }
        }
    }

    #[test]
    fn red_and_green_can_not() {
        let red_green = Preset::from_word("red-green").unwrap();
        let faulty = VISIONS.iter().filter(|vision| vision.fault(&gradient(red_green)).is_some());
        assert_eq!(faulty.map(|vision| vision.word).collect::<Vec<_>>(), ["deuteranopia"]);
    }

    /// `GR` 16 to 23 of Navigator 5.1.0.
    #[test]
    fn the_official_gradients_have_the_official_colours() {
        let hex = |word: &str| {
            let colors = Preset::from_word(word).unwrap().colors();
            colors.iter().map(|color| color.as_str().to_owned()).collect::<Vec<_>>().join(" ")
        };
        let cases = [
            ("red-green", "#ff6666 #ffe766 #8ec843"),
            ("green-red", "#8ec843 #ffe766 #ff6666"),
            ("blue-red", "#66b1ff #ff66f4 #ff6666"),
            ("red-blue", "#ff6666 #ff66f4 #66b1ff"),
            ("white-blue", "#ffffff00 #66b1ff"),
            ("white-red", "#ffffff00 #ff6666"),
        ];
        for (word, expected) in cases {
            assert_eq!(hex(word), expected, "{word}");
        }
        assert!(Preset::from_word("red-green").unwrap().is_of(&Gradient { maximum: 5.0, ..Gradient::default() }));
        assert!(!Preset::from_word("green-red").unwrap().is_of(&Gradient::default()));
    }

    #[test]
    fn words_and_swatches_are_unique_and_can_be_read() {
        for (at, preset) in PRESETS.iter().enumerate() {
            assert!(PRESETS[..at].iter().all(|other| other.word != preset.word && other.title != preset.title));
        }
        for (text, name) in SWATCHES {
            assert_eq!(color_name(&Color::parse(text).unwrap()), name);
        }
        assert!(TACTIC_ROW_SWATCHES.iter().all(|(text, _)| Color::parse(text).is_ok()));
        assert_eq!(color_name(&Color::parse("#123456").unwrap()), "#123456");
    }

    #[test]
    fn the_colours_used_last_come_first_and_once() {
        let mut recent = Vec::new();
        for text in ["#111111", "#222222", "#e60d0d", "#111", "#333333"] {
            remember(&mut recent, &Color::parse(text).unwrap());
        }
        assert_eq!(recent.iter().map(Color::as_str).collect::<Vec<_>>(), ["#333333", "#111", "#222222"]);
        for at in 0..20 {
            remember(&mut recent, &Color::from_rgba([at, 0, 0, 255]));
        }
        assert_eq!((recent.len(), recent[0].as_str()), (MOST_RECENT, "#130000"));
    }
}

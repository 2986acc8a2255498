//! Which colour a score has: the official Navigator's gradient, step for step.
//! What lies below a cell and which ink it gets is not its business.

use super::{Color, Score};

/// The official Navigator makes this many colours of a gradient (tinygradient's `rgb(100)`) and no more.
pub(super) const STEPS: usize = 100;

/// Colours at equal distances between the scores `minimum` and `maximum`.
#[derive(Debug, Clone)]
pub struct Gradient {
    /// Two or more; a file that says otherwise isn't believed.
    pub colors: Vec<Color>,
    pub minimum: f64,
    pub maximum: f64,
}

/// Red, yellow, green from 0 to 100: layer format 4.5, "Gradient object".
impl Default for Gradient {
    fn default() -> Self {
        let colors = [[0xff, 0x66, 0x66, 0xff], [0xff, 0xe7, 0x66, 0xff], [0x8e, 0xc8, 0x43, 0xff]];
        Self { colors: colors.map(Color::from_rgba).to_vec(), minimum: 0.0, maximum: 100.0 }
    }
}

/// Files have the colours as eight digits, so two gradients are equal when they look the same.
impl PartialEq for Gradient {
    fn eq(&self, other: &Self) -> bool {
        let rgba = |gradient: &Self| gradient.colors.iter().map(Color::rgba).collect::<Vec<_>>();
        self.minimum == other.minimum && self.maximum == other.maximum && rgba(self) == rgba(other)
    }
}

impl Gradient {
    /// The colour of a score, as `GR` 129 to 143 of Navigator 5.1.0 has it: at or above the maximum the last colour,
    /// at or below the minimum the first, between them one of a hundred steps. Transparency is lost there too.
    ///
    /// In the last half percent below the maximum the official one fails; here the last step's colour is taken.
    pub fn color_of(&self, score: Score) -> [u8; 3] {
        let score = score.value();
        let (Some(first), Some(last)) = (self.colors.first(), self.colors.last()) else { return [255, 255, 255] };
        if score >= self.maximum {
            return opaque(last);
        }
        if score <= self.minimum || self.maximum <= self.minimum {
            return opaque(first);
        }
        let part = (score - self.minimum) / (self.maximum - self.minimum);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let step = ((part * 100.0).round() as usize).min(STEPS - 1);
        self.color_at(step)
    }

    fn color_at(&self, step: usize) -> [u8; 3] {
        if self.colors.len() > STEPS {
            // More colours than steps: the official one refuses them.
            let at = step * (self.colors.len() - 1) / (STEPS - 1);
            return self.colors.get(at).map_or([255, 255, 255], opaque);
        }
        let mut start = 0;
        for (pair, length) in self.colors.windows(2).zip(segments(self.colors.len())) {
            if let [from, to] = pair
                && step < start + length
            {
                return between(opaque(from), opaque(to), step - start, length);
            }
            start += length;
        }
        self.colors.last().map_or([255, 255, 255], opaque)
    }
}

/// How many steps lie between each two colours: tinygradient rounds each, then takes from the first largest or adds to
/// the first smallest until there are 99.
fn segments(colors: usize) -> Vec<usize> {
    let last = colors.saturating_sub(1);
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let length = |at: usize| {
        let position = |at: usize| at as f64 / last as f64;
        (((STEPS - 1) as f64 * (position(at) - position(at - 1))).round() as usize).max(1)
    };
    let mut lengths: Vec<usize> = (1..=last).map(length).collect();
    let mut total: usize = lengths.iter().sum();
    while total != STEPS - 1 && !lengths.is_empty() {
        let too_many = total > STEPS - 1;
        let extreme = if too_many { lengths.iter().max() } else { lengths.iter().min() }.copied();
        if let Some(length) = lengths.iter_mut().find(|length| Some(**length) == extreme) {
            if too_many {
                *length -= 1;
                total -= 1;
            } else {
                *length += 1;
                total += 1;
            }
        }
    }
    lengths
}

/// In the order of tinygradient's and tinycolor's own arithmetic, lest halves round the other way.
fn between(from: [u8; 3], to: [u8; 3], step: usize, length: usize) -> [u8; 3] {
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let channel = |from: u8, to: u8| {
        let (from, to) = (f64::from(from), f64::from(to));
        let value = ((to - from) / length as f64) * step as f64 + from;
        if value >= 255.0 { u8::MAX } else { (value / 255.0 * 255.0).round() as u8 }
    };
    [channel(from[0], to[0]), channel(from[1], to[1]), channel(from[2], to[2])]
}

/// As it is painted.
pub(super) fn opaque(color: &Color) -> [u8; 3] {
    let [r, g, b, _] = color.rgba();
    [r, g, b]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(colors: &[&str], minimum: f64, maximum: f64) -> Gradient {
        Gradient { colors: colors.iter().map(|text| Color::parse(text).unwrap()).collect(), minimum, maximum }
    }

    fn hex(gradient: &Gradient, score: f64) -> String {
        let [r, g, b] = gradient.color_of(Score::new(score).unwrap());
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Values that the official code gave when it was run.
    #[test]
    fn the_default_gradient_gives_the_official_colours() {
        let cases = [
            (0.0, "#ff6666"),
            (3.0, "#ff6e66"),
            (25.0, "#ffa866"),
            (49.0, "#ffe766"),
            (50.0, "#fde665"),
            (51.0, "#fae665"),
            (75.0, "#c4d754"),
            (99.0, "#8ec843"),
            (100.0, "#8ec843"),
            (-5.0, "#ff6666"),
            (1e308, "#8ec843"),
        ];
        for (score, expected) in cases {
            assert_eq!(hex(&Gradient::default(), score), expected, "{score}");
        }
    }

    /// `viewmodels.service.spec.ts` of Navigator 5.1.0.
    #[test]
    fn three_stops_with_two_equal_ones() {
        assert_eq!(hex(&gradient(&["#ffe766", "#8ec843", "#8ec843"], 0.0, 100.0), 7.0), "#efe361");
    }

    #[test]
    fn scores_just_below_the_maximum_have_a_colour() {
        for (score, maximum) in [(99.5, 100.0), (99.9, 100.0), (0.995, 1.0)] {
            assert_eq!(hex(&gradient(&["#000000", "#ffffff"], 0.0, maximum), score), "#ffffff");
        }
    }

    #[test]
    fn odd_ends_and_odd_colours_never_fail() {
        let two = ["#000000", "#ffffff"];
        let many: Vec<String> = (0..150).map(|at| format!("#{at:02x}0000")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(hex(&gradient(&two, 5.0, 5.0), 5.0), "#ffffff");
        assert_eq!(hex(&gradient(&two, 5.0, 5.0), 4.0), "#000000");
        assert_eq!(hex(&gradient(&two, 100.0, 0.0), 50.0), "#ffffff");
        assert_eq!(hex(&gradient(&two, 100.0, 0.0), -1.0), "#000000");
        assert_eq!(hex(&gradient(&two, -1.7e308, 1.7e308), 0.0), "#000000");
        assert_eq!(hex(&gradient(&two, f64::NAN, f64::NAN), 1.0).len(), 7);
        assert_eq!(hex(&gradient(&["#ff0000"], 0.0, 100.0), 50.0), "#ff0000");
        assert_eq!(hex(&gradient(&[], 0.0, 100.0), 50.0), "#ffffff");
        assert_eq!(hex(&gradient(&many, 0.0, 100.0), 50.0), "#4b0000");
        assert_eq!(hex(&gradient(&many, 0.0, 100.0), 99.9), "#950000");
        for colors in 2..=100 {
            assert_eq!(segments(colors).iter().sum::<usize>(), STEPS - 1);
        }
    }

    #[test]
    fn gradients_are_equal_when_they_look_the_same() {
        assert_eq!(gradient(&["#ff6666ff", "#ffe766", "8ec843"], 0.0, 100.0), Gradient::default());
        assert_ne!(gradient(&["#ff6666ee", "#ffe766", "8ec843"], 0.0, 100.0), Gradient::default());
    }
}

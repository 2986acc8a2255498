//! What colour-blind eyes see of a gradient, and whether scores can still be read from it. What is made of that is the
//! panel's.

use super::{
    Gradient, Score,
    color::linear,
    gradient::{STEPS, opaque},
};

type Matrix = [[f64; 3]; 3];

/// An eye that lacks one kind of cones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vision {
    pub word: &'static str,
    /// Whose eyes these are.
    pub title: &'static str,
    matrix: Matrix,
}

/// Why scores can't be read from a gradient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Its two ends look alike.
    Ends,
    /// It grows lighter and then darker again, so that two scores look alike.
    Turns,
    /// Two of its colours that follow each other look alike.
    Neighbours,
}

/// Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB: no long, no middle, no short cones.
pub const VISIONS: [Vision; 3] = [
    Vision {
        word: "protanopia",
        title: "Without red cones",
        matrix: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    },
    Vision {
        word: "deuteranopia",
        title: "Without green cones",
        matrix: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    },
    Vision {
        word: "tritanopia",
        title: "Without blue cones",
        matrix: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    },
];

/// How far apart in CIE L*a*b* the ends are to be.
const ENDS: f64 = 40.0;
/// Four times what can be told apart side by side.
const STOPS: f64 = 10.0;
/// Rounding to bytes makes steps of lightness of this size.
const ROUNDING: f64 = 0.35;

impl Fault {
    pub fn words(self) -> &'static str {
        match self {
            Self::Ends => "the lowest and the highest score look alike",
            Self::Turns => "it grows lighter and darker again: some low and high scores look alike",
            Self::Neighbours => "two colours that follow each other look alike",
        }
    }
}

impl Vision {
    /// What such an eye sees of a colour, for eyes that lack nothing.
    pub fn sees(&self, rgb: [u8; 3]) -> [u8; 3] {
        times(&self.matrix, rgb.map(linear)).map(|channel| {
            let channel = channel.clamp(0.0, 1.0);
            let value = if channel <= 0.003_130_8 { channel * 12.92 } else { 1.055 * channel.powf(1.0 / 2.4) - 0.055 };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let byte = (value * 255.0).round() as u8;
            byte
        })
    }

    /// What is wrong with a gradient for such an eye: its ends and neighbours must be far apart, and its lightness must
    /// go one way or, where it diverges, one way on each side of the lightest.
    pub fn fault(&self, gradient: &Gradient) -> Option<Fault> {
        let steps: Vec<[f64; 3]> = steps(gradient).into_iter().map(|rgb| self.lab(rgb)).collect();
        let (first, last) = (steps.first()?, steps.last()?);
        if distance(*first, *last) < ENDS {
            return Some(Fault::Ends);
        }
        let half = STEPS / 2 - 1;
        let is_diverging = steps[half][0] > first[0] && steps[half][0] > last[0];
        let middle = if is_diverging { half } else { STEPS - 1 };
        let turns = |from: usize, to: usize| {
            let sign = (steps[to][0] - steps[from][0]).signum();
            (from..to).any(|at| (steps[at + 1][0] - steps[at][0]) * sign < -ROUNDING)
        };
        if turns(0, middle) || turns(middle, STEPS - 1) {
            return Some(Fault::Turns);
        }
        let stops: Vec<[f64; 3]> = gradient.colors.iter().map(|color| self.lab(opaque(color))).collect();
        let near = stops.windows(2).any(|pair| distance(pair[0], pair[1]) < STOPS);
        near.then_some(Fault::Neighbours)
    }

    /// CIE L*a*b* (D65) of what such an eye sees.
    fn lab(&self, rgb: [u8; 3]) -> [f64; 3] {
        let linear = times(&self.matrix, rgb.map(linear)).map(|channel| channel.clamp(0.0, 1.0));
        let to_xyz = [
            [0.412_456_4, 0.357_576_1, 0.180_437_5],
            [0.212_672_9, 0.715_152_2, 0.072_175_0],
            [0.019_333_9, 0.119_192_0, 0.950_304_1],
        ];
        let [x, y, z] = times(&to_xyz, linear);
        let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let (x, y, z) = (f(x / 0.950_47), f(y), f(z / 1.088_83));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }
}

/// A gradient's colours from end to end, as scores have them.
fn steps(gradient: &Gradient) -> Vec<[u8; 3]> {
    #[allow(clippy::cast_precision_loss)]
    let score = |step: usize| Score::new(gradient.score_at_share(step as f64 / STEPS as f64));
    (0..STEPS).filter_map(|step| score(step).map(|score| gradient.color_of(score))).collect()
}

fn times(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Color;

    fn gradient(colors: &[&str]) -> Gradient {
        let colors = colors.iter().map(|color| Color::parse(color).unwrap()).collect();
        Gradient { colors, minimum: -10.0, maximum: 10.0 }
    }

    #[test]
    fn an_eye_without_green_cones_takes_red_for_green() {
        let [_, deuteranopia, tritanopia] = VISIONS;
        let near = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 40);
        let (red, green) = ([200, 80, 60], [120, 130, 60]);
        assert!(!near(red, green));
        assert!(near(deuteranopia.sees(red), deuteranopia.sees(green)));
        assert!(!near(tritanopia.sees(red), tritanopia.sees(green)));
        for vision in VISIONS {
            for grey in [0, 51, 128, 255] {
                assert!(near(vision.sees([grey; 3]), [grey; 3]), "greys stay as they are");
            }
        }
    }

    #[test]
    fn faults_are_found_and_named() {
        type Case = (&'static [&'static str], Option<Fault>);
        let cases: [Case; 7] = [
            (&["#000000", "#ffffff"], None),
            // Cells are painted without transparency.
            (&["#00000000", "#ffffff"], None),
            (&["#808080", "#909090"], Some(Fault::Ends)),
            (&["#c8503c", "#78823c"], Some(Fault::Ends)),
            (&["#0000ff", "#ffffff", "#ff8800"], None),
            (&["#000000", "#ffffff", "#000000", "#ffffff"], Some(Fault::Turns)),
            (&["#000000", "#fdfdfd", "#ffffff"], Some(Fault::Neighbours)),
        ];
        for (colors, fault) in cases {
            assert_eq!(VISIONS[1].fault(&gradient(colors)), fault, "{colors:?}");
        }
        assert_eq!(
            VISIONS[0].fault(&Gradient { minimum: 5.0, maximum: 5.0, ..Gradient::default() }),
            Some(Fault::Ends)
        );
        let far = Gradient { minimum: -1.7e308, maximum: 1.7e308, ..gradient(&["#c8503c", "#78823c"]) };
        assert_eq!(VISIONS[1].fault(&far), Some(Fault::Ends), "however far apart the ends' scores are");
    }
}

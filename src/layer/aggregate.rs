//! Aggregate scores: what a technique and its sub-techniques say together, by the official Navigator's rule.
//! Which sub-techniques a technique has is `attack`'s; where the outcome shows and sorts is `matrix`'s and the app's.

use super::{AggregateFunction, Display, Key, Layer, Score};
use crate::attack::Tier;

impl Display {
    /// The aggregate of a technique with sub-techniques, if aggregates are shown and any of them is scored. All of its
    /// sub-techniques in the tactic count, whether they are shown, filtered or disabled.
    pub fn aggregated(&self, own: Option<Score>, subtechniques: &[Option<Score>]) -> Option<Score> {
        if !self.show_aggregate || subtechniques.is_empty() {
            return None;
        }
        self.aggregate.of(own, subtechniques, self.count_unscored)
    }
}

impl Layer {
    /// The aggregate of a technique whose sub-techniques in the tactic are these, in one tier or by the layer's rule for two.
    pub fn aggregated(&self, own: Option<Score>, family: &[Key], tier: Option<Tier>) -> Option<Score> {
        if !self.display.show_aggregate || family.is_empty() {
            return None;
        }
        let scores: Vec<Option<Score>> = family.iter().map(|key| self.scored(key, tier).0).collect();
        self.display.aggregated(own, &scores)
    }
}

impl AggregateFunction {
    /// The rule of `VM` 942 of Navigator 5.1.0, odd as it is: a technique without a score takes part as 0, one of its
    /// sub-techniques without a score doesn't. An average is over the scored ones, or over all where what is unscored
    /// counts. The result has two decimals, as JavaScript's `toFixed(2)` rounds.
    ///
    /// `None` where nothing is scored.
    pub fn of(self, own: Option<Score>, subtechniques: &[Option<Score>], count_unscored: bool) -> Option<Score> {
        let scored = subtechniques.iter().flatten().map(|score| score.value());
        let values = || std::iter::once(own.map_or(0.0, Score::value)).chain(scored.clone());
        let valid = scored.clone().count() + usize::from(own.is_some());
        if valid == 0 {
            return None;
        }
        let sum = || values().sum::<f64>();
        #[allow(clippy::cast_precision_loss)]
        let value = match self {
            Self::Average if count_unscored => sum() / (subtechniques.len() + 1) as f64,
            Self::Average => sum() / valid as f64,
            Self::Min => values().fold(f64::INFINITY, f64::min),
            Self::Max => values().fold(f64::NEG_INFINITY, f64::max),
            Self::Sum => sum(),
        };
        Score::new(to_two_decimals(value))
    }
}

/// `Number(value.toFixed(2))` of ECMAScript: the nearest number of hundredths by the value's exact digits, halves away from
/// zero.
fn to_two_decimals(value: f64) -> f64 {
    // From here on doubles lie further apart than hundredths: writing and reading gives the same number.
    const COARSE: f64 = 9e13;
    const EXPONENT_BIAS: u64 = 1075;
    const FRACTION: u64 = (1 << 52) - 1;
    if !value.is_finite() || value.abs() >= COARSE {
        return value;
    }
    let bits = value.abs().to_bits();
    let (exponent, fraction) = (bits >> 52, bits & FRACTION);
    let mantissa = if exponent == 0 { fraction } else { fraction | (1 << 52) };
    // |value| is mantissa / 2^shift.
    let shift = EXPONENT_BIAS - exponent.max(1);
    let hundredths = match u128::from(mantissa) * 100 {
        exact if shift == 0 => exact,
        exact if shift < 100 => (exact + (1 << (shift - 1))) >> shift,
        _ => 0,
    };
    #[allow(clippy::cast_precision_loss)] // below 2^53
    let rounded = hundredths as f64 / 100.0;
    rounded.copysign(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use AggregateFunction::{Average, Max, Min, Sum};

    fn scores(values: &[Option<f64>]) -> Vec<Option<Score>> {
        values.iter().map(|value| value.and_then(Score::new)).collect()
    }

    /// Worked out by hand from `VM` 942 to 985 of Navigator 5.1.0. The first is the technique's own score.
    #[test]
    fn aggregates_are_the_official_ones() {
        type Case = (&'static [Option<f64>], [Option<f64>; 5]);
        // average, average counting unscored ones, min, max, sum
        let cases: [Case; 12] = [
            (&[None, Some(50.0), Some(80.0)], [Some(65.0), Some(43.33), Some(0.0), Some(80.0), Some(130.0)]),
            (&[Some(10.0), Some(50.0), Some(80.0)], [Some(46.67), Some(46.67), Some(10.0), Some(80.0), Some(140.0)]),
            (&[None, Some(-5.0), None], [Some(-5.0), Some(-1.67), Some(-5.0), Some(0.0), Some(-5.0)]),
            (&[Some(30.0), None, None], [Some(30.0), Some(10.0), Some(30.0), Some(30.0), Some(30.0)]),
            (&[None, None, None], [None; 5]),
            (&[None], [None; 5]),
            (&[Some(7.0)], [Some(7.0), Some(7.0), Some(7.0), Some(7.0), Some(7.0)]),
            (&[Some(0.0), Some(0.0)], [Some(0.0); 5]),
            (&[None, Some(0.0)], [Some(0.0); 5]),
            (
                &[Some(-1e8), Some(1.0)],
                [Some(-49_999_999.5), Some(-49_999_999.5), Some(-1e8), Some(1.0), Some(-99_999_999.0)],
            ),
            (&[Some(1.0), Some(2.0), Some(2.0)], [Some(1.67), Some(1.67), Some(1.0), Some(2.0), Some(5.0)]),
            (&[None, Some(100.0), None, None], [Some(100.0), Some(25.0), Some(0.0), Some(100.0), Some(100.0)]),
        ];
        for (values, expected) in cases {
            let all = scores(values);
            let (own, rest) = (all[0], &all[1..]);
            let results = [(Average, false), (Average, true), (Min, false), (Max, false), (Sum, false)]
                .map(|(function, unscored)| function.of(own, rest, unscored).map(Score::value));
            assert_eq!(results, expected, "{values:?}");
        }
    }

    /// What `Number(x.toFixed(2))` gave in V8.
    #[test]
    fn two_decimals_are_those_of_javascript() {
        let cases = [
            (0.0, 0.0),
            (1.005, 1.0),
            (1.255, 1.25),
            (8.345, 8.35),
            (1.45, 1.45),
            (0.125, 0.13),
            (-0.125, -0.13),
            (2.5, 2.5),
            (0.005, 0.01),
            (0.004_999, 0.0),
            (1e-320, 0.0),
            (43.333_333_333, 43.33),
            (-1.666_666_7, -1.67),
            (89_999_999_999_999.12, 89_999_999_999_999.12),
            (123_456_789_012.345, 123_456_789_012.35),
            (1e21, 1e21),
            (1.7e308, 1.7e308),
        ];
        for (value, expected) in cases {
            assert_eq!(to_two_decimals(value), expected, "{value}");
        }
    }

    #[test]
    fn aggregates_are_there_only_where_they_are_asked_for() {
        let shown = Display { show_aggregate: true, ..Display::default() };
        let (own, children) = (Score::new(10.0), scores(&[Some(20.0)]));
        assert_eq!(shown.aggregated(own, &children), Score::new(15.0));
        assert_eq!(shown.aggregated(own, &[]), None);
        assert_eq!(Display::default().aggregated(own, &children), None);
    }
}

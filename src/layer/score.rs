//! A score: any finite number. What colour it gives is the gradient's.

use std::{cmp::Ordering, fmt};

/// A finite number that a user or a file gave to a technique. The gradient's ends don't bound it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score(f64);

impl Score {
    /// `None` for what isn't a finite number. Negative zero becomes zero.
    pub fn new(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(value + 0.0))
    }

    /// Reads what a user typed: `40`, `-2.5`, `1e3`, with a decimal point or comma.
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().replace(',', ".").parse().ok().and_then(Self::new)
    }

    pub fn value(self) -> f64 {
        self.0
    }

    /// As a JSON number: whole numbers without a fraction where that is exact.
    pub fn to_json(self) -> serde_json::Value {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0.abs() < EXACT {
            #[allow(clippy::cast_possible_truncation)]
            return serde_json::Value::from(self.0 as i64);
        }
        serde_json::Value::from(self.0)
    }
}

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// At most two decimals, and powers of ten for what is too long to stand in a cell.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size >= 1e7 || (size > 0.0 && size < 0.01) {
            return write!(f, "{:.1e}", self.0);
        }
        let rounded = format!("{:.2}", self.0);
        f.write_str(rounded.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_written_as_short_as_it_can_be() {
        let cases = [
            (40.0, "40", "40"),
            (0.0, "0", "0"),
            (-0.0, "0", "0"),
            (2.5, "2.5", "2.5"),
            (66.666_666, "66.67", "66.666666"),
            (100.0, "100", "100"),
            (-7.0, "-7", "-7"),
            (1e308, "1.0e308", "1e+308"),
        ];
        for (value, shown, written) in cases {
            let score = Score::new(value).unwrap();
            assert_eq!(score.to_string(), shown);
            assert_eq!(score.to_json().to_string(), written);
        }
    }

    #[test]
    fn what_is_no_finite_number_is_no_score() {
        for text in ["", "abc", "NaN", "inf", "1e999", "--1"] {
            assert_eq!(Score::parse(text), None, "{text}");
        }
        assert_eq!(Score::parse(" 2,5 "), Score::new(2.5));
    }
}

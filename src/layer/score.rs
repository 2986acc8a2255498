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
        number(&text.replace(',', ".")).and_then(Self::new)
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
            let (mantissa, exponent) = scientific(self.0);
            return write!(f, "{}e{exponent}", Self(mantissa).to_json());
        }
        Self((self.0 * 100.0).round() / 100.0).to_json().fmt(f)
    }
}

/// A number as `mantissa × 10^exponent`, the mantissa with one decimal.
fn scientific(mut value: f64) -> (f64, i32) {
    let mut exponent = 0;
    while value.abs() >= 9.95 {
        value /= 10.0;
        exponent += 1;
    }
    while value.abs() < 0.995 {
        value *= 10.0;
        exponent -= 1;
    }
    ((value * 10.0).round() / 10.0, exponent)
}

/// A finite number as people write it, leading plus, leading or trailing point and all. It is read as JSON reads it: the
/// standard library's reader has tables of ten kilobytes for a last bit that no score needs.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || digits == "." {
        return None;
    }
    let (whole, rest) = digits.split_at(digits.bytes().take_while(u8::is_ascii_digit).count());
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let rest = if rest == "." { "" } else { rest };
    let value: f64 = serde_json::from_str(&format!("{whole}{rest}")).ok()?;
    value.is_finite().then_some(sign * value)
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
            (1e308, "1e308", "1e+308"),
            (12_345_678.0, "1.2e7", "12345678"),
            (-0.001_5, "-1.5e-3", "-0.0015"),
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
        let numbers =
            [(" 2,5 ", 2.5), ("+7", 7.0), ("-.5", -0.5), ("007", 7.0), ("3.", 3.0), ("1e3", 1000.0), ("0.1", 0.1)];
        for (text, expected) in numbers {
            assert_eq!(Score::parse(text), Score::new(expected), "{text}");
        }
    }
}

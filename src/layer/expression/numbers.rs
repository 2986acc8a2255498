//! What operators and functions reckon with numbers, where that is more than the standard library does.

use super::tree::Compare;
use crate::order;

/// Numbers whose difference is a trillionth of the larger are equal: mathjs' `config.epsilon`.
const NEAR: f64 = 1e-12;

/// Its digits after the point.
const NEAR_PLACES: usize = 12;

/// Past it the factorial is no number any more.
const LARGEST_FACTORIAL: f64 = 170.0;

/// Up to here each whole number has a float of its own.
const LARGEST_COUNTED: f64 = 9_007_199_254_740_992.0;

pub(super) fn compare(comparison: Compare, left: f64, right: f64) -> bool {
    let equal = nearly_equal(left, right);
    match comparison {
        Compare::Equal => equal,
        Compare::Unequal => !equal,
        Compare::Less => left < right && !equal,
        Compare::Greater => left > right && !equal,
        Compare::LessOrEqual => left <= right || equal,
        Compare::GreaterOrEqual => left >= right || equal,
    }
}

pub(super) fn nearly_equal(left: f64, right: f64) -> bool {
    if left == right {
        return true;
    }
    let apart = (left - right).abs();
    apart.is_finite() && (apart <= f64::EPSILON || apart <= left.abs().max(right.abs()) * NEAR)
}

/// The remainder has the divisor's sign; by 0 nothing is taken away. What is nearly a multiple leaves nearly nothing: 0.3
/// by 0.1.
pub(super) fn modulo(value: f64, by: f64) -> f64 {
    if by == 0.0 { value } else { value - by * floor(value / by, 0.0) }
}

/// The same for whole numbers, exactly.
fn whole_modulo(value: f64, by: f64) -> f64 {
    let rest = value % by;
    if rest != 0.0 && (rest < 0.0) != (by < 0.0) { rest + by } else { rest }
}

/// A whole number of 32 bits, as JavaScript's operators on bits take them.
pub(super) fn integer(value: f64) -> Option<i32> {
    let fits = value.fract() == 0.0 && value >= f64::from(i32::MIN) && value <= f64::from(i32::MAX);
    #[allow(clippy::cast_possible_truncation)] // it fits
    fits.then_some(value as i32)
}

pub(super) fn factorial(value: f64) -> f64 {
    if value < 0.0 || value.fract() != 0.0 || value.is_nan() {
        return f64::NAN;
    }
    if value > LARGEST_FACTORIAL {
        return f64::INFINITY;
    }
    let (mut product, mut factor) = (1.0, 2.0);
    while factor <= value {
        product *= factor;
        factor += 1.0;
    }
    product
}

/// How many orders of so many out of all there are.
pub(super) fn permutations(all: f64, chosen: f64) -> f64 {
    if [all, chosen].iter().any(|number| number.fract() != 0.0 || *number < 0.0 || !number.is_finite()) || chosen > all
    {
        return f64::NAN;
    }
    let (mut product, mut factor) = (1.0_f64, all);
    // It stops at once where there are too many to tell.
    while factor > all - chosen && product.is_finite() {
        product *= factor;
        factor -= 1.0;
    }
    product
}

/// How many choices of so many out of all there are.
pub(super) fn combinations(all: f64, chosen: f64) -> f64 {
    let fewer = chosen.min(all - chosen);
    if permutations(all, chosen).is_nan() {
        return f64::NAN;
    }
    let (mut product, mut at) = (1.0_f64, 1.0);
    // Each step is a whole number again.
    while at <= fewer && product.is_finite() {
        product = product * (all - fewer + at) / at;
        at += 1.0;
    }
    product
}

/// What `value` must be multiplied with to leave a remainder of one; nothing where numbers are too large to be counted by one.
pub(super) fn inverse_modulo(value: f64, by: f64) -> f64 {
    let value = if by == 0.0 { f64::NAN } else { whole_modulo(value, by) };
    if gcd(value, by) != 1.0 || value.abs() > LARGEST_COUNTED || by.abs() > LARGEST_COUNTED {
        return f64::NAN;
    }
    let (mut last, mut rest, mut before, mut factor) = (by, value, 0.0, 1.0);
    while rest != 0.0 {
        let times = (last / rest).floor();
        (last, rest) = (rest, last - times * rest);
        (before, factor) = (factor, before - times * factor);
    }
    whole_modulo(before * last, by)
}

/// By exact remainders, which get smaller each time: those of `mod` are rounded, and of large numbers they went round in a
/// circle.
pub(super) fn gcd(mut left: f64, mut right: f64) -> f64 {
    if left.fract() != 0.0 || right.fract() != 0.0 {
        return f64::NAN;
    }
    while right != 0.0 {
        (left, right) = (right, left % right);
    }
    left.abs()
}

pub(super) fn lcm(left: f64, right: f64) -> f64 {
    if left == 0.0 || right == 0.0 { 0.0 } else { (left * right / gcd(left, right)).abs() }
}

/// Halves go away from zero, to so many digits after the point. What is a trillionth from a shorter number is that one.
pub(super) fn round(value: f64, digits: f64) -> f64 {
    let Some(places) = places(digits) else { return f64::NAN };
    let half = |next: u8| next >= b'5';
    let near = cut(value, NEAR_PLACES, half);
    cut(if places < NEAR_PLACES && nearly_equal(value, near) { near } else { value }, places, half)
}

/// Down, to so many digits after the point, but what is nearly the number above is that number; up is the same from the
/// other side.
pub(super) fn floor(value: f64, digits: f64) -> f64 {
    let (Some(places), near) = (places(digits), round(value, digits)) else { return f64::NAN };
    if nearly_equal(value, near) { near } else { cut(value, places, |_| value < 0.0) }
}

/// Digits after the point that can be asked for.
fn places(digits: f64) -> Option<usize> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is a small number
    (digits.fract() == 0.0 && (0.0..=15.0).contains(&digits)).then_some(digits as usize)
}

/// A number without its digits after so many: those that it is written with, since 1.005 is a little less as a float.
/// `up` tells by the first that goes whether the last that stays is one more.
fn cut(value: f64, places: usize, up: impl Fn(u8) -> bool) -> f64 {
    let text = value.abs().to_string();
    let Some((whole, fraction)) = text.split_once('.') else { return value };
    let Some(next) = fraction.as_bytes().get(places) else { return value };
    // With digits after the point a number has no more than seventeen, and counts them.
    let Ok(kept) = format!("{whole}{}", &fraction[..places]).parse::<u64>() else { return value };
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
    // of 15 digits at most
    let size = (kept + u64::from(up(*next))) as f64 / 10.0_f64.powi(places as i32);
    size.copysign(value)
}

pub(super) fn nth_root(value: f64, root: f64) -> f64 {
    let odd = root.fract() == 0.0 && whole_modulo(root, 2.0) == 1.0;
    if value < 0.0 && odd { -(-value).powf(1.0 / root) } else { value.powf(1.0 / root) }
}

pub(super) fn variance(numbers: &[f64]) -> f64 {
    let count = count(numbers);
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
    if numbers.len() == 1 { 0.0 } else { squares / (count - 1.0) }
}

pub(super) fn median(numbers: &[f64]) -> f64 {
    if numbers.iter().any(|number| number.is_nan()) {
        return f64::NAN;
    }
    let mut sorted = numbers.to_vec();
    order::sort_by(&mut sorted, |a, b| a.total_cmp(b));
    let middle = |at: usize| sorted.get(at).copied().unwrap_or(f64::NAN);
    let half = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) { middle(half - 1) / 2.0 + middle(half) / 2.0 } else { middle(half) }
}

/// The median of how far all are from their median.
pub(super) fn mad(numbers: &[f64]) -> f64 {
    let middle = median(numbers);
    median(&numbers.iter().map(|number| (number - middle).abs()).collect::<Vec<_>>())
}

pub(super) fn count(numbers: &[f64]) -> f64 {
    u32::try_from(numbers.len()).map_or(f64::NAN, f64::from)
}

/// The extreme one; with something that is no number there is none.
pub(super) fn extreme(numbers: &[f64], better: fn(f64, f64) -> bool) -> f64 {
    numbers
        .iter()
        .copied()
        .reduce(|best, next| if next.is_nan() || better(next, best) { next } else { best })
        .filter(|_| !numbers.iter().any(|number| number.is_nan()))
        .unwrap_or(f64::NAN)
}

//! What operators and functions come to: mathjs' values for numbers and truths. Where mathjs would go on with complex
//! numbers or fail, there is no number.

use super::tree::{Binary, Compare, Node, Unary};
use crate::order;
use std::f64::consts;

/// Numbers whose difference is a trillionth of the larger are equal: mathjs' `config.epsilon`.
const NEAR: f64 = 1e-12;

/// Past it the factorial is no number any more.
const LARGEST_FACTORIAL: f64 = 170.0;

/// Up to here each whole number has a float of its own.
const LARGEST_COUNTED: f64 = 9_007_199_254_740_992.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operand {
    Number(f64),
    Boolean(bool),
}

macro_rules! functions {
    ($($name:ident $word:literal $least:literal $most:expr;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Function { $($name),* }

        /// The functions that expressions may use.
        pub const FUNCTIONS: &[&str] = &[$($word),*];

        impl Function {
            /// In lower case.
            pub(super) fn named(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// At least and at most how many.
            pub(super) fn arguments(self) -> (usize, usize) {
                match self { $(Self::$name => ($least, $most)),* }
            }
        }
    };
}

const ANY: usize = usize::MAX;

functions! {
    Max "max" 1 ANY; Min "min" 1 ANY; Mean "mean" 1 ANY; Median "median" 1 ANY; Sum "sum" 1 ANY; Prod "prod" 1 ANY;
    Std "std" 1 ANY; Variance "variance" 1 ANY; Hypot "hypot" 1 ANY;
    Abs "abs" 1 1; Sign "sign" 1 1; Round "round" 1 2; Floor "floor" 1 1; Ceil "ceil" 1 1; Fix "fix" 1 1;
    Sqrt "sqrt" 1 1; Cbrt "cbrt" 1 1; NthRoot "nthroot" 1 2; Square "square" 1 1; Cube "cube" 1 1; Pow "pow" 2 2;
    Exp "exp" 1 1; Expm1 "expm1" 1 1; Log "log" 1 2; Log1p "log1p" 1 1; Log2 "log2" 1 1; Log10 "log10" 1 1;
    Sin "sin" 1 1; Cos "cos" 1 1; Tan "tan" 1 1; Asin "asin" 1 1; Acos "acos" 1 1; Atan "atan" 1 1; Atan2 "atan2" 2 2;
    Sinh "sinh" 1 1; Cosh "cosh" 1 1; Tanh "tanh" 1 1; Asinh "asinh" 1 1; Acosh "acosh" 1 1; Atanh "atanh" 1 1;
    Sec "sec" 1 1; Csc "csc" 1 1; Cot "cot" 1 1; Asec "asec" 1 1; Acsc "acsc" 1 1; Acot "acot" 1 1;
    Sech "sech" 1 1; Csch "csch" 1 1; Coth "coth" 1 1; Asech "asech" 1 1; Acsch "acsch" 1 1; Acoth "acoth" 1 1;
    Add "add" 2 ANY; Subtract "subtract" 2 2; Multiply "multiply" 2 ANY; Divide "divide" 2 2; Mod "mod" 2 2;
    UnaryMinus "unaryminus" 1 1; UnaryPlus "unaryplus" 1 1; Factorial "factorial" 1 1; Gcd "gcd" 2 ANY; Lcm "lcm" 2 ANY;
    Combinations "combinations" 2 2; Permutations "permutations" 1 2; Composition "composition" 2 2;
    Catalan "catalan" 1 1; Inv "inv" 1 1; InvMod "invmod" 2 2; Mad "mad" 1 ANY; Norm "norm" 1 1; Compared "compare" 2 2;
    Number "number" 1 1; Boolean "boolean" 1 1;
    Equal "equal" 2 2; Unequal "unequal" 2 2; Smaller "smaller" 2 2; SmallerEq "smallereq" 2 2; Larger "larger" 2 2;
    LargerEq "largereq" 2 2; And "and" 2 2; Or "or" 2 2; Xor "xor" 2 2; Not "not" 1 1;
    IsZero "iszero" 1 1; IsPositive "ispositive" 1 1; IsNegative "isnegative" 1 1; IsInteger "isinteger" 1 1;
    IsNan "isnan" 1 1;
    Scored "scored" 1 1; Clamp "clamp" 3 3;
}

impl Function {
    /// It asks about a layer itself and not about its score.
    pub(super) fn is_about_layers(self) -> bool {
        self == Self::Scored
    }
}

/// The value of a constant; those of one letter would be layers.
pub(super) fn constant(word: &str) -> Option<f64> {
    Some(match word {
        "pi" => consts::PI,
        "tau" => consts::TAU,
        "phi" => f64::midpoint(1.0, 5.0_f64.sqrt()),
        "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        "ln2" => consts::LN_2,
        "ln10" => consts::LN_10,
        "log2e" => consts::LOG2_E,
        "log10e" => consts::LOG10_E,
        "sqrt2" => consts::SQRT_2,
        "sqrt1_2" => consts::FRAC_1_SQRT_2,
        _ => return None,
    })
}

impl Operand {
    fn number(self) -> f64 {
        match self {
            Self::Number(number) => number,
            Self::Boolean(boolean) => f64::from(u8::from(boolean)),
        }
    }

    /// As mathjs: what is not nothing holds, and what is no number doesn't.
    fn holds(self) -> bool {
        match self {
            Self::Number(number) => number != 0.0 && !number.is_nan(),
            Self::Boolean(boolean) => boolean,
        }
    }
}

type Scores<'a> = &'a dyn Fn(char) -> Option<f64>;

pub(super) fn evaluate(node: &Node, scores: Scores<'_>) -> Operand {
    let number = |node: &Node| evaluate(node, scores).number();
    Operand::Number(match node {
        Node::Number(value) => *value,
        Node::Boolean(value) => return Operand::Boolean(*value),
        Node::Letter(letter) => scores(*letter).unwrap_or_default(),
        Node::Percent(inner) => number(inner) / 100.0,
        Node::Unary(Unary::Not, inner) => return Operand::Boolean(!evaluate(inner, scores).holds()),
        Node::Unary(unary, inner) => one(*unary, number(inner)),
        Node::Binary(binary, left, right) => return two(*binary, left, right, scores),
        Node::Compared(first, others) => {
            let mut left = number(first);
            // All are looked at, as there: what is compared has no side effects.
            let all = others.iter().fold(true, |all, (comparison, right)| {
                let right = number(right);
                let holds = compare(*comparison, left, right);
                left = right;
                all && holds
            });
            return Operand::Boolean(all);
        }
        Node::Conditional(parts) => {
            let [condition, then, otherwise] = &**parts;
            return evaluate(if evaluate(condition, scores).holds() { then } else { otherwise }, scores);
        }
        Node::Call(Function::Scored, arguments) => {
            let is = matches!(arguments.first(), Some(Node::Letter(letter)) if scores(*letter).is_some());
            return Operand::Boolean(is);
        }
        Node::Call(function, arguments) => {
            let values: Vec<Operand> = arguments.iter().map(|node| evaluate(node, scores)).collect();
            return call(*function, &values);
        }
    })
}

fn one(unary: Unary, value: f64) -> f64 {
    match unary {
        Unary::Minus => -value,
        Unary::Plus | Unary::Not => value,
        Unary::BitNot => integer(value).map_or(f64::NAN, |value| f64::from(!value)),
        Unary::Factorial => factorial(value),
    }
}

fn two(binary: Binary, left: &Node, right: &Node, scores: Scores<'_>) -> Operand {
    let (left, right) = (evaluate(left, scores), evaluate(right, scores));
    let holds = |left: bool, right: bool| match binary {
        Binary::And => left && right,
        Binary::Or => left || right,
        _ => left != right,
    };
    match binary {
        Binary::And | Binary::Or | Binary::Xor => Operand::Boolean(holds(left.holds(), right.holds())),
        _ => Operand::Number(reckon(binary, left.number(), right.number())),
    }
}

fn reckon(binary: Binary, left: f64, right: f64) -> f64 {
    let bits = |operate: fn(i32, i32) -> f64| match (integer(left), integer(right)) {
        (Some(left), Some(right)) => operate(left, right),
        _ => f64::NAN,
    };
    match binary {
        Binary::Add => left + right,
        Binary::Subtract => left - right,
        Binary::Multiply => left * right,
        Binary::Divide => left / right,
        Binary::Modulo => modulo(left, right),
        Binary::Power => left.powf(right),
        Binary::BitAnd => bits(|left, right| f64::from(left & right)),
        Binary::BitOr => bits(|left, right| f64::from(left | right)),
        Binary::BitXor => bits(|left, right| f64::from(left ^ right)),
        // The last five bits count, as in JavaScript.
        Binary::ShiftLeft => bits(|left, right| f64::from(left.wrapping_shl(right.cast_unsigned()))),
        Binary::ShiftRight => bits(|left, right| f64::from(left.wrapping_shr(right.cast_unsigned()))),
        Binary::ShiftRightLogically => {
            bits(|left, right| f64::from(left.cast_unsigned().wrapping_shr(right.cast_unsigned())))
        }
        Binary::And | Binary::Or | Binary::Xor => f64::NAN,
    }
}

fn compare(comparison: Compare, left: f64, right: f64) -> bool {
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

fn nearly_equal(left: f64, right: f64) -> bool {
    if left == right {
        return true;
    }
    let apart = (left - right).abs();
    apart.is_finite() && (apart <= f64::EPSILON || apart <= left.abs().max(right.abs()) * NEAR)
}

/// The remainder has the divisor's sign; by 0 nothing is taken away.
fn modulo(value: f64, by: f64) -> f64 {
    if by == 0.0 { value } else { value - by * (value / by).floor() }
}

/// A whole number of 32 bits, as JavaScript's operators on bits take them.
fn integer(value: f64) -> Option<i32> {
    let fits = value.fract() == 0.0 && value >= f64::from(i32::MIN) && value <= f64::from(i32::MAX);
    #[allow(clippy::cast_possible_truncation)] // it fits
    fits.then_some(value as i32)
}

fn factorial(value: f64) -> f64 {
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
fn permutations(all: f64, chosen: f64) -> f64 {
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
fn combinations(all: f64, chosen: f64) -> f64 {
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
fn inverse_modulo(value: f64, by: f64) -> f64 {
    let value = if by == 0.0 { f64::NAN } else { modulo(value, by) };
    if gcd(value, by) != 1.0 || value.abs() > LARGEST_COUNTED || by.abs() > LARGEST_COUNTED {
        return f64::NAN;
    }
    let (mut last, mut rest, mut before, mut factor) = (by, value, 0.0, 1.0);
    while rest != 0.0 {
        let times = (last / rest).floor();
        (last, rest) = (rest, last - times * rest);
        (before, factor) = (factor, before - times * factor);
    }
    modulo(before * last, by)
}

/// By exact remainders, which get smaller each time: those of `mod` are rounded, and of large numbers they went round in a circle.
fn gcd(mut left: f64, mut right: f64) -> f64 {
    if left.fract() != 0.0 || right.fract() != 0.0 {
        return f64::NAN;
    }
    while right != 0.0 {
        (left, right) = (right, left % right);
    }
    left.abs()
}

fn lcm(left: f64, right: f64) -> f64 {
    if left == 0.0 || right == 0.0 { 0.0 } else { (left * right / gcd(left, right)).abs() }
}

/// Halves go away from zero, to so many digits after the point (`toFixed`).
fn round(value: f64, digits: f64) -> f64 {
    if digits.fract() != 0.0 || !(0.0..=15.0).contains(&digits) {
        return f64::NAN;
    }
    let scale = 10.0_f64.powf(digits);
    let scaled = (value * scale).round() / scale;
    if scaled.is_finite() { scaled } else { value }
}

/// Down, but what is nearly the whole number above is that number; up is the same from the other side.
fn floor(value: f64) -> f64 {
    let whole = value.round();
    if nearly_equal(value, whole) { whole } else { value.floor() }
}

fn nth_root(value: f64, root: f64) -> f64 {
    let odd = root.fract() == 0.0 && modulo(root, 2.0) == 1.0;
    if value < 0.0 && odd { -(-value).powf(1.0 / root) } else { value.powf(1.0 / root) }
}

fn variance(numbers: &[f64]) -> f64 {
    let count = count(numbers);
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
    if numbers.len() == 1 { 0.0 } else { squares / (count - 1.0) }
}

fn median(numbers: &[f64]) -> f64 {
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
fn mad(numbers: &[f64]) -> f64 {
    let middle = median(numbers);
    median(&numbers.iter().map(|number| (number - middle).abs()).collect::<Vec<_>>())
}

fn count(numbers: &[f64]) -> f64 {
    u32::try_from(numbers.len()).map_or(f64::NAN, f64::from)
}

/// The extreme one; with something that is no number there is none.
fn extreme(numbers: &[f64], better: fn(f64, f64) -> bool) -> f64 {
    numbers
        .iter()
        .copied()
        .reduce(|best, next| if next.is_nan() || better(next, best) { next } else { best })
        .filter(|_| !numbers.iter().any(|number| number.is_nan()))
        .unwrap_or(f64::NAN)
}

fn call(function: Function, values: &[Operand]) -> Operand {
    let numbers: Vec<f64> = values.iter().map(|value| value.number()).collect();
    let at = |place: usize| numbers.get(place).copied().unwrap_or(f64::NAN);
    let holds = |place: usize| values.get(place).is_some_and(|value| value.holds());
    let (x, y) = (at(0), at(1));
    let compared = |comparison: Compare| compare(comparison, x, y);
    let truth = match function {
        Function::Equal => Some(compared(Compare::Equal)),
        Function::Unequal => Some(compared(Compare::Unequal)),
        Function::Smaller => Some(compared(Compare::Less)),
        Function::SmallerEq => Some(compared(Compare::LessOrEqual)),
        Function::Larger => Some(compared(Compare::Greater)),
        Function::LargerEq => Some(compared(Compare::GreaterOrEqual)),
        Function::And => Some(holds(0) && holds(1)),
        Function::Or => Some(holds(0) || holds(1)),
        Function::Xor => Some(holds(0) != holds(1)),
        Function::Not => Some(!holds(0)),
        Function::Boolean => Some(holds(0)),
        Function::IsZero => Some(nearly_equal(x, 0.0)),
        Function::IsPositive => Some(x > 0.0),
        Function::IsNegative => Some(x < 0.0),
        Function::IsInteger => Some(x.is_finite() && x.fract() == 0.0),
        Function::IsNan => Some(x.is_nan()),
        _ => None,
    };
    match truth {
        Some(truth) => Operand::Boolean(truth),
        None => Operand::Number(called(function, &numbers)),
    }
}

fn called(function: Function, numbers: &[f64]) -> f64 {
    let at = |place: usize| numbers.get(place).copied().unwrap_or(f64::NAN);
    let (x, y) = (at(0), at(1));
    match function {
        Function::Max => extreme(numbers, |next, best| next > best),
        Function::Min => extreme(numbers, |next, best| next < best),
        Function::Mean => numbers.iter().sum::<f64>() / count(numbers),
        Function::Median => median(numbers),
        Function::Sum | Function::Add => numbers.iter().sum(),
        Function::Prod | Function::Multiply => numbers.iter().product(),
        Function::Std => variance(numbers).sqrt(),
        Function::Variance => variance(numbers),
        Function::Hypot => numbers.iter().copied().fold(0.0, f64::hypot),
        Function::Mad => mad(numbers),
        Function::Abs | Function::Norm => x.abs(),
        Function::Sign => {
            if x == 0.0 {
                0.0
            } else {
                x.signum()
            }
        }
        Function::Round => round(x, numbers.get(1).copied().unwrap_or(0.0)),
        Function::Floor => floor(x),
        Function::Ceil => -floor(-x),
        Function::Fix => x.trunc(),
        Function::Sqrt => x.sqrt(),
        Function::Cbrt => x.cbrt(),
        Function::NthRoot => nth_root(x, numbers.get(1).copied().unwrap_or(2.0)),
        Function::Square => x * x,
        Function::Cube => x * x * x,
        Function::Pow => x.powf(y),
        Function::Exp => x.exp(),
        Function::Expm1 => x.exp_m1(),
        Function::Log => numbers.get(1).map_or_else(|| x.ln(), |base| x.ln() / base.ln()),
        Function::Log1p => x.ln_1p(),
        Function::Log2 => x.log2(),
        Function::Log10 => x.log10(),
        Function::Sin => x.sin(),
        Function::Cos => x.cos(),
        Function::Tan => x.tan(),
        Function::Asin => x.asin(),
        Function::Acos => x.acos(),
        Function::Atan => x.atan(),
        Function::Atan2 => x.atan2(y),
        Function::Sinh => x.sinh(),
        Function::Cosh => x.cosh(),
        Function::Tanh => x.tanh(),
        Function::Asinh => x.asinh(),
        Function::Acosh => x.acosh(),
        Function::Atanh => x.atanh(),
        Function::Sec => x.cos().recip(),
        Function::Csc => x.sin().recip(),
        Function::Cot => x.tan().recip(),
        Function::Asec => x.recip().acos(),
        Function::Acsc => x.recip().asin(),
        Function::Acot => x.recip().atan(),
        Function::Sech => x.cosh().recip(),
        Function::Csch => x.sinh().recip(),
        Function::Coth => x.tanh().recip(),
        Function::Asech => x.recip().acosh(),
        Function::Acsch => x.recip().asinh(),
        Function::Acoth => x.recip().atanh(),
        Function::Subtract => x - y,
        Function::Divide => x / y,
        Function::Mod => modulo(x, y),
        Function::UnaryMinus => -x,
        Function::UnaryPlus | Function::Number => x,
        Function::Inv => x.recip(),
        Function::InvMod => inverse_modulo(x, y),
        Function::Combinations => combinations(x, y),
        Function::Permutations => numbers.get(1).map_or_else(|| factorial(x), |chosen| permutations(x, *chosen)),
        Function::Composition => combinations(x - 1.0, y - 1.0),
        Function::Catalan => combinations(2.0 * x, x) / (x + 1.0),
        Function::Compared => match (compare(Compare::Less, x, y), compare(Compare::Greater, x, y)) {
            _ if x.is_nan() || y.is_nan() => f64::NAN,
            (true, _) => -1.0,
            (_, true) => 1.0,
            _ => 0.0,
        },
        Function::Factorial => factorial(x),
        Function::Gcd => numbers.iter().copied().reduce(gcd).unwrap_or(f64::NAN),
        Function::Lcm => numbers.iter().copied().reduce(lcm).unwrap_or(f64::NAN),
        Function::Clamp => {
            if y <= at(2) {
                x.max(y).min(at(2))
            } else {
                f64::NAN
            }
        }
        _ => f64::NAN,
    }
}

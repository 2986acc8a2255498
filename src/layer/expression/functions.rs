//! The functions and constants that expressions may use, and the functions' values.

use super::{
    evaluate::Operand,
    numbers::{
        combinations, compare, count, extreme, factorial, floor, gcd, inverse_modulo, lcm, mad, median, modulo,
        nth_root, permutations, round, variance,
    },
    tree::Compare,
};
use std::f64::consts;

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
    Abs "abs" 1 1; Sign "sign" 1 1; Round "round" 1 2; Floor "floor" 1 2; Ceil "ceil" 1 2; Fix "fix" 1 2;
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

/// The value of a function where its arguments have these values.
pub(super) fn call(function: Function, values: &[Operand]) -> Operand {
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
        Function::IsZero => Some(x == 0.0),
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
    let digits = numbers.get(1).copied().unwrap_or(0.0);
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
        Function::Round => round(x, digits),
        Function::Floor => floor(x, digits),
        Function::Ceil => -floor(-x, digits),
        Function::Fix => floor(x.abs(), digits).copysign(x),
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

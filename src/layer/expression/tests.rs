//! Values as mathjs 12.4.3 gave them when it was run, places of errors, and expressions of every shape against an evaluator
//! that knows no text.

use super::{FUNCTIONS, LONGEST_EXPRESSION, *};
use Outcome::{Boolean, Number};
use proptest::prelude::*;

/// Unscored are all but these.
fn scores(letter: char) -> Option<f64> {
    match letter {
        'a' => Some(80.0),
        'b' => Some(20.0),
        'c' => Some(0.0),
        'd' => Some(3.0),
        _ => None,
    }
}

fn value(text: &str) -> Outcome {
    match Expression::parse(text) {
        Ok(Some(expression)) => expression.evaluate(&scores),
        other => panic!("{text}: {other:?}"),
    }
}

fn same(one: Outcome, other: Outcome) -> bool {
    match (one, other) {
        (Number(one), Number(other)) => {
            one == other || (one.is_nan() && other.is_nan()) || ((one - other) / other).abs() < 1e-12
        }
        (one, other) => one == other,
    }
}

#[test]
#[allow(clippy::approx_constant)] // as they were printed
fn values_are_those_of_the_official_apps_library() {
    let cases = [
        ("a + b", Number(100.0)),
        ("a - b", Number(60.0)),
        ("a * b", Number(1600.0)),
        ("a / b", Number(4.0)),
        ("a % d", Number(2.0)),
        ("a mod d", Number(2.0)),
        ("-7 % 3", Number(2.0)),
        ("7 % -3", Number(-2.93)),
        ("a % 0", Number(80.0)),
        ("d ^ 2", Number(9.0)),
        ("2 ^ 3 ^ 2", Number(512.0)),
        ("-2 ^ 2", Number(-4.0)),
        ("2 ^ -2", Number(0.25)),
        ("-a", Number(-80.0)),
        ("+a", Number(80.0)),
        ("--a", Number(80.0)),
        ("~5", Number(-6.0)),
        ("a & b", Number(16.0)),
        ("5 | 2", Number(7.0)),
        ("6 ^| 3", Number(5.0)),
        ("2 << 3", Number(16.0)),
        ("-16 >> 2", Number(-4.0)),
        ("-1 >>> 28", Number(15.0)),
        ("5!", Number(120.0)),
        ("2 * 3!", Number(12.0)),
        ("d! ^ 2", Number(36.0)),
        ("a == 80", Boolean(true)),
        ("a != b", Boolean(true)),
        ("a > b", Boolean(true)),
        ("a < b", Boolean(false)),
        ("a >= 80", Boolean(true)),
        ("a <= 79", Boolean(false)),
        ("b < 50 < a", Boolean(true)),
        ("1 < 2 < 2", Boolean(false)),
        ("0.1 + 0.2 == 0.3", Boolean(true)),
        ("a > 50 and b == 0", Boolean(false)),
        ("a > 50 and c == 0", Boolean(true)),
        ("a > 90 or b > 10", Boolean(true)),
        ("true xor true", Boolean(false)),
        ("a xor c", Boolean(true)),
        ("not a", Boolean(false)),
        ("not c", Boolean(true)),
        ("not a == b", Boolean(false)),
        ("not (a == b)", Boolean(true)),
        ("a and b or c", Boolean(true)),
        ("c and a or a", Boolean(true)),
        ("c or b and c", Boolean(false)),
        ("a > 50 ? 1 : 2", Number(1.0)),
        ("c ? 1 : b ? 2 : 3", Number(2.0)),
        ("a > b ? a : b", Number(80.0)),
        ("(a + b) / 2", Number(50.0)),
        ("a + b / 2", Number(90.0)),
        ("2 * a + b * d", Number(220.0)),
        ("a * b % d", Number(160.0)),
        ("a - b - d", Number(57.0)),
        ("a / b / 2", Number(2.0)),
        ("2a", Number(160.0)),
        ("2a^2", Number(12800.0)),
        ("(a)(b)", Number(1600.0)),
        ("a b", Number(1600.0)),
        ("2(a + b)", Number(200.0)),
        ("(a)2", Number(160.0)),
        ("1/2 a", Number(40.0)),
        ("a/b d", Number(1.3333333333333333)),
        ("3/4(a)", Number(60.0)),
        ("a + 10%", Number(88.0)),
        ("a - 10%", Number(72.0)),
        ("10%", Number(0.1)),
        ("10% + 5", Number(5.1)),
        ("20 + 10% * 2", Number(20.2)),
        ("10%(3)", Number(1.0)),
        ("8 % 3 % 2", Number(0.0)),
        ("1e3", Number(1000.0)),
        ("1.5e-2", Number(0.015)),
        ("5.", Number(5.0)),
        ("A + B", Number(100.0)),
        ("pi", Number(3.141592653589793)),
        ("tau", Number(6.283185307179586)),
        ("phi", Number(1.618033988749895)),
        ("LN2", Number(0.6931471805599453)),
        ("sqrt2", Number(1.4142135623730951)),
        ("infinity > 1", Boolean(true)),
        ("nan == nan", Boolean(false)),
        ("true + 1", Number(2.0)),
        ("true and 2", Boolean(true)),
        ("1 < true", Boolean(false)),
        ("max(a, b)", Number(80.0)),
        ("min(a, b, c)", Number(0.0)),
        ("max(true, 2)", Number(2.0)),
        ("mean(a, b)", Number(50.0)),
        ("median(1, 2, 3, 4)", Number(2.5)),
        ("median(3, 1, 2)", Number(2.0)),
        ("sum(a, b, 1)", Number(101.0)),
        ("prod(2, 3, 4)", Number(24.0)),
        ("std(1, 2, 3)", Number(1.0)),
        ("variance(2, 4)", Number(2.0)),
        ("hypot(3, 4)", Number(5.0)),
        ("abs(-a)", Number(80.0)),
        ("sign(-2)", Number(-1.0)),
        ("round(2.5)", Number(3.0)),
        ("round(-2.5)", Number(-3.0)),
        ("round(2.345, 2)", Number(2.35)),
        ("round(a / d, 1)", Number(26.7)),
        ("floor(2.7)", Number(2.0)),
        ("floor(-2.7)", Number(-3.0)),
        ("ceil(2.1)", Number(3.0)),
        ("floor(1.9999999999999)", Number(2.0)),
        ("fix(-2.7)", Number(-2.0)),
        ("sqrt(b + 5)", Number(5.0)),
        ("cbrt(27)", Number(3.0)),
        ("cbrt(-27)", Number(-3.0)),
        ("nthRoot(16, 4)", Number(2.0)),
        ("nthRoot(-8, 3)", Number(-2.0)),
        ("square(d)", Number(9.0)),
        ("cube(d)", Number(27.0)),
        ("pow(d, 4)", Number(81.0)),
        ("exp(0)", Number(1.0)),
        ("expm1(0)", Number(0.0)),
        ("log(exp(2))", Number(2.0)),
        ("log(8, 2)", Number(3.0)),
        ("log2(8)", Number(3.0)),
        ("log10(1000)", Number(3.0)),
        ("log1p(0)", Number(0.0)),
        ("sin(pi / 2)", Number(1.0)),
        ("cos(0)", Number(1.0)),
        ("tan(0)", Number(0.0)),
        ("asin(1)", Number(1.5707963267948966)),
        ("acos(1)", Number(0.0)),
        ("atan(1)", Number(0.7853981633974483)),
        ("atan2(1, 1)", Number(0.7853981633974483)),
        ("sinh(0)", Number(0.0)),
        ("cosh(0)", Number(1.0)),
        ("tanh(0)", Number(0.0)),
        ("add(a, b)", Number(100.0)),
        ("subtract(a, b)", Number(60.0)),
        ("multiply(a, b)", Number(1600.0)),
        ("divide(a, b)", Number(4.0)),
        ("mod(a, d)", Number(2.0)),
        ("unaryMinus(a)", Number(-80.0)),
        ("unaryPlus(a)", Number(80.0)),
        ("factorial(4)", Number(24.0)),
        ("gcd(8, 12)", Number(4.0)),
        ("lcm(4, 6)", Number(12.0)),
        ("gcd(1.7976931348623157e308, 3)", Number(1.0)),
        ("gcd(-1.7976931348623157e308, 1e300)", Number(5.948067633911132e+284)),
        ("invmod(3, 1.7976931348623157e308)", Number(f64::NAN)),
        ("equal(a, 80)", Boolean(true)),
        ("unequal(a, b)", Boolean(true)),
        ("smaller(b, a)", Boolean(true)),
        ("smallerEq(a, 80)", Boolean(true)),
        ("larger(b, a)", Boolean(false)),
        ("largerEq(a, 80)", Boolean(true)),
        ("and(a, c)", Boolean(false)),
        ("or(a, c)", Boolean(true)),
        ("xor(a, b)", Boolean(false)),
        ("not(c)", Boolean(true)),
        ("isZero(c)", Boolean(true)),
        ("isPositive(a)", Boolean(true)),
        ("isNegative(a)", Boolean(false)),
        ("isInteger(2.5)", Boolean(false)),
        ("isNaN(0 / 0)", Boolean(true)),
        ("sec(1)", Number(1.8508157176809255)),
        ("csc(1)", Number(1.1883951057781212)),
        ("cot(1)", Number(0.6420926159343306)),
        ("asec(2)", Number(1.0471975511965979)),
        ("acsc(2)", Number(0.5235987755982989)),
        ("acot(2)", Number(0.4636476090008061)),
        ("asinh(2)", Number(1.4436354751788103)),
        ("acosh(2)", Number(1.3169578969248166)),
        ("atanh(0.5)", Number(0.5493061443340548)),
        ("sech(1)", Number(0.6480542736638855)),
        ("csch(1)", Number(0.8509181282393216)),
        ("coth(1)", Number(1.3130352854993312)),
        ("asech(0.5)", Number(1.3169578969248166)),
        ("acsch(2)", Number(0.48121182505960347)),
        ("acoth(2)", Number(0.5493061443340548)),
        ("combinations(5, 3)", Number(10.0)),
        ("combinations(60, 30)", Number(118264581564861460.0)),
        ("combinations(7, 0)", Number(1.0)),
        ("permutations(4)", Number(24.0)),
        ("permutations(5, 3)", Number(60.0)),
        ("composition(5, 3)", Number(6.0)),
        ("catalan(5)", Number(42.0)),
        ("inv(4)", Number(0.25)),
        ("invmod(3, 7)", Number(5.0)),
        ("invmod(-3, 7)", Number(2.0)),
        ("invmod(2, 4)", Number(f64::NAN)),
        ("mad(1, 2, 3, 10)", Number(1.0)),
        ("norm(-3)", Number(3.0)),
        ("compare(2, 3)", Number(-1.0)),
        ("compare(3, 2)", Number(1.0)),
        ("compare(0.1 + 0.2, 0.3)", Number(0.0)),
        ("number(true)", Number(1.0)),
        ("boolean(2)", Boolean(true)),
        ("boolean(0)", Boolean(false)),
        ("cot(0)", Number(f64::INFINITY)),
        ("coth(0)", Number(f64::INFINITY)),
        ("acoth(1)", Number(f64::INFINITY)),
        ("acot(0)", Number(1.5707963267948966)),
        ("invmod(1, 1)", Number(0.0)),
        ("invmod(5, 1)", Number(0.0)),
        ("catalan(0)", Number(1.0)),
        ("((((a))))", Number(80.0)),
        ("max(a, min(b, c), d)", Number(80.0)),
        ("a > 50 and not (b > 50)", Boolean(true)),
        ("a*b+c*d-a/b", Number(1596.0)),
        ("(a > 10) + (b > 10) + (c > 10)", Number(2.0)),
    ];
    for (text, expected) in cases {
        let found = value(text);
        assert!(same(found, expected), "{text}: {found:?}, expected {expected:?}");
    }
    // Each function is in the table, but for what is ours alone.
    for function in FUNCTIONS.iter().filter(|function| !["scored", "clamp"].contains(function)) {
        let call = format!("{function}(");
        assert!(cases.iter().any(|(text, _)| text.to_ascii_lowercase().contains(&call)), "{function}");
    }
}

#[test]
fn what_goes_further_does_as_documented() {
    let cases = [
        // Letters are layers: `e` is no constant, and where it is unscored it is 0.
        ("2e", Number(0.0)),
        ("e + 1", Number(1.0)),
        ("i", Number(0.0)),
        ("scored(a)", Boolean(true)),
        ("scored(c)", Boolean(true)),
        ("scored(e)", Boolean(false)),
        ("scored(e) ? e : 7", Number(7.0)),
        ("clamp(a, 0, 50)", Number(50.0)),
        ("clamp(-a, 0, 50)", Number(0.0)),
        ("clamp(a, 50, 0)", Number(f64::NAN)),
        ("\ta\n+ b ", Number(100.0)),
        ("a ? c ? 1 : 2 : 3", Number(2.0)),
        // mathjs goes on with complex numbers, or with the gamma function.
        ("sqrt(-1)", Number(f64::NAN)),
        ("(-8) ^ (1/3)", Number(f64::NAN)),
        ("log(-1)", Number(f64::NAN)),
        ("2.5!", Number(f64::NAN)),
        ("171!", Number(f64::INFINITY)),
        ("1 / 0", Number(f64::INFINITY)),
        ("0 / 0", Number(f64::NAN)),
        ("2.5 & 1", Number(f64::NAN)),
        ("1e10 | 1", Number(f64::NAN)),
        ("round(a, 99)", Number(f64::NAN)),
        ("combinations(3, 5)", Number(f64::NAN)),
        ("combinations(2.5, 1)", Number(f64::NAN)),
        ("permutations(3, -5)", Number(f64::NAN)),
        ("permutations(1e300, 1e299)", Number(f64::INFINITY)),
        ("combinations(1e300, 1e299)", Number(f64::INFINITY)),
        ("catalan(nan)", Number(f64::NAN)),
        ("composition(0, 0)", Number(f64::NAN)),
        ("invmod(2, 0)", Number(f64::NAN)),
        ("compare(nan, 1)", Number(f64::NAN)),
        ("max(nan, 1)", Number(f64::NAN)),
        ("min(1, nan)", Number(f64::NAN)),
        ("median(nan, 1)", Number(f64::NAN)),
    ];
    for (text, expected) in cases {
        let found = value(text);
        assert!(same(found, expected), "{text}: {found:?}, expected {expected:?}");
    }
    for blank in ["", "  ", "\n\t"] {
        assert_eq!(Expression::parse(blank), Ok(None));
    }
}

#[test]
fn errors_say_where_and_what() {
    let cases = [
        ("a +", 3, 1, "expected here"),
        ("a + * b", 4, 1, "\"*\""),
        ("(a + b", 0, 1, "never closed"),
        ("a + b)", 5, 1, "closes nothing"),
        ("max(a, b", 3, 1, "never closed"),
        ("max(a b, , c)", 9, 1, "\",\""),
        ("max()", 0, 5, "1 or more"),
        ("a + abs(a, b)", 4, 9, "1 arguments"),
        ("clamp(a)", 0, 8, "3 arguments"),
        ("max a", 4, 1, "brackets"),
        ("foo(a)", 0, 3, "no function \"foo\""),
        ("a + layer1", 4, 6, "single letters"),
        ("a = 5", 2, 1, "=="),
        ("a # b", 2, 1, "\"#\""),
        ("a && b", 3, 1, "and"),
        ("!a", 0, 1, "not"),
        ("a ? b", 5, 1, "\":\""),
        ("a ? b : ", 8, 1, "expected here"),
        ("random() * a", 0, 6, "random"),
        ("a and", 5, 1, "expected here"),
        ("and a", 0, 3, "\"and\""),
        ("1 2", 2, 1, "sign is missing"),
        ("1e999", 0, 5, "no number"),
        ("1,5", 1, 1, "\",\""),
        ("a; b", 1, 1, "\";\""),
        ("[a]", 0, 1, "\"[\""),
        ("\"x\"", 0, 1, "no meaning"),
        ("scored(5)", 0, 6, "letter"),
        ("scored(a + b)", 0, 6, "letter"),
        ("ä + é + 1", 0, 1, "single letters"),
        ("a + é", 4, 1, "single letters"),
        ("b + 😀", 4, 1, "no meaning"),
        ("a b 1 2", 6, 1, "sign is missing"),
    ];
    for (text, at, length, says) in cases {
        match Expression::parse(text) {
            Err(error) => {
                assert_eq!((error.at, error.length), (at, length), "{text}: {error}");
                assert!(error.what.contains(says), "{text}: {error}");
            }
            Ok(parsed) => panic!("{text}: {parsed:?}"),
        }
    }
}

#[test]
fn length_and_depth_are_bounded() {
    let long = "a+".repeat(LONGEST_EXPRESSION / 2);
    assert_eq!(Expression::parse(&format!("{long}a")).unwrap_err().at, LONGEST_EXPRESSION);
    let full = format!("{}a", "a+".repeat(LONGEST_EXPRESSION / 2 - 1));
    assert_eq!(value(&full), Number(80.0 * 500.0));
    let texts = [
        "(".repeat(900),
        format!("{}a", "-".repeat(999)),
        format!("{}a", "not ".repeat(249)),
        "2^".repeat(500),
        "max(".repeat(249),
        "a?".repeat(500),
        format!("{}1", "a?b:".repeat(249)),
    ];
    for text in texts {
        let error = Expression::parse(&text).unwrap_err();
        assert!(error.what.contains("deep"), "{error}");
    }
    // A sum in percents doubles what is left of it each time: it must not grow beyond what is looked at.
    let percents = format!("a{}", "+1%".repeat(332));
    assert!(Expression::parse(&percents).unwrap_err().what.contains("percentages"));
    assert!(same(value(&format!("a{}", "+10%".repeat(3))), Number(80.0 * 1.1 * 1.1 * 1.1)));
}

#[test]
fn the_letters_are_told_in_the_order_in_which_they_are_named() {
    let parsed = Expression::parse("c + max(A, 2c, b)").unwrap().unwrap();
    let told: Vec<(char, usize)> = parsed.letters().iter().map(|letter| (letter.name, letter.at)).collect();
    assert_eq!(told, [('c', 0), ('a', 8), ('b', 15)]);
}

/// An expression that never was a text.
#[derive(Debug, Clone)]
enum Plain {
    Number(u16),
    Letter(char),
    Minus(Box<Plain>),
    Not(Box<Plain>),
    Two(&'static str, Box<Plain>, Box<Plain>),
    If(Box<Plain>, Box<Plain>, Box<Plain>),
    Max(Vec<Plain>),
}

/// From loose to tight.
const LEVELS: [&[&str]; 7] =
    [&["or"], &["xor"], &["and"], &["==", "!=", "<", ">", "<=", ">="], &["+", "-"], &["*", "/"], &["mod"]];

fn plain() -> impl Strategy<Value = Plain> {
    let leaf = prop_oneof![
        (0_u16..200).prop_map(Plain::Number),
        "[a-e]".prop_map(|it: String| Plain::Letter(it.chars().next().unwrap_or_default()))
    ];
    let leaf = leaf.boxed();
    let operators: Vec<&'static str> = LEVELS.concat();
    leaf.prop_recursive(5, 40, 4, move |inner| {
        let two = proptest::sample::select(operators.clone());
        prop_oneof![
            (two, inner.clone(), inner.clone()).prop_map(|(sign, a, b)| Plain::Two(sign, Box::new(a), Box::new(b))),
            inner.clone().prop_map(|a| Plain::Minus(Box::new(a))),
            inner.clone().prop_map(|a| Plain::Not(Box::new(a))),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| Plain::If(
                Box::new(a),
                Box::new(b),
                Box::new(c)
            )),
            proptest::collection::vec(inner, 1..4).prop_map(Plain::Max),
        ]
    })
}

impl Plain {
    fn value(&self) -> f64 {
        let truth = |holds: bool| f64::from(u8::from(holds));
        let holds = |value: f64| value != 0.0 && !value.is_nan();
        match self {
            Self::Number(number) => f64::from(*number),
            Self::Letter(letter) => scores(*letter).unwrap_or_default(),
            Self::Minus(inner) => -inner.value(),
            Self::Not(inner) => truth(!holds(inner.value())),
            Self::If(condition, then, otherwise) => {
                if holds(condition.value()) {
                    then.value()
                } else {
                    otherwise.value()
                }
            }
            Self::Max(all) => {
                let values: Vec<f64> = all.iter().map(Self::value).collect();
                let any_nan = values.iter().any(|value| value.is_nan());
                if any_nan { f64::NAN } else { values.into_iter().fold(f64::NEG_INFINITY, f64::max) }
            }
            Self::Two(sign, left, right) => {
                let (left, right) = (left.value(), right.value());
                let finite = left.is_finite() && right.is_finite();
                let near = left == right || (finite && (left - right).abs() <= left.abs().max(right.abs()) * 1e-12);
                match *sign {
                    "or" => truth(holds(left) || holds(right)),
                    "xor" => truth(holds(left) != holds(right)),
                    "and" => truth(holds(left) && holds(right)),
                    "==" => truth(near),
                    "!=" => truth(!near),
                    "<" => truth(left < right && !near),
                    ">" => truth(left > right && !near),
                    "<=" => truth(left <= right || near),
                    ">=" => truth(left >= right || near),
                    "+" => left + right,
                    "-" => left - right,
                    "*" => left * right,
                    "/" => left / right,
                    _ if right == 0.0 => left,
                    _ => left - right * (left / right).floor(),
                }
            }
        }
    }

    /// With as few brackets as the precedence allows, or with all that there can be.
    fn text(&self, all: bool) -> String {
        let in_brackets = |text: String, needed: bool| if needed || all { format!("({text})") } else { text };
        let level = |node: &Self| match node {
            Self::If(..) => 0,
            Self::Two(sign, ..) => 1 + LEVELS.iter().position(|signs| signs.contains(sign)).unwrap(),
            Self::Minus(_) | Self::Not(_) => 8,
            Self::Number(_) | Self::Letter(_) | Self::Max(_) => 9,
        };
        // Comparisons would be a chain; so they get brackets on both sides.
        let own = level(self);
        let left = |node: &Self| in_brackets(node.text(all), level(node) < own || (own == 4 && level(node) == 4));
        let right = |node: &Self| in_brackets(node.text(all), level(node) <= own);
        match self {
            Self::Number(number) => number.to_string(),
            Self::Letter(letter) => letter.to_string(),
            Self::Minus(inner) => format!("-{}", left(inner)),
            Self::Not(inner) => format!("not {}", left(inner)),
            Self::If(condition, then, otherwise) => {
                format!("{} ? {} : {}", right(condition), left(then), left(otherwise))
            }
            Self::Max(nodes) => {
                format!("max({})", nodes.iter().map(|node| node.text(all)).collect::<Vec<_>>().join(", "))
            }
            Self::Two(sign, one, other) => format!("{} {sign} {}", left(one), right(other)),
        }
    }
}

proptest! {
    #[test]
    fn an_expression_has_the_value_of_what_it_was_written_from(plain in plain(), all in any::<bool>()) {
        let text = plain.text(all);
        prop_assume!(text.len() <= LONGEST_EXPRESSION);
        let found = match value(&text) {
            Number(number) => number,
            Boolean(holds) => f64::from(u8::from(holds)),
        };
        prop_assert!(same(Number(found), Number(plain.value())), "{}: {} {}", text, found, plain.value());
    }

    #[test]
    fn no_text_makes_it_fail(text in "[ a-e0-9.+*/%^()<>=!&|?:,~'exmaxn-]{0,60}") {
        match Expression::parse(&text) {
            Ok(Some(expression)) => drop(expression.evaluate(&scores)),
            Ok(None) => {}
            Err(error) => prop_assert!(error.at <= text.chars().count()),
        }
    }
}

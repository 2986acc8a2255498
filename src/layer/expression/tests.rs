//! Places of errors, bounds, and expressions of every shape against an evaluator that knows no text. What values they have is
//! `values`'.

mod values;

use super::{LONGEST_EXPRESSION, *};
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
        ("-2 3", 3, 1, "sign is missing"),
        ("2^2 3", 4, 1, "sign is missing"),
        ("b % 3 4", 6, 1, "sign is missing"),
        ("a% not b", 3, 3, "\"not\""),
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

//! What an expression comes to: mathjs' values for numbers and truths. Where mathjs would go on with complex numbers or
//! fail, there is no number.

use super::{
    functions::{Function, call},
    numbers::{compare, factorial, integer, modulo},
    tree::{Binary, Node, Unary},
};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operand {
    Number(f64),
    Boolean(bool),
}

impl Operand {
    pub(super) fn number(self) -> f64 {
        match self {
            Self::Number(number) => number,
            Self::Boolean(boolean) => f64::from(u8::from(boolean)),
        }
    }

    /// As mathjs: what is not nothing holds, and what is no number doesn't.
    pub(super) fn holds(self) -> bool {
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
        Node::Apart(inner) => return evaluate(inner, scores),
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

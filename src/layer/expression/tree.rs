//! What an expression is once it is understood.

use super::functions::Function;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Number(f64),
    Boolean(bool),
    /// A layer's score.
    Letter(char),
    Unary(Unary, Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    /// `1 < a < 5`: each with the next.
    Compared(Box<Node>, Vec<(Compare, Node)>),
    Conditional(Box<[Node; 3]>),
    Call(Function, Vec<Node>),
    /// A hundredth, which sums take of their left side: `a + 10%`.
    Percent(Box<Node>),
    /// In brackets, or a number by its name: what is beside it sees a value, and not what that is made of.
    Apart(Box<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unary {
    Minus,
    Plus,
    Not,
    BitNot,
    Factorial,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    And,
    Or,
    Xor,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    ShiftRightLogically,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Unequal,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
}

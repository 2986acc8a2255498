//! Score expressions over layers: `a + b`, `max(a, b)`, `a > 50 and b == 0`. Grammar, precedence and values are those of
//! mathjs 12, which the official Navigator hands expressions to, as far as they are about numbers. What is done with the
//! values is `combination`'s.
//!
//! On purpose otherwise: a single letter is always a layer (mathjs takes `e` and `i` for constants), letters count beside a
//! number (`2a`), nothing is assigned, and nothing is random. Ours alone: `scored(a)`, `clamp(x, low, high)`.

mod evaluate;
mod functions;
mod numbers;
mod parse;
mod token;
mod tree;

#[cfg(test)]
mod tests;

pub use functions::FUNCTIONS;

use evaluate::Operand;
use tree::Node;

/// The longest expression that is taken, in characters.
pub const LONGEST_EXPRESSION: usize = 1_000;

/// An expression that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    root: Node,
    letters: Vec<Letter>,
}

/// A letter and where it first stands, in characters from the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    pub name: char,
    pub at: usize,
}

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct ExpressionError {
    /// In characters from the beginning; at the end where something is missing.
    pub at: usize,
    /// So many characters are meant.
    pub length: usize,
    pub what: String,
}

/// What an expression comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    Number(f64),
    Boolean(bool),
}

impl Expression {
    /// Understands a text; `None` where it is blank.
    ///
    /// # Errors
    /// With the place where it stops making sense.
    pub fn parse(text: &str) -> Result<Option<Self>, ExpressionError> {
        let tokens = token::tokens(text)?;
        if tokens.is_empty() {
            return Ok(None);
        }
        let root = parse::parse(&tokens, text.chars().count())?;
        let mut letters: Vec<Letter> = Vec::new();
        for token in &tokens {
            if let token::Kind::Letter(name) = token.kind
                && letters.iter().all(|letter| letter.name != name)
            {
                letters.push(Letter { name, at: token.at });
            }
        }
        Ok(Some(Self { root, letters }))
    }

    /// The layers that it is about, in the order in which they are first named.
    pub fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// Its value, where `score` tells a layer's; what is not scored counts as 0.
    pub fn evaluate(&self, score: &dyn Fn(char) -> Option<f64>) -> Outcome {
        match evaluate::evaluate(&self.root, score) {
            Operand::Number(number) => Outcome::Number(number),
            Operand::Boolean(boolean) => Outcome::Boolean(boolean),
        }
    }
}

impl ExpressionError {
    pub(super) fn new(at: usize, length: usize, what: impl Into<String>) -> Self {
        Self { at, length, what: what.into() }
    }
}

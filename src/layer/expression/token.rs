//! From characters to the words of an expression.

use super::{ExpressionError, LONGEST_EXPRESSION};
use crate::layer::score::number;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub at: usize,
    pub length: usize,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    Letter(char),
    /// In lower case: the official app lowers everything, too.
    Word(String),
    Sign(&'static str),
}

/// The longer ones first.
const SIGNS: [&str; 26] = [
    ">>>", "<=", ">=", "==", "!=", "<<", ">>", "^|", ".*", "./", ".^", "+", "-", "*", "/", "%", "^", "<", ">", "!",
    "~", "&", "|", "(", ")", ",",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ExpressionError> {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() > LONGEST_EXPRESSION {
        let what = format!("The expression is longer than {LONGEST_EXPRESSION} characters.");
        return Err(ExpressionError::new(LONGEST_EXPRESSION, characters.len() - LONGEST_EXPRESSION, what));
    }
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(character) = characters.get(at) {
        if character.is_whitespace() {
            at += 1;
            continue;
        }
        let token = token(&characters, at)?;
        at += token.length;
        tokens.push(token);
    }
    Ok(tokens)
}

fn token(characters: &[char], at: usize) -> Result<Token, ExpressionError> {
    let rest = characters.get(at..).unwrap_or_default();
    let digit = |at: usize| rest.get(at).is_some_and(char::is_ascii_digit);
    let first = rest.first().copied().unwrap_or_default();
    if digit(0) || (first == '.' && digit(1)) {
        return number_token(rest, at);
    }
    if first.is_alphabetic() {
        let length = rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
        let word: String = rest.iter().take(length).collect::<String>().to_ascii_lowercase();
        let mut letters = word.chars();
        let kind = match (letters.next(), letters.next()) {
            (Some(letter), None) if letter.is_ascii_lowercase() => Kind::Letter(letter),
            _ => Kind::Word(word),
        };
        return Ok(Token { at, length, kind });
    }
    let starts = |sign: &&&str| sign.chars().enumerate().all(|(place, c)| rest.get(place) == Some(&c));
    if let Some(sign) = SIGNS.iter().find(starts) {
        let kind = Kind::Sign(sign);
        return Ok(Token { at, length: sign.len(), kind });
    }
    match first {
        '?' => Ok(Token { at, length: 1, kind: Kind::Sign("?") }),
        ':' => Ok(Token { at, length: 1, kind: Kind::Sign(":") }),
        '=' => Err(ExpressionError::new(at, 1, "Nothing can be assigned: write == to compare.")),
        other => Err(ExpressionError::new(at, 1, format!("\"{other}\" has no meaning here."))),
    }
}

fn number_token(rest: &[char], at: usize) -> Result<Token, ExpressionError> {
    let digits = |from: usize| rest.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let mut length = digits(0);
    if rest.get(length) == Some(&'.') && !matches!(rest.get(length + 1), Some('*' | '/' | '^')) {
        length += 1 + digits(length + 1);
    }
    if matches!(rest.get(length), Some('e' | 'E')) {
        let sign = usize::from(matches!(rest.get(length + 1), Some('+' | '-')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    let text: String = rest.iter().take(length).collect();
    let value = number(&text)
        .ok_or_else(|| ExpressionError::new(at, length, format!("{text} is no number that can be reckoned with.")))?;
    Ok(Token { at, length, kind: Kind::Number(value) })
}

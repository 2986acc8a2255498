//! From words to a tree, with mathjs' precedence: conditional, or, xor, and, bits, comparisons, shifts, sums, products,
//! products without a sign, remainders, signs, powers, factorials.

use super::{
    ExpressionError,
    functions::{Function, constant},
    token::{Kind, Token},
    tree::{Binary, Compare, Node, Unary},
};

/// So many brackets, signs and conditions may stand in each other.
const DEEPEST: usize = 48;

pub(super) fn parse(tokens: &[Token], end: usize) -> Result<Node, ExpressionError> {
    let mut parser = Parser { tokens, at: 0, end, depth: 0, percents: 0 };
    let root = parser.conditional()?;
    match parser.next() {
        None => Ok(root),
        Some(token) => Err(unexpected(token)),
    }
}

/// Each doubles what is left of it.
const MOST_PERCENTS: usize = 4;

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    end: usize,
    depth: usize,
    percents: usize,
}

type Parsed = Result<Node, ExpressionError>;

/// What a level of precedence has: signs or words, and what they do.
type Level = &'static [(&'static str, Binary)];

const BIT_OR: Level = &[("|", Binary::BitOr)];
const BIT_XOR: Level = &[("^|", Binary::BitXor)];
const BIT_AND: Level = &[("&", Binary::BitAnd)];
const SHIFT: Level = &[("<<", Binary::ShiftLeft), (">>", Binary::ShiftRight), (">>>", Binary::ShiftRightLogically)];
const SUM: Level = &[("+", Binary::Add), ("-", Binary::Subtract)];
const PRODUCT: Level =
    &[("*", Binary::Multiply), (".*", Binary::Multiply), ("/", Binary::Divide), ("./", Binary::Divide)];
const LOGIC: [Level; 3] = [&[("or", Binary::Or)], &[("xor", Binary::Xor)], &[("and", Binary::And)]];
const BITS: [Level; 3] = [BIT_OR, BIT_XOR, BIT_AND];

const COMPARISONS: [(&str, Compare); 6] = [
    ("==", Compare::Equal),
    ("!=", Compare::Unequal),
    ("<", Compare::Less),
    (">", Compare::Greater),
    ("<=", Compare::LessOrEqual),
    (">=", Compare::GreaterOrEqual),
];

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    fn is(&self, sign: &str) -> bool {
        match self.peek().map(|token| &token.kind) {
            Some(Kind::Sign(other)) => *other == sign,
            Some(Kind::Word(word)) => word == sign,
            _ => false,
        }
    }

    fn take(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        self.at += usize::from(is);
        is
    }

    fn one_of<T: Copy>(&mut self, all: &[(&str, T)]) -> Option<T> {
        let found = all.iter().find(|(sign, _)| self.is(sign)).map(|(_, meaning)| *meaning);
        self.at += usize::from(found.is_some());
        found
    }

    /// Whether a token to come is a letter, a name or an opening bracket: it is multiplied with what is before it.
    fn begins_factor(&self, ahead: usize) -> bool {
        match self.tokens.get(self.at + ahead).map(|token| &token.kind) {
            Some(Kind::Letter(_) | Kind::Sign("(")) => true,
            Some(Kind::Word(word)) => !matches!(word.as_str(), "and" | "or" | "xor" | "mod" | "not"),
            _ => false,
        }
    }

    fn is_number(&self, ahead: usize) -> bool {
        matches!(self.tokens.get(self.at + ahead).map(|token| &token.kind), Some(Kind::Number(_)))
    }

    fn missing(&self, what: &str) -> ExpressionError {
        match self.peek() {
            Some(token) => ExpressionError::new(token.at, token.length, what),
            None => ExpressionError::new(self.end, 1, what),
        }
    }

    fn deeper(&mut self) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.missing("The expression is nested too deeply."));
        }
        Ok(())
    }

    fn conditional(&mut self) -> Parsed {
        let condition = self.logic(0)?;
        if !self.take("?") {
            return Ok(condition);
        }
        self.deeper()?;
        let then = self.conditional()?;
        if !self.take(":") {
            return Err(self.missing("After what holds, \":\" and what holds otherwise are expected."));
        }
        let otherwise = self.conditional()?;
        self.depth -= 1;
        Ok(Node::Conditional(Box::new([condition, then, otherwise])))
    }

    fn logic(&mut self, level: usize) -> Parsed {
        match LOGIC.get(level) {
            Some(signs) => self.left_to_right(signs, &|parser| parser.logic(level + 1)),
            None => self.bits(0),
        }
    }

    fn bits(&mut self, level: usize) -> Parsed {
        match BITS.get(level) {
            Some(signs) => self.left_to_right(signs, &|parser| parser.bits(level + 1)),
            None => self.comparison(),
        }
    }

    fn left_to_right(&mut self, signs: Level, inner: &dyn Fn(&mut Self) -> Parsed) -> Parsed {
        let mut node = inner(self)?;
        while let Some(operator) = self.one_of(signs) {
            node = binary(operator, node, inner(self)?);
        }
        Ok(node)
    }

    fn comparison(&mut self) -> Parsed {
        let first = self.left_to_right(SHIFT, &Self::sum)?;
        let mut others = Vec::new();
        while let Some(comparison) = self.one_of(&COMPARISONS) {
            others.push((comparison, self.left_to_right(SHIFT, &Self::sum)?));
        }
        Ok(if others.is_empty() { first } else { Node::Compared(Box::new(first), others) })
    }

    fn sum(&mut self) -> Parsed {
        let mut node = self.product()?;
        while let Some(operator) = self.one_of(SUM) {
            let at = self.at;
            let right = match self.product()? {
                percent @ Node::Percent(_) => {
                    self.percents += 1;
                    if self.percents > MOST_PERCENTS {
                        let place = self.tokens.get(at).map_or(self.end, |token| token.at);
                        return Err(ExpressionError::new(place, 1, "There are too many percentages of sums."));
                    }
                    binary(Binary::Multiply, node.clone(), percent)
                }
                other => other,
            };
            node = binary(operator, node, right);
        }
        Ok(node)
    }

    fn product(&mut self) -> Parsed {
        self.left_to_right(PRODUCT, &Self::beside)
    }

    /// What stands side by side is multiplied, before what is written with a sign is.
    fn beside(&mut self) -> Parsed {
        let mut node = self.fraction()?;
        let mut number_may_follow = is_apart(&node);
        while self.begins_factor(0) || (number_may_follow && self.is_number(0)) {
            let right = self.fraction()?;
            number_may_follow = is_apart(&right);
            node = binary(Binary::Multiply, node, right);
        }
        Ok(node)
    }

    /// `1/2 a` is half of a: a number over a number before a letter or bracket is one number.
    fn fraction(&mut self) -> Parsed {
        let mut node = self.remainder()?;
        let mut last_is_number = is_number(&node);
        while last_is_number && self.is("/") && self.is_number(1) && self.begins_factor(2) {
            self.at += 1;
            let right = self.remainder()?;
            last_is_number = is_number(&right);
            node = binary(Binary::Divide, node, right);
        }
        Ok(node)
    }

    /// What a `%` stands before tells what it is: a remainder before a value, else a hundredth, as in `a% and b`.
    fn remainder(&mut self) -> Parsed {
        let mut node = self.signed()?;
        loop {
            if self.take("%") {
                let is_between = self.begins_factor(0) || self.is_number(0);
                node = if is_between {
                    binary(Binary::Modulo, node, self.signed()?)
                } else {
                    Node::Percent(Box::new(node))
                };
            } else if self.take("mod") {
                node = binary(Binary::Modulo, node, self.signed()?);
            } else {
                return Ok(node);
            }
        }
    }

    fn signed(&mut self) -> Parsed {
        const SIGNS: [(&str, Unary); 4] =
            [("-", Unary::Minus), ("+", Unary::Plus), ("not", Unary::Not), ("~", Unary::BitNot)];
        let Some(sign) = self.one_of(&SIGNS) else { return self.power() };
        self.deeper()?;
        let node = self.signed()?;
        self.depth -= 1;
        Ok(Node::Unary(sign, Box::new(node)))
    }

    /// From the right: `2^3^2` is 512.
    fn power(&mut self) -> Parsed {
        let base = self.factorial()?;
        if !self.take("^") && !self.take(".^") {
            return Ok(base);
        }
        self.deeper()?;
        let exponent = self.signed()?;
        self.depth -= 1;
        Ok(binary(Binary::Power, base, exponent))
    }

    fn factorial(&mut self) -> Parsed {
        let mut node = self.value()?;
        while self.take("!") {
            node = Node::Unary(Unary::Factorial, Box::new(node));
        }
        Ok(node)
    }

    fn value(&mut self) -> Parsed {
        let Some(token) = self.peek() else {
            return Err(self.missing("A number, a letter or a bracket is expected here."));
        };
        self.at += 1;
        match &token.kind {
            Kind::Number(number) => Ok(Node::Number(*number)),
            Kind::Letter(letter) => Ok(Node::Letter(*letter)),
            Kind::Sign("(") => self.bracket(token),
            Kind::Word(word) => self.word(token, word),
            Kind::Sign(_) => Err(unexpected(token)),
        }
    }

    fn bracket(&mut self, open: &Token) -> Parsed {
        self.deeper()?;
        let inner = self.conditional()?;
        self.depth -= 1;
        match inner {
            _ if !self.take(")") => Err(self.unclosed(open)),
            // `scored((a))` asks for a letter all the same.
            Node::Letter(_) => Ok(inner),
            _ => Ok(Node::Apart(Box::new(inner))),
        }
    }

    fn word(&mut self, token: &Token, word: &str) -> Parsed {
        if let Some(value) = constant(word) {
            return Ok(Node::Apart(Box::new(Node::Number(value))));
        }
        match word {
            "true" => return Ok(Node::Boolean(true)),
            "false" => return Ok(Node::Boolean(false)),
            "and" | "or" | "xor" | "mod" if !self.is("(") => return Err(unexpected(token)),
            "random" | "randomint" | "pickrandom" => {
                let what = "Nothing random: combined again, the same layers must give the same scores.";
                return Err(ExpressionError::new(token.at, token.length, what));
            }
            _ => {}
        }
        let Some(function) = Function::named(word) else {
            let what = if self.is("(") {
                format!("There is no function \"{word}\".")
            } else {
                format!("\"{word}\" is no layer, constant or function: layers are single letters.")
            };
            return Err(ExpressionError::new(token.at, token.length, what));
        };
        let Some(open) = self.peek().filter(|_| self.is("(")) else {
            return Err(self.missing(&format!("After {word}, its arguments are expected in brackets.")));
        };
        self.at += 1;
        let arguments = self.arguments(open)?;
        let (least, most) = function.arguments();
        if arguments.len() < least || arguments.len() > most {
            let wanted = match (least, most) {
                (least, most) if least == most => least.to_string(),
                (least, usize::MAX) => format!("{least} or more"),
                (least, most) => format!("{least} to {most}"),
            };
            let end = self.tokens.get(self.at - 1).map_or(self.end, |last| last.at + last.length);
            let what = format!("{word} takes {wanted} arguments, and here are {}.", arguments.len());
            return Err(ExpressionError::new(token.at, end - token.at, what));
        }
        if function.is_about_layers()
            && let Some(other) = arguments.iter().position(|node| !matches!(node, Node::Letter(_)))
        {
            let what = format!("{word} asks for a layer's letter, not for the value that is argument {}.", other + 1);
            return Err(ExpressionError::new(token.at, token.length, what));
        }
        Ok(Node::Call(function, arguments))
    }

    fn arguments(&mut self, open: &Token) -> Result<Vec<Node>, ExpressionError> {
        let mut arguments = Vec::new();
        if self.take(")") {
            return Ok(arguments);
        }
        self.deeper()?;
        loop {
            arguments.push(self.conditional()?);
            if self.take(")") {
                self.depth -= 1;
                return Ok(arguments);
            }
            if !self.take(",") {
                return Err(self.unclosed(open));
            }
        }
    }

    /// Where something else stands, that is what is wrong; at the end it is the bracket that was opened.
    fn unclosed(&self, open: &Token) -> ExpressionError {
        match self.peek() {
            Some(token) => unexpected(token),
            None => ExpressionError::new(open.at, 1, "This bracket is never closed."),
        }
    }
}

fn binary(operator: Binary, left: Node, right: Node) -> Node {
    Node::Binary(operator, Box::new(left), Box::new(right))
}

fn is_number(node: &Node) -> bool {
    let is_constant = |node: &Node| matches!(node, Node::Number(_) | Node::Boolean(_));
    match node {
        Node::Unary(Unary::Minus | Unary::Plus | Unary::BitNot, inner) => is_constant(inner),
        node => is_constant(node),
    }
}

/// Whether a number behind it is multiplied with it and needs no sign: `a 2`, `(a)2`, `3! 2`, but not `-a 2`.
fn is_apart(node: &Node) -> bool {
    matches!(node, Node::Letter(_) | Node::Call(..) | Node::Apart(_) | Node::Unary(Unary::Factorial, _))
}

fn unexpected(token: &Token) -> ExpressionError {
    let what = match &token.kind {
        Kind::Number(number) => format!("A sign is missing before {number}."),
        Kind::Letter(letter) => format!("A sign is missing before {letter}."),
        Kind::Word(word) => format!("\"{word}\" is not expected here."),
        Kind::Sign(")") => "This bracket closes nothing, or something is missing before it.".to_owned(),
        Kind::Sign("!") => "\"!\" is a factorial and stands after its number: write not.".to_owned(),
        Kind::Sign("&" | "|") => "A value is missing here: write and, or.".to_owned(),
        Kind::Sign(sign) => format!("\"{sign}\" is not expected here."),
    };
    ExpressionError::new(token.at, token.length, what)
}

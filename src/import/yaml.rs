//! YAML as a tree, within bounds. Which crate reads it is known here alone; what a tree means is known to the readers of
//! each format.

use granit_parser::{Event, Parser, ScalarStyle};
use std::{borrow::Cow, rc::Rc};

/// Atomic Red Team's whole index has some ten megabytes.
pub const MAXIMUM_YAML_BYTES: usize = 32_000_000;
/// Deeper nesting is no rule file.
const MOST_DEPTH: usize = 64;
/// Values of all documents of a file, with those that aliases repeat.
const MOST_NODES: usize = 1_000_000;

/// A value. What an alias repeats is shared and not copied.
#[derive(Debug, PartialEq, Eq)]
pub enum Node<'a> {
    /// `quoted` is a text whatever it looks like.
    Scalar {
        text: Cow<'a, str>,
        quoted: bool,
    },
    List(Vec<Rc<Self>>),
    Map(Vec<(Rc<Self>, Rc<Self>)>),
}

/// Why a text is no YAML, or more than is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    #[error("it is no YAML: {what} in line {line}, column {column}")]
    Syntax { what: String, line: usize, column: usize },
    #[error("it is nested deeper than {MOST_DEPTH} levels in line {line}")]
    TooDeep { line: usize },
    #[error("it has more than {MOST_NODES} values, or says so by aliases, in line {line}")]
    TooMany { line: usize },
    #[error("it is larger than {} MB", MAXIMUM_YAML_BYTES / 1_000_000)]
    TooLarge,
}

/// The documents of a text.
///
/// # Errors
/// When it is no YAML, or more than is read.
pub fn read(text: &str) -> Result<Vec<Rc<Node<'_>>>, YamlError> {
    if text.len() > MAXIMUM_YAML_BYTES {
        return Err(YamlError::TooLarge);
    }
    let mut tree = Tree::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| YamlError::Syntax {
            what: error.kind().to_string(),
            line: error.marker().line(),
            column: error.marker().col() + 1,
        })?;
        tree.take(event, span.start.line())?;
    }
    Ok(tree.documents)
}

/// A value that is done, and how many values it stands for when aliases are followed.
type Weighed<'a> = (Rc<Node<'a>>, usize);

#[derive(Default)]
struct Tree<'a> {
    documents: Vec<Rc<Node<'a>>>,
    open: Vec<Open<'a>>,
    anchors: rustc_hash::FxHashMap<usize, Weighed<'a>>,
    weight: usize,
}

/// A list or map that isn't closed yet.
struct Open<'a> {
    items: Vec<Rc<Node<'a>>>,
    is_map: bool,
    anchor: usize,
    weight: usize,
}

impl<'a> Tree<'a> {
    fn take(&mut self, event: Event<'a>, line: usize) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let quoted = style != ScalarStyle::Plain;
                self.add((Rc::new(Node::Scalar { text, quoted }), 1), anchor, line)
            }
            Event::SequenceStart(_, anchor, _) => self.open(false, anchor, line),
            Event::MappingStart(_, anchor, _) => self.open(true, anchor, line),
            Event::SequenceEnd | Event::MappingEnd => self.close(line),
            Event::Alias(anchor) => {
                // An anchor inside of what it names is not there yet: it stands for nothing.
                let repeated = self.anchors.get(&anchor).cloned();
                let nothing = || (Rc::new(Node::Scalar { text: Cow::Borrowed(""), quoted: false }), 1);
                self.add(repeated.unwrap_or_else(nothing), 0, line)
            }
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, is_map: bool, anchor: usize, line: usize) -> Result<(), YamlError> {
        if self.open.len() >= MOST_DEPTH {
            return Err(YamlError::TooDeep { line });
        }
        self.open.push(Open { items: Vec::new(), is_map, anchor, weight: 1 });
        Ok(())
    }

    fn close(&mut self, line: usize) -> Result<(), YamlError> {
        let Some(Open { items, is_map, anchor, weight }) = self.open.pop() else { return Ok(()) };
        let node = if is_map { Node::Map(pairs(items)) } else { Node::List(items) };
        // Its contents are counted already.
        self.weight = self.weight.saturating_sub(weight - 1);
        self.add((Rc::new(node), weight), anchor, line)
    }

    fn add(&mut self, (node, weight): Weighed<'a>, anchor: usize, line: usize) -> Result<(), YamlError> {
        self.weight = self.weight.saturating_add(weight);
        if self.weight > MOST_NODES {
            return Err(YamlError::TooMany { line });
        }
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        match self.open.last_mut() {
            Some(open) => {
                open.items.push(node);
                open.weight = open.weight.saturating_add(weight);
            }
            None => self.documents.push(node),
        }
        Ok(())
    }
}

fn pairs(items: Vec<Rc<Node<'_>>>) -> Vec<(Rc<Node<'_>>, Rc<Node<'_>>)> {
    let mut items = items.into_iter();
    let mut pairs = Vec::with_capacity(items.len() / 2);
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        pairs.push((key, value));
    }
    pairs
}

impl<'a> Node<'a> {
    /// What a map has under a key; of two, the later one.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.pairs().iter().rev().find(|(own, _)| own.text() == Some(key)).map(|(_, value)| value.as_ref())
    }

    /// The text of a scalar; a plain `null`, `~` or nothing at all is none.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Scalar { text, quoted } => {
                let none = !quoted && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL");
                (!none).then_some(text.as_ref())
            }
            Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The text under a key.
    pub fn text_at(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// A plain `true` or `false`, as YAML 1.1 and 1.2 write them.
    pub fn flag(&self) -> Option<bool> {
        let Self::Scalar { text, quoted: false } = self else { return None };
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        self.text()?.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    pub fn items(&self) -> &[Rc<Node<'a>>] {
        if let Self::List(items) = self { items } else { &[] }
    }

    pub fn pairs(&self) -> &[(Rc<Node<'a>>, Rc<Node<'a>>)] {
        if let Self::Map(pairs) = self { pairs } else { &[] }
    }

    /// The texts of a list, or the one text that stands in a list's place.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::List(items) => items.iter().filter_map(|item| item.text()).collect(),
            other => other.text().into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_keys() {
        let documents = read("a: 1\nb: [x, 'null', ~, null]\nc:\n  d: yes\na: 2\n---\n- 3\n").unwrap();
        assert_eq!(documents.len(), 2);
        let first = &documents[0];
        assert_eq!(first.text_at("a"), Some("2"), "of two equal keys the later one counts");
        assert_eq!(first.get("b").unwrap().texts(), ["x", "null"], "what is quoted is a text");
        assert_eq!(first.get("c").and_then(|c| c.get("d")).and_then(Node::flag), Some(true));
        assert_eq!(documents[1].items()[0].number(), Some(3.0));
        assert_eq!(first.get("none"), None);
    }

    /// As other readers do, and as rule files have it.
    #[test]
    fn brackets_need_no_indentation() {
        let documents = read("- list: x\n  items: [\n    a,\n    b\n  ]\n- list: y").unwrap();
        assert_eq!(documents[0].items()[0].get("items").unwrap().texts(), ["a", "b"]);
        assert_eq!(documents[0].items().len(), 2);
    }

    #[test]
    fn aliases_are_followed() {
        let documents = read("a: &x [1, 2]\nb: *x\nc: &y {d: *x}\ne: *y").unwrap();
        assert_eq!(documents[0].get("b").unwrap().texts(), ["1", "2"]);
        assert_eq!(documents[0].get("e").and_then(|e| e.get("d")).unwrap().texts(), ["1", "2"]);
    }

    #[test]
    fn an_anchor_inside_of_itself_ends() {
        // The parser refuses it, or it stands for nothing: either way it ends.
        if let Ok(documents) = read("a: &x [*x]") {
            assert!(documents[0].get("a").unwrap().texts().is_empty());
        }
    }

    #[test]
    fn bombs_of_aliases_are_refused() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            text += &format!("a{level}: &a{level} [{inner}]\n");
        }
        assert!(matches!(read(&text), Err(YamlError::TooMany { line: 5..=8 })), "{:?}", read(&text).err());
    }

    #[test]
    fn what_is_nested_without_end_is_refused() {
        for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000)] {
            let error = read(&text).unwrap_err();
            assert!(matches!(error, YamlError::TooDeep { line: 1 } | YamlError::Syntax { .. }), "{error}");
        }
        let lines: String = (0..3_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        assert!(read(&lines).is_err());
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let many = "- x\n".repeat(MOST_NODES + 1);
        assert!(matches!(read(&many), Err(YamlError::TooMany { .. })));
        assert_eq!(read(&" ".repeat(MAXIMUM_YAML_BYTES + 1)), Err(YamlError::TooLarge));
    }

    #[test]
    fn an_error_names_its_place() {
        let error = read("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(matches!(error, YamlError::Syntax { line: 2..=4, .. }), "{error}");
        assert!(read("a: \"no end").is_err());
    }

    #[test]
    fn no_text_brings_it_down() {
        let pieces = [
            "- ", "a: ", "&x ", "*x", "!!t ", "\n", "  ", "[", "]", "{", "}", "|\n", ">\n", "\"", "'", "#", "\t", "é",
            "---", "%Y",
        ];
        let mut seed = 12_345_u32;
        for _ in 0..2_000 {
            let text: String = (0..24)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    pieces[(seed >> 16) as usize % pieces.len()]
                })
                .collect();
            let _ = read(&text);
        }
    }
}

//! Find and replace in comments. Where the comments are is `edit`'s; what is asked of the user is the app's.

use super::{Layer, Marks, Target};
use crate::attack::Tier;

/// What to find, and what to put in its place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replace {
    pub find: String,
    pub with: String,
    /// Without it, `a` to `z` are found in capitals too; other letters only as they are written.
    pub match_case: bool,
}

/// How often, and in how many techniques' comments, something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Places {
    pub places: usize,
    pub comments: usize,
}

impl Replace {
    /// The text with everything replaced; `None` where nothing was found.
    pub fn apply(&self, text: &str) -> Option<String> {
        let found = self.found(text);
        let mut replaced = String::with_capacity(text.len());
        let mut from = 0;
        for at in &found {
            replaced.push_str(&text[from..*at]);
            replaced.push_str(&self.with);
            from = at + self.find.len();
        }
        replaced.push_str(&text[from..]);
        (!found.is_empty()).then_some(replaced)
    }

    pub fn count(&self, text: &str) -> usize {
        self.found(text).len()
    }

    /// What would be replaced in the comments of these targets.
    pub fn places(&self, layer: &Layer, targets: &[Target]) -> Places {
        let of = |target: &Target| -> usize {
            match (layer.annotations.get(&target.key).map(|entry| &entry.marks), target.tier) {
                (None, _) => 0,
                (Some(Marks::Together(mark)), _) => self.count(&mark.comment),
                (Some(marks), Some(tier)) => self.count(&marks.of(tier).comment),
                (Some(marks), None) => Tier::ALL.into_iter().map(|tier| self.count(&marks.of(tier).comment)).sum(),
            }
        };
        let mut all = Places::default();
        for count in targets.iter().map(of).filter(|count| *count > 0) {
            all.places += count;
            all.comments += 1;
        }
        all
    }

    /// Where it stands, without overlaps, from the left. Both are UTF-8, so that it begins at a character's beginning.
    fn found(&self, text: &str) -> Vec<usize> {
        let (text, find) = (text.as_bytes(), self.find.as_bytes());
        let mut found = Vec::new();
        let mut at = 0;
        while !find.is_empty() && at + find.len() <= text.len() {
            let here = &text[at..at + find.len()];
            if here == find || (!self.match_case && here.eq_ignore_ascii_case(find)) {
                found.push(at);
                at += find.len();
            } else {
                at += 1;
            }
        }
        found
    }
}

/// Everything that has a comment, in either tier.
pub fn commented(layer: &Layer) -> Vec<Target> {
    let says = |entry: &&super::Entry| Tier::ALL.into_iter().any(|tier| !entry.marks.of(tier).comment.is_empty());
    layer.annotations.iter().filter(says).map(|entry| Target { key: entry.key.clone(), tier: None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_replaced_and_nothing_else() {
        let cases = [
            ("EDR sees it; edr alerts", "edr", "SIEM", false, Some("SIEM sees it; SIEM alerts"), 2),
            ("EDR sees it; edr alerts", "edr", "SIEM", true, Some("EDR sees it; SIEM alerts"), 1),
            ("aaa", "aa", "b", false, Some("ba"), 1),
            ("a.b", ".", "$1", false, Some("a$1b"), 1),
            ("x", "", "y", false, None, 0),
            ("x", "xy", "", false, None, 0),
            ("für alle, FÜR alle", "für", "gegen", false, Some("gegen alle, FÜR alle"), 1),
            ("two\nlines", "\n", " ", false, Some("two lines"), 1),
            ("gone gone", "gone", "", false, Some(" "), 2),
        ];
        for (text, find, with, match_case, expected, count) in cases {
            let replace = Replace { find: find.to_owned(), with: with.to_owned(), match_case };
            assert_eq!(replace.apply(text).as_deref(), expected, "{text:?} {find:?}");
            assert_eq!(replace.count(text), count, "{text:?} {find:?}");
        }
    }
}

//! What reading has to tell the user: alike findings are one line, and there are never many lines.
//! What is found is up to those who read.

use indexmap::IndexMap;
use std::{borrow::Cow, fmt};

/// More kinds of findings than this are only counted.
const MOST_NOTES: usize = 40;

/// What a file holds of names is shown up to here.
const MOST_SHOWN: usize = 60;

/// Something that was read otherwise than it was written, in one line: "T1059 and 3 more: the score is not a number; it
/// is ignored, but kept in the file".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    first: String,
    more: usize,
    what: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first.as_str(), self.more) {
            ("", _) => f.write_str(&self.what),
            (first, 0) => write!(f, "{first}: {}", self.what),
            (first, more) => write!(f, "{first} and {more} more: {}", self.what),
        }
    }
}

/// Collects findings, alike ones together, in the order in which each was first found.
#[derive(Default)]
pub(super) struct Notes {
    notes: IndexMap<String, Note>,
    uncounted: usize,
}

impl Notes {
    /// `about` is what it was found on; nothing where it concerns the whole file.
    pub(super) fn add(&mut self, about: &dyn fmt::Display, what: impl Into<Cow<'static, str>>) {
        let what = what.into();
        if let Some(note) = self.notes.get_mut(what.as_ref()) {
            note.more += 1;
        } else if self.notes.len() < MOST_NOTES {
            let what = what.into_owned();
            self.notes.insert(what.clone(), Note { first: clipped(&about.to_string()), more: 0, what });
        } else {
            self.uncounted += 1;
        }
    }

    pub(super) fn into_list(self) -> Vec<Note> {
        let rest = (self.uncounted > 0).then(|| Note {
            first: String::new(),
            more: 0,
            what: format!("{} other findings are not listed", self.uncounted),
        });
        self.notes.into_values().chain(rest).collect()
    }
}

/// A text of the file, short enough to be shown.
pub(super) fn clipped(text: &str) -> String {
    let mut shown: String = text.chars().take(MOST_SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_findings_are_one_line_and_lines_are_few() {
        let mut notes = Notes::default();
        for id in ["T1", "T2", "T3"] {
            notes.add(&id, "the score is not a number");
        }
        notes.add(&"", "no version");
        notes.add(&"x".repeat(1000), "long");
        for number in 0..100 {
            notes.add(&"y", format!("kind {number}"));
        }
        let lines: Vec<String> = notes.into_list().iter().map(Note::to_string).collect();
        assert_eq!(lines[0], "T1 and 2 more: the score is not a number");
        assert_eq!(lines[1], "no version");
        assert_eq!(lines[2].chars().count(), MOST_SHOWN + 1 + ": long".len());
        assert_eq!(lines.len(), MOST_NOTES + 1);
        assert_eq!(lines[MOST_NOTES], "63 other findings are not listed");
    }
}

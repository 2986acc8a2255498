//! Changing a list of links or metadata row by row: putting, moving, parting, taking out. What may stand in a row is the
//! user's and the app's matter; dividers stand between rows only (LI 44 to 110 of Navigator 5.1.0).

use super::{Link, Metadata};

/// A change of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListChange {
    /// Both texts of a row; whatever else a file had in it stays.
    Put(usize, String, String),
    /// A divider after a row.
    Divide(usize),
    Remove(usize),
    /// A row so many places further.
    Move(usize, isize),
}

/// A row of two texts, or a divider.
pub trait ListRow: Clone {
    fn divider() -> Self;
    fn is_divider(&self) -> bool;
    fn put(&mut self, first: &str, second: &str);
}

impl ListRow for Link {
    fn divider() -> Self {
        Self::divider()
    }

    fn is_divider(&self) -> bool {
        matches!(self, Self::Divider(_))
    }

    fn put(&mut self, first: &str, second: &str) {
        if let Self::Item { label, url, .. } = self {
            (*label, *url) = (first.to_owned(), second.to_owned());
        }
    }
}

impl ListRow for Metadata {
    fn divider() -> Self {
        Self::divider()
    }

    fn is_divider(&self) -> bool {
        matches!(self, Self::Divider(_))
    }

    fn put(&mut self, first: &str, second: &str) {
        if let Self::Item { name, value, .. } = self {
            (*name, *value) = (first.to_owned(), second.to_owned());
        }
    }
}

/// The rows with the changes made, one after the other. A change of a row that isn't there does nothing.
pub fn changed<T: ListRow>(rows: &[T], changes: &[ListChange]) -> Vec<T> {
    let mut rows = rows.to_vec();
    for change in changes {
        match change {
            ListChange::Put(at, first, second) => {
                if let Some(row) = rows.get_mut(*at) {
                    row.put(first, second);
                }
            }
            ListChange::Divide(at) if can_divide(&rows, *at) => rows.insert(at + 1, T::divider()),
            ListChange::Remove(at) if *at < rows.len() => {
                rows.remove(*at);
                part_rows_only(&mut rows);
            }
            ListChange::Move(at, by) => {
                if let Some(to) = at.checked_add_signed(*by).filter(|to| *to < rows.len() && *at < rows.len()) {
                    let row = rows.remove(*at);
                    rows.insert(to, row);
                }
            }
            ListChange::Divide(_) | ListChange::Remove(_) => {}
        }
    }
    rows
}

/// Whether a divider after a row would stand between two rows.
pub fn can_divide<T: ListRow>(rows: &[T], at: usize) -> bool {
    let is_row = |at: usize| rows.get(at).is_some_and(|row| !row.is_divider());
    is_row(at) && is_row(at + 1)
}

/// With the row between them two dividers become one, and none stands first or last.
fn part_rows_only<T: ListRow>(rows: &mut Vec<T>) {
    let mut after_row = false;
    rows.retain(|row| {
        let stays = after_row || !row.is_divider();
        after_row = !row.is_divider();
        stays
    });
    if rows.last().is_some_and(ListRow::is_divider) {
        rows.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a-b`: two rows with a divider between them.
    fn rows(text: &str) -> Vec<Metadata> {
        text.chars().map(|c| if c == '-' { Metadata::divider() } else { Metadata::new(c, "1") }).collect()
    }

    fn told(rows: &[Metadata]) -> String {
        let one = |row: &Metadata| match row {
            Metadata::Item { name, .. } => name.clone(),
            _ => "-".to_owned(),
        };
        rows.iter().map(one).collect()
    }

    #[test]
    fn rows_change_and_dividers_stand_between_rows() {
        use ListChange::{Divide, Move, Put, Remove};
        let put = |at, text: &str| Put(at, text.to_owned(), "2".to_owned());
        let cases = [
            ("abc", vec![put(1, "x")], "axc"),
            ("a-c", vec![put(1, "x"), put(9, "x")], "a-c"),
            ("abc", vec![Divide(0)], "a-bc"),
            ("abc", vec![Divide(2)], "abc"),
            ("a-b", vec![Divide(0), Divide(1)], "a-b"),
            ("abc", vec![Remove(0), Remove(7)], "bc"),
            ("a-b-c", vec![Remove(2)], "a-c"),
            ("a-b", vec![Remove(0)], "b"),
            ("a-b", vec![Remove(2)], "a"),
            ("a-b", vec![Remove(1)], "ab"),
            ("abc", vec![Move(0, 1)], "bac"),
            ("abc", vec![Move(2, -1), Move(0, -1), Move(2, 1), Move(9, 1)], "acb"),
            ("a-b", vec![Move(2, -1)], "ab-"),
            ("abc", vec![put(2, "x"), Move(2, -1)], "axb"),
        ];
        for (before, changes, after) in cases {
            assert_eq!(told(&changed(&rows(before), &changes)), after, "{before} {changes:?}");
        }
    }

    #[test]
    fn what_else_a_file_had_in_a_row_stays() {
        let row = Link::from_json(serde_json::json!({ "label": "a", "url": "b", "more": 1 }));
        let put = ListChange::Put(0, "c".to_owned(), "https://example.org".to_owned());
        let after = serde_json::to_value(&changed(&[row], &[put])[0]).unwrap();
        assert_eq!(after, serde_json::json!({ "label": "c", "url": "https://example.org", "more": 1 }));
    }
}

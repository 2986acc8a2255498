//! What the columns of a table are, guessed from their heads and cells, and the rules that its rows then are. The user
//! has the last word.

use super::{
    ids,
    material::Rule,
    table::Table,
    tags,
    text::{identity, shortened},
};
use crate::layer::Score;

/// So many rows are looked at for a guess.
const LOOKED_AT: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Nothing,
    Technique,
    Tactic,
    Name,
    Score,
    Comment,
}

/// What each column is, and whether the first row names them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    pub head: bool,
    pub roles: Vec<Role>,
}

impl Role {
    pub const ALL: [Self; 6] = [Self::Nothing, Self::Technique, Self::Tactic, Self::Name, Self::Score, Self::Comment];

    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Technique => "technique",
            Self::Tactic => "tactic",
            Self::Name => "name",
            Self::Score => "score",
            Self::Comment => "comment",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Nothing => "Leave out",
            Self::Technique => "Technique id",
            Self::Tactic => "Tactic",
            Self::Name => "Name",
            Self::Score => "Score",
            Self::Comment => "Comment",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

impl Columns {
    pub fn guess(table: &Table) -> Self {
        let columns = 0..table.width();
        let with_ids = |column: usize| {
            let rows = 0..table.rows.len().min(LOOKED_AT);
            rows.filter(|row| !ids::attack_ids(table.cell(*row, column)).is_empty()).count()
        };
        let counts: Vec<usize> = columns.clone().map(with_ids).collect();
        let most = counts.iter().copied().max().unwrap_or_default();
        let technique = counts.iter().position(|count| *count == most && most > 0);
        // A head has no ids where the rows below have them.
        let head = technique.is_none_or(|column| ids::attack_ids(table.cell(0, column)).is_empty());
        let mut roles = vec![Role::Nothing; table.width()];
        if let Some(column) = technique {
            roles[column] = Role::Technique;
        }
        if !head {
            return Self { head, roles };
        }
        for role in [Role::Tactic, Role::Score, Role::Comment, Role::Name] {
            let fits = |column: &usize| {
                let name = plain(table.cell(0, *column));
                // Not all of them need be: what is none is told row by row.
                let numbers = || {
                    let cells = (1..table.rows.len().min(LOOKED_AT)).map(|row| table.cell(row, *column));
                    let filled: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
                    filled.iter().filter(|cell| Score::parse(cell).is_some()).count() * 2 >= filled.len()
                };
                roles[*column] == Role::Nothing
                    && names(role).contains(&name.as_str())
                    && (role != Role::Score || numbers())
            };
            // The first of the names goes before the others.
            let found = columns.clone().filter(fits).min_by_key(|column| {
                let name = plain(table.cell(0, *column));
                names(role).iter().position(|own| *own == name)
            });
            if let Some(column) = found {
                roles[column] = role;
            }
        }
        Self { head, roles }
    }

    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Gives a column a role. Only techniques may stand in several.
    pub fn with(&self, column: usize, role: Role) -> Self {
        let mut next = self.clone();
        if role != Role::Technique && role != Role::Nothing {
            next.roles.iter_mut().filter(|own| **own == role).for_each(|own| *own = Role::Nothing);
        }
        if let Some(place) = next.roles.get_mut(column) {
            *place = role;
        }
        next
    }

    /// A rule of each row.
    pub fn rules(&self, table: &Table) -> Vec<Rule> {
        (usize::from(self.head)..table.rows.len()).map(|row| self.rule(table, row)).collect()
    }

    fn rule(&self, table: &Table, row: usize) -> Rule {
        let cells = |role: Role| {
            let columns = self.roles.iter().enumerate().filter(move |(_, own)| **own == role);
            columns.map(move |(column, _)| table.cell(row, column))
        };
        let one = |role: Role| cells(role).next().unwrap_or_default();
        let mut rule = Rule { comment: one(Role::Comment).to_owned(), ..Rule::default() };
        tags::read(&mut rule, cells(Role::Technique));
        // Named by a table, a tactic needs no prefix.
        let tactics: Vec<String> =
            one(Role::Tactic).split([',', ';']).map(|tactic| format!("attack.{}", tactic.trim())).collect();
        tags::read(&mut rule, tactics.iter().map(String::as_str));
        rule.title = match shortened(one(Role::Name)) {
            name if name.is_empty() => format!("row {}", row + 1),
            name => name,
        };
        let score = one(Role::Score);
        rule.score = Score::parse(score).map(Score::value);
        if self.has(Role::Score) && rule.score.is_none() {
            let why = if score.is_empty() {
                "without a score".to_owned()
            } else {
                format!("\"{}\" is no score", shortened(score))
            };
            rule.empty = Some(why);
        }
        rule
    }
}

/// Atomic Red Team's index as CSV.
pub fn atomic_index(table: &Table) -> Option<Vec<Rule>> {
    let column = |name: &str| (0..table.width()).find(|column| plain(table.cell(0, *column)) == name);
    let (tactic, technique, name, guid) =
        (column("tactic")?, column("technique")?, column("test name")?, column("test guid")?);
    let rule = |row: usize| {
        let mut rule =
            Rule { title: shortened(table.cell(row, name)), id: identity(table.cell(row, guid)), ..Rule::default() };
        tags::read(&mut rule, [table.cell(row, technique), &format!("attack.{}", table.cell(row, tactic))]);
        rule
    };
    Some((1..table.rows.len()).map(rule).collect())
}

/// What columns of a role are called, in small letters and without signs.
fn names(role: Role) -> &'static [&'static str] {
    match role {
        Role::Tactic => &["tactic", "tactics", "tactic name", "mitre tactic", "attack tactic", "kill chain phase"],
        Role::Score => &["score", "coverage", "rating", "level", "value", "maturity", "confidence"],
        Role::Comment => &["comment", "comments", "note", "notes", "remark", "remarks", "description"],
        Role::Name => {
            &["rule name", "rule", "test name", "detection name", "detection", "analytic", "use case", "title", "name"]
        }
        Role::Nothing | Role::Technique => &[],
    }
}

fn plain(head: &str) -> String {
    let words = head.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::table;
    use super::*;

    fn guessed(text: &str) -> (bool, Vec<&'static str>) {
        let columns = Columns::guess(&table::read(text, table::separator(text)));
        (columns.head, columns.roles.into_iter().map(Role::word).collect())
    }

    #[test]
    fn columns_are_guessed_from_heads_and_cells() {
        type Case = (&'static str, bool, &'static [&'static str]);
        let cases: [Case; 7] = [
            ("", true, &[]),
            ("T1610,40\nT1611,50", false, &["technique", "nothing"]),
            ("Technique ID,Score,Comment\nT1610,40,x", true, &["technique", "score", "comment"]),
            ("Rule;Tactic;MITRE;Notes\nShell;Execution;T1059;y", true, &["name", "tactic", "technique", "comment"]),
            ("Name\tLevel\tIds\nShell\thigh\tT1059, T1609", true, &["name", "nothing", "technique"]),
            ("Description,T\nsee T1610,T1610\nx,T1611", true, &["comment", "technique"]),
            ("Title,Rule Name,id\na,b,T1610", true, &["nothing", "name", "technique"]),
        ];
        for (text, head, roles) in cases {
            assert_eq!(guessed(text), (head, roles.to_vec()), "{text:?}");
        }
    }

    #[test]
    fn rows_are_rules_by_their_columns() {
        let text =
            "Rule,Tactic,Techniques,Score,Notes\nShell,\"Execution, Initial Access\",T1059 T1609,\"2,5\",n\n,,,x,\n";
        let table = table::read(text, ',');
        let rules = Columns::guess(&table).rules(&table);
        let first = &rules[0];
        assert_eq!((first.title.as_str(), first.score, first.comment.as_str()), ("Shell", Some(2.5), "n"));
        assert_eq!(first.tactics, ["execution", "initial-access"]);
        assert_eq!(first.techniques.len(), 2);
        assert_eq!((rules[1].title.as_str(), rules[1].empty.as_deref()), ("row 3", Some("\"x\" is no score")));
    }

    #[test]
    fn a_role_moves_to_the_column_that_is_given_it() {
        let columns = Columns { head: true, roles: vec![Role::Name, Role::Technique, Role::Nothing] };
        assert_eq!(columns.with(2, Role::Name).roles, [Role::Nothing, Role::Technique, Role::Name]);
        assert_eq!(columns.with(2, Role::Technique).roles, [Role::Name, Role::Technique, Role::Technique]);
        assert_eq!(columns.with(9, Role::Score), columns);
    }
}

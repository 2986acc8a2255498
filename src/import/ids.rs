//! Technique ids in any text: a mail, a table, a rule's tags, addresses of technique pages. What is done with them is the
//! app's choice.

use crate::attack::{Knowledge, TechniqueId};
use rustc_hash::FxHashSet;

/// Nobody reads more: what is longer is cut off, and said to be.
const MOST_BYTES: usize = 4_000_000;
const MOST_IDS: usize = 5_000;

/// The ids in a text, each once, in the order in which they stand there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundIds {
    /// Techniques of the bundle.
    pub known: Vec<TechniqueId>,
    /// What is written as ATT&CK writes ids, but isn't in the bundle.
    pub unknown: Vec<TechniqueId>,
    /// The text was longer, or had more ids, than is looked at.
    pub cut: bool,
}

/// Finds ids as ATT&CK writes them (`T1610`, `T1053.007`, also as `attack.t1053.007` and `…/techniques/T1053/007`) and
/// any other catalogue's ids that the bundle has (`MS-TA9008`).
pub fn find_ids(text: &str, knowledge: &Knowledge) -> FoundIds {
    let mut finder = Finder { knowledge, found: FoundIds::default(), seen: FxHashSet::default() };
    let end = (0..=text.len().min(MOST_BYTES)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    finder.found.cut = end < text.len();
    for run in text[..end].split(|c: char| !is_id_character(c)) {
        finder.read(run.trim_matches(['.', '-', '_', '/']));
        if finder.seen.len() >= MOST_IDS {
            finder.found.cut = true;
            break;
        }
    }
    finder.found
}

/// What ids are made of, and the slash that parts a sub-technique's number from its parent's in addresses.
fn is_id_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/')
}

struct Finder<'a> {
    knowledge: &'a Knowledge,
    found: FoundIds,
    seen: FxHashSet<TechniqueId>,
}

impl Finder<'_> {
    /// Of a run of characters: the whole, its parts between slashes, or ATT&CK's ids anywhere in it.
    fn read(&mut self, run: &str) {
        let whole = |part: &str| self.knowledge.technique(&TechniqueId::parse(part).ok()?).map(|it| it.id.clone());
        let parts = run.split('/').filter_map(|part| whole(part).or_else(|| whole(&part.to_ascii_uppercase())));
        let other: Vec<TechniqueId> = parts.filter(|id| !is_attack_id(id.as_str())).collect();
        for id in other {
            self.add(id);
        }
        for id in attack_ids(run) {
            self.add(id);
        }
    }

    fn add(&mut self, id: TechniqueId) {
        if self.seen.insert(id.clone()) {
            let known = self.knowledge.technique(&id).is_some();
            if known { self.found.known.push(id) } else { self.found.unknown.push(id) }
        }
    }
}

/// ATT&CK's ids in a text, in their order, as often as they stand there: for readers that know no bundle.
pub(super) fn attack_ids(text: &str) -> Vec<TechniqueId> {
    let (bytes, mut ids, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() && ids.len() < MOST_IDS {
        let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let found = (begins && matches!(bytes[at], b'T' | b't')).then(|| attack_id(&text[at..])).flatten();
        let (id, length) = found.map_or((None, 1), |(id, length)| (Some(id), length));
        ids.extend(id);
        at += length;
    }
    ids
}

/// The id that a text begins with, in ATT&CK's way of writing it, and how long it is in the text.
fn attack_id(text: &str) -> Option<(TechniqueId, usize)> {
    let bytes = text.as_bytes();
    let digits = |from: usize, count: usize| {
        let all = bytes.get(from..from + count)?.iter().all(u8::is_ascii_digit);
        let ends = bytes.get(from + count).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        // Only then the text has a place to cut there.
        (all && ends).then(|| &text[from..from + count])
    };
    if !matches!(bytes.first()?, b'T' | b't') {
        return None;
    }
    let parent = digits(1, 4)?;
    let part = matches!(bytes.get(5), Some(b'.' | b'/')).then(|| digits(6, 3)).flatten();
    let (id, length) = part.map_or_else(|| (format!("T{parent}"), 5), |part| (format!("T{parent}.{part}"), 9));
    Some((TechniqueId::parse(&id).ok()?, length))
}

fn is_attack_id(text: &str) -> bool {
    attack_id(text).is_some_and(|(_, length)| length == text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{Release, Technique};

    fn knowledge(ids: &[&str]) -> Knowledge {
        let techniques = ids.iter().map(|id| Technique::bare(id)).collect();
        Knowledge::new(Release::default(), vec![], techniques, vec![], vec![], vec![], vec![])
    }

    fn told(text: &str) -> (Vec<String>, Vec<String>) {
        let found = find_ids(text, &knowledge(&["T1610", "T1053", "T1053.007", "MS-TA9008", "x.lower"]));
        let words = |ids: Vec<TechniqueId>| ids.iter().map(ToString::to_string).collect();
        (words(found.known), words(found.unknown))
    }

    #[test]
    fn ids_are_found_in_any_text() {
        type Case = (&'static str, &'static [&'static str], &'static [&'static str]);
        let cases: [Case; 20] = [
            ("", &[], &[]),
            ("no ids at all, T16, T161000", &[], &[]),
            ("T1610", &["T1610"], &[]),
            ("Deploy Container (T1610), then T1053.007.", &["T1610", "T1053.007"], &[]),
            ("T1053.007 T1610 T1053.007", &["T1053.007", "T1610"], &[]),
            ("T1053: scheduled; T1053.007: as a container job", &["T1053", "T1053.007"], &[]),
            ("tags:\n  - attack.t1610\n  - attack.t1053.007", &["T1610", "T1053.007"], &[]),
            ("https://attack.mitre.org/techniques/T1053/007/", &["T1053.007"], &[]),
            ("https://attack.mitre.org/techniques/T1610", &["T1610"], &[]),
            ("\"T1610\";\"T9999\";\"T1053.999\"", &["T1610"], &["T9999", "T1053.999"]),
            ("T1610|T1053,T1610\tT1053", &["T1610", "T1053"], &[]),
            ("T1610_Deploy_Container-v2", &["T1610"], &[]),
            ("MS-TA9008 and ms-ta9008, MS-TA9999", &["MS-TA9008"], &[]),
            ("techniques/MS-TA9008/", &["MS-TA9008"], &[]),
            ("x.lower", &["x.lower"], &[]),
            ("AT1610 T1610b XT1610", &[], &[]),
            ("T1610.1 T1610.0077", &["T1610"], &[]),
            ("T1610é «T1053» „T1053.007“", &["T1610", "T1053", "T1053.007"], &[]),
            ("T1610T1053", &[], &[]),
            ("T1610-T1053", &["T1610", "T1053"], &[]),
        ];
        for (text, known, unknown) in cases {
            let (found, missed) = told(text);
            assert_eq!(found, known, "{text}");
            assert_eq!(missed, unknown, "{text}");
        }
    }

    #[test]
    fn letters_beyond_ascii_may_follow_any_letter() {
        for text in ["Tüür", "tüß", "Tст", "t\u{9b}\u{9b}T1610", "T161ü", "T1610.0ü"] {
            let _ = attack_ids(text);
        }
        assert_eq!(attack_ids("Tст T1610 für"), [TechniqueId::parse("T1610").unwrap()]);
    }

    #[test]
    fn what_is_endless_is_cut_and_said_to_be() {
        let knowledge = knowledge(&["T1610"]);
        let long = "é".repeat(MOST_BYTES) + " T1610";
        assert_eq!(find_ids(&long, &knowledge), FoundIds { cut: true, ..FoundIds::default() });
        let many: String = (0..9_999).map(|number| format!("T{number:04} ")).collect();
        let found = find_ids(&many, &knowledge);
        assert!(found.cut);
        assert_eq!(found.known.len() + found.unknown.len(), MOST_IDS);
        let whole = find_ids("T1610 ".repeat(10_000).as_str(), &knowledge);
        assert!(!whole.cut);
    }
}

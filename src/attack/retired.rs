//! What releases took back, and what took its place.

use super::{Knowledge, TechniqueId};
use serde::{Deserialize, Serialize};

/// Replacements can be replaced in their turn; a longer chain is taken for a circle.
const MOST_REPLACEMENTS: usize = 8;

/// A technique that a release took back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired {
    pub id: TechniqueId,
    pub name: String,
    /// What took its place, where something did (revoked), and may be retired itself by now; deprecated ones have nothing.
    pub replaced_by: Option<TechniqueId>,
}

impl Knowledge {
    pub fn retired(&self, id: &TechniqueId) -> Option<&Retired> {
        self.retired.binary_search_by(|retired| retired.id.cmp(id)).ok().and_then(|at| self.retired.get(at))
    }

    /// What has taken a retired technique's place by now, however many steps on: a technique of the bundle, or one that it
    /// says no more of.
    pub fn replacement(&self, id: &TechniqueId) -> Option<&TechniqueId> {
        self.replacement_by(id, |_| None)
    }

    /// The same, where `also` tells what took the place of techniques of which the bundle doesn't.
    pub fn replacement_by<'a>(
        &'a self,
        id: &TechniqueId,
        also: impl Fn(&TechniqueId) -> Option<&'a TechniqueId>,
    ) -> Option<&'a TechniqueId> {
        let next = |id: &TechniqueId| {
            let own = self.retired(id).and_then(|retired| retired.replaced_by.as_ref());
            own.or_else(|| also(id))
        };
        let mut found = next(id)?;
        for _ in 0..MOST_REPLACEMENTS {
            if self.technique(found).is_some() {
                return Some(found);
            }
            let Some(further) = next(found) else { return Some(found) };
            found = further;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{attack::Technique, order};

    #[test]
    fn what_took_a_techniques_place_is_followed_to_the_end() {
        let id = |id: &str| TechniqueId::parse(id).unwrap();
        let retired = |(old, new): (&str, &str)| Retired {
            id: id(old),
            name: String::new(),
            replaced_by: (!new.is_empty()).then(|| id(new)),
        };
        let chains = [
            ("T1", "T2"),
            ("T2", "T3"),
            ("T4", "T5"),
            ("T5", "T6"),
            ("T7", ""),
            ("T8", "T7"),
            ("T10", "T11"),
            ("T11", "T10"),
        ];
        let mut knowledge = Knowledge::default();
        knowledge.techniques = vec![Technique::bare("T3")];
        knowledge.retired = chains.into_iter().map(retired).collect();
        order::sort_by(&mut knowledge.retired, |a, b| a.id.cmp(&b.id));
        let knowledge = knowledge.indexed();
        let cases = [
            ("T1", Some("T3")),
            ("T2", Some("T3")),
            ("T3", None),
            ("T4", Some("T6")),
            ("T7", None),
            ("T8", Some("T7")),
            ("T10", None),
        ];
        for (old, new) in cases {
            assert_eq!(knowledge.replacement(&id(old)).map(TechniqueId::as_str), new, "{old}");
        }
        // Of what the bundle doesn't say, another table may.
        let (six, three) = (id("T6"), id("T3"));
        let found = knowledge.replacement_by(&id("T4"), |asked| (*asked == six).then_some(&three));
        assert_eq!(found, Some(&three));
    }
}

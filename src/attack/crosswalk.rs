//! From one catalogue to another: which techniques are the same behaviour, by what either bundle says of the other.
//! What becomes of a layer on the way is `layer`'s.

use super::{Counterpart, Knowledge, Technique, TechniqueId};
use rustc_hash::FxHashMap;

/// The mapping between the techniques of two bundles, in both directions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crosswalk {
    forth: FxHashMap<TechniqueId, Vec<TechniqueId>>,
    back: FxHashMap<TechniqueId, Vec<TechniqueId>>,
    /// What techniques here are mapped to that the other bundle doesn't have, or has only as context.
    missing: FxHashMap<TechniqueId, Vec<Counterpart>>,
}

impl Crosswalk {
    /// Where one of the catalogues names a technique that a later release revoked, what replaced it is meant.
    pub fn between(here: &Knowledge, there: &Knowledge) -> Self {
        let mut crosswalk = Self::default();
        for technique in here.techniques.iter().filter(|technique| here.in_scope(technique)) {
            for counterpart in &technique.counterparts {
                match standing(there, &counterpart.id) {
                    Some(other) => crosswalk.join(&technique.id, &other.id),
                    None if is_of(there, counterpart) => {
                        crosswalk.missing.entry(technique.id.clone()).or_default().push(counterpart.clone());
                    }
                    None => {}
                }
            }
        }
        for other in there.techniques.iter().filter(|technique| there.in_scope(technique)) {
            for counterpart in &other.counterparts {
                if let Some(technique) = standing(here, &counterpart.id) {
                    crosswalk.join(&technique.id, &other.id);
                }
            }
        }
        for list in crosswalk.forth.values_mut().chain(crosswalk.back.values_mut()) {
            crate::order::sort_by(list, Ord::cmp);
        }
        crosswalk
    }

    /// The counterparts of a technique there.
    pub fn forth(&self, id: &TechniqueId) -> &[TechniqueId] {
        self.forth.get(id).map_or(&[], Vec::as_slice)
    }

    /// The counterparts here of a technique there.
    pub fn back(&self, id: &TechniqueId) -> &[TechniqueId] {
        self.back.get(id).map_or(&[], Vec::as_slice)
    }

    /// What a technique is mapped to that isn't to be found there.
    pub fn missing(&self, id: &TechniqueId) -> &[Counterpart] {
        self.missing.get(id).map_or(&[], Vec::as_slice)
    }

    /// Nothing here has a counterpart there.
    pub fn is_empty(&self) -> bool {
        self.forth.is_empty()
    }

    fn join(&mut self, here: &TechniqueId, there: &TechniqueId) {
        let forth = self.forth.entry(here.clone()).or_default();
        if !forth.contains(there) {
            forth.push(there.clone());
            self.back.entry(there.clone()).or_default().push(here.clone());
        }
    }
}

/// The technique with this id, or what replaced it, if it counts in the bundle's matrix.
fn standing<'a>(knowledge: &'a Knowledge, id: &str) -> Option<&'a Technique> {
    let id = TechniqueId::parse(id).ok()?;
    let found = knowledge.technique(&id).or_else(|| knowledge.technique(knowledge.replacement(&id)?))?;
    knowledge.in_scope(found).then_some(found)
}

/// Whether a counterpart's catalogue is the one that a bundle is of.
fn is_of(knowledge: &Knowledge, counterpart: &Counterpart) -> bool {
    let is_microsofts = |catalogue: &str| catalogue == MICROSOFT;
    is_microsofts(&counterpart.catalogue) == knowledge.is_microsofts()
}

/// The catalogue as references name it.
const MICROSOFT: &str = "threat-matrix-for-kubernetes";

impl Knowledge {
    /// Whether it is Microsoft's Threat Matrix for Kubernetes, and not ATT&CK.
    pub fn is_microsofts(&self) -> bool {
        self.release.domain == "microsoft-kubernetes"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::read;

    fn bundle(bytes: &[u8]) -> Knowledge {
        read(bytes).unwrap().knowledge
    }

    fn microsoft() -> Knowledge {
        bundle(include_bytes!("../../data/microsoft-kubernetes.json"))
    }

    fn attack(release: u32) -> Knowledge {
        match release {
            18 => bundle(include_bytes!("../../data/attack-containers-18.1.json")),
            _ => bundle(include_bytes!("../../data/attack-containers-19.2.json")),
        }
    }

    fn id(text: &str) -> TechniqueId {
        TechniqueId::parse(text).unwrap()
    }

    fn told(crosswalk: &Crosswalk, from: &str) -> String {
        let found: Vec<&str> = crosswalk.forth(&id(from)).iter().map(TechniqueId::as_str).collect();
        let missing: Vec<&str> = crosswalk.missing(&id(from)).iter().map(|it| it.id.as_str()).collect();
        format!("{} / {}", found.join(" "), missing.join(" "))
    }

    #[test]
    fn a_technique_leads_to_its_counterparts_and_names_what_is_missing() {
        let (ours, v19, v18) = (microsoft(), attack(19), attack(18));
        let (to19, to18) = (Crosswalk::between(&ours, &v19), Crosswalk::between(&ours, &v18));
        let cases = [
            ("MS-TA9006", "T1609 / ", "T1609 / "),
            ("MS-TA9040", "T1498 T1499 / ", "T1498 T1499 / "),
            ("MS-TA9002", "T1525 / T1195.002", "T1525 / T1195.002"),
            ("MS-TA9001", " / T1078.004", " / T1078.004"),
            // In v18.1 it only gives context to its sub-technique.
            ("MS-TA9007", "T1059 / ", " / T1059"),
            ("MS-TA9017", " / ", " / "),
        ];
        for (from, with_19, with_18) in cases {
            assert_eq!((told(&to19, from).as_str(), told(&to18, from).as_str()), (with_19, with_18), "{from}");
        }
    }

    #[test]
    fn the_way_back_is_the_same_way() {
        let (ours, theirs) = (microsoft(), attack(19));
        let (to, from) = (Crosswalk::between(&ours, &theirs), Crosswalk::between(&theirs, &ours));
        for technique in &ours.techniques {
            assert_eq!(to.forth(&technique.id), from.back(&technique.id), "{}", technique.id);
        }
        for technique in &theirs.techniques {
            assert_eq!(to.back(&technique.id), from.forth(&technique.id), "{}", technique.id);
        }
        assert_eq!(to.back(&id("T1610")).len(), 3);
    }

    #[test]
    fn a_mapping_that_one_side_alone_knows_holds_in_both_directions() {
        let (ours, mut theirs) = (microsoft(), attack(19));
        let whole = Crosswalk::between(&theirs, &ours);
        for technique in &mut theirs.techniques {
            technique.counterparts.clear();
        }
        let by_microsoft = Crosswalk::between(&theirs, &ours);
        for technique in &theirs.techniques {
            assert_eq!(by_microsoft.forth(&technique.id), whole.forth(&technique.id));
        }
        assert!(!by_microsoft.is_empty());
    }

    #[test]
    fn what_was_revoked_stands_for_what_replaced_it() {
        let (mut ours, theirs) = (microsoft(), attack(19));
        for technique in &mut ours.techniques {
            for counterpart in &mut technique.counterparts {
                if counterpart.id == "T1609" {
                    "T1562.001".clone_into(&mut counterpart.id);
                }
            }
        }
        assert_eq!(told(&Crosswalk::between(&ours, &theirs), "MS-TA9006"), "T1609 T1685 / ");
    }

    #[test]
    fn a_catalogue_has_no_crosswalk_to_itself() {
        let ours = microsoft();
        let itself = Crosswalk::between(&ours, &ours);
        assert!(itself.is_empty() && itself.missing.is_empty());
    }
}

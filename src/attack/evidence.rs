//! Who was seen using a technique: against containers, or only elsewhere. Whether a single use was against containers is
//! the bundle's to say; what it all comes to is counted here and nowhere else.

use super::{Actor, Crosswalk, Knowledge, Technique, TechniqueId};
use crate::order;

/// The actors that a bundle names for a technique: groups first, then software, then campaigns, each by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence<'a> {
    /// Container-native actors that were seen using it against containers: what is counted.
    pub native: Vec<&'a Actor>,
    /// Others that were seen using it against containers.
    pub others: Vec<&'a Actor>,
    /// Actors that were seen using it, but as far as the bundle knows not against containers.
    pub elsewhere: Vec<&'a Actor>,
}

/// What the evidence comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sighting {
    AgainstContainers,
    /// Used by someone, but not known to have been against containers.
    Elsewhere,
    /// The catalogue has the technique, and names nobody who used it.
    Unseen,
}

/// A bundle's techniques, and what is on record of them: in the bundle itself, or, for a catalogue that names no actors,
/// in another one through the crosswalk.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    shown: &'a Knowledge,
    told: &'a Knowledge,
    crosswalk: Option<Crosswalk>,
}

impl<'a> Record<'a> {
    pub fn own(knowledge: &'a Knowledge) -> Self {
        Self { shown: knowledge, told: knowledge, crosswalk: None }
    }

    /// What `other` has on the counterparts counts.
    pub fn through(knowledge: &'a Knowledge, other: &'a Knowledge) -> Self {
        Self { shown: knowledge, told: other, crosswalk: Some(Crosswalk::between(knowledge, other)) }
    }

    /// Whose techniques it is about.
    pub fn shown(&self) -> &'a Knowledge {
        self.shown
    }

    /// Whose actors they are.
    pub fn told(&self) -> &'a Knowledge {
        self.told
    }

    pub fn is_through_a_mapping(&self) -> bool {
        self.crosswalk.is_some()
    }

    pub fn of(&self, technique: &Technique) -> Evidence<'a> {
        match &self.crosswalk {
            None => Evidence::of(self.told, technique),
            Some(crosswalk) => {
                let all: Vec<&Technique> = self.counterparts(crosswalk, &technique.id).collect();
                Evidence::of_all(self.told, &all)
            }
        }
    }

    /// Whether the record can say anything of a technique: one without a counterpart is not one that nobody was seen using.
    pub fn can_tell(&self, id: &TechniqueId) -> bool {
        self.crosswalk.as_ref().is_none_or(|crosswalk| !crosswalk.forth(id).is_empty())
    }

    fn counterparts(&self, crosswalk: &Crosswalk, id: &TechniqueId) -> impl Iterator<Item = &'a Technique> {
        let told = self.told;
        crosswalk.forth(id).to_vec().into_iter().filter_map(move |id| told.technique(&id))
    }
}

impl<'a> Evidence<'a> {
    pub fn of(knowledge: &'a Knowledge, technique: &Technique) -> Self {
        Self::of_all(knowledge, &[technique])
    }

    /// On several techniques that stand for one. An actor counts once, however often the bundle says that it used them.
    fn of_all(knowledge: &'a Knowledge, techniques: &[&Technique]) -> Self {
        let mut evidence = Self::default();
        let mut counted: Vec<usize> = Vec::new();
        for against_containers in [true, false] {
            let uses = techniques.iter().flat_map(|technique| &technique.uses);
            for seen in uses.filter(|seen| seen.container_related == against_containers) {
                let Some(actor) = knowledge.actors.get(seen.actor).filter(|_| !counted.contains(&seen.actor)) else {
                    continue;
                };
                counted.push(seen.actor);
                match (against_containers, actor.container_native) {
                    (true, true) => evidence.native.push(actor),
                    (true, false) => evidence.others.push(actor),
                    (false, _) => evidence.elsewhere.push(actor),
                }
            }
        }
        for actors in [&mut evidence.native, &mut evidence.others, &mut evidence.elsewhere] {
            order::sort_by(actors, |a, b| (a.kind, &a.name, &a.id).cmp(&(b.kind, &b.name, &b.id)));
        }
        evidence
    }

    pub fn sighting(&self) -> Sighting {
        if !self.native.is_empty() || !self.others.is_empty() {
            Sighting::AgainstContainers
        } else if !self.elsewhere.is_empty() {
            Sighting::Elsewhere
        } else {
            Sighting::Unseen
        }
    }
}

impl Sighting {
    pub const ALL: [Self; 3] = [Self::AgainstContainers, Self::Elsewhere, Self::Unseen];

    /// The word for it in the page.
    pub fn word(self) -> &'static str {
        match self {
            Self::AgainstContainers => "containers",
            Self::Elsewhere => "elsewhere",
            Self::Unseen => "unseen",
        }
    }
}

impl Knowledge {
    /// Whether the bundle tells uses against containers apart at all; official ones don't.
    pub fn tells_evidence(&self) -> bool {
        self.techniques.iter().any(Technique::seen_against_containers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{ActorKind, ActorUse, Release};

    fn actor(name: &str, kind: ActorKind, container_native: bool) -> Actor {
        Actor { id: String::new(), name: name.to_owned(), kind, aliases: Vec::new(), url: None, container_native }
    }

    fn technique(uses: &[(usize, bool)]) -> Technique {
        let used = |(actor, container_related): &(usize, bool)| ActorUse {
            actor: *actor,
            container_related: *container_related,
        };
        Technique { uses: uses.iter().map(used).collect(), ..Technique::bare("T1") }
    }

    type Case = (&'static [(usize, bool)], &'static str, Sighting);

    #[test]
    fn a_catalogue_without_actors_has_the_evidence_of_its_counterparts() {
        let bundle = |bytes: &[u8]| crate::attack::read(bytes).unwrap().knowledge;
        let ours = bundle(include_bytes!("../../data/microsoft-kubernetes.json"));
        let attack = bundle(include_bytes!("../../data/attack-containers-19.2.json"));
        let (own, through) = (Record::own(&attack), Record::through(&ours, &attack));
        let id = |text| TechniqueId::parse(text).unwrap();
        let count = |record: &Record, text| record.of(record.shown().technique(&id(text)).unwrap()).native.len();
        assert_eq!(count(&through, "MS-TA9008"), count(&own, "T1610"));
        assert!(count(&through, "MS-TA9008") > 0);
        let mut both: Vec<&str> = Vec::new();
        for text in ["T1498", "T1499"] {
            both.extend(own.of(attack.technique(&id(text)).unwrap()).elsewhere.iter().map(|actor| actor.id.as_str()));
        }
        both.sort_unstable();
        both.dedup();
        let joined = through.of(ours.technique(&id("MS-TA9040")).unwrap());
        assert_eq!(joined.elsewhere.len(), both.len(), "each actor once");
        assert_eq!((through.can_tell(&id("MS-TA9040")), through.can_tell(&id("MS-TA9017"))), (true, false));
        assert!(own.can_tell(&id("T1612")));
    }

    #[test]
    fn uses_against_containers_and_elsewhere_are_told_apart() {
        let actors = vec![
            actor("Worm", ActorKind::Software, true),
            actor("Team", ActorKind::Group, true),
            actor("Other", ActorKind::Campaign, false),
            actor("Bear", ActorKind::Group, false),
        ];
        let knowledge =
            Knowledge::new(Release::default(), Vec::new(), Vec::new(), Vec::new(), actors, Vec::new(), Vec::new());
        let cases: [Case; 7] = [
            (&[], "||", Sighting::Unseen),
            (&[(3, false), (2, false)], "||Bear Other", Sighting::Elsewhere),
            (&[(0, true), (1, true), (3, false)], "Team Worm||Bear", Sighting::AgainstContainers),
            (&[(0, false)], "||Worm", Sighting::Elsewhere),
            (&[(2, true)], "|Other|", Sighting::AgainstContainers),
            // Once, whatever the bundle repeats.
            (&[(1, false), (1, true), (1, true), (1, false)], "Team||", Sighting::AgainstContainers),
            // An actor that isn't there is nobody.
            (&[(9, true)], "||", Sighting::Unseen),
        ];
        for (uses, expected, sighting) in cases {
            let technique = technique(uses);
            let evidence = Evidence::of(&knowledge, &technique);
            let names = |actors: &[&Actor]| actors.iter().map(|it| it.name.clone()).collect::<Vec<_>>().join(" ");
            let told = [&evidence.native, &evidence.others, &evidence.elsewhere].map(|actors| names(actors));
            assert_eq!((told.join("|"), evidence.sighting()), (expected.to_owned(), sighting), "{uses:?}");
        }
    }
}

//! Whatever a bundle tells of by itself: a technique, a tactic, who acts, what helps. Each touches techniques; which ones
//! is said here and nowhere else.

use super::{Actor, ActorKind, ActorUse, Asset, Component, Detection, Knowledge, Mitigation, Tactic, Technique};

/// What kind of thing a bundle tells of, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Technique,
    Tactic,
    Group,
    Software,
    Campaign,
    Mitigation,
    Component,
    Detection,
    Asset,
}

/// One of them, by its id, or by its name where the bundle gives none: so it is found again in another bundle.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    pub kind: Kind,
    pub key: String,
}

/// What the bundle says of a subject.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    Technique(&'a Technique),
    Tactic(&'a Tactic),
    Actor(&'a Actor),
    Mitigation(&'a Mitigation),
    Component(&'a Component),
    Detection(&'a Detection),
    Asset(&'a Asset),
}

impl Kind {
    pub const ALL: [Self; 9] = [
        Self::Technique,
        Self::Tactic,
        Self::Group,
        Self::Software,
        Self::Campaign,
        Self::Mitigation,
        Self::Component,
        Self::Detection,
        Self::Asset,
    ];

    /// As people call one of them.
    pub fn word(self) -> &'static str {
        match self {
            Self::Technique => "technique",
            Self::Tactic => "tactic",
            Self::Group => "group",
            Self::Software => "software",
            Self::Campaign => "campaign",
            Self::Mitigation => "mitigation",
            Self::Component => "data component",
            Self::Detection => "detection",
            Self::Asset => "asset",
        }
    }

    /// As people call several of them.
    pub fn words(self) -> &'static str {
        match self {
            Self::Technique => "techniques",
            Self::Tactic => "tactics",
            Self::Group => "groups",
            Self::Software => "software",
            Self::Campaign => "campaigns",
            Self::Mitigation => "mitigations",
            Self::Component => "data components",
            Self::Detection => "detections",
            Self::Asset => "assets",
        }
    }
}

impl From<ActorKind> for Kind {
    fn from(kind: ActorKind) -> Self {
        match kind {
            ActorKind::Group => Self::Group,
            ActorKind::Software => Self::Software,
            ActorKind::Campaign => Self::Campaign,
        }
    }
}

impl Subject {
    pub fn of(told: Told) -> Self {
        let (id, name) = (told.id(), told.name());
        Self { kind: told.kind(), key: if id.is_empty() { name } else { id.to_owned() } }
    }

    fn is(&self, told: Told) -> bool {
        self.kind == told.kind() && if told.id().is_empty() { told.name() == self.key } else { told.id() == self.key }
    }
}

impl<'a> Told<'a> {
    pub fn kind(self) -> Kind {
        match self {
            Self::Technique(_) => Kind::Technique,
            Self::Tactic(_) => Kind::Tactic,
            Self::Actor(actor) => actor.kind.into(),
            Self::Mitigation(_) => Kind::Mitigation,
            Self::Component(_) => Kind::Component,
            Self::Detection(_) => Kind::Detection,
            Self::Asset(_) => Kind::Asset,
        }
    }

    pub fn id(self) -> &'a str {
        match self {
            Self::Technique(it) => it.id.as_str(),
            Self::Tactic(it) => &it.id,
            Self::Actor(it) => &it.id,
            Self::Mitigation(it) => &it.id,
            Self::Component(it) => &it.id,
            Self::Detection(it) => &it.id,
            Self::Asset(it) => &it.id,
        }
    }

    /// A data component with its source before it, as ATT&CK writes it: `Process: Process Creation`.
    pub fn name(self) -> String {
        match self {
            Self::Technique(it) => it.name.clone(),
            Self::Tactic(it) => it.name.clone(),
            Self::Actor(it) => it.name.clone(),
            Self::Mitigation(it) => it.name.clone(),
            Self::Component(Component { name, source: Some(source), .. }) => format!("{source}: {name}"),
            Self::Component(it) => it.name.clone(),
            Self::Detection(it) => it.name.clone(),
            Self::Asset(it) => it.name.clone(),
        }
    }

    pub fn url(self) -> Option<&'a str> {
        match self {
            Self::Technique(it) => it.url.as_deref(),
            Self::Tactic(it) => it.url.as_deref(),
            Self::Actor(it) => it.url.as_deref(),
            Self::Mitigation(it) => it.url.as_deref(),
            Self::Component(it) => it.url.as_deref(),
            Self::Detection(it) => it.url.as_deref(),
            Self::Asset(it) => it.url.as_deref(),
        }
    }
}

impl Knowledge {
    /// Everything that it tells of, techniques first. Techniques that only give context are left out.
    pub fn subjects(&self) -> impl Iterator<Item = Told<'_>> {
        let techniques = self.techniques.iter().filter(|technique| self.in_scope(technique)).map(Told::Technique);
        techniques
            .chain(self.tactics.iter().map(Told::Tactic))
            .chain(self.actors.iter().map(Told::Actor))
            .chain(self.mitigations.iter().map(Told::Mitigation))
            .chain(self.components.iter().map(Told::Component))
            .chain(self.detections.iter().map(Told::Detection))
            .chain(self.assets.iter().map(Told::Asset))
    }

    /// What it says of a subject, if it knows it.
    pub fn told(&self, subject: &Subject) -> Option<Told<'_>> {
        self.subjects().find(|told| subject.is(*told))
    }

    /// The techniques that a subject touches, by id: itself, those of a tactic, those that an actor uses, that a mitigation
    /// helps against, that a detection or data component shows, that act on an asset.
    pub fn touched(&self, subject: &Subject) -> Vec<&Technique> {
        let at = |found: Option<usize>| found.unwrap_or(usize::MAX);
        let actor = at(self.actors.iter().position(|it| subject.is(Told::Actor(it))));
        let mitigation = at(self.mitigations.iter().position(|it| subject.is(Told::Mitigation(it))));
        let component = at(self.components.iter().position(|it| subject.is(Told::Component(it))));
        let detection = at(self.detections.iter().position(|it| subject.is(Told::Detection(it))));
        let asset = at(self.assets.iter().position(|it| subject.is(Told::Asset(it))));
        let tactic = self.tactics.iter().find(|it| subject.is(Told::Tactic(it)));
        let touches = |technique: &&Technique| match subject.kind {
            Kind::Technique => technique.id.as_str() == subject.key,
            Kind::Tactic => tactic.is_some_and(|tactic| technique.tactics.contains(&tactic.short_name)),
            Kind::Group | Kind::Software | Kind::Campaign => technique.uses.iter().any(|seen| seen.actor == actor),
            Kind::Mitigation => technique.mitigations.contains(&mitigation),
            Kind::Component => technique.components.contains(&component),
            Kind::Detection => technique.detections.contains(&detection),
            Kind::Asset => technique.assets.contains(&asset),
        };
        self.techniques.iter().filter(|technique| self.in_scope(technique)).filter(touches).collect()
    }

    /// Whether an actor was seen using a technique against containers.
    pub fn seen_against_containers(&self, subject: &Subject, technique: &Technique) -> bool {
        let is = |seen: &ActorUse| self.actors.get(seen.actor).is_some_and(|actor| subject.is(Told::Actor(actor)));
        technique.uses.iter().any(|seen| seen.container_related && is(seen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::read;

    fn bundle(release: u32) -> Knowledge {
        let bytes: &[u8] = match release {
            18 => include_bytes!("../../data/attack-containers-18.1.json"),
            _ => include_bytes!("../../data/attack-containers-19.2.json"),
        };
        read(bytes).unwrap().knowledge
    }

    fn subject(kind: Kind, key: &str) -> Subject {
        Subject { kind, key: key.to_owned() }
    }

    #[test]
    fn everything_is_found_again_by_its_subject() {
        for knowledge in [bundle(18), bundle(19)] {
            for told in knowledge.subjects() {
                let subject = Subject::of(told);
                let again = knowledge.told(&subject).unwrap();
                assert_eq!((again.kind(), again.id(), again.name()), (told.kind(), told.id(), told.name()));
            }
            assert!(knowledge.told(&subject(Kind::Group, "T1610")).is_none());
        }
    }

    #[test]
    fn what_a_subject_touches_is_what_techniques_say_of_it() {
        let knowledge = bundle(19);
        for told in knowledge.subjects() {
            let subject = Subject::of(told);
            let touched: Vec<&str> = knowledge.touched(&subject).iter().map(|it| it.id.as_str()).collect();
            let named = |technique: &Technique| match told {
                Told::Technique(it) => it.id == technique.id,
                Told::Tactic(it) => technique.tactics.contains(&it.short_name),
                Told::Actor(it) => technique.uses.iter().any(|seen| knowledge.actors[seen.actor].id == it.id),
                Told::Mitigation(it) => technique.mitigations.iter().any(|at| knowledge.mitigations[*at].id == it.id),
                Told::Component(it) => technique.components.iter().any(|at| knowledge.components[*at].id == it.id),
                Told::Detection(it) => technique.detections.iter().any(|at| knowledge.detections[*at].id == it.id),
                Told::Asset(it) => technique.assets.iter().any(|at| knowledge.assets[*at].id == it.id),
            };
            let expected: Vec<&str> =
                knowledge.techniques.iter().filter(|it| named(it)).map(|it| it.id.as_str()).collect();
            assert_eq!(touched, expected, "{subject:?}");
            assert!(told.kind() == Kind::Tactic || !touched.is_empty(), "{subject:?} touches nothing");
        }
    }

    #[test]
    fn context_is_no_subject() {
        let knowledge = bundle(18);
        assert!(knowledge.techniques.iter().any(|technique| technique.id.as_str() == "T1059"));
        assert!(knowledge.told(&subject(Kind::Technique, "T1059")).is_none());
    }
}

//! Our STIX 2.1 property extensions and what goes into them; `data/README.md` documents them member by member.
//! Which object gets one is left to the modules that make objects.

use super::{
    DataError,
    bundle::{Object, own_id},
    facts::{SecondOpinion, Tier},
};

const EXTENSION: &str = "extension-definition";
const CREATED: &str = "2026-08-06T00:00:00.000Z";

/// One of our property extensions.
#[derive(Clone, Copy)]
pub enum Extension {
    Tiers,
    Evidence,
    Scope,
}

impl Extension {
    const ALL: [Self; 3] = [Self::Tiers, Self::Evidence, Self::Scope];

    /// Gives the object this extension; one with nothing in it is left out.
    pub fn on(self, object: Object, members: Object) -> Object {
        Self::on_all(object, [(self, members)])
    }

    /// Gives the object several extensions.
    pub fn on_all(object: Object, extensions: impl IntoIterator<Item = (Self, Object)>) -> Object {
        let filled = extensions.into_iter().filter(|(_, members)| !members.is_empty());
        let all = filled.fold(Object::default(), |all, (extension, members)| all.with(&extension.id(), members));
        if all.is_empty() { object } else { object.with("extensions", all) }
    }

    fn id(self) -> String {
        own_id(EXTENSION, self.name())
    }

    fn name(self) -> &'static str {
        match self {
            Self::Tiers => "Bulkhead technique tiers",
            Self::Evidence => "Bulkhead container evidence",
            Self::Scope => "Bulkhead catalogue scope",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::Tiers => {
                "In which tier of a container platform a technique acts, and is best controlled and seen: the \
                 orchestration tier, the container tier, or both."
            }
            Self::Evidence => {
                "That an actor is known for acting against containers, or that a use of a technique was against them."
            }
            Self::Scope => {
                "Which part of which catalogue a bundle holds; and which ids are ours because the catalogue's own \
                 were not known."
            }
        }
    }
}

/// Who made our objects and what our extensions are: the objects that each bundle starts with.
pub fn definitions() -> Vec<Object> {
    let identity = Object::stix("identity", &identity(), CREATED, CREATED);
    let mut objects = vec![identity.with("name", "Bulkhead").with("identity_class", "system")];
    objects.extend(Extension::ALL.map(|extension| {
        Object::stix(EXTENSION, &extension.id(), CREATED, CREATED)
            .with("created_by_ref", self::identity())
            .with("name", extension.name())
            .with("description", extension.description())
            .with("schema", "data/README.md of the Bulkhead repository, \"Extensions\"")
            .with("version", "1.0.0")
            .with_list("extension_types", ["property-extension"])
    }));
    objects
}

/// The id of Bulkhead's own identity object.
pub fn identity() -> String {
    own_id("identity", "Bulkhead")
}

/// What the tier extension says of one technique.
///
/// # Errors
/// When nobody has assigned the technique to a tier.
pub fn tiers(assignments: &[Tier], technique: &str, own_id: bool) -> Result<Object, DataError> {
    let tier = assignments.iter().find(|tier| tier.id == technique);
    let tier = tier.ok_or_else(|| DataError::NoTier(technique.to_owned()))?;
    let members = property_extension()
        .with_list("tiers", tier.tiers.clone())
        .with("primary_tier", tier.primary.as_str())
        .with("confidence", tier.confidence.as_str())
        .with_list("objects", tier.objects.clone())
        .with("rationale", tier.rationale.as_str())
        .with_some("second_opinion", tier.second_opinion.as_ref().map(second_opinion));
    Ok(if own_id { members.with("own_id", true) } else { members })
}

/// What the scope extension says of an object whose id in the catalogue isn't known; nothing if it is.
pub fn own_id_mark(own_id: bool) -> Object {
    if own_id { property_extension().with("own_id", true) } else { Object::default() }
}

/// The beginning of what any of our extensions says.
pub fn property_extension() -> Object {
    Object::default().with("extension_type", "property-extension")
}

fn second_opinion(opinion: &SecondOpinion) -> Object {
    Object::default()
        .with_list("tiers", opinion.tiers.clone())
        .with("primary_tier", opinion.primary.as_str())
        .with("rationale", opinion.rationale.as_str())
}

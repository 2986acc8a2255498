//! Judgements as a small STIX 2.1 bundle: for each technique one `note` that refers to it, carries the reason as its
//! content, and the tiers as our extension. A note, because it is what STIX has for somebody's opinion of another's object:
//! the technique itself is not passed on, so that a tool which takes the bundle in does not overwrite what it knows of it.

use super::{Assignment, Judgement};
use crate::attack::{Knowledge, TechniqueId, Tier, TierSet};
use serde_json::{Value, json};

/// The largest bundle of judgements that is read. A thousand of them with a paragraph each take one megabyte.
pub const MAXIMUM_BYTES: usize = 8 << 20;

/// The longest reason that is taken, in characters.
const LONGEST_REASON: usize = 10_000;

/// Our extension, as the bundles in `data/` define it.
pub(in crate::attack) const EXTENSION: &str = "extension-definition--b888a9b2-4889-539b-9ac9-e239f98a2c53";
const IDENTITY: &str = "identity--dc2cc52f-d780-5f16-a12e-af1668aa158e";
const DEFINED: &str = "2026-08-06T00:00:00.000Z";

/// Why a file holds no judgements.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    #[error("the file is larger than {} MB, the most that is read of tier assignments", MAXIMUM_BYTES >> 20)]
    TooLarge,
    #[error("the file is not JSON: {0}")]
    NotJson(String),
    #[error("the file is no STIX bundle: its `type` is not \"bundle\", or it has no list of `objects`")]
    NoBundle,
    #[error("the bundle has no tier assignments: none of its objects has Bulkhead's tiers extension")]
    Nothing,
}

/// What a bundle of judgements holds, and what of it was not understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shared {
    pub assignment: Assignment,
    /// One line for each object that was passed over, naming its place.
    pub passed_over: Vec<String>,
}

/// The judgements as a bundle, at a time (`2026-01-31T12:00:00.000Z`). `uuid` gives a fresh one at each call: this room
/// has no source of chance. Judgements on techniques that the bundle lacks are left out, as they'd refer to nothing.
pub fn share(assignment: &Assignment, knowledge: &Knowledge, now: &str, mut uuid: impl FnMut() -> String) -> Value {
    let mut objects = vec![identity(), extension_definition()];
    for (id, judgement) in assignment.iter() {
        let Some(technique) = knowledge.technique(id).filter(|it| !it.stix_id.is_empty()) else { continue };
        let tiers = words_of(judgement.tiers, judgement.primary);
        let title = format!("{} ({id}): {}", technique.name, tiers.join(" and "));
        // STIX wants a note to say something.
        let content = if judgement.reason.is_empty() { &title } else { &judgement.reason };
        objects.push(json!({"type": "note", "spec_version": "2.1", "id": format!("note--{}", uuid()), "created": now,
            "modified": now, "abstract": title, "content": content, "object_refs": [technique.stix_id],
            "external_references": [catalogued(id.as_str())],
            "extensions": {EXTENSION: tiers_extension(judgement.tiers, judgement.primary, &judgement.reason)}}));
    }
    json!({"type": "bundle", "id": format!("bundle--{}", uuid()), "objects": objects})
}

/// Whether a file's beginning is that of judgements, as [`share`] writes them, rather than of a bundle of techniques.
pub fn looks_shared(start: &str) -> bool {
    let plain: String = start.chars().filter(|c| !c.is_whitespace()).collect();
    plain.contains(EXTENSION) && plain.contains("\"type\":\"note\"")
}

/// Who makes our objects.
pub(in crate::attack) fn identity() -> Value {
    json!({"type": "identity", "spec_version": "2.1", "id": IDENTITY, "created": DEFINED, "modified": DEFINED,
        "name": "Bulkhead", "identity_class": "system"})
}

/// What our extension says of tiers.
pub(in crate::attack) fn extension_definition() -> Value {
    json!({"type": "extension-definition", "spec_version": "2.1", "id": EXTENSION, "created": DEFINED, "modified": DEFINED,
        "created_by_ref": IDENTITY, "name": "Bulkhead technique tiers",
        "description": "In which tier of a container platform a technique acts, and is best controlled and seen: the \
            orchestration tier, the container tier, or both.",
        "schema": "data/README.md of the Bulkhead repository, \"Extensions\"", "version": "1.0.0",
        "extension_types": ["property-extension"]})
}

/// What stands under [`EXTENSION`] in an object that has tiers.
pub(in crate::attack) fn tiers_extension(tiers: TierSet, primary: Tier, rationale: &str) -> Value {
    json!({"extension_type": "property-extension", "tiers": words_of(tiers, primary), "primary_tier": primary.word(),
        "rationale": rationale})
}

/// A reference to what a catalogue has under an id: a technique, an actor.
pub(in crate::attack) fn catalogued(id: &str) -> Value {
    let mut letters = id.chars();
    let attack = letters.next().is_some_and(|first| matches!(first, 'T' | 'G' | 'S' | 'C'))
        && letters.next().is_some_and(|second| second.is_ascii_digit());
    json!({"source_name": if attack { "mitre-attack" } else { "technique-catalogue" }, "external_id": id})
}

/// The primary one first, as in data/.
fn words_of(tiers: TierSet, primary: Tier) -> Vec<&'static str> {
    [primary, primary.other()].into_iter().filter(|tier| tiers.contains(*tier)).map(Tier::word).collect()
}

/// Reads judgements: from notes, as [`share`] writes them, and from techniques with our extension, so that a whole bundle
/// as in `data/` can be compared as well. Of two on one technique the later one in the file holds.
///
/// # Errors
/// When the bytes are too many, no STIX bundle, or have no judgement.
pub fn read(bytes: &[u8], knowledge: &Knowledge) -> Result<Shared, ShareError> {
    if bytes.len() > MAXIMUM_BYTES {
        return Err(ShareError::TooLarge);
    }
    let file: Value = serde_json::from_slice(bytes).map_err(|error| ShareError::NotJson(error.to_string()))?;
    let objects = file.get("objects").and_then(Value::as_array);
    let (Some("bundle"), Some(objects)) = (text(&file, "type"), objects) else { return Err(ShareError::NoBundle) };
    let mut shared = Shared::default();
    let mut said = false;
    for (at, object) in objects.iter().enumerate() {
        let Some(extension) = object.get("extensions").and_then(|all| all.get(EXTENSION)) else { continue };
        said = true;
        match judgement(object, extension, knowledge) {
            Ok((id, judgement)) => shared.assignment.judge(knowledge, &id, judgement),
            Err(why) => shared.passed_over.push(format!("object {}: {why}", at + 1)),
        }
    }
    if said { Ok(shared) } else { Err(ShareError::Nothing) }
}

fn judgement(object: &Value, extension: &Value, knowledge: &Knowledge) -> Result<(TechniqueId, Judgement), String> {
    let references = object.get("external_references").and_then(Value::as_array);
    let named = references.into_iter().flatten().find_map(|it| text(it, "external_id"));
    let id = named.ok_or("it names no technique").map_err(str::to_owned)?;
    let id = TechniqueId::parse(id).map_err(|error| error.to_string())?;
    if knowledge.technique(&id).is_none() {
        return Err(format!("the shown bundle has no technique {id}"));
    }
    let words = extension.get("tiers").and_then(Value::as_array).into_iter().flatten();
    let tiers: Option<Vec<Tier>> = words.map(|word| word.as_str().and_then(Tier::from_word)).collect();
    let tiers = tiers.and_then(TierSet::of).ok_or_else(|| format!("the tiers of {id} are none that we know"))?;
    let primary = match text(extension, "primary_tier") {
        Some(word) => Tier::from_word(word).ok_or_else(|| format!("the primary tier of {id} is none that we know"))?,
        None => Tier::ALL.into_iter().find(|tier| tiers.contains(*tier)).unwrap_or(Tier::Orchestration),
    };
    let reason: String = text(extension, "rationale").unwrap_or_default().chars().take(LONGEST_REASON).collect();
    Ok((id, Judgement::new(tiers, primary, reason)))
}

fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

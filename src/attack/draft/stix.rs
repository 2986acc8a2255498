//! Drafts as a STIX 2.1 bundle that other tools accept: a new technique is an `attack-pattern`, a procedure the actor and its
//! `uses`, anything else a `note` on the technique. Nothing of ATT&CK's own is passed on, so that a tool that takes the bundle
//! in overwrites nothing. Tiers stand in our tiers extension, as shared judgements have them; what STIX has no member for
//! in an extension of drafts.

use super::{Draft, Kind};
use crate::attack::{
    ActorKind, Knowledge, Technique, TechniqueId,
    assignment::{EXTENSION, catalogued, extension_definition, identity, tiers_extension},
    stix::kill_chain_of,
};
use serde_json::{Map, Value, json};

/// Our extension of drafts; `data/README.md` tells of its members.
const DRAFT: &str = "extension-definition--2be84250-9167-5c8a-b22d-381f57e868fe";

/// Drafts by their ids (UUIDs), at a time (`2026-01-31T12:00:00.000Z`). `uuid` gives a fresh one at each call.
pub fn bundle<'a>(
    drafts: impl IntoIterator<Item = (&'a str, &'a Draft)>,
    knowledge: &Knowledge,
    now: &str,
    mut uuid: impl FnMut() -> String,
) -> Value {
    let identity = identity();
    let mut objects = vec![identity.clone(), extension_definition(), definition(&identity)];
    for (id, draft) in drafts {
        let mut making = Making { id, draft, knowledge, now, uuid: &mut uuid };
        objects.extend(making.objects());
    }
    json!({"type": "bundle", "id": format!("bundle--{}", uuid()), "objects": objects})
}

fn definition(identity: &Value) -> Value {
    json!({"type": "extension-definition", "spec_version": "2.1", "id": DRAFT, "created": identity["created"],
        "modified": identity["modified"], "created_by_ref": identity["id"], "name": "Bulkhead contribution draft",
        "description": "What a draft of a contribution to ATT&CK says beside what STIX has members for.",
        "schema": "data/README.md of the Bulkhead repository, \"Extensions\"", "version": "1.0.0",
        "extension_types": ["property-extension"]})
}

struct Making<'a> {
    id: &'a str,
    draft: &'a Draft,
    knowledge: &'a Knowledge,
    now: &'a str,
    uuid: &'a mut dyn FnMut() -> String,
}

impl Making<'_> {
    fn objects(&mut self) -> Vec<Value> {
        match self.draft.kind {
            Kind::Technique => self.technique(),
            Kind::Procedure => self.procedure(),
            Kind::Placement | Kind::Tier => self.note(),
        }
    }

    fn object(&self, kind: &str, id: &str) -> Map<String, Value> {
        let object = json!({"type": kind, "spec_version": "2.1", "id": format!("{kind}--{id}"), "created": self.now,
            "modified": self.now});
        match object {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// The technique that the draft is about, if the bundle has it under an id that can be referred to.
    fn subject(&self) -> Option<&Technique> {
        let id = self.draft.technique.as_ref()?;
        self.knowledge.technique(id).filter(|technique| !technique.stix_id.is_empty())
    }

    fn technique(&mut self) -> Vec<Value> {
        let draft = self.draft;
        let mut object = self.object("attack-pattern", self.id);
        object.insert("name".to_owned(), json!(said(&draft.name, "Not named yet")));
        put_text(&mut object, "description", &draft.behaviour);
        if !draft.tactics.is_empty() {
            let chain = kill_chain_of(&draft.domain);
            let phases =
                draft.tactics.iter().map(|tactic| json!({"kill_chain_name": chain, "phase_name": tactic.as_str()}));
            object.insert("kill_chain_phases".to_owned(), phases.collect());
        }
        self.put_references(&mut object, None);
        self.put_extensions(&mut object);
        let own = object["id"].clone();
        let mut objects = vec![Value::Object(object)];
        if let Some(parent) = self.subject().map(|parent| parent.stix_id.clone()) {
            let id = (self.uuid)();
            let mut relation = self.object("relationship", &id);
            relation.insert("relationship_type".to_owned(), json!("subtechnique-of"));
            relation.insert("source_ref".to_owned(), own);
            relation.insert("target_ref".to_owned(), json!(parent));
            objects.push(Value::Object(relation));
        }
        objects
    }

    fn procedure(&mut self) -> Vec<Value> {
        let draft = self.draft;
        let known = self.knowledge.actors.iter().find(|actor| {
            let name = draft.actor.trim();
            actor.name.eq_ignore_ascii_case(name) || (!actor.id.is_empty() && actor.id.eq_ignore_ascii_case(name))
        });
        let kind = match draft.actor_kind {
            Some(ActorKind::Software) => "malware",
            Some(ActorKind::Campaign) => "campaign",
            _ => "intrusion-set",
        };
        let mut actor = self.object(kind, self.id);
        let name = known.map_or_else(|| said(&draft.actor, "Not named yet"), |known| known.name.clone());
        actor.insert("name".to_owned(), json!(name));
        if kind == "malware" {
            actor.insert("is_family".to_owned(), json!(true));
        }
        if let Some(known) = known.filter(|known| !known.id.is_empty()) {
            actor.insert("external_references".to_owned(), json!([catalogued(&known.id)]));
        }
        let own = actor["id"].clone();
        let mut objects = vec![Value::Object(actor)];
        let Some(technique) = self.subject().map(|it| (it.stix_id.clone(), it.id.clone())) else { return objects };
        let id = (self.uuid)();
        let mut relation = self.object("relationship", &id);
        relation.insert("relationship_type".to_owned(), json!("uses"));
        put_text(&mut relation, "description", &draft.behaviour);
        relation.insert("source_ref".to_owned(), own);
        relation.insert("target_ref".to_owned(), json!(technique.0));
        self.put_references(&mut relation, Some(&technique.1));
        self.put_extensions(&mut relation);
        objects.push(Value::Object(relation));
        objects
    }

    fn note(&mut self) -> Vec<Value> {
        let draft = self.draft;
        let Some((stix_id, id)) = self.subject().map(|it| (it.stix_id.clone(), it.id.clone())) else {
            return Vec::new();
        };
        let mut note = self.object("note", self.id);
        let title = draft.title(self.knowledge);
        note.insert("abstract".to_owned(), json!(title));
        // STIX wants a note to say something.
        note.insert("content".to_owned(), json!(said(&draft.behaviour, &title)));
        note.insert("object_refs".to_owned(), json!([stix_id]));
        self.put_references(&mut note, Some(&id));
        self.put_extensions(&mut note);
        vec![Value::Object(note)]
    }

    /// What anybody can read; `about` is the technique, named first.
    fn put_references(&self, object: &mut Map<String, Value>, about: Option<&TechniqueId>) {
        let written = self.draft.references.iter().filter(|it| super::is_web_address(&it.url)).map(|reference| {
            let title = said(&reference.title, &reference.url);
            json!({"source_name": title, "url": reference.url.trim()})
        });
        let all: Vec<Value> = about.map(|id| catalogued(id.as_str())).into_iter().chain(written).collect();
        if !all.is_empty() {
            object.insert("external_references".to_owned(), Value::Array(all));
        }
    }

    fn put_extensions(&self, object: &mut Map<String, Value>) {
        let draft = self.draft;
        let mut own = Map::new();
        own.insert("extension_type".to_owned(), json!("property-extension"));
        own.insert("draft".to_owned(), json!(draft.kind.word()));
        own.insert("in_the_wild".to_owned(), json!(draft.in_the_wild));
        if matches!(draft.kind, Kind::Technique | Kind::Placement) {
            let platforms: Vec<&str> = draft.platforms.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
            own.insert("platforms".to_owned(), json!(platforms));
        }
        if draft.kind == Kind::Placement {
            let tactics: Vec<&str> = draft.tactics.iter().map(super::TacticName::as_str).collect();
            own.insert("tactics".to_owned(), json!(tactics));
        }
        let texts = [
            ("seen", &draft.seen),
            ("visibility", &draft.visibility),
            ("detection", &draft.detection),
            ("mitigation", &draft.mitigation),
            ("contributor", &draft.contributor),
        ];
        texts.into_iter().for_each(|(name, text)| put_text(&mut own, name, text));
        let mut extensions = Map::new();
        extensions.insert(DRAFT.to_owned(), Value::Object(own));
        if let Some((tiers, primary)) = draft.assigned().filter(|_| matches!(draft.kind, Kind::Technique | Kind::Tier))
        {
            let rationale = if draft.kind == Kind::Tier { draft.behaviour.trim() } else { "" };
            extensions.insert(EXTENSION.to_owned(), tiers_extension(tiers, primary, rationale));
        }
        object.insert("extensions".to_owned(), Value::Object(extensions));
    }
}

fn put_text(object: &mut Map<String, Value>, name: &str, text: &str) {
    if !text.trim().is_empty() {
        object.insert(name.to_owned(), json!(text.trim()));
    }
}

fn said(text: &str, otherwise: &str) -> String {
    let text = text.trim();
    if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
}

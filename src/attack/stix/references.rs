//! Where an object is told of: its own id and address in its catalogue, and the same behaviour in others.

use super::object::{Object, Reference};
use crate::attack::{Counterpart, TechniqueId};

/// Catalogues whose ids are techniques' own.
const ATTACK_SOURCES: [&str; 3] = ["mitre-attack", "mitre-mobile-attack", "mitre-ics-attack"];

/// Catalogues whose ids name the same behaviour elsewhere.
const COUNTERPARTS: [&str; 2] = ["threat-matrix-for-kubernetes", "mitre-attack"];

/// Those that name an id.
pub struct References<'o, 'a>(&'o [Reference<'a>]);

/// An object's own id, empty if it has none, and its address.
#[derive(Debug, Default)]
pub struct Own {
    pub id: String,
    pub url: Option<String>,
}

impl<'o, 'a> References<'o, 'a> {
    pub fn of(object: &'o Object<'a>) -> Self {
        Self(&object.references)
    }

    /// ATT&CK's if it has one, else the first with an id.
    pub fn own(&self) -> Own {
        let source = |reference: &Reference<'a>| reference.source_name.text();
        let is_counterpart = self.0.first().is_some_and(|first| source(first).as_str() == Some(COUNTERPARTS[0]));
        let official = self.0.iter().find(|reference| {
            !is_counterpart && source(reference).as_str().is_some_and(|source| ATTACK_SOURCES.contains(&source))
        });
        let own = official.or(self.0.first());
        own.map(|own| Own { id: own.external_id.owned(), url: own.url.text().owned() }).unwrap_or_default()
    }

    pub fn counterparts(&self, id: &TechniqueId) -> Vec<Counterpart> {
        let elsewhere = self.0.iter().filter_map(|reference| {
            let catalogue = reference.source_name.owned();
            let other = reference.external_id.owned();
            (COUNTERPARTS.contains(&catalogue.as_str()) && other != id.as_str()).then(|| Counterpart {
                catalogue,
                id: other,
                name: reference.description.owned(),
                url: reference.url.text().owned(),
            })
        });
        elsewhere.collect()
    }

    /// Where ATT&CK's site has an actor of this STIX type that comes without an address.
    pub fn address_of_actor(&self, kind: &str, id: &str) -> Option<String> {
        self.0.iter().find(|reference| reference.source_name.text().as_str() == Some("mitre-attack"))?;
        let folder = match kind {
            "intrusion-set" => "groups",
            "campaign" => "campaigns",
            _ => "software",
        };
        Some(format!("https://attack.mitre.org/{folder}/{id}"))
    }
}

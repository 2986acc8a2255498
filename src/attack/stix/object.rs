//! A STIX object as it stands in the text: one flat shape for all types, of which each uses what it has.

use super::text::{Flag, Lenient, List, Text};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use std::fmt;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Object<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    pub description: Text<'a>,
    pub revoked: Flag,
    pub x_mitre_deprecated: Flag,
    #[serde(borrow)]
    pub external_references: List<Lenient<Inner<'a>>>,
    #[serde(borrow)]
    pub kill_chain_phases: List<Lenient<Inner<'a>>>,
    #[serde(borrow)]
    pub x_mitre_platforms: List<Text<'a>>,
    #[serde(borrow)]
    pub x_mitre_domains: List<Text<'a>>,
    pub x_mitre_is_subtechnique: Flag,
    #[serde(borrow)]
    pub x_mitre_version: Text<'a>,
    #[serde(borrow)]
    pub x_mitre_shortname: Text<'a>,
    #[serde(borrow)]
    pub tactic_refs: List<Text<'a>>,
    #[serde(borrow)]
    pub aliases: List<Text<'a>>,
    #[serde(borrow)]
    pub x_mitre_aliases: List<Text<'a>>,
    #[serde(borrow)]
    pub x_mitre_analytic_refs: List<Text<'a>>,
    #[serde(borrow)]
    pub x_mitre_log_source_references: List<Lenient<Inner<'a>>>,
    #[serde(borrow)]
    pub relationship_type: Text<'a>,
    #[serde(borrow)]
    pub source_ref: Text<'a>,
    #[serde(borrow)]
    pub target_ref: Text<'a>,
    #[serde(borrow)]
    pub extensions: Extensions<'a>,
}

/// An object within an object: a reference, a kill chain phase, a log source or an extension. One shape for all, since a
/// reader for each would weigh more than the fields that stay empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Inner<'a> {
    #[serde(borrow)]
    pub source_name: Text<'a>,
    #[serde(borrow)]
    pub external_id: Text<'a>,
    #[serde(borrow)]
    pub url: Text<'a>,
    #[serde(borrow)]
    pub description: Text<'a>,
    #[serde(borrow)]
    pub kill_chain_name: Text<'a>,
    #[serde(borrow)]
    pub phase_name: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    tiers: List<Text<'a>>,
    #[serde(borrow)]
    primary_tier: Text<'a>,
    #[serde(borrow)]
    confidence: Text<'a>,
    #[serde(borrow)]
    objects: List<Text<'a>>,
    #[serde(borrow)]
    rationale: Text<'a>,
    container_related: Flag,
    container_native: Flag,
    #[serde(borrow)]
    domain: Text<'a>,
    #[serde(borrow)]
    platform: Text<'a>,
    #[serde(borrow)]
    released: Text<'a>,
}

/// What our extensions say, whichever of them says it: tiers, evidence, and what the catalogue is about.
#[derive(Debug, Default)]
pub struct Extensions<'a> {
    pub tiers: List<Text<'a>>,
    pub primary_tier: Text<'a>,
    pub confidence: Text<'a>,
    pub objects: List<Text<'a>>,
    pub rationale: Text<'a>,
    pub container_related: bool,
    pub container_native: bool,
    pub domain: Text<'a>,
    pub platform: Text<'a>,
    pub released: Text<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Extensions<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let by_id = Lenient::<ById<'a>>::deserialize(deserializer)?;
        Ok(by_id.0.map(|by_id| by_id.0).unwrap_or_default())
    }
}

/// Extensions by the ids of their definitions, which nobody needs: the properties say what they are.
struct ById<'a>(Extensions<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for ById<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'a> Visitor<'a> for Of {
            type Value = ById<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("extensions")
            }

            fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<ById<'a>, A::Error> {
                let mut all = Extensions::default();
                while map.next_key::<IgnoredAny>()?.is_some() {
                    if let Some(one) = map.next_value::<Lenient<Inner<'a>>>()?.0 {
                        all.take(one);
                    }
                }
                Ok(ById(all))
            }
        }
        deserializer.deserialize_map(Of)
    }
}

impl<'a> Extensions<'a> {
    fn take(&mut self, one: Inner<'a>) {
        if !one.tiers.0.is_empty() {
            self.tiers = one.tiers;
            self.primary_tier = one.primary_tier;
            self.confidence = one.confidence;
            self.objects = one.objects;
            self.rationale = one.rationale;
        }
        self.container_related |= one.container_related.0;
        self.container_native |= one.container_native.0;
        if one.domain.0.is_some() {
            self.domain = one.domain;
            self.platform = one.platform;
            self.released = one.released;
        }
    }
}

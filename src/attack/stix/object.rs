//! A STIX object as it stands in the text: one flat shape for all types, of which each uses what it has.

use super::{
    ids::Id,
    scan::{Broken, Scan, Value},
    text::{Raw, Text},
};
use std::borrow::Cow;

#[derive(Debug, Default)]
pub struct Object<'a> {
    pub kind: Raw<'a>,
    pub id: Raw<'a>,
    pub name: Raw<'a>,
    pub revoked: bool,
    pub deprecated: bool,
    pub is_subtechnique: bool,
    pub version: Raw<'a>,
    /// Of a tactic.
    pub short_name: Raw<'a>,
    pub relationship_type: Raw<'a>,
    pub source_ref: Raw<'a>,
    pub target_ref: Raw<'a>,
    /// Where it is told of under an id; a relationship has none.
    pub references: Vec<Reference<'a>>,
    // Read only of objects that are wanted: nine in ten are relationships, which need none of it.
    description: Raw<'a>,
    external_references: Raw<'a>,
    kill_chain_phases: Raw<'a>,
    platforms: Raw<'a>,
    domains: Raw<'a>,
    tactic_refs: Raw<'a>,
    aliases: Raw<'a>,
    more_aliases: Raw<'a>,
    analytic_refs: Raw<'a>,
    log_sources: Raw<'a>,
    /// Of a data component, as bundles say it now and said it before.
    data_source_ref: Raw<'a>,
    data_sources: Raw<'a>,
    related_assets: Raw<'a>,
    extensions: Raw<'a>,
}

impl<'a> Object<'a> {
    /// Takes what is wanted of the object that begins here, in the place of what there was, and goes past it. A function of
    /// its own: browsers go on with faster code of a function when it is called again, and not within a loop.
    #[inline(never)]
    pub fn scan(&mut self, scan: &mut Scan<'a>) -> Result<(), Broken> {
        *self = Self::default();
        scan.object(|key, scan| {
            let value = scan.value()?;
            self.take(key, value);
            Ok(())
        })
    }

    /// What others refer to it by.
    pub fn id(&self) -> Option<Id<'a>> {
        self.id.letters().map(Id::of)
    }

    /// Reads its references, while their text is at hand.
    pub fn read_references(&mut self) {
        self.references = self.external_references.objects(|scan| {
            let keys = ["source_name", "external_id", "url", "description"];
            let [source_name, external_id, url, description] = values(scan, keys)?;
            Ok(external_id.is_text().then_some(Reference { source_name, external_id, url, description }))
        });
    }

    fn take(&mut self, key: &[u8], value: Value<'a>) {
        let raw = match key {
            b"type" => &mut self.kind,
            b"id" => &mut self.id,
            b"name" => &mut self.name,
            b"relationship_type" => &mut self.relationship_type,
            b"x_mitre_version" => &mut self.version,
            b"x_mitre_shortname" => &mut self.short_name,
            b"revoked" => return self.revoked = Raw::of(value).is_true(),
            b"x_mitre_deprecated" => return self.deprecated = Raw::of(value).is_true(),
            b"x_mitre_is_subtechnique" => return self.is_subtechnique = Raw::of(value).is_true(),
            b"source_ref" => &mut self.source_ref,
            b"target_ref" => &mut self.target_ref,
            b"description" => &mut self.description,
            b"external_references" => &mut self.external_references,
            b"kill_chain_phases" => &mut self.kill_chain_phases,
            b"x_mitre_platforms" => &mut self.platforms,
            b"x_mitre_domains" => &mut self.domains,
            b"tactic_refs" => &mut self.tactic_refs,
            b"aliases" => &mut self.aliases,
            b"x_mitre_aliases" => &mut self.more_aliases,
            b"x_mitre_analytic_refs" => &mut self.analytic_refs,
            b"x_mitre_log_source_references" => &mut self.log_sources,
            b"x_mitre_data_source_ref" => &mut self.data_source_ref,
            b"x_mitre_data_sources" => &mut self.data_sources,
            b"x_mitre_related_assets" => &mut self.related_assets,
            b"extensions" => &mut self.extensions,
            _ => return,
        };
        *raw = Raw::of(value);
    }

    pub fn is_live(&self) -> bool {
        !self.revoked && !self.deprecated
    }

    pub fn description(&self) -> Text<'a> {
        self.description.text()
    }

    /// The kill chain that the first of its phases is of.
    pub fn kill_chain(&self) -> Text<'a> {
        each(self.kill_chain_phases, "kill_chain_name").first().copied().unwrap_or_default().text()
    }

    /// The phases of its kill chain, which are tactics.
    pub fn phases(&self) -> Vec<Text<'a>> {
        each(self.kill_chain_phases, "phase_name").into_iter().map(Raw::text).collect()
    }

    pub fn platforms(&self) -> Vec<Cow<'a, str>> {
        self.platforms.texts()
    }

    pub fn domains(&self) -> Vec<Cow<'a, str>> {
        self.domains.texts()
    }

    /// Of a matrix, in its order.
    pub fn tactic_refs(&self) -> Vec<Cow<'a, str>> {
        self.tactic_refs.texts()
    }

    pub fn aliases(&self) -> Vec<Cow<'a, str>> {
        let mut aliases = self.aliases.texts();
        aliases.extend(self.more_aliases.texts());
        aliases
    }

    /// Of a detection strategy.
    pub fn analytic_refs(&self) -> Vec<Cow<'a, str>> {
        self.analytic_refs.texts()
    }

    /// Of an analytic: what it looks at, and the id of the data component that this belongs to.
    pub fn log_sources(&self) -> Vec<[Raw<'a>; 2]> {
        self.log_sources.objects(|scan| values(scan, ["name", "x_mitre_data_component_ref"]).map(Some))
    }

    /// Of a data component.
    pub fn data_source(&self) -> Option<Id<'a>> {
        self.data_source_ref.letters().map(Id::of)
    }

    /// Of a technique before ATT&CK 18, which names its data components in words: `Process: Process Creation`.
    pub fn data_sources(&self) -> Vec<Cow<'a, str>> {
        self.data_sources.texts()
    }

    /// Of an asset: what devices of its kind are called.
    pub fn related_assets(&self) -> Vec<String> {
        each(self.related_assets, "name").into_iter().filter_map(|name| name.text().owned()).collect()
    }

    /// Whether our extensions say that a relationship was seen against containers.
    pub fn is_container_related(&self) -> bool {
        self.extensions.is_there() && self.extensions().container_related
    }

    pub fn extensions(&self) -> Extensions<'a> {
        Extensions::of(self.extensions)
    }
}

/// Where an object is told of under an id.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    pub source_name: Raw<'a>,
    pub external_id: Raw<'a>,
    pub url: Raw<'a>,
    pub description: Raw<'a>,
}

/// Of the object that begins here, the values under these keys. Goes past it.
#[inline(never)] // see `Object::scan`
fn values<'a, const N: usize>(scan: &mut Scan<'a>, keys: [&str; N]) -> Result<[Raw<'a>; N], Broken> {
    let mut values = [Raw::default(); N];
    scan.object(|key, scan| {
        let value = scan.value()?;
        if let Some(at) = keys.iter().position(|wanted| wanted.as_bytes() == key) {
            values[at] = Raw::of(value);
        }
        Ok(())
    })?;
    Ok(values)
}

/// The value under a key of each object of a list.
fn each<'a>(list: Raw<'a>, key: &str) -> Vec<Raw<'a>> {
    list.objects(|scan| values(scan, [key]).map(|[value]| Some(value)))
}

/// What our extensions say, whichever of them says it: tiers, evidence, and what the catalogue is about.
#[derive(Debug, Default)]
pub struct Extensions<'a> {
    pub tiers: Vec<Cow<'a, str>>,
    pub primary_tier: Text<'a>,
    pub confidence: Text<'a>,
    pub objects: Vec<Cow<'a, str>>,
    pub rationale: Text<'a>,
    pub container_related: bool,
    pub container_native: bool,
    pub domain: Text<'a>,
    pub platform: Text<'a>,
    pub released: Text<'a>,
}

impl<'a> Extensions<'a> {
    /// They stand by the ids of their definitions, which nobody needs: the properties say what they are.
    fn of(by_id: Raw<'a>) -> Self {
        let mut all = Self::default();
        for one in by_id.object_values(|scan| values(scan, Self::KEYS)) {
            all.take(one);
        }
        all
    }

    const KEYS: [&'static str; 10] = [
        "tiers",
        "primary_tier",
        "confidence",
        "objects",
        "rationale",
        "container_related",
        "container_native",
        "domain",
        "platform",
        "released",
    ];

    fn take(&mut self, one: [Raw<'a>; 10]) {
        let [tiers, primary_tier, confidence, objects, rationale, related, native, domain, platform, released] = one;
        let tiers = tiers.texts();
        if !tiers.is_empty() {
            self.tiers = tiers;
            self.primary_tier = primary_tier.text();
            self.confidence = confidence.text();
            self.objects = objects.texts();
            self.rationale = rationale.text();
        }
        self.container_related |= related.is_true();
        self.container_native |= native.is_true();
        if domain.is_text() {
            self.domain = domain.text();
            self.platform = platform.text();
            self.released = released.text();
        }
    }
}

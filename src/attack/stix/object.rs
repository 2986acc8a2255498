//! A STIX object as it stands in the text: one flat shape for all types, of which each uses what it has.

use super::{
    scan::{Broken, Scan, Value},
    text::{Raw, Text},
};
use std::borrow::Cow;

#[derive(Debug, Default)]
pub struct Object<'a> {
    pub kind: Text<'a>,
    pub id: Text<'a>,
    pub name: Text<'a>,
    pub revoked: bool,
    pub deprecated: bool,
    pub is_subtechnique: bool,
    pub version: Text<'a>,
    /// Of a tactic.
    pub short_name: Text<'a>,
    pub relationship_type: Text<'a>,
    pub source_ref: Text<'a>,
    pub target_ref: Text<'a>,
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
    /// Takes what is wanted of the object that begins here, and goes past it. A function of its own: browsers go on with
    /// faster code of a function when it is called again, and not within a loop.
    #[inline(never)]
    pub fn scan(scan: &mut Scan<'a>) -> Result<Self, Broken> {
        let mut object = Self::default();
        scan.object(|key, scan| {
            let value = scan.value()?;
            object.take(key, value);
            Ok(())
        })?;
        Ok(object)
    }

    fn take(&mut self, key: &[u8], value: Value<'a>) {
        let text = match key {
            b"type" => &mut self.kind,
            b"id" => &mut self.id,
            b"name" => &mut self.name,
            b"source_ref" => &mut self.source_ref,
            b"target_ref" => &mut self.target_ref,
            b"relationship_type" => &mut self.relationship_type,
            b"x_mitre_version" => &mut self.version,
            b"x_mitre_shortname" => &mut self.short_name,
            _ => return self.take_more(key, value),
        };
        *text = Text(value.text());
    }

    fn take_more(&mut self, key: &[u8], value: Value<'a>) {
        let raw = match key {
            b"revoked" => return self.revoked = Raw::of(value).is_true(),
            b"x_mitre_deprecated" => return self.deprecated = Raw::of(value).is_true(),
            b"x_mitre_is_subtechnique" => return self.is_subtechnique = Raw::of(value).is_true(),
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

    /// Where it is told of under an id, its own catalogue first; anything else is left out.
    pub fn references(&self) -> Vec<Inner<'a>> {
        self.external_references.objects(|scan| Ok(Some(Inner::scan(scan)?).filter(|it| it.external_id.is_text())))
    }

    pub fn kill_chain_phases(&self) -> Vec<Inner<'a>> {
        self.kill_chain_phases.objects(Inner::any)
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

    /// Of an analytic.
    pub fn log_sources(&self) -> Vec<Inner<'a>> {
        self.log_sources.objects(Inner::any)
    }

    /// Of a data component.
    pub fn data_source(&self) -> Text<'a> {
        self.data_source_ref.text()
    }

    /// Of a technique before ATT&CK 10, which names its data components in words: `Process: Process Creation`.
    pub fn data_sources(&self) -> Vec<Cow<'a, str>> {
        self.data_sources.texts()
    }

    /// Of an asset: what devices of its kind are called.
    pub fn related_assets(&self) -> Vec<String> {
        let assets = self.related_assets.objects(Inner::any).into_iter();
        assets.filter_map(|asset| Some(asset.name.text().0?.into_owned())).collect()
    }

    pub fn extensions(&self) -> Extensions<'a> {
        Extensions::of(self.extensions)
    }
}

/// An object within an object: a reference, a kill chain phase, a log source or an extension. One shape for all, since a
/// reader for each would weigh more than the fields that stay empty.
#[derive(Debug, Default, Clone, Copy)]
pub struct Inner<'a> {
    pub source_name: Raw<'a>,
    pub external_id: Raw<'a>,
    pub url: Raw<'a>,
    pub description: Raw<'a>,
    pub kill_chain_name: Raw<'a>,
    pub phase_name: Raw<'a>,
    pub name: Raw<'a>,
    pub data_component_ref: Raw<'a>,
    tiers: Raw<'a>,
    primary_tier: Raw<'a>,
    confidence: Raw<'a>,
    objects: Raw<'a>,
    rationale: Raw<'a>,
    container_related: Raw<'a>,
    container_native: Raw<'a>,
    domain: Raw<'a>,
    platform: Raw<'a>,
    released: Raw<'a>,
}

impl<'a> Inner<'a> {
    fn any(scan: &mut Scan<'a>) -> Result<Option<Self>, Broken> {
        Self::scan(scan).map(Some)
    }

    #[inline(never)] // see `Object::scan`
    fn scan(scan: &mut Scan<'a>) -> Result<Self, Broken> {
        let mut inner = Self::default();
        scan.object(|key, scan| {
            let value = Raw::of(scan.value()?);
            if let Some(field) = inner.field(key) {
                *field = value;
            }
            Ok(())
        })?;
        Ok(inner)
    }

    fn field(&mut self, key: &[u8]) -> Option<&mut Raw<'a>> {
        let field = match key {
            b"source_name" => &mut self.source_name,
            b"external_id" => &mut self.external_id,
            b"url" => &mut self.url,
            b"description" => &mut self.description,
            b"kill_chain_name" => &mut self.kill_chain_name,
            b"phase_name" => &mut self.phase_name,
            b"name" => &mut self.name,
            b"x_mitre_data_component_ref" => &mut self.data_component_ref,
            b"tiers" => &mut self.tiers,
            b"primary_tier" => &mut self.primary_tier,
            b"confidence" => &mut self.confidence,
            b"objects" => &mut self.objects,
            b"rationale" => &mut self.rationale,
            b"container_related" => &mut self.container_related,
            b"container_native" => &mut self.container_native,
            b"domain" => &mut self.domain,
            b"platform" => &mut self.platform,
            b"released" => &mut self.released,
            _ => return None,
        };
        Some(field)
    }
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
        by_id.object_values(Inner::scan).into_iter().for_each(|one| all.take(one));
        all
    }

    fn take(&mut self, one: Inner<'a>) {
        let tiers = one.tiers.texts();
        if !tiers.is_empty() {
            self.tiers = tiers;
            self.primary_tier = one.primary_tier.text();
            self.confidence = one.confidence.text();
            self.objects = one.objects.texts();
            self.rationale = one.rationale.text();
        }
        self.container_related |= one.container_related.is_true();
        self.container_native |= one.container_native.is_true();
        if one.domain.is_text() {
            self.domain = one.domain.text();
            self.platform = one.platform.text();
            self.released = one.released.text();
        }
    }
}

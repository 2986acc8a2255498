//! The fact files as they are written: only the fields that a bundle needs, under the names the files give them.
//! What is made of them is left to the modules that build bundles.

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::DataError;

/// Reads one fact file.
///
/// # Errors
/// When the file can't be read or has another shape.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<T, DataError> {
    let text = fs::read_to_string(path).map_err(|source| DataError::Read { path: path.to_owned(), source })?;
    serde_json::from_str(&text).map_err(|source| DataError::Json { path: path.to_owned(), source })
}

/// One release of ATT&CK, as far as its Containers platform goes.
#[derive(Deserialize)]
pub struct AttackFacts {
    pub version: String,
    /// `2026-08-06`.
    pub release_date: String,
    pub matrix_stix_id: String,
    /// All tactics of the Enterprise matrix, in its order.
    pub tactics: Vec<AttackTactic>,
    pub techniques: Vec<AttackTechnique>,
    pub mitigations: Vec<AttackMitigation>,
    pub groups: Vec<Actor>,
    pub software: Vec<Actor>,
    pub campaigns: Vec<Actor>,
    pub container_native_actors: Vec<ReviewedActor>,
    pub detection: Detection,
    pub retired_container_techniques: Vec<RetiredTechnique>,
}

#[derive(Deserialize)]
pub struct AttackTactic {
    pub id: String,
    /// Unknown for the newest ones.
    pub stix_id: Option<String>,
    pub shortname: String,
    pub name: String,
}

#[derive(Deserialize)]
pub struct AttackTechnique {
    pub id: String,
    pub stix_id: Option<String>,
    pub name: String,
    pub is_subtechnique: bool,
    pub parent_id: Option<String>,
    pub tactics: Vec<String>,
    pub platforms: Vec<String>,
    pub containers_only: bool,
    pub version: String,
    pub created: String,
    pub modified: String,
    pub url: String,
}

#[derive(Deserialize)]
pub struct AttackMitigation {
    pub id: String,
    pub stix_id: Option<String>,
    pub name: String,
    pub url: String,
    pub technique_ids: Vec<String>,
}

/// A group, a piece of software or a campaign.
#[derive(Deserialize)]
pub struct Actor {
    pub id: String,
    pub stix_id: Option<String>,
    pub name: String,
    pub url: String,
    /// `group`, `malware`, `tool`, `campaign`; unknown for the newest software.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub aliases: Vec<String>,
    pub platforms: Option<Vec<String>>,
    pub first_seen: Option<String>,
    pub last_seen: Option<String>,
    pub technique_ids: Vec<String>,
}

/// An actor whose uses were looked at for container technology.
#[derive(Deserialize)]
pub struct ReviewedActor {
    pub id: String,
    /// `native`, `mention-only` or `false-positive`.
    pub tier: String,
    pub uses: Vec<ReviewedUse>,
}

#[derive(Deserialize)]
pub struct ReviewedUse {
    pub technique_id: String,
    /// Whether ATT&CK's text on this use names container technology; unknown where there was no text to look at.
    pub mentions_container: Option<bool>,
    pub terms: Option<Vec<String>>,
    /// What a person found who read it: `victim` and others.
    pub reviewed: Option<String>,
    pub flags_carried_from: Option<String>,
}

#[derive(Deserialize)]
pub struct Detection {
    pub strategies: Vec<Strategy>,
    pub analytics: Vec<Analytic>,
    /// Missing in releases that only secondary sources tell of.
    pub data_components: Option<Vec<DataComponent>>,
}

#[derive(Deserialize)]
pub struct Strategy {
    pub id: String,
    pub stix_id: Option<String>,
    pub name: String,
    pub url: String,
    pub technique_ids: Vec<String>,
}

#[derive(Deserialize)]
pub struct Analytic {
    pub id: String,
    pub stix_id: Option<String>,
    pub name: String,
    pub platforms: Vec<String>,
    pub strategy_id: String,
    /// Missing for analytics that are newer than the last release whose log sources are known.
    pub log_sources: Option<Vec<LogSource>>,
}

#[derive(Deserialize)]
pub struct LogSource {
    pub data_component_id: String,
    pub log_source: String,
}

#[derive(Deserialize)]
pub struct DataComponent {
    pub id: String,
    pub stix_id: Option<String>,
    pub name: String,
}

#[derive(Deserialize)]
pub struct RetiredTechnique {
    pub id: String,
    pub stix_id: Option<String>,
    pub name: String,
    pub replaced_by: Option<String>,
}

/// Every Enterprise technique by release and id.
pub struct EnterpriseIds(BTreeMap<String, BTreeMap<String, EnterpriseTechnique>>);

#[derive(Deserialize)]
pub struct EnterpriseTechnique {
    pub name: String,
    #[serde(default)]
    pub tactics: Vec<String>,
    #[serde(default)]
    pub platforms: Vec<String>,
    /// Of a revoked technique; it may be revoked itself.
    pub replaced_by: Option<String>,
}

impl EnterpriseIds {
    /// Every technique of a release, in the order of their ids.
    pub fn techniques(&self, release: &str) -> impl Iterator<Item = (&String, &EnterpriseTechnique)> {
        self.0.get(release).into_iter().flatten()
    }

    pub fn technique(&self, release: &str, id: &str) -> Option<&EnterpriseTechnique> {
        self.0.get(release)?.get(id)
    }
}

impl<'de> Deserialize<'de> for EnterpriseIds {
    /// The file has a member for each release, named by its number, among members of other kinds.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members: BTreeMap<String, Value> = BTreeMap::deserialize(deserializer)?;
        let releases = members.into_iter().filter(|(name, _)| name.starts_with(|c: char| c.is_ascii_digit()));
        let read = |(name, value)| Ok((name, serde_json::from_value(value).map_err(serde::de::Error::custom)?));
        releases.map(read).collect::<Result<_, _>>().map(Self)
    }
}

/// Microsoft's Threat Matrix for Kubernetes.
#[derive(Deserialize)]
pub struct MicrosoftFacts {
    pub source: MicrosoftSource,
    pub tactics: Vec<MicrosoftTactic>,
    pub techniques: Vec<MicrosoftTechnique>,
    pub mitigations: Vec<MicrosoftMitigation>,
    pub mitre_cross_reference: Vec<CrossReference>,
}

#[derive(Deserialize)]
pub struct MicrosoftSource {
    /// With the time of day.
    pub commit_date: String,
}

#[derive(Deserialize)]
pub struct MicrosoftTactic {
    /// `InitialAccess`.
    pub key: String,
    pub name: String,
    pub order: u32,
}

#[derive(Deserialize)]
pub struct MicrosoftTechnique {
    pub id: String,
    pub name: String,
    pub url: String,
    /// Keys of tactics.
    pub tactics: Vec<String>,
    pub mitre_technique_ids: Vec<String>,
    pub mitigation_ids: Vec<String>,
}

#[derive(Deserialize)]
pub struct MicrosoftMitigation {
    pub id: String,
    pub name: String,
    pub url: String,
    pub mitre_mitigation_ids: Vec<String>,
    pub technique_ids: Vec<String>,
}

#[derive(Deserialize)]
pub struct CrossReference {
    pub mitre_technique_id: String,
    pub name: String,
}

/// Our assignment of techniques to tiers.
#[derive(Deserialize)]
pub struct Tiers {
    pub attack: Vec<Tier>,
    pub microsoft: Vec<Tier>,
}

#[derive(Deserialize)]
pub struct Tier {
    pub id: String,
    pub tiers: Vec<String>,
    pub primary: String,
    pub confidence: String,
    pub objects: Vec<String>,
    pub rationale: String,
    pub second_opinion: Option<SecondOpinion>,
}

#[derive(Deserialize)]
pub struct SecondOpinion {
    pub tiers: Vec<String>,
    pub primary: String,
    pub rationale: String,
}

//! `cargo xtask data`: writes the STIX bundles in `data/` from the facts about each catalogue and our own tiers and
//! descriptions. What a fact file holds is `facts`'s; what goes into a bundle is `attack`'s and `microsoft`'s, and which
//! technique ids were revoked is `replacements`'s, what older releases said `release_facts`'s; what became of techniques from
//! release to release is `history`'s.

mod actors;
mod attack;
mod bundle;
mod crosswalk;
mod description;
mod detection;
mod extension;
mod facts;
mod history;
mod microsoft;
mod relationship;
mod release_facts;
mod replacements;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use facts::{AttackFacts, EnterpriseIds, MicrosoftFacts, Tiers};

/// The ATT&CK releases that get a bundle, newest first: `19.2` is the one whose facts also fill gaps in the others.
const RELEASES: [&str; 2] = ["19.2", "18.1"];

/// Why the bundles could not be written.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("{path} can't be read ({source}); give the folder with the facts: cargo xtask data --facts FOLDER")]
    Read { path: PathBuf, source: io::Error },
    #[error("{path} isn't what it should be: {source}")]
    Json { path: PathBuf, source: serde_json::Error },
    #[error("{path} can't be written: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("{0} has no entry in xtask/src/data/descriptions.json; write one and run this again")]
    NoDescription(String),
    #[error("{0} has no tier in tiers.json")]
    NoTier(String),
    #[error("{subject} refers to {missing}, which the facts don't have")]
    Dangling { subject: String, missing: String },
    #[error("the bundle would have two objects with the id {0}")]
    Duplicate(String),
}

/// Writes the bundles into the repository's `data/` from the facts in the other folder, and says which files it wrote.
/// The same facts give the same bytes.
///
/// # Errors
/// When a fact file is missing or malformed, refers to something it doesn't have, or when a bundle can't be written.
pub fn run(repository: &Path, facts: &Path) -> Result<Vec<PathBuf>, DataError> {
    let descriptions = description::all()?;
    let tiers: Tiers = facts::read(&facts.join("tiers.json"))?;
    let enterprise: EnterpriseIds = facts::read(&facts.join("attack-containers/enterprise-ids.json"))?;
    let microsoft: MicrosoftFacts = facts::read(&facts.join("microsoft-k8s.json"))?;
    let releases = RELEASES
        .iter()
        .map(|release| facts::read(&facts.join(format!("attack-containers/attack-containers-{release}.json"))))
        .collect::<Result<Vec<AttackFacts>, DataError>>()?;

    let to = repository.join("data");
    fs::create_dir_all(&to).map_err(|source| DataError::Write { path: to.clone(), source })?;
    let mut written = Vec::new();
    for release in &releases {
        let sources = attack::Sources {
            release,
            releases: &releases,
            enterprise: &enterprise,
            microsoft: &microsoft,
            tiers: &tiers,
            descriptions: &descriptions,
        };
        let path = to.join(format!("attack-containers-{}.json", release.version));
        written.push(write(path, attack::bundle(&sources)?.text()?)?);
    }
    let newest = releases.first();
    let bundle = microsoft::bundle(&microsoft, newest, &tiers, &descriptions)?;
    written.push(write(to.join("microsoft-kubernetes.json"), bundle.text()?)?);
    written.push(write(to.join("attack-replacements.json"), replacements::text(&enterprise, &RELEASES)?)?);
    let map: history::UpgradeMap = facts::read(&facts.join("attack-containers/upgrade-map.json"))?;
    written.push(write(to.join("attack-history.json"), history::text(&map)?)?);
    written.push(write(to.join("attack-releases.json"), release_facts::text(facts)?)?);
    Ok(written)
}

fn write(path: PathBuf, text: String) -> Result<PathBuf, DataError> {
    match fs::write(&path, text) {
        Ok(()) => Ok(path),
        Err(source) => Err(DataError::Write { path, source }),
    }
}

//! Our own words on each technique, from `descriptions.json` next to this file: what it looks like in the cluster, and
//! what in the container. Nothing in them is taken from a catalogue.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

use super::DataError;

const TEXT: &str = include_str!("descriptions.json");

pub struct Descriptions(BTreeMap<String, Sides>);

#[derive(Deserialize)]
struct Sides {
    in_cluster: String,
    in_container: String,
}

/// # Errors
/// When the file isn't what it should be.
pub fn all() -> Result<Descriptions, DataError> {
    let path = || PathBuf::from("xtask/src/data/descriptions.json");
    serde_json::from_str(TEXT).map(Descriptions).map_err(|source| DataError::Json { path: path(), source })
}

impl Descriptions {
    /// Both sides in one text: the cluster's in the first paragraph, the container's in the second.
    ///
    /// # Errors
    /// When nobody has described the technique.
    pub fn of(&self, technique: &str) -> Result<String, DataError> {
        let sides = self.0.get(technique).ok_or_else(|| DataError::NoDescription(technique.to_owned()))?;
        Ok(format!("In the cluster: {}\n\nIn the container: {}", sides.in_cluster, sides.in_container))
    }
}

//! Which technique id replaced which in ATT&CK, for layers that are older than the replacing: all of Enterprise, for such
//! layers reach beyond containers. What is done with it is the app's.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{DataError, facts::EnterpriseIds};

/// What ATT&CK's terms ask for.
pub const NOTICE: &str = "© 2026 The MITRE Corporation. This work is reproduced and distributed with the permission of The \
    MITRE Corporation.";

/// The table as text, an id a line: the old id, what replaced it, and in which tactics that is.
///
/// An id is replaced as in the first release that revoked it, by what was live then, so that tactics are those that layers
/// of the time can have; a replacement that a later release revoked has a line of its own. `releases` has the newest first.
pub fn text(ids: &EnterpriseIds, releases: &[&str]) -> Result<String, DataError> {
    let mut lines: BTreeMap<&String, String> = BTreeMap::new();
    for release in releases.iter().rev() {
        for (old, _) in ids.techniques(release).filter(|(_, technique)| technique.replaced_by.is_some()) {
            if !lines.contains_key(old) {
                lines.insert(old, format!("{}:{}", json!(old), row(ids, release, old)?));
            }
        }
    }
    let lines: Vec<String> = lines.into_values().collect();
    let (notice, releases) = (json!(NOTICE), json!(releases));
    let head = format!("\"notice\":{notice},\n\"releases\":{releases},\n\"replacements\":{{");
    Ok(format!("{{\n{head}\n{}\n}}\n}}\n", lines.join(",\n")))
}

fn row(ids: &EnterpriseIds, release: &str, old: &str) -> Result<Value, DataError> {
    let mut id = old;
    // No chain is as long as the list: a longer one goes round.
    for _ in ids.techniques(release) {
        let dangling = || DataError::Dangling { subject: old.to_owned(), missing: id.to_owned() };
        let technique = ids.technique(release, id).ok_or_else(dangling)?;
        match &technique.replaced_by {
            Some(next) => id = next,
            None => return Ok(std::iter::once(id).chain(technique.tactics.iter().map(String::as_str)).collect()),
        }
    }
    Err(DataError::Dangling { subject: old.to_owned(), missing: id.to_owned() })
}

//! What each release of ATT&CK said of the techniques for containers, for upgrading layers that were made on one: names,
//! tactics and platforms, and no more. What becomes of a layer is the app's.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use super::{
    DataError,
    facts::{self, AttackTechnique},
    replacements::NOTICE,
};

/// The last of each major release whose facts are known, oldest first.
const RELEASES: [&str; 11] = ["9.0", "10.1", "11.2", "12.0", "13.1", "14.0", "15.1", "16.1", "17.1", "18.1", "19.2"];

/// Of a fact file only this: older releases have no detection strategies.
#[derive(Deserialize)]
struct Facts {
    techniques: Vec<AttackTechnique>,
}

/// The table as text, a technique a line: id, name, tactics, platforms.
pub fn text(facts: &Path) -> Result<String, DataError> {
    let mut releases = Vec::new();
    for release in RELEASES {
        let facts: Facts = facts::read(&facts.join(format!("attack-containers/attack-containers-{release}.json")))?;
        let row = |it: &AttackTechnique| format!("{}:{}", json!(it.id), json!([it.name, it.tactics, it.platforms]));
        let rows: Vec<String> = facts.techniques.iter().map(row).collect();
        releases.push(format!("{}:{{\n{}\n}}", json!(release), rows.join(",\n")));
    }
    Ok(format!("{{\n\"notice\":{},\n\"releases\":{{\n{}\n}}\n}}\n", json!(NOTICE), releases.join(",\n")))
}

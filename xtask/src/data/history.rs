//! What became of each container technique from release to release: added, renamed, moved to other tactics or platforms,
//! revoked. Facts only; the app says them in words.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{DataError, replacements::NOTICE};

/// What is known of the releases, from the first one with container techniques.
#[derive(Deserialize)]
pub struct UpgradeMap {
    releases: Vec<String>,
    steps: Vec<Step>,
    lifecycle: Vec<Lifecycle>,
}

/// From one release to the next.
#[derive(Deserialize)]
struct Step {
    to: String,
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    id: String,
    change: String,
    how: Option<String>,
    from: Option<Value>,
    to: Option<Value>,
    #[serde(default)]
    added: Vec<String>,
    #[serde(default)]
    removed: Vec<String>,
    replaced_by: Option<String>,
}

#[derive(Deserialize)]
struct Lifecycle {
    id: String,
    first_container_release: String,
}

/// The table as text, a technique a line: its events in order, each the release, a word, and what the word is about.
pub fn text(map: &UpgradeMap) -> Result<String, DataError> {
    let mut events: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let oldest = map.releases.first().map_or("", String::as_str);
    for technique in map.lifecycle.iter().filter(|it| it.first_container_release == oldest) {
        events.entry(&technique.id).or_default().push(json!([oldest, "there"]));
    }
    for step in &map.steps {
        for change in &step.changes {
            if let Some(event) = event(&step.to, change)? {
                events.entry(&change.id).or_default().push(event);
            }
        }
    }
    let lines: Vec<String> =
        events.into_iter().map(|(id, events)| format!("{}:{}", json!(id), Value::Array(events))).collect();
    let (notice, releases) = (json!(NOTICE), json!(map.releases));
    let head = format!("\"notice\":{notice},\n\"releases\":{releases},\n\"techniques\":{{");
    Ok(format!("{{\n{head}\n{}\n}}\n}}\n", lines.join(",\n")))
}

/// Nothing for what is no event to tell of: a new version of the text.
fn event(release: &str, change: &Change) -> Result<Option<Value>, DataError> {
    let dangling = |missing: &str| DataError::Dangling { subject: change.id.clone(), missing: missing.to_owned() };
    Ok(match change.change.as_str() {
        "added" if change.how.as_deref() == Some("platform-added") => Some(json!([release, "platform"])),
        "added" => Some(json!([release, "added"])),
        "renamed" => Some(json!([release, "renamed", change.from, change.to])),
        "tactics" => Some(json!([release, "tactics", change.added, change.removed])),
        "other-platforms" => Some(json!([release, "platforms", change.added, change.removed])),
        "revoked" => Some(json!([
            release,
            "revoked",
            change.replaced_by.as_deref().ok_or_else(|| dangling("what replaced it"))?
        ])),
        "object-version" => None,
        other => return Err(dangling(&format!("the meaning of the change \"{other}\""))),
    })
}

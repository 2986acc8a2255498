//! What earlier releases said of techniques: names, tactics and platforms, from our table or from a bundle. What becomes
//! of a layer that was made on one is `layer`'s.

use super::{Knowledge, TacticName, TechniqueId};
use rustc_hash::FxHashMap;
use serde_json::Value;

/// Larger tables are refused. Ours has seventy kilobytes.
pub const MAXIMUM_RELEASES_BYTES: usize = 4 * 1024 * 1024;

/// The techniques of one release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// What it is, for people: `ATT&CK v12.0`.
    pub words: String,
    pub facts: FxHashMap<TechniqueId, Fact>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub name: String,
    pub tactics: Vec<TacticName>,
    pub platforms: Vec<String>,
}

/// Catalogues by their release, oldest first: `data/attack-releases.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Releases(Vec<(String, Catalogue)>);

/// Why a table of releases can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReleasesError {
    #[error("The table of releases is larger than {} MB.", MAXIMUM_RELEASES_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("The table of releases is not one: it has no \"releases\".")]
    NotATable,
    #[error("The table of releases is broken: {0} has a technique without name, tactics and platforms.")]
    Row(String),
}

impl Catalogue {
    /// What a bundle says.
    pub fn of(knowledge: &Knowledge) -> Self {
        let fact = |technique: &super::Technique| Fact {
            name: technique.name.clone(),
            tactics: technique.tactics.clone(),
            platforms: technique.platforms.clone(),
        };
        let facts = knowledge.techniques.iter().map(|technique| (technique.id.clone(), fact(technique))).collect();
        Self { words: knowledge.release.words(), facts }
    }
}

impl Releases {
    /// From `{"releases": {"9.0": {"T1036": ["Masquerading", ["defense-evasion"], ["Containers"]]}}}`.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn read(bytes: &[u8]) -> Result<Self, ReleasesError> {
        if bytes.len() > MAXIMUM_RELEASES_BYTES {
            return Err(ReleasesError::TooLarge);
        }
        let table: Value = serde_json::from_slice(bytes).map_err(|_| ReleasesError::NotATable)?;
        let releases = table.get("releases").and_then(Value::as_object).ok_or(ReleasesError::NotATable)?;
        let release = |(release, rows): (&String, &Value)| {
            let broken = || ReleasesError::Row(release.chars().take(20).collect());
            let rows = rows.as_object().ok_or_else(broken)?;
            let facts = rows.iter().map(|(id, row)| read_row(id, row).ok_or_else(broken)).collect::<Result<_, _>>()?;
            Ok((release.clone(), Catalogue { words: format!("ATT&CK v{release}"), facts }))
        };
        releases.iter().map(release).collect::<Result<_, _>>().map(Self)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(release, _)| release.as_str())
    }

    /// The one that a layer means with `13.1` or `13`: of the same major number.
    pub fn of(&self, version: &str) -> Option<(&str, &Catalogue)> {
        let major = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
        let wanted = major(version);
        let found = self.0.iter().find(|(release, _)| major(release) == wanted);
        found.map(|(release, catalogue)| (release.as_str(), catalogue))
    }
}

fn read_row(id: &str, row: &Value) -> Option<(TechniqueId, Fact)> {
    let [name, tactics, platforms] = row.as_array()?.as_slice() else { return None };
    let texts = |value: &Value| -> Option<Vec<String>> {
        value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
    };
    let tactics = texts(tactics)?.iter().map(|text| TacticName::parse(text).ok()).collect::<Option<_>>()?;
    let fact = Fact { name: name.as_str()?.to_owned(), tactics, platforms: texts(platforms)? };
    Some((TechniqueId::parse(id).ok()?, fact))
}

/// Where ATT&CK shows a technique as it was in a release (`LU` 72 of Navigator 5.1.0). Only its own ids have such a page.
pub fn version_page(release: &str, id: &TechniqueId) -> Option<String> {
    let major = release.split('.').next().filter(|major| !major.is_empty())?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let own = id.as_str().strip_prefix('T').is_some_and(|rest| rest.split('.').all(digits)) && digits(major);
    own.then(|| format!("https://attack.mitre.org/versions/v{major}/techniques/{}/", id.as_str().replace('.', "/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layers_release_is_found_by_its_major_number() {
        let releases = Releases::read(include_bytes!("../../data/attack-releases.json")).unwrap();
        let cases = [("9", Some("9.0")), ("13.0", Some("13.1")), ("18.1", Some("18.1")), ("19", Some("19.2"))];
        let cases = cases.into_iter().chain([("8", None), ("", None), ("x", None)]);
        for (version, expected) in cases {
            assert_eq!(releases.of(version).map(|(release, _)| release), expected, "{version}");
        }
        let (_, nine) = releases.of("9").unwrap();
        let fact = &nine.facts[&TechniqueId::parse("T1046").unwrap()];
        assert_eq!(fact.name, "Network Service Scanning");
        assert_eq!(fact.tactics, [TacticName::parse("discovery").unwrap()]);
    }

    #[test]
    fn a_table_that_is_none_is_refused() {
        let row = || ReleasesError::Row("9.0".to_owned());
        let cases = [
            ("", ReleasesError::NotATable),
            ("{\"releases\": []}", ReleasesError::NotATable),
            ("{\"releases\": {\"9.0\": []}}", row()),
            ("{\"releases\": {\"9.0\": {\"T1\": [\"a\", []]}}}", row()),
            ("{\"releases\": {\"9.0\": {\"T1\": [\"a\", [\"<b>\"], []]}}}", row()),
            ("{\"releases\": {\"9.0\": {\"\": [\"a\", [], []]}}}", row()),
        ];
        for (text, error) in cases {
            assert_eq!(Releases::read(text.as_bytes()), Err(error), "{text}");
        }
        assert_eq!(Releases::read(&vec![b' '; MAXIMUM_RELEASES_BYTES + 1]), Err(ReleasesError::TooLarge));
    }

    #[test]
    fn a_technique_has_a_page_of_each_release() {
        let page = |release: &str, id: &str| version_page(release, &TechniqueId::parse(id).unwrap());
        let expected = "https://attack.mitre.org/versions/v18/techniques/T1562/001/";
        assert_eq!(page("18.1", "T1562.001").as_deref(), Some(expected));
        assert_eq!(page("9", "T1610").as_deref(), Some("https://attack.mitre.org/versions/v9/techniques/T1610/"));
        assert_eq!(page("x", "T1610"), None);
        assert_eq!(page("18", "MS-TA9001"), None);
    }
}

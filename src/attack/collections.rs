//! Reads a collection index: which bundles there are, by domain and version, and where. ATT&CK publishes one, and so can
//! anyone. Getting a bundle from there is the app's.

use serde_json::Value;

/// The largest index that is read. ATT&CK's own has 30 thousand bytes.
pub const MAXIMUM_INDEX_BYTES: usize = 4 * 1024 * 1024;

/// Of more collections or versions only so many are listed.
const MOST: usize = 500;

/// What an index offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionIndex {
    pub name: String,
    /// Those with a version that can be had.
    pub collections: Vec<Collection>,
}

/// `Enterprise ATT&CK`, in all of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    pub name: String,
    /// The newest first, as ATT&CK's own index has them: the order is the index's.
    pub versions: Vec<CollectionVersion>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionVersion {
    /// `18.1`.
    pub version: String,
    /// As the index has it; it may be relative to the index's own.
    pub url: String,
    /// ISO date, where the index says so.
    pub modified: Option<String>,
}

/// Why a file offers nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    #[error("it is larger than a collection index may be ({MAXIMUM_INDEX_BYTES} bytes)")]
    TooLarge,
    #[error("it is not JSON: line {0}, column {1}")]
    Json(usize, usize),
    #[error("it is not a collection index: it has no \"collections\"")]
    NoCollections,
    #[error("it is a collection index without a single version that can be opened")]
    Empty,
}

impl CollectionIndex {
    /// # Errors
    /// When the bytes are no index, or offer nothing. Single entries that are wrong are left out.
    pub fn read(bytes: &[u8]) -> Result<Self, IndexError> {
        if bytes.len() > MAXIMUM_INDEX_BYTES {
            return Err(IndexError::TooLarge);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let file: Value =
            serde_json::from_slice(bytes).map_err(|error| IndexError::Json(error.line(), error.column()))?;
        let collections = file.get("collections").and_then(Value::as_array).ok_or(IndexError::NoCollections)?;
        let collections: Vec<Collection> = collections.iter().take(MOST).filter_map(collection).collect();
        if collections.is_empty() {
            return Err(IndexError::Empty);
        }
        Ok(Self { name: text(&file, "name").unwrap_or_else(|| "Collection index".to_owned()), collections })
    }
}

fn collection(entry: &Value) -> Option<Collection> {
    let versions = entry.get("versions")?.as_array()?;
    let version = |version: &Value| {
        Some(CollectionVersion {
            version: text(version, "version")?,
            url: text(version, "url")?,
            modified: text(version, "modified").map(|date| date.chars().take(10).collect()),
        })
    };
    let versions: Vec<CollectionVersion> = versions.iter().take(MOST).filter_map(version).collect();
    let name = text(entry, "name").or_else(|| text(entry, "id"))?;
    (!versions.is_empty()).then_some(Collection { name, versions })
}

/// A text that isn't empty, and no longer than a line.
fn text(of: &Value, key: &str) -> Option<String> {
    const LONGEST: usize = 2_000;
    let text = of.get(key)?.as_str()?.trim();
    (!text.is_empty() && text.len() <= LONGEST).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, IndexError> {
        CollectionIndex::read(text.as_bytes()).map(|index| {
            let told = |it: &Collection| {
                let versions = it.versions.iter().map(|it| format!("{} {} {:?}", it.version, it.url, it.modified));
                format!("{}: {}", it.name, versions.collect::<Vec<_>>().join(", "))
            };
            format!("{}; {}", index.name, index.collections.iter().map(told).collect::<Vec<_>>().join("; "))
        })
    }

    #[test]
    fn what_can_be_had_is_listed_and_what_is_wrong_left_out() {
        let cases = [
            (
                r#"{"name": "Ours", "collections": [
                    {"name": "Enterprise", "versions": [
                        {"version": "18.1", "url": "https://a.example/18.1.json", "modified": "2025-11-13T14:00:00.188Z"},
                        {"version": "18.0"}, {"url": "x"}, 7, {"version": 18, "url": "x"},
                        {"version": "17.1", "url": "17.1.json"}]},
                    {"name": "Empty", "versions": []}, {"name": "None"}, null]}"#,
                Ok("Ours; Enterprise: 18.1 https://a.example/18.1.json Some(\"2025-11-13\"), 17.1 17.1.json None"),
            ),
            (
                r#"{"collections": [{"id": "x-mitre-collection--1", "versions": [{"version": "1", "url": "b"}]}]}"#,
                Ok("Collection index; x-mitre-collection--1: 1 b None"),
            ),
            (r#"{"collections": []}"#, Err(IndexError::Empty)),
            (r#"{"objects": []}"#, Err(IndexError::NoCollections)),
            (r#"{"collections": 5}"#, Err(IndexError::NoCollections)),
            ("[1]", Err(IndexError::NoCollections)),
            ("{\n  \"collections\": [", Err(IndexError::Json(2, 18))),
        ];
        for (file, expected) in cases {
            assert_eq!(read(file), expected.map(str::to_owned), "{file}");
        }
        let large = vec![b' '; MAXIMUM_INDEX_BYTES + 1];
        assert_eq!(CollectionIndex::read(&large), Err(IndexError::TooLarge));
    }
}

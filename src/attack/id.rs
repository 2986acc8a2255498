//! The names by which bundles and layer files mean the same thing: technique ids and tactic short names.
//! They are checked here, at the border, and nowhere else.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::{borrow::Cow, fmt, sync::Arc};

/// The longest id that is taken, in bytes. ATT&CK's own have 5 to 9, Microsoft's 9.
const MAXIMUM_LENGTH: usize = 64;

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("the id is empty")]
    Empty,
    #[error("the id is longer than {MAXIMUM_LENGTH} characters")]
    TooLong,
    #[error("the id \"{0}\" has a character that ids don't have")]
    Character(String),
}

/// The id of a technique or sub-technique as people write it: `T1610`, `T1053.007`, `MS-TA9008`.
///
/// Any catalogue's ids are taken: letters, digits, `.`, `-` and `_`, at most 64 of them.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct TechniqueId(Arc<str>);

/// The short name of a tactic, which layers and kill chain phases use: `initial-access`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct TacticName(Arc<str>);

impl TechniqueId {
    /// # Errors
    /// When the text is empty, too long, or has a character that ids don't have.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        checked(text).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the parent by ATT&CK's way of writing: `T1053` for `T1053.007`.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.split_once('.')?;
        Self::parse(parent).ok()
    }
}

impl TacticName {
    /// # Errors
    /// When the text is empty, too long, or has a character that short names don't have.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        checked(text).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn checked(text: &str) -> Result<Arc<str>, IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > MAXIMUM_LENGTH {
        return Err(IdError::TooLong);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !text.chars().all(plain) {
        return Err(IdError::Character(text.to_owned()));
    }
    Ok(Arc::from(text))
}

impl<'de> Deserialize<'de> for TechniqueId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(&Cow::<str>::deserialize(deserializer)?).map(Self).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for TacticName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(&Cow::<str>::deserialize(deserializer)?).map(Self).map_err(D::Error::custom)
    }
}

impl fmt::Display for TechniqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TechniqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for TacticName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TacticName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_checked_at_the_border() {
        let cases = [
            ("T1610", Ok("T1610")),
            ("T1053.007", Ok("T1053.007")),
            ("MS-TA9008", Ok("MS-TA9008")),
            ("", Err(IdError::Empty)),
            ("<img>", Err(IdError::Character("<img>".to_owned()))),
        ];
        for (text, expected) in cases {
            assert_eq!(
                TechniqueId::parse(text).as_ref().map(TechniqueId::as_str),
                expected.as_ref().copied(),
                "{text}"
            );
        }
        assert_eq!(TechniqueId::parse(&"T".repeat(65)), Err(IdError::TooLong));
    }

    #[test]
    fn a_sub_technique_names_its_parent() {
        let parent = |text| TechniqueId::parse(text).unwrap().parent().map(|id| id.to_string());
        assert_eq!(parent("T1053.007").as_deref(), Some("T1053"));
        assert_eq!(parent("T1053"), None);
    }
}

//! Reads STIX 2.0 and 2.1 bundles: ours, and any official one. Objects stream by one after the other and borrow from the
//! text; what isn't needed is skipped. How the parts come together as knowledge is `assemble`'s.

mod assemble;
mod object;
mod text;

use super::Knowledge;
use assemble::Parts;
use object::Object;
use serde::{
    Deserializer as _,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::fmt;

/// The largest bundle that is read, in bytes. The official Enterprise bundle has 45 million.
pub const MAXIMUM_BUNDLE_BYTES: usize = 256 * 1024 * 1024;

/// How many warnings are kept; of more, only their number.
const MOST_WARNINGS: usize = 100;

/// What a bundle said, and what of it could not be used.
#[derive(Debug)]
pub struct Reading {
    pub knowledge: Knowledge,
    pub warnings: Vec<Warning>,
}

/// Something in a bundle that was left out, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning(String);

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a bundle can't be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("it has {0} bytes; at most {MAXIMUM_BUNDLE_BYTES} are read")]
    TooLarge(usize),
    #[error("it is not UTF-8 text: byte {0} can't be read")]
    NotText(usize),
    #[error("it ends too early, at line {line}, column {column}: the file is cut off")]
    CutOff { line: usize, column: usize },
    #[error("it is not a STIX bundle: {what}, at line {line}, column {column}")]
    Json { what: String, line: usize, column: usize },
    #[error("it looks like a Navigator layer, not like a STIX bundle")]
    Layer,
    #[error("it is not a STIX bundle: it has no \"objects\"")]
    NoObjects,
    #[error("it has no matrix (x-mitre-matrix) with tactics, so there is nothing to lay out")]
    NoMatrix,
    #[error("it has no techniques (attack-pattern)")]
    NoTechniques,
}

/// Reads a bundle.
///
/// # Errors
/// When it isn't a bundle, or holds no matrix or no techniques. Single objects that are wrong are left out with a warning.
pub fn read(bytes: &[u8]) -> Result<Reading, ReadError> {
    if bytes.len() > MAXIMUM_BUNDLE_BYTES {
        return Err(ReadError::TooLarge(bytes.len()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError::NotText(error.valid_up_to()))?;
    let mut warnings = Warnings::default();
    let mut parts = Parts::default();
    let outcome = {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let bundle = Bundle { parts: &mut parts, warnings: &mut warnings };
        deserializer.deserialize_any(bundle).and_then(|seen| deserializer.end().map(|()| seen))
    };
    match outcome.map_err(|error| read_error(&error))? {
        Seen { objects: true, .. } => {}
        Seen { techniques: true, .. } => return Err(ReadError::Layer),
        Seen { .. } => return Err(ReadError::NoObjects),
    }
    let knowledge = assemble::assemble(parts, &mut warnings)?;
    Ok(Reading { knowledge, warnings: warnings.finish() })
}

fn read_error(error: &serde_json::Error) -> ReadError {
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return ReadError::CutOff { line, column };
    }
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or("it is no JSON").to_owned();
    ReadError::Json { what, line, column }
}

/// Warnings, of which only so many are kept.
#[derive(Debug, Default)]
struct Warnings {
    kept: Vec<Warning>,
    more: usize,
}

impl Warnings {
    fn add(&mut self, words: impl FnOnce() -> String) {
        if self.kept.len() < MOST_WARNINGS {
            self.kept.push(Warning(words()));
        } else {
            self.more += 1;
        }
    }

    fn finish(mut self) -> Vec<Warning> {
        if self.more > 0 {
            self.kept.push(Warning(format!("and {} more", self.more)));
        }
        self.kept
    }
}

/// Which keys the top of the file has.
#[derive(Debug, Default)]
struct Seen {
    objects: bool,
    techniques: bool,
}

/// The bundle itself.
struct Bundle<'p, 'a> {
    parts: &'p mut Parts<'a>,
    warnings: &'p mut Warnings,
}

impl<'a> Visitor<'a> for Bundle<'_, 'a> {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a bundle object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<Seen, A::Error> {
        let mut seen = Seen::default();
        while let Some(key) = map.next_key::<std::borrow::Cow<'a, str>>()? {
            match key.as_ref() {
                "objects" => {
                    map.next_value_seed(Objects(&mut self))?;
                    seen.objects = true;
                }
                other => {
                    seen.techniques |= other == "techniques";
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(seen)
    }
}

/// The bundle's objects, one after the other.
struct Objects<'b, 'p, 'a>(&'b mut Bundle<'p, 'a>);

impl<'a> serde::de::DeserializeSeed<'a> for Objects<'_, '_, 'a> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'a> Visitor<'a> for Objects<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut objects: A) -> Result<(), A::Error> {
        let Bundle { parts, warnings } = self.0;
        let mut at = 0_usize;
        while let Some(object) = objects.next_element::<text::Lenient<Object<'a>>>()? {
            match object.0 {
                Some(object) => parts.take(object, at, warnings),
                None => warnings.add(|| format!("object {at} is no object: left out")),
            }
            at += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

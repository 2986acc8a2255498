//! Reads STIX 2.0 and 2.1 bundles: ours, and any official one. Objects stream by one after the other and borrow from the
//! text; what isn't needed is skipped. How the parts come together as knowledge is `assemble`'s.

mod assemble;
mod ids;
mod links;
mod object;
mod references;
mod scan;
mod text;
mod wide;

use super::Knowledge;
use assemble::Parts;
use object::Object;
use scan::{Broken, Scan};
use std::fmt;

/// The largest bundle that is read, in bytes. The official Enterprise bundle has 45 million.
pub const MAXIMUM_BUNDLE_BYTES: usize = 256 * 1024 * 1024;

/// ATT&CK's kill chains, whose phases are tactics, and the domains that they are of. Elsewhere the two have one name.
const KILL_CHAINS: [(&str, &str); 3] = [
    ("mitre-attack", "enterprise-attack"),
    ("mitre-mobile-attack", "mobile-attack"),
    ("mitre-ics-attack", "ics-attack"),
];

/// How far the reader is is told each time that so many bytes more have been read.
const TOLD_EACH: usize = 200_000;

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

/// The kill chain that techniques of a domain name their tactics by.
pub(super) fn kill_chain_of(domain: &str) -> &str {
    KILL_CHAINS.into_iter().find(|(_, other)| *other == domain).map_or(domain, |(chain, _)| chain)
}

/// Reads a bundle.
///
/// # Errors
/// When it isn't a bundle, or holds no matrix or no techniques. Single objects that are wrong are left out with a warning.
pub fn read(bytes: &[u8]) -> Result<Reading, ReadError> {
    read_watched(bytes, &mut |_| {})
}

/// The same, and tells now and then how many bytes have been read.
///
/// # Errors
/// As [`read`].
pub fn read_watched(bytes: &[u8], watch: &mut dyn FnMut(usize)) -> Result<Reading, ReadError> {
    if bytes.len() > MAXIMUM_BUNDLE_BYTES {
        return Err(ReadError::TooLarge(bytes.len()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(at) = scan::not_utf8(bytes) {
        return Err(ReadError::NotText(at));
    }
    let mut warnings = Warnings::default();
    let mut parts = Parts::default();
    match bundle(bytes, &mut parts, &mut warnings, watch) {
        Err(Broken) => return Err(Scan::fault(bytes).map_or(ReadError::NoObjects, |error| read_error(&error))),
        Ok(Seen { objects: true, .. }) => {}
        Ok(Seen { techniques: true, .. }) => return Err(ReadError::Layer),
        Ok(Seen { .. }) => return Err(ReadError::NoObjects),
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

fn bundle<'a>(
    text: &'a [u8],
    parts: &mut Parts<'a>,
    warnings: &mut Warnings,
    watch: &mut dyn FnMut(usize),
) -> Result<Seen, Broken> {
    let mut seen = Seen::default();
    let mut scan = Scan::new(text);
    scan.object(|key, scan| {
        seen.techniques |= key == b"techniques";
        if key == b"objects" && scan.peek() == Some(b'[') {
            seen.objects = true;
            return objects(scan, parts, warnings, watch);
        }
        scan.value().map(drop)
    })?;
    scan.end()?;
    Ok(seen)
}

fn objects<'a>(
    scan: &mut Scan<'a>,
    parts: &mut Parts<'a>,
    warnings: &mut Warnings,
    watch: &mut dyn FnMut(usize),
) -> Result<(), Broken> {
    let (mut at, mut next) = (0_usize, 0_usize);
    let mut object = Object::default();
    scan.array(|scan| {
        if scan.at() >= next {
            watch(scan.at());
            next = scan.at() + TOLD_EACH;
        }
        if scan.peek() == Some(b'{') {
            object.scan(scan)?;
            parts.take(&mut object, at, warnings);
        } else {
            scan.value()?;
            warnings.add(|| format!("object {at} is no object: left out"));
        }
        at += 1;
        Ok(())
    })
}

#[cfg(test)]
mod tests;

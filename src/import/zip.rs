//! The files in a ZIP archive, one after the other and within bounds: a small archive may claim to hold the world.

use super::text::shortened;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// A file in it may unpack to so much, and all of them to that.
const MOST_FILE_BYTES: usize = 32_000_000;
const MOST_BYTES: usize = 256_000_000;
const MOST_FILES: usize = 50_000;

/// Why an archive can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZipError {
    #[error("it is no whole ZIP archive")]
    Broken,
    #[error("it has more than {MOST_FILES} files")]
    TooMany,
    #[error("what is in it is larger than {} MB", MOST_BYTES / 1_000_000)]
    TooLarge,
}

/// A file as the archive's directory has it.
pub struct Entry<'a> {
    pub path: String,
    method: u16,
    flags: u16,
    packed: &'a [u8],
    size: usize,
}

/// An archive begins with a file, or is empty.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// What its directory lists, without folders.
///
/// # Errors
/// When there is no directory, or it lists more than is read.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, ZipError> {
    let end = directory_end(bytes).ok_or(ZipError::Broken)?;
    let count = usize::from(u16_at(end, 10)?);
    let mut at = usize_at(end, 16)?;
    if count > MOST_FILES {
        return Err(ZipError::TooMany);
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        let head = bytes.get(at..).filter(|head| head.starts_with(b"PK\x01\x02")).ok_or(ZipError::Broken)?;
        let (name, extra, comment) = (u16_at(head, 28)?, u16_at(head, 30)?, u16_at(head, 32)?);
        let path = String::from_utf8_lossy(part(head, 46, usize::from(name))?).replace('\\', "/");
        let packed = packed(bytes, usize_at(head, 42)?, usize_at(head, 20)?)?;
        if !path.ends_with('/') {
            let (flags, method) = (u16_at(head, 8)?, u16_at(head, 10)?);
            entries.push(Entry { path, method, flags, packed, size: usize_at(head, 24)? });
        }
        at += 46 + usize::from(name) + usize::from(extra) + usize::from(comment);
    }
    Ok(entries)
}

/// How much may still be unpacked of an archive.
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MOST_BYTES)
    }
}

impl Budget {
    /// Nothing more is unpacked of the archive.
    pub fn is_spent(&self) -> bool {
        self.0 == 0
    }

    /// What was unpacked for nothing counts as well: it took as long.
    fn spend(&mut self, bytes: usize) {
        self.0 = self.0.saturating_sub(bytes);
    }
}

impl Entry<'_> {
    /// The file's bytes.
    ///
    /// # Errors
    /// A sentence's end: what is wrong with it, or with the whole archive if that spent the budget.
    pub fn read(&self, budget: &mut Budget) -> Result<Vec<u8>, String> {
        if self.flags & 1 != 0 {
            return Err("it is encrypted".to_owned());
        }
        let too_large = || format!("it is larger than {} MB", MOST_FILE_BYTES / 1_000_000);
        // The size is a claim; the limit below holds whatever it says.
        if self.size > MOST_FILE_BYTES {
            return Err(too_large());
        }
        let limit = MOST_FILE_BYTES.min(budget.0);
        let read = match self.method {
            0 if self.packed.len() <= limit => Ok(self.packed.to_vec()),
            0 => Err((limit, too_large())),
            8 => decompress_to_vec_with_limit(self.packed, limit).map_err(|error| match error.status {
                miniz_oxide::inflate::TINFLStatus::HasMoreOutput => (limit, too_large()),
                _ => (error.output.len(), "it is damaged".to_owned()),
            }),
            _ => return Err("it is packed in a way that is not read".to_owned()),
        };
        budget.spend(read.as_ref().map_or_else(|(spent, _)| *spent, Vec::len));
        if budget.is_spent() { Err(ZipError::TooLarge.to_string()) } else { read.map_err(|(_, why)| why) }
    }

    /// Its name for people.
    pub fn name(&self) -> String {
        shortened(&self.path)
    }
}

/// The record at the end, which may be followed by a comment of at most 65,535 bytes.
fn directory_end(bytes: &[u8]) -> Option<&[u8]> {
    const LENGTH: usize = 22;
    let first = bytes.len().saturating_sub(LENGTH + usize::from(u16::MAX));
    let last = bytes.len().checked_sub(LENGTH)?;
    (first..=last).rev().map(|at| &bytes[at..]).find(|end| end.starts_with(b"PK\x05\x06"))
}

/// The bytes behind a file's own header.
fn packed(bytes: &[u8], at: usize, length: usize) -> Result<&[u8], ZipError> {
    let head = bytes.get(at..).filter(|head| head.starts_with(b"PK\x03\x04")).ok_or(ZipError::Broken)?;
    let start = 30 + usize::from(u16_at(head, 26)?) + usize::from(u16_at(head, 28)?);
    part(head, start, length)
}

fn part(bytes: &[u8], at: usize, length: usize) -> Result<&[u8], ZipError> {
    at.checked_add(length).and_then(|end| bytes.get(at..end)).ok_or(ZipError::Broken)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, ZipError> {
    let two = part(bytes, at, 2)?;
    Ok(u16::from_le_bytes([two[0], two[1]]))
}

fn usize_at(bytes: &[u8], at: usize) -> Result<usize, ZipError> {
    let four = part(bytes, at, 4)?;
    // On a machine with small addresses what doesn't fit is outside of the file, too.
    Ok(usize::try_from(u32::from_le_bytes([four[0], four[1], four[2], four[3]])).unwrap_or(usize::MAX))
}

/// Archives for tests: of this room, and of the readers that are given one.
#[cfg(test)]
pub mod tests {
    use super::*;
    use miniz_oxide::deflate::compress_to_vec;

    /// An archive of files; with `true`, packed.
    pub fn archive(files: &[(&str, &[u8], bool)]) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::new(), Vec::new());
        for (path, content, pack) in files {
            let at = u32::try_from(bytes.len()).unwrap();
            let packed = if *pack { compress_to_vec(content, 6) } else { content.to_vec() };
            let method: u16 = if *pack { 8 } else { 0 };
            let sizes = [packed.len(), content.len()].map(|size| u32::try_from(size).unwrap().to_le_bytes()).concat();
            let name = u16::try_from(path.len()).unwrap().to_le_bytes();
            let common = [&[20, 0, 0, 0][..], &method.to_le_bytes(), &[0; 8], &sizes, &name, &[0, 0]].concat();
            bytes.extend([b"PK\x03\x04", &common[..], path.as_bytes(), &packed].concat());
            directory
                .extend([b"PK\x01\x02", &[20, 0][..], &common, &[0; 10], &at.to_le_bytes(), path.as_bytes()].concat());
        }
        let count = u16::try_from(files.len()).unwrap().to_le_bytes();
        let place = [directory.len(), bytes.len()].map(|it| u32::try_from(it).unwrap().to_le_bytes()).concat();
        let end = [b"PK\x05\x06", &[0; 4][..], &count, &count, &place, &[0, 0]].concat();
        [bytes, directory, end].concat()
    }

    #[test]
    fn files_come_out_as_they_went_in() {
        let long = b"tags: ".repeat(1_000);
        let bytes = archive(&[("a/", b"", false), ("a/x.yml", b"stored", false), ("a/y.yml", &long, true)]);
        let entries = entries(&bytes).unwrap();
        let paths: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["a/x.yml", "a/y.yml"]);
        let mut budget = Budget::default();
        assert_eq!(entries[0].read(&mut budget).unwrap(), b"stored");
        assert_eq!(entries[1].read(&mut budget).unwrap(), long);
        assert_eq!(budget.0, MOST_BYTES - 6 - long.len());
    }

    #[test]
    fn bombs_are_refused_whatever_they_claim() {
        let bomb = archive(&[("bomb.yml", &vec![b'a'; MOST_FILE_BYTES + 1], true)]);
        assert!(bomb.len() < 200_000, "it is small");
        let error = entries(&bomb).unwrap()[0].read(&mut Budget::default()).unwrap_err();
        assert_eq!(error, "it is larger than 32 MB");
        // One that claims to be small.
        let mut liar = entries(&bomb).unwrap();
        liar[0].size = 10;
        assert_eq!(liar[0].read(&mut Budget::default()).unwrap_err(), "it is larger than 32 MB");
        // Many that are too much together.
        let many = archive(&[("a.yml", &vec![b'a'; 30_000_000], true)]);
        let many = entries(&many).unwrap();
        let mut budget = Budget::default();
        let read = (0..20).take_while(|_| many[0].read(&mut budget).is_ok()).count();
        assert_eq!(read, 8);
        assert_eq!(many[0].read(&mut budget).unwrap_err(), "what is in it is larger than 256 MB");
    }

    #[test]
    fn what_was_unpacked_for_nothing_counts_as_well() {
        let bomb = archive(&[("bomb.yml", &vec![b'a'; MOST_FILE_BYTES + 1], true)]);
        let mut liar = entries(&bomb).unwrap();
        liar[0].size = 10;
        let mut budget = Budget::default();
        let told: Vec<String> = (0..8).map(|_| liar[0].read(&mut budget).unwrap_err()).collect();
        assert!(told[..7].iter().all(|what| what == "it is larger than 32 MB"), "{told:?}");
        assert_eq!(told[7], "what is in it is larger than 256 MB");
    }

    #[test]
    fn what_is_broken_is_refused_and_never_fails_the_app() {
        let whole = archive(&[("x.yml", b"tags: [T1610]", true), ("y.yml", b"stored", false)]);
        for length in 0..whole.len() {
            assert!(entries(&whole[..length]).is_err(), "{length}");
        }
        for at in 0..whole.len() {
            for bit in [1, 0x80] {
                let mut changed = whole.clone();
                changed[at] ^= bit;
                for entry in entries(&changed).unwrap_or_default() {
                    let _ = entry.read(&mut Budget::default());
                }
            }
        }
    }

    #[test]
    fn what_is_not_read_is_said() {
        let mut bytes = archive(&[("x.yml", b"x", false)]);
        let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        bytes[directory + 8] = 1;
        assert_eq!(entries(&bytes).unwrap()[0].read(&mut Budget::default()).unwrap_err(), "it is encrypted");
        bytes[directory + 8] = 0;
        bytes[directory + 10] = 12;
        let error = entries(&bytes).unwrap()[0].read(&mut Budget::default()).unwrap_err();
        assert_eq!(error, "it is packed in a way that is not read");
    }
}

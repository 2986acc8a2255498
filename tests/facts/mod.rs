//! The facts beside the repository that tests compare with: in `../shared/data`, or in the folder that BULKHEAD_FACTS names.

// Each test has a use for some of it.
#![allow(dead_code)]
#![allow(clippy::unwrap_used)] // what is there and broken is a failed test

use std::{
    env, fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    thread,
};

/// Where a file or a folder of them is; `None`, said aloud, where it isn't here.
pub fn found(path: &str) -> Option<PathBuf> {
    let folder = env::var_os("BULKHEAD_FACTS").unwrap_or_else(|| "../shared/data".into());
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(path);
    if found.exists() {
        return Some(found);
    }
    // Not by `eprintln!`: what that prints is shown of failed tests only.
    let test = thread::current();
    let _ = writeln!(io::stderr(), "skipped: {}: no {}", test.name().unwrap_or_default(), found.display());
    None
}

/// The content of a gzipped file of them.
pub fn unpacked(path: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(fs::File::open(found(path)?).unwrap()).read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

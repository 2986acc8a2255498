//! What fuzzing once found, and what it begins with, through every reader again: no panic, and within the bounds of memory and
//! time that each reader has. All in one test, because the memory that is counted is the process's. `cargo xtask fuzz` looks for more.

#[path = "../fuzz/readers.rs"]
mod readers;

use peak_alloc::PeakAlloc;
use std::{fs, path::Path};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[test]
fn readers_keep_to_their_bounds_with_all_that_fuzzing_found() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let mut broken = Vec::new();
    for reader in readers::ALL {
        let mut tried = 0;
        for folder in ["seeds", "findings"] {
            let Ok(files) = fs::read_dir(fuzz.join(folder).join(reader.name)) else { continue };
            for file in files {
                let path = file.unwrap().path();
                let bytes = fs::read(&path).unwrap();
                tried += 1;
                let outcome = std::panic::catch_unwind(|| reader.hold_to_bounds(&bytes, &MEMORY));
                match outcome {
                    Ok(Ok(())) => {}
                    Ok(Err(why)) => broken.push(format!("{}: {why}", path.display())),
                    Err(_) => broken.push(format!("{}: a panic", path.display())),
                }
            }
        }
        assert!(tried > 0, "{} has no seeds", reader.name);
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(readers::named("no such reader").is_none());
}

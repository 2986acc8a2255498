//! Puts the outline of the bundle of the first visit into the build, read by the app's own reader: the page then needs
//! none to paint its first matrix.

// What the reader needs and nothing more; most of what it offers others is of no use here.
#[allow(dead_code, unused_imports)]
#[path = "src/attack/mod.rs"]
mod attack;
#[allow(dead_code)]
#[path = "src/order.rs"]
mod order;

use std::{env, error::Error, fs, path::Path};

const BUNDLE: &str = "data/attack-containers-19.2.json";

fn main() -> Result<(), Box<dyn Error>> {
    for source in [BUNDLE, "build.rs", "src/attack", "src/order.rs"] {
        println!("cargo::rerun-if-changed={source}");
    }
    if env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // The app is taken apart by what the linker knows of its parts.
        println!("cargo::rustc-link-arg-bin=bulkhead=--emit-relocs");
    }
    let bytes = fs::read(BUNDLE).map_err(|error| format!("{BUNDLE}: {error}; `cargo xtask data` writes it"))?;
    let knowledge = attack::read(&bytes).map_err(|error| format!("{BUNDLE}: {error}"))?.knowledge;
    let to = Path::new(&env::var("OUT_DIR")?).join("outline.bin");
    Ok(fs::write(to, attack::pack(&knowledge.outlined()))?)
}

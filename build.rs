//! Puts the outline of the bundle of the first visit into the build, read by the app's own reader: the page then needs
//! none to paint its first matrix. And lists the style sheets that come with the rest of the program.

// What the reader needs and nothing more; most of what it offers others is of no use here.
#[allow(dead_code, unused_imports)]
#[path = "src/attack/mod.rs"]
mod attack;
#[allow(dead_code)]
#[path = "src/order.rs"]
mod order;

use std::{env, error::Error, fs, path::Path};

const BUNDLE: &str = "data/attack-containers-19.2.json";
/// And of these what the reader of official bundles adds to them.
const LENT: [(&str, &str); 2] = [(BUNDLE, "lent-19.bin"), ("data/attack-containers-18.1.json", "lent-18.bin")];
/// Styles of what the first matrix can do without. `index.html` copies the folder to `later`.
const LATER_STYLES: &str = "style/later";

fn main() -> Result<(), Box<dyn Error>> {
    for source in [BUNDLE, LENT[1].0, "build.rs", "src/attack", "src/order.rs", LATER_STYLES] {
        println!("cargo::rerun-if-changed={source}");
    }
    if env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        // The app is taken apart by what the linker knows of its parts.
        println!("cargo::rustc-link-arg-bin=bulkhead=--emit-relocs");
    }
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("outline.bin"), attack::pack(&knowledge(BUNDLE)?.outlined()))?;
    for (bundle, file) in LENT {
        fs::write(Path::new(&out).join(file), attack::pack(&knowledge(bundle)?.lent()))?;
    }
    Ok(fs::write(Path::new(&out).join("later_styles.rs"), format!("{:?}", later_styles()?))?)
}

fn knowledge(bundle: &str) -> Result<attack::Knowledge, Box<dyn Error>> {
    let bytes = fs::read(bundle).map_err(|error| format!("{bundle}: {error}; `cargo xtask data` writes it"))?;
    Ok(attack::read(&bytes).map_err(|error| format!("{bundle}: {error}"))?.knowledge)
}

/// Paths as the page asks for them, in the order in which they count.
fn later_styles() -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(LATER_STYLES)? {
        let name =
            entry?.file_name().into_string().map_err(|name| format!("{LATER_STYLES}/{name:?} has no plain name"))?;
        if name.ends_with(".css") {
            names.push(format!("later/{name}"));
        }
    }
    names.sort_unstable();
    Ok(names)
}

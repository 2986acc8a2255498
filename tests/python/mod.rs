//! Python, to read what other programs would.

use serde_json::Value;
use std::{
    env, fs,
    io::{self, Write as _},
    path::PathBuf,
    process::Command,
    thread,
};

/// What a script makes of a file, which it is given with the name of the file that it is to write as JSON. `None`, said
/// aloud, where there is no Python with mitreattack-python, and with openpyxl and stix2, which come along with that.
pub fn made_of(script: &str, name: &str, content: &[u8]) -> Option<Value> {
    let Some(python) = python() else {
        // Not by `eprintln!`: what that prints is shown of failed tests only.
        let test = thread::current();
        let name = test.name().unwrap_or_default();
        let _ = writeln!(io::stderr(), "skipped: {name}: no mitreattack-python; `cargo xtask test` installs it");
        return None;
    };
    let folder = env::temp_dir().join(format!("bulkhead-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (given, made) = (folder.join(name), folder.join("made.json"));
    fs::write(&given, content).unwrap();
    let run = Command::new(python).args(["-c", script]).arg(&given).arg(&made).output().unwrap();
    let made = fs::read(&made);
    fs::remove_dir_all(&folder).unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Some(serde_json::from_slice(&made.unwrap()).unwrap())
}

fn python() -> Option<PathBuf> {
    if let Some(python) = env::var_os("BULKHEAD_PYTHON") {
        return Some(python.into());
    }
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")));
    let tools = env::var_os("BULKHEAD_TOOLS").map(PathBuf::from).or_else(|| Some(cache?.join("bulkhead/tools")))?;
    let homes = fs::read_dir(tools).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let named =
        |home: &PathBuf| home.file_name().is_some_and(|name| name.to_string_lossy().starts_with("mitreattack-"));
    let whole = homes.filter(named).find(|home| home.join("installed").exists())?;
    Some(whole.join("bin/python")).filter(|python| python.exists())
}

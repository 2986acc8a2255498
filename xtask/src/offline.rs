//! What a release needs to work without a network: its service worker, with the list of all files and the hashes of
//! their contents, in the place of the one that keeps nothing. How it works is said in `public/offline.js`.

use crate::tools::{ToolError, at};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

const WORKER: &str = include_str!("../../public/offline.js");
/// Where pages look for it.
const PLACE: &str = "sw.js";
/// Whoever serves a release changes it: it is no part of a version.
const SITE: &str = "config.json";

/// What help can be read without: it is fetched when it is looked at.
const PICTURES: &str = "help/images/";

/// Paths below the folder, with slashes, and the hashes of what they have.
type Files = BTreeMap<String, String>;

/// Completes a release in the folder that it was built into.
pub fn complete(dist: &Path) -> Result<(), ToolError> {
    let page = dist.join("index.html");
    let text = fs::read_to_string(&page).map_err(at(&page))?;
    fs::write(&page, marked(&text)).map_err(at(&page))?;
    let mut files = Files::new();
    collect(dist, "", &mut files).map_err(at(dist))?;
    let place = dist.join(PLACE);
    fs::write(&place, worker(&files)).map_err(at(&place))
}

/// A page asks for the service worker only where it says that there is one.
fn marked(page: &str) -> String {
    if page.contains("<html data-offline") { page.to_owned() } else { page.replacen("<html", "<html data-offline", 1) }
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else if name != PLACE && name != SITE && !name.starts_with(PICTURES) {
            files.insert(name, hash(&fs::read(&path)?));
        }
    }
    Ok(())
}

fn worker(files: &Files) -> String {
    let lines: Vec<String> = files.iter().map(|(path, hash)| format!("  {path:?}: {hash:?},\n")).collect();
    let list = format!("{{\n{}}};", lines.concat());
    // Another worker is another version, even with the same files.
    let version = &hash(format!("{WORKER}{list}").as_bytes())[..16];
    WORKER.replace("{{version}}", version).replace("{}; // {{files}}", &list)
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_has_the_files_and_a_version_that_follows_from_them() {
        let files = |content: &str| Files::from([("later/a.css".to_owned(), hash(content.as_bytes()))]);
        let (one, other) = (worker(&files("a")), worker(&files("b")));
        assert!(one.contains(&format!("  \"later/a.css\": {:?},\n", hash(b"a"))));
        assert!(!one.contains("{{"), "nothing is left to fill in");
        let version = |worker: &str| worker.lines().find(|line| line.starts_with("const VERSION")).map(str::to_owned);
        assert_ne!(version(&one), version(&other));
        assert_eq!(one, worker(&files("a")));
    }

    #[test]
    fn a_page_is_marked_once() {
        let page = "<!doctype html><html lang=en><head>";
        assert_eq!(marked(page), "<!doctype html><html data-offline lang=en><head>");
        assert_eq!(marked(&marked(page)), marked(page));
    }

    #[test]
    fn a_release_is_listed_whole() {
        let folder = std::env::temp_dir().join(format!("bulkhead-offline-{}", std::process::id()));
        fs::create_dir_all(folder.join("later")).unwrap();
        for (path, text) in [("index.html", "<html>"), ("later/a.css", "a"), ("sw.js", "old"), ("config.json", "{}")] {
            fs::write(folder.join(path), text).unwrap();
        }
        complete(&folder).unwrap();
        let written = fs::read_to_string(folder.join("sw.js")).unwrap();
        assert!(written.contains("\"later/a.css\"") && !written.contains("\"sw.js\":"), "{written}");
        assert!(!written.contains("\"config.json\":"), "whoever serves it changes it: {written}");
        assert!(written.contains(&hash(b"<html data-offline>")), "the page's hash is that of the marked page");
        fs::remove_dir_all(folder).unwrap();
    }
}

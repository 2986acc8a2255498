//! Takes the release build apart: what the first matrix can do without comes in a file of its own. Trunk knows of no such
//! step, so this program stands in for the wasm-bindgen that Trunk calls: it splits what was compiled, has wasm-bindgen
//! make its bindings for the first part, and puts the rest where Trunk copies it from. Where the app is split is said in
//! src/app/rest.rs; only programs with that seam are.

use std::{
    env, fs,
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use thiserror::Error;

use crate::{
    process::{self, ProcessError},
    tools::{self, ToolError, Tools},
};

/// The program that has a seam.
const SPLIT: &str = "bulkhead";

/// What the page exports to the rest, beside the page.
const EXPORTS: &str = "../../exports.js";

const WASM_BINDGEN: &str = "BULKHEAD_WASM_BINDGEN";
const WASM_SPLIT: &str = "BULKHEAD_WASM_SPLIT";
const WASM_OPT: &str = "BULKHEAD_WASM_OPT";

/// What browsers of the last years have, and what the compiler uses of it.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

#[derive(Debug, Error)]
enum SplitError {
    #[error(transparent)]
    Process(#[from] ProcessError),
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("wasm-bindgen was called without `{0}`")]
    Argument(&'static str),
    #[error("the environment has no {0}")]
    Environment(&'static str),
    #[error("the split program has no file `{0}`: does it still have its seam?")]
    NoRest(&'static str),
    #[error("{} no longer mentions `{what}`: the tool that wrote it may be another version", path.display())]
    NotMentioned { path: PathBuf, what: String },
}

/// The stand-in, ready to be called.
pub struct StandIn {
    /// The folder that it is in; it goes before wasm-bindgen's own on the path.
    pub folder: PathBuf,
    /// What it has to know.
    pub environment: [(&'static str, PathBuf); 3],
}

/// Puts the stand-in where it is called from, for building these sources.
pub fn stand_in(tools: &Tools, source: &Path, target: &Path) -> Result<StandIn, ToolError> {
    // Parts of the last build would come along.
    for profile in ["debug", "release"] {
        let last = target.join("wasm-bindgen").join(profile).join("snippets");
        tools::remove(&last)?;
    }
    let folder = target.join("split");
    fs::create_dir_all(&folder).map_err(tools::at(&folder))?;
    let program = folder.join(format!("wasm-bindgen{}", env::consts::EXE_SUFFIX));
    put(&running().map_err(tools::at(Path::new("this program")))?, &program)?;
    let in_folder = |folder: PathBuf, name: &str| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    let environment = [
        (WASM_BINDGEN, in_folder(tools.wasm_bindgen(source)?, "wasm-bindgen")),
        (WASM_SPLIT, in_folder(tools.wasm_split()?, "wasm-split-cli")),
        (WASM_OPT, tools.binaryen()?.join("wasm-opt")),
    ];
    Ok(StandIn { folder, environment })
}

/// This program as it runs. On Linux its own file may be gone: chores that are built anew meanwhile take its place.
fn running() -> io::Result<PathBuf> {
    let kept = Path::new("/proc/self/exe");
    if kept.exists() { Ok(kept.to_owned()) } else { env::current_exe() }
}

/// Copies a program, in one step: Trunk may be running the last one.
fn put(from: &Path, to: &Path) -> Result<(), ToolError> {
    // Looked at first, so that the error names the file that is missing.
    fs::metadata(from).map_err(tools::at(from))?;
    let fresh = to.with_extension("fresh");
    fs::copy(from, &fresh).map_err(tools::at(&fresh))?;
    fs::rename(&fresh, to).map_err(tools::at(to))
}

/// Does wasm-bindgen's work if this program was called in its name.
pub fn in_its_name() -> Option<ExitCode> {
    let name = PathBuf::from(env::args_os().next()?);
    if name.file_stem()? != "wasm-bindgen" {
        return None;
    }
    let outcome = bind(&env::args().skip(1).collect::<Vec<_>>());
    Some(match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    })
}

fn bind(arguments: &[String]) -> Result<(), SplitError> {
    let program = |name: &'static str| env::var_os(name).map(PathBuf::from).ok_or(SplitError::Environment(name));
    let value = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name));
    let wasm_bindgen = program(WASM_BINDGEN)?;
    if value("--out-name=") != Some(SPLIT) {
        return Ok(process::run(Command::new(wasm_bindgen).args(arguments))?);
    }
    let out = PathBuf::from(value("--out-dir=").ok_or(SplitError::Argument("--out-dir"))?);
    let input = arguments.iter().find(|argument| argument.ends_with(".wasm")).ok_or(SplitError::Argument("a file"))?;

    let parts = out.join("parts");
    tools::remove(&parts)?;
    fs::create_dir_all(&parts).map_err(at(&parts))?;
    process::run(Command::new(program(WASM_SPLIT)?).arg(input).arg(&parts).args(["--target=web", "--out-name=main"]))?;
    let main = parts.join("main.wasm");
    let others = arguments.iter().filter(|argument| *argument != input);
    process::run(Command::new(wasm_bindgen).args(others).arg("--keep-lld-exports").arg(&main))?;

    // The folder's name changes with what is in it: parts of two builds never meet in a browser's cache.
    let place = format!("snippets/{SPLIT}-{:016x}", fingerprint(Path::new(input))?);
    let folder = out.join(&place);
    tools::remove(&out.join("snippets"))?;
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    replace(&parts.join("__wasm_split.js"), &folder.join("link.js"), "\"./main.js\"", &format!("\"{EXPORTS}\""))?;
    let bindings = out.join(format!("{SPLIT}.js"));
    // Where the name is imported there is no semicolon, without which Trunk can't shorten the script.
    replace(&bindings, &bindings, "from \"./__wasm_split.js\"", &format!("from \"./{place}/link.js\";"))?;
    let rest = "split_rest.wasm";
    let compiled = parts.join(rest);
    if !compiled.is_file() {
        return Err(SplitError::NoRest(rest));
    }
    process::run(
        Command::new(program(WASM_OPT)?).args(FEATURES).arg("-Os").arg(compiled).arg("-o").arg(folder.join(rest)),
    )?;
    Ok(tools::remove(&parts)?)
}

/// Copies a text with every mention of one thing become another; it has to be mentioned.
fn replace(from: &Path, to: &Path, what: &str, with: &str) -> Result<(), SplitError> {
    let text = fs::read_to_string(from).map_err(at(from))?;
    if !text.contains(what) {
        return Err(SplitError::NotMentioned { path: from.to_owned(), what: what.to_owned() });
    }
    fs::write(to, text.replace(what, with)).map_err(at(to))
}

/// FNV-1a, of 64 bits: to tell builds apart is all it has to do.
fn fingerprint(path: &Path) -> Result<u64, SplitError> {
    let mut bytes = Vec::new();
    fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(at(path))?;
    Ok(bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> SplitError {
    let path = path.to_owned();
    move |source| SplitError::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_put_whole_and_what_is_missing_is_named() {
        let folder = env::temp_dir().join(format!("bulkhead-split-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let to = folder.join("wasm-bindgen");
        let own = running().unwrap();
        put(&own, &to).unwrap();
        assert_eq!(fs::metadata(&to).unwrap().len(), fs::metadata(own).unwrap().len());
        let gone = folder.join("gone");
        assert!(put(&gone, &to).unwrap_err().to_string().starts_with(&gone.display().to_string()));
        fs::remove_dir_all(folder).unwrap();
    }
}

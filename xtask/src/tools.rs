//! What the chores need beyond cargo, and how each is installed: once for each version, into a folder of the user's
//! that all checkouts share. Nothing here knows what the tools are used for.
//!
//! A tool counts as installed when its program is there, and it gets there in one step (a folder is filled under
//! another name and then renamed, or a mark is written last), so an interrupted install is never taken for a whole one.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use thiserror::Error;

use crate::process::{self, ProcessError};

const TRUNK: &str = "0.21.14";
const WASM_SPLIT: &str = "0.2.4";
const BINARYEN: &str = "132.0.0";
const MITREATTACK: &str = "6.3.1";
const OLDEST_NODE: u32 = 20;

#[derive(Debug, Error)]
pub enum ToolError {
    #[error(transparent)]
    Process(#[from] ProcessError),
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("no folder for tools: set BULKHEAD_TOOLS to one that may be written")]
    NoFolder,
    #[error("Cargo.lock names no version of wasm-bindgen")]
    NoWasmBindgen,
    #[error("there is no reader \"{name}\"; there are {known}")]
    NoReader { name: String, known: String },
    #[error("{program} is needed: install {advice} and run this again")]
    Missing { program: &'static str, advice: &'static str },
}

pub struct Tools {
    folder: PathBuf,
    repository: PathBuf,
}

impl Tools {
    /// `$BULKHEAD_TOOLS`, or `bulkhead/tools` in the user's cache folder.
    pub fn locate(repository: &Path) -> Result<Self, ToolError> {
        let from = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = from("BULKHEAD_TOOLS")
            .or_else(|| from("XDG_CACHE_HOME").map(|cache| cache.join("bulkhead/tools")))
            .or_else(|| from("LOCALAPPDATA").map(|cache| cache.join("bulkhead/tools")))
            .or_else(|| from("HOME").map(|home| home.join(".cache/bulkhead/tools")))
            .ok_or(ToolError::NoFolder)?;
        let folder = std::path::absolute(&folder).map_err(at(&folder))?;
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        Ok(Self { folder, repository: repository.to_owned() })
    }

    pub fn repository(&self) -> &Path {
        &self.repository
    }

    /// The standard library for the browser's target.
    pub fn wasm_target(&self) -> Result<(), ToolError> {
        let libraries = process::read(Command::new("rustc").current_dir(&self.repository).args([
            "--print",
            "target-libdir",
            "--target",
            "wasm32-unknown-unknown",
        ]))?;
        if Path::new(&libraries).is_dir() {
            return Ok(());
        }
        const ADVICE: &str = "the standard library for wasm32-unknown-unknown with your toolchain";
        let rustup = process::find("rustup")
            .ok_or(ToolError::Missing { program: "Rust's wasm32-unknown-unknown target", advice: ADVICE })?;
        say("Installing Rust's standard library for WebAssembly (seconds)");
        let mut command = Command::new(rustup);
        command.current_dir(&self.repository).args(["target", "add", "wasm32-unknown-unknown"]);
        Ok(process::run(&mut command)?)
    }

    /// The program itself.
    pub fn trunk(&self) -> Result<PathBuf, ToolError> {
        let folder = self.install_crate("trunk", TRUNK, "trunk", &[], "about 8 minutes on 2 cores")?;
        Ok(folder.join(executable("trunk")))
    }

    /// The folder with wasm-bindgen, in the version of the crate in the sources' Cargo.lock: another one refuses to work. Sources of
    /// another time may have another version than this repository has now.
    pub fn wasm_bindgen(&self, source: &Path) -> Result<PathBuf, ToolError> {
        let lock = source.join("Cargo.lock");
        let lock = fs::read_to_string(&lock).map_err(at(&lock))?;
        let version = locked_version(&lock, "wasm-bindgen").ok_or(ToolError::NoWasmBindgen)?;
        self.install_crate("wasm-bindgen-cli", version, "wasm-bindgen", &[], "about 2 minutes on 2 cores")
    }

    /// The folder with wasm-split-cli.
    pub fn wasm_split(&self) -> Result<PathBuf, ToolError> {
        let features = ["--features", "build-binary"];
        let duration = "about 1 minute on 2 cores";
        self.install_crate("wasm_split_cli_support", WASM_SPLIT, "wasm-split-cli", &features, duration)
    }

    /// The folder with wasm-opt.
    pub fn binaryen(&self) -> Result<PathBuf, ToolError> {
        // Its programs are run by Node.js, so that must be there even when they are.
        let npm = self.npm()?;
        let name = format!("binaryen-{BINARYEN}");
        let programs = Path::new("node_modules/.bin");
        let home = self.folder.join(&name);
        let there = home.join(programs);
        let is_there = || there.join("wasm-opt").is_file();
        if is_there() {
            return Ok(there);
        }
        let _guard = self.lock()?;
        if is_there() {
            return Ok(there);
        }
        let partial = self.folder.join(format!("{name}.partial"));
        remove(&partial)?;
        fs::create_dir_all(&partial).map_err(at(&partial))?;
        say(&format!("Installing wasm-opt (binaryen {BINARYEN}; seconds)"));
        let package = format!("binaryen@{BINARYEN}");
        let mut command = Command::new(npm);
        command.current_dir(&partial).args(["install", "--no-audit", "--no-fund", "--loglevel", "error"]);
        process::run(command.arg("--prefix").arg(&partial).arg(package))?;
        remove(&home)?;
        fs::rename(&partial, &home).map_err(at(&home))?;
        Ok(there)
    }

    pub fn node(&self) -> Result<PathBuf, ToolError> {
        const ADVICE: &str = "Node.js 20 or newer with npm (nodejs.org)";
        let missing = ToolError::Missing { program: "Node.js", advice: ADVICE };
        if process::find("node").is_none() || process::find("npm").is_none() {
            system_packages(&["nodejs", "npm"], "Node.js")?
                .ok_or(ToolError::Missing { program: "Node.js", advice: ADVICE })?;
        }
        let Some(node) = process::find("node") else { return Err(missing) };
        let version = process::read(Command::new(&node).arg("--version"))?;
        let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
        if major.is_some_and(|major| major >= OLDEST_NODE) { Ok(node) } else { Err(missing) }
    }

    pub fn npm(&self) -> Result<PathBuf, ToolError> {
        self.node()?;
        process::find("npm").ok_or(ToolError::Missing { program: "npm", advice: "npm, which comes with Node.js" })
    }

    /// A compiler for C++, of which the fuzzer is made.
    pub fn cpp(&self) -> Result<(), ToolError> {
        let found = || ["c++", "g++", "clang++"].into_iter().find_map(process::find);
        if found().is_none() {
            system_packages(&["g++"], "a C++ compiler")?;
        }
        const ADVICE: &str = "a C++ compiler (g++ or clang)";
        found().map(|_| ()).ok_or(ToolError::Missing { program: "C++", advice: ADVICE })
    }

    /// `$CHROMIUM`, or the one this machine has.
    pub fn chromium(&self) -> Result<PathBuf, ToolError> {
        if let Some(chosen) = env::var_os("CHROMIUM").filter(|value| !value.is_empty()) {
            return Ok(chosen.into());
        }
        if let Some(found) = find_chromium() {
            return Ok(found);
        }
        const ADVICE: &str = "Chromium or Chrome (or set CHROMIUM to its path)";
        let missing = || ToolError::Missing { program: "Chromium", advice: ADVICE };
        system_packages(&["chromium"], "Chromium")?.ok_or_else(missing)?;
        find_chromium().ok_or_else(missing)
    }

    /// `$FIREFOX`, or the one this machine has or can be given; its tests are left out without it.
    pub fn firefox(&self) -> Option<PathBuf> {
        if let Some(chosen) = env::var_os("FIREFOX").filter(|value| !value.is_empty()) {
            return Some(chosen.into());
        }
        let found = || ["firefox", "firefox-esr"].into_iter().find_map(process::find);
        found().or_else(|| system_packages(&["firefox-esr"], "Firefox").ok().flatten().and_then(|()| found()))
    }

    /// The packages that a folder's package-lock.json names, in its node_modules.
    pub fn node_modules(&self, folder: &Path) -> Result<(), ToolError> {
        let npm = self.npm()?;
        let lock = folder.join("package-lock.json");
        let wanted = fs::read(&lock).map_err(at(&lock))?;
        let mark = folder.join("node_modules/.installed-from");
        if fs::read(&mark).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        say("Installing what the browser tests need (npm ci; seconds)");
        let mut command = Command::new(npm);
        command.current_dir(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel", "error"]);
        process::run(&mut command)?;
        fs::write(&mark, wanted).map_err(at(&mark))
    }

    /// A Python that has the mitreattack-python package.
    pub fn mitreattack(&self) -> Result<PathBuf, ToolError> {
        let home = self.folder.join(format!("mitreattack-{MITREATTACK}"));
        let python = if cfg!(windows) { home.join("Scripts/python.exe") } else { home.join("bin/python") };
        // An environment of Python's cannot be moved, so it is built in its place and marked when it is whole.
        let mark = home.join("installed");
        let is_there = || mark.is_file() && python.exists();
        if is_there() {
            return Ok(python);
        }
        const ADVICE: &str = "Python 3.11 or newer with its venv module";
        let missing = || ToolError::Missing { program: "Python", advice: ADVICE };
        let system = ["python3", "python"].into_iter().find_map(process::find).ok_or_else(missing)?;
        let recent = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
        process::read(Command::new(&system).args(["-c", recent])).map_err(|_| missing())?;
        let _guard = self.lock()?;
        // Another run has installed it while this one waited, and its tests use it by now.
        if is_there() {
            return Ok(python);
        }
        remove(&home)?;
        say(&format!("Installing mitreattack-python {MITREATTACK} (about a minute)"));
        process::run(Command::new(&system).args(["-m", "venv"]).arg(&home))?;
        let package = format!("mitreattack-python=={MITREATTACK}");
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", &package];
        process::run(Command::new(&python).args(pip))?;
        fs::write(&mark, "").map_err(at(&mark))?;
        Ok(python)
    }

    /// Compiles a crate's programs; returns the folder they are in.
    fn install_crate(
        &self,
        package: &str,
        version: &str,
        program: &str,
        features: &[&str],
        duration: &str,
    ) -> Result<PathBuf, ToolError> {
        let home = self.folder.join(format!("{package}-{version}"));
        let programs = home.join("bin");
        let program = programs.join(executable(program));
        if program.is_file() {
            return Ok(programs);
        }
        let _guard = self.lock()?;
        if program.is_file() {
            return Ok(programs);
        }
        say(&format!("Installing {package} {version} ({duration}; once)"));
        // What an interrupted install has compiled is kept here and used by the next.
        let partial = self.folder.join(format!("{package}-{version}.partial"));
        let compiled = partial.join("target");
        let mut command = process::cargo();
        command.current_dir(&self.folder).args(["install", "--locked", "--force", package, "--version", version]);
        command.args(features);
        process::run(command.arg("--root").arg(&partial).env("CARGO_TARGET_DIR", &compiled))?;
        remove(&compiled)?;
        remove(&home)?;
        fs::rename(&partial, &home).map_err(at(&home))?;
        Ok(programs)
    }

    /// Two runs at once would fill the same folder; the second waits. Let go when dropped.
    fn lock(&self) -> Result<fs::File, ToolError> {
        let path = self.folder.join(".lock");
        let file = fs::File::create(&path).map_err(at(&path))?;
        if file.try_lock().is_err() {
            say("Waiting for another run that is installing tools");
            file.lock().map_err(at(&path))?;
        }
        Ok(file)
    }
}

/// Installs packages of the system's where that is possible without asking; `None` where it is not.
fn system_packages(packages: &[&str], what: &str) -> Result<Option<()>, ToolError> {
    let root = process::read(Command::new("id").arg("-u")).is_ok_and(|user| user == "0");
    let Some(apt) = process::find("apt-get").filter(|_| root && Path::new("/etc/debian_version").exists()) else {
        return Ok(None);
    };
    say(&format!("Installing {what} (about a minute)"));
    let apt = || {
        let mut command = Command::new(&apt);
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet=2");
        command
    };
    process::run(apt().arg("update"))?;
    process::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))?;
    Ok(Some(()))
}

fn find_chromium() -> Option<PathBuf> {
    const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    const PLACES: &[&str] = &[
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ];
    let places = PLACES.iter().map(PathBuf::from).filter(|path| path.is_file());
    NAMES.iter().filter_map(|name| process::find(name)).chain(places).next()
}

/// The version that the text of a Cargo.lock has for a package.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

fn executable(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// Removes a folder that may not be there.
pub fn remove(folder: &Path) -> Result<(), ToolError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(folder)(error)),
        _ => Ok(()),
    }
}

/// What went wrong with a file, as an error that names it.
pub fn at(path: &Path) -> impl FnOnce(io::Error) -> ToolError + use<> {
    let path = path.to_owned();
    move |source| ToolError::File { path, source }
}

fn say(what: &str) {
    eprintln!("==> {what}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_the_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\nsource = \"registry\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.126"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }

    #[test]
    fn sources_are_built_with_the_wasm_bindgen_of_their_own_lock() {
        let folder = env::temp_dir().join(format!("bulkhead-tools-{}", std::process::id()));
        let tools = Tools { folder: folder.join("tools"), repository: folder.join("now") };
        for (source, version) in [("now", "0.2.126"), ("before", "0.2.99")] {
            let source = folder.join(source);
            fs::create_dir_all(&source).unwrap();
            let lock = format!("[[package]]\nname = \"wasm-bindgen\"\nversion = \"{version}\"\n");
            fs::write(source.join("Cargo.lock"), lock).unwrap();
            let programs = tools.folder.join(format!("wasm-bindgen-cli-{version}/bin"));
            fs::create_dir_all(&programs).unwrap();
            fs::write(programs.join(executable("wasm-bindgen")), "").unwrap();
            assert_eq!(tools.wasm_bindgen(&source).unwrap(), programs);
        }
        fs::remove_dir_all(folder).unwrap();
    }
}

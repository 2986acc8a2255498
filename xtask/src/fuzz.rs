//! `cargo xtask fuzz`: tries the readers of outside bytes with input that a coverage-guided fuzzer (libFuzzer) makes up. What
//! is tried and what must hold is in `fuzz/readers.rs`. What was reached is kept in the build folder and gone on from.
//!
//! The compiler's own instrumentation is used as `cargo fuzz --sanitizer none` does, which a stable toolchain can.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    bundle, process,
    tools::{ToolError, Tools, at},
};

/// Coverage by counters for each edge, and the operands of comparisons.
const INSTRUMENTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

/// Larger inputs aren't made: what is wrong with a reader shows in small ones, and large ones are slow to try.
const LONGEST_INPUT: &str = "-max_len=65536";

/// An input may take so many seconds until the fuzzer ends it, and the process so many megabytes.
const LIMITS: [&str; 2] = ["-timeout=20", "-rss_limit_mb=2048"];

/// What the readers are called, from their table.
fn readers(repository: &Path) -> Result<Vec<String>, ToolError> {
    let path = repository.join("fuzz/readers.rs");
    let source = fs::read_to_string(&path).map_err(at(&path))?;
    let names = source.lines().filter_map(|line| line.trim().strip_prefix("Reader { name: \"")?.split('"').next());
    Ok(names.map(str::to_owned).collect())
}

/// The readers of these names, or all.
pub fn chosen(repository: &Path, names: Vec<String>) -> Result<Vec<String>, ToolError> {
    let known = readers(repository)?;
    match names.iter().find(|name| !known.contains(name)) {
        Some(name) => Err(ToolError::NoReader { name: name.clone(), known: known.join(", ") }),
        None if names.is_empty() => Ok(known),
        None => Ok(names),
    }
}

/// Fuzzes each of the readers for so many seconds; returns the names of those that broke. With a seed, what is made up
/// is the same each time, as far as the machine comes.
pub fn run(tools: &Tools, wanted: &[String], seconds: u32, seed: Option<u32>) -> Result<Vec<String>, ToolError> {
    let repository = tools.repository();
    let program = build(tools)?;
    let target = bundle::target_folder(repository);
    let mut broken = Vec::new();
    for reader in wanted {
        let reached = target.join("fuzz-corpus").join(reader);
        let found = repository.join("fuzz/findings").join(reader);
        for folder in [&reached, &found] {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        eprintln!("==> Fuzzing {reader} for {seconds} s");
        let mut command = Command::new(&program);
        command.env("BULKHEAD_READER", reader).args(LIMITS).arg(LONGEST_INPUT);
        command.arg(format!("-max_total_time={seconds}")).args(["-print_final_stats=1", "-verbosity=0"]);
        command.args(seed.map(|seed| format!("-seed={seed}")));
        command.arg(format!("-artifact_prefix={}/", found.display()));
        command.arg(&reached).arg(repository.join("fuzz/seeds").join(reader)).arg(&found);
        let shown = process::shown(&command);
        let failed = |source| process::ProcessError::NotStarted { command: shown, source };
        let outcome = command.output().map_err(failed)?;
        let told = String::from_utf8_lossy(&outcome.stderr);
        match tried(&told).filter(|_| outcome.status.success()) {
            Some(tried) => eprintln!("    {tried} inputs"),
            None => {
                eprintln!("{told}");
                broken.push(reader.clone());
            }
        }
        // An empty folder is nothing to keep.
        let _ = fs::remove_dir(&found);
    }
    Ok(broken)
}

/// How many inputs were tried, from the fuzzer's closing figures.
fn tried(told: &str) -> Option<&str> {
    told.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:")).map(str::trim)
}

fn build(tools: &Tools) -> Result<PathBuf, ToolError> {
    tools.cpp()?;
    let folder = tools.repository().join("fuzz");
    let host = process::read(Command::new("rustc").current_dir(&folder).arg("-vV"))?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned();
    let target = bundle::target_folder(tools.repository()).join("fuzz");
    let mut command = process::cargo();
    // With a target named, build scripts and macros aren't instrumented.
    command.current_dir(&folder).args(["build", "--release", "--target", &host]);
    process::run(command.env("CARGO_TARGET_DIR", &target).env("RUSTFLAGS", INSTRUMENTED))?;
    Ok(target.join(host).join("release/readers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readers_are_those_of_the_table() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let readers = readers(&repository).unwrap();
        assert!(readers.iter().any(|reader| reader == "layer") && readers.len() >= 12, "{readers:?}");
        assert_eq!(chosen(&repository, Vec::new()).unwrap(), readers);
        assert!(chosen(&repository, vec!["nobody".to_owned()]).is_err());
    }
}

//! `cargo xtask bench`: builds what is measured and has `benches/` measure it. The limits are stated there, next to how
//! each figure is taken.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    bundle::{self, Bundle},
    process,
    tools::{self, ToolError, Tools},
};

/// Measures the release build and an empty page, and writes `docs/benchmarks.md`. With a commit to compare with, that is built
/// too, the two are measured in turns, and what differs is printed; nothing is written.
pub fn run(repository: &Path, tools: &Tools, compare: Option<&str>) -> Result<(), ToolError> {
    let target = bundle::target_folder(repository);
    let (dist, empty) = (target.join("bench-dist"), target.join("bench-empty-dist"));
    let benches = repository.join("benches");
    let release = |source: &Path, split: bool, dist: &Path| {
        Bundle { source, release: true, split, public_url: None }.build(tools, dist)
    };
    release(repository, true, &dist)?;
    release(&benches.join("empty-page"), false, &empty)?;
    let before = compare.map(|reference| {
        let source = checkout(repository, &target.join("bench-before"), reference)?;
        let dist = target.join("bench-before-dist");
        release(&source, true, &dist).map(|()| dist)
    });
    let before = before.transpose()?;
    let chromium = tools.chromium()?;
    tools.node_modules(&repository.join("tests/browser"))?;
    let mut command = Command::new(tools.node()?);
    command.current_dir(repository).arg(benches.join("run.mjs"));
    command.arg("--dist").arg(&dist).arg("--empty").arg(&empty);
    match (compare, before) {
        (Some(reference), Some(before)) => command.arg("--before").arg(before).arg("--reference").arg(reference),
        _ => command.arg("--output").arg(repository.join("docs/benchmarks.md")),
    };
    Ok(process::run(command.env("CHROMIUM", chromium))?)
}

/// The sources of a commit, in a folder of their own.
fn checkout(repository: &Path, folder: &Path, reference: &str) -> Result<PathBuf, ToolError> {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(repository).args(arguments);
        command
    };
    tools::remove(folder)?;
    process::run(&mut git(&["worktree", "prune"]))?;
    process::run(git(&["worktree", "add", "--detach"]).arg(folder).arg(reference))?;
    Ok(folder.to_owned())
}

//! `cargo xtask bench`: builds what is measured and has `benches/` measure it. The limits are stated there, next to how
//! each figure is taken.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    bundle::{self, Bundle, Form},
    process,
    tools::{self, ToolError, Tools},
};

/// Measures the release build and an empty page, and writes `docs/benchmarks.md`. With a commit to compare with, that is built
/// too, the two are measured in turns, and what differs is printed; nothing is written.
pub fn run(repository: &Path, tools: &Tools, compare: Option<&str>) -> Result<(), ToolError> {
    let target = bundle::target_folder(repository);
    let (dist, empty) = (target.join("bench-dist"), target.join("bench-empty-dist"));
    let benches = repository.join("benches");
    let build = |source: &Path, form: Form, dist: &Path| Bundle { source, form, public_url: None }.build(tools, dist);
    build(repository, Form::Published, &dist)?;
    build(&benches.join("empty-page"), Form::Whole, &empty)?;
    let before = compare.map(|reference| {
        let source = checkout(repository, &target.join("bench-before"), reference)?;
        let dist = target.join("bench-before-dist");
        build(&source.folder, Form::Published, &dist).map(|()| dist)
    });
    let before = before.transpose()?;
    let mut command = script(repository, tools, "run.mjs")?;
    command.arg("--dist").arg(&dist).arg("--empty").arg(&empty);
    match (compare, before) {
        (Some(reference), Some(before)) => command.arg("--before").arg(before).arg("--reference").arg(reference),
        _ => command.arg("--output").arg(repository.join("docs/benchmarks.md")),
    };
    Ok(process::run(&mut command)?)
}

/// Prints where the time of the slowest actions goes.
pub fn profile(repository: &Path, tools: &Tools) -> Result<(), ToolError> {
    let dist = bundle::target_folder(repository).join("profile-dist");
    Bundle { source: repository, form: Form::Named, public_url: None }.build(tools, &dist)?;
    Ok(process::run(script(repository, tools, "profile.mjs")?.arg("--dist").arg(&dist))?)
}

/// One of the scripts in `benches/`, with what it needs.
fn script(repository: &Path, tools: &Tools, name: &str) -> Result<Command, ToolError> {
    tools.node_modules(&repository.join("tests/browser"))?;
    let mut command = Command::new(tools.node()?);
    command.current_dir(repository).arg(repository.join("benches").join(name)).env("CHROMIUM", tools.chromium()?);
    Ok(command)
}

/// The sources of a commit, in a folder of their own that goes once they are built, or could not be.
struct Sources {
    repository: PathBuf,
    folder: PathBuf,
}

impl Drop for Sources {
    fn drop(&mut self) {
        // What can't be removed is removed by the next run.
        let _ = process::run(git(&self.repository, &["worktree", "remove", "--force"]).arg(&self.folder));
    }
}

fn checkout(repository: &Path, folder: &Path, reference: &str) -> Result<Sources, ToolError> {
    tools::remove(folder)?;
    process::run(&mut git(repository, &["worktree", "prune"]))?;
    process::run(git(repository, &["worktree", "add", "--detach"]).arg(folder).arg(reference))?;
    Ok(Sources { repository: repository.to_owned(), folder: folder.to_owned() })
}

fn git(repository: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(repository).args(arguments);
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{env, fs};

    #[test]
    fn the_sources_of_a_commit_go_when_they_have_been_built() {
        let place = env::temp_dir().join(format!("bulkhead-bench-{}", std::process::id()));
        let (repository, folder) = (place.join("repository"), place.join("before"));
        fs::create_dir_all(&repository).unwrap();
        process::run(&mut git(&repository, &["init", "--quiet"])).unwrap();
        fs::write(repository.join("file"), "then").unwrap();
        process::run(&mut git(&repository, &["add", "file"])).unwrap();
        let who = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
        process::run(git(&repository, &who).args(["commit", "--quiet", "--message", "then"])).unwrap();
        fs::write(repository.join("file"), "now").unwrap();
        let worktrees = || process::read(&mut git(&repository, &["worktree", "list"])).unwrap().lines().count();

        let sources = checkout(&repository, &folder, "HEAD").unwrap();
        assert_eq!(fs::read_to_string(sources.folder.join("file")).unwrap(), "then");
        // A build writes into its sources, too.
        fs::write(sources.folder.join("made"), "").unwrap();
        assert_eq!(worktrees(), 2);
        drop(sources);
        assert_eq!((worktrees(), folder.exists()), (1, false));
        assert!(checkout(&repository, &folder, "nothing").is_err());
        assert_eq!((worktrees(), folder.exists()), (1, false));
        fs::remove_dir_all(place).unwrap();
    }
}

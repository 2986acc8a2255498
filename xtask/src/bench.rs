//! `cargo xtask bench`: builds what is measured and has `benches/` measure it. The limits are stated there, next to how
//! each figure is taken.

use std::{path::Path, process::Command};

use crate::{
    bundle::{self, Bundle},
    process,
    tools::{ToolError, Tools},
};

/// Measures the release build and an empty page, and writes `docs/benchmarks.md`.
pub fn run(repository: &Path, tools: &Tools) -> Result<(), ToolError> {
    let target = bundle::target_folder(repository);
    let (dist, empty) = (target.join("bench-dist"), target.join("bench-empty-dist"));
    let benches = repository.join("benches");
    Bundle { source: repository, release: true, split: true, public_url: None }.build(tools, &dist)?;
    Bundle { source: &benches.join("empty-page"), release: true, split: false, public_url: None }
        .build(tools, &empty)?;
    let chromium = tools.chromium()?;
    tools.node_modules(&repository.join("tests/browser"))?;
    let mut command = Command::new(tools.node()?);
    command.current_dir(repository).arg(benches.join("run.mjs"));
    command.arg("--dist").arg(&dist).arg("--empty").arg(&empty);
    command.arg("--output").arg(repository.join("docs/benchmarks.md")).env("CHROMIUM", chromium);
    Ok(process::run(&mut command)?)
}

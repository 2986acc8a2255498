//! Running other programs: what they print goes straight to the reader, and a failure names the command.
//! Which programs are run, and why, is for the callers.

use std::{
    env,
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

use thiserror::Error;

#[derive(Debug, Error)]
pub enum ProcessError {
    #[error("`{command}` could not be started: {source}")]
    NotStarted { command: String, source: io::Error },
    #[error("`{command}` failed ({status})")]
    Failed { command: String, status: ExitStatus },
}

/// Runs to the end; what the program prints is not touched.
pub fn run(command: &mut Command) -> Result<(), ProcessError> {
    let status = command.status().map_err(|source| ProcessError::NotStarted { command: shown(command), source })?;
    if status.success() { Ok(()) } else { Err(ProcessError::Failed { command: shown(command), status }) }
}

/// What the program prints on its standard output, without the white space around it.
pub fn read(command: &mut Command) -> Result<String, ProcessError> {
    let output = command.output().map_err(|source| ProcessError::NotStarted { command: shown(command), source })?;
    if !output.status.success() {
        return Err(ProcessError::Failed { command: shown(command), status: output.status });
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as a reader would type it, with the program's folder left out.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    command.get_args().fold(name, |line, argument| format!("{line} {}", argument.to_string_lossy()))
}

/// Where the search path has a program; on Windows, with one of the endings that can be run.
pub fn find(program: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &["exe", "cmd", "bat"] } else { &[""] };
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .flat_map(|folder| endings.iter().map(move |ending| folder.join(program).with_extension(ending)))
        .find(|path| path.is_file())
}

/// The search path with some folders in front.
pub fn path_with(folders: &[PathBuf]) -> OsString {
    let known = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&known));
    // A folder whose name has the separator in it cannot be said at all; then the path stays as it was.
    env::join_paths(all).unwrap_or(known)
}

/// The cargo that runs us, freed of what only this run set. Flags meant for the host would break a build for wasm32.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    forget_build_flags(&mut command);
    command
}

pub fn forget_build_flags(command: &mut Command) {
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET", "RUSTDOCFLAGS"]
    {
        command.env_remove(name);
    }
}

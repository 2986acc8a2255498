//! The app as files for a web server: Trunk, called with the tools we pin. What goes into the bundle is said in
//! index.html and Trunk.toml.

use std::{
    env,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    help, offline,
    process::{self, ProcessError},
    split::{self, StandIn},
    tools::{ToolError, Tools},
};

pub struct Bundle<'a> {
    /// The folder with the Trunk.toml.
    pub source: &'a Path,
    pub form: Form,
    /// Where the files will be served; without it, they work in any folder of any host.
    pub public_url: Option<&'a str>,
}

/// What is built for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For who works on it: quick to build.
    Development,
    /// As it is published: small, fast, and taken apart along the app's seam.
    Published,
    /// Small and fast, in one piece: for programs without a seam.
    Whole,
    /// For a profiler: as the compiler makes what is published, and with the names of functions, which what makes it smaller
    /// afterwards would take away.
    Named,
}

impl Form {
    pub fn of(release: bool) -> Self {
        if release { Self::Published } else { Self::Development }
    }

    fn is_release(self) -> bool {
        matches!(self, Self::Published | Self::Whole)
    }
}

impl Bundle<'_> {
    /// Writes the files into `dist`.
    pub fn build(&self, tools: &Tools, dist: &Path) -> Result<(), ToolError> {
        let mut command = self.trunk(tools, "build")?;
        process::run(command.arg("--dist").arg(dist))?;
        if self.form.is_release() { offline::complete(dist) } else { Ok(()) }
    }

    /// Serves until the user stops it, and builds anew whenever a source changes.
    pub fn serve(&self, tools: &Tools, address: Option<&str>, port: Option<&str>) -> Result<(), ToolError> {
        let address = address.unwrap_or("127.0.0.1");
        let port = port.map_or_else(|| free_port(address).to_string(), str::to_owned);
        let mut command = self.trunk(tools, "serve")?;
        // Not dist/: what stands there may be about to be published.
        command.arg("--dist").arg(target_folder(tools.repository()).join("serve-dist"));
        command.args(["--address", address, "--port", &port]);
        if has_display() {
            command.args(["--open", "true"]);
        }
        let path = self.public_url.filter(|url| url.starts_with('/')).unwrap_or("/");
        let host = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
        eprintln!("==> Bulkhead will be at http://{host}:{port}{path} when it is built; stop with Ctrl+C");
        match process::run(&mut command) {
            // Ctrl+C is how one stops serving, and no failure.
            Err(ProcessError::Failed { status, .. }) if status.code().is_none() => Ok(()),
            result => Ok(result?),
        }
    }

    fn trunk(&self, tools: &Tools, subcommand: &str) -> Result<Command, ToolError> {
        tools.wasm_target()?;
        help::write(self.source)?;
        let mut programs = vec![tools.wasm_bindgen(self.source)?];
        let mut command = Command::new(tools.trunk()?);
        process::forget_build_flags(&mut command);
        if self.form.is_release() {
            programs.push(tools.binaryen()?);
        }
        if self.form == Form::Published {
            let StandIn { folder, environment } =
                split::stand_in(tools, self.source, &target_folder(tools.repository()))?;
            programs.insert(0, folder);
            command.envs(environment);
        }
        // Trunk takes NO_COLOR for a flag of its own and stops at the value that everyone else gives it.
        command.env_remove("NO_COLOR");
        command.env("PATH", process::path_with(&programs)).current_dir(self.source);
        command.env("CARGO_TARGET_DIR", target_folder(tools.repository()));
        command.args([subcommand, "--skip-version-check"]);
        if self.form.is_release() {
            command.args(["--release", "true"]);
        }
        if self.form == Form::Published {
            command.args(["--features", "split"]);
        }
        if self.form == Form::Named {
            command.args(["--cargo-profile", "release"]).env("CARGO_PROFILE_RELEASE_STRIP", "none");
        }
        if let Some(url) = self.public_url {
            command.args(["--public-url", url]);
        }
        Ok(command)
    }
}

/// Where cargo and the chores put what can be made again.
pub fn target_folder(repository: &Path) -> PathBuf {
    repository.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// 8080, or the first after it that nobody listens on.
fn free_port(address: &str) -> u16 {
    (8080..8180).find(|port| TcpListener::bind((address, *port)).is_ok()).unwrap_or(8080)
}

fn has_display() -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    !set("CI") && (cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY"))
}

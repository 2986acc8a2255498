//! `cargo xtask`: set-up and chores. This file reads the command line; each chore has a file of its own.

mod bench;
mod bundle;
mod data;
mod fuzz;
mod help;
mod offline;
mod process;
mod split;
mod test;
mod tools;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use bundle::{Bundle, Form};
use thiserror::Error;
use tools::{ToolError, Tools};

const HELP: &str = "\
cargo xtask <command>

  serve   build the app, serve it on this machine and build it anew when a source changes
            --release           as it is published: small and fast, but slower to build
            --port N            default: 8080, or the first free one after it
            --address A         default: 127.0.0.1, which only this machine reaches
            --public-url URL    serve it in this folder, such as /bulkhead/
  build   write the app into dist/, ready for any static web server
            --release
            --public-url URL    default: ./, which works in any folder
  test    run every check; `test WORD…` runs only the tests that have a WORD in their name
            --native            only what needs no browser
            --browser           only what runs in a browser
            --firefox           only that, all of it in Firefox
  fuzz    try the readers of outside bytes with made-up input; `fuzz READER…` only these
            --seconds N         for each reader; default: 60
  bench   measure the release build and write docs/benchmarks.md
            --compare COMMIT    only print what differs from that commit, measured in turns
            --profile           only print where the time of the slowest actions goes
  data    write the bundles in data/ anew
            --facts FOLDER      what they are made from; default: ../shared/data
  help    this text

What is missing is installed on the way: Trunk, wasm-bindgen, wasm-split, wasm-opt, and for tests mitreattack-python, into
$BULKHEAD_TOOLS or bulkhead/tools in your cache folder; packages of npm beside the tests; and, where the system lets it, Node.js,
Chromium, Firefox and a C++ compiler as its packages. The first time takes about ten minutes.";

#[derive(Debug, Error)]
enum ChoreError {
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error(transparent)]
    Data(#[from] data::DataError),
    #[error("{0} (`cargo xtask help` lists what there is)")]
    Usage(String),
}

fn main() -> ExitCode {
    if let Some(code) = split::in_its_name() {
        return code;
    }
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, ChoreError> {
    let repository = repository();
    let mut arguments = Arguments(env::args().skip(1).collect());
    let command = arguments.word().unwrap_or_else(|| "help".to_owned());
    let tools = || Tools::locate(&repository);
    match command.as_str() {
        "help" | "--help" | "-h" => println!("{HELP}"),
        "serve" => {
            let (release, url) = (arguments.flag("--release"), arguments.value("--public-url")?);
            let (address, port) = (arguments.value("--address")?, arguments.value("--port")?);
            arguments.finish()?;
            // Trunk serves under the folder that the address names, so there a relative one will not do.
            let url = url.as_deref().unwrap_or("/");
            let bundle = Bundle { source: &repository, form: Form::of(release), public_url: Some(url) };
            bundle.serve(&tools()?, address.as_deref(), port.as_deref())?;
        }
        "build" => {
            let (release, url) = (arguments.flag("--release"), arguments.value("--public-url")?);
            arguments.finish()?;
            let bundle = Bundle { source: &repository, form: Form::of(release), public_url: url.as_deref() };
            bundle.build(&tools()?, &repository.join("dist"))?;
        }
        "test" => {
            let [native, browser, firefox] = ["--native", "--browser", "--firefox"].map(|name| arguments.flag(name));
            // None of them means everything, and in Firefox what stands for all of it.
            let all = !(native || browser || firefox);
            let filters = arguments.words()?;
            let selection = test::Selection { native: native || all, browser: browser || all, firefox, filters };
            let tally = test::run(&repository, &tools()?, &selection);
            return Ok(if tally.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        "fuzz" => {
            let seconds = arguments.value("--seconds")?.unwrap_or_else(|| "60".to_owned());
            let seconds =
                seconds.parse().map_err(|_| ChoreError::Usage(format!("`{seconds}` is no number of seconds")))?;
            let readers = fuzz::chosen(&repository, arguments.words()?)?;
            let broken = fuzz::run(&tools()?, &readers, seconds, None)?;
            if !broken.is_empty() {
                eprintln!("==> Broken: {}; what broke them is in fuzz/findings", broken.join(", "));
                return Ok(ExitCode::FAILURE);
            }
        }
        "bench" => {
            let (compare, profile) = (arguments.value("--compare")?, arguments.flag("--profile"));
            arguments.finish()?;
            match profile {
                true => bench::profile(&repository, &tools()?)?,
                false => bench::run(&repository, &tools()?, compare.as_deref())?,
            }
        }
        "data" => {
            let facts = arguments.value("--facts")?.map_or_else(|| repository.join("../shared/data"), PathBuf::from);
            arguments.finish()?;
            for path in data::run(&repository, &facts)? {
                println!("{}", path.display());
            }
        }
        unknown => return Err(ChoreError::Usage(format!("there is no command `{unknown}`"))),
    }
    Ok(ExitCode::SUCCESS)
}

/// The checkout this was built from.
fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// What stands on the command line and has not been taken yet.
struct Arguments(Vec<String>);

impl Arguments {
    /// The next, whatever it is.
    fn word(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    fn flag(&mut self, name: &str) -> bool {
        let at = self.0.iter().position(|argument| argument == name);
        at.map(|at| self.0.remove(at)).is_some()
    }

    /// `--name value` or `--name=value`.
    fn value(&mut self, name: &str) -> Result<Option<String>, ChoreError> {
        let prefix = format!("{name}=");
        let Some(at) = self.0.iter().position(|argument| argument == name || argument.starts_with(&prefix)) else {
            return Ok(None);
        };
        let argument = self.0.remove(at);
        if let Some(value) = argument.strip_prefix(&prefix) {
            return Ok(Some(value.to_owned()));
        }
        if at < self.0.len() {
            return Ok(Some(self.0.remove(at)));
        }
        Err(ChoreError::Usage(format!("`{name}` needs a value")))
    }

    /// All that is left, of which none may be an option.
    fn words(self) -> Result<Vec<String>, ChoreError> {
        match self.0.iter().find(|argument| argument.starts_with('-')) {
            Some(option) => Err(ChoreError::Usage(format!("there is no option `{option}` here"))),
            None => Ok(self.0),
        }
    }

    fn finish(self) -> Result<(), ChoreError> {
        match self.0.first() {
            Some(argument) => Err(ChoreError::Usage(format!("`{argument}` is not understood here"))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn options_are_taken_in_any_order_and_both_forms() {
        let mut line = arguments("--port=9000 --release --address 0.0.0.0");
        assert!(line.flag("--release"));
        assert_eq!(line.value("--address").unwrap().as_deref(), Some("0.0.0.0"));
        assert_eq!(line.value("--port").unwrap().as_deref(), Some("9000"));
        assert!(line.finish().is_ok());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(arguments("--relase").finish().is_err());
        assert!(arguments("palette --slow").words().is_err());
        assert!(arguments("--port").value("--port").is_err());
    }
}

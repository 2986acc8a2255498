//! `cargo xtask test`: every check there is, in the order of how soon each can tell something, all of them even when
//! one fails, and one line with the totals at the end. What is checked stands with the code and in `tests/`.

use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    ops::AddAssign,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    bundle::{self, Bundle, Form},
    fuzz, process,
    tools::{ToolError, Tools, at},
};

/// What part of the checks to run.
#[derive(Debug)]
pub struct Selection {
    /// Whether to run what needs no browser.
    pub native: bool,
    /// Whether to run what runs in a browser: in Chromium, and what stands for all of it in Firefox, too.
    pub browser: bool,
    /// Whether to run that in Firefox alone, and all of it.
    pub firefox: bool,
    /// Only tests with one of these in their name (in the browser: in the name of their file), and no other checks.
    pub filters: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

/// Runs what is selected and prints the closing line. Only a [`Tally::is_sound`] is a success.
pub fn run(repository: &Path, tools: &Tools, selection: &Selection) -> Tally {
    let mut report = Report::default();
    let python = match tools.mitreattack() {
        Ok(python) => Some(python),
        Err(error) => {
            eprintln!("==> Tests against mitreattack-python are skipped: {error}");
            None
        }
    };
    let setting = Setting { repository, python };
    if selection.native {
        if selection.filters.is_empty() {
            setting.checks(tools, &mut report);
        }
        report.count("native tests", || setting.native_tests(&selection.filters));
        if selection.filters.is_empty() {
            report.count("a minute of fuzzing", || setting.fuzzing(tools));
        }
    }
    if selection.browser || selection.firefox {
        setting.browser_tests(tools, selection, &mut report);
    }
    report.close()
}

/// Files of tests that run in Firefox each time, too: what people do most, and what browsers differ in. All the others do if they are
/// asked to; see [`Selection::firefox`].
const FOR_BOTH: [&str; 5] = ["compare", "exports", "main-job", "save-in-place", "share"];

fn is_for_both(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix(".test.mjs").is_some_and(|name| FOR_BOTH.contains(&name))
}

struct Setting<'a> {
    repository: &'a Path,
    python: Option<PathBuf>,
}

impl Setting<'_> {
    /// Checks of the source as a whole; each counts as one.
    fn checks(&self, tools: &Tools, report: &mut Report) {
        const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];
        const STRICT: [&str; 3] = ["--", "-D", "warnings"];
        report.check("formatting", || Ok(process::run(self.cargo("fmt").args(["--all", "--check"]))?));
        report.check("clippy", || {
            Ok(process::run(self.cargo("clippy").args(["--workspace", "--all-targets"]).args(STRICT))?)
        });
        report.check("clippy for the browser", || {
            tools.wasm_target()?;
            // In one piece and taken apart.
            for features in [&[][..], &["--features", "split"]] {
                let mut clippy = self.cargo("clippy");
                clippy.args(["--package", "bulkhead", "--lib", "--bins"]).args(features).args(WASM).args(STRICT);
                process::run(&mut clippy)?;
            }
            Ok(())
        });
        let document = |arguments: &[&str]| {
            let mut command = self.cargo("doc");
            command.arg("--no-deps").args(arguments).env("RUSTDOCFLAGS", "-D warnings");
            process::run(&mut command)
        };
        report.check("documentation", || Ok(document(&["--workspace"])?));
        report.check("documentation for the browser", || {
            tools.wasm_target()?;
            Ok(document(&["--package", "bulkhead", "--lib", "--target", "wasm32-unknown-unknown"])?)
        });
    }

    fn native_tests(&self, filters: &[String]) -> Result<Tally, ToolError> {
        let mut command = self.cargo("test");
        command.args(["--workspace", "--no-fail-fast", "--"]).args(filters);
        let (succeeded, printed) = follow(&mut command)?;
        let mut tally = Tally::default();
        printed.iter().filter_map(|line| native_totals(line)).for_each(|totals| tally += totals);
        Ok(tally.or_one_failure(succeeded))
    }

    /// A few seconds for each reader; whoever wants to find more gives it hours.
    fn fuzzing(&self, tools: &Tools) -> Result<Tally, ToolError> {
        let readers = fuzz::chosen(self.repository, Vec::new())?;
        // Always the same: what a check says is to be about the change, and chance is for the long runs.
        let failed = fuzz::run(tools, &readers, 5, Some(1))?.len();
        Ok(Tally { passed: readers.len() - failed, failed, skipped: 0 })
    }

    fn browser_tests(&self, tools: &Tools, selection: &Selection, report: &mut Report) {
        let folder = self.repository.join("tests/browser");
        let files = match test_files(&folder, &selection.filters) {
            Ok(files) if files.is_empty() => return eprintln!("==> No browser test has such a name"),
            Ok(files) => files,
            Err(error) => return report.count("browser tests", || Err(error)),
        };
        let dist = bundle::target_folder(self.repository).join("test-dist");
        let bundle = Bundle { source: self.repository, form: Form::Published, public_url: None };
        if !report.check("release build", || bundle.build(tools, &dist)) {
            return report.count("browser tests (they need the build)", || Ok(Tally { failed: 1, ..Tally::default() }));
        }
        if selection.browser {
            report.count("browser tests", || {
                let chromium = tools.chromium()?;
                self.in_browser(
                    tools,
                    &dist,
                    &files,
                    &[("BULKHEAD_BROWSER", "chromium".into()), ("CHROMIUM", chromium)],
                )
            });
        }
        let both: Vec<PathBuf> = files.iter().filter(|file| selection.firefox || is_for_both(file)).cloned().collect();
        if both.is_empty() {
            return;
        }
        match tools.firefox() {
            Some(firefox) => report.count("browser tests in Firefox", || {
                self.in_browser(tools, &dist, &both, &[("BULKHEAD_BROWSER", "firefox".into()), ("FIREFOX", firefox)])
            }),
            None => report.count("browser tests in Firefox, which is not here", || {
                Ok(Tally { skipped: both.len(), ..Tally::default() })
            }),
        }
    }

    fn in_browser(
        &self,
        tools: &Tools,
        dist: &Path,
        files: &[PathBuf],
        environment: &[(&str, PathBuf)],
    ) -> Result<Tally, ToolError> {
        let folder = self.repository.join("tests/browser");
        tools.node_modules(&folder)?;
        let totals = bundle::target_folder(self.repository).join("browser-tests.tap");
        let mut command = Command::new(tools.node()?);
        // A test that hangs must not hang everything: ten minutes are far more than a file of tests needs.
        command.current_dir(&folder).args(["--test", "--test-timeout=600000"]);
        command.args(["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"]);
        command.arg(format!("--test-reporter-destination={}", totals.display())).args(files);
        command.env("BULKHEAD_DIST", dist).envs(environment.iter().cloned());
        if let Some(python) = &self.python {
            command.env("BULKHEAD_PYTHON", python);
        }
        // A report of an earlier run must not be taken for this one's.
        let _ = fs::remove_file(&totals);
        let succeeded = process::run(&mut command).is_ok();
        let tap = fs::read_to_string(&totals).unwrap_or_default();
        Ok(browser_totals(&tap).or_one_failure(succeeded))
    }

    fn cargo(&self, subcommand: &str) -> Command {
        let mut command = process::cargo();
        command.current_dir(self.repository).arg(subcommand);
        if let Some(python) = &self.python {
            command.env("BULKHEAD_PYTHON", python);
        }
        command
    }
}

/// Adds up what was checked, and remembers what failed.
#[derive(Default)]
struct Report {
    tally: Tally,
    failed: Vec<String>,
}

impl Report {
    /// Something that either holds or doesn't; returns whether it did.
    fn check(&mut self, name: &str, check: impl FnOnce() -> Result<(), ToolError>) -> bool {
        let before = self.tally.failed;
        self.count(name, || check().map(|()| Tally { passed: 1, ..Tally::default() }));
        self.tally.failed == before
    }

    /// Many tests at once.
    fn count(&mut self, name: &str, tests: impl FnOnce() -> Result<Tally, ToolError>) {
        eprintln!("==> Checking: {name}");
        let tally = tests().unwrap_or_else(|error| {
            eprintln!("{error}");
            Tally { failed: 1, ..Tally::default() }
        });
        if tally.failed > 0 {
            self.failed.push(name.to_owned());
        }
        self.tally += tally;
    }

    fn close(self) -> Tally {
        if !self.failed.is_empty() {
            eprintln!("==> Failed: {}", self.failed.join(", "));
        }
        let Tally { passed, failed, skipped } = self.tally;
        if self.tally == Tally::default() {
            eprintln!("==> Nothing was checked: no test has such a name");
        }
        let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
        println!("{passed} passed, {failed} failed{skipped}");
        self.tally
    }
}

impl Tally {
    /// Whether something was checked, and nothing failed.
    pub fn is_sound(self) -> bool {
        self.failed == 0 && self != Self::default()
    }

    /// A run that failed without a failed test (it didn't compile, it was killed) counts as one failure.
    fn or_one_failure(mut self, succeeded: bool) -> Self {
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Runs a program and shows what it prints as it comes; returns whether it succeeded, and the lines.
fn follow(command: &mut Command) -> Result<(bool, Vec<String>), ToolError> {
    let failed =
        |command: &Command, source| process::ProcessError::NotStarted { command: process::shown(command), source };
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|source| failed(command, source))?;
    let mut lines = Vec::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            // Whoever reads may have gone; the tests go on.
            let _ = writeln!(io::stdout(), "{line}");
            lines.push(line);
        }
    }
    let status = child.wait().map_err(|source| failed(command, source))?;
    Ok((status.success(), lines))
}

/// The totals in a line like `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; …`.
fn native_totals(line: &str) -> Option<Tally> {
    let (_, totals) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |what: &str| {
        totals.split("; ").find_map(|part| part.strip_suffix(what)?.trim().parse().ok()).unwrap_or_default()
    };
    Some(Tally { passed: number("passed"), failed: number("failed"), skipped: number("ignored") })
}

/// The totals at the end of a report in TAP, in lines like `# pass 3`. What tests print stands before them, in such lines too.
fn browser_totals(report: &str) -> Tally {
    let number = |what: &str| {
        let line = format!("# {what} ");
        report.lines().rev().find_map(|text| text.strip_prefix(&line)?.trim().parse::<usize>().ok()).unwrap_or_default()
    };
    Tally {
        passed: number("pass"),
        failed: number("fail") + number("cancelled"),
        skipped: number("skipped") + number("todo"),
    }
}

fn test_files(folder: &Path, filters: &[String]) -> Result<Vec<PathBuf>, ToolError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let wanted = filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str()));
        if name.ends_with(".test.mjs") && wanted {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_totals_are_read_from_the_result_line() {
        let line = "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 3 filtered out; finished in 0.00s";
        assert_eq!(native_totals(line), Some(Tally { passed: 12, failed: 1, skipped: 2 }));
        assert_eq!(native_totals("test sums_are_right ... ok"), None);
    }

    #[test]
    fn browser_totals_are_read_from_the_end_of_the_report() {
        let report = "# pass 7\nok 1 - opens\n1..4\n# tests 4\n# suites 0\n# pass 1\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n";
        assert_eq!(browser_totals(report), Tally { passed: 1, failed: 2, skipped: 1 });
    }

    #[test]
    fn a_run_that_failed_before_its_tests_is_a_failure() {
        assert_eq!(Tally::default().or_one_failure(false).failed, 1);
        assert_eq!(Tally { failed: 3, ..Tally::default() }.or_one_failure(false).failed, 3);
        assert_eq!(Tally::default().or_one_failure(true).failed, 0);
    }

    #[test]
    fn a_run_that_checked_nothing_is_no_success() {
        assert!(!Tally::default().is_sound());
        assert!(Tally { passed: 1, ..Tally::default() }.is_sound());
        assert!(Tally { skipped: 1, ..Tally::default() }.is_sound());
        assert!(!Tally { passed: 1, failed: 1, ..Tally::default() }.is_sound());
    }
}

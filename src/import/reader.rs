//! Reads files of detection content, whatever they are: which format it is, the content tells, and the ending where
//! several would do. Archives are unpacked; what is no rule among many files is counted and passed over.

use super::{
    atomic, columns, dettect, falco, lines,
    material::{Kind, Material, Problem, Rule, Source},
    sigma, table, tags,
    text::{decoded, ending, file_name, is_binary, shortened},
    yaml::{self, Node},
    zip,
};
use rustc_hash::FxHashMap;

/// A single file, or an archive.
pub const MAXIMUM_FILE_BYTES: usize = 100_000_000;
/// Rules of all files together.
const MOST_RULES: usize = 50_000;
/// Text files are read so far.
const MOST_TEXT_BYTES: usize = 16_000_000;
/// More problems than these are only counted.
const MOST_PROBLEMS: usize = 200;

/// Reads one file after the other.
#[derive(Default)]
pub struct Reader {
    material: Material,
    changes: Vec<falco::Change>,
    rules: usize,
}

/// What all files say.
pub fn read_files(files: &[(&str, &[u8])]) -> Material {
    let mut reader = Reader::default();
    for (path, bytes) in files {
        reader.file(path, bytes, files.len() > 1);
    }
    reader.finish()
}

/// Which files of a folder or an archive to read: rules; where there are none, tables and texts.
pub fn worth_reading<'a>(paths: impl Iterator<Item = &'a str> + Clone) -> Vec<bool> {
    let is_hidden = |part: &str| !matches!(part, "." | "..") && (part.starts_with('.') || part.starts_with("__"));
    let hidden = |path: &str| path.split('/').any(is_hidden);
    let is_one_of = |path: &str, endings: &[&str]| !hidden(path) && endings.contains(&ending(path).as_str());
    let rules: Vec<bool> = paths.clone().map(|path| is_one_of(path, &["yml", "yaml"])).collect();
    if rules.contains(&true) {
        return rules;
    }
    paths.map(|path| is_one_of(path, &["csv", "tsv", "txt", "md"])).collect()
}

impl Reader {
    /// Reads a file. Among many, one that says nothing of techniques is passed over.
    pub fn file(&mut self, path: &str, bytes: &[u8], among_many: bool) {
        if bytes.len() > MAXIMUM_FILE_BYTES {
            return self.refuse_size(path);
        }
        if zip::is_archive(bytes) {
            return self.archive(path, bytes);
        }
        if is_binary(bytes) {
            return self.other(path, among_many, "it is no text, and no archive of rules");
        }
        let text = decoded(bytes);
        match ending(path).as_str() {
            "yml" | "yaml" => self.yaml(path, &text, among_many),
            "csv" | "tsv" => self.table(path, &text),
            _ => self.text(path, &text, among_many),
        }
    }

    /// A file that is not even looked at.
    pub fn refuse_size(&mut self, path: &str) {
        self.problem(path, format!("it is larger than {} MB", MAXIMUM_FILE_BYTES / 1_000_000));
    }

    pub fn refuse(&mut self, path: &str, why: &str) {
        self.problem(path, why.to_owned());
    }

    fn archive(&mut self, path: &str, bytes: &[u8]) {
        let entries = match zip::entries(bytes) {
            Ok(entries) => entries,
            Err(error) => return self.problem(path, error.to_string()),
        };
        if entries.iter().any(|entry| entry.path == "[Content_Types].xml") {
            return self.problem(path, "it is an Office document: save the table as CSV first".to_owned());
        }
        let worth = worth_reading(entries.iter().map(|entry| entry.path.as_str()));
        self.material.others += worth.iter().filter(|worth| !**worth).count();
        let mut budget = zip::Budget::default();
        let (told, mut read) = (self.material.problems.len(), 0);
        for entry in entries.iter().zip(worth).filter_map(|(entry, worth)| worth.then_some(entry)) {
            if budget.is_spent() {
                self.material.others += 1;
                continue;
            }
            match entry.read(&mut budget) {
                // No archives in archives: they would get round the budget.
                Ok(bytes) if zip::is_archive(&bytes) => self.material.others += 1,
                Ok(bytes) => {
                    read += 1;
                    self.file(&entry.path, &bytes, true);
                }
                Err(why) if budget.is_spent() => self.problem(path, format!("{why}: the rest is left out")),
                Err(why) => self.problem(&entry.name(), why),
            }
        }
        if read == 0 && self.material.problems.len() == told {
            self.problem(path, "it has no rules: no YAML, tables or texts".to_owned());
        }
    }

    fn yaml(&mut self, path: &str, text: &str, among_many: bool) {
        let documents = match yaml::read(text) {
            Ok(documents) => documents,
            Err(error) => return self.problem(path, error.to_string()),
        };
        let before = self.material.sources.len();
        let mut another = false;
        for document in &documents {
            another |= dettect::is_another(document);
            self.document(path, document);
        }
        if self.material.sources.len() > before {
            return;
        }
        if another {
            let what =
                "it is a DeTT&CT file, but not of techniques: only technique administrations have scores to show";
            return self.problem(path, what.to_owned());
        }
        if among_many {
            self.material.others += 1;
        } else {
            self.text(path, text, false);
        }
    }

    fn document(&mut self, path: &str, document: &Node<'_>) {
        if falco::is(document) {
            let rules = falco::read(document, file_name(path), &mut self.changes);
            self.add(path, Kind::Falco, rules);
        } else if let Some(kind) = sigma::kind(document) {
            let rule = if kind == Kind::Sigma { sigma::read(document) } else { sigma::read_splunk(document) };
            self.add(path, kind, vec![rule]);
        } else if atomic::is(document) {
            self.add(path, Kind::Atomic, atomic::read(document));
        } else if dettect::is(document) {
            for kind in [Kind::Detection, Kind::Visibility] {
                self.add(path, kind, dettect::read(document, kind));
            }
        } else if atomic::is_index(document) {
            self.add(path, Kind::Atomic, atomic::read_index(document));
        }
    }

    fn table(&mut self, path: &str, text: &str) {
        let table = table::read(text, table::separator(text));
        if let Some(rules) = columns::atomic_index(&table) {
            return self.add(path, Kind::Atomic, rules);
        }
        if table.rows.is_empty() {
            return self.problem(path, "it is empty".to_owned());
        }
        if table.cut {
            self.problem(path, "it is longer than is read: the rest is left out".to_owned());
        }
        self.source(path, Kind::Table, Vec::new()).table = Some(table);
    }

    fn text(&mut self, path: &str, text: &str, among_many: bool) {
        let end = (0..=text.len().min(MOST_TEXT_BYTES)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let rules = lines::read(&text[..end]);
        if rules.is_empty() {
            return self.other(
                path,
                among_many,
                "it has no technique ids, and is no layer, bundle, rules file or table",
            );
        }
        if end < text.len() {
            self.problem(path, "it is longer than is read: the rest is left out".to_owned());
        }
        self.add(path, Kind::Text, rules);
    }

    fn other(&mut self, path: &str, among_many: bool, what: &str) {
        if among_many { self.material.others += 1 } else { self.problem(path, what.to_owned()) }
    }

    fn add(&mut self, path: &str, kind: Kind, mut rules: Vec<Rule>) {
        let room = MOST_RULES.saturating_sub(self.rules);
        if rules.len() > room {
            self.problem(path, format!("there are more than {MOST_RULES} rules: the rest is left out"));
            rules.truncate(room);
        }
        self.rules += rules.len();
        self.source(path, kind, rules);
    }

    fn source(&mut self, path: &str, kind: Kind, rules: Vec<Rule>) -> &mut Source {
        let source = Source { file: shortened(path), kind, rules, table: None };
        self.material.sources.push(source);
        let last = self.material.sources.len() - 1;
        &mut self.material.sources[last]
    }

    fn problem(&mut self, path: &str, what: String) {
        if self.material.problems.len() < MOST_PROBLEMS {
            self.material.problems.push(Problem { file: shortened(path), what });
        } else {
            self.material.others += 1;
        }
    }

    /// All that was read, each rule once.
    pub fn finish(mut self) -> Material {
        let changes = std::mem::take(&mut self.changes);
        for problem in falco::settle(&mut self.material.sources, changes) {
            self.problem(&problem.file, problem.what);
        }
        join_equal(&mut self.material.sources);
        self.material
    }
}

/// A test stands in an index once for each tactic, and a rule may have come twice: by its id it is one.
fn join_equal(sources: &mut [Source]) {
    let mut first: FxHashMap<(Kind, String), (usize, usize)> = FxHashMap::default();
    for at in 0..sources.len() {
        let kind = sources[at].kind;
        for (place, rule) in std::mem::take(&mut sources[at].rules).into_iter().map(|rule| (at, rule)) {
            let key = rule.id.clone().map(|id| (kind, id));
            let known = key.as_ref().and_then(|key| first.get(key)).copied();
            if let Some(other) = known.and_then(|(source, at)| sources[source].rules.get_mut(at)) {
                tags::add(other, rule.techniques, rule.tactics);
                continue;
            }
            if let Some(key) = key {
                first.insert(key, (place, sources[place].rules.len()));
            }
            sources[place].rules.push(rule);
        }
    }
}

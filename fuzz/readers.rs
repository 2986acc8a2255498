//! The readers of outside bytes, and what must hold of each whatever it is given: no panic, what was read can be written and
//! read again, and no more memory and time than the input's size allows. The fuzzer tries them (`cargo xtask fuzz`); what it
//! once found is tried again by `tests/readers_under_fire.rs`.

use bulkhead::{
    app::custom,
    attack::{self, AttackHistory, CollectionIndex, Knowledge, Releases, TechniqueId, assignment},
    export, import,
    layer::{self, Color, Expression, Replacements},
    matrix, prose,
};
use cpu_time::ThreadTime;
use peak_alloc::PeakAlloc;
use std::{sync::LazyLock, time::Duration};

pub struct Reader {
    pub name: &'static str,
    /// What is done with the bytes.
    attempt: fn(&[u8]),
    /// So many bytes may be in use at once for each byte of the input,
    bytes_per_byte: usize,
    /// and so many besides.
    bytes_at_least: usize,
}

/// An input is handled within this time of the processor, so that it doesn't count what else the machine does. (What is tried
/// has a megabyte at most.)
const LONGEST: Duration = Duration::from_secs(5);

const MEGABYTE: usize = 1_000_000;

pub const ALL: &[Reader] = &[
    Reader { name: "layer", attempt: read_layer, bytes_per_byte: 400, bytes_at_least: 4 * MEGABYTE },
    Reader { name: "bundle", attempt: read_bundle, bytes_per_byte: 400, bytes_at_least: 16 * MEGABYTE },
    Reader { name: "packed-knowledge", attempt: unpack_knowledge, bytes_per_byte: 400, bytes_at_least: 4 * MEGABYTE },
    Reader { name: "assignment", attempt: read_assignment, bytes_per_byte: 400, bytes_at_least: 4 * MEGABYTE },
    Reader { name: "tables", attempt: read_tables, bytes_per_byte: 200, bytes_at_least: 4 * MEGABYTE },
    // What a link unpacks to has a limit of its own.
    Reader { name: "link", attempt: read_link, bytes_per_byte: 1_000, bytes_at_least: 32 * MEGABYTE },
    Reader { name: "expression", attempt: read_expression, bytes_per_byte: 2_000, bytes_at_least: MEGABYTE },
    Reader { name: "rules", attempt: read_rules, bytes_per_byte: 1_000, bytes_at_least: 8 * MEGABYTE },
    // An archive is unpacked by the megabyte, within a limit of its own.
    Reader { name: "archive", attempt: read_archive, bytes_per_byte: 3_000, bytes_at_least: 64 * MEGABYTE },
    Reader { name: "table", attempt: read_table, bytes_per_byte: 1_000, bytes_at_least: 8 * MEGABYTE },
    Reader { name: "picture", attempt: read_picture, bytes_per_byte: 1_100, bytes_at_least: 4 * MEGABYTE },
    Reader { name: "configuration", attempt: read_configuration, bytes_per_byte: 400, bytes_at_least: MEGABYTE },
    Reader { name: "prose", attempt: read_prose, bytes_per_byte: 1_000, bytes_at_least: MEGABYTE },
    Reader { name: "words", attempt: read_words, bytes_per_byte: 200, bytes_at_least: MEGABYTE },
];

pub fn named(name: &str) -> Option<&'static Reader> {
    ALL.iter().find(|reader| reader.name == name)
}

impl Reader {
    /// Tries the reader, and tells which bound it didn't keep to.
    pub fn hold_to_bounds(&self, bytes: &[u8], memory: &PeakAlloc) -> Result<(), String> {
        LazyLock::force(&KNOWLEDGE);
        let before = memory.current_usage();
        memory.reset_peak_usage();
        let began = ThreadTime::now();
        (self.attempt)(bytes);
        let took = began.elapsed();
        let used = memory.peak_usage().saturating_sub(before);
        let may_use = self.bytes_at_least + self.bytes_per_byte * bytes.len();
        if used > may_use {
            return Err(format!(
                "{} of {} bytes used {used} bytes of memory; the bound is {may_use}",
                self.name,
                bytes.len()
            ));
        }
        if took > LONGEST {
            return Err(format!("{} of {} bytes took {took:?}; the bound is {LONGEST:?}", self.name, bytes.len()));
        }
        Ok(())
    }
}

/// What the app shows at first.
static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    let bundle = include_bytes!("../data/attack-containers-19.2.json");
    attack::read(bundle).map(|reading| reading.knowledge).unwrap_or_else(|error| panic!("{error}"))
});

/// What was read, written and read again is written the same.
fn read_layer(bytes: &[u8]) {
    let Ok(opened) = layer::read(bytes) else { return };
    for opened in &opened.layers {
        let written = layer::write(opened, &[]);
        let again = layer::read(written.as_bytes()).unwrap_or_else(|error| panic!("{error}: {written}"));
        let [again] = again.layers.as_slice() else { panic!("it became {} layers", again.layers.len()) };
        assert_eq!(written, layer::write(again, &[]));
    }
}

/// Knowledge can be packed, unpacked and laid out.
fn read_bundle(bytes: &[u8]) {
    let Ok(reading) = attack::read(bytes) else { return };
    let packed = attack::pack(&reading.knowledge);
    let unpacked = attack::unpack(&packed).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(reading.knowledge, unpacked);
    let _ = matrix::placements(&unpacked);
}

fn unpack_knowledge(bytes: &[u8]) {
    if let Ok(knowledge) = attack::unpack(bytes) {
        let _ = knowledge.detections.len();
    }
    let _ = import::unpack(bytes);
}

fn read_assignment(bytes: &[u8]) {
    let _ = assignment::read(bytes, &KNOWLEDGE);
}

/// The small tables that stand beside the app or come with an address.
fn read_tables(bytes: &[u8]) {
    let _ = CollectionIndex::read(bytes);
    let _ = AttackHistory::read(bytes);
    let _ = Releases::read(bytes);
    let _ = Replacements::read(bytes);
}

fn read_link(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(file) = export::unpacked(text) {
        let _ = layer::read(&file);
    }
}

/// Every expression has a value, whatever the scores; an error points into the text.
fn read_expression(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Expression::parse(text) {
        Ok(None) => {}
        Ok(Some(expression)) => {
            for score in [None, Some(0.0), Some(-1.5), Some(100.0), Some(f64::MAX)] {
                let _ = expression.evaluate(&|_| score);
            }
        }
        Err(error) => assert!(error.at + error.length <= text.chars().count() + 1, "{error:?}"),
    }
}

fn read_rules(bytes: &[u8]) {
    read_as("rules.yaml", bytes);
}

fn read_archive(bytes: &[u8]) {
    // The fuzzer needn't find out how archives begin.
    read_as("rules.zip", bytes);
    read_as("rules.zip", &[b"PK\x03\x04", bytes].concat());
}

fn read_table(bytes: &[u8]) {
    read_as("ratings.csv", bytes);
}

fn read_as(path: &str, bytes: &[u8]) {
    let material = import::read_files(&[(path, bytes)]);
    let packed = import::pack(&material);
    assert!(import::unpack(&packed).is_some_and(|unpacked| unpacked == material));
    let choices = import::Choices::new(&material, &KNOWLEDGE);
    let _ = import::Plan::of(&material, &choices, &KNOWLEDGE);
}

fn read_picture(bytes: &[u8]) {
    if let Ok(Some(file)) = export::layer_in_picture(bytes) {
        let _ = layer::read(&file);
    }
}

/// What whoever serves the app says about it, and what an address asks for.
fn read_configuration(bytes: &[u8]) {
    let _ = custom::Config::read(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = custom::asked(text, "");
        let _ = custom::asked("", text);
    }
}

/// A description, whose words alone are in one line for each of its blocks at least.
fn read_prose(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let blocks = prose::prose(&text);
    assert!(prose::plain(&text).lines().count() >= blocks.len());
    assert!(blocks.iter().flat_map(|block| &block.pieces).all(|piece| !piece.text.is_empty()));
}

/// Small values that stand in files.
fn read_words(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = Color::parse(&text);
    let _ = TechniqueId::parse(&text);
    let _ = import::find_ids(&text, &KNOWLEDGE);
    let _ = layer::is_safe_url(&text);
    let _ = export::file_name(&text, "json");
}

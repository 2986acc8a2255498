//! Layers as files: ATT&CK Navigator's layer format, read in 4.0 to 4.5 and written in 4.5. What a file has that
//! nobody knows is kept; what this program adds rides in metadata, so that other tools take the files.

mod entry;
mod fields;
mod notes;
mod parts;
mod read;
mod settings;
mod shape;
#[cfg(test)]
mod tests;
mod tiers;
mod write;

pub use notes::Note;
pub use parts::{Placement, write_parts};
pub use read::{MAXIMUM_LAYER_BYTES, read};
pub use write::{write, write_all};

use super::Layer;

/// What a file held, and what there is to tell of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// One or more.
    pub layers: Vec<Layer>,
    pub notes: Vec<Note>,
}

/// Why a file can't be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    #[error("The file is larger than {} MB, the most that is opened.", MAXIMUM_LAYER_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("The file is empty.")]
    NoContent,
    #[error("The file is not readable text: save it as UTF-8 and open it again.")]
    Encoding,
    #[error("The file is not JSON: line {line}, column {column}: {what}.")]
    NotJson { line: usize, column: usize, what: String },
    #[error("The file is nested too deep: line {line}, column {column}.")]
    TooDeep { line: usize, column: usize },
    #[error("This is not a layer: {0}.")]
    NotALayer(String),
    /// It is for the reader of bundles.
    #[error("This is a STIX bundle, not a layer: open it as a bundle.")]
    Bundle,
    #[error("The file is a list of layers, but the list is empty.")]
    EmptyList,
    #[error("This layer has format {0}; Bulkhead opens formats 4.0 to 4.5.")]
    Format(String),
}

/// The release of the official Navigator whose files these are.
const NAVIGATOR_RELEASE: &str = "5.1.0";

/// The layer format that is written.
const LAYER_FORMAT: &str = "4.5";

/// The name of a layer whose file has none, as the official Navigator names new ones.
const UNNAMED: &str = "layer";

/// The domain of a layer whose file names none.
const USUAL_DOMAIN: &str = "enterprise-attack";

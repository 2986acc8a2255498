//! Layers as files: ATT&CK Navigator's layer format, read in 1.0 to 4.5 and written in 4.5. What a file has that
//! nobody knows is kept; what this program adds rides in metadata, so that other tools take the files.

mod entry;
mod fields;
mod format;
#[cfg(test)]
mod migration_tests;
mod notes;
mod parts;
mod read;
mod revoked;
mod rows;
mod settings;
mod shape;
mod slides;
mod step;
#[cfg(test)]
mod tests;
mod tiers;
mod write;

pub use format::Format;
pub use notes::Note;
pub use parts::{Placement, write_parts};
pub use read::{MAXIMUM_LAYER_BYTES, read};
pub(super) use revoked::join as joined_entry;
pub use revoked::{MAXIMUM_REPLACEMENTS_BYTES, Replacements, ReplacementsError, replace_revoked};
pub(super) use step::WrittenStep;
pub use write::{write, write_all, write_in_a_line, write_only};

use super::Layer;

/// What a file held, and what there is to tell of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// One or more.
    pub layers: Vec<Layer>,
    /// The format that each of the layers had in the file.
    pub formats: Vec<Format>,
    pub notes: Vec<Note>,
}

impl Opened {
    /// The layers that may have technique ids which were revoked since: [`replace_revoked`] gives them those of today.
    /// A later format says its ATT&CK release, and the table is about Enterprise.
    pub fn old_layers(&mut self) -> impl Iterator<Item = &mut Layer> {
        let with_format = self.layers.iter_mut().zip(&self.formats);
        with_format
            .filter(|(layer, format)| format.is_before_4() && layer.domain == USUAL_DOMAIN)
            .map(|(layer, _)| layer)
    }
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
    #[error("This layer has format {0}; Bulkhead opens formats 1.0 to 4.5: save it in one of these and open it again.")]
    Format(String),
}

/// The release of the official Navigator whose files these are.
const NAVIGATOR_RELEASE: &str = "5.1.0";

/// The name of a layer whose file has none, as the official Navigator names new ones.
const UNNAMED: &str = "layer";

/// The domain of a layer whose file names none.
const USUAL_DOMAIN: &str = "enterprise-attack";

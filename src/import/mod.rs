//! What other people's material says of techniques: ids in any text, and layers from detection content. `reader` finds
//! out what files are, one file a format reads it, `material` is what they come to, and `plan` makes layers of that.
//! Layer files are read by `layer`, bundles by `attack`.

mod atomic;
mod columns;
mod dettect;
mod falco;
mod ids;
mod lines;
mod material;
mod plan;
mod reader;
mod sigma;
mod table;
mod tags;
mod text;
mod yaml;
mod zip;

pub use columns::{Columns, Role};
pub use ids::{FoundIds, find_ids};
pub use material::{Kind, Material, Problem, Rule, Source, pack, unpack};
pub use plan::{Averaging, Choices, Left, Mapped, Matters, Plan, Planned, Scale, Where};
pub use reader::{MAXIMUM_FILE_BYTES, Reader, read_files, worth_reading};
pub use table::Table;

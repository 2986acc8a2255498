//! What other people's material says of techniques: ids in any text. Layer files are read by `layer`, bundles by `attack`.

mod ids;

pub use ids::{FoundIds, find_ids};

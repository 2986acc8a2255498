//! The map of the house: one line for each room. `ARCHITECTURE.md` tells how they fit together.

/// The browser: state, commands, components, persistence.
pub mod app;
/// What adversaries do: ids, tiers, STIX reading, knowledge.
pub mod attack;
/// A laid-out matrix and a layer as files for other tools.
pub mod export;
/// What other people's material says of techniques: ids in any text, detection rules, ratings, tables.
pub mod import;
/// What a team says: layer document, file format, gradient, tiers' scores, coverage, history.
pub mod layer;
/// How knowledge is laid out: representation, columns and cells.
pub mod matrix;
/// One sort for everything, for the sake of the first visit's weight.
mod order;
/// What bundles write in Markdown, without the notation.
pub mod prose;
/// Steps back and forth in what is kept beside the layers.
pub mod trail;
/// How wide words are, for whoever has to fit text without a browser.
mod words;

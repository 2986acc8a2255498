//! What adversaries do: ids, tiers, and the knowledge that a bundle holds.
//! How it is laid out is `matrix`'s; what a team says about it is `layer`'s.

mod adopt;
pub mod assignment;
mod collections;
mod crosswalk;
mod digest;
pub mod draft;
mod evidence;
mod history;
mod id;
mod knowledge;
mod releases;
mod retired;
mod search;
mod stix;
mod subject;
mod tier;

pub use collections::{Collection, CollectionIndex, CollectionVersion, IndexError, MAXIMUM_INDEX_BYTES};
pub use crosswalk::Crosswalk;
pub use digest::{DigestError, pack, unpack};
pub use evidence::{Evidence, Record, Sighting};
pub use history::{AttackHistory, Change, Event, MAXIMUM_HISTORY_BYTES};
pub use id::{IdError, TacticName, TechniqueId};
pub use knowledge::{
    Actor, ActorKind, ActorUse, Analytic, Asset, Component, Counterpart, Detection, Knowledge, Mitigation, Release,
    Tactic, Technique,
};
pub use releases::{Catalogue, Fact, MAXIMUM_RELEASES_BYTES, Releases, ReleasesError, version_page};
pub use retired::Retired;
pub use search::{Hit, Index, excerpt};
pub use stix::{MAXIMUM_BUNDLE_BYTES, ReadError, Reading, Warning, read, read_watched};
pub use subject::{Kind, Subject, Told};
pub use tier::{Confidence, Tier, TierAssignment, TierSet};

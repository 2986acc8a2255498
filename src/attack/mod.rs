//! What adversaries do: ids, tiers, and the knowledge that a bundle holds.
//! How it is laid out is `matrix`'s; what a team says about it is `layer`'s.

mod digest;
mod id;
mod knowledge;
mod stix;
mod tier;

pub use digest::{DigestError, pack, unpack};
pub use id::{IdError, TacticName, TechniqueId};
pub use knowledge::{
    Actor, ActorKind, ActorUse, Counterpart, Detection, Knowledge, Mitigation, Release, Retired, Tactic, Technique,
};
pub use stix::{MAXIMUM_BUNDLE_BYTES, ReadError, Reading, Warning, read};
pub use tier::{Confidence, Tier, TierAssignment, TierSet};

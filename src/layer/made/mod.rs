//! Layers made from what is known rather than by hand. Where the techniques stand is told by the caller, since that is
//! `matrix`'s.

mod carry;
mod evidence;

pub use carry::{Carried, Left, Why, carry_over};
pub use evidence::{Counted, layer_from_actors, layer_from_evidence};

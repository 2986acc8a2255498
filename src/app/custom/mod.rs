//! What whoever sets Bulkhead up, or puts it into a page of theirs, says about it: which parts are there, and what the site
//! beside the app adds. What these words mean is decided here; doing it is the app's.

mod address;
mod config;
mod entry;
mod switches;

pub use address::{Asked, Source, asked, embedding, frame, length, what_opens, without_what_opens};
pub use config::{Config, MAXIMUM_CONFIG_BYTES, MarkColors};
pub use entry::MenuEntry;
pub use switches::{CommandSet, Group, Switch, Switches, commands_off, group, is_word_without_effect};

//! The page around the matrices. Components run commands and show state; they hold no rules.

mod about;
mod annotation;
mod choosing;
mod context_menu;
mod control;
mod dialogs;
mod floating;
mod icon;
mod inspector;
mod layer_dialog;
mod lists;
mod menu;
mod message;
mod note;
mod palette;
mod replace_dialog;
mod shell;
mod shown;
mod status_bar;
mod tabs_bar;
pub mod theme;
mod toolbar;
mod tooltip;

pub use shell::root;

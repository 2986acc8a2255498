//! The page around the matrices. Components run commands and show state; they hold no rules.

mod about;
mod annotation;
mod choosing;
mod color_field;
mod colors_panel;
mod context_menu;
mod control;
mod dialogs;
mod floating;
mod gradient_editor;
mod icon;
mod inspector;
mod layer_dialog;
mod layers_page;
mod legend;
mod legend_editor;
mod lists;
mod menu;
mod message;
mod note;
mod palette;
mod replace_dialog;
mod shell;
mod shown;
mod status_bar;
mod tab_drag;
mod tabs_bar;
pub mod theme;
mod toolbar;
mod tooltip;

pub use colors_panel::colors_panel;
pub use dialogs::dialog;
pub use inspector::inspected;
pub use menu::{Choose, Item, list as menu_list};
pub use shell::{floating_parts, root};

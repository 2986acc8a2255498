//! The focus in lists that are made anew with every change of what they list.

use crate::app::browser;
use std::cell::RefCell;

/// What has the focus in a list: the item, and what is done with it there.
pub struct HeldFocus {
    /// Its class.
    list: &'static str,
    /// The attribute by which an item is known.
    item: &'static str,
    /// As long as nothing else has had it since.
    last: RefCell<Option<(String, String)>>,
}

impl HeldFocus {
    /// For a list of this class with items of this attribute, whose buttons have `data-action`.
    pub fn in_list(list: &'static str, item: &'static str) -> Self {
        Self { list, item, last: RefCell::default() }
    }

    /// To be called before the list is made anew: the button that has the focus gets it again or, where the item has no such
    /// button any more, its first.
    pub fn hold(&self) {
        let Self { list, item, last } = self;
        let now = browser::document().active_element().filter(|element| element.local_name() != "body");
        if let Some(button) = now {
            let around = button.closest(&format!(".{list} [{item}]")).ok().flatten();
            let around = around.and_then(|around| around.get_attribute(item));
            *last.borrow_mut() = around.zip(button.get_attribute("data-action"));
        }
        if let Some((around, action)) = &*last.borrow() {
            let around = format!(".{list} [{item}={}]", quoted(around));
            let same = format!("[data-action={}]", quoted(action));
            browser::focus_soon(&format!(
                "{around} {same}, {around}:has([data-action]):not(:has({same})) [data-action]"
            ));
        }
    }
}

/// A text as selectors have it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

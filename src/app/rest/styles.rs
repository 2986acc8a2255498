//! Style sheets of what the first matrix can do without: they come with the rest of the program, so that nothing of it is
//! ever seen without them.

use crate::app::browser;
use js_sys::{Array, Promise};
use std::future::Future;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

/// Paths beside the page; the build lists what is in `style/later`.
const PATHS: &[&str] = &include!(concat!(env!("OUT_DIR"), "/later_styles.rs"));

/// Begins at once, with those that are not there yet; the answer is whether all are there. If one is not, those begun with
/// are taken back, to be asked for again.
pub fn load() -> impl Future<Output = bool> {
    let links: Vec<HtmlElement> = PATHS.iter().filter_map(|path| link(path)).collect();
    let all: Array = links.iter().map(coming).collect();
    let came = JsFuture::from(Promise::all(&all));
    async move {
        let came = came.await.is_ok();
        if !came {
            links.iter().for_each(|link| link.remove());
        }
        came
    }
}

fn link(path: &str) -> Option<HtmlElement> {
    if browser::document().query_selector(&format!("link[href='{path}']")).is_ok_and(|there| there.is_some()) {
        return None;
    }
    let link: HtmlElement = browser::document().create_element("link").ok()?.unchecked_into();
    link.set_attribute("rel", "stylesheet").ok()?;
    link.set_attribute("href", path).ok()?;
    Some(link)
}

fn coming(link: &HtmlElement) -> Promise {
    Promise::new(&mut |came, failed| {
        link.set_onload(Some(&came));
        link.set_onerror(Some(&failed));
        if let Some(head) = browser::document().query_selector("head").ok().flatten() {
            let _ = head.append_child(link);
        }
    })
}

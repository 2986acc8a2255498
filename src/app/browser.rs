//! The few things that are asked of the browser in more than one place, each behind a plain function.
//! What is shown is `components`' and `grid`'s; what is stored is `persistence`'s.

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, ClipboardItem, Document, Element, HtmlAnchorElement, HtmlElement, Response, Url, Window,
};

#[allow(clippy::expect_used)] // the app runs in a page, never in a worker
pub fn window() -> Window {
    web_sys::window().expect("the app runs in a page")
}

/// Kept: whatever is put into the page asks for it, thousands of times for a large matrix.
#[allow(clippy::expect_used)] // see `window`
pub fn document() -> Document {
    thread_local!(static DOCUMENT: Document = window().document().expect("a page has a document"));
    DOCUMENT.with(Document::clone)
}

/// Whether the matrix stands in another page: `?embed`, as `boot.js` has read it. Nothing is stored then.
pub fn is_embedded() -> bool {
    document().document_element().is_some_and(|page| page.has_attribute("data-embed"))
}

/// All elements of the page that a selector finds.
pub fn all(selector: &str) -> Vec<Element> {
    let found = document().query_selector_all(selector).ok();
    let found = found.into_iter().flat_map(|list| (0..list.length()).filter_map(move |at| list.item(at)));
    found.filter_map(|node| node.dyn_into().ok()).collect()
}

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// As the user's clock has it: `2026-09-30`.
pub fn today() -> String {
    let now = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}

/// A mark in the browser's own record, for whoever measures.
pub fn mark(name: &str) {
    if let Some(performance) = window().performance() {
        let _ = performance.mark(name);
    }
}

#[wasm_bindgen]
extern "C" {
    /// `Performance.mark` with a start time, which web-sys doesn't have.
    #[wasm_bindgen(js_namespace = performance, js_name = mark)]
    fn mark_with(name: &str, options: &js_sys::Object);
}

/// A mark at a time in milliseconds since 1970, as workers can tell it, too.
pub fn mark_at(name: &str, time: Option<f64>) {
    if let (Some(performance), Some(time)) = (window().performance(), time) {
        let (options, here) = (js_sys::Object::new(), (time - performance.time_origin()).max(0.0));
        let _ = js_sys::Reflect::set(&options, &"startTime".into(), &here.into());
        mark_with(name, &options);
    }
}

/// Unlikely enough to be given twice; it names layers in this browser only.
pub fn random_id() -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let part = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("{:08x}{:08x}", part(), part())
}

/// A random UUID (version 4), for STIX ids.
pub fn uuid() -> String {
    let digits = format!("{}{}", random_id(), random_id());
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    // The two digits that say which kind of UUID it is.
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

/// The time in milliseconds since 1970.
pub fn time() -> f64 {
    js_sys::Date::now()
}

/// The time, as STIX writes it: `2026-01-31T12:00:00.000Z`.
pub fn timestamp() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}

/// Whether typing goes into this element, so that single keys are text and not commands.
pub fn takes_text(element: &Element) -> bool {
    let tag = element.tag_name().to_ascii_lowercase();
    match tag.as_str() {
        "textarea" | "select" => true,
        "input" => {
            let kind = element.get_attribute("type").unwrap_or_default();
            !matches!(kind.as_str(), "checkbox" | "radio" | "button" | "file" | "color")
        }
        _ => element.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable),
    }
}

/// Comes back after so many milliseconds.
pub async fn wait(milliseconds: i32) {
    let waited = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(waited).await;
}

/// Does it in a task of its own, as soon as the browser gets to it.
pub fn soon(deed: impl FnOnce() + 'static) {
    leptos::prelude::set_timeout(deed, std::time::Duration::ZERO);
}

/// Does it once the browser has shown what there is now.
pub fn after_showing(deed: impl FnOnce() + 'static) {
    leptos::prelude::request_animation_frame(move || soon(deed));
}

/// Puts the focus on an element of the page once what is being drawn now is there, unless the user has begun to write
/// elsewhere until then.
pub fn focus_soon(selector: &str) {
    let selector = selector.to_owned();
    let before = document().active_element();
    leptos::prelude::request_animation_frame(move || {
        let now = document().active_element();
        if now != before && now.is_some_and(|now| takes_text(&now)) {
            return;
        }
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            // What is folded away can't take the focus.
            if let Ok(Some(folded)) = element.closest("details:not([open])") {
                let _ = folded.set_attribute("open", "");
            }
            let _ = element.focus();
            if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
                input.select();
            }
        }
    });
}

/// Gives the focus to the cell that has its place in the order of the keyboard.
pub fn focus_cell_soon() {
    focus_soon(".cell[tabindex='0']");
}

/// What is in a file.
#[derive(Clone, Copy)]
pub enum Content<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// Hands the user a file.
///
/// # Errors
/// A sentence for the user.
pub fn download(name: &str, kind: &str, content: Content) -> Result<(), String> {
    let failed = |_: JsValue| format!("The browser would not save \"{name}\".");
    let content = match content {
        Content::Text(text) => JsValue::from_str(text),
        Content::Bytes(bytes) => js_sys::Uint8Array::from(bytes).into(),
    };
    let blob = blob_of(&content, kind).map_err(failed)?;
    let url = Url::create_object_url_with_blob(&blob).map_err(failed)?;
    let link: HtmlAnchorElement = document().create_element("a").map_err(failed)?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    leptos::prelude::set_timeout(
        move || {
            let _ = Url::revoke_object_url(&url);
        },
        std::time::Duration::from_secs(60),
    );
    Ok(())
}

/// Opens a page beside ours, which it can't reach back to. Whoever asks has made sure that the address is safe.
pub fn open_page(url: &str) {
    let _ = window().open_with_url_and_target_and_features(url, "_blank", "noopener,noreferrer");
}

/// Puts a text on the system's clipboard, at once; the answer is whether the browser allowed it. It never does for a page
/// that came over an unprotected connection.
pub fn put_on_clipboard(text: &str) -> impl Future<Output = bool> + use<> {
    let written = window().is_secure_context().then(|| window().navigator().clipboard().write_text(text));
    async move {
        match written {
            Some(written) => JsFuture::from(written).await.is_ok(),
            None => false,
        }
    }
}

/// Puts one thing on the clipboard in several kinds, of which whoever pastes takes one.
///
/// # Errors
/// Where the browser has no such clipboard, or doesn't allow it.
pub async fn put_parts_on_clipboard(parts: &[(&str, &str)]) -> Result<(), JsValue> {
    let by_kind = js_sys::Object::new();
    for (kind, text) in parts {
        js_sys::Reflect::set(&by_kind, &(*kind).into(), &blob_of(&(*text).into(), kind)?.into())?;
    }
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&by_kind)?;
    let items = js_sys::Array::of1(&item);
    JsFuture::from(window().navigator().clipboard().write(&items)).await.map(drop)
}

/// # Errors
/// Never in a browser of today.
pub fn blob_of(content: &JsValue, kind: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(&js_sys::Array::of1(content), &options)
}

/// Whether the user has marked a text of the page, which copying is about then.
pub fn has_marked_text() -> bool {
    window().get_selection().ok().flatten().is_some_and(|marked| !marked.is_collapsed())
}

/// The window's width and height.
pub fn window_size() -> (f64, f64) {
    let size = |value: Result<JsValue, JsValue>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
    (size(window().inner_width()), size(window().inner_height()))
}

/// What is at an address: one beside the app, or a whole one.
///
/// # Errors
/// A sentence for the user.
pub async fn fetch(address: &str, most: usize) -> Result<Blob, String> {
    let unreachable = |_: JsValue| format!("{address} could not be reached.");
    let response: Response =
        JsFuture::from(window().fetch_with_str(address)).await.map_err(unreachable)?.unchecked_into();
    if !response.ok() {
        return Err(format!("{address} answered \"{} {}\".", response.status(), response.status_text()));
    }
    let blob: Blob = JsFuture::from(response.blob().map_err(unreachable)?).await.map_err(unreachable)?.unchecked_into();
    check_size(&blob, address, most)?;
    Ok(blob)
}

/// # Errors
/// A sentence for the user, where something is larger than what is taken.
pub fn check_size(blob: &Blob, name: &str, most: usize) -> Result<(), String> {
    #[allow(clippy::cast_precision_loss)]
    if blob.size() > most as f64 {
        return Err(format!("\"{name}\" is larger than {} MB.", most / 1_000_000));
    }
    Ok(())
}

/// The bytes of a file or of what was fetched.
///
/// # Errors
/// A sentence for the user.
pub async fn bytes_of(blob: &Blob, name: &str) -> Result<Vec<u8>, String> {
    let unreadable = |_: JsValue| format!("\"{name}\" could not be read.");
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(unreadable)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// A small setting that must be there before the first paint.
pub fn setting(name: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(name).ok().flatten()
}

pub fn forget_setting(name: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(name);
    }
}

/// What this window alone remembers, through reloads.
pub fn remembered_for_window(name: &str) -> Option<String> {
    window().session_storage().ok().flatten()?.get_item(name).ok().flatten()
}

pub fn remember_for_window(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Settings that can't be stored are asked for again next time: no reason to stop.
pub fn remember_setting(name: &str, value: &str) {
    if is_embedded() {
        return;
    }
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

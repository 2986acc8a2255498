//! Pictures of the layer: as SVG, or drawn by the browser as PNG, handed over as a file or put on the clipboard. How they
//! look is `export`'s.

use super::{
    bearing::Says,
    browser::{self, Content, blob_of},
    exports,
    state::{App, Theme},
};
use crate::{
    export::{self, Laid, Look},
    layer::{Key, Layer, write},
    matrix,
};
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, ClipboardItem, HtmlCanvasElement, HtmlImageElement, Url};

/// No browser draws more pixels in a row.
const MOST_PIXELS: f64 = 16_000.0;

/// As wide as a slide, in the theme of the screen; two matrices stand side by side.
pub fn usual(app: App) -> Look {
    Look { dark: app.theme.get_untracked() == Theme::Dark, beside: true, ..Look::USUAL }
}

/// The layer as it is laid out on the screen, but for what the look says otherwise.
pub fn drawn(app: App, look: Look) -> String {
    let (layer, knowledge, shown) =
        (app.layer.get_untracked(), app.knowledge.get_untracked(), app.matrices.get_untracked());
    let matrices = match (look.subtechniques, look.representation) {
        (None, None) => shown,
        (expanded, representation) => {
            let mut other = Layer::clone(&layer);
            other.display.representation = representation.unwrap_or(layer.display.representation);
            if let Some(expanded) = expanded {
                other.display.expanded = expanded;
                // Those that were opened one by one are closed, too.
                let opened: Vec<Key> =
                    layer.annotations.iter().filter(|it| it.show_subtechniques).map(|it| it.key.clone()).collect();
                opened.iter().for_each(|key| other.annotations.change(key, |entry| entry.show_subtechniques = false));
            }
            Arc::new(matrix::lay_out(&knowledge, &other.display, &other.platforms, &Says(&other)))
        }
    };
    let laid = Laid { layer: &layer, knowledge: &knowledge, matrices: &matrices };
    export::svg(&laid, look, &write(&layer, &exports::order(&knowledge)))
}

pub fn export_svg(app: App) {
    export_svg_as(app, usual(app));
}

pub fn export_svg_as(app: App, look: Look) {
    exports::hand_over_as(app, "svg", "image/svg+xml", Content::Text(&drawn(app, look)));
}

pub fn export_png(app: App) {
    export_png_as(app, usual(app), 2.0);
}

/// `scale`: pixels of the PNG for each of the picture's.
pub fn export_png_as(app: App, look: Look, scale: f64) {
    leptos::task::spawn_local(async move {
        match png(app, look, scale).await {
            Ok(bytes) => exports::hand_over_as(app, "png", "image/png", Content::Bytes(&bytes)),
            Err(_) => app.complain("The browser could not draw the picture. Try a smaller one, or SVG."),
        }
    });
}

/// Where the browser has no clipboard for pictures, the user is told what works instead.
pub fn copy(app: App, look: Look, scale: f64) {
    leptos::task::spawn_local(async move {
        match copied(app, look, scale).await {
            Ok(()) => app.say("The picture is on the clipboard."),
            Err(_) => {
                app.complain("This browser puts no pictures on the clipboard. Export the picture as a file instead.")
            }
        }
    });
}

async fn copied(app: App, look: Look, scale: f64) -> Result<(), JsValue> {
    let bytes = png(app, look, scale).await?;
    let blob = blob_of(&Uint8Array::from(bytes.as_slice()).into(), "image/png")?;
    let by_kind = Object::new();
    Reflect::set(&by_kind, &"image/png".into(), &blob)?;
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&by_kind)?;
    JsFuture::from(browser::window().navigator().clipboard().write(&Array::of1(&item))).await.map(drop)
}

/// With the layer inside, as in an SVG.
async fn png(app: App, look: Look, scale: f64) -> Result<Vec<u8>, JsValue> {
    let layer = app.layer.get_untracked();
    let file = write(&layer, &exports::order(&app.knowledge.get_untracked()));
    let url = Url::create_object_url_with_blob(&blob_of(&drawn(app, look).into(), "image/svg+xml")?)?;
    let drawn = pixels(&url, scale).await;
    Url::revoke_object_url(&url)?;
    Ok(export::with_layer(&drawn?, &file))
}

async fn pixels(url: &str, scale: f64) -> Result<Vec<u8>, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await?;
    let (wide, high) = (f64::from(image.natural_width()), f64::from(image.natural_height()));
    let scale = scale.min(MOST_PIXELS / wide.max(high).max(1.0));
    let canvas: HtmlCanvasElement = browser::document().create_element("canvas")?.unchecked_into();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most MOST_PIXELS
    let whole = |length: f64| (length * scale).round().max(1.0) as u32;
    canvas.set_width(whole(wide));
    canvas.set_height(whole(high));
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into::<CanvasRenderingContext2d>();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, wide * scale, high * scale)?;
    let made = Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = if blob.is_null() { reject.call0(&JsValue::NULL) } else { resolve.call1(&JsValue::NULL, &blob) };
        });
        let _ = canvas.to_blob(done.unchecked_ref());
    });
    let blob: Blob = JsFuture::from(made).await?.unchecked_into();
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A picture to be shown in the page, until its address is given back.
pub fn address_of(svg: &str) -> Option<String> {
    let blob = blob_of(&svg.into(), "image/svg+xml").ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

pub fn give_back(address: &str) {
    let _ = Url::revoke_object_url(address);
}

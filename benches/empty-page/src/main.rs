//! Shows one sentence with Leptos and nothing else: what the app's cold start is compared with.

use leptos::prelude::*;

fn main() {
    leptos::mount::mount_to_body(|| view! { <p>"Nothing is here."</p> });
}

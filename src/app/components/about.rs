//! What Bulkhead is, and whose work it shows.

use crate::app::dom::{El, el};

pub fn about() -> El {
    let outward = |url: &str, words: &str| {
        el("a", "").attr("href", url).attr("target", "_blank").attr("rel", "noopener noreferrer").text(words)
    };
    let version = env!("CARGO_PKG_VERSION");
    let intro = format!(
        "Bulkhead {version}: a navigator for adversary techniques against containers and Kubernetes. It runs wholly in \
         this browser: nothing you write leaves this machine unless you export it."
    );
    el("div", "prose").children([
        el("p", "").text(&intro),
        help_pages(),
        el("p", "")
            .text(
                "© 2026 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE \
                 Corporation. ATT&CK is a registered trademark of The MITRE Corporation. ",
            )
            .child(&outward("https://attack.mitre.org/resources/legal-and-branding/terms-of-use/", "Terms of use")),
        el("p", "")
            .text("Threat Matrix for Kubernetes, Microsoft, ")
            .child(&outward("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"))
            .text(", adapted: names, identifiers and relations. ")
            .child(&outward("https://microsoft.github.io/Threat-Matrix-for-Kubernetes/", "Original")),
        el("p", "").text(
            "Tiers, their reasons and the descriptions of techniques are Bulkhead's own proposal: neither MITRE nor \
             Microsoft publishes such a split.",
        ),
    ])
}

/// The pages that come with the app.
pub fn help_pages() -> El {
    let page = |path: &str, words: &str| {
        el("a", "").attr("href", path).attr("target", "_blank").attr("rel", "noopener").text(words)
    };
    el("p", "help-pages").children([
        page("help/guide.html", "User guide"),
        el("span", "").text(" · "),
        page("help/file-formats.html", "File formats"),
        el("span", "").text(" · "),
        page("help/navigator-parity.html", "Compared with the official Navigator"),
        el("span", "").text(" · "),
        page("help/changelog.html", "What changed"),
    ])
}

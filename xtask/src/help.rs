//! The guide, the file formats, what changed and how Bulkhead compares, as pages that the app has with it: `docs/` and
//! `CHANGELOG.md` in HTML, in `public/help`, from where the build takes them.

use std::{collections::BTreeMap, fs, io, path::Path};

use pulldown_cmark::{Alignment, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::tools::{self, ToolError, at};

/// What can be read, in the order of the list beside each page: where it stands, and where it goes.
const PAGES: &[(&str, &str, &str)] = &[
    ("docs/guide.md", "guide.html", "User guide"),
    ("docs/file-formats.md", "file-formats.html", "File formats"),
    ("docs/navigator-parity.md", "navigator-parity.html", "Compared with the official Navigator"),
    ("CHANGELOG.md", "changelog.html", "What changed"),
];
const CHAPTERS: &str = "docs/guide";
const IMAGES: &str = "docs/images";

/// Writes the pages of a repository; nothing where there is no guide.
pub fn write(repository: &Path) -> Result<(), ToolError> {
    if !repository.join(PAGES[0].0).is_file() {
        return Ok(());
    }
    let help = repository.join("public/help");
    tools::remove(&help)?;
    let mut pages: BTreeMap<String, String> =
        PAGES.iter().map(|(from, to, _)| ((*from).to_owned(), (*to).to_owned())).collect();
    let chapters = repository.join(CHAPTERS);
    for name in files(&chapters, "md").map_err(at(&chapters))? {
        pages.insert(format!("{CHAPTERS}/{name}"), format!("guide/{}", name.replace(".md", ".html")));
    }
    for (from, to) in &pages {
        let (from, to) = (repository.join(from), help.join(to));
        let text = fs::read_to_string(&from).map_err(at(&from))?;
        let page = page(&text, from.strip_prefix(repository).unwrap_or(&from), &pages);
        fs::create_dir_all(to.parent().unwrap_or(&help)).map_err(at(&to))?;
        fs::write(&to, page).map_err(at(&to))?;
    }
    let images = repository.join(IMAGES);
    let there = help.join("images");
    fs::create_dir_all(&there).map_err(at(&there))?;
    for name in files(&images, "png").map_err(at(&images))? {
        fs::copy(images.join(&name), there.join(&name)).map_err(at(&there))?;
    }
    Ok(())
}

/// The names of a folder's files that end so, in order.
fn files(folder: &Path, extension: &str) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|it| it == extension) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A whole page.
fn page(text: &str, from: &Path, pages: &BTreeMap<String, String>) -> String {
    let to = pages.get(&parts(from).join("/")).map(String::as_str).unwrap_or_default();
    let up = "../".repeat(to.matches('/').count());
    let mut events: Vec<Event<'_>> = led_events(text, from, &up, pages);
    let title = name_headings(&mut events).unwrap_or_default();
    let entry = |(_, page, name): &(&str, &str, &str)| {
        let here = if *page == to { " aria-current=\"page\"" } else { "" };
        format!("<li><a href=\"{up}{page}\"{here}>{name}</a></li>")
    };
    let list: String = PAGES.iter().map(entry).collect();
    let title = in_html(std::iter::once(Event::Text(CowStr::from(title))));
    let body = in_html(events.into_iter());
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title} · Bulkhead</title>\n<link rel=\"icon\" href=\"{up}../icons/icon-192.png\">\n\
         <link rel=\"stylesheet\" href=\"{up}../help.css\">\n</head>\n<body>\n\
         <nav aria-label=\"Help\"><p><a href=\"{up}../\">Bulkhead</a></p><ul>{list}</ul></nav>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn in_html<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let mut text = String::new();
    html::push_html(&mut text, events);
    text
}

/// What a text consists of, with links and pictures as they lead from its page. What is markup in it is shown as text.
fn led_events<'a>(text: &'a str, from: &Path, up: &str, pages: &BTreeMap<String, String>) -> Vec<Event<'a>> {
    let mut leads = true;
    let with_place = |event| match event {
        Event::Html(markup) | Event::InlineHtml(markup) => Some(Event::Text(markup)),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let to = led(&dest_url, from, up, pages);
            // What is in the repository alone is said, and not led to.
            leads = to.is_some();
            to.map(|to| Event::Start(Tag::Link { link_type, dest_url: CowStr::from(to), title, id }))
        }
        Event::End(TagEnd::Link) if !std::mem::replace(&mut leads, true) => None,
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let name = dest_url.rsplit('/').next().unwrap_or_default();
            let dest_url = CowStr::from(format!("{up}images/{name}"));
            Some(Event::Start(Tag::Image { link_type, dest_url, title, id }))
        }
        // An alignment would be a style within the page, which its policy forbids.
        Event::Start(Tag::Table(columns)) => Some(Event::Start(Tag::Table(vec![Alignment::None; columns.len()]))),
        other => Some(other),
    };
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).filter_map(with_place).collect()
}

/// Gives each heading the name by which it is led to; the words of the first are the page's title.
fn name_headings(events: &mut [Event<'_>]) -> Option<String> {
    let mut first = None;
    let mut heading: Option<(usize, String)> = None;
    for at in 0..events.len() {
        match &events[at] {
            Event::Start(Tag::Heading { .. }) => heading = Some((at, String::new())),
            Event::Text(words) | Event::Code(words) => {
                if let Some((_, all)) = &mut heading {
                    all.push_str(words);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let Some((start, words)) = heading.take() else { continue };
                if let Event::Start(Tag::Heading { id, .. }) = &mut events[start] {
                    *id = Some(CowStr::from(anchor(&words)));
                }
                first.get_or_insert(words);
            }
            _ => {}
        }
    }
    first
}

/// Where a link of a page leads: to another page that is there, elsewhere, or nowhere.
fn led(link: &str, from: &Path, up: &str, pages: &BTreeMap<String, String>) -> Option<String> {
    if link.starts_with('#') || link.starts_with("https://") || link.starts_with("mailto:") {
        return Some(link.to_owned());
    }
    let (path, anchor) = link.split_once('#').map_or((link, String::new()), |(path, it)| (path, format!("#{it}")));
    let mut place: Vec<String> = from.parent().into_iter().flat_map(parts).collect();
    for part in path.split('/') {
        match part {
            ".." => drop(place.pop()),
            "." => {}
            part => place.push(part.to_owned()),
        }
    }
    pages.get(&place.join("/")).map(|page| format!("{up}{page}{anchor}"))
}

fn parts(path: &Path) -> Vec<String> {
    path.iter().map(|part| part.to_string_lossy().into_owned()).collect()
}

/// As GitHub names headings, so that links within the texts lead to the same place here.
fn anchor(words: &str) -> String {
    let words = words.to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages() -> BTreeMap<String, String> {
        let pages = [
            ("docs/guide.md", "guide.html"),
            ("docs/guide/share.md", "guide/share.html"),
            ("CHANGELOG.md", "changelog.html"),
        ];
        pages.into_iter().map(|(from, to)| (from.to_owned(), to.to_owned())).collect()
    }

    #[test]
    fn links_lead_to_the_pages_that_are_there() {
        let from = Path::new("docs/guide/share.md");
        let led = |link: &str| led(link, from, "../", &pages()).unwrap_or_default();
        assert_eq!(led("../guide.md#keys"), "../guide.html#keys");
        assert_eq!(led("../../CHANGELOG.md"), "../changelog.html");
        assert_eq!(led("share.md"), "../guide/share.html");
        assert_eq!(led("../../data/README.md"), "");
        assert_eq!(led("https://attack.mitre.org/"), "https://attack.mitre.org/");
        assert_eq!(led("javascript:alert(1)"), "");
    }

    #[test]
    fn a_page_has_headings_that_can_be_led_to_and_no_markup_of_its_own() {
        let page = page(
            "# The guide & more\n\n## `Keys`, all\n\n<script>x</script>\n\n[data](../../data/README.md)\n\n![A](../images/a.png)\n\n| a | b |\n|---|---:|\n| 1 | 2 |\n",
            Path::new("docs/guide/share.md"),
            &pages(),
        );
        assert!(page.contains("<title>The guide &amp; more · Bulkhead</title>"), "{page}");
        assert!(page.contains("<h2 id=\"keys-all\">"), "{page}");
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"), "{page}");
        assert!(page.contains("<p>data</p>"), "{page}");
        assert!(page.contains("<td>2</td>"), "{page}");
        assert!(page.contains("src=\"../images/a.png\""), "{page}");
        assert!(page.contains("href=\"../../help.css\""), "{page}");
    }
}

//! A layer's report as a page that stands for itself, on the screen and on paper: no script, nothing from elsewhere, and
//! everything that the layer says only as text. What it says is `report`'s.

use super::{
    laid::Laid,
    markup::{css, escaped},
    picture::{self, Header, LegendPlace, Look},
    report::{Body, Cell, Report, Section, Swatch, Table, share},
};
use crate::layer::{Coverage, Ink, is_safe_url};
use std::fmt::Write;

/// As wide as paper is, lying, with the sizes of type that go with it.
const PICTURE: Look = Look { width: 1400.0, header: Header::NONE, legend: LegendPlace::Nowhere, ..Look::USUAL };

const STYLE: &str = include_str!("report.css");

/// `threshold`: the score from which on a technique counts as covered.
pub fn html(laid: &Laid, threshold: f64) -> String {
    let report = Report::of(laid.layer, laid.knowledge, threshold);
    let title = escaped(&report.title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
        <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n<p class=\"quiet\">{}</p>\n",
        escaped(&report.release)
    );
    if !report.description.is_empty() {
        let _ = writeln!(page, "<p class=\"lines\">{}</p>", escaped(&report.description));
    }
    let _ = write!(
        page,
        "</header>\n<main>\n<section class=\"matrix\">\n<h2>Matrix</h2>\n{}</section>\n",
        picture::inline(laid, PICTURE)
    );
    report.sections.iter().for_each(|section| write_section(&mut page, section));
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn write_section(page: &mut String, section: &Section) {
    let _ = writeln!(page, "<section>\n<h2>{}</h2>", escaped(section.title));
    if !section.intro.is_empty() {
        let _ = writeln!(page, "<p>{}</p>", escaped(&section.intro));
    }
    match &section.body {
        Body::Table(table) => write_table(page, table),
        Body::Words(words) => drop(writeln!(page, "<p>{}</p>", escaped(words))),
        Body::Legend(items) => {
            let item = |(swatch, label): &(Swatch, String)| {
                format!("<li><i style=\"background:{}\"></i>{}</li>\n", css(swatch.color), escaped(label))
            };
            let _ = writeln!(page, "<ul class=\"legend\">\n{}</ul>", items.iter().map(item).collect::<String>());
        }
    }
    page.push_str("</section>\n");
}

fn write_table(page: &mut String, table: &Table) {
    page.push_str("<table>\n<thead><tr>");
    for (name, numbers) in &table.head {
        let _ =
            write!(page, "<th scope=\"col\"{}>{}</th>", if *numbers { " class=\"number\"" } else { "" }, escaped(name));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        page.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            // What a row is about heads it.
            if at == 0 { write_head(page, cell) } else { write_cell(page, cell) }
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n");
}

fn write_head(page: &mut String, cell: &Cell) {
    let (text, class) = match cell {
        Cell::Strong(text) => (text, " class=\"all\""),
        Cell::Text(text) | Cell::Score(text, _) => (text, ""),
        Cell::Share(_) | Cell::Links(_) => return write_cell(page, cell),
    };
    let _ = write!(page, "<th scope=\"row\"{class}>{}</th>", escaped(text));
}

fn write_cell(page: &mut String, cell: &Cell) {
    let _ = match cell {
        Cell::Text(text) => write!(page, "<td class=\"lines\">{}</td>", escaped(text)),
        Cell::Strong(text) => write!(page, "<td><b>{}</b></td>", escaped(text)),
        Cell::Share(coverage) => write!(page, "<td class=\"number\">{}{}</td>", bar(*coverage), share(*coverage)),
        Cell::Score(text, None) => write!(page, "<td class=\"number\">{}</td>", escaped(text)),
        Cell::Score(text, Some(color)) => write!(
            page,
            "<td class=\"number\" style=\"background:{};color:{}\">{}</td>",
            css(*color),
            css(Ink::on(*color).rgb()),
            escaped(text)
        ),
        Cell::Links(links) => {
            let links: Vec<String> = links.iter().map(|(label, url)| link(label, url)).collect();
            write!(page, "<td>{}</td>", links.join("<br>"))
        }
    };
}

/// A bar beside the number that says the same.
fn bar(coverage: Coverage) -> String {
    let percent = coverage.percent().unwrap_or(0);
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 8\" aria-hidden=\"true\"><rect width=\"100\" height=\"8\" fill=\"#e3e7ee\"/><rect width=\"{percent}\" height=\"8\" fill=\"#3454d1\"/></svg>"
    )
}

/// An address that could do more than lead somewhere stands there as text.
fn link(label: &str, url: &str) -> String {
    if is_safe_url(url) {
        let label = if label.trim().is_empty() { url } else { label };
        return format!("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", escaped(url), escaped(label));
    }
    escaped(&format!("{label}: {url}"))
}

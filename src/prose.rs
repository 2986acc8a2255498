//! What bundles write in Markdown, as MITRE does in descriptions: blocks of pieces, with nothing of the notation left in
//! them. HTML is not taken for more than the text it is, but for `<code>`, which official descriptions have; and a backslash
//! is one, as in paths of Windows, and hides nothing: no official description means it otherwise (ATT&CK v18.1).

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::{ops::Range, rc::Rc};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub kind: BlockKind,
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    Paragraph,
    Heading,
    /// A line of a list; its text begins with a bullet or its number.
    Item,
    /// Lines as they stand.
    Code,
}

/// A text that looks the same throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub look: Look,
    /// Where it leads to, as the file says: nobody has looked yet whether that is safe.
    pub url: Option<Rc<str>>,
}

/// Of several the innermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Plain,
    Emphasis,
    Strong,
    Code,
}

/// Every text is Markdown. Images are their descriptions; nothing is fetched.
pub fn prose(text: &str) -> Vec<Block> {
    let text = with_code_spans(text);
    let mut reader = Reader { source: &text, ..Reader::default() };
    Parser::new(&text).into_offset_iter().for_each(|(event, place)| reader.take(event, place));
    reader.end_block();
    reader.blocks
}

/// The words alone, a line for each block.
pub fn plain(text: &str) -> String {
    let line = |block: Block| block.pieces.into_iter().map(|piece| piece.text).collect::<String>();
    prose(text).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[derive(Default)]
struct Reader<'a> {
    source: &'a str,
    /// Up to where the source has been said.
    said: usize,
    blocks: Vec<Block>,
    open: Option<Block>,
    looks: Vec<Look>,
    url: Option<Rc<str>>,
    /// Of each list that is open, the innermost last, the next number.
    lists: Vec<Option<u64>>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event, place: Range<usize>) {
        let hides = |at: usize| self.source.as_bytes().get(at) == Some(&b'\\');
        match event {
            Event::Text(_) if place.start > self.said && hides(place.start - 1) => self.say("\\", self.look()),
            Event::HardBreak if hides(place.start) => self.say("\\", self.look()),
            _ => {}
        }
        if !matches!(event, Event::Start(_)) {
            self.said = place.end;
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.say(&text, self.look()),
            Event::Code(text) => self.say(&text, Look::Code),
            Event::SoftBreak => self.say(" ", self.look()),
            Event::HardBreak => self.say("\n", self.look()),
            // A line across; what else there is are extensions, which aren't asked for.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            // The first paragraph of a list's line is the line.
            Tag::Paragraph if self.open.as_ref().is_some_and(|open| open.kind == BlockKind::Item) => {}
            Tag::Paragraph | Tag::HtmlBlock => self.begin(BlockKind::Paragraph),
            Tag::Heading { .. } => self.begin(BlockKind::Heading),
            Tag::CodeBlock(_) => self.begin(BlockKind::Code),
            Tag::List(first) => {
                self.end_block();
                self.lists.push(first);
            }
            Tag::Item => {
                self.begin(BlockKind::Item);
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let mark = format!("{number}. ");
                        *number = number.saturating_add(1);
                        mark
                    }
                    _ => "• ".to_owned(),
                };
                self.say(&mark, Look::Plain);
            }
            Tag::Emphasis => self.looks.push(Look::Emphasis),
            Tag::Strong => self.looks.push(Look::Strong),
            Tag::Link { dest_url, .. } => self.url = Some(Rc::from(&*dest_url)),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Item => {
                self.end_block();
            }
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::Emphasis | TagEnd::Strong => drop(self.looks.pop()),
            TagEnd::Link => self.url = None,
            _ => {}
        }
    }

    fn look(&self) -> Look {
        self.looks.last().copied().unwrap_or(Look::Plain)
    }

    fn begin(&mut self, kind: BlockKind) {
        self.end_block();
        self.open = Some(Block { kind, pieces: Vec::new() });
    }

    fn end_block(&mut self) {
        let Some(mut block) = self.open.take() else { return };
        if let Some(last) = block.pieces.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        block.pieces.retain(|piece| !piece.text.is_empty());
        if !block.pieces.is_empty() {
            self.blocks.push(block);
        }
    }

    fn say(&mut self, text: &str, look: Look) {
        let pieces = &mut self.open.get_or_insert(Block { kind: BlockKind::Paragraph, pieces: Vec::new() }).pieces;
        match pieces.last_mut() {
            Some(last) if last.look == look && last.url == self.url => last.text.push_str(text),
            _ => pieces.push(Piece { text: text.to_owned(), look, url: self.url.clone() }),
        }
    }
}

/// `<code>` in Markdown's own notation, so that nothing in it is taken for any.
fn with_code_spans(text: &str) -> String {
    let mut spans = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<code>") {
        let Some((code, then)) = after.split_once("</code>") else { break };
        spans.push_str(before);
        let code = [("\n", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
            .iter()
            .fold(code.to_owned(), |code, (entity, sign)| code.replace(entity, sign));
        let longest = code.split(|sign| sign != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        spans.extend([&fence, " ", &code, " ", &fence]);
        rest = then;
    }
    spans.push_str(rest);
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block in a line: its kind, and each piece that isn't plain in brackets with what it is.
    fn told(text: &str) -> Vec<String> {
        let piece = |piece: &Piece| {
            let text = match piece.look {
                Look::Plain => piece.text.clone(),
                look => format!("[{look:?} {}]", piece.text),
            };
            piece.url.as_ref().map_or(text.clone(), |url| format!("<{text} → {url}>"))
        };
        let block = |block: &Block| format!("{:?}: {}", block.kind, block.pieces.iter().map(piece).collect::<String>());
        prose(text).iter().map(block).collect()
    }

    #[test]
    fn what_official_descriptions_write_is_read() {
        let cases: [(&str, &[&str]); 23] = [
            ("C:\\*.exe, C:\\_a_\\\\b\\c \\d\\", &["Paragraph: C:\\*.exe, C:\\_a_\\\\b\\c \\d\\"]),
            ("a\\\nb", &["Paragraph: a\\\nb"]),
            ("\\*x\n\n* \\[y", &["Paragraph: \\*x", "Item: • \\[y"]),
            ("", &[]),
            ("One.\n\nTwo,\nand on.", &["Paragraph: One.", "Paragraph: Two, and on."]),
            (
                "Use [schtasks](https://a.example/S0111) now",
                &["Paragraph: Use <schtasks → https://a.example/S0111> now"],
            ),
            ("[a\\]b](javascript:x)", &["Paragraph: <a\\]b → javascript:x>"]),
            ("a [b] (c) [d]", &["Paragraph: a [b] (c) [d]"]),
            ("Run <code>C:\\*\\_x_ `y` &lt;z&gt;</code>.", &["Paragraph: Run [Code C:\\*\\_x_ `y` <z>]."]),
            ("Run `wmic.exe` as <DOMAIN>\\<username>", &["Paragraph: Run [Code wmic.exe] as <DOMAIN>\\<username>"]),
            ("<code>never ended", &["Paragraph: <code>never ended"]),
            ("<code></code>x", &["Paragraph: [Code   ]x"]),
            ("**Note:** *this*", &["Paragraph: [Strong Note:] [Emphasis this]"]),
            ("### Windows\nText", &["Heading: Windows", "Paragraph: Text"]),
            (
                "Such as:\n\n* One\n* [Two](https://b.example)\n",
                &["Paragraph: Such as:", "Item: • One", "Item: • <Two → https://b.example>"],
            ),
            ("3. One\n4. Two\n   - In it", &["Item: 3. One", "Item: 4. Two", "Item: • In it"]),
            ("- One\n\n  More\n\n- Two", &["Item: • One", "Paragraph: More", "Item: • Two"]),
            ("a  \nb", &["Paragraph: a\nb"]),
            ("```\na *b*\n c\n```", &["Code: a *b*\n c"]),
            ("&lt;a&gt; &amp; b", &["Paragraph: <a> & b"]),
            ("<script>alert(1)</script>", &["Paragraph: <script>alert(1)</script>"]),
            ("![what it shows](https://c.example/a.png)", &["Paragraph: what it shows"]),
            (
                "> quoted\n\n---\n\n_SERVICE_HOST and a * b",
                &["Paragraph: quoted", "Paragraph: _SERVICE_HOST and a * b"],
            ),
        ];
        for (text, blocks) in cases {
            assert_eq!(told(text), blocks, "{text:?}");
        }
    }

    #[test]
    fn our_own_descriptions_stay_as_they_are() {
        for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).unwrap() {
            let path = file.unwrap().path();
            let Ok(bytes) = std::fs::read(&path) else { continue };
            let Ok(reading) = crate::attack::read(&bytes) else { continue };
            for technique in &reading.knowledge.techniques {
                let own = technique.description.replace("\n\n", "\n");
                assert_eq!(plain(&technique.description), own, "{}", technique.id);
            }
        }
    }
}

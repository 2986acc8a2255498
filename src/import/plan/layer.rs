//! A planned layer as a layer.

use super::Planned;
use crate::layer::{Entry, Key, Layer, Mark, Marks, Metadata, PRESETS};

/// Longer lists of files are told as a number.
const MOST_SOURCES: usize = 20;

impl Planned {
    /// The layer, made of an empty one on the bundle that it was planned for.
    pub fn layer(&self, mut layer: Layer) -> Layer {
        layer.description = format!("{} {}", self.words(), self.scoring);
        layer.metadata = self.origin();
        (layer.gradient.minimum, layer.gradient.maximum) = self.ends;
        // Numbers of rules are neither good nor bad: colours that grow darker, not from red to green.
        if let Some(preset) = PRESETS.into_iter().find(|preset| self.counts && preset.word == "pale-blue") {
            layer.gradient = layer.gradient.with_preset(preset);
        }
        for technique in &self.techniques {
            for place in &technique.places {
                let key = Key { technique: technique.id.clone(), tactic: place.tactic.clone() };
                let lines = place.lines.iter().filter_map(|line| technique.lines.get(*line));
                let mark = Mark { score: Some(place.score), comment: technique.comment.clone(), ..Mark::default() };
                let mut entry = Entry::new(key);
                entry.marks = Marks::Together(mark);
                entry.metadata = lines.map(|line| Metadata::new(line.kind.one(), &line.text)).collect();
                layer.annotations.put(entry);
            }
        }
        layer
    }

    /// `38 of 141 rules, about 12 techniques.`
    pub fn words(&self) -> String {
        let of = if self.mapped == self.rules { String::new() } else { format!("{} of ", self.mapped) };
        let rules = self.counted(self.rules);
        let techniques = if self.techniques.len() == 1 {
            "1 technique".to_owned()
        } else {
            format!("{} techniques", self.techniques.len())
        };
        format!("From {of}{rules}, about {techniques}.")
    }

    /// How many rules, in the word that fits all of them.
    pub fn counted(&self, count: usize) -> String {
        let mixed = self.sources.iter().any(|(_, kind, _)| *kind != self.kind);
        match (mixed, count) {
            (true, 1) => "1 rule".to_owned(),
            (true, count) => format!("{count} rules"),
            (false, count) => self.kind.counted(count),
        }
    }

    fn origin(&self) -> Vec<Metadata> {
        if self.sources.len() > MOST_SOURCES {
            return vec![Metadata::new("Source", format!("{} files", self.sources.len()))];
        }
        let source = |(file, kind, count): &(String, super::Kind, usize)| {
            Metadata::new("Source", format!("{file}: {}", kind.counted(*count)))
        };
        self.sources.iter().map(source).collect()
    }
}

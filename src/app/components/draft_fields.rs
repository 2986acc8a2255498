//! The fields of a contribution draft, by what it proposes. What is written in them is kept as it is written.

use super::{
    annotation::labelled,
    choice_field::{Choosable, choice_field},
    control::{icon_action, is_checked},
    icon::Icon,
};
use crate::{
    app::{
        beside, browser,
        dom::{El, button, derived, el, value_of},
        state::App,
    },
    attack::{
        ActorKind, Knowledge, TacticName, TechniqueId, Tier, TierSet,
        draft::{Draft, Kind, LONGEST_TEXT, Reference},
    },
    export::actor_word,
    order,
};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// So many references are taken.
const MOST_REFERENCES: usize = 20;

/// The draft that is written, and the bundle with its own tiers.
#[derive(Clone, Copy)]
pub struct Form {
    pub app: App,
    pub draft: RwSignal<Draft>,
    pub id: StoredValue<Arc<str>>,
    pub knowledge: StoredValue<Arc<Knowledge>>,
}

const BEHAVIOUR: &str =
    "What they do, to what, and what for; what it takes. Tell the behaviour: tools may be named as examples.";

impl Form {
    /// Changes the draft, and keeps it.
    pub fn change(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(|draft| {
            change(draft);
            draft.changed = browser::timestamp();
        });
        beside::keep_draft(self.app, &self.id.get_value(), Some(self.draft.get_untracked()));
    }

    /// All of them for a kind.
    pub fn fields(self, kind: Kind) -> Vec<El> {
        let own: Vec<El> = match kind {
            Kind::Technique => vec![
                self.line("Name", "draft-name", "What adversaries do, in a few words", |it| &mut it.name),
                self.technique("Sub-technique of", "none: a technique of its own", true),
                self.tactics("Tactics"),
                self.platforms(),
                self.tiers("Tiers"),
                self.area("What adversaries do", "draft-behaviour", 6, BEHAVIOUR, |it| &mut it.behaviour),
                self.area("How it can be detected", "draft-detection", 2, "", |it| &mut it.detection),
                self.area("What would prevent it", "draft-mitigation", 2, "", |it| &mut it.mitigation),
            ],
            Kind::Procedure => vec![
                self.technique("Technique", "choose one", false),
                el("div", "two-fields").child(&self.actor()).child(&self.actor_kind()),
                self.area(
                    "What they did",
                    "draft-behaviour",
                    4,
                    "With what, against what, and what came of it",
                    |it| &mut it.behaviour,
                ),
                self.line("Where and when it was seen", "draft-seen", "Sector or environment, month and year", |it| {
                    &mut it.seen
                }),
            ],
            Kind::Placement => vec![
                self.technique("Technique", "choose one", false),
                self.tactics("Tactics proposed"),
                self.platforms(),
                self.area("Why", "draft-behaviour", 5, "What adversaries achieve by it there", |it| &mut it.behaviour),
            ],
            Kind::Tier => vec![
                self.technique("Technique", "choose one", false),
                self.tiers("Tiers proposed"),
                self.area(
                    "Why",
                    "draft-behaviour",
                    5,
                    "Where it acts, and where it is best controlled and seen",
                    |it| &mut it.behaviour,
                ),
            ],
        };
        let evidence = [
            self.in_the_wild(),
            self.references(),
            self.area(
                "How you know, where it is not published",
                "draft-visibility",
                2,
                "Own incident response, telemetry, honeypots …",
                |it| &mut it.visibility,
            ),
            self.line("Contributor", "draft-contributor", "The name to be credited", |it| &mut it.contributor),
        ];
        own.into_iter().chain(evidence).collect()
    }

    /// A line of text. What is typed is not written back while it is typed.
    fn line(self, label: &str, field: &str, placeholder: &str, place: fn(&mut Draft) -> &mut String) -> El {
        labelled(label, &self.text_input(field, placeholder, place))
    }

    fn text_input(self, field: &str, placeholder: &str, place: fn(&mut Draft) -> &mut String) -> El {
        let first = place(&mut self.draft.get_untracked()).clone();
        el("input", "")
            .attr("type", "text")
            .attr("data-field", field)
            .attr("placeholder", placeholder)
            .attr("autocomplete", "off")
            .attr("maxlength", "300")
            .attr("value", &first)
            .on("input", move |event| {
                let text = value_of(&event);
                self.change(|draft| *place(draft) = text);
            })
    }

    fn area(self, label: &str, field: &str, rows: u32, placeholder: &str, place: fn(&mut Draft) -> &mut String) -> El {
        let first = place(&mut self.draft.get_untracked()).clone();
        let area = el("textarea", "")
            .attr("rows", &rows.to_string())
            .attr("data-field", field)
            .attr("placeholder", placeholder)
            .attr("maxlength", &LONGEST_TEXT.to_string())
            .text(&first)
            .on("input", move |event| {
                let text = value_of(&event);
                self.change(|draft| *place(draft) = text);
            });
        labelled(label, &area)
    }

    /// The technique that it is about; of a new one, those that may have sub-techniques.
    fn technique(self, label: &str, none: &str, only_tops: bool) -> El {
        let mut options: Vec<Choosable> = vec![(String::new(), none.to_owned())];
        self.knowledge.with_value(|knowledge| {
            let all = knowledge.techniques.iter().filter(|technique| !only_tops || technique.parent.is_none());
            options.extend(all.map(|it| (it.id.to_string(), format!("{} {}", it.id, it.name))));
        });
        let chosen =
            move || self.draft.with(|draft| draft.technique.as_ref().map(ToString::to_string).unwrap_or_default());
        choice_field(label, "draft-technique", &options, chosen, move |value| {
            let id = TechniqueId::parse(&value).ok();
            let begun = self.knowledge.with_value(|knowledge| {
                Draft::begin(self.draft.with_untracked(|draft| draft.kind), knowledge, id.as_ref())
            });
            self.change(|draft| {
                draft.technique = id;
                // What the bundle says of it is where a change of it begins.
                if draft.kind != Kind::Technique {
                    (draft.tactics, draft.platforms) = (begun.tactics, begun.platforms);
                    (draft.tiers, draft.primary) = (begun.tiers, begun.primary);
                }
            });
        })
    }

    fn tactics(self, label: &str) -> El {
        let all: Vec<(TacticName, String)> = self.knowledge.with_value(|knowledge| {
            knowledge.tactics.iter().map(|it| (it.short_name.clone(), it.name.clone())).collect()
        });
        let boxes = all.into_iter().map(|(short, name)| {
            let (own, value) = (short.clone(), short.to_string());
            let input = el("input", "")
                .attr("type", "checkbox")
                .attr("data-field", "draft-tactic")
                .attr("value", &value)
                .kept(move |element| {
                    let checked = self.draft.with(|draft| draft.tactics.contains(&own));
                    element.unchecked_ref::<HtmlInputElement>().set_checked(checked);
                })
                .on("change", move |_| {
                    let short = short.clone();
                    self.change(|draft| match draft.tactics.iter().position(|it| *it == short) {
                        Some(at) => drop(draft.tactics.remove(at)),
                        None => draft.tactics.push(short),
                    });
                });
            el("label", "check").child(&input).child(&el("span", "").text(&name))
        });
        let legend = el("legend", "field-name").text(label);
        el("fieldset", "field draft-tactics").child(&legend).child(&el("div", "draft-boxes").children(boxes))
    }

    fn platforms(self) -> El {
        let text = |draft: &Draft| draft.platforms.join(", ");
        let input = el("input", "")
            .attr("type", "text")
            .attr("data-field", "draft-platforms")
            .attr("placeholder", "Containers, IaaS")
            .attr("autocomplete", "off")
            .attr("maxlength", "300")
            .kept(move |element| {
                let input: &HtmlInputElement = element.unchecked_ref();
                let wanted = self.draft.with(|draft| draft.platforms.clone());
                if split(&input.value()) != wanted {
                    input.set_value(&self.draft.with_untracked(text));
                }
            })
            .on("input", move |event| {
                let platforms = split(&value_of(&event));
                self.change(|draft| draft.platforms = platforms);
            });
        labelled("Platforms, with commas between", &input)
    }

    fn tiers(self, label: &str) -> El {
        let (o, c) = (Tier::Orchestration, Tier::Container);
        let all = [
            ("", "not said", None),
            ("orchestration", "orchestration", Some((TierSet::One(o), o))),
            ("container", "container", Some((TierSet::One(c), c))),
            ("orchestration-first", "both, orchestration first", Some((TierSet::Both, o))),
            ("container-first", "both, container first", Some((TierSet::Both, c))),
        ];
        let options: Vec<Choosable> = all.iter().map(|(value, words, _)| ((*value).into(), (*words).into())).collect();
        let chosen = move || {
            let now = self.draft.with(Draft::assigned);
            all.iter().find(|(.., tiers)| *tiers == now).map_or("", |(value, ..)| value).to_owned()
        };
        choice_field(label, "draft-tiers", &options, chosen, move |value| {
            let tiers = all.iter().find(|(word, ..)| *word == value).and_then(|(.., tiers)| *tiers);
            self.change(|draft| {
                draft.tiers = tiers.map(|(tiers, _)| tiers);
                draft.primary = tiers.map(|(_, primary)| primary);
            });
        })
    }

    /// The bundle's actors are offered, and any other name is taken.
    fn actor(self) -> El {
        let mut names: Vec<(String, ActorKind)> = self
            .knowledge
            .with_value(|knowledge| knowledge.actors.iter().map(|it| (it.name.clone(), it.kind)).collect());
        order::sort_by(&mut names, |a, b| a.0.cmp(&b.0));
        let offered = names.iter().map(|(name, _)| el("option", "").attr("value", name));
        let list = el("datalist", "").attr("id", "draft-actors").children(offered);
        let input = self
            .text_input("draft-actor", "Group, campaign or software", |it| &mut it.actor)
            .attr("list", "draft-actors")
            // Of one that the bundle knows, it is known what it is.
            .on("change", move |event| {
                let name = value_of(&event);
                let kind =
                    names.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())).map(|(_, kind)| *kind);
                if kind.is_some() {
                    self.change(|draft| draft.actor_kind = kind);
                }
            });
        labelled("Who", &input).child(&list)
    }

    fn actor_kind(self) -> El {
        let all = [ActorKind::Group, ActorKind::Software, ActorKind::Campaign];
        let word = actor_word;
        let mut options: Vec<Choosable> = vec![(String::new(), "choose one".to_owned())];
        options.extend(all.iter().map(|kind| (word(*kind).to_owned(), word(*kind).to_owned())));
        let chosen = move || self.draft.with(|draft| draft.actor_kind.map(word).unwrap_or_default().to_owned());
        choice_field("That is a", "draft-actor-kind", &options, chosen, move |value| {
            self.change(|draft| draft.actor_kind = all.into_iter().find(|kind| word(*kind) == value));
        })
    }

    fn in_the_wild(self) -> El {
        let input = el("input", "")
            .attr("type", "checkbox")
            .attr("data-field", "draft-in-the-wild")
            .kept(move |element| {
                let checked = self.draft.with(|draft| draft.in_the_wild);
                element.unchecked_ref::<HtmlInputElement>().set_checked(checked);
            })
            .on("change", move |event| {
                let checked = is_checked(&event);
                self.change(|draft| draft.in_the_wild = checked);
            });
        let words = "Adversaries were seen doing this; it is not only research or a test";
        el("label", "check").child(&input).child(&el("span", "").text(words))
    }

    fn references(self) -> El {
        let count = derived(move || self.draft.with(|draft| draft.references.len()));
        let rows = el("div", "draft-references").holds(move || {
            let rows = (0..count.get()).map(|at| self.reference(at));
            rows.collect()
        });
        let add = button("button small")
            .attr("data-action", "add-reference")
            .has("disabled", move || (count.get() >= MOST_REFERENCES).then(String::new))
            .text("Add a reference")
            .on_click(move || {
                self.change(|draft| draft.references.push(Reference::default()));
                browser::focus_soon(".draft-reference:last-child [data-field='draft-reference']");
            });
        let legend = el("legend", "field-name").text("References that anybody can read");
        el("fieldset", "field").child(&legend).child(&rows).child(&add)
    }

    fn reference(self, at: usize) -> El {
        let first = self.draft.with_untracked(|draft| draft.references.get(at).cloned()).unwrap_or_default();
        let input =
            |field: &str, label: &str, placeholder: &str, value: &str, place: fn(&mut Reference) -> &mut String| {
                el("input", "")
                    .attr("type", "text")
                    .attr("data-field", field)
                    .attr("aria-label", label)
                    .attr("placeholder", placeholder)
                    .attr("autocomplete", "off")
                    .attr("maxlength", "2000")
                    .attr("value", value)
                    .on("input", move |event| {
                        let text = value_of(&event);
                        self.change(|draft| {
                            if let Some(reference) = draft.references.get_mut(at) {
                                *place(reference) = text;
                            }
                        });
                    })
            };
        let title =
            input("draft-reference", "Author, title and date", "Author. Title. Date", &first.title, |it| &mut it.title);
        let url = input("draft-url", "Address", "https://…", &first.url, |it| &mut it.url);
        let remove = icon_action("icon-button small", "Remove this reference", Icon::Close, move || {
            self.change(|draft| {
                if at < draft.references.len() {
                    draft.references.remove(at);
                }
            });
        });
        el("div", "draft-reference").children([title, url, remove])
    }
}

fn split(text: &str) -> Vec<String> {
    text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

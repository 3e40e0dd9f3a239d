//! Changing an incident's fields. What was said is corrected where it was said.

use std::{collections::BTreeMap, rc::Rc};

use notice::{
    project::view::IncidentView,
    wire::{
        ids::Slug,
        language::Language,
        words::{Impact, InApp, Kind, Undeclared},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use crate::{
    api::Failure,
    clock,
    desk::Desk,
    draft::use_draft,
    form::{Words, filled, lines},
    input::{self, Choice, Field},
    route::{Route, Task},
    submit::{self, Sending, Target},
    view::{
        self, audience,
        conflict::{Difference, conflict},
        incident::{Props, use_incident},
        written,
    },
    words,
};

/// An incident's fields as they are typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Fields {
    title: String,
    impact: Impact,
    advice: String,
    works: String,
    broken: String,
    in_app: InApp,
    hold: bool,
    segments: Vec<Slug>,
    paths: String,
    undeclared: Option<Undeclared>,
    publish_at: String,
    scheduled_for: String,
    scheduled_until: String,
    announce_from: String,
    announce_until: String,
    text: BTreeMap<Language, Words>,
}

/// The fields as they were read, and as they are to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Form {
    etag: Option<String>,
    stood: Fields,
    fields: Fields,
}

impl Fields {
    fn of(incident: &IncidentView) -> Self {
        let at =
            |at: Option<notice::wire::time::Timestamp>| at.map(clock::to_input).unwrap_or_default();
        let audience = incident.audience.clone().unwrap_or_default();
        let text = incident.text.iter().map(|(language, text)| {
            let words = Words {
                title: text.title.clone().unwrap_or_default(),
                advice: text.advice.clone().unwrap_or_default(),
                works: text.works.clone().unwrap_or_default().join("\n"),
                broken: text.broken.clone().unwrap_or_default().join("\n"),
                ..Words::default()
            };
            (language.clone(), words)
        });
        Self {
            title: incident.title.clone(),
            impact: incident.impact,
            advice: incident.advice.clone().unwrap_or_default(),
            works: incident.works.join("\n"),
            broken: incident.broken.join("\n"),
            in_app: incident.in_app,
            hold: incident.hold,
            segments: audience.segments,
            paths: audience.paths.join("\n"),
            undeclared: audience.undeclared,
            publish_at: at(incident.publish_at),
            scheduled_for: at(incident.scheduled_for),
            scheduled_until: at(incident.scheduled_until),
            announce_from: at(incident.announce_from),
            announce_until: at(incident.announce_until),
            text: text.collect(),
        }
    }

    /// Every field as the API has it, with its label.
    fn values(&self) -> Vec<(&'static str, &'static str, Value)> {
        let at = |text: &str| json!(clock::from_input(text));
        let text: BTreeMap<&Language, Value> = self
            .text
            .iter()
            .map(|(language, words)| {
                let list = |text: &str| Some(lines(text)).filter(|list| !list.is_empty());
                let value = json!({
                    "title": filled(&words.title), "advice": filled(&words.advice),
                    "works": list(&words.works), "broken": list(&words.broken),
                });
                (language, value)
            })
            .collect();
        let audience = json!({
            "segments": self.segments, "paths": lines(&self.paths), "undeclared": self.undeclared,
        });
        vec![
            ("title", "Title", json!(self.title.trim())),
            ("impact", "How bad it is", json!(self.impact)),
            ("advice", "What to do now", json!(filled(&self.advice))),
            ("works", "What works", json!(lines(&self.works))),
            ("broken", "What does not", json!(lines(&self.broken))),
            ("in_app", "How loud", json!(self.in_app)),
            ("hold", "Work is being lost", json!(self.hold)),
            ("audience", "Who sees it", audience),
            ("publish_at", "Publish at", at(&self.publish_at)),
            ("scheduled_for", "Begins", at(&self.scheduled_for)),
            ("scheduled_until", "Ends", at(&self.scheduled_until)),
            (
                "announce_from",
                "Users hear of it from",
                at(&self.announce_from),
            ),
            ("announce_until", "Until", at(&self.announce_until)),
            ("text", "Translations", json!(text)),
        ]
    }

    /// The merge patch that makes one of the other.
    fn patch(&self, stood: &Self) -> Value {
        let before = stood.values();
        let changed = self
            .values()
            .into_iter()
            .zip(before)
            .filter(|((.., now), (.., before))| now != before)
            .map(|((name, _, now), _)| (name.to_owned(), now));
        Value::Object(changed.collect::<Map<_, _>>())
    }
}

/// A value for a person to compare.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// The view, once the incident is there with its entity tag.
#[component]
pub fn Edit(props: &Props) -> Html {
    match use_incident(&props.desk, &props.id) {
        Ok((incident, Some(etag))) => {
            html! { <Changing desk={props.desk.clone()} incident={Rc::new(incident)} {etag} /> }
        }
        Ok((_, None)) => html! {
            <main class="column" aria-busy="true"><p role="status" class="soft">{ "Reading …" }</p></main>
        },
        Err(shown) => shown,
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct ChangingProps {
    desk: Desk,
    incident: Rc<IncidentView>,
    etag: String,
}

#[component]
fn Changing(props: &ChangingProps) -> Html {
    let ChangingProps {
        desk,
        incident,
        etag,
    } = props;
    let draft = use_draft(desk.slug(), &format!("edit:{}", incident.id), || Form {
        etag: Some(etag.clone()),
        stood: Fields::of(incident),
        fields: Fields::of(incident),
    });
    let sending = use_state(|| Sending::Idle);
    let theirs = use_state(|| None::<(Fields, String)>);
    let form = draft.value();
    let id = incident.id.clone();
    let back = desk.href(&Route::Incident(id.clone(), Task::Read));

    // What stands now, when what was read does not.
    if *sending == Sending::Failed(Failure::Conflict) && theirs.is_none() {
        let (theirs, session, id) = (theirs.clone(), Rc::clone(&desk.session), id.clone());
        spawn_local(async move {
            if let Ok((now, Some(etag))) = session
                .get::<IncidentView>(&format!("/incidents/{id}"))
                .await
            {
                theirs.set(Some((Fields::of(&now), etag)));
            }
        });
    }
    let save = {
        let (desk, draft, sending, id) = (desk.clone(), draft.clone(), sending.clone(), id.clone());
        let etag = form.etag.clone();
        Callback::from(move |()| {
            let then = desk.clone();
            let to = id.clone();
            let done = Callback::from(move |_| {
                then.say.emit("Changed.".to_owned());
                then.go(&Route::Incident(to.clone(), Task::Read));
            });
            let build = |form: &Form| Ok(form.fields.patch(&form.stood).to_string());
            submit::submit(
                &desk,
                &draft,
                &sending,
                Target::patch(format!("/incidents/{id}"), etag.clone()),
                build,
                done,
            );
        })
    };
    let both = theirs.as_ref().map(|(now, etag)| {
        let mine = {
            let (draft, sending, theirs) = (draft.clone(), sending.clone(), theirs.clone());
            let (now, etag) = (now.clone(), etag.clone());
            Callback::from(move |()| {
                draft.edit(|form| {
                    // What only they changed stays theirs.
                    form.fields = merged(&form.stood, &form.fields, &now);
                    form.stood = now.clone();
                    form.etag = Some(etag.clone());
                });
                draft.begin_anew();
                theirs.set(None);
                sending.set(Sending::Idle);
            })
        };
        let take = {
            let (draft, sending, theirs) = (draft.clone(), sending.clone(), theirs.clone());
            let (now, etag) = (now.clone(), etag.clone());
            Callback::from(move |()| {
                draft.edit(|form| {
                    *form = Form {
                        etag: Some(etag.clone()),
                        stood: now.clone(),
                        fields: now.clone(),
                    };
                });
                draft.begin_anew();
                theirs.set(None);
                sending.set(Sending::Idle);
            })
        };
        conflict(&differences(&form, now), mine, take)
    });
    html! {
        <main class="column">
            { view::heading("Change", Some(&incident.title)) }
            { view::failure(&sending, POINTERS) }
            { for both }
            { fields(desk, incident, &form.fields, &sending, &draft) }
            { view::bar(Some((back, "Cancel")), view::primary("Save", sending.is_busy(), save)) }
        </main>
    }
}

const POINTERS: &[&str] = &[
    "/title",
    "/advice",
    "/works",
    "/broken",
    "/audience",
    "/publish_at",
    "/scheduled_for",
    "/scheduled_until",
    "/announce_from",
    "/announce_until",
    "/text",
];

fn differences(form: &Form, now: &Fields) -> Vec<Difference> {
    let mine = form.fields.values();
    let stood = form.stood.values();
    let theirs = now.values();
    mine.into_iter()
        .zip(theirs)
        .zip(stood)
        .filter(|(((.., mine), (.., theirs)), (.., stood))| {
            mine != theirs && (mine != stood || theirs != stood)
        })
        .map(|(((_, label, mine), (.., theirs)), _)| Difference {
            label: label.to_owned(),
            theirs: shown(&theirs),
            mine: shown(&mine),
        })
        .collect()
}

/// Mine, where I changed something; theirs elsewhere.
fn merged(stood: &Fields, mine: &Fields, theirs: &Fields) -> Fields {
    fn pick<T: PartialEq + Clone>(stood: &T, mine: &T, theirs: &T) -> T {
        if mine == stood {
            theirs.clone()
        } else {
            mine.clone()
        }
    }
    Fields {
        title: pick(&stood.title, &mine.title, &theirs.title),
        impact: pick(&stood.impact, &mine.impact, &theirs.impact),
        advice: pick(&stood.advice, &mine.advice, &theirs.advice),
        works: pick(&stood.works, &mine.works, &theirs.works),
        broken: pick(&stood.broken, &mine.broken, &theirs.broken),
        in_app: pick(&stood.in_app, &mine.in_app, &theirs.in_app),
        hold: pick(&stood.hold, &mine.hold, &theirs.hold),
        segments: pick(&stood.segments, &mine.segments, &theirs.segments),
        paths: pick(&stood.paths, &mine.paths, &theirs.paths),
        undeclared: pick(&stood.undeclared, &mine.undeclared, &theirs.undeclared),
        publish_at: pick(&stood.publish_at, &mine.publish_at, &theirs.publish_at),
        scheduled_for: pick(
            &stood.scheduled_for,
            &mine.scheduled_for,
            &theirs.scheduled_for,
        ),
        scheduled_until: pick(
            &stood.scheduled_until,
            &mine.scheduled_until,
            &theirs.scheduled_until,
        ),
        announce_from: pick(
            &stood.announce_from,
            &mine.announce_from,
            &theirs.announce_from,
        ),
        announce_until: pick(
            &stood.announce_until,
            &mine.announce_until,
            &theirs.announce_until,
        ),
        text: pick(&stood.text, &mine.text, &theirs.text),
    }
}

fn fields(
    desk: &Desk,
    incident: &IncidentView,
    fields: &Fields,
    sending: &Sending,
    draft: &crate::draft::Draft<Form>,
) -> Html {
    let error = |pointer: &str| sending.error(pointer);
    let moment = |id: &'static str,
                  label: &'static str,
                  pointer: &str,
                  value: &str,
                  change: fn(&mut Fields, String)| {
        input::line(
            &Field::new(id, label).error(error(pointer)),
            "datetime-local",
            value,
            draft.on(move |form: &mut Form, at| change(&mut form.fields, at)),
        )
    };
    let impacts = [Impact::Critical, Impact::Major, Impact::Minor, Impact::None]
        .into_iter()
        .map(|impact| Choice {
            tone: words::impact_tone(impact),
            ..Choice::new(impact, words::impact(impact))
        })
        .collect();
    let loud = [InApp::Bar, InApp::Pill, InApp::Off]
        .into_iter()
        .map(|in_app| Choice::new(in_app, words::in_app(in_app)))
        .collect();
    let said = audience::Said {
        segments: &fields.segments,
        paths: &fields.paths,
        undeclared: fields.undeclared,
    };
    let on = audience::On {
        segment: draft
            .on(|form: &mut Form, segment| audience::toggle(&mut form.fields.segments, segment)),
        paths: draft.on(|form: &mut Form, text| form.fields.paths = text),
        undeclared: draft.on(|form: &mut Form, undeclared| form.fields.undeclared = undeclared),
    };
    let over = !incident.is_open();
    html! {
        <>
            { input::line(&Field::new("title", "Title").error(error("/title")), "text", &fields.title, draft.on(|form: &mut Form, text| form.fields.title = text)) }
            if incident.kind == Kind::Incident && !over {
                { input::choice(&Field::new("impact", "How bad it is"), Some(&fields.impact), impacts, &draft.on(|form: &mut Form, impact| form.fields.impact = impact)) }
            }
            if incident.kind == Kind::Maintenance && incident.status == notice::wire::words::Status::Scheduled {
                { moment("scheduled-for", "Begins", "/scheduled_for", &fields.scheduled_for, |fields, at| fields.scheduled_for = at) }
                { moment("scheduled-until", "Ends", "/scheduled_until", &fields.scheduled_until, |fields, at| fields.scheduled_until = at) }
            }
            if incident.kind != Kind::Incident && !over {
                { moment("announce-from", "Users hear of it from", "/announce_from", &fields.announce_from, |fields, at| fields.announce_from = at) }
            }
            if incident.kind == Kind::Announcement && !over {
                { moment("announce-until", "Until", "/announce_until", &fields.announce_until, |fields, at| fields.announce_until = at) }
            }
            if incident.draft {
                { moment("publish-at", "Publish by itself at", "/publish_at", &fields.publish_at, |fields, at| fields.publish_at = at) }
            }
            if !over {
                { input::text(&Field::new("advice", "What should they do now?").error(error("/advice")), 2, &fields.advice, draft.on(|form: &mut Form, text| form.fields.advice = text)) }
                <div class="pair">
                    { input::text(&Field::new("works", "What works").hint("A line each.").error(error("/works")), 3, &fields.works, draft.on(|form: &mut Form, text| form.fields.works = text)) }
                    { input::text(&Field::new("broken", "What does not").hint("A line each.").error(error("/broken")), 3, &fields.broken, draft.on(|form: &mut Form, text| form.fields.broken = text)) }
                </div>
            }
            { audience::audience(&desk.facts.site, said, error("/audience"), &on) }
            { input::choice(&Field::new("in-app", "How loud"), Some(&fields.in_app), loud, &draft.on(|form: &mut Form, in_app| form.fields.in_app = in_app)) }
            if !over {
                { input::check(&Field::new("hold", "Work is being lost").hint("The card can be made small, but not hidden."), fields.hold, draft.on(|form: &mut Form, on| form.fields.hold = on)) }
            }
            { written::translations(&desk.facts.site.languages, &fields.text, written::Extent::Fields, sending,
                &draft.on(|form: &mut Form, (language, part, text): written::Change| *part(form.fields.text.entry(language).or_default()) = text)) }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::shown;
    use serde_json::json;

    #[test]
    fn values_are_shown_for_people() {
        assert_eq!(shown(&json!(["one", "two"])), "one\ntwo");
        assert_eq!(shown(&json!(null)), "");
    }
}

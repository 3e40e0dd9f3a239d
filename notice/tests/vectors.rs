//! Runs the tables that `notice` shares with the loader against `notice`. See `vectors/README.md`.
#![cfg(feature = "server")]
#![cfg(test)]

mod table;

use notice::{
    browser::{
        audience::{self, PageContext},
        polling::{Event, Polling, Step},
        showing::{self, Memory},
        view::View,
    },
    project::language::lookup,
    wire::{
        feed::FeedAudience,
        language::{Language, LanguageTag},
    },
};
use serde_json::{Value, json};
use table::{moment, moments, notice, page, read, rows, strings};

fn view_name(view: View) -> &'static str {
    match view {
        View::Card => "card",
        View::Pill => "pill",
        View::Nothing => "nothing",
    }
}

#[test]
fn audience_matching_agrees_with_the_table() {
    for row in rows(include_str!("../vectors/audience.json")) {
        let mut fields = row["audience"].clone();
        if let Some(segments) = strings(&fields["segments"]) {
            fields["segments"] = segments
                .iter()
                .map(|slug| json!({ "slug": slug, "label": slug }))
                .collect();
        } else if let Some(fields) = fields.as_object_mut() {
            fields.remove("segments");
        }
        let audience: FeedAudience = read(fields);
        let matches = audience::matches(&audience, &page(&row["page"]));
        assert_eq!(matches, row["matches"] == true, "{}", row["name"]);
    }
}

#[test]
fn languages_agree_with_the_table() {
    for row in rows(include_str!("../vectors/languages.json")) {
        let site: Vec<Language> = read(row["site"].clone());
        let tag = LanguageTag::parse(row["tag"].as_str().expect("the tag is a string"));
        let found = tag.and_then(|tag| lookup(&tag, &site));
        let found = found.or(site.first()).map(Language::as_str);
        assert_eq!(found, row["language"].as_str(), "{row}");
    }
}

#[test]
fn hiding_agrees_with_the_table() {
    for row in rows(include_str!("../vectors/hiding.json")) {
        let hidden_at = read::<Option<u32>>(row["hidden_at"].clone());
        let memory = Memory {
            hidden_at,
            back_hidden_at: None,
            seen: false,
            visits: &[],
        };
        let view = showing::view(&notice(&row["notice"]), &page(&row["page"]), memory, 0);
        assert_eq!(view_name(view), row["sees"], "{}", row["name"]);
    }
}

#[test]
fn all_clear_view_agrees_with_the_table() {
    for row in rows(include_str!("../vectors/all_clear.json")) {
        let notice = notice(&json!({
            "kind": "restored", "status": "resolved", "in_app": "bar",
            "impact": row["impact"], "attention": row["attention"], "restored": row["restored"],
        }));
        let visits = moments(&row["visits"]);
        let memory = Memory {
            hidden_at: read(row["hidden_at"].clone()),
            back_hidden_at: None,
            seen: row["witness"] == true,
            visits: &visits,
        };
        let view = showing::view(
            &notice,
            &PageContext::default(),
            memory,
            moment(&row["now"]),
        );
        assert_eq!(view_name(view), row["sees"], "{}", row["name"]);
    }
}

#[test]
fn partial_all_clear_view_agrees_with_the_table() {
    for row in rows(include_str!("../vectors/partial_all_clear.json")) {
        let visits = moments(&row["visits"]);
        let memory = Memory {
            hidden_at: read(row["hidden_at"].clone()),
            back_hidden_at: read(row["back_hidden_at"].clone()),
            seen: row["witness"] == true,
            visits: &visits,
        };
        let notice = notice(&row["notice"]);
        let view = showing::view(&notice, &page(&row["page"]), memory, moment(&row["now"]));
        assert_eq!(view_name(view), row["sees"], "{}", row["name"]);
    }
}

#[test]
fn polling_agrees_with_the_table() {
    for row in rows(include_str!("../vectors/polling.json")) {
        let name = &row["name"];
        let number = |value: &Value| read::<u32>(value.clone());
        let mut polling = Polling::resume(number(&row["origins"]), 0, 0, 0.0);
        let (mut now, mut origin, mut milliseconds) = (0.0, 0, 0);
        for step in row["steps"].as_array().expect("steps are an array") {
            let event = match step {
                step if !step["answered"].is_null() => Event::Answered {
                    poll_after_s: number(&step["answered"]),
                },
                step if !step["failed"].is_null() => Event::Failed {
                    retry_after_s: number(&step["failed"]),
                },
                step => Event::Polled {
                    origin: number(&step["other_origin"]),
                    failures: number(&step["failures"]),
                    seconds: number(if step["other_answered"].is_null() {
                        &step["other_failed"]
                    } else {
                        &step["other_answered"]
                    }),
                },
            };
            // Answers of other tabs arrive while this tab waits; its own responses only after a request.
            if !matches!(event, Event::Polled { .. }) {
                now += f64::from(milliseconds);
                let request = polling.on(Event::Timer, now, 0.0);
                assert_eq!(request, Step::Ask { origin }, "{name}: {step}");
            }
            let random = read::<f64>(step["random"].clone());
            let planned = polling.on(event, now, random);
            milliseconds = match planned {
                Step::Wait { milliseconds } => milliseconds,
                Step::Ask { .. } => 0,
                Step::Rest => panic!("{name}: nothing is planned"),
            };
            origin = number(&step["origin"]);
            assert_eq!(milliseconds, number(&step["wait_ms"]), "{name}: {step}");
            assert_eq!(
                polling.failures(),
                number(&step["failures"]),
                "{name}: {step}"
            );
            if let Step::Ask { origin: requested } = planned {
                // The request is already in flight; the next step is its response.
                assert_eq!(requested, origin, "{name}: {step}");
                polling = Polling::resume(number(&row["origins"]), origin, polling.failures(), now);
            }
        }
    }
}

#[test]
fn polling_stops_while_hidden_and_resumes_when_visible() {
    let minute = 60_000.0;
    let mut polling = Polling::resume(1, 0, 0, 0.0);
    let wait = |milliseconds| Step::Wait { milliseconds };
    let ask = Step::Ask { origin: 0 };
    for (event, now, expected) in [
        (Event::Timer, 0.0, ask),
        (Event::Timer, 1.0, Step::Rest), // A request is in flight.
        (Event::Visible, 2.0, Step::Rest),
        (Event::Answered { poll_after_s: 10 }, 100.0, wait(11_000)),
        (Event::Answered { poll_after_s: 1 }, 101.0, wait(10_999)), // A duplicate response.
        (Event::Failed { retry_after_s: 0 }, 102.0, wait(10_998)),
        (Event::Hidden, 5_000.0, Step::Rest),
        (Event::Timer, 20_000.0, Step::Rest),
        (Event::Online, 20_000.0, Step::Rest),
        // A short delay, in which another tab may share an answer.
        (Event::Visible, minute - 1_000.0, wait(1_000)),
        (Event::Timer, minute, ask),
        (Event::Answered { poll_after_s: 10 }, minute, wait(11_000)),
        (Event::Hidden, minute + 1.0, Step::Rest),
        (Event::Visible, minute + 2.0, wait(9_998)), // Not before the server's pause has passed.
        (Event::Refresh, minute + 3.0, ask),
        (
            Event::Failed { retry_after_s: 60 },
            minute + 4.0,
            wait(75_000),
        ),
        (Event::Online, minute + 4.0, wait(60_000)), // Without backoff, but not before Retry-After.
        (Event::Refresh, minute + 5.0, wait(59_999)),
        (Event::Timer, 2.0 * minute + 4.0, ask),
        (Event::Hidden, 2.0 * minute + 5.0, Step::Rest),
        (
            Event::Answered { poll_after_s: 10 },
            2.0 * minute + 6.0,
            Step::Rest,
        ),
    ] {
        assert_eq!(polling.on(event, now, 0.5), expected, "{event:?} at {now}");
    }
}

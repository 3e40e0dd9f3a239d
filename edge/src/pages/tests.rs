//! Pages as strings: what they must say, and what must never stand in them.

use ::notice::{
    decide::{Command, decide},
    merge::MergePatch,
    state::State,
    wire::{ids::IncidentId, incident::Incident, language::Language, time::Timestamp},
};
use serde_json::{Value as Json, json};

use super::{
    Context, card,
    clock::{Clock, Shape},
    history::{self, Month},
    incident,
    layout::Theme,
    status,
    words::Words,
};

/// 2026-11-21T08:00:00Z
const NOW: i64 = 1_795_248_000;

struct Site {
    state: State,
    now: i64,
    said: u32,
}

struct Utc;

impl Clock for Utc {
    fn say(&self, at: Timestamp, shape: Shape) -> String {
        shape.in_utc(at)
    }
}

fn incident_id(number: u32) -> IncidentId {
    serde_json::from_value(json!(format!("inc_{number}"))).unwrap()
}

fn at(seconds: i64) -> String {
    Timestamp::from_seconds(seconds).to_string()
}

impl Site {
    fn new() -> Self {
        let mut site = Self {
            state: State::default(),
            now: NOW,
            said: 0,
        };
        let input = json!({ "slug": "acme", "name": "Acme <b>SMS</b>", "time_zone": "Australia/Sydney",
                            "languages": ["en", "de", "ar"], "segments": [{ "slug": "eu", "label": "European customers" }] });
        site.run(Command::CreateSite {
            input: serde_json::from_value(input).unwrap(),
        });
        let input = json!({ "name": "Sending", "group": "Messaging" });
        site.run(Command::CreateComponent {
            id: serde_json::from_value(json!("cmp_1")).unwrap(),
            input: serde_json::from_value(input).unwrap(),
        });
        site
    }

    fn run(&mut self, command: Command) {
        let now = Timestamp::from_seconds(self.now);
        for event in decide(&self.state, command, now).unwrap() {
            self.state.apply(&event, now);
        }
    }

    fn publish(&mut self, number: u32, fields: Json) {
        let mut body = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b" });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.run(Command::CreateIncident {
            id: serde_json::from_value(json!(format!("inc_{number}"))).unwrap(),
            update: serde_json::from_value(json!(format!("upd_{number}"))).unwrap(),
            input: serde_json::from_value(body).unwrap(),
        });
    }

    fn update(&mut self, number: u32, body: Json) {
        self.said += 1;
        self.run(Command::PostUpdate {
            incident: serde_json::from_value(json!(format!("inc_{number}"))).unwrap(),
            id: serde_json::from_value(json!(format!("upd_later{}", self.said))).unwrap(),
            input: serde_json::from_value(body).unwrap(),
        });
    }

    fn change(&mut self, patch: Json) {
        self.run(Command::ChangeSite {
            patch: MergePatch::read(patch.to_string().as_bytes()).unwrap(),
        });
    }

    fn with<T>(&self, language: &str, work: impl FnOnce(&Context<'_>) -> T) -> T {
        let language = Language::parse(language).unwrap();
        let context = Context {
            site: self.state.site.as_ref().unwrap(),
            state: &self.state,
            public_url: "https://status.example.com",
            base: "/s/acme",
            language: &language,
            words: Words::of(&language),
            clock: &Utc,
            now: Timestamp::from_seconds(self.now),
        };
        work(&context)
    }

    fn all(&self) -> Vec<Incident> {
        self.state.incidents.values().cloned().collect()
    }

    fn status(&self) -> String {
        self.with("en", |context| status::render(context, &self.all()))
    }

    fn incident(&self, number: u32) -> Option<String> {
        self.with("en", |context| {
            incident::render(context, &incident_id(number))
        })
    }

    fn history(&self, month: Option<&str>) -> Option<String> {
        let month = month.map(|month| Month::parse(month).unwrap());
        self.with("en", |context| {
            history::render(context, &self.all(), month.as_ref())
        })
    }

    fn card(&self) -> String {
        self.with("en", |context| card::render(context, Theme::Auto).unwrap())
    }

    /// Every page there is of it.
    fn pages(&self) -> Vec<String> {
        let mut pages = vec![self.status(), self.history(None).unwrap(), self.card()];
        pages.extend(self.incident(1));
        pages
    }
}

/// What a page has between its `<main>` and `</main>`.
fn main_of(page: &str) -> &str {
    let (_, rest) = page.split_once("<main").unwrap();
    rest.split_once("</main>").unwrap().0
}

#[test]
fn the_overall_sentence_is_honest() {
    let mut segment = json!({ "audience": { "paths": ["/a"] } });
    segment["audience"]["listed"] = json!(false);
    for (fields, expected) in [
        (None, "is working."),
        (
            Some(json!({ "impact": "critical" })),
            "has a critical problem.",
        ),
        (Some(json!({ "impact": "major" })), "has a major problem."),
        (Some(json!({ "impact": "minor" })), "has a minor problem."),
        (Some(json!({ "impact": "none" })), "has a minor problem."),
        (Some(segment), "has a problem that affects some customers."),
        (Some(json!({ "draft": true })), "is working."),
        (Some(json!({ "drill": true })), "is working."),
    ] {
        let mut site = Site::new();
        if let Some(fields) = &fields {
            site.publish(1, fields.clone());
        }
        let page = site.status();
        assert!(page.contains(expected), "{fields:?}");
    }
}

#[test]
fn what_operators_wrote_is_text_never_markup() {
    let evil = "<script>alert(1)</script>\"><svg onload=alert(1)>'";
    let mut site = Site::new();
    site.run(Command::CreateComponent {
        id: serde_json::from_value(json!("cmp_2")).unwrap(),
        input: serde_json::from_value(json!({ "name": evil, "slug": "evil", "group": evil }))
            .unwrap(),
    });
    site.change(
        json!({ "contacts": [{ "kind": "phone", "label": evil, "value": "+61255500100" }],
                        "segments": [{ "slug": "eu", "label": evil }] }),
    );
    site.publish(2, json!({ "title": evil }));
    site.publish(1, json!({
        "title": evil, "body": "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **bold**",
        "advice": evil, "works": [evil], "broken": [evil], "components": [{ "id": "evil" }], "related": ["inc_2"],
        "audience": { "segments": ["eu"], "listed": true, "undeclared": "show" },
        "text": { "de": { "title": evil, "body": evil, "advice": evil } }
    }));
    let check = |site: &Site| {
        let mut pages = site.pages();
        pages.push(site.with("de", |context| {
            incident::render(context, &incident_id(1)).unwrap()
        }));
        for page in pages {
            for forbidden in [
                "<script>",
                "<img",
                "<svg onload",
                "<b>",
                "href=\"javascript",
                "style=",
                "onload=\"",
            ] {
                assert!(!page.contains(forbidden), "{forbidden}: {page}");
            }
        }
    };
    check(&site);
    assert!(site.incident(1).unwrap().contains("<strong>bold</strong>"));
    site.update(
        1,
        json!({ "body": evil, "status": "resolved", "restored": { "check": evil, "back": [evil], "still": [evil] } }),
    );
    let learned = json!({ "root_cause": evil, "remedy": evil, "prevention": [evil],
                          "window": { "start": at(NOW - 60), "end": at(NOW) } });
    site.run(Command::PutPostmortem {
        incident: incident_id(1),
        input: serde_json::from_value(learned).unwrap(),
    });
    check(&site);
    assert!(site.incident(1).unwrap().contains("What we learned"));
    site.run(Command::WithdrawIncident {
        id: incident_id(2),
        input: serde_json::from_value(json!({ "reason": evil })).unwrap(),
    });
    check(&site);
}

#[test]
fn an_incidents_page_tells_all_of_it() {
    let mut site = Site::new();
    site.publish(1, json!({ "components": [{ "id": "sending" }], "advice": "Do not resend.", "body": "x ".repeat(5000) }));
    let page = site.incident(1).unwrap();
    assert!(page.contains("Do not resend.") && page.contains("Not working for some"));
    assert!(
        page.matches("x x").count() > 1000,
        "the whole body, not the feed's 2,000 characters"
    );
    assert!(page.contains("property=\"og:description\""));
    site.update(
        1,
        json!({ "body": "Fixed.", "status": "resolved", "restored": { "check": "Your outbox." } }),
    );
    let page = site.incident(1).unwrap();
    assert!(page.contains("Working again since") && page.contains("Your outbox."));
    assert!(
        !page.contains("Do not resend."),
        "outage advice does not pass into the all-clear"
    );
    assert!(site.status().contains("is working."));
}

#[test]
fn drafts_and_drills_have_no_page() {
    let mut site = Site::new();
    site.publish(1, json!({ "draft": true }));
    site.publish(2, json!({ "drill": true }));
    assert_eq!(
        (site.incident(1), site.incident(2), site.incident(3)),
        (None, None, None)
    );
    assert!(!site.status().contains("Messages are delayed"));
}

#[test]
fn links_of_contacts_are_followed_only_where_it_is_safe() {
    let mut site = Site::new();
    site.publish(
        1,
        json!({ "contacts": [
        { "kind": "phone", "label": "Ring us", "value": "+61 2 5550 0100" },
        { "kind": "email", "label": "Write to us", "value": "help@acme.example" }] }),
    );
    for page in [site.status(), site.incident(1).unwrap(), site.card()] {
        assert!(
            page.contains("href=\"tel:+61255500100\"")
                && page.contains("href=\"mailto:help@acme.example\"")
        );
    }
}

#[test]
fn promises_are_said_to_be_kept_or_missed() {
    let mut site = Site::new();
    site.publish(1, json!({ "next_update_at": at(NOW + 1800) }));
    assert!(site.incident(1).unwrap().contains("Next update by "));
    site.now += 1200;
    site.update(1, json!({ "body": "b", "next_update_at": at(NOW + 3600) }));
    site.now = NOW + 3600 + 301;
    let page = site.incident(1).unwrap();
    assert!(
        page.contains(": kept.") && page.contains(": overdue."),
        "{page}"
    );
    assert!(page.contains("It is late; the problem may not be over."));
    site.now = NOW + 3600 + 720;
    site.update(1, json!({ "body": "b", "status": "resolved" }));
    let page = site.incident(1).unwrap();
    assert!(page.contains(": 12\u{a0}min late."), "{page}");
}

#[test]
fn a_withdrawn_incident_says_so_and_why() {
    let mut site = Site::new();
    site.publish(1, json!({ "advice": "Do not resend." }));
    site.run(Command::WithdrawIncident {
        id: incident_id(1),
        input: serde_json::from_value(json!({ "reason": "A false alarm." })).unwrap(),
    });
    for page in [site.incident(1).unwrap(), site.history(None).unwrap()] {
        assert!(page.contains("Withdrawn"), "{page}");
        assert!(!page.contains("Do not resend.") && !page.contains("Working again"));
    }
    let page = site.incident(1).unwrap();
    assert!(page.contains("published by mistake") && page.contains("A false alarm."));
    assert!(page.contains("<title>Withdrawn: Messages are delayed"));
}

#[test]
fn what_is_for_some_is_read_by_its_link_only() {
    let mut site = Site::new();
    site.publish(
        1,
        json!({ "audience": { "segments": ["eu"] }, "title": "Only Europe" }),
    );
    for page in [site.status(), site.history(None).unwrap()] {
        assert!(!page.contains("Only Europe"), "{page}");
    }
    assert!(
        site.status()
            .contains("has a problem that affects some customers.")
    );
    let page = site.incident(1).unwrap();
    assert!(page.contains("Only Europe") && page.contains("Affects European customers"));
    assert!(page.contains("name=\"robots\" content=\"noindex\""));
    // What everybody reads does not lead there; what is meant for the same does.
    site.publish(2, json!({ "title": "For all", "related": ["inc_1"] }));
    let page = site.incident(2).unwrap();
    assert!(!page.contains("Only Europe") && !page.contains("noindex"));
    site.publish(
        3,
        json!({ "title": "For some", "related": ["inc_1"], "audience": { "listed": false } }),
    );
    assert!(site.incident(3).unwrap().contains("Only Europe"));
}

#[test]
fn history_is_paged_by_the_months_that_there_is_something_of() {
    let mut site = Site::new();
    assert!(site.history(None).unwrap().contains("Nothing to tell of."));
    for (number, began) in [
        (1, "2026-07-10T08:00:00Z"),
        (2, "2026-09-10T08:00:00Z"),
        (3, "2026-09-11T08:00:00Z"),
    ] {
        site.publish(number, json!({ "title": format!("Number {number}"), "started_at": began, "status": "resolved" }));
    }
    site.publish(4, json!({ "kind": "maintenance", "impact": null, "title": "Not yet", "scheduled_for": at(NOW + 9000),
                            "scheduled_until": at(NOW + 9900) }));
    let newest = site.history(None).unwrap();
    assert!(
        newest.contains("Number 2") && newest.contains("Number 3") && !newest.contains("Number 1")
    );
    assert!(
        newest.contains("href=\"/s/acme/history?month=2026-07\"")
            && !newest.contains("rel=\"next\"")
    );
    assert!(
        newest.find("Number 3") < newest.find("Number 2"),
        "newest first"
    );
    let oldest = site.history(Some("2026-07")).unwrap();
    assert!(
        oldest.contains("Number 1") && oldest.contains("href=\"/s/acme/history?month=2026-09\"")
    );
    assert_eq!(site.history(Some("2026-08")), None);
    assert!(
        !site.history(Some("2026-09")).unwrap().contains("Not yet"),
        "what is planned is not history"
    );
}

#[test]
fn the_card_shows_what_a_page_sees_that_declares_nothing() {
    let mut site = Site::new();
    let quiet = site.card();
    assert!(quiet.contains("is working.") && !main_of(&quiet).contains("<article"));
    let shown = |site: &Site, number: u32| -> Option<bool> {
        let page = site.card();
        let (_, article) = page.split_once(&format!("<article id=\"inc_{number}\""))?;
        Some(!article.split_once('>').unwrap().0.contains(" hidden"))
    };
    site.publish(1, json!({}));
    site.publish(
        2,
        json!({ "impact": "minor", "components": [{ "id": "sending" }] }),
    );
    site.publish(3, json!({ "audience": { "paths": ["/share"] } }));
    site.publish(4, json!({ "audience": { "segments": ["eu"] } }));
    site.publish(5, json!({ "in_app": "off" }));
    site.publish(6, json!({ "drill": true }));
    let found: Vec<_> = (1..=6).map(|number| shown(&site, number)).collect();
    let expected = [Some(true), Some(false), Some(false), Some(true), None, None];
    assert_eq!(found, expected);
    // The all-clear of something serious is for everybody for two hours, then for those who were there.
    site.update(1, json!({ "body": "b", "status": "resolved" }));
    assert_eq!(shown(&site, 1), Some(true));
    site.now += 7200;
    assert_eq!(shown(&site, 1), Some(false));
}

#[test]
fn every_language_has_its_own_words_and_says_where_a_text_has_none() {
    let mut site = Site::new();
    site.publish(1, json!({ "advice": "Do not resend.", "text": { "de": { "title": "Nachrichten verzögert", "body": "Wir suchen." } } }));
    let page = |language: &str| {
        site.with(language, |context| {
            incident::render(context, &incident_id(1)).unwrap()
        })
    };
    let german = page("de");
    for said in [
        "lang=\"de\" dir=\"ltr\"",
        "Nachrichten verzögert",
        "Wir suchen.",
        "Große Störung",
        "?lang=de\"",
    ] {
        assert!(german.contains(said), "{said}: {german}");
    }
    assert!(
        german.contains("<section class=\"box\" lang=\"en\">"),
        "{german}"
    );
    let arabic = page("ar");
    assert!(
        arabic.contains("lang=\"ar\" dir=\"rtl\"")
            && arabic.contains("<h1 dir=\"auto\" lang=\"en\">Messages are delayed")
    );
    assert!(
        !page("en").contains("?lang=en\""),
        "the site's own needs no query but in the choice of languages"
    );
}

#[test]
fn many_components_are_folded_where_all_of_them_work() {
    let mut site = Site::new();
    for number in 2..40 {
        let group = if number % 2 == 0 { "Even" } else { "Odd" };
        site.run(Command::CreateComponent {
            id: serde_json::from_value(json!(format!("cmp_{number}"))).unwrap(),
            input: serde_json::from_value(
                json!({ "name": format!("Part {number}"), "group": group }),
            )
            .unwrap(),
        });
    }
    site.publish(1, json!({ "components": [{ "id": "part-3" }] }));
    let page = site.status();
    let open = |number: u32| page.contains(&format!("<details id=\"group-{number}\" open>"));
    assert_eq!((open(0), open(1), open(2)), (false, false, true), "{page}");
    assert!(page.contains("1 of 19 not working as they should"));
}

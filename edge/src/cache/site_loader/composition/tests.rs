use notice::{
    limits,
    wire::{feed::Feed, ids::Slug, language::Language},
};
use serde_json::{Value, json};

use super::{Composition, Parts, compose, escaped_length, literal};
use crate::{
    cache::{site_loader::template::Template, snapshot::Document},
    http::etag::etag,
};

const NOW: u64 = 1_795_248_000_000;

fn template() -> Template {
    Template {
        loader: ("run(".to_owned(), ");".to_owned()),
        rules: "rules".to_owned(),
        plain: "plain".to_owned(),
        texts: [("de".to_owned(), "Ausblenden\nMehr".to_owned())].into(),
    }
}

fn feed(lang: &str, rev: u64, notices: Vec<Value>) -> Document {
    let feed = json!({
        "v": 1, "site": "acme", "name": "Acme SMS", "lang": lang, "rev": rev,
        "poll_after_s": if notices.is_empty() { 30 } else { 10 },
        "status_url": "https://status.example.com/s/acme", "notices": notices,
    });
    document(&serde_json::from_value(feed).unwrap())
}

fn document(feed: &Feed) -> Document {
    let body = serde_json::to_string(feed).unwrap();
    Document {
        etag: etag(&body),
        body: body.into(),
        confirmed_ms: NOW - 1000,
    }
}

fn notice(id: &str, title: &str, body: &str) -> Value {
    json!({
        "id": id, "kind": "incident", "status": "identified", "impact": "major", "in_app": "bar", "attention": 1,
        "title": title, "started_at": "2026-11-21T08:00:00Z", "url": "https://status.example.com/s/acme/incidents/x",
        "updates": [{ "id": "upd_1", "status": "identified", "body": body, "at": "2026-11-21T08:00:00Z" }],
    })
}

fn compose_script(own: Option<&Document>, others: &[Option<Document>], now_ms: u64) -> Composition {
    let languages = ["en", "de", "fr"].map(|tag| Language::parse(tag).unwrap());
    let parts = Parts {
        site: &Slug::parse("acme").unwrap(),
        own,
        languages: languages.get(..=others.len()).unwrap(),
        others,
        now_ms,
    };
    let composition = compose(&template(), &parts);
    assert!(composition.body.is_ascii());
    assert!(
        composition.body.starts_with("run({site:\"acme\"") && composition.body.ends_with("});")
    );
    composition
}

/// The JSON texts in a script, in order.
fn json_in(script: &str) -> Vec<Value> {
    let literals = script.split("JSON.parse('").skip(1);
    literals
        .map(|rest| serde_json::from_str(&evaluate_literal(rest)).unwrap())
        .collect()
}

/// The text to which JavaScript evaluates a literal. `rest` begins after the literal's opening quotation mark.
fn evaluate_literal(rest: &str) -> String {
    let mut units = Vec::new();
    let mut letters = rest.chars();
    let code = |letters: &mut std::str::Chars<'_>, digits: usize| {
        let code: String = letters.take(digits).collect();
        u16::from_str_radix(&code, 16).unwrap()
    };
    loop {
        match letters.next().unwrap() {
            '\'' => return String::from_utf16(&units).unwrap(),
            '\\' => match letters.next().unwrap() {
                'u' => units.push(code(&mut letters, 4)),
                'x' => units.push(code(&mut letters, 2)),
                letter @ ('\\' | '\'') => units.push(letter as u16),
                other => panic!("unknown escape {other}"),
            },
            letter => units.push(u16::try_from(u32::from(letter)).unwrap()),
        }
    }
}

/// The feeds in a script with notices.
fn feeds_in(script: &str) -> Vec<Value> {
    json_in(script)[0].as_array().unwrap().clone()
}

#[test]
fn a_script_without_notices_depends_on_the_feed_only() {
    let own = feed("en", 5, Vec::new());
    let first = compose_script(Some(&own), &[None], NOW);
    assert_eq!(
        json_in(&first.body),
        [serde_json::from_str::<Value>(&own.body).unwrap()]
    );
    assert_eq!(first.etag, Some(etag(&first.body)));
    assert_eq!((first.max_age_s, first.has_feed), (30, true));
    let later = Document {
        confirmed_ms: NOW + 60_000,
        ..own.clone()
    };
    let german = feed("de", 5, Vec::new());
    assert_eq!(
        compose_script(Some(&later), &[Some(german)], NOW + 61_000),
        first
    );
    let changed = compose_script(Some(&feed("en", 6, Vec::new())), &[None], NOW);
    assert_ne!(changed.etag, first.etag);
}

#[test]
fn a_feed_without_notices_is_left_out_5_s_after_confirmation() {
    let own = feed("en", 5, Vec::new());
    let without = compose_script(None, &[], NOW);
    assert_eq!(&*without.body, "run({site:\"acme\"});");
    assert_eq!(without.etag, Some(etag(&without.body)));
    assert_eq!((without.max_age_s, without.has_feed), (5, false));
    assert!(compose_script(Some(&own), &[], own.confirmed_ms + 5000).has_feed);
    assert_eq!(
        compose_script(Some(&own), &[], own.confirmed_ms + 5001),
        without
    );
    let malformed = Document {
        body: "{}".into(),
        ..own
    };
    assert_eq!(compose_script(Some(&malformed), &[], NOW), without);
}

#[test]
fn texts_are_escaped_in_scripts() {
    let text = "</script><!-- \u{2028}\u{2029} ' \" \\ ` ${x} \u{7f} \u{feff} é 中 🚨 \n";
    let mut quiet: Feed = serde_json::from_str(&feed("en", 5, Vec::new()).body).unwrap();
    quiet.name = text.to_owned();
    let open = feed("en", 5, vec![notice("inc_1", text, text)]);
    for own in [document(&quiet), open] {
        let script = compose_script(Some(&own), &[], NOW).body;
        assert!(!script.contains(['<', '\n']), "{script}");
        let feed = json_in(&script).remove(0);
        let feed = feed.get(0).unwrap_or(&feed);
        let expected: Value = serde_json::from_str(&own.body).unwrap();
        assert_eq!(*feed, expected);
    }
    assert_eq!(literal("a'<\\é🚨"), r"'a\'\x3c\\\u00e9\ud83d\udea8'");
    assert_eq!(escaped_length(text) + 2, literal(text).len());
}

#[test]
fn a_script_with_notices_has_its_time_and_no_entity_tag() {
    let own = feed(
        "en",
        5,
        vec![notice("inc_1", "Messages are delayed", "We look into it.")],
    );
    let script = compose_script(Some(&own), &[], NOW);
    let expected = format!(
        "run({{site:\"acme\",at:{NOW},confirmed:{},isShortened:0,open:()=>rules(JSON.parse('[",
        NOW - 1000
    );
    assert!(script.body.starts_with(&expected), "{}", script.body);
    assert!(
        script
            .body
            .ends_with("]'),JSON.parse('[\"en\"]'),()=>plain,{})});")
    );
    assert_eq!(
        (script.etag, script.max_age_s, script.has_feed),
        (None, 10, true)
    );
    // A script with notices contains the time of the confirmation, so that even an old feed is included.
    assert!(compose_script(Some(&own), &[], NOW + 3_600_000).has_feed);
}

#[test]
fn a_script_has_the_notices_of_one_revision_in_all_languages() {
    let title = |title: &str| vec![notice("inc_1", title, "x")];
    let own = feed("en", 5, title("Late"));
    let titles = |others: &[Option<Document>]| -> Vec<Value> {
        let feeds = feeds_in(&compose_script(Some(&own), others, NOW).body);
        feeds
            .iter()
            .map(|feed| feed["notices"][0]["title"].clone())
            .collect()
    };
    let (german, french) = (feed("de", 5, title("Spät")), feed("fr", 5, title("Tard")));
    let older = feed("de", 4, title("Alt"));
    assert_eq!(
        titles(&[Some(german), Some(french.clone())]),
        ["Late", "Spät", "Tard"]
    );
    assert_eq!(
        titles(&[Some(older), Some(french)]),
        [json!("Late"), Value::Null, json!("Tard")]
    );
    assert_eq!(
        titles(&[None, None]),
        [json!("Late"), Value::Null, Value::Null]
    );
}

#[test]
fn a_script_has_the_plain_cards_texts_in_the_sites_own_language() {
    let parts = |languages: &[Language], own: &Document| {
        let site = Slug::parse("acme").unwrap();
        let parts = Parts {
            site: &site,
            own: Some(own),
            languages,
            others: &[],
            now_ms: NOW,
        };
        compose(&template(), &parts).body
    };
    let [en, de] = ["en", "de"].map(|tag| Language::parse(tag).unwrap());
    let own = feed("de", 5, vec![notice("inc_1", "x", "x")]);
    let script = parts(&[de, en], &own);
    assert!(
        script.ends_with("()=>plain,{'de':'Ausblenden\\u000aMehr'})});"),
        "{script}"
    );
}

/// The escaped length of the notices in a script, without the parts of the feeds that are not notices.
fn notices_length(script: &str) -> usize {
    let feeds = feeds_in(script);
    let notices = feeds.iter().filter(|feed| !feed.is_null());
    notices
        .map(|feed| escaped_length(&feed["notices"].to_string()))
        .sum()
}

#[test]
fn the_least_urgent_notices_are_left_out_above_16_kib() {
    for letter in ["a", "я", "'", "🚨"] {
        let text = letter.repeat(400);
        let notices = (0..30).map(|id| notice(&format!("inc_{id}"), &text[..letter.len()], &text));
        let own = feed("en", 5, notices.collect());
        let script = compose_script(Some(&own), &[], NOW).body;
        assert!(script.contains("isShortened:1"));
        let feeds = feeds_in(&script);
        let kept: Vec<&Value> = feeds[0]["notices"].as_array().unwrap().iter().collect();
        assert!(
            !kept.is_empty() && kept.len() < 30,
            "{letter}: {}",
            kept.len()
        );
        let ids = (0..kept.len()).map(|id| format!("inc_{id}"));
        assert!(
            kept.iter().map(|notice| notice["id"].clone()).eq(ids),
            "the most urgent notices are kept"
        );
        // One lower than the feed's revision 5, so that the complete feed replaces the shortened one.
        assert_eq!(feeds[0]["rev"], 4);
        let length = notices_length(&script);
        assert!(length <= limits::LOADER_NOTICES, "{letter}: {length}");
        assert!(length > limits::LOADER_NOTICES - 4000, "{letter}: {length}");
    }
}

#[test]
fn other_languages_are_left_out_before_own_notices() {
    let texts = |size: usize| vec![notice("inc_1", "x", &"y".repeat(size))];
    let own = feed("en", 5, texts(6000));
    let (long, short) = (feed("de", 5, texts(11_000)), feed("fr", 5, texts(8000)));
    let script = compose_script(Some(&own), &[Some(long), Some(short)], NOW).body;
    let feeds = feeds_in(&script);
    assert_eq!(
        feeds
            .iter()
            .map(|feed| feed["lang"].clone())
            .collect::<Vec<_>>(),
        [json!("en"), Value::Null, json!("fr")]
    );
    assert_eq!(feeds[0]["rev"], 5);
    assert!(notices_length(&script) <= limits::LOADER_NOTICES);
}

#[test]
fn a_notice_above_the_limit_is_left_out_and_requested() {
    let mut long = notice("inc_1", "x", "x");
    long["audience"] = json!({ "paths": vec!["/".to_owned() + &"я".repeat(199); 20] });
    let own = feed("en", 5, vec![long]);
    let script = compose_script(Some(&own), &[], NOW);
    assert!(feeds_in(&script.body).is_empty());
    assert_eq!((script.etag, script.max_age_s), (None, 10));
}

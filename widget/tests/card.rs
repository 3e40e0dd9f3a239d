//! Tests of the card in a browser, with a fake loader.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails when something is missing"
)]

use js_sys::{Function, JSON, Object, Promise};
use notice::wire::feed::Feed;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, NodeList, ShadowRoot};
use widget::texts::TIE;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/loader.js")]
extern "C" {
    type Loader;
    #[wasm_bindgen(constructor)]
    fn new(feed: &str) -> Loader;
    #[wasm_bindgen(method, getter)]
    fn ask(this: &Loader) -> Function;
    #[wasm_bindgen(method, getter)]
    fn clock(this: &Loader) -> Function;
    #[wasm_bindgen(method, getter)]
    fn emit(this: &Loader) -> Function;
    #[wasm_bindgen(method, getter)]
    fn page(this: &Loader) -> Function;
    #[wasm_bindgen(method, getter)]
    fn storage(this: &Loader) -> Function;
    #[wasm_bindgen(method, getter)]
    fn options(this: &Loader) -> Object;
    #[wasm_bindgen(method, getter)]
    fn state(this: &Loader) -> Object;
    #[wasm_bindgen(method, getter)]
    fn requests(this: &Loader) -> u32;
    #[wasm_bindgen(method, js_name = markStale)]
    fn mark_stale(this: &Loader);
    #[wasm_bindgen(method)]
    fn answer(this: &Loader, feed: &str) -> Promise;
    #[wasm_bindgen(method)]
    fn emitted(this: &Loader) -> String;
    #[wasm_bindgen(static_method_of = Loader)]
    fn store(name: &str, key: &str, value: u32);
    #[wasm_bindgen(static_method_of = Loader)]
    fn clear();
}

/// A widget on the page, which is removed on drop.
struct Card {
    loader: Loader,
    dispatcher: Function,
}

impl Card {
    async fn open(feed: &Value) -> Self {
        Self::with(Loader::new(&feed.to_string())).await
    }

    async fn with(loader: Loader) -> Self {
        let dispatcher = widget::start(
            loader.ask(),
            loader.clock(),
            loader.emit(),
            loader.page(),
            loader.storage(),
            loader.options(),
            loader.state(),
            1,                   // origins
            0,                   // origin
            0,                   // failures
            0.0,                 // due
            &JsValue::UNDEFINED, // mounts
            Object::new(),
        );
        yew::scheduler::flush().await;
        Self {
            loader,
            dispatcher: dispatcher.expect("the browser supports constructed style sheets"),
        }
    }

    async fn dispatch(&self, event: &str) {
        self.dispatcher
            .call1(&JsValue::NULL, &event.into())
            .expect("the widget does not throw");
        yew::scheduler::flush().await;
    }

    /// Answers the pending request with a feed, or makes it fail if `feed` is empty; then causes the next one.
    async fn poll(&self, feed: &str) {
        JsFuture::from(self.loader.answer(feed))
            .await
            .expect("the promise resolves");
        yew::scheduler::flush().await;
        self.dispatch("refresh").await;
    }

    fn root() -> Option<ShadowRoot> {
        let document = web_sys::window()?.document()?;
        document
            .query_selector("body > allclear-banner")
            .ok()??
            .shadow_root()
    }

    fn all(selector: &str) -> NodeList {
        Self::root()
            .expect("the banner exists")
            .query_selector_all(selector)
            .expect("a valid selector")
    }

    fn find(selector: &str) -> Option<Element> {
        Self::all(selector).item(0).map(JsCast::unchecked_into)
    }

    fn text(selector: &str) -> String {
        Self::find(selector)
            .and_then(|element| element.text_content())
            .unwrap_or_default()
    }

    async fn click(selector: &str) {
        Self::find(selector)
            .expect(selector)
            .unchecked_into::<HtmlElement>()
            .click();
        yew::scheduler::flush().await;
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        widget::stop();
    }
}

/// A feed of one notice: a major incident with `changes`.
fn feed(rev: u64, changes: &Value) -> Value {
    let mut notice = json!({
        "id": "inc_1", "kind": "incident", "status": "identified", "impact": "major", "in_app": "bar", "attention": 2,
        "title": "Messages are delayed", "advice": "Do not **resend**.", "works": ["Contacts"], "broken": ["Sending"],
        "started_at": "2026-11-21T08:00:00Z", "next_update_at": "2099-01-01T10:00:00Z", "overdue_after_s": 300,
        "components": [{
            "id": "cmp_1", "slug": "sending", "name": "Sending", "status": "partial_outage",
            "since": "2026-11-21T08:00:00Z",
        }],
        "updates": [
            { "id": "upd_2", "status": "identified", "body": "Newest. <b>x</b>", "at": "2026-11-21T09:00:00Z" },
            { "id": "upd_1", "status": "investigating", "body": "[a](javascript:b)", "at": "2026-11-21T08:00:00Z" },
        ],
        "updates_more": 4,
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "restored": null, "url": "https://status.example/i/1",
    });
    for (name, value) in changes.as_object().expect("changes are an object") {
        notice[name] = value.clone();
    }
    json!({
        "v": 1, "site": "acme", "name": "Acme", "lang": "en", "rev": rev, "poll_after_s": 10,
        "status_url": "https://status.example/s/acme", "notices": [notice],
    })
}

fn restored(rev: u64) -> Value {
    let at = js_sys::Date::new(&(js_sys::Date::now() - 60_000.0).into()).to_iso_string();
    let changes = json!({
        "kind": "restored", "status": "resolved", "attention": 3, "advice": null, "works": [], "broken": [],
        "next_update_at": null, "updates": [],
        "restored": {
            "at": String::from(at), "seconds": 6000, "back": ["Sending"], "check": "Check what you sent.", "still": [],
            "returning_until": "2099-01-01T00:00:00Z", "everyone_until": "2099-01-01T00:00:00Z",
            "expires_at": "2099-01-01T00:00:00Z",
        },
    });
    feed(rev, &changes)
}

#[wasm_bindgen_test]
async fn an_incident_is_a_card_that_expands_and_collapses() {
    Loader::clear();
    let card = Card::open(&feed(1, &json!({}))).await;
    assert_eq!(Card::text("[part=title]"), "Major: Messages are delayed");
    assert_eq!(Card::text("[part=advice]"), "Do not resend.");
    assert!(
        Card::find("[part=update]").is_none(),
        "advice replaces the newest update"
    );
    let times = Card::text(".meta");
    assert!(times.starts_with("Updated "), "{times}");
    assert!(Card::text("[part=next-update]").starts_with("next update by "));
    assert!(Card::find("[data-notice=inc_1][data-kind=incident] [part=card]").is_some());
    assert_eq!(Card::text("[part=hide]"), "Hide");
    assert!(Card::find(".body").is_none());

    let toggle = Card::find("[part=toggle]").expect("a button");
    Card::click("[part=toggle]").await;
    assert!(
        toggle.is_same_node(Card::find("[part=toggle]").as_deref()),
        "the same element, which keeps the focus"
    );
    assert_eq!(Card::text(".box[part=advice] p"), "Do not resend.");
    assert!(Card::text("[part=next-update]").starts_with("Next update by "));
    assert_eq!(Card::text("[part=works] li"), "Contacts");
    assert_eq!(Card::text("[part=broken] li"), "Sending");
    assert_eq!(Card::all("[part=update]").length(), 2);
    assert_eq!(
        Card::find("[part=contact]")
            .and_then(|link| link.get_attribute("href"))
            .as_deref(),
        Some("tel:+61255500100")
    );
    assert!(Card::text("[part=card]").contains("and 4 more"));
    assert!(Card::text("[part=card]").contains("Not working for some, since"));
    assert!(
        Card::find("[part=update] b, a[href^=javascript]").is_none(),
        "operators' texts never become markup"
    );

    Card::click("[part=toggle]").await;
    assert!(Card::find(".body").is_none());
    assert_eq!(card.loader.emitted(), "show inc_1");
}

#[wasm_bindgen_test]
async fn an_update_keeps_the_card_element() {
    Loader::clear();
    let card = Card::open(&feed(1, &json!({}))).await;
    let element = Card::find("[part=card]").expect("a card");
    Card::click("[part=toggle]").await;
    card.poll(&feed(2, &json!({ "title": "Messages are late" })).to_string())
        .await;
    assert_eq!(Card::text("[part=title]"), "Major: Messages are late");
    assert!(Card::find(".body").is_some(), "it stays expanded");
    assert!(element.is_same_node(Card::find("[part=card]").as_deref()));

    card.poll(&feed(1, &json!({ "title": "An old mirror" })).to_string())
        .await;
    assert_eq!(Card::text("[part=title]"), "Major: Messages are late");
    assert_eq!(card.loader.requests(), 3);
    card.poll("").await;
    assert!(
        Card::find("[part=card]").is_some(),
        "a failed request keeps the card"
    );
}

#[wasm_bindgen_test]
async fn an_empty_feed_removes_the_card() {
    Loader::clear();
    let card = Card::open(&feed(1, &json!({}))).await;
    let mut quiet = feed(2, &json!({}));
    quiet["notices"] = json!([]);
    card.poll(&quiet.to_string()).await;
    assert!(Card::find("[data-notice]").is_none());
}

#[wasm_bindgen_test]
async fn a_hidden_notice_returns_when_its_attention_rises() {
    Loader::clear();
    {
        let card = Card::open(&feed(1, &json!({}))).await;
        Card::click("[part=hide]").await;
        assert!(Card::find("[part=card]").is_none());
        assert_eq!(Card::text("[part=pill]"), "Major: Messages are delayed");
        assert_eq!(card.loader.emitted(), "show inc_1, hide inc_1");
    }
    {
        let card = Card::open(&feed(1, &json!({}))).await;
        assert!(Card::find("[part=card]").is_none(), "after a reload");
        Card::click("[part=pill]").await;
        assert!(Card::find("[part=card] .body").is_some());
        Card::click("[part=toggle]").await;
        assert!(
            Card::find("[part=card]").is_none(),
            "it was a pill before it was expanded"
        );
        card.poll(&feed(2, &json!({ "attention": 3 })).to_string())
            .await;
        assert!(Card::find("[part=card]").is_some());
    }
    let _card = Card::open(&feed(3, &json!({ "impact": "minor", "attention": 4 }))).await;
    Card::click("[part=hide]").await;
    assert!(
        Card::find("[data-notice]").is_none(),
        "a minor notice leaves no pill"
    );
}

#[wasm_bindgen_test]
async fn a_witness_gets_the_expanded_all_clear() {
    Loader::clear();
    Loader::store("seen", "inc_1", 2);
    {
        let card = Card::open(&feed(1, &json!({}))).await;
        Card::click("[part=hide]").await;
        card.poll(&restored(2).to_string()).await;
        assert!(
            Card::find("[data-notice=inc_1][data-kind=restored] [part=card]").is_some(),
            "although the notice was hidden"
        );
        let title = Card::text("[part=title]");
        assert_eq!(title, "Resolved: Messages are delayed");
        let period = Card::text(".body > p");
        assert!(
            period.contains(" to ") && period.ends_with(", 1 h 40 min"),
            "{period}"
        );
        let back = Card::text("[part=works]");
        assert!(
            back.starts_with("Working again since ") && back.ends_with(": Sending"),
            "{back}"
        );
        assert_eq!(Card::text("[part=advice] p"), "Check what you sent.");
        assert!(Card::text("[part=card]").contains("Not working for you?"));
        assert!(
            !Card::text("[part=card]").contains("resend"),
            "the advice for the outage is gone"
        );
        assert_eq!(
            card.loader.emitted(),
            "show inc_1, hide inc_1, restored inc_1"
        );
    }
    {
        let _card = Card::open(&restored(2)).await;
        assert!(Card::find("[part=card]").is_some(), "after a reload");
        Card::click("[part=hide]").await;
        assert!(Card::find("[data-notice]").is_none());
    }
    Loader::clear();
    let _card = Card::open(&restored(2)).await;
    assert!(Card::find("[part=card]").is_none());
    assert!(
        Card::text("[part=pill]").starts_with("Resolved: Messages are delayed · "),
        "others get a pill"
    );
}

#[wasm_bindgen_test]
async fn an_overdue_promise_is_shown_with_the_contacts() {
    Loader::clear();
    let _card = Card::open(&feed(
        1,
        &json!({ "next_update_at": "2026-11-21T09:30:00Z" }),
    ))
    .await;
    let promise = Card::text("[part=next-update]");
    assert!(promise.starts_with("Our "), "{promise}");
    assert!(
        promise.ends_with("update is late. The problem may not be over yet."),
        "{promise}"
    );
    assert!(
        Card::find("[part=contact]").is_some(),
        "in the collapsed card"
    );
}

#[wasm_bindgen_test]
async fn an_older_answer_does_not_confirm_a_stored_feed() {
    Loader::clear();
    let loader = Loader::new(&feed(5, &json!({})).to_string());
    loader.mark_stale();
    let card = Card::with(loader).await;
    assert!(Card::text("[part=freshness]").starts_with("As of "));
    card.poll(&feed(4, &json!({ "title": "An old mirror" })).to_string())
        .await;
    let freshness = Card::text("[part=freshness]");
    assert!(
        freshness.starts_with("As of ") && !freshness.contains("We cannot reach"),
        "a server has answered: {freshness}"
    );
    card.poll(&feed(5, &json!({})).to_string()).await;
    assert_eq!(Card::text("[part=freshness]"), "", "the feed is confirmed");
}

#[wasm_bindgen_test]
async fn an_estimate_shows_its_confidence_until_it_passes() {
    for (confidence, at, start) in [
        ("low", "2099-01-01T10:00:00Z", "Estimated fix: about "),
        ("medium", "2099-01-01T10:00:00Z", "Estimated fix: "),
        ("high", "2099-01-01T10:00:00Z", "Estimated fix: by "),
        ("low", "2026-11-21T09:00:00Z", ""),
    ] {
        Loader::clear();
        let changes = json!({ "estimated_end_at": at, "confidence": confidence });
        let _card = Card::open(&feed(1, &changes)).await;
        Card::click("[part=toggle]").await;
        let text = Card::text("[part=next-update] + .soft");
        assert!(text.starts_with(start), "{text}");
        assert_eq!(start.is_empty(), text.is_empty(), "{text}");
    }
}

#[wasm_bindgen_test]
async fn a_duration_stays_on_one_line() {
    // The formatter puts a duration between two `TIE`s, and the card replaces them by an element that does not wrap.
    Loader::clear();
    Loader::store("seen", "inc_1", 2);
    let card = Card::open(&feed(1, &json!({}))).await;
    card.poll(&restored(2).to_string()).await;
    assert_eq!(Card::text(".body .tied"), "1 h 40 min");
    assert!(!Card::text(".root").contains(TIE));
}

#[wasm_bindgen_test]
fn durations_have_the_plurals_of_their_language() {
    let file = |tag: &str| {
        let lines = match tag {
            "de" => include_str!(concat!(env!("OUT_DIR"), "/de.txt")),
            _ => include_str!(concat!(env!("OUT_DIR"), "/ar.txt")),
        };
        Some(lines.to_owned())
    };
    const HOUR: i64 = 3600;
    for (language, seconds, expected) in [
        ("en", 59, "less than a minute"),
        ("en", 60, "1 min"),
        ("en", HOUR + 40 * 60, "1 h 40 min"),
        ("en", 35 * HOUR, "35 h"),
        ("en", 36 * HOUR, "1 day 12 h"),
        ("en", 51 * HOUR, "2 days 3 h"),
        ("de", 59, "weniger als einer Minute"),
        ("de", HOUR + 40 * 60, "1 h 40 min"),
        ("de", 72 * HOUR, "3 Tagen"),
        ("ar", 59, "أقل من دقيقة"),
        ("ar", 60, "دقيقة"),
        ("ar", 120, "دقيقتين"),
        ("ar", 300, "5 دقائق"),
        ("ar", HOUR + 40 * 60, "ساعة و40 دقيقة"),
        ("ar", 2 * HOUR, "ساعتين"),
        ("ar", 3 * HOUR, "3 ساعات"),
        ("ar", 48 * HOUR, "يومين"),
        ("ar", 51 * HOUR, "يومين و3 ساعات"),
        ("ar", 12 * 24 * HOUR, "12 يومًا"),
        ("ar", 101 * 24 * HOUR, "101 يوم"),
    ] {
        let format = widget::format::Formatter::new(widget::texts::for_language(language, file), 0);
        let text = format.duration(seconds);
        assert_eq!(text.replace(TIE, ""), expected, "{language}");
    }
}

#[wasm_bindgen_test]
fn distances_from_36_hours_on_are_in_days() {
    use notice::wire::time::Timestamp;
    const NOW: i64 = 1_000_000;
    let format = widget::format::Formatter::new(&widget::texts::ENGLISH, NOW);
    for (minutes, expected) in [
        (13, "in 13 min"),
        (-13, "13 min ago"),
        (35 * 60 + 59, "in 35 h 59 min"),
        (36 * 60, "in 2 days"),
        (42 * 60 + 11, "in 2 days"),
        (-42 * 60, "2 days ago"),
        (3 * 24 * 60 - 30, "in 3 days"),
    ] {
        let text = format.distance(Timestamp::from_seconds(NOW + minutes * 60));
        assert_eq!(text.replace(TIE, ""), expected, "{minutes} min");
    }
}

#[wasm_bindgen_test]
async fn destroy_removes_the_card() {
    Loader::clear();
    let card = Card::open(&feed(1, &json!({}))).await;
    assert!(Card::root().is_some());
    card.dispatch("destroy").await;
    assert!(Card::root().is_none());
    card.dispatch("refresh").await;
}

#[wasm_bindgen_test]
fn the_feed_parser_and_serde_give_the_same_feed() {
    for feed in [
        feed(
            7,
            &json!({ "drill": true, "preview": true, "confidence": "low", "kind": "novelty" }),
        ),
        restored(8),
    ] {
        let text = feed.to_string();
        let expected: Feed = serde_json::from_str(&text).expect("a feed");
        let parsed = JSON::parse(&text).expect("JSON");
        assert_eq!(widget::feed_parser::parse(&parsed), Some(expected));
    }
    assert_eq!(
        widget::feed_parser::parse(&JSON::parse("[]").expect("JSON")),
        None
    );
}

//! The card in a real browser, with a loader made of fakes.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where what it needs is not there"
)]

use js_sys::{Function, JSON, Object, Promise};
use notice::wire::feed::Feed;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, NodeList, ShadowRoot};

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
    fn asked(this: &Loader) -> u32;
    #[wasm_bindgen(method)]
    fn keep(this: &Loader);
    #[wasm_bindgen(method)]
    fn answer(this: &Loader, feed: &str) -> Promise;
    #[wasm_bindgen(method)]
    fn said(this: &Loader) -> String;
    #[wasm_bindgen(static_method_of = Loader)]
    fn remember(name: &str, key: &str, value: u32);
    #[wasm_bindgen(static_method_of = Loader)]
    fn forget();
}

/// A page with a widget on it, until it is dropped.
struct Host {
    loader: Loader,
    control: Function,
}

impl Host {
    async fn open(feed: &Value) -> Self {
        Self::with(Loader::new(&feed.to_string())).await
    }

    async fn with(loader: Loader) -> Self {
        let control = widget::start(
            loader.ask(),
            loader.clock(),
            loader.emit(),
            loader.page(),
            loader.storage(),
            loader.options(),
            loader.state(),
            1,
            0,
            0,
            0.0,
            &JsValue::UNDEFINED,
            Object::new(),
        );
        yew::scheduler::flush().await;
        Self {
            loader,
            control: control.expect("there is a place to draw"),
        }
    }

    async fn tell(&self, wish: &str) {
        self.control
            .call1(&JsValue::NULL, &wish.into())
            .expect("the widget listens");
        yew::scheduler::flush().await;
    }

    /// The request under way is answered; then another one is under way.
    async fn poll(&self, feed: &str) {
        JsFuture::from(self.loader.answer(feed))
            .await
            .expect("an answer is heard");
        yew::scheduler::flush().await;
        self.tell("refresh").await;
    }

    fn root() -> Option<ShadowRoot> {
        let document = web_sys::window()?.document()?;
        document
            .query_selector("html > allclear-banner")
            .ok()??
            .shadow_root()
    }

    fn all(selector: &str) -> NodeList {
        Self::root()
            .expect("the banner is there")
            .query_selector_all(selector)
            .expect("a good selector")
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

impl Drop for Host {
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
async fn an_incident_is_a_card_that_opens_and_folds() {
    Loader::forget();
    let host = Host::open(&feed(1, &json!({}))).await;
    assert_eq!(Host::text("[part=title]"), "Major: Messages are delayed");
    assert_eq!(Host::text("[part=advice]"), "Do not resend.");
    assert!(
        Host::find("[part=update]").is_none(),
        "advice stands before the newest update"
    );
    let times = Host::text(".meta");
    assert!(times.starts_with("Updated "), "{times}");
    assert!(Host::text("[part=next-update]").starts_with("next update by "));
    assert!(Host::find("[data-notice=inc_1][data-kind=incident] [part=card]").is_some());
    assert_eq!(Host::text("[part=hide]"), "Hide");
    assert!(Host::find(".body").is_none());

    let toggle = Host::find("[part=toggle]").expect("a button");
    Host::click("[part=toggle]").await;
    assert!(
        toggle.is_same_node(Host::find("[part=toggle]").as_deref()),
        "it keeps the focus"
    );
    assert_eq!(Host::text(".box[part=advice] p"), "Do not resend.");
    assert!(Host::text("[part=next-update]").starts_with("Next update by "));
    assert_eq!(Host::text("[part=works] li"), "Contacts");
    assert_eq!(Host::text("[part=broken] li"), "Sending");
    assert_eq!(Host::all("[part=update]").length(), 2);
    assert_eq!(
        Host::find("[part=contact]")
            .and_then(|link| link.get_attribute("href"))
            .as_deref(),
        Some("tel:+61255500100")
    );
    assert!(Host::text("[part=card]").contains("and 4 more"));
    assert!(Host::text("[part=card]").contains("Not working for some, since"));
    assert!(
        Host::find("[part=update] b, a[href^=javascript]").is_none(),
        "operators' texts never become markup"
    );

    Host::click("[part=toggle]").await;
    assert!(Host::find(".body").is_none());
    assert_eq!(host.loader.said(), "show inc_1");
}

#[wasm_bindgen_test]
async fn updates_change_the_card_in_place() {
    Loader::forget();
    let host = Host::open(&feed(1, &json!({}))).await;
    let card = Host::find("[part=card]").expect("a card");
    Host::click("[part=toggle]").await;
    host.poll(&feed(2, &json!({ "title": "Messages are late" })).to_string())
        .await;
    assert_eq!(Host::text("[part=title]"), "Major: Messages are late");
    assert!(Host::find(".body").is_some(), "what was opened stays open");
    assert!(card.is_same_node(Host::find("[part=card]").as_deref()));

    host.poll(&feed(1, &json!({ "title": "An old mirror" })).to_string())
        .await;
    assert_eq!(Host::text("[part=title]"), "Major: Messages are late");
    assert_eq!(host.loader.asked(), 3);
    host.poll("").await;
    assert!(
        Host::find("[part=card]").is_some(),
        "a failed poll is no all-clear"
    );
}

#[wasm_bindgen_test]
async fn nothing_is_left_when_nothing_is_open() {
    Loader::forget();
    let host = Host::open(&feed(1, &json!({}))).await;
    let mut quiet = feed(2, &json!({}));
    quiet["notices"] = json!([]);
    host.poll(&quiet.to_string()).await;
    assert!(Host::find("[data-notice]").is_none());
}

#[wasm_bindgen_test]
async fn what_is_hidden_stays_hidden_until_attention_rises() {
    Loader::forget();
    {
        let host = Host::open(&feed(1, &json!({}))).await;
        Host::click("[part=hide]").await;
        assert!(Host::find("[part=card]").is_none());
        assert_eq!(Host::text("[part=pill]"), "Major: Messages are delayed");
        assert_eq!(host.loader.said(), "show inc_1, hide inc_1");
    }
    {
        let host = Host::open(&feed(1, &json!({}))).await;
        assert!(Host::find("[part=card]").is_none(), "through a reload");
        Host::click("[part=pill]").await;
        assert!(Host::find("[part=card] .body").is_some());
        Host::click("[part=toggle]").await;
        assert!(
            Host::find("[part=card]").is_none(),
            "what came as a pill goes back to being one"
        );
        host.poll(&feed(2, &json!({ "attention": 3 })).to_string())
            .await;
        assert!(Host::find("[part=card]").is_some());
    }
    let _host = Host::open(&feed(3, &json!({ "impact": "minor", "attention": 4 }))).await;
    Host::click("[part=hide]").await;
    assert!(Host::find("[data-notice]").is_none(), "lesser ones vanish");
}

#[wasm_bindgen_test]
async fn a_witness_reads_that_it_is_over_and_what_to_check() {
    Loader::forget();
    Loader::remember("seen", "inc_1", 2);
    {
        let host = Host::open(&feed(1, &json!({}))).await;
        Host::click("[part=hide]").await;
        host.poll(&restored(2).to_string()).await;
        assert!(
            Host::find("[data-notice=inc_1][data-kind=restored] [part=card]").is_some(),
            "hidden or not"
        );
        let title = Host::text("[part=title]");
        assert_eq!(title, "Resolved: Messages are delayed");
        let lasted = Host::text(".body > p");
        assert!(
            lasted.contains(" to ") && lasted.ends_with(", 1 h 40 min"),
            "{lasted}"
        );
        let back = Host::text("[part=works]");
        assert!(
            back.starts_with("Working again since ") && back.ends_with(": Sending"),
            "{back}"
        );
        assert_eq!(Host::text("[part=advice] p"), "Check what you sent.");
        assert!(Host::text("[part=card]").contains("Not working for you?"));
        assert!(
            !Host::text("[part=card]").contains("resend"),
            "advice for the outage does not outlive it"
        );
        assert_eq!(host.loader.said(), "show inc_1, hide inc_1, restored inc_1");
    }
    {
        let _host = Host::open(&restored(2)).await;
        assert!(Host::find("[part=card]").is_some(), "through a reload");
        Host::click("[part=hide]").await;
        assert!(Host::find("[data-notice]").is_none());
    }
    Loader::forget();
    let _host = Host::open(&restored(2)).await;
    assert!(Host::find("[part=card]").is_none());
    assert!(
        Host::text("[part=pill]").starts_with("Resolved: Messages are delayed · "),
        "others see a pill"
    );
}

#[wasm_bindgen_test]
async fn a_broken_promise_is_not_hidden() {
    Loader::forget();
    let _host = Host::open(&feed(
        1,
        &json!({ "next_update_at": "2026-11-21T09:30:00Z" }),
    ))
    .await;
    let promise = Host::text("[part=next-update]");
    assert!(promise.starts_with("Our "), "{promise}");
    assert!(
        promise.ends_with("update is late. The problem may not be over yet."),
        "{promise}"
    );
    assert!(Host::find("[part=contact]").is_some(), "without a tap");
}

#[wasm_bindgen_test]
async fn an_answer_from_before_what_was_kept_confirms_nothing() {
    Loader::forget();
    let loader = Loader::new(&feed(5, &json!({})).to_string());
    loader.keep();
    let host = Host::with(loader).await;
    assert!(Host::text("[part=freshness]").starts_with("As of "));
    host.poll(&feed(4, &json!({ "title": "An old mirror" })).to_string())
        .await;
    let freshness = Host::text("[part=freshness]");
    assert!(
        freshness.ends_with("We cannot reach our status service; this may have changed."),
        "{freshness}"
    );
    host.poll(&feed(5, &json!({})).to_string()).await;
    assert_eq!(Host::text("[part=freshness]"), "", "now it is confirmed");
}

#[wasm_bindgen_test]
async fn an_estimate_is_said_by_its_confidence_until_it_has_passed() {
    for (confidence, at, words) in [
        ("low", "2099-01-01T10:00:00Z", "Estimated fix: about "),
        ("medium", "2099-01-01T10:00:00Z", "Estimated fix: "),
        ("high", "2099-01-01T10:00:00Z", "Estimated fix: by "),
        ("low", "2026-11-21T09:00:00Z", ""),
    ] {
        Loader::forget();
        let changes = json!({ "estimated_end_at": at, "confidence": confidence });
        let _host = Host::open(&feed(1, &changes)).await;
        Host::click("[part=toggle]").await;
        let said = Host::text("[part=next-update] + .soft");
        assert!(said.starts_with(words), "{said}");
        assert_eq!(words.is_empty(), said.is_empty(), "{said}");
    }
}

#[wasm_bindgen_test]
async fn a_duration_stays_on_one_line() {
    Loader::forget();
    Loader::remember("seen", "inc_1", 2);
    let host = Host::open(&feed(1, &json!({}))).await;
    host.poll(&restored(2).to_string()).await;
    assert_eq!(Host::text(".body .tied"), "1 h 40 min");
    assert!(
        !Host::text(".root").contains('\u{2060}'),
        "what ties is not among the words"
    );
}

#[wasm_bindgen_test]
fn durations_have_the_plurals_of_their_language() {
    let words = |tag: &str| {
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
        ("en", 24 * 3 * HOUR / 2, "1 day 12 h"),
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
        let moments = widget::moments::Moments::new(widget::texts::of(language, words), 0);
        let said = moments.duration(seconds);
        assert_eq!(said.replace('\u{2060}', ""), expected, "{language}");
    }
}

#[wasm_bindgen_test]
fn distances_from_36_hours_on_are_in_days() {
    use notice::wire::time::Timestamp;
    const NOW: i64 = 1_000_000;
    let moments = widget::moments::Moments::new(&widget::texts::ENGLISH, NOW);
    for (minutes, expected) in [
        (13, "in 13 min"),
        (-13, "13 min ago"),
        (35 * 60 + 59, "in 35 h 59 min"),
        (36 * 60, "in 2 days"),
        (42 * 60 + 11, "in 2 days"),
        (-42 * 60, "2 days ago"),
        (3 * 24 * 60 - 30, "in 3 days"),
    ] {
        let said = moments.distance(Timestamp::from_seconds(NOW + minutes * 60));
        assert_eq!(said.replace('\u{2060}', ""), expected, "{minutes} min");
    }
}

#[wasm_bindgen_test]
async fn the_host_can_take_it_away() {
    Loader::forget();
    let host = Host::open(&feed(1, &json!({}))).await;
    assert!(Host::root().is_some());
    host.tell("destroy").await;
    assert!(Host::root().is_none());
    host.tell("refresh").await;
}

#[wasm_bindgen_test]
fn a_feed_is_read_as_serde_reads_it() {
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
        assert_eq!(widget::feed_reading::feed(&parsed), Some(expected));
    }
    assert_eq!(
        widget::feed_reading::feed(&JSON::parse("[]").expect("JSON")),
        None
    );
}

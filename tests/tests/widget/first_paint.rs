//! The plain card is painted first, and the Yew card takes its place once it is loaded, without a change that a reader notices.

use std::fs;

use e2e::{
    Browser, Mirror, Motion, Page, Reply, Scheme, TITLE, has_text, in_minutes, is_pill,
    mirror::{self, feed, notice},
    part,
};
use serde_json::{Value, json};
use xtask::workspace::dist;

use crate::host::ROOT;

/// A mirror whose answers for one file are held back, and a page that embeds its site `acme`.
struct Held {
    mirror: Mirror,
    file: &'static str,
    path: String,
    page: Page,
}

const WASM: &str = "widget_bg.wasm";

impl Held {
    fn with(file: &'static str, attributes: &str, feed: &Value) -> Self {
        Self::on("", file, attributes, feed)
    }

    /// With further content in the page.
    fn on(content: &str, file: &'static str, attributes: &str, feed: &Value) -> Self {
        let mirror = Mirror::start();
        let release = fs::read(dist().join("assets/embed.json")).expect("a finished build");
        let release: Value = serde_json::from_slice(&release).unwrap();
        let path = format!("/embed/{}/{file}", release["version"].as_str().unwrap());
        mirror.page().put(&path, Reply::until_next_put());
        mirror.put_feed("acme", feed);
        let embed = mirror.embed(
            "acme",
            &format!("data-shadow=open data-first-paint=plain {attributes}"),
        );
        let viewport = "<meta name=viewport content='width=device-width'>";
        let lines = "<p>Somebody's own words, which stay where they are.</p>".repeat(40);
        let page = Page::with_body(&format!("{viewport}{content}{lines}{embed}"));
        Self {
            mirror,
            file,
            path,
            page,
        }
    }

    fn wasm(notices: &[Value]) -> Self {
        Self::with(WASM, "", &feed(5, notices))
    }

    /// Sends the file.
    fn send(&self) {
        let bytes = fs::read(dist().join("assets").join(&self.path[1..])).unwrap();
        let kind = if self.file == WASM {
            "application/wasm"
        } else {
            "text/javascript"
        };
        let reply = Reply::new(kind, bytes).header("access-control-allow-origin", "*");
        self.mirror.page().put(&self.path, reply);
    }

    /// The names of all files that were requested.
    fn requested(&self) -> Vec<String> {
        let requests = self.mirror.page().requests().into_iter();
        requests
            .map(|request| {
                let path = request.path.split('?').next().unwrap_or_default();
                path.rsplit('/').next().unwrap_or_default().to_owned()
            })
            .collect()
    }
}

/// Whether the Yew card is drawn: its texts are in elements of their own.
const IS_YEW: &str =
    "return !!document.querySelector('allclear-banner')?.shadowRoot.querySelector('data')";

async fn open(browser: &Browser, held: &Held) {
    browser.goto(&held.page.url()).await;
    browser
        .wait_for("the plain card", |tree| tree.notice("inc_1").is_some())
        .await;
    assert_eq!(browser.run(IS_YEW).await, false);
}

async fn swap(browser: &Browser, held: &Held) {
    held.send();
    browser
        .assert_eventually("the Yew card", IS_YEW, json!(true))
        .await;
}

fn outage(changes: &Value) -> Value {
    let advice = json!({ "advice": "Do not resend: your messages are queued and will arrive." });
    e2e::with(e2e::with(notice("inc_1", TITLE), &advice), changes)
}

/// Notices of a page, in a language.
fn mixes() -> Vec<(&'static str, Vec<Value>)> {
    let long =
        "Please do not resend your messages, which are queued and will arrive within the hour. "
            .repeat(6);
    let late = json!({
        "next_update_at": in_minutes(-20),
        "contacts": [
            { "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" },
            { "kind": "link", "label": "Help", "value": "https://help.example/" },
        ],
    });
    let promised = json!({ "next_update_at": in_minutes(20) });
    let still = json!({ "still": ["Reports are late", "Exports are late"], "back": ["Sending"] });
    let planned = json!({ "kind": "maintenance", "status": "scheduled", "impact": "maintenance", "advice": null,
        "started_at": in_minutes(10), "ends_at": in_minutes(70) });
    let audience = json!({ "segments": [{ "slug": "eu", "label": "European customers" }], "paths": [], "components": [], "undeclared": "show" });
    let other = notice("inc_2", "Reports are late");
    vec![
        ("a promise and a line", vec![outage(&promised), other]),
        (
            "long texts",
            vec![outage(
                &json!({ "advice": long, "title": "Messages are delayed, and reports of them arrive late" }),
            )],
        ),
        ("overdue", vec![outage(&late)]),
        (
            "without advice",
            vec![outage(&json!({ "advice": null, "impact": "critical" }))],
        ),
        ("a planned maintenance", vec![outage(&planned)]),
        ("a drill", vec![outage(&json!({ "preview": true }))]),
        (
            "for a segment",
            vec![outage(&json!({ "audience": audience }))],
        ),
        (
            "a pill",
            vec![outage(&json!({ "impact": "minor", "in_app": "pill" }))],
        ),
        (
            "an all-clear",
            vec![mirror::restored(notice("inc_1", TITLE), &still)],
        ),
    ]
}

/// The boxes of all elements that a reader sees, with their names.
const BOXES: &str = "
    const names = '.root,.notice,.card,.head,.icon,.words,h2,h2 b,bdi,.words>*,.times b,.news *,li,.buttons,button,.button,.note,.text,.time,.count';
    return all(names).map((one) => {
        const { left, top, width, height } = one.getBoundingClientRect();
        return [`${one.localName}.${one.className.baseVal ?? one.className}`.replace(/ ?cut/, '').trim(), left, top, width, height];
    })";

/// A reader was here while the incident lasted, so that the all-clear is collapsed after a reload.
const SEEN: &str = "localStorage['allclear:acme:seen'] = '{\"inc_1\":1}';
    localStorage['allclear:acme:cleared'] = '{\"inc_1\":4000000000}'";

#[tokio::test(flavor = "multi_thread")]
async fn both_cards_have_the_same_boxes() {
    let browser = Browser::start().await;
    browser.before_each_page(SEEN).await;
    let views = || {
        [320, 360, 1280]
            .into_iter()
            .flat_map(|width| [Scheme::Light, Scheme::Dark].map(|scheme| (width, scheme)))
    };
    for (why, notices) in mixes() {
        for language in ["en", "de", "ar"] {
            let mut feed = feed(5, &notices);
            feed["lang"] = json!(language);
            feed["poll_after_s"] = json!(600);
            let held = Held::with(WASM, &format!("data-lang={language}"), &feed);
            let mut plain = Vec::new();
            open(&browser, &held).await;
            let boxes = async |browser: &Browser, width, scheme| {
                browser.set_viewport(width, 740, 1.0).await;
                browser.set_media(scheme, Motion::Reduced).await;
                browser.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))").await;
                let boxes = browser.run(&format!("{ROOT}{BOXES}")).await;
                serde_json::from_value::<Vec<(String, f64, f64, f64, f64)>>(boxes).unwrap()
            };
            for (width, scheme) in views() {
                plain.push(boxes(&browser, width, scheme).await);
            }
            swap(&browser, &held).await;
            for ((width, scheme), plain) in views().zip(plain) {
                let yew = boxes(&browser, width, scheme).await;
                let context = format!("{why} {language} {width}: {plain:?} {yew:?}");
                let names = |boxes: &[(String, f64, f64, f64, f64)]| {
                    boxes.iter().map(|one| one.0.clone()).collect::<Vec<_>>()
                };
                assert!(plain.len() > 5, "{context}");
                assert_eq!(names(&plain), names(&yew), "{why} {language} {width}");
                for (one, other) in plain.iter().zip(&yew) {
                    for (one, other) in [
                        (one.1, other.1),
                        (one.2, other.2),
                        (one.3, other.3),
                        (one.4, other.4),
                    ] {
                        assert!((one - other).abs() <= 1.0, "{one} {other} {context}");
                    }
                }
            }
        }
    }
}

const SHIFTS: &str = "window.shifts = []; new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value)))
    .observe({ type: 'layout-shift', buffered: true })";
/// Counts events, and writes of what the reader has seen.
const COUNTS: &str = "window.shown = []; window.Allclear = [['on', 'show', ({ id }) => shown.push(id)]];
    window.stored = [];
    const { setItem } = Storage.prototype;
    const real = localStorage;
    Object.defineProperty(window, 'localStorage', { value: new Proxy({}, {
        get: (_, name) => real[name],
        set: (_, name, value) => (/:seen$/.test(name) && stored.push(value), real[name] = value, true),
    }) })";

#[tokio::test(flavor = "multi_thread")]
async fn the_swap_shifts_nothing_and_announces_and_reports_once() {
    for width in [360, 1280] {
        let held = Held::wasm(&[outage(&json!({}))]);
        let browser = Browser::watching().await;
        browser.before_each_page(SHIFTS).await;
        browser.before_each_page(COUNTS).await;
        browser.record_announcements().await;
        browser.set_viewport(width, 700, 1.0).await;
        open(&browser, &held).await;
        browser.wait_for_announcement(TITLE).await;
        browser
            .wait_for_script("it to be seen", "return stored.length", |count| *count == 1)
            .await;
        swap(&browser, &held).await;
        browser
            .run("return new Promise((done) => setTimeout(done, 1500))")
            .await;
        let counts = browser.run("return [shifts, shown, stored]").await;
        assert_eq!(counts, json!([[], ["inc_1"], ["{\"inc_1\":1}"]]), "{width}");
        assert_eq!(browser.announcements().await.len(), 1);
        let elements = "return [document.querySelectorAll('allclear-banner').length, ...['[role=status]', '[role=alert]', '[data-notice]']
            .map((one) => document.querySelector('allclear-banner').shadowRoot.querySelectorAll(one).length)]";
        assert_eq!(browser.run(elements).await, json!([1, 1, 1, 1]));
        browser.watched().await.assert_no_errors();
    }
}

#[ignore = "the focus is lost in the swap"]
#[tokio::test(flavor = "multi_thread")]
async fn the_same_part_has_the_focus_after_the_swap() {
    for name in ["toggle", "hide"] {
        let held = Held::wasm(&[outage(&json!({}))]);
        let browser = Browser::watching().await;
        open(&browser, &held).await;
        let focus = format!("{ROOT} box; root.querySelector('[part={name}]').focus(); window.heard = [];
            for (const type of ['focusin', 'focusout', 'blur', 'focus']) document.addEventListener(type, () => heard.push(type), true)");
        browser.run(&focus).await;
        swap(&browser, &held).await;
        let focused = format!("{ROOT} return [root.activeElement?.getAttribute('part'), heard]");
        assert_eq!(browser.run(&focused).await, json!([name, []]));
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_hidden_before_the_swap_stays_hidden() {
    let held = Held::wasm(&[outage(&json!({}))]);
    let browser = Browser::watching().await;
    open(&browser, &held).await;
    e2e::press(&browser, "inc_1", "hide").await;
    browser
        .wait_for("the pill", |tree| is_pill(tree, "inc_1"))
        .await;
    swap(&browser, &held).await;
    assert!(is_pill(&browser.pierce().await, "inc_1"));
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_expanded_before_the_swap_stays_expanded() {
    let held = Held::wasm(&[outage(&json!({ "works": ["Receiving"] }))]);
    let browser = Browser::watching().await;
    open(&browser, &held).await;
    e2e::press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("what works", |tree| has_text(tree, "inc_1", "Receiving"))
        .await;
    swap(&browser, &held).await;
    assert!(has_text(&browser.pierce().await, "inc_1", "Receiving"));
    assert_eq!(browser.run("return Allclear.state.open").await, "inc_1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_that_lasts_over_the_swap_counts() {
    let held = Held::wasm(&[outage(&json!({ "works": ["Receiving"] }))]);
    let browser = Browser::watching().await;
    open(&browser, &held).await;
    let tree = browser.pierce().await;
    let toggle = browser.rectangle(&part(&tree, "inc_1", "toggle")).await;
    let [left, top, width, height] = toggle.unwrap();
    let mouse = |kind: &str| json!({ "type": kind, "x": left + width / 2.0, "y": top + height / 2.0, "button": "left", "clickCount": 1 });
    let send = "Input.dispatchMouseEvent";
    browser.devtools(send, mouse("mousePressed")).await;
    held.send();
    let loaded = "return performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith('widget_bg.wasm') && responseEnd)";
    browser
        .assert_eventually("the wasm", loaded, json!(true))
        .await;
    browser
        .run("return new Promise((done) => setTimeout(done, 500))")
        .await;
    assert_eq!(browser.run(IS_YEW).await, false, "the press goes on");
    browser.devtools(send, mouse("mouseReleased")).await;
    browser
        .assert_eventually("the Yew card", IS_YEW, json!(true))
        .await;
    browser
        .wait_for("what works", |tree| has_text(tree, "inc_1", "Receiving"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_widget_that_is_there_first_is_drawn_directly() {
    let held = Held::with("standing.js", "", &feed(5, &[outage(&json!({}))]));
    let browser = Browser::watching().await;
    browser.goto(&held.page.url()).await;
    browser
        .assert_eventually("the Yew card", IS_YEW, json!(true))
        .await;
    held.send();
    browser
        .run("return new Promise((done) => setTimeout(done, 500))")
        .await;
    assert_eq!(browser.run(IS_YEW).await, true);
    let count = format!("{ROOT} return all('[data-notice]').length");
    assert_eq!(browser.run(&count).await, 1);
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_widget_the_plain_card_stays() {
    let held = Held::wasm(&[outage(&json!({}))]);
    let browser = Browser::watching().await;
    open(&browser, &held).await;
    e2e::wait_until_seen(&browser, "inc_1").await;
    let over = mirror::restored(notice("inc_1", TITLE), &json!({}));
    held.mirror.put_feed("acme", &feed(6, &[over]));
    browser
        .wait_for("the all-clear", |tree| has_text(tree, "inc_1", "Resolved"))
        .await;
    assert_eq!(browser.run(IS_YEW).await, false);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_files_are_requested_before_the_plain_card_is_painted() {
    let mut german = feed(5, &[outage(&json!({}))]);
    german["lang"] = json!("de");
    let held = Held::with(WASM, "data-lang=de", &german);
    let browser = Browser::watching().await;
    open(&browser, &held).await;
    let requested = held.requested();
    for file in [
        "rules.js",
        "plain.js",
        "standing.js",
        "plain-de.js",
        "widget.js",
        WASM,
    ] {
        let count = requested.iter().filter(|one| *one == file).count();
        assert_eq!(count, 1, "{file}: {requested:?}");
    }
    let begun = "const at = (file) => performance.getEntriesByType('resource').find(({ name }) => name.endsWith(file)).startTime;
        return at('/widget.js') < performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/standing.js')).responseEnd";
    assert_eq!(browser.run(begun).await, true, "at the same time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_waits_for_the_widget() {
    let billing = json!({ "id": "cmp_1", "slug": "billing", "name": "Billing", "status": "partial_outage", "since": in_minutes(-30) });
    let incident = outage(&json!({ "components": [billing] }));
    let held = Held::on(
        "<div data-allclear-slot=billing></div>",
        WASM,
        "",
        &feed(5, &[incident]),
    );
    let browser = Browser::watching().await;
    browser.goto(&held.page.url()).await;
    browser
        .wait_for_script("the request for the wasm", "return 0", |_| {
            held.requested().contains(&WASM.to_owned())
        })
        .await;
    browser
        .run("return new Promise((done) => setTimeout(done, 500))")
        .await;
    assert!(browser.pierce().await.notice("inc_1").is_none());
    held.send();
    browser
        .wait_for("the card in the slot", |tree| {
            tree.notice("inc_1").is_some()
        })
        .await;
}

#[ignore = "the reserved space changes by 3 px in the swap"]
#[tokio::test(flavor = "multi_thread")]
async fn reserved_space_stays_the_same_over_the_swap() {
    let held = Held::with(WASM, "data-reserve", &feed(5, &[outage(&json!({}))]));
    let browser = Browser::watching().await;
    browser.before_each_page(SHIFTS).await;
    browser.before_each_page("addEventListener('DOMContentLoaded', () => document.documentElement.style.paddingBottom = '7px')").await;
    open(&browser, &held).await;
    let padding = "return document.documentElement.style.paddingBottom";
    browser
        .eventually("the reserved space", padding, |padding| {
            padding.as_str().is_some_and(|padding| padding.len() > 4)
        })
        .await;
    let reserved = browser.run(padding).await;
    browser.run("scrollTo(0, 1e6); window.changed = []; new MutationObserver(() => changed.push(document.documentElement.style.paddingBottom))
        .observe(document.documentElement, { attributes: true }); window.scrolled = scrollY").await;
    swap(&browser, &held).await;
    assert_eq!(browser.run(padding).await, reserved);
    assert_eq!(browser.run("return scrollY === scrolled").await, true);
    let changed = browser.run("return changed").await;
    assert!(
        changed
            .as_array()
            .unwrap()
            .iter()
            .all(|one| *one == reserved),
        "{changed} {reserved}"
    );
    browser.run("Allclear.destroy()").await;
    browser
        .assert_eventually("the page's own", padding, json!("7px"))
        .await;
}

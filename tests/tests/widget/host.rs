//! A host with a feed set by the test, and access to the card's open shadow root.

use e2e::{Browser, Mirror, Page, mirror};
use serde_json::{Value, json};

/// Prefix of scripts: `root`, `all` and `box`.
pub const ROOT: &str = "const root = document.querySelector('allclear-banner').shadowRoot;
    const all = selector => [...root.querySelectorAll(selector)];
    const box = selector => root.querySelector(selector).getBoundingClientRect();";

/// A script that makes the page's monotonic clock and its timers 20 times as fast.
pub const FAST_CLOCK: &str = "{
    const { setTimeout } = window;
    const now = performance.now.bind(performance);
    performance.now = () => now() * 20;
    window.setTimeout = (task, delay = 0, ...given) => setTimeout(task, delay / 20, ...given);
}";

/// A script that shortens the page's timers of exactly this delay, in milliseconds.
pub fn shortened(delay: u32, shorter: u32) -> String {
    format!(
        "{{ const {{ setTimeout }} = window;
         window.setTimeout = (task, delay, ...given) => setTimeout(task, delay === {delay} ? {shorter} : delay, ...given); }}"
    )
}

/// A script that stops the page's monotonic clock and its timers: [`pass`] moves them. Time passes
/// only while no request waits for its answer.
pub const STOPPED_CLOCK: &str = "{
    const { setTimeout, clearTimeout, fetch } = window;
    let asking = 0;
    window.fetch = async (...given) => {
        asking++;
        try {
            const response = await fetch(...given);
            await response.clone().arrayBuffer();
            return response;
        } finally {
            asking--;
        }
    };
    const waiting = new Map();
    let now = 1e3, last = 1e9;
    performance.now = () => now;
    window.setTimeout = (task, delay = 0, ...given) => {
        if (!(delay >= 1)) return setTimeout(task, delay, ...given);
        waiting.set(++last, { at: now + delay, run: () => task(...given) });
        return last;
    };
    window.clearTimeout = id => {
        waiting.delete(id);
        clearTimeout(id);
    };
    window.pass = async seconds => {
        const end = now + seconds * 1e3;
        for (;;) {
            // The work that a timer has started is finished before the next timer runs.
            do await new Promise(done => setTimeout(done)); while (asking);
            const [next] = [...waiting].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at);
            if (!next) break;
            const [id, { at, run }] = next;
            waiting.delete(id);
            now = Math.max(now, at);
            run();
        }
        now = end;
    };
}";

/// Moves the clock of a page with [`STOPPED_CLOCK`] by some seconds, and runs its timers on the way.
pub async fn pass(browser: &Browser, seconds: u32) {
    browser.run(&format!("return pass({seconds})")).await;
}

/// A host with a feed, and a page that embeds it.
pub struct Host {
    pub mirror: Mirror,
    pub page: Page,
}

/// Starts a mirror with a feed of these notices in this language, and a host page whose embed code has these attributes.
pub fn host(attributes: &str, language: &str, notices: &[Value]) -> Host {
    let mirror = Mirror::start();
    let mut feed = mirror::feed(5, notices);
    feed["lang"] = json!(language);
    mirror.put_feed("acme", &feed);
    let embed = mirror.embed("acme", &format!("data-shadow=open {attributes}"));
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><meta name=viewport content='width=device-width, viewport-fit=cover'>\
         <title>Host</title><h1>Host</h1><button id=own>Own</button>{embed}"
    ));
    Host { mirror, page }
}

/// A notice with advice, works and broken lists, a promise, a contact and a component.
pub fn full_notice(id: &str, title: &str) -> Value {
    let mut outage = mirror::notice(id, title);
    for (name, value) in [
        ("advice", json!("Do not resend: it will arrive.")),
        ("works", json!(["Contacts"])),
        ("broken", json!(["Sending arrives late."])),
        ("next_update_at", json!(e2e::in_minutes(100))),
        (
            "contacts",
            json!([{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }]),
        ),
        (
            "components",
            json!([{ "id": "cmp_1", "slug": "sending", "name": "Sending", "status": "partial_outage", "since": e2e::in_minutes(-30) }]),
        ),
    ] {
        outage[name] = value;
    }
    outage
}

/// Opens the page and waits until the card shows this text.
pub async fn open_card(browser: &Browser, host: &Host, words: &str) {
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card", |tree| {
            tree.banner()
                .is_some_and(|banner| banner.text().contains(words))
        })
        .await;
    assert!(!host.mirror.feed_requests().is_empty());
}

/// Expands the card and waits until it is drawn.
pub async fn expand(browser: &Browser) {
    browser
        .run(&format!(
            "{ROOT} root.querySelector('[part=toggle],[part=pill]').click()"
        ))
        .await;
    browser
        .wait_for("the expanded card", |tree| {
            tree.part("toggle")
                .is_some_and(|toggle| toggle.attribute("aria-expanded") == Some("true"))
        })
        .await;
}

/// Runs a script in which `root` is the card's shadow root, `all` finds elements in it, and `box` measures one.
pub async fn run_in_card(browser: &Browser, script: &str) -> Value {
    browser.run(&format!("{ROOT} {script}")).await
}

/// Waits until the result of a script, run as in [`run_in_card`], equals this value: the card is
/// drawn some time after the feed or the window has changed.
pub async fn assert_in_card(browser: &Browser, why: &str, script: &str, expected: Value) {
    let script = format!("{ROOT} {script}");
    browser.assert_eventually(why, &script, expected).await;
}

/// Waits until the result of a script, run as in [`run_in_card`], meets a condition; returns the
/// result.
pub async fn wait_in_card(
    browser: &Browser,
    what: &str,
    script: &str,
    is_so: impl Fn(&Value) -> bool,
) -> Value {
    let script = format!("{ROOT} {script}");
    browser.eventually(what, &script, is_so).await
}

/// Waits until the text that a script, run as in [`run_in_card`], returns meets a condition;
/// returns the text.
pub async fn wait_for_card_text(
    browser: &Browser,
    what: &str,
    script: &str,
    is_so: impl Fn(&str) -> bool,
) -> String {
    let text = wait_in_card(browser, what, script, |text| {
        text.as_str().is_some_and(&is_so)
    })
    .await;
    text.as_str().expect("a text").to_owned()
}

//! Announcements: at most one in 30 s for each notice, when its attention rises or it is over; with both cards. The page's
//! clock runs fast.

use crate::host::FAST_CLOCK;
use e2e::{Browser, Mirror, Page, mirror};
use serde_json::{Value, json};

/// The content policies of a page: none, and one that forbids wasm, so that the plain card is drawn.
const POLICIES: [Option<&str>; 2] = [None, Some("script-src * 'unsafe-inline'")];

/// Records each announcement with its time in seconds.
const RECORDER: &str = "{
    window.announced = [];
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (options) {
        const root = attachShadow.call(this, options);
        new MutationObserver(() => {
            for (const region of root.querySelectorAll('[role=status],[role=alert]')) {
                const { textContent } = region;
                if (region.before !== textContent && textContent) announced.push([performance.now() / 1e3, region.role, textContent]);
                region.before = textContent;
            }
        }).observe(root, { childList: true, characterData: true, subtree: true });
        return root;
    };
}";

struct Host {
    mirror: Mirror,
    browser: Browser,
    rev: u64,
    _page: Page,
}

impl Host {
    async fn open(policy: Option<&str>, notices: &[Value]) -> Self {
        let mirror = Mirror::with_notices(notices);
        let page = Page::with_policy(&mirror.embed("acme", ""), policy);
        let browser = Browser::watching().await;
        browser.before_each_page(FAST_CLOCK).await;
        browser.before_each_page(RECORDER).await;
        browser.goto(&page.url()).await;
        Self {
            mirror,
            browser,
            rev: 5,
            _page: page,
        }
    }

    /// Serves these notices, and waits until the card has them.
    async fn publish(&mut self, notices: &[Value]) {
        self.rev += 1;
        let rev = self.rev;
        self.mirror.put_feed("acme", &mirror::feed(rev, notices));
        self.browser.run("Allclear.refresh()").await;
        self.browser
            .wait_for_script("the feed", "return Allclear.state.feed.rev", |known| {
                *known == json!(rev)
            })
            .await;
    }

    /// Waits for this many announcements, and returns them.
    async fn wait_for(&self, count: usize) -> Vec<(f64, String)> {
        let announced = self
            .browser
            .wait_for_script("the announcement", "return announced", |announced| {
                announced
                    .as_array()
                    .is_some_and(|announced| announced.len() >= count)
            })
            .await;
        assert_eq!(announced.as_array().unwrap().len(), count, "{announced}");
        let announced = announced.as_array().unwrap().iter();
        announced
            .map(|one| {
                let text = one[2].as_str().unwrap().trim();
                let text = format!("{}: {text}", one[1].as_str().unwrap());
                (one[0].as_f64().unwrap(), text)
            })
            .collect()
    }

    /// Waits until the page's clock has advanced by some seconds.
    async fn pass(&self, seconds: u32) {
        let script = format!("return new Promise(done => setTimeout(done, {seconds}e3))");
        self.browser.run(&script).await;
    }
}

fn notice(id: &str, changes: &Value) -> Value {
    e2e::with(mirror::notice(id, "Delayed"), changes)
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_of_a_notice_are_30_s_apart() {
    for policy in POLICIES {
        let mut host = Host::open(policy, &[notice("inc_1", &json!({}))]).await;
        host.wait_for(1).await;
        // Only the newest of these is spoken.
        for attention in 2..6 {
            let changes = json!({ "attention": attention, "advice": format!("Wait {attention}.") });
            host.publish(&[notice("inc_1", &changes)]).await;
        }
        let announced = host.wait_for(2).await;
        assert!(announced[1].0 - announced[0].0 >= 29.9, "{announced:?}");
        assert!(
            announced[0].1.starts_with("status: Major: Delayed."),
            "{announced:?}"
        );
        assert!(announced[1].1.ends_with("Wait 5."), "{announced:?}");
        // An all-clear waits too, and is spoken.
        let restored = mirror::restored(notice("inc_1", &json!({})), &json!({}));
        let restored = e2e::with(restored, &json!({ "attention": 6 }));
        host.publish(&[restored]).await;
        let announced = host.wait_for(3).await;
        assert!(announced[2].0 - announced[1].0 >= 29.9, "{announced:?}");
        assert!(
            announced[2].1.starts_with("status: Resolved: Delayed."),
            "{announced:?}"
        );
        host.pass(60).await;
        host.wait_for(3).await;
        host.browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_without_a_rise_in_attention_are_silent() {
    for policy in POLICIES {
        let mut host = Host::open(policy, &[notice("inc_1", &json!({}))]).await;
        host.wait_for(1).await;
        host.pass(40).await;
        for changes in [
            json!({ "status": "monitoring" }),
            json!({ "impact": "critical" }),
            json!({ "advice": "Wait." }),
            json!({ "updates": [{ "id": "upd_2", "status": "monitoring", "body": "Half.", "at": e2e::in_minutes(0) }] }),
        ] {
            host.publish(&[notice("inc_1", &changes)]).await;
            host.pass(10).await;
        }
        host.wait_for(1).await;
        host.publish(&[notice(
            "inc_1",
            &json!({ "attention": 2, "impact": "critical" }),
        )])
        .await;
        let announced = host.wait_for(2).await;
        assert!(
            announced[1].1.starts_with("alert: Critical: Delayed."),
            "{announced:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_notice_does_not_wait_30_s() {
    for policy in POLICIES {
        let first = notice("inc_1", &json!({}));
        let mut host = Host::open(policy, std::slice::from_ref(&first)).await;
        host.wait_for(1).await;
        let second = e2e::with(
            notice("inc_2", &json!({ "impact": "critical" })),
            &json!({ "title": "Lost" }),
        );
        host.publish(&[second, first]).await;
        let announced = host.wait_for(2).await;
        assert!(
            announced[1].1.starts_with("alert: Critical: Lost."),
            "{announced:?}"
        );
        assert!(announced[1].0 - announced[0].0 < 29.0, "{announced:?}");
    }
}

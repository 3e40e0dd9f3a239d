//! Announcements to screen readers: at most one in 30 s for each notice, when its attention rises
//! or its all-clear comes; with both cards. The page's clock stands still until the test moves it.

use crate::host::{STOPPED_CLOCK, pass};
use e2e::{Browser, Mirror, Page, mirror};
use serde_json::{Value, json};

/// The content policies of a page: none, and one that forbids wasm, so that the plain card is drawn.
const POLICIES: [Option<&str>; 2] = [None, Some("script-src * 'unsafe-inline'")];

struct Host {
    mirror: Mirror,
    browser: Browser,
    rev: u64,
    _page: Page,
}

impl Host {
    /// Opens a page, and waits for the card.
    async fn open(policy: Option<&str>, notices: &[Value]) -> Self {
        let mirror = Mirror::with_notices(notices);
        let page = Page::with_policy(&mirror.embed("acme", ""), policy);
        let browser = Browser::watching().await;
        browser.before_each_page(STOPPED_CLOCK).await;
        browser.record_announcements().await;
        browser.goto(&page.url()).await;
        browser
            .wait_for("the card", |tree| tree.notice("inc_1").is_some())
            .await;
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

    /// Moves the page's clock, and returns all announcements so far.
    async fn announcements_after(&self, seconds: u32) -> Vec<String> {
        pass(&self.browser, seconds).await;
        self.browser.announcements().await
    }
}

fn notice(id: &str, changes: &Value) -> Value {
    e2e::with(mirror::notice(id, "Delayed"), changes)
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_of_a_notice_are_30_s_apart() {
    for policy in POLICIES {
        let mut host = Host::open(policy, &[notice("inc_1", &json!({}))]).await;
        let announced = host.announcements_after(1).await;
        assert_eq!(announced.len(), 1, "{announced:?}");
        assert!(
            announced[0].starts_with("status: Major: Delayed."),
            "{announced:?}"
        );
        // Only the newest of these changes is announced.
        for attention in 2..6 {
            let changes = json!({ "attention": attention, "advice": format!("Wait {attention}.") });
            host.publish(&[notice("inc_1", &changes)]).await;
            assert_eq!(host.announcements_after(7).await.len(), 1);
        }
        let announced = host.announcements_after(3).await;
        assert_eq!(announced.len(), 2, "{announced:?}");
        assert!(announced[1].ends_with("Wait 5."), "{announced:?}");
        // An all-clear waits too, and is announced.
        let restored = mirror::restored(notice("inc_1", &json!({})), &json!({}));
        let restored = e2e::with(restored, &json!({ "attention": 6 }));
        host.publish(&[restored]).await;
        assert_eq!(host.announcements_after(28).await.len(), 2);
        let announced = host.announcements_after(3).await;
        assert_eq!(announced.len(), 3, "{announced:?}");
        assert!(
            announced[2].starts_with("status: Resolved: Delayed."),
            "{announced:?}"
        );
        assert_eq!(host.announcements_after(60).await.len(), 3);
        host.browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_without_a_rise_in_attention_are_silent() {
    for policy in POLICIES {
        let mut host = Host::open(policy, &[notice("inc_1", &json!({}))]).await;
        assert_eq!(host.announcements_after(40).await.len(), 1);
        for changes in [
            json!({ "status": "monitoring" }),
            json!({ "impact": "critical" }),
            json!({ "advice": "Wait." }),
            json!({ "updates": [{ "id": "upd_2", "status": "monitoring", "body": "Half.", "at": e2e::in_minutes(0) }] }),
        ] {
            host.publish(&[notice("inc_1", &changes)]).await;
            let announced = host.announcements_after(40).await;
            assert_eq!(announced.len(), 1, "{changes}: {announced:?}");
        }
        host.publish(&[notice(
            "inc_1",
            &json!({ "attention": 2, "impact": "critical" }),
        )])
        .await;
        let announced = host.announcements_after(1).await;
        assert_eq!(announced.len(), 2, "{announced:?}");
        assert!(
            announced[1].starts_with("alert: Critical: Delayed."),
            "{announced:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_notice_does_not_wait_30_s() {
    for policy in POLICIES {
        let first = notice("inc_1", &json!({}));
        let mut host = Host::open(policy, std::slice::from_ref(&first)).await;
        assert_eq!(host.announcements_after(1).await.len(), 1);
        let second = e2e::with(
            notice("inc_2", &json!({ "impact": "critical" })),
            &json!({ "title": "Lost" }),
        );
        host.publish(&[second, first]).await;
        let announced = host.announcements_after(1).await;
        assert_eq!(announced.len(), 2, "{announced:?}");
        assert!(
            announced[1].starts_with("alert: Critical: Lost."),
            "{announced:?}"
        );
    }
}

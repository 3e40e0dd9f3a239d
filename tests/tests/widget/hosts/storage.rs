//! Pages that clear the storage, as many do on logging out: the reader's actions apply until the next page; with both cards.

use e2e::{Browser, has_text, mirror, wait_until_seen};
use serde_json::json;

use super::both_cards::*;

/// Scripts with which pages clear our stored values.
const CLEARS: [&str; 2] = [
    "localStorage.clear()",
    "for (const name of Object.keys(localStorage)) localStorage.removeItem(name)",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_cleared_storage_brings_no_hidden_notice_back() {
    let browser = Browser::watching().await;
    for clear in CLEARS {
        for policy in POLICIES {
            let host = host("", "", policy);
            open_card(&browser, &host).await;
            click(&browser, "hide").await;
            wait_until_hidden(&browser).await;
            browser.run(clear).await;
            let mut notice = notice();
            for rev in 6..9 {
                notice["title"] = json!(format!("Still down {rev}"));
                host.mirror
                    .put_feed("acme", &mirror::feed(rev, std::slice::from_ref(&notice)));
                browser.run("Allclear.refresh()").await;
                let tree = browser
                    .wait_for("the new feed", |tree| {
                        has_text(tree, "inc_1", &format!("Still down {rev}"))
                    })
                    .await;
                assert!(e2e::is_pill(&tree, "inc_1"), "{clear}: it is hidden");
                browser.run(clear).await;
            }
            browser.watched().await.assert_no_errors();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_gets_the_all_clear_after_a_cleared_storage() {
    let browser = Browser::watching().await;
    for clear in CLEARS {
        for is_hidden in [false, true] {
            for policy in POLICIES {
                let host = host("", "", policy);
                open_card(&browser, &host).await;
                if is_hidden {
                    click(&browser, "hide").await;
                    wait_until_hidden(&browser).await;
                } else {
                    wait_until_seen(&browser, "inc_1").await;
                }
                browser.run(clear).await;
                let restored = mirror::restored(notice(), &json!({}));
                host.mirror.put_feed("acme", &mirror::feed(9, &[restored]));
                browser.run("Allclear.refresh()").await;
                browser
                    .wait_for("the all-clear, as a card", |tree| {
                        tree.notice("inc_1").is_some_and(|notice| {
                            notice.attribute("data-kind") == Some("restored")
                                && notice.part("card").is_some()
                        })
                    })
                    .await;
                browser.watched().await.assert_no_errors();
            }
        }
    }
}

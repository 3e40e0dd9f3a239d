//! A difference between the stored data and the journal, which the console shows until it is repaired.

use e2e::{Operator, ROOT_TOKEN, Site};
use serde_json::json;

/// The text of the strip that shows the difference.
const STRIP: &str = "The stored data differs from the journal: the incident";

#[tokio::test(flavor = "multi_thread")]
async fn a_difference_is_shown_until_it_is_repaired() {
    let mut site = Site::with_tiers();
    site.publish_outage();
    site.server
        .damage("UPDATE incident SET status = 'monitoring'");
    assert_eq!(site.verify()["ok"], false);
    let operator = Operator::signed_in_as_owner(&site, "").await;
    let tree = operator.wait_for_text(STRIP).await;
    assert!(tree.text().contains("You can go on publishing."));
    let repaired = site
        .server
        .post(&site.path("/repair"), ROOT_TOKEN, &json!(null));
    assert_eq!(repaired.status, 200, "{}", repaired.text());
    // The console repeats its request without the operator.
    let is_gone = format!("return !document.body.innerText.includes({})", json!(STRIP));
    operator
        .browser
        .wait_for_script("the strip is gone", &is_gone, |is_gone| {
            *is_gone == json!(true)
        })
        .await;
    operator.assert_no_errors().await;
}

//! The plain card's colours in browsers without `light-dark()`: Chrome before 123, Firefox before 120, Safari before 17.5.

use e2e::{Browser, Site, has_text, outage};
use serde_json::json;

use super::page;

/// Replaces `light-dark()` in the style by a function that no browser has, so that declarations
/// with it are invalid.
const WITHOUT_LIGHT_DARK: &str = "
    const { replaceSync } = CSSStyleSheet.prototype;
    CSSStyleSheet.prototype.replaceSync = function (style) {
        window.__hadLightDark = style.includes('light-dark(');
        replaceSync.call(this, style.replaceAll('light-dark(', 'unknown('));
    };
";

#[tokio::test(flavor = "multi_thread")]
async fn without_light_dark_the_card_is_opaque_and_has_its_icon() {
    let site = Site::empty();
    let incident = site.publish(&outage());
    let page = page(&site, "data-shadow=open");
    let browser = Browser::start().await;
    browser.before_each_page(WITHOUT_LIGHT_DARK).await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;
    let styles = browser
        .run(
            "const card = document.querySelector('allclear-banner').shadowRoot.querySelector('[part=card]');
             return [__hadLightDark, getComputedStyle(card).backgroundColor, getComputedStyle(card.querySelector('svg')).stroke]",
        )
        .await;
    let [white, black] = ["rgb(255, 255, 255)", "rgb(0, 0, 0)"];
    assert_eq!(styles, json!([true, white, black]));
}

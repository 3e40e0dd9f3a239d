//! A notice in a rendered slot does not float as well, and each button acts on its own card.

use e2e::{Browser, Mirror, Node, Page, Tree, is_expanded, mirror};
use serde_json::{Value, json};

const TITLE: &str = "Sharing is slow";

fn shared_notice() -> Value {
    let mut notice = mirror::notice("inc_1", TITLE);
    notice["advice"] = json!("Do not share again.");
    notice["components"] = json!([{ "id": "cmp_1", "slug": "share", "name": "Share", "status": "partial_outage", "since": e2e::in_minutes(-30) }]);
    notice["audience"]["components"] = json!(["share"]);
    notice
}

async fn open_page(notices: &[Value], body: &str) -> (Mirror, Page, Browser) {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &mirror::feed(5, notices));
    let embed = mirror.embed("acme", "");
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><style>.off {{ visibility: hidden }}</style>{body}{embed}"
    ));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    (mirror, page, browser)
}

fn slot_in<'tree>(tree: &'tree Tree, id: &str) -> Option<&'tree Node> {
    tree.find(|node| node.attribute("id") == Some(id))?
        .element("allclear-slot")
}

fn has_part(node: Option<&Node>, part: &str) -> bool {
    node.is_some_and(|node| node.part(part).is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn more_expands_one_card_and_hide_hides_all() {
    let body =
        "<div id=one data-allclear-slot=share></div><div id=two data-allclear-slot=share></div>";
    let (_mirror, _page, browser) = open_page(&[shared_notice()], body).await;
    let tree = browser
        .wait_for("both cards, and none that floats", |tree| {
            has_part(slot_in(tree, "one"), "card")
                && has_part(slot_in(tree, "two"), "card")
                && !has_part(tree.banner(), "card")
        })
        .await;
    let toggle = slot_in(&tree, "two").unwrap().part("toggle").unwrap();
    browser.click(toggle).await;
    let tree = browser
        .wait_for("the second card expanded", |tree| {
            is_expanded(slot_in(tree, "two"))
        })
        .await;
    assert!(
        !is_expanded(slot_in(&tree, "one")),
        "the first stays as it is"
    );
    let open = browser.run("return Allclear.state.open").await;
    assert_eq!(open, json!("inc_1"));

    let hide = slot_in(&tree, "two").unwrap().part("hide").unwrap();
    browser.click(hide).await;
    let tree = browser
        .wait_for("one pill, in the first slot", |tree| {
            has_part(slot_in(tree, "one"), "pill") && !has_part(slot_in(tree, "one"), "card")
        })
        .await;
    assert!(tree.notices().len() == 1, "{}", tree.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_floats_while_its_slot_is_not_rendered() {
    for (show, hide, slot) in [
        (
            "dialogue.show()",
            "dialogue.close()",
            "<dialog id=dialogue><div id=here data-allclear-slot=share></div></dialog>",
        ),
        (
            "dialogue.className = ''; dialogue.click()",
            "dialogue.className = 'off'; dialogue.click()",
            "<div id=dialogue class=off><div id=here data-allclear-slot=share></div></div>",
        ),
        (
            "dialogue.style.display = 'block'",
            "dialogue.style.display = 'none'",
            "<div id=dialogue style='display:none'><div id=here data-allclear-slot=share></div></div>",
        ),
    ] {
        let (_mirror, _page, browser) = open_page(&[shared_notice()], slot).await;
        browser
            .wait_for("the floating card", |tree| has_part(tree.banner(), "card"))
            .await;
        browser.run(show).await;
        browser
            .wait_for(show, |tree| {
                !has_part(tree.banner(), "card") && has_part(slot_in(tree, "here"), "card")
            })
            .await;
        browser.run(hide).await;
        browser
            .wait_for(hide, |tree| has_part(tree.banner(), "card"))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detached_element_does_not_count_as_a_slot() {
    let (_mirror, _page, browser) = open_page(&[shared_notice()], "<h1>Host</h1>").await;
    browser
        .wait_for("the floating card", |tree| has_part(tree.banner(), "card"))
        .await;
    browser
        .run("window.detached = document.createElement('div'); Allclear.mount(detached, { components: ['share'] })")
        .await;
    browser
        .run("return new Promise(requestAnimationFrame)")
        .await;
    assert!(has_part(browser.pierce().await.banner(), "card"));
    browser.run("document.body.append(detached)").await;
    browser
        .wait_for("the card in the slot only", |tree| {
            !has_part(tree.banner(), "card") && has_part(tree.element("allclear-slot"), "card")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_a_slot_for_a_component_declares_it() {
    let mut minor = shared_notice();
    (minor["impact"], minor["in_app"]) = (json!("minor"), json!("pill"));
    minor["audience"]["undeclared"] = json!("hide");
    let mut critical = shared_notice();
    critical["id"] = json!("inc_2");
    critical["impact"] = json!("critical");
    critical["audience"]["components"] = json!(["signin"]);
    critical["components"][0]["slug"] = json!("signin");
    let slot = "<dialog><div data-allclear-slot=share></div></dialog>";
    let (_mirror, _page, browser) = open_page(&[critical, minor], slot).await;
    browser
        .wait_for_script(
            "both notices: a slot declares its own component only",
            "return window.Allclear?.state.shown",
            |shown| *shown == json!(["inc_2", "inc_1"]),
        )
        .await;
}

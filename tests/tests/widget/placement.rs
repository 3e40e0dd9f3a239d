//! The card's position: it never covers the page for good, is placed where the page wants it, and
//! keeps clear of the page's own bars.

use e2e::{
    Browser, BrowserOptions, Motion, Page, Reply, Scheme, Site, TITLE, Tree, has_text, is_pill,
    outage, part, press,
};
use serde_json::{Value, json};

fn site_in_outage() -> (Site, String) {
    let site = Site::empty();
    let incident = site.publish(&outage());
    (site, incident)
}

/// A page with our script in the middle of it.
fn page(site: &Site, attributes: &str, before: &str, after: &str) -> Page {
    let embed = site.server.embed(site.slug, attributes);
    Page::host(&format!(
        "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>Host</title>\
         <body>{before}{embed}{after}"
    ))
}

async fn open_page(page: &Page, incident: &str) -> (Browser, Tree) {
    let browser = Browser::watching().await;
    // Without motion, so that the card is measured at its final position.
    browser.set_media(Scheme::Light, Motion::Reduced).await;
    browser.set_viewport(1280, 800, 1.0).await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the card", |tree| has_text(tree, incident, TITLE))
        .await;
    (browser, tree)
}

async fn rectangle(browser: &Browser, tree: &Tree, incident: &str, name: &str) -> [f64; 4] {
    let node = part(tree, incident, name);
    browser.rectangle(&node).await.expect("it is shown")
}

fn is_card(tree: &Tree, incident: &str) -> bool {
    tree.notice(incident)
        .is_some_and(|notice| notice.part("card").is_some())
}

/// A script that returns whether a click in the middle of the element with this id hits the
/// element.
fn is_hit_script(id: &str) -> String {
    format!(
        "const at = document.getElementById('{id}').getBoundingClientRect();
         const x = (at.left + at.right) / 2, y = (at.top + at.bottom) / 2;
         return y > 0 && y < innerHeight && document.elementFromPoint(x, y)?.id === '{id}'"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_does_not_cover_the_focused_element() {
    let (site, incident) = site_in_outage();
    for position in ["bottom", "corner", "top"] {
        let style = if position == "top" {
            "position:fixed;inset:0 0 auto"
        } else {
            "position:fixed;inset:auto 0 0"
        };
        let bar = format!(
            "<input id=first style='position:fixed;top:360px'><footer style='{style};padding:20px;text-align:{}'>\
             <button id=save>Save</button></footer>",
            if position == "corner" {
                "end"
            } else {
                "center"
            }
        );
        let page = page(&site, &format!("data-position={position}"), &bar, "");
        let (browser, _) = open_page(&page, &incident).await;
        let why = format!("{position}: the card covers the button");
        browser
            .assert_eventually(&why, &is_hit_script("save"), json!(false))
            .await;
        browser
            .run("document.getElementById('first').focus()")
            .await;
        browser.press("Tab").await;
        assert_eq!(
            browser.run("return document.activeElement.id").await,
            json!("save")
        );
        browser
            .wait_for("the pill", |tree| is_pill(tree, &incident))
            .await;
        browser
            .wait_for_script("Save", &is_hit_script("save"), |free| *free == json!(true))
            .await;
        assert_eq!(
            browser.run("return document.activeElement.id").await,
            json!("save"),
            "{position}: the focus stays"
        );
        browser
            .run("document.getElementById('first').focus()")
            .await;
        browser
            .wait_for("the card again", |tree| is_card(tree, &incident))
            .await;
        let watched = browser.watched().await;
        assert!(watched.errors.is_empty(), "{watched:?}");
        assert!(watched.shift.abs() < f64::EPSILON, "{watched:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_on_the_pill_expands_the_card() {
    let (site, incident) = site_in_outage();
    let bar = "<footer style='position:fixed;inset:auto 0 0;padding:20px;text-align:center'><button id=save>Save</button></footer>";
    let page = page(&site, "", bar, "");
    let (browser, _) = open_page(&page, &incident).await;
    browser.run("document.getElementById('save').focus()").await;
    browser
        .wait_for_script("Save", &is_hit_script("save"), |free| *free == json!(true))
        .await;
    browser
        .wait_for("the pill", |tree| is_pill(tree, &incident))
        .await;
    press(&browser, &incident, "pill").await;
    browser
        .wait_for("the expanded card", |tree| {
            tree.part("toggle")
                .is_some_and(|toggle| toggle.attribute("aria-expanded") == Some("true"))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_card_lets_clicks_through() {
    let (site, incident) = site_in_outage();
    // In a fixed bar, and at the end of a page that cannot scroll further.
    for (what, body) in [
        (
            "fixed",
            "<footer style='position:fixed;inset:auto 0 0;padding:20px;text-align:center'><button id=save>Save</button></footer>",
        ),
        (
            "the end",
            "<div style='height:3000px'></div><footer style='padding:20px;text-align:center'><button id=save>Save</button></footer>",
        ),
    ] {
        let page = page(&site, "", body, "");
        let (browser, _) = open_page(&page, &incident).await;
        browser.run("scrollTo(0, 1e6)").await;
        browser
            .assert_eventually(what, &is_hit_script("save"), json!(false))
            .await;
        press(&browser, &incident, "hide").await;
        browser
            .wait_for("the pill", |tree| is_pill(tree, &incident))
            .await;
        browser
            .wait_for_script("Save", &is_hit_script("save"), |free| *free == json!(true))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pill_is_placed_above_the_pages_tab_bar() {
    let (site, incident) = site_in_outage();
    let tabs = "<a href=#a>Home</a><a href=#b>Messages</a><a href=#c>Settings</a>";
    let origin = site.server.url();
    // On a page that forbids wasm, the plain card is placed in the same way.
    let without_wasm = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {origin}; connect-src {origin}"
    );
    let fixed = "position:fixed;inset:auto 0 0;height:56px";
    let no_scroll = "position:absolute;inset:auto 0 0;height:64px";
    for (what, style, policy) in [
        ("fixed", fixed, None),
        ("a page that does not scroll", no_scroll, None),
        ("fixed, plain card", fixed, Some(&without_wasm)),
        (
            "a page that does not scroll, plain card",
            no_scroll,
            Some(&without_wasm),
        ),
    ] {
        let style = format!(
            "<style>body {{ margin: 0; height: 100vh }} nav {{ {style}; display: flex }} nav a {{ flex: 1 }}</style>"
        );
        let before = format!("{style}<nav id=tabs>{tabs}</nav>");
        let page = page(&site, "", &before, "");
        if let Some(policy) = policy {
            let embed = site.server.embed(site.slug, "");
            let text =
                format!("<!doctype html><html lang=en><title>Host</title><body>{before}{embed}");
            let reply = Reply::html(&text).header("content-security-policy", policy);
            page.put("/", reply);
        }
        let (browser, _) = open_page(&page, &incident).await;
        press(&browser, &incident, "hide").await;
        let tree = browser
            .wait_for("the pill", |tree| is_pill(tree, &incident))
            .await;
        let top = browser
            .run("return document.getElementById('tabs').getBoundingClientRect().top")
            .await;
        let bar = top.as_f64().unwrap();
        let pill = part(&tree, &incident, "pill");
        let is_placed = |[_, y, _, height]: [f64; 4]| y + height <= bar && y > bar - 100.0;
        browser.wait_for_rectangle(what, &pill, is_placed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_is_placed_above_the_on_screen_keyboard() {
    let (site, incident) = site_in_outage();
    let page = page(&site, "", "<h1>Host</h1>", "");
    let browser = Browser::with(BrowserOptions {
        window: (500, 760),
        ..BrowserOptions::default()
    })
    .await;
    browser.set_viewport(360, 720, 1.0).await;
    // Without a touch screen no keyboard appears: the test dispatches the events that browsers
    // dispatch with a keyboard.
    browser
        .before_each_page(
            "class View extends EventTarget { width = 360; height = 720; offsetTop = 0; scale = 1; }
             Object.defineProperty(window, 'visualViewport', { value: new View() })",
        )
        .await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the card", |tree| has_text(tree, &incident, TITLE))
        .await;
    let card = part(&tree, &incident, "card");
    browser
        .wait_for_rectangle("the card below", &card, |[_, top, _, height]| {
            top + height > 690.0
        })
        .await;
    for (shown, scale, lowest) in [
        (400.0, 1.0, 400.0),
        (400.0, 1.8, 720.0),
        (720.0, 1.0, 720.0),
    ] {
        browser
            .run(&format!(
                "Object.assign(visualViewport, {{ height: {shown}, scale: {scale} }}); visualViewport.dispatchEvent(new Event('resize'))"
            ))
            .await;
        let card = part(&tree, &incident, "card");
        let is_placed =
            |[_, top, _, height]: [f64; 4]| top + height <= lowest && top + height > lowest - 40.0;
        browser
            .wait_for_rectangle(&format!("{shown} × {scale}"), &card, is_placed)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inline_card_is_placed_at_the_target_or_the_script() {
    let (site, incident) = site_in_outage();
    let before =
        "<header id=head style='height:60px'>Head</header><div id=here></div><p id=text>Text</p>";
    let order = "const ours = document.querySelector('allclear-banner');
        return [ours.parentNode.id || ours.parentNode.localName, ours.nextElementSibling?.id || ours.nextElementSibling?.localName || '']";
    for (attributes, expected) in [
        (
            "data-position=inline data-target=%23here",
            json!(["here", ""]),
        ),
        ("data-position=inline", json!(["body", "script"])),
        (
            "data-position=inline data-target=.nowhere",
            json!(["body", "script"]),
        ),
    ] {
        let attributes = attributes.replace("%23", "#");
        let page = page(&site, &attributes, before, "<p id=after>After</p>");
        let (browser, tree) = open_page(&page, &incident).await;
        browser
            .assert_eventually(&attributes, order, expected)
            .await;
        let [_, top, width, height] = rectangle(&browser, &tree, &incident, "card").await;
        let after = browser
            .run("return document.getElementById('after').getBoundingClientRect().top")
            .await;
        assert!(top >= 60.0 && width > 700.0, "{attributes}: {top} {width}");
        assert!(
            after.as_f64().unwrap() >= top + height,
            "the text below the card is covered: {after}"
        );
        assert_eq!(
            browser
                .run("return getComputedStyle(document.querySelector('allclear-banner')).position")
                .await,
            json!("static")
        );
    }
    // A target that is added later, as apps do.
    let page = page(
        &site,
        "data-position=inline data-target=#late",
        before,
        "<p id=after>After</p>",
    );
    let (browser, _) = open_page(&page, &incident).await;
    for _ in 0..3 {
        browser
            .run("const late = document.createElement('div'); late.id = 'late'; document.body.append(late)")
            .await;
        browser
            .wait_for_script("the banner at the end", order, |found| {
                *found == json!(["late", ""])
            })
            .await;
        browser
            .run("document.getElementById('late').remove()")
            .await;
        browser
            .wait_for_script("the banner at the script", order, |found| {
                *found == json!(["body", "script"])
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn theme_properties_set_offsets_and_z_index() {
    let (site, incident) = site_in_outage();
    let style = "<style>:root { --allclear-offset-bottom: 90px; --allclear-offset-left: 200px; --allclear-z: 5 }
        #over { position: fixed; inset: auto 0 0; height: 300px; z-index: 6; background: #ccc }</style><div id=over></div>";
    let page = page(&site, "", style, "");
    let (browser, tree) = open_page(&page, &incident).await;
    let card = part(&tree, &incident, "card");
    let is_placed = |[left, top, width, height]: [f64; 4]| {
        // The card is in the middle of the remaining width.
        (top + height - (800.0 - 90.0 - 16.0)).abs() < 1.0
            && (left + width / 2.0 - (200.0 + 1080.0 / 2.0)).abs() < 1.0
    };
    browser
        .wait_for_rectangle("the offsets", &card, is_placed)
        .await;
    let above = "return document.elementFromPoint(740, 650).id";
    browser
        .assert_eventually("--allclear-z puts the card beneath", above, json!("over"))
        .await;
}

/// A script that returns those of the page's own styles that the card changes.
const TOUCHED: &str = "const own = document.documentElement.style;
    return ['top', 'bottom'].map(edge => [own.getPropertyValue('scroll-padding-' + edge), own.getPropertyValue('padding-' + edge)])
        .concat([[own.getPropertyValue('--allclear-height')]])";

#[tokio::test(flavor = "multi_thread")]
async fn only_data_reserve_changes_the_pages_layout() {
    let (site, incident) = site_in_outage();
    let body = "<div style='height:2000px'>Long</div><button id=last>Last</button>";
    let untouched = json!([["", ""], ["", ""], [""]]);
    for (attributes, edge) in [
        ("", ""),
        ("data-reserve", "bottom"),
        ("data-reserve data-position=top", "top"),
    ] {
        let page = page(&site, attributes, body, "");
        let (browser, tree) = open_page(&page, &incident).await;
        if edge.is_empty() {
            assert_eq!(browser.run(TOUCHED).await, untouched);
            assert_eq!(
                browser
                    .run("return document.documentElement.getAttribute('style')")
                    .await,
                Value::Null
            );
            continue;
        }
        let seen = browser
            .wait_for_script("the reserved space", TOUCHED, |touched| {
                *touched != untouched
            })
            .await;
        let [_, top, _, height] = rectangle(&browser, &tree, &incident, "card").await;
        let room = if edge == "top" {
            top + height
        } else {
            800.0 - top
        };
        let index = usize::from(edge == "bottom");
        let pixels = |value: &Value| {
            let text = value.as_str().unwrap().trim_end_matches("px");
            text.parse::<f64>().unwrap()
        };
        for value in [&seen[index][0], &seen[index][1], &seen[2][0]] {
            assert!(pixels(value) >= room, "{seen} for {room}");
        }
        assert_eq!(seen[1 - index], json!(["", ""]));
        // The page's last button scrolls into view above the card.
        if edge == "bottom" {
            browser.run("document.getElementById('last').focus()").await;
            browser.run("scrollTo(0, 1e6)").await;
            browser
                .wait_for_script("the last button", &is_hit_script("last"), |free| {
                    *free == json!(true)
                })
                .await;
        }
        browser.run("Allclear.destroy()").await;
        browser
            .wait_for_script("the page as it was", TOUCHED, |touched| {
                *touched == untouched
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_headless_page_gets_events_and_no_card() {
    let (site, incident) = site_in_outage();
    let script = "<ul id=titles></ul><script>
        (window.Allclear = window.Allclear || []).push(['on', 'show', (notice) => { titles.append(notice.title) }]);</script>";
    let page = page(&site, "data-position=none", script, "");
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script("the event", "return titles.textContent", |titles| {
            titles == TITLE
        })
        .await;
    let tree = browser.pierce().await;
    assert!(tree.banner().is_none(), "{tree}", tree = tree.text());
    let state = browser.run("return Allclear.state.shown").await;
    assert_eq!(state, json!([incident]));
}

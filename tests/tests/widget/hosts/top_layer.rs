//! Pages that draw above other things: root elements that contain fixed ones, fullscreen, modal dialogs, popovers. The card is
//! above them, and usable where the browser allows it.

use e2e::{Browser, Mirror, Page, TITLE, Tree, has_text, is_pill, mirror, part, press};
use serde_json::{Value, json};

use super::assert_in_view;

/// The content policies under which the Yew card and the plain card are drawn.
pub const BOTH_CARDS: [Option<&str>; 2] = [None, Some("script-src * 'unsafe-inline'")];

/// Records the notices of `show` events.
pub const LISTENER: &str = "<script>window.shows = []; (window.Allclear ||= []).push(['on', 'show', ({ id }) => shows.push(id)])</script>";

/// A page with this content.
fn page(mirror: &Mirror, policy: Option<&str>, attributes: &str, body: &str) -> Page {
    let embed = mirror.embed("acme", &format!("data-shadow=open {attributes}"));
    Page::with_policy(&format!("{LISTENER}{body}{embed}"), policy)
}

/// Opens a page with this content. The page is served as long as the returned value lives.
async fn open_page(
    browser: &Browser,
    mirror: &Mirror,
    policy: Option<&str>,
    attributes: &str,
    body: &str,
) -> Page {
    let page = page(mirror, policy, attributes, body);
    browser.goto(&page.url()).await;
    page
}

async fn wait_for_card(browser: &Browser) -> Tree {
    browser
        .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
        .await
}

async fn wait_for_show(browser: &Browser) {
    browser
        .wait_for_script("one show event", "return shows", |shows| {
            *shows == json!(["inc_1"])
        })
        .await;
}

/// Waits until a point at the right edge of the card, beside its texts, has a colour.
async fn wait_for_colour(browser: &Browser, tree: &Tree, expected: &str, why: &str) {
    let [left, top, width, height] = browser
        .rectangle(&part(tree, "inc_1", "card"))
        .await
        .unwrap();
    let (x, y) = (left + width - 4.0, top + height / 2.0);
    let mut colour = String::new();
    for _ in 0..400 {
        colour = browser.colour_at(x, y).await;
        if colour == expected {
            return;
        }
        browser
            .run("return new Promise(requestAnimationFrame)")
            .await;
    }
    panic!("{why}: {colour}");
}

async fn hide_card(browser: &Browser) {
    wait_for_card(browser).await;
    press(browser, "inc_1", "hide").await;
    browser
        .wait_for("the pill", |tree| is_pill(tree, "inc_1"))
        .await;
}

fn mirror() -> Mirror {
    Mirror::with_notices(&[mirror::notice("inc_1", TITLE)])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_root_that_contains_fixed_elements_keeps_the_card_in_view() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        for style in [
            "transform: translate(0)",
            "contain: paint",
            "contain: layout",
            "perspective: 500px",
            "will-change: transform",
            "filter: contrast(1)",
            "backdrop-filter: blur(0)",
            "container-type: inline-size",
            "overflow: hidden; height: 300px",
        ] {
            for target in ["html", "body"] {
                let body = format!(
                    "<style>{target} {{ {style} }}</style><p style='height:3000px'>Long</p>"
                );
                let page = page(&mirror, policy, "", &body);
                browser.goto(&page.url()).await;
                let tree = wait_for_card(&browser).await;
                wait_for_show(&browser).await;
                browser.run("scrollTo(0, 1200)").await;
                assert_in_view(&browser, &tree, "inc_1").await;
                hide_card(&browser).await;
                browser.watched().await.assert_no_errors().assert_no_shift();
            }
        }
    }
}

/// Runs a script as if the reader had pressed something, because fullscreen needs that.
async fn run_as_reader(browser: &Browser, script: &str) {
    let parameters = json!({ "expression": script, "userGesture": true, "awaitPromise": true });
    browser.devtools("Runtime.evaluate", parameters).await;
}

/// The parent of the host element, by id or name.
const PARENT: &str = "const { parentNode } = document.querySelector('allclear-banner'); return parentNode.id || parentNode.localName";

async fn wait_for_parent(browser: &Browser, expected: &str) {
    browser
        .wait_for_script("the card's place", PARENT, |parent| parent == expected)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fullscreen_element_leaves_the_card_usable() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        let body = "<style>#film, video { background: #000 }</style><div id=film>Film</div><video id=video></video>";
        let _page = open_page(&browser, &mirror, policy, "", body).await;
        wait_for_card(&browser).await;
        // Browsers make everything outside the fullscreen element inert.
        run_as_reader(
            &browser,
            "document.getElementById('film').requestFullscreen()",
        )
        .await;
        wait_for_parent(&browser, "film").await;
        wait_for_card(&browser).await;
        press(&browser, "inc_1", "toggle").await;
        browser
            .wait_for("the expanded card", |tree| e2e::is_expanded(tree.banner()))
            .await;
        run_as_reader(&browser, "document.exitFullscreen()").await;
        wait_for_parent(&browser, "body").await;
        let focused = "return document.querySelector('allclear-banner').shadowRoot.activeElement?.part.value ?? ''";
        browser
            .assert_eventually("the focus stays", focused, json!("toggle"))
            .await;
        // A video cannot contain the card: the card is drawn above it.
        run_as_reader(
            &browser,
            "document.getElementById('video').requestFullscreen()",
        )
        .await;
        browser
            .wait_for_script(
                "fullscreen",
                "return document.fullscreenElement?.id ?? ''",
                |id| id == "video",
            )
            .await;
        let tree = wait_for_card(&browser).await;
        wait_for_colour(&browser, &tree, "#ffffff", "above the video").await;
        run_as_reader(&browser, "document.exitFullscreen()").await;
        run_as_reader(&browser, "document.documentElement.requestFullscreen()").await;
        wait_for_parent(&browser, "body").await;
        hide_card(&browser).await;
        browser.watched().await.assert_no_errors();
    }
}

/// A player draws only its shadow root: a card in the player's element would not be drawn.
#[tokio::test(flavor = "multi_thread")]
async fn a_fullscreen_element_without_a_slot_leaves_the_card_visible() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        let body = "<div id=player></div><script>document.getElementById('player').attachShadow({ mode: 'closed' }).innerHTML =
            '<div style=\"background:#000;width:100vw;height:100vh\">Film</div>'</script>";
        let _page = open_page(&browser, &mirror, policy, "", body).await;
        wait_for_card(&browser).await;
        run_as_reader(
            &browser,
            "document.getElementById('player').requestFullscreen()",
        )
        .await;
        browser
            .wait_for_script(
                "fullscreen",
                "return document.fullscreenElement?.id ?? ''",
                |id| id == "player",
            )
            .await;
        wait_for_parent(&browser, "body").await;
        let tree = wait_for_card(&browser).await;
        wait_for_colour(&browser, &tree, "#ffffff", "above the player").await;
        browser.watched().await.assert_no_errors();
    }
}

/// Opens an opaque modal dialog over the whole page, in the document or in a shadow root.
const OPEN_DIALOG: [&str; 2] = [
    "document.getElementById('over').showModal()",
    "const box = document.createElement('div'); document.body.append(box);
     const shadow = box.attachShadow({ mode: 'open' });
     shadow.innerHTML = \"<dialog style='width:90vw;height:95vh;background:#0000ff'><input></dialog>\";
     shadow.firstChild.showModal()",
];
const DIALOG: &str =
    "<dialog id=over style='width:90vw;height:95vh;background:#0000ff'><input id=within></dialog>";

#[tokio::test(flavor = "multi_thread")]
async fn a_modal_dialog_is_drawn_below_the_card() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        for open in OPEN_DIALOG {
            // The notice is seen before the dialog opens, so nothing watches its title any more.
            let _page = open_page(&browser, &mirror, policy, "", DIALOG).await;
            wait_for_card(&browser).await;
            e2e::wait_until_seen(&browser, "inc_1").await;
            browser.run(open).await;
            let tree = wait_for_card(&browser).await;
            wait_for_colour(&browser, &tree, "#ffffff", open).await;
            let focused = "let at = document.activeElement; while (at.shadowRoot) at = at.shadowRoot.activeElement; return at.localName";
            assert_eq!(
                browser.run(focused).await,
                json!("input"),
                "the focus stays in the dialog"
            );
            browser.watched().await.assert_no_errors();
        }
        // The dialog opens before the card is drawn: the notice still counts as shown and seen.
        let body = format!("{DIALOG}<script>{}</script>", OPEN_DIALOG[0]);
        let _page = open_page(&browser, &mirror, policy, "", &body).await;
        let tree = wait_for_card(&browser).await;
        wait_for_show(&browser).await;
        e2e::wait_until_seen(&browser, "inc_1").await;
        wait_for_colour(&browser, &tree, "#ffffff", "above the dialog").await;
        browser.run("document.getElementById('over').close()").await;
        hide_card(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inserted_card_is_above_a_dialog_and_keeps_its_style() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        let style = "<style>::backdrop { background: rgb(255 0 0) !important } [popover] { border: 9px solid; padding: 3em }</style>";
        let _page = open_page(
            &browser,
            &mirror,
            policy,
            "",
            &format!("{style}<h2>Text</h2>"),
        )
        .await;
        let tree = wait_for_card(&browser).await;
        let measured = "const { x, y, width, height } = document.querySelector('allclear-banner').getBoundingClientRect();
            return [x, y, width - innerWidth, height - innerHeight, document.querySelector('allclear-banner').matches(':popover-open')]";
        let whole = json!([0, 0, 0, 0, true]);
        browser
            .assert_eventually("the whole window", measured, whole.clone())
            .await;
        assert_ne!(
            browser.colour_at(300.0, 300.0).await,
            "#ff0000",
            "no backdrop"
        );
        let reinsert = "const body = document.createElement('body');
            body.innerHTML = \"<dialog id=over style='width:90vw;height:95vh;background:#0000ff'></dialog>\";
            document.body.replaceWith(body);
            document.getElementById('over').showModal()";
        browser.run(reinsert).await;
        wait_for_colour(&browser, &tree, "#ffffff", "above the dialog").await;
        browser
            .assert_eventually("the whole window", measured, whole)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_card_keeps_the_focus() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        let _page = open_page(&browser, &mirror, policy, "", "<div id=film>Film</div>").await;
        wait_for_card(&browser).await;
        let focused = "return document.querySelector('allclear-banner').shadowRoot.activeElement?.part.value ?? ''";
        browser
            .run("document.querySelector('allclear-banner').shadowRoot.querySelector('[part=toggle]').focus()")
            .await;
        // The test only dispatches the event, because in fullscreen the browser moves the focus.
        browser
            .run("document.dispatchEvent(new Event('fullscreenchange'))")
            .await;
        browser
            .run("return new Promise(requestAnimationFrame)")
            .await;
        assert_eq!(browser.run(focused).await, json!("toggle"));
    }
}

/// Rules that set the property on each element on which a page may set it.
const LAYERS: [&str; 3] = [
    "html { --allclear-z: 5 }",
    "body { --allclear-z: 5 }",
    "allclear-banner { --allclear-z: 5 }",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_a_z_index_covers_the_card_and_gets_no_show() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        for layer in LAYERS {
            let body = format!(
                "<style>{layer} #over {{ position: fixed; inset: 0; z-index: 6; background: #0000ff }}</style><div id=over></div>"
            );
            let _page = open_page(&browser, &mirror, policy, "", &body).await;
            let tree = wait_for_card(&browser).await;
            let open = "return document.querySelector('allclear-banner').matches(':popover-open')";
            browser.assert_eventually(layer, open, json!(false)).await;
            wait_for_colour(&browser, &tree, "#0000ff", layer).await;
            wait_for_polls(&browser, &mirror).await;
            let reported =
                "return [shows, Allclear.state.shown, localStorage['allclear:acme:seen'] ?? null]";
            assert_eq!(
                browser.run(reported).await,
                json!([[], ["inc_1"], Value::Null]),
                "{layer}"
            );
            browser
                .run("document.getElementById('over').remove()")
                .await;
            wait_for_show(&browser).await;
            e2e::wait_until_seen(&browser, "inc_1").await;
        }
    }
}

/// Waits until the feed was requested twice more: a request is sent each second.
pub async fn wait_for_polls(browser: &Browser, mirror: &Mirror) {
    let requests_before = mirror.feed_requests().len();
    browser
        .wait_until("two more requests", || {
            mirror.feed_requests().len() > requests_before + 1
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_out_of_view_emits_show_when_it_comes_into_view() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    let space = "<div style='height:4000px'></div>";
    for (attributes, body, reveal) in [
        (
            "",
            format!("{space}<div id=place data-allclear-slot></div>"),
            "document.getElementById('place').scrollIntoView()",
        ),
        (
            "data-position=inline data-target='#place'",
            format!("{space}<div id=place></div>"),
            "document.getElementById('place').scrollIntoView()",
        ),
        (
            "data-position=inline data-target='#place'",
            "<div id=place style='display:none'></div>".to_owned(),
            "document.getElementById('place').style.display = 'block'",
        ),
        (
            "data-position=inline data-target='#place'",
            "<div id=place></div><dialog id=over style='width:90vw;height:95vh'></dialog><script>over.showModal()</script>".to_owned(),
            "document.getElementById('over').close()",
        ),
        (
            "",
            "<div data-allclear-slot></div><div id=over style='position:fixed;inset:0;background:#fff'></div>".to_owned(),
            "document.getElementById('over').remove()",
        ),
    ] {
        let _page = open_page(&browser, &mirror, None, attributes, &body).await;
        wait_for_card(&browser).await;
        wait_for_polls(&browser, &mirror).await;
        let reported = "return [shows, Allclear.state.shown, localStorage['allclear:acme:seen'] ?? null]";
        assert_eq!(browser.run(reported).await, json!([[], ["inc_1"], Value::Null]), "{attributes} {body}");
        browser.run(reveal).await;
        wait_for_show(&browser).await;
        e2e::wait_until_seen(&browser, "inc_1").await;
        wait_for_polls(&browser, &mirror).await;
        assert_eq!(browser.run("return shows").await, json!(["inc_1"]), "once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_tab_emits_show_when_it_becomes_visible() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    let body = "<style>html { --allclear-z: 5 } #over { position: fixed; inset: 0; z-index: 6 }</style><div id=over></div><script>
        window.hide = (hidden) => {
            Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
            document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
        };</script>";
    for policy in BOTH_CARDS {
        let _page = open_page(&browser, &mirror, policy, "", body).await;
        wait_for_card(&browser).await;
        // `configure` draws the card again, which then checks its title at once.
        browser
            .run("hide(true); document.getElementById('over').remove(); Allclear.configure({})")
            .await;
        browser
            .run("return new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            .await;
        assert_eq!(browser.run("return shows").await, json!([]));
        browser.run("hide(false)").await;
        wait_for_show(&browser).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_draws_only_its_shadow_root_shows_the_card() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        for mode in ["open", "closed"] {
            let body = format!(
                "<script>document.body.attachShadow({{ mode: '{mode}' }}).innerHTML = '<b>Shadow</b>'</script>"
            );
            let _page = open_page(&browser, &mirror, policy, "", &body).await;
            wait_for_card(&browser).await;
            wait_for_parent(&browser, "html").await;
            hide_card(&browser).await;
            browser.watched().await.assert_no_errors();
        }
    }
}

/// Without a limit, two widgets that move themselves above each other would never stop.
#[tokio::test(flavor = "multi_thread")]
async fn the_card_is_moved_to_the_top_at_most_10_times_a_second() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        let dialog = "<dialog id=over>Other</dialog>";
        let _page = open_page(&browser, &mirror, policy, "", dialog).await;
        wait_for_card(&browser).await;
        let fight = "
            const host = document.querySelector('allclear-banner');
            const { showPopover } = host;
            const times = [];
            host.showPopover = () => {
                times.push(performance.now());
                showPopover.call(host);
            };
            const over = document.getElementById('over');
            const end = performance.now() + 3000;
            while (performance.now() < end) {
                over.showModal();
                await new Promise((done) => setTimeout(done));
                over.close();
                await new Promise((done) => setTimeout(done));
            }
            return Math.max(...times.map((time) => times.filter((other) => other >= time && other < time + 950).length));";
        let most = browser
            .run(&format!("return (async () => {{ {fight} }})()"))
            .await;
        let most = most.as_u64().unwrap();
        assert!((1..=10).contains(&most), "{most} in a second");
    }
}

/// The page registers properties with the names of colours and sizes, so that they are not inherited.
#[tokio::test(flavor = "multi_thread")]
async fn registered_custom_properties_do_not_change_the_card_colours() {
    let mirror = mirror();
    let browser = Browser::watching().await;
    for policy in BOTH_CARDS {
        let names = [
            "a", "ink", "soft", "line", "paper", "rule", "accent", "tint", "critical", "major",
            "shadow", "bar", "aside", "above", "below", "under", "over",
        ];
        let rules = names.map(|name| {
            format!("@property --{name} {{ syntax: '<color>'; inherits: false; initial-value: #0000ff }} html {{ --{name}: #0000ff }}")
        });
        let body = format!("<style>{}</style>", rules.concat());
        let _page = open_page(&browser, &mirror, policy, "data-theme=light", &body).await;
        let tree = wait_for_card(&browser).await;
        wait_for_colour(&browser, &tree, "#ffffff", "the paper").await;
        hide_card(&browser).await;
    }
}

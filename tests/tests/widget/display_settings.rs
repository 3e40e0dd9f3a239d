//! Readers with other needs: forced colours, a notch, 400 % zoom, wider text, another direction, other digits.

use crate::host::{
    assert_in_card, expand, full_notice, host, open_card, run_in_card, wait_for_card_text,
    wait_in_card,
};
use e2e::{Browser, BrowserOptions, Motion, Scheme};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn forced_colours_keep_borders_and_icons() {
    let browser = Browser::start().await;
    // A theme of the page must not override the system's forced colours.
    for (theme, scheme) in [("light", Scheme::Dark), ("dark", Scheme::Light)] {
        let notices = [
            full_notice("inc_1", "Delayed"),
            full_notice("inc_2", "Late"),
        ];
        let host = host(&format!("data-theme={theme}"), "en", &notices);
        browser.force_colours(scheme).await;
        open_card(&browser, &host, "Delayed").await;
        expand(&browser).await;
        let colours = run_in_card(&browser, "
            const style = (element, name) => getComputedStyle(element)[name];
            const text = style(root.querySelector('h2'), 'color');
            return {
                text, paper: style(root.querySelector('.card'), 'backgroundColor'),
                icons: all('.icon').map(icon => style(icon, 'stroke')),
                borders: all('.card, .other, button, .button, .box').map(one => [style(one, 'borderTopStyle'), style(one, 'borderTopColor')]),
            }").await;
        assert_ne!(colours["text"], colours["paper"], "{theme}");
        let icons = colours["icons"].as_array().unwrap();
        assert!(icons.len() >= 4, "{colours}");
        assert!(
            icons.iter().all(|colour| *colour == colours["text"]),
            "{theme}: {colours}"
        );
        for border in colours["borders"].as_array().unwrap() {
            assert_eq!(border[0], json!("solid"), "{theme}: {colours}");
            assert_ne!(border[1], colours["paper"], "{theme}: {colours}");
            assert_ne!(border[1], json!("rgba(0, 0, 0, 0)"), "{theme}: {colours}");
        }
        browser.run("document.getElementById('own').focus()").await;
        browser.press("Tab").await;
        let ring = run_in_card(&browser, "
            const style = getComputedStyle(root.activeElement);
            return [style.outlineStyle, parseFloat(style.outlineWidth), style.outlineColor, root.activeElement.getAttribute('part')]").await;
        assert_eq!(ring[0], json!("solid"), "{theme}: {ring}");
        assert!(ring[1].as_f64() >= Some(2.0), "{theme}: {ring}");
        assert_ne!(ring[2], colours["paper"], "{theme}: {ring}");
        assert_eq!(ring[3], json!("toggle"), "{theme}: {ring}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reduced_motion_disables_animations() {
    for (motion, expected) in [(Motion::Full, "rise"), (Motion::Reduced, "none")] {
        let host = host("", "en", &[full_notice("inc_1", "Delayed")]);
        let browser = Browser::start().await;
        browser.set_media(Scheme::Light, motion).await;
        open_card(&browser, &host, "Delayed").await;
        let moving = "
            const moves = all('*').map(one => getComputedStyle(one))
                .filter(style => style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0);
            return moves.map(style => style.animationName).join() || 'none'";
        let why = format!("{motion:?}: one movement, or none");
        assert_in_card(&browser, &why, moving, json!(expected)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_does_not_cover_a_printed_page() {
    for (position, expected) in [("bottom", false), ("inline", true)] {
        let host = host(
            &format!("data-position={position}"),
            "en",
            &[full_notice("inc_1", "Delayed")],
        );
        let browser = Browser::start().await;
        open_card(&browser, &host, "Delayed").await;
        browser
            .devtools("Emulation.setEmulatedMedia", json!({ "media": "print" }))
            .await;
        let shown = "return box('.card').height > 0";
        assert_in_card(&browser, position, shown, json!(expected)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_keeps_clear_of_safe_area_insets() {
    let browser = Browser::start().await;
    for position in ["bottom", "top", "corner"] {
        let host = host(
            &format!("data-position={position}"),
            "en",
            &[
                full_notice("inc_1", "Delayed"),
                full_notice("inc_2", "Late"),
            ],
        );
        browser.set_media(Scheme::Light, Motion::Reduced).await;
        browser.set_viewport(400, 700, 1.0).await;
        browser.set_safe_area(44, 30, 34, 20).await;
        open_card(&browser, &host, "Delayed").await;
        expand(&browser).await;
        let edges = "
            const boxes = all('.card, .other').map(one => one.getBoundingClientRect());
            return [Math.min(...boxes.map(b => b.left)), Math.max(...boxes.map(b => b.right)),
                Math.min(...boxes.map(b => b.top)), Math.max(...boxes.map(b => b.bottom))]";
        wait_in_card(&browser, position, edges, |edges| {
            let edge = |index: usize| edges[index].as_f64().unwrap();
            // The card is not further from the edge than the notch requires.
            let near = if position == "top" {
                edge(2) - 44.0
            } else {
                666.0 - edge(3)
            };
            let is_clear =
                edge(0) >= 20.0 && edge(1) <= 370.0 && edge(2) >= 44.0 && edge(3) <= 666.0;
            is_clear && near < 1.0
        })
        .await;
    }
}

/// A script that returns the texts of the buttons and links that cannot be scrolled into view and
/// clicked.
const UNREACHABLE: &str = "
    return all('button, a').filter(one => {
        one.scrollIntoView({ block: 'center' });
        const { left, right, top, bottom } = one.getClientRects()[0];
        const x = (left + right) / 2, y = (top + bottom) / 2;
        const at = root.elementFromPoint(x, y);
        return left < 0 || right > innerWidth || y < 0 || y > innerHeight || !(at === one || one.contains(at));
    }).map(one => one.textContent)";
/// A script that returns the elements whose content is wider than they are.
const TOO_WIDE: &str = "
    return all('*').filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline'
        && getComputedStyle(one).textOverflow !== 'ellipsis' && !one.closest('[role=status],[role=alert]')).map(one => one.className + ': ' + one.textContent)";

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_reachable_at_400_percent_zoom() {
    let browser = Browser::start().await;
    // 1,280 by 1,024 pixels at 400 %; a phone on its side; a small one with its keyboard open.
    for (width, height) in [(320, 256), (667, 320), (320, 410)] {
        let long = "A title that takes as many words as a title may have, and then a few more";
        let notices: Vec<Value> = ["inc_1", "inc_2", "inc_3", "inc_4", "inc_5", "inc_6"]
            .iter()
            .map(|id| full_notice(id, long))
            .collect();
        let host = host("", "en", &notices);
        browser.set_media(Scheme::Light, Motion::Reduced).await;
        browser.set_viewport(width, height, 1.0).await;
        open_card(&browser, &host, long).await;
        for state in ["collapsed", "opened"] {
            let why = format!("{width} by {height}, {state}");
            assert_in_card(&browser, &why, UNREACHABLE, json!([])).await;
            assert_in_card(&browser, &why, TOO_WIDE, json!([])).await;
            let overlap = "
                const boxes = all('.card, .pill, .other').map(one => one.getBoundingClientRect());
                return boxes.some((one, index) => index && one.top < boxes[index - 1].bottom)";
            assert_in_card(&browser, &why, overlap, json!(false)).await;
            if state == "collapsed" {
                expand(&browser).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wider_text_spacing_is_not_cut_off() {
    let notices = [
        full_notice("inc_1", "Messages are delayed"),
        full_notice("inc_2", "Late"),
    ];
    let host = host("", "en", &notices);
    let browser = Browser::start().await;
    browser.set_media(Scheme::Light, Motion::Reduced).await;
    browser.set_viewport(320, 640, 1.0).await;
    open_card(&browser, &host, "Messages are delayed").await;
    // The spacing of WCAG's success criterion 1.4.12.
    run_in_card(&browser, "
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }');
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]").await;
    assert_in_card(&browser, "the collapsed card", TOO_WIDE, json!([])).await;
    expand(&browser).await;
    assert_in_card(&browser, "the expanded card", TOO_WIDE, json!([])).await;
    assert_in_card(&browser, "the expanded card", UNREACHABLE, json!([])).await;
}

/// Defines `where`, which returns the left edge of a character of an element's text; negative
/// indexes count from the end.
const WHERE: &str = "
    const where = (selector, index) => {
        const walker = document.createTreeWalker(root.querySelector(selector), NodeFilter.SHOW_TEXT);
        const places = [];
        while (walker.nextNode()) for (let at = 0; at < walker.currentNode.length; at++) places.push([walker.currentNode, at]);
        const [node, at] = places.at(index);
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect().left;
    };";

#[tokio::test(flavor = "multi_thread")]
async fn texts_of_the_other_direction_are_isolated() {
    let mut notice = full_notice("inc_1", "Messages are late.");
    notice["lang"] = json!("en");
    // In 71.5 h: half an hour away from the times at which the text, which rounds to hours,
    // changes.
    notice["next_update_at"] = json!(e2e::in_minutes(3 * 24 * 60 - 30));
    let host = host("data-lang=ar", "ar", &[notice]);
    let browser = Browser::start().await;
    browser.set_viewport(1280, 800, 1.0).await;
    open_card(&browser, &host, "كبير").await;
    expand(&browser).await;
    let seen = run_in_card(&browser, &format!("{WHERE}
        const edge = getComputedStyle(root.querySelector('.card'), '::before');
        const phone = root.querySelector('[part=contact]').textContent.indexOf('+');
        return {{
            title: where('[part=title] bdi', -1) - where('[part=title] bdi', -2),
            advice: where('[part=advice] p', -1) - where('[part=advice] p', -2),
            list: where('[part=broken] li', -1) - where('[part=broken] li', -2),
            phone: where('[part=contact]', phone + 1) - where('[part=contact]', phone),
            edge: parseFloat(edge.borderRightWidth) - parseFloat(edge.borderLeftWidth),
            icon: box('.head .icon').left - box('[part=title]').left,
            hide: box('[part=toggle]').left - box('[part=hide]').left,
            language: root.querySelector('[part=title] bdi').lang, own: root.querySelector('.root').lang,
            promise: root.querySelector('[part=next-update]').textContent,
        }}")).await;
    for what in ["title", "advice", "list", "phone", "edge", "icon", "hide"] {
        assert!(seen[what].as_f64() > Some(0.0), "{what}: {seen}");
    }
    assert_eq!(
        (&seen["language"], &seen["own"]),
        (&json!("en"), &json!("ar"))
    );
    let promise = seen["promise"].as_str().unwrap();
    assert!(promise.contains("3 أيام"), "{promise}");
    assert!(promise.contains('،') && !promise.contains(','), "{promise}");
}

#[tokio::test(flavor = "multi_thread")]
async fn times_and_numbers_use_the_same_digits() {
    let host = host(
        "data-lang=ar",
        "ar",
        &[full_notice("inc_1", "الرسائل متأخرة")],
    );
    let browser = Browser::with(BrowserOptions {
        language: "ar-EG".to_owned(),
        ..BrowserOptions::default()
    })
    .await;
    open_card(&browser, &host, "كبير").await;
    expand(&browser).await;
    let promise = "return root.querySelector('[part=next-update]').textContent";
    wait_for_card_text(&browser, "the promise", promise, |promise| {
        promise.contains("ساعة و") && !promise.contains(|sign: char| sign.is_ascii_digit())
    })
    .await;
}

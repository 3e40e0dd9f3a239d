//! From a cold browser to an incident, an update and the all-clear, by keyboard alone.

use e2e::{Operator, Site, labels};
use serde_json::{Value, json};

/// A script that returns the name of the focused element, and a fault in how the element shows the
/// focus; empty if there is none.
const AT: &str = "
    const on = document.activeElement;
    if (!on || on === document.body) return { name: '', fault: '' };
    const { outlineStyle, outlineWidth } = getComputedStyle(on);
    const { left, top, right, bottom, width, height } = on.getBoundingClientRect();
    // The topmost element at the middle must be the element itself, an ancestor or a descendant:
    // nothing may cover it.
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
    const there = document.elementFromPoint(x, y);
    // In the card's frame the card shows the focus.
    const fault = on.matches('iframe') ? ''
        : outlineStyle === 'none' || parseFloat(outlineWidth) < 2 ? 'has no outline'
        : width === 0 || height === 0 || bottom <= 0 || top >= innerHeight ? 'is out of view'
        : there && (on.contains(there) || there.contains(on)) ? '' : `lies beneath ${there?.outerHTML.slice(0, 80)}`;
    return { name: on.id || on.innerText.trim(), fault }";

/// An operator with a keyboard.
struct Keys(Operator);

impl Keys {
    /// Presses Tab until the element with this name or id has the focus. Every stop on the way must
    /// show the focus.
    async fn tab_to(&self, name: &str) {
        let mut stops = Vec::new();
        for _ in 0..60 {
            self.0.browser.press("Tab").await;
            // An element may be covered for a moment while it is drawn.
            let shown = format!("a focus in sight on the way to {name}");
            let in_sight = |focused: &Value| focused["fault"] == "";
            let focused = self.0.browser.wait_for_script(&shown, AT, in_sight).await;
            let stop = focused["name"].as_str().unwrap().to_owned();
            if stop == name || stop.starts_with(&format!("{name}\n")) {
                return;
            }
            stops.push(stop);
        }
        panic!("the keyboard does not lead to {name}: {stops:#?}");
    }

    async fn press(&self, name: &str, key: &str) {
        self.tab_to(name).await;
        self.0.browser.press(key).await;
    }

    async fn type_into(&self, id: &str, text: &str) {
        self.tab_to(id).await;
        let given = json!({ "text": text });
        self.0.browser.devtools("Input.insertText", given).await;
    }

    /// Waits for a view. Its heading gets the focus, so that tabbing starts there.
    async fn wait_for_view(&self, heading: &str) {
        let focused =
            "const on = document.activeElement; return on?.matches('h1') ? on.innerText : ''";
        self.0
            .browser
            .wait_for_script(heading, focused, |focused| {
                focused
                    .as_str()
                    .is_some_and(|focused| focused.contains(heading))
            })
            .await;
    }
}

async fn handle_incident_by_keyboard(width: u32, height: u32) {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.restart_browser().await;
    operator.browser.set_viewport(width, height, 1.0).await;
    operator.browser.goto(&site.console("")).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    let keys = Keys(operator);

    keys.press(labels::NEW_INCIDENT, "Enter").await;
    keys.wait_for_view(labels::INCIDENT_STEP_1).await;
    keys.press("Sending", " ").await;
    keys.press(labels::MAJOR, " ").await;
    keys.press(labels::NEXT_MESSAGE, "Enter").await;
    keys.wait_for_view(labels::MESSAGE_STEP).await;
    keys.type_into("title", "Messages leave us late").await;
    keys.type_into("body", "They wait in a queue.").await;
    keys.press(labels::NEXT_IN_15_MIN, " ").await;
    keys.press(labels::PREVIEW, "Enter").await;
    keys.wait_for_view(labels::PREVIEW_STEP).await;
    keys.press(labels::PUBLISH, "Enter").await;
    keys.wait_for_view("Messages leave us late").await;
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(notice["title"], "Messages leave us late");
    assert_eq!(notice["components"][0]["slug"], "sending");

    keys.press(labels::POST_UPDATE, "Enter").await;
    keys.wait_for_view(labels::POST_UPDATE_HEADING).await;
    keys.press(labels::TEMPLATE_IDENTIFIED, " ").await;
    keys.type_into("body", "A carrier refuses us.").await;
    let narrow = width < 600;
    if narrow {
        keys.press(labels::PREVIEW, "Enter").await;
        keys.wait_for_view(labels::PREVIEW_STEP).await;
    }
    keys.press(labels::POST, "Enter").await;
    keys.wait_for_view("Messages leave us late").await;
    assert_eq!(site.feed().json["notices"][0]["status"], "identified");

    keys.press(labels::RESOLVE, "Enter").await;
    keys.wait_for_view(labels::RESOLVE_HEADING).await;
    keys.type_into("body", "A carrier had refused us. All messages have left.")
        .await;
    keys.press(labels::CHECK_SENT, " ").await;
    if narrow {
        keys.press(labels::PREVIEW, "Enter").await;
        keys.wait_for_view(labels::PREVIEW_STEP).await;
    }
    keys.press(labels::PUBLISH_ALL_CLEAR, " ").await;
    keys.wait_for_view("Messages leave us late").await;
    let restored = site.feed().json["notices"][0]["restored"].clone();
    let check = restored["check"].as_str().unwrap();
    assert!(check.starts_with("Check what you sent"), "{check}");
    keys.0.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_handled_by_keyboard_on_a_desktop() {
    handle_incident_by_keyboard(1280, 800).await;
}

/// On a phone's screen with a keyboard, sticky bars must not cover the focused element.
#[tokio::test(flavor = "multi_thread")]
async fn sticky_bars_never_cover_the_focus_on_a_phone() {
    handle_incident_by_keyboard(360, 720).await;
}

/// The keyboard passes controls with similar names, and goes down a group with a sticky heading.
#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_selects_one_of_200_components() {
    let site = Site::large();
    let operator = Operator::invited(&site).await;
    operator.navigate("new/incident").await;
    let keys = Keys(operator);
    keys.wait_for_view(labels::INCIDENT_STEP_1).await;
    keys.type_into("find-component", "part 48").await;
    keys.0.wait_for_text(labels::FOUND_2).await;
    keys.press("Part 48", " ").await;
    keys.0.wait_for_text(labels::PICKED_1).await;
    keys.0
        .browser
        .run("document.querySelector('h1').focus()")
        .await;
    keys.press("find-component", "Escape").await;
    keys.press("Region 2", "Enter").await;
    keys.press("Part 50", " ").await;
    keys.0.wait_for_text(labels::PICKED_2).await;
    // A removed item takes its row with it, and the focus stays in the list.
    keys.press("Part 50", " ").await;
    keys.0.wait_for_text(labels::PICKED_1).await;
    let focused = "return document.activeElement.innerText";
    let browser = &keys.0.browser;
    browser
        .wait_for_script(
            "the focus on the list of selected components",
            focused,
            |focused| focused == labels::PICKED_1,
        )
        .await;
    keys.press(labels::CRITICAL, " ").await;
    keys.press(labels::NEXT_MESSAGE, "Enter").await;
    keys.wait_for_view(labels::MESSAGE_STEP).await;
}

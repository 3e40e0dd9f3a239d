//! From a cold browser to an incident, an update and the all-clear, by the keyboard alone.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::{Value, json};

/// What has the focus: what it is called, and what is wrong with how it shows that.
const AT: &str = "
    const on = document.activeElement;
    if (!on || on === document.body) return { name: '', fault: '' };
    const { outlineStyle, outlineWidth } = getComputedStyle(on);
    const { left, top, right, bottom, width, height } = on.getBoundingClientRect();
    // What lies in its middle is itself, something in it, or the frame's own page.
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
    const there = document.elementFromPoint(x, y);
    // In the card's frame the card shows it.
    const fault = on.matches('iframe') ? ''
        : outlineStyle === 'none' || parseFloat(outlineWidth) < 2 ? 'has no outline'
        : width === 0 || height === 0 || bottom <= 0 || top >= innerHeight ? 'is out of view'
        : there && (on.contains(there) || there.contains(on)) ? '' : `lies beneath ${there?.outerHTML.slice(0, 80)}`;
    return { name: on.id || on.innerText.trim(), fault }";

/// A hand on a keyboard.
struct Keys(Hand);

impl Keys {
    /// Tabs on to what is called so or has this id. Each stop on the way shows that it has the focus.
    async fn to(&self, name: &str) {
        let mut stops = Vec::new();
        for _ in 0..60 {
            self.0.browser.press("Tab").await;
            // What is being drawn may lie beneath something for a moment.
            let shown = format!("a focus in sight on the way to {name}");
            let in_sight = |at: &Value| at["fault"] == "";
            let at = self.0.browser.wait_for_script(&shown, AT, in_sight).await;
            let stop = at["name"].as_str().unwrap().to_owned();
            if stop == name || stop.starts_with(&format!("{name}\n")) {
                return;
            }
            stops.push(stop);
        }
        panic!("the keyboard does not lead to {name}: {stops:#?}");
    }

    async fn press(&self, name: &str, key: &str) {
        self.to(name).await;
        self.0.browser.press(key).await;
    }

    async fn write(&self, id: &str, text: &str) {
        self.to(id).await;
        let given = json!({ "text": text });
        self.0.browser.devtools("Input.insertText", given).await;
    }

    /// Waits for a view, whose heading takes the focus, so that the way through it begins there.
    async fn arrives(&self, heading: &str) {
        let at = "const on = document.activeElement; return on?.matches('h1') ? on.innerText : ''";
        self.0
            .browser
            .wait_for_script(heading, at, |at| {
                at.as_str().is_some_and(|at| at.contains(heading))
            })
            .await;
    }
}

async fn begin_to_end(width: u32, height: u32) {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.again().await;
    hand.browser.set_viewport(width, height, 1.0).await;
    hand.browser.goto(&site.console("")).await;
    hand.sees(labels::NONE_OPEN).await;
    let keys = Keys(hand);

    keys.press(labels::NEW_INCIDENT, "Enter").await;
    keys.arrives(labels::INCIDENT_STEP_1).await;
    keys.press("Sending", " ").await;
    keys.press(labels::MAJOR, " ").await;
    keys.press(labels::NEXT_MESSAGE, "Enter").await;
    keys.arrives(labels::MESSAGE_STEP).await;
    keys.write("title", "Messages leave us late").await;
    keys.write("body", "They wait in a queue.").await;
    keys.press(labels::NEXT_IN_15_MIN, " ").await;
    keys.press(labels::PREVIEW, "Enter").await;
    keys.arrives(labels::PREVIEW_STEP).await;
    keys.press(labels::PUBLISH, "Enter").await;
    keys.arrives("Messages leave us late").await;
    let notice = site.feed()["notices"][0].clone();
    assert_eq!(notice["title"], "Messages leave us late");
    assert_eq!(notice["components"][0]["slug"], "sending");

    keys.press(labels::POST_UPDATE, "Enter").await;
    keys.arrives(labels::POST_UPDATE_HEADING).await;
    keys.press(labels::TEMPLATE_IDENTIFIED, " ").await;
    keys.write("body", "A carrier refuses us.").await;
    let narrow = width < 600;
    if narrow {
        keys.press(labels::PREVIEW, "Enter").await;
        keys.arrives(labels::PREVIEW_STEP).await;
    }
    keys.press(labels::POST, "Enter").await;
    keys.arrives("Messages leave us late").await;
    assert_eq!(site.feed()["notices"][0]["status"], "identified");

    keys.press(labels::RESOLVE, "Enter").await;
    keys.arrives(labels::RESOLVE_HEADING).await;
    keys.write("body", "A carrier had refused us. All messages have left.")
        .await;
    keys.press(labels::CHECK_SENT, " ").await;
    if narrow {
        keys.press(labels::PREVIEW, "Enter").await;
        keys.arrives(labels::PREVIEW_STEP).await;
    }
    keys.press(labels::PUBLISH_ALL_CLEAR, " ").await;
    keys.arrives("Messages leave us late").await;
    let restored = site.feed()["notices"][0]["restored"].clone();
    let check = restored["check"].as_str().unwrap();
    assert!(check.starts_with("Check what you sent"), "{check}");
    keys.0.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_desk() {
    begin_to_end(1280, 800).await;
}

/// A phone's screen with a keyboard: what sticks to its edges must not lie over what has the focus.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_small_screen() {
    begin_to_end(360, 720).await;
}

/// Through all that is called alike, and down a group whose heading stays in view.
#[tokio::test(flavor = "multi_thread")]
async fn among_many_parts() {
    let site = Site::large();
    let hand = Hand::invited(&site).await;
    hand.go("new/incident").await;
    let keys = Keys(hand);
    keys.arrives(labels::INCIDENT_STEP_1).await;
    keys.write("find-part", "part 48").await;
    keys.0.sees(labels::FOUND_2).await;
    keys.press("Part 48", " ").await;
    keys.0.sees(labels::PICKED_1).await;
    keys.0
        .browser
        .run("document.querySelector('h1').focus()")
        .await;
    keys.press("find-part", "Escape").await;
    keys.press("Region 2", "Enter").await;
    keys.press("Part 50", " ").await;
    keys.0.sees(labels::PICKED_2).await;
    // What is let go of takes its row with it, and the focus stays where the others are.
    keys.press("Part 50", " ").await;
    keys.0.sees(labels::PICKED_1).await;
    let at = "return document.activeElement.innerText";
    let browser = &keys.0.browser;
    browser
        .wait_for_script("the focus there", at, |at| at == labels::PICKED_1)
        .await;
    keys.press(labels::CRITICAL, " ").await;
    keys.press(labels::NEXT_MESSAGE, "Enter").await;
    keys.arrives(labels::MESSAGE_STEP).await;
}

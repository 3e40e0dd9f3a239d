//! A real pointer: it clicks exactly the element that a test names, or fails.

use serde_json::{Value, json};

use crate::{
    browser::Browser,
    tree::{Node, Tree},
    wait::{WAIT_TIMEOUT, Wait},
};

/// Function that returns whether the middle of an element's first line belongs to the element or a descendant.
const IS_HIT: &str = "function () {
    if (!this.getClientRects) return true;
    const { left, top, width, height } = this.getClientRects()[0];
    const there = this.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
    return this.contains(there);
}";

impl Browser {
    /// Clicks in the middle of an element, also in a closed shadow root, once it does not move and nothing covers it.
    pub async fn click(&self, node: &Node) {
        let clicked = self.try_click(node).await;
        assert!(clicked, "this cannot be clicked, it is not shown:\n{node}");
    }

    /// Waits until an element exists and is shown, and clicks in its middle, even if it is drawn again meanwhile.
    pub async fn click_on(&self, what: &str, find: impl Fn(&Tree) -> Option<&Node>) {
        let wait = Wait::begin();
        loop {
            let tree = self.wait_for(what, |tree| find(tree).is_some()).await;
            let found = find(&tree);
            if let Some(node) = found
                && self.is_shown(node).await
                && self.try_click(node).await
            {
                return;
            }
            assert!(
                !wait.is_over(),
                "waited {WAIT_TIMEOUT:?} for {what} to be shown"
            );
            wait.pause().await;
        }
    }

    /// Waits until an element exists and is shown, even if it is drawn again meanwhile.
    pub async fn wait_until_shown(&self, what: &str, find: impl Fn(&Tree) -> Option<&Node>) {
        let wait = Wait::begin();
        loop {
            let tree = self.wait_for(what, |tree| find(tree).is_some()).await;
            if let Some(node) = find(&tree)
                && self.is_shown(node).await
            {
                return;
            }
            assert!(
                !wait.is_over(),
                "waited {WAIT_TIMEOUT:?} for {what} to be shown"
            );
            wait.pause().await;
        }
    }

    /// Clicks, and returns false when the element is not shown.
    async fn try_click(&self, node: &Node) -> bool {
        let wait = Wait::begin();
        let mut before = None;
        let [left, top, width, height] = loop {
            self.scroll_to(node).await;
            let Some(now) = self.first_line(node).await else {
                return false;
            };
            // On a slow machine an element that was just drawn may still move away from the pointer.
            if before == Some(now) && self.is_hit(node).await {
                break now;
            }
            assert!(
                !wait.is_over(),
                "the element is covered, or it keeps moving:\n{node}"
            );
            before = Some(now);
            wait.pause().await;
        };
        let (x, y) = (left + width / 2.0, top + height / 2.0);
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let event = json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": 1 });
            self.devtools("Input.dispatchMouseEvent", event).await;
        }
        true
    }

    /// Moves a finger over the screen through these points, in CSS pixels; through one point it is a tap.
    pub async fn touch(&self, points: &[(f64, f64)]) {
        let enabled = json!({ "enabled": true, "maxTouchPoints": 1 });
        self.devtools("Emulation.setTouchEmulationEnabled", enabled)
            .await;
        for (index, (x, y)) in points.iter().enumerate() {
            let kind = if index == 0 {
                "touchStart"
            } else {
                "touchMove"
            };
            let event = json!({ "type": kind, "touchPoints": [{ "x": x, "y": y }] });
            self.devtools("Input.dispatchTouchEvent", event).await;
        }
        let end = json!({ "type": "touchEnd", "touchPoints": [] });
        self.devtools("Input.dispatchTouchEvent", end).await;
    }

    /// An element's left, top, width and height on the screen, in CSS pixels; `None` when it is not shown.
    pub async fn rectangle(&self, node: &Node) -> Option<[f64; 4]> {
        let answer = self.devtools_about("DOM.getBoxModel", node).await?;
        let corners: Vec<f64> = answer["model"]["border"]
            .as_array()?
            .iter()
            .filter_map(Value::as_f64)
            .collect();
        let (left, top) = (*corners.first()?, *corners.get(1)?);
        let (right, bottom) = (*corners.get(4)?, *corners.get(5)?);
        Some([left, top, right - left, bottom - top])
    }

    /// Waits until an element's rectangle meets a condition, and returns it: an element that was just drawn may still move.
    pub async fn wait_for_rectangle(
        &self,
        what: &str,
        node: &Node,
        condition: impl Fn([f64; 4]) -> bool,
    ) -> [f64; 4] {
        let wait = Wait::begin();
        loop {
            let rectangle = self.rectangle(node).await;
            if let Some(rectangle) = rectangle
                && condition(rectangle)
            {
                return rectangle;
            }
            assert!(
                !wait.is_over(),
                "waited {WAIT_TIMEOUT:?} for {what}; it is at {rectangle:?}"
            );
            wait.pause().await;
        }
    }

    /// The rectangle of an element's first line: the middle of a wrapped link may lie outside its text.
    async fn first_line(&self, node: &Node) -> Option<[f64; 4]> {
        let answer = self.devtools_about("DOM.getContentQuads", node).await?;
        let corners: Vec<f64> = answer["quads"]
            .get(0)?
            .as_array()?
            .iter()
            .filter_map(Value::as_f64)
            .collect();
        let (left, top) = (*corners.first()?, *corners.get(1)?);
        let (right, bottom) = (*corners.get(4)?, *corners.get(5)?);
        Some([left, top, right - left, bottom - top])
    }

    /// Whether an element has a size.
    pub async fn is_shown(&self, node: &Node) -> bool {
        self.rectangle(node)
            .await
            .is_some_and(|[_, _, width, height]| width > 0.0 && height > 0.0)
    }

    async fn scroll_to(&self, node: &Node) {
        // A missing element does not scroll; callers check for it.
        self.devtools_about("DOM.scrollIntoViewIfNeeded", node)
            .await;
    }

    async fn is_hit(&self, node: &Node) -> bool {
        let Some(found) = self.devtools_about("DOM.resolveNode", node).await else {
            return false;
        };
        let object = json!({ "objectId": found["object"]["objectId"] });
        let mut call = object.clone();
        call["functionDeclaration"] = json!(IS_HIT);
        call["returnByValue"] = json!(true);
        let cdp = self.driver().cdp();
        let answer = cdp.send_raw("Runtime.callFunctionOn", call).await;
        // DevTools keeps the object until it is released. If the page has been closed, there is nothing to release.
        let _ = cdp.send_raw("Runtime.releaseObject", object).await;
        answer.is_ok_and(|answer| answer["result"]["value"] == true)
    }

    /// Sends a DevTools command about an element and returns the answer; `None` if the element was removed or is not shown.
    async fn devtools_about(&self, command: &str, node: &Node) -> Option<Value> {
        let parameters = json!({ "backendNodeId": node.backend_id });
        self.driver().cdp().send_raw(command, parameters).await.ok()
    }
}

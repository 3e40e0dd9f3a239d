//! The content of a page as a plain tree, closed shadow roots and frames included.

use std::{fmt, ops::Deref};

use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Tree {
    root: Node,
}

/// An element, a text, a shadow root or a document.
#[derive(Clone, Debug)]
pub struct Node {
    /// Name in lower case: `div`, `#text`, `#document-fragment`, …
    pub name: String,
    /// Content of a text node.
    pub value: String,
    /// Name and value, in document order.
    pub attributes: Vec<(String, String)>,
    /// Mode of a shadow root: `open` or `closed`.
    pub shadow_mode: Option<String>,
    /// Children; an element's shadow root comes first.
    pub children: Vec<Node>,
    /// DevTools' id of the node.
    pub backend_id: i64,
}

impl Tree {
    /// Reads DevTools' answer to `DOM.getDocument`.
    pub fn read(document: &Value) -> Self {
        Self {
            root: Node::read(document),
        }
    }
}

impl Deref for Tree {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.root
    }
}

impl Node {
    fn read(node: &Value) -> Self {
        let text = |key: &str| node[key].as_str().unwrap_or_default();
        let list = |key: &str| node[key].as_array().map(Vec::as_slice).unwrap_or_default();
        let below = ["shadowRoots", "children"].into_iter().flat_map(list);
        let frame = node.get("contentDocument");
        Self {
            name: text("nodeName").to_lowercase(),
            value: text("nodeValue").to_owned(),
            attributes: list("attributes")
                .chunks_exact(2)
                .map(|pair| {
                    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                    (word(&pair[0]), word(&pair[1]))
                })
                .collect(),
            shadow_mode: node["shadowRootType"].as_str().map(str::to_owned),
            children: below.chain(frame).map(Self::read).collect(),
            backend_id: node["backendNodeId"].as_i64().unwrap_or_default(),
        }
    }

    /// This node and all descendants, in document order.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            waiting.extend(next.children.iter().rev());
            Some(next)
        })
    }

    /// The first node that meets a condition.
    pub fn find(&self, condition: impl Fn(&Self) -> bool) -> Option<&Self> {
        self.all().find(|node| condition(node))
    }

    /// All nodes that meet a condition.
    pub fn find_all(&self, condition: impl Fn(&Self) -> bool) -> Vec<&Self> {
        self.all().filter(|node| condition(node)).collect()
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the attribute `part` contains this name.
    pub fn has_part(&self, part: &str) -> bool {
        self.attribute("part")
            .is_some_and(|parts| parts.split_ascii_whitespace().any(|found| found == part))
    }

    /// The first element with this name.
    pub fn element(&self, name: &str) -> Option<&Self> {
        self.find(|node| node.name == name)
    }

    /// The first element with this part.
    pub fn part(&self, part: &str) -> Option<&Self> {
        self.find(|node| node.has_part(part))
    }

    /// All elements with this part.
    pub fn parts(&self, part: &str) -> Vec<&Self> {
        self.find_all(|node| node.has_part(part))
    }

    /// The host element of the widget.
    pub fn banner(&self) -> Option<&Self> {
        self.element("allclear-banner")
    }

    /// The notice of this incident.
    pub fn notice(&self, id: &str) -> Option<&Self> {
        self.find(|node| node.attribute("data-notice") == Some(id))
    }

    /// All notices, in document order.
    pub fn notices(&self) -> Vec<&Self> {
        self.find_all(|node| node.attribute("data-notice").is_some())
    }

    /// The innermost element that contains this text.
    pub fn with_text(&self, words: &str) -> Option<&Self> {
        let says = |node: &Self| node.name != "#text" && node.text().contains(words);
        self.find(|node| {
            !node.name.starts_with('#') && says(node) && !node.children.iter().any(says)
        })
    }

    /// The text of the node and its descendants with single spaces, without scripts and styles.
    pub fn text(&self) -> String {
        let mut words = Vec::new();
        self.collect_words(&mut words);
        words.join(" ")
    }

    fn collect_words<'node>(&'node self, words: &mut Vec<&'node str>) {
        if self.name == "#text" {
            words.extend(self.value.split_whitespace());
        }
        if !matches!(
            self.name.as_str(),
            "script" | "style" | "template" | "noscript"
        ) {
            for child in &self.children {
                child.collect_words(words);
            }
        }
    }
}

/// One indented line per node, for failed waits.
impl fmt::Display for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn line(node: &Node, depth: usize, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            let words = node.value.split_whitespace().collect::<Vec<_>>().join(" ");
            if node.name == "#text" && words.is_empty() {
                return Ok(());
            }
            write!(out, "{:depth$}{}", "", node.name)?;
            if let Some(mode) = &node.shadow_mode {
                write!(out, " ({mode})")?;
            }
            for (name, value) in &node.attributes {
                write!(out, " {name}={value:?}")?;
            }
            writeln!(out, " {words}")?;
            node.children
                .iter()
                .try_for_each(|child| line(child, depth + 2, out))
        }
        line(self, 0, formatter)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tree() -> Tree {
        let text = |words: &str| json!({ "nodeName": "#text", "nodeValue": words });
        Tree::read(&json!({ "nodeName": "#document", "children": [
            { "nodeName": "SCRIPT", "children": [text("code")] },
            { "nodeName": "ALLCLEAR-BANNER", "shadowRoots": [
                { "nodeName": "#document-fragment", "shadowRootType": "closed", "children": [
                    { "nodeName": "DIV", "attributes": ["data-notice", "inc_1", "part", "card loud"], "backendNodeId": 7,
                      "children": [{ "nodeName": "H2", "attributes": ["part", "title"], "children": [text(" Late \n mail ")] }] } ] } ] },
            { "nodeName": "IFRAME", "contentDocument": { "nodeName": "#document", "children": [text("inside")] } },
        ]}))
    }

    #[test]
    fn a_closed_root_is_read() {
        let tree = tree();
        let notice = tree.notice("inc_1").unwrap();
        assert_eq!(notice.backend_id, 7);
        assert!(notice.has_part("loud") && !notice.has_part("lou"));
        assert_eq!(tree.part("title").unwrap().text(), "Late mail");
        assert_eq!(tree.with_text("Late mail").unwrap().name, "h2");
        assert!(tree.to_string().contains("#document-fragment (closed)"));
    }

    #[test]
    fn text_includes_shadow_roots_and_frames() {
        assert_eq!(tree().text(), "Late mail inside");
    }
}

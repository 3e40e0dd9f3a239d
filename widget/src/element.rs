//! Builds elements. Yew's `html!` is more readable, but makes the widget 9 KB larger. Events are handled by the container
//! that an element is drawn in: `src/dom/container.js`.

#![expect(
    clippy::disallowed_types,
    reason = "the only module that makes elements, all with the same list of attributes"
)]

use yew::{
    AttrValue, Html,
    virtual_dom::{AttributeOrProperty, Attributes, VList, VTag, VText},
};

use crate::texts::TIE;

/// The attributes of all elements. Yew compares elements that share a list of attributes index by index.
#[derive(Clone, Copy)]
pub enum Attribute {
    Class,
    /// The name for the page's style sheets and for tests.
    Part,
    Href,
    Target,
    Rel,
    Type,
    Expanded,
    Hidden,
    Role,
    Label,
    Lang,
    Dir,
    /// `data-notice`: the id of a notice.
    Notice,
    /// `data-kind`: the kind of a notice.
    Kind,
    ViewBox,
    /// The path of an icon.
    D,
    /// The number of a list's first item.
    Start,
}

/// The names, in the order of [`Attribute`].
static NAMES: [&str; 17] = [
    "class",
    "part",
    "href",
    "target",
    "rel",
    "type",
    "aria-expanded",
    "aria-hidden",
    "role",
    "aria-label",
    "lang",
    "dir",
    "data-notice",
    "data-kind",
    "viewBox",
    "d",
    "start",
];

/// An element that is being built.
pub struct Element(Box<VTag>);

pub fn element(tag: &'static str) -> Element {
    let mut tag = VTag::new(AttrValue::Static(tag));
    tag.attributes = Attributes::Dynamic {
        keys: &NAMES,
        values: NAMES.map(|_| None).into(),
    };
    Element(Box::new(tag))
}

impl Element {
    #[inline(never)]
    pub fn set(mut self, attribute: Attribute, value: AttrValue) -> Self {
        if let Attributes::Dynamic { values, .. } = &mut self.0.attributes
            && let Some(slot) = values.get_mut(attribute as usize)
        {
            *slot = Some(AttributeOrProperty::Attribute(value));
        }
        self
    }

    /// Sets an attribute to a constant.
    #[inline(never)]
    pub fn set_static(self, attribute: Attribute, value: &'static str) -> Self {
        self.set(attribute, AttrValue::Static(value))
    }

    #[inline(never)]
    pub fn class(self, class: &'static str) -> Self {
        self.set_static(Attribute::Class, class)
    }

    #[inline(never)]
    pub fn part(self, part: &'static str) -> Self {
        self.set_static(Attribute::Part, part)
    }

    /// Sets Yew's key, by which it recognises the element among its siblings.
    #[inline(never)]
    pub fn key(mut self, key: &str) -> Self {
        self.0.key = Some(key.into());
        self
    }

    #[inline(never)]
    pub fn node(mut self, child: Html) -> Self {
        self.0.add_child(child);
        self
    }

    #[inline(never)]
    pub fn child(self, child: Element) -> Self {
        self.node(child.build())
    }

    /// Adds a child, or an empty node in its place: Yew recognises siblings without keys by their position, and a button
    /// that has the focus must stay the same element.
    #[inline(never)]
    pub fn optional(self, child: Option<Element>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self.node(Html::default()),
        }
    }

    #[inline(never)]
    pub fn static_text(self, text: &'static str) -> Self {
        self.add_text(AttrValue::Static(text))
    }

    #[inline(never)]
    pub fn text(self, text: String) -> Self {
        self.add_text(text.into())
    }

    /// Adds a text in an element of its own, which is replaced as a whole when the text changes.
    ///
    /// Translation extensions reach closed shadow roots, and replace text nodes by elements. Yew would write into a text node that
    /// is no longer in the document, and panic when a sibling is missing. Elements are not replaced. `data` has no style and no
    /// role, and `card.css` has no rule for it. Each is in its own list, because Yew drops one of two siblings with the same key.
    fn add_text(self, text: AttrValue) -> Self {
        // Spaces are not translated.
        if text.trim().is_empty() {
            return self.node(VText::new(text).into());
        }
        let own = element("data").key(&text);
        let own = own.node(VText::new(text).into());
        self.node(VList::with_children(vec![own.build()], None).into())
    }

    /// Adds a text whose words between two [`TIE`]s stay on one line.
    #[inline(never)]
    pub fn tied_text(self, text: &str) -> Self {
        let parts = text.split(TIE).enumerate();
        parts.fold(self, |parent, (index, part)| {
            let part = part.to_owned();
            if index % 2 == 0 {
                parent.text(part)
            } else {
                parent.child(element("span").class("tied").text(part))
            }
        })
    }

    /// Returns the element as a Yew node.
    #[inline(never)]
    pub fn build(self) -> Html {
        (*self.0).into()
    }
}

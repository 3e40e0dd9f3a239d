//! Elements, built step by step. Yew's `html!` says the same more prettily and takes 9 KB more of what every page in an
//! outage loads. What a reader does to them is heard by the place they are drawn in: `src/page/place.js`.

use yew::{
    AttrValue, Html,
    virtual_dom::{AttributeOrProperty, Attributes, VList, VTag, VText},
};

use crate::texts::TIE;

/// The attributes that we use. One list for all elements: Yew compares those of equal lists place by place.
#[derive(Clone, Copy)]
pub enum Attribute {
    /// How it looks.
    Class,
    /// What tests and themes call it.
    Part,
    /// Where it leads.
    Href,
    /// In which window.
    Target,
    /// With what said of where it came from.
    Rel,
    /// A button's kind.
    Type,
    /// Whether what it opens is open.
    Expanded,
    /// Not for the ear.
    Hidden,
    /// What it is to the ear.
    Role,
    /// What the ear calls it.
    Label,
    /// The words' language.
    Lang,
    /// The words' direction.
    Dir,
    /// Which notice it is.
    Notice,
    /// And of which kind.
    Kind,
    /// An icon's square.
    ViewBox,
    /// An icon's line.
    D,
}

/// The names, in the order of [`Attribute`].
static NAMES: [&str; 16] = [
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
];

/// An element in the making.
pub struct Element(Box<VTag>);

/// A new element.
pub fn element(tag: &'static str) -> Element {
    let mut tag = VTag::new(AttrValue::Static(tag));
    tag.attributes = Attributes::Dynamic {
        keys: &NAMES,
        values: NAMES.map(|_| None).into(),
    };
    Element(Box::new(tag))
}

impl Element {
    /// Sets an attribute.
    #[inline(never)]
    pub fn set(mut self, attribute: Attribute, value: AttrValue) -> Self {
        if let Attributes::Dynamic { values, .. } = &mut self.0.attributes
            && let Some(place) = values.get_mut(attribute as usize)
        {
            *place = Some(AttributeOrProperty::Attribute(value));
        }
        self
    }

    /// Sets an attribute to what it always is.
    #[inline(never)]
    pub fn with(self, attribute: Attribute, value: &'static str) -> Self {
        self.set(attribute, AttrValue::Static(value))
    }

    /// Says how it looks.
    #[inline(never)]
    pub fn class(self, class: &'static str) -> Self {
        self.with(Attribute::Class, class)
    }

    /// Says what tests and themes call it.
    #[inline(never)]
    pub fn part(self, part: &'static str) -> Self {
        self.with(Attribute::Part, part)
    }

    /// Says what it is among its neighbours, so that it is moved and not remade.
    #[inline(never)]
    pub fn key(mut self, key: &str) -> Self {
        self.0.key = Some(key.into());
        self
    }

    /// Puts something into it.
    #[inline(never)]
    pub fn child(mut self, child: Html) -> Self {
        self.0.add_child(child);
        self
    }

    /// Puts an element into it.
    #[inline(never)]
    pub fn holding(self, child: Element) -> Self {
        self.child(child.done())
    }

    /// Puts an element into it, if there is one. If not, its place is kept: Yew tells neighbours apart by their places,
    /// and a button that has the focus must stay the same button.
    #[inline(never)]
    pub fn perhaps(self, child: Option<Element>) -> Self {
        match child {
            Some(child) => self.holding(child),
            None => self.child(Html::default()),
        }
    }

    /// Puts fixed words into it.
    #[inline(never)]
    pub fn says(self, words: &'static str) -> Self {
        self.words(AttrValue::Static(words))
    }

    /// Puts words into it.
    #[inline(never)]
    pub fn text(self, words: String) -> Self {
        self.words(words.into())
    }

    /// Puts words into it, in an element of their own, which is replaced as a whole when they change.
    ///
    /// Translators, which reach closed shadow roots as extensions, put elements of theirs in place of text nodes. Yew
    /// writes into the text node it made, wherever that is by then, and panics when a neighbour is gone; of elements it
    /// knows where they are. `data` has no style and no role, and no rule of `card.css` is for it. It stands in a list
    /// of its own, since of two neighbours with one key Yew would drop one.
    fn words(self, words: AttrValue) -> Self {
        // Nobody translates a space.
        if words.trim().is_empty() {
            return self.child(VText::new(words).into());
        }
        let own = element("data").key(&words);
        let own = own.child(VText::new(words).into());
        self.child(VList::with_children(vec![own.done()], None).into())
    }

    /// Puts words into it of which some belong together: those between two [`TIE`]s.
    #[inline(never)]
    pub fn sentence(self, words: &str) -> Self {
        let parts = words.split(TIE).enumerate();
        parts.fold(self, |into, (index, part)| {
            let part = part.to_owned();
            if index % 2 == 0 {
                into.text(part)
            } else {
                into.holding(element("span").class("tied").text(part))
            }
        })
    }

    /// The element, as Yew takes it.
    #[inline(never)]
    pub fn done(self) -> Html {
        (*self.0).into()
    }
}

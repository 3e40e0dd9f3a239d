//! Draws a container.

use notice::{browser::freshness::Freshness, wire::time::Timestamp};

use super::App;
use crate::{
    choices::Layout,
    element::{Attribute, Element, element},
    format::Formatter,
    loader::Loader,
    screen::{self, Container, ShownNotice},
    texts::{Text, fill},
    view::{self, NoticeContext},
};

impl App {
    /// The context to draw a notice in; `None` when the feed does not contain it.
    pub fn context<'a>(
        &'a self,
        shown: &'a ShownNotice,
        container: &'a str,
        format: &'a Formatter,
        freshness: &'a str,
    ) -> Option<NoticeContext<'a>> {
        let notice = screen::notice(self.feed.as_ref()?, &shown.id)?;
        Some(NoticeContext {
            notice,
            all_clear: shown.all_clear(notice),
            texts: self.texts,
            format,
            freshness,
            names_segments: shown.names_segments,
            is_news: self.load.is_news(notice),
            truncations: self.truncations.of(container),
        })
    }

    /// A container with its notices.
    pub fn draw(&self, container: &Container, loader: &Loader) -> Element {
        let position = if container.root.is_some() {
            "inline".to_owned()
        } else {
            loader.option("position")
        };
        let class = fill("root in-% theme-%", &[&position, &loader.option("theme")]);
        let root = element("div")
            .set(Attribute::Class, class.into())
            .set_static(Attribute::Lang, self.texts.tag)
            .set_static(Attribute::Dir, self.texts.get(Text::Direction));
        let Some(layout) = self.layout(container, loader) else {
            return root;
        };
        // A landmark, so that screen readers can jump to a card that floats.
        let root = match &self.feed {
            Some(feed) if position != "inline" => root
                .set_static(Attribute::Role, "complementary")
                .set(Attribute::Label, feed.name.clone().into()),
            _ => root,
        };
        self.fill(root, container, &layout, loader)
            .unwrap_or_else(|| element("div"))
    }

    fn fill(
        &self,
        root: Element,
        container: &Container,
        layout: &Layout<'_>,
        loader: &Loader,
    ) -> Option<Element> {
        let format = &Formatter::new(self.texts, loader.now());
        let freshness = self.freshness_note(format, loader);
        let context = |shown| self.context(shown, &container.key, format, &freshness);
        let main = context(layout.main()?)?;
        let others: Vec<_> = layout
            .arrangement
            .others
            .iter()
            .filter_map(|&index| context(layout.shown.get(index)?))
            .collect();
        let count = u32::try_from(others.len()).unwrap_or(u32::MAX);
        Some(match layout.arrangement.extent {
            None => root.child(view::pill(&main, count)),
            Some(extent) => {
                let root = root.child(view::card(&main, extent));
                if layout.is_listed {
                    let rows = others.iter().map(view::row);
                    rows.fold(root, Element::child)
                        .child(view::less(self.texts))
                } else {
                    root.optional(others.first().map(|other| view::line(other, count - 1)))
                }
            }
        })
    }

    fn freshness_note(&self, format: &Formatter, loader: &Loader) -> String {
        let text = match self.freshness {
            Freshness::Confirmed => return String::new(),
            Freshness::Unconfirmed => Text::AsOf,
            Freshness::Stale => Text::Stale,
            Freshness::Offline => Text::Offline,
        };
        let as_of = format.time(Timestamp::from_seconds(loader.confirmed_at()));
        self.texts.fill(text, &[&as_of])
    }
}

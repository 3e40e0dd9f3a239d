//! A place with what is drawn in it.

use notice::{freshness::Freshness, wire::time::Timestamp};

use crate::{
    app::App,
    choices::Drawn,
    element::{Attribute, Element, element},
    host::Host,
    moments::Moments,
    screen::{self, Place, Shown},
    texts::{Text, fill},
    view::{self, Context},
};

impl App {
    /// What views are given of a notice.
    pub fn context<'a>(
        &'a self,
        shown: &'a Shown,
        place: &'a str,
        moments: &'a Moments,
        freshness: &'a str,
    ) -> Option<Context<'a>> {
        let notice = screen::notice(self.feed.as_ref()?, &shown.id)?;
        Some(Context {
            notice,
            over: notice.restored.as_ref().or(shown.part.as_ref()),
            texts: self.texts,
            moments,
            freshness,
            names_segments: shown.names_segments,
            is_news: self.load.is_news(notice),
            cuts: self.cuts.of(place),
        })
    }

    /// A place with what is shown there.
    pub fn draw(&self, place: &Place, host: &Host) -> Element {
        let position = if place.root.is_some() {
            "inline".to_owned()
        } else {
            host.option("position")
        };
        let class = fill("root in-% theme-%", &[&position, &host.option("theme")]);
        let into = element("div")
            .set(Attribute::Class, class.into())
            .with(Attribute::Lang, self.texts.tag)
            .with(Attribute::Dir, self.texts.get(Text::Direction));
        let Some(drawn) = self.drawn(place, host) else {
            return into;
        };
        // What floats is no part of the page's own, and can be gone to.
        let into = match &self.feed {
            Some(feed) if position != "inline" => into
                .with(Attribute::Role, "complementary")
                .set(Attribute::Label, feed.name.clone().into()),
            _ => into,
        };
        self.fill(into, place, &drawn, host)
            .unwrap_or_else(|| element("div"))
    }

    fn fill(
        &self,
        into: Element,
        place: &Place,
        drawn: &Drawn<'_>,
        host: &Host,
    ) -> Option<Element> {
        let moments = &Moments::new(self.texts, host.now());
        let freshness = self.freshness_sentence(moments, host);
        let given = |shown| self.context(shown, &place.key, moments, &freshness);
        let main = given(drawn.main()?)?;
        let others: Vec<_> = drawn
            .arrangement
            .others
            .iter()
            .filter_map(|&index| given(drawn.shown.get(index)?))
            .collect();
        let count = u32::try_from(others.len()).unwrap_or(u32::MAX);
        Some(match drawn.arrangement.extent {
            None => into.holding(view::pill(&main, count)),
            Some(extent) => {
                let into = into.holding(view::card(&main, extent));
                if drawn.is_listed {
                    let rows = others.iter().map(view::row);
                    rows.fold(into, Element::holding)
                        .holding(view::less(self.texts))
                } else {
                    into.perhaps(others.first().map(|other| view::line(other, count - 1)))
                }
            }
        })
    }

    fn freshness_sentence(&self, moments: &Moments, host: &Host) -> String {
        let text = match self.freshness {
            Freshness::Confirmed => return String::new(),
            Freshness::Unconfirmed => Text::AsOf,
            Freshness::Stale => Text::Stale,
            Freshness::Offline => Text::Offline,
        };
        let as_of = moments.time(Timestamp::from_seconds(host.confirmed_at()));
        self.texts.fill(text, &[&as_of])
    }
}

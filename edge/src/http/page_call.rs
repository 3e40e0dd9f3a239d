//! Which public page is asked for: a path below the site's own, and a query. Whatever the query says becomes one of few
//! values here, so that it cannot make more entries in a cache than there are pages.

use notice::wire::{ids::IncidentId, language::Language};

use crate::pages::{history::Month, layout::Theme};

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageName {
    /// How the site does.
    Status,
    /// One incident, whole.
    Incident(IncidentId),
    /// Its maintenance window, for a calendar.
    Calendar(IncidentId),
    /// What was, in one month; `None`: in the newest that there is something of.
    History(Option<Month>),
    /// The card as a page.
    Card(Theme),
}

/// Where a page is read; its links stay there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Below `/s/{site}`.
    Deployment,
    /// On a host name of the site's own.
    OwnHost,
}

/// A page in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageCall {
    /// Which.
    pub page: PageName,
    /// The language asked for; `None`, or one that the site does not have: the site's own.
    pub language: Option<Language>,
    /// Where it is read.
    pub place: Place,
}

impl PageName {
    /// Reads a path below the site's own, without its query.
    pub fn parse(path: &str) -> Option<Self> {
        match path {
            "" => Some(Self::Status),
            "/history" => Some(Self::History(None)),
            "/card" => Some(Self::Card(Theme::Auto)),
            _ => {
                let name = path.strip_prefix("/incidents/")?;
                match name.strip_suffix(".ics") {
                    Some(id) => IncidentId::parse(id).map(Self::Calendar),
                    None => IncidentId::parse(name).map(Self::Incident),
                }
            }
        }
    }
}

/// The language that a query asks for.
pub fn language_of(query: &str) -> Option<Language> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.rfind(|(name, _)| *name == "lang")?;
    Language::canonical(value)
}

impl PageCall {
    /// A page with what the query says of it. Names nobody knows are ignored, as chats and mails add some; of months
    /// that are none, there is no page.
    pub fn read(mut page: PageName, query: &str, place: Place) -> Option<Self> {
        let language = language_of(query);
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match (name, &mut page) {
                ("month", PageName::History(month)) => *month = Some(Month::parse(value)?),
                ("theme", PageName::Card(theme)) => {
                    *theme = match value {
                        "light" => Theme::Light,
                        "dark" => Theme::Dark,
                        _ => Theme::Auto,
                    };
                }
                _ => {}
            }
        }
        Some(Self {
            page,
            language,
            place,
        })
    }

    /// The same in another language.
    #[must_use]
    pub fn in_language(&self, language: Option<Language>) -> Self {
        Self {
            language,
            ..self.clone()
        }
    }

    /// How the Worker asks the site's object for it, and remembers it: the same for every spelling of the same page.
    pub fn key(&self) -> String {
        let place = match self.place {
            Place::Deployment => "/page",
            Place::OwnHost => "/own-page",
        };
        let (path, query) = match &self.page {
            PageName::Status => (String::new(), String::new()),
            PageName::Incident(id) => (format!("/incidents/{id}"), String::new()),
            PageName::Calendar(id) => (format!("/incidents/{id}.ics"), String::new()),
            PageName::History(None) => ("/history".to_owned(), String::new()),
            PageName::History(Some(month)) => {
                ("/history".to_owned(), format!("month={}", month.as_str()))
            }
            PageName::Card(Theme::Auto) => ("/card".to_owned(), String::new()),
            PageName::Card(Theme::Light) => ("/card".to_owned(), "theme=light".to_owned()),
            PageName::Card(Theme::Dark) => ("/card".to_owned(), "theme=dark".to_owned()),
        };
        let language = self
            .language
            .as_ref()
            .map(|language| format!("lang={language}"));
        let query: Vec<String> = [query]
            .into_iter()
            .chain(language)
            .filter(|part| !part.is_empty())
            .collect();
        format!("{place}{path}?{}", query.join("&"))
    }

    /// Reads what [`PageCall::key`] wrote.
    pub fn of_key(path: &str, query: &str) -> Option<Self> {
        let (place, path) = match path.strip_prefix("/page") {
            Some(path) => (Place::Deployment, path),
            None => (Place::OwnHost, path.strip_prefix("/own-page")?),
        };
        Self::read(PageName::parse(path)?, query, place)
    }
}

#[cfg(test)]
mod tests {
    use super::{PageCall, PageName, Place};

    #[test]
    fn every_spelling_of_a_page_is_one_key() {
        for (path, query, expected) in [
            ("", "", Some("/page?")),
            ("", "lang=de-AT&utm=x", Some("/page?lang=de")),
            ("", "lang=%00&lang=", Some("/page?")),
            ("", "month=2026-11&theme=dark", Some("/page?")),
            ("/history", "", Some("/page/history?")),
            (
                "/history",
                "month=2026-11&lang=de",
                Some("/page/history?month=2026-11&lang=de"),
            ),
            ("/history", "month=never", None),
            ("/card", "theme=dark", Some("/page/card?theme=dark")),
            ("/card", "theme=pink&audience=eu", Some("/page/card?")),
            (
                "/incidents/inc_1",
                "lang=zh-TW",
                Some("/page/incidents/inc_1?lang=zh-Hant"),
            ),
            (
                "/incidents/inc_1.ics",
                "lang=de",
                Some("/page/incidents/inc_1.ics?lang=de"),
            ),
        ] {
            let page = PageName::parse(path).unwrap();
            let call = PageCall::read(page, query, Place::Deployment);
            let key = call.as_ref().map(PageCall::key);
            assert_eq!(key.as_deref(), expected, "{path}?{query}");
            if let (Some(call), Some(key)) = (call, key) {
                for call in [
                    PageCall {
                        place: Place::OwnHost,
                        ..call.clone()
                    },
                    call,
                ] {
                    let key = if call.place == Place::OwnHost {
                        call.key()
                    } else {
                        key.clone()
                    };
                    let (path, query) = key.split_once('?').unwrap();
                    assert_eq!(PageCall::of_key(path, query), Some(call), "{key}");
                }
            }
        }
        for path in [
            "/nothing",
            "/history/",
            "/incidents/",
            "/incidents/x",
            "/incidents/.ics",
            "/incidents/inc_1.ics.ics",
            "/incidents/inc_1.ICS",
            "/card/x",
        ] {
            assert_eq!(PageName::parse(path), None, "{path}");
        }
    }
}

//! Requests for public pages: a path below the site's path, and a query. Query values are parsed into a small set of
//! values, so that clients cannot fill a cache with copies of one page.

use notice::{
    project::months,
    wire::{ids::IncidentId, language::LanguageTag, time::Timestamp},
};
use serde::{Deserialize, Serialize};

use super::route::{
    table::PAGE_PATHS,
    template::{Ids, fits},
};

/// A month in the site's time zone, such as `2026-11`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Month(String);

impl Month {
    /// Parses `YYYY-MM`, from 1970 on, because no timestamp is earlier.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = year.len() == 4 && month.len() == 2 && digits(year) && digits(month);
        let (year, month): (u16, u8) = (year.parse().ok()?, month.parse().ok()?);
        (fits && year >= 1970 && (1..=12).contains(&month)).then(|| Self(text.to_owned()))
    }

    /// Whether the month has not begun at `now` in any time zone.
    pub fn is_after(&self, now: Timestamp) -> bool {
        let start = months::utc_start(self.as_str());
        start.is_none_or(|start| start > now.plus_seconds(months::FARTHEST_ZONE_S))
    }

    /// `YYYY-MM`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A page of a month's history.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MonthPage {
    pub month: Month,
    /// The last incident of the previous page, in a month with several pages.
    pub before: Option<IncidentId>,
}

impl MonthPage {
    /// The page's query, without a language.
    pub fn query(&self) -> String {
        match &self.before {
            Some(before) => format!("month={}&before={before}", self.month.as_str()),
            None => format!("month={}", self.month.as_str()),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Theme {
    /// Follows the reader's system.
    #[default]
    Auto,
    Light,
    Dark,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PageName {
    Status,
    Incident(IncidentId),
    /// An incident's maintenance window as a calendar file.
    Calendar(IncidentId),
    /// The history of a month; `None` means the latest month with incidents.
    History(Option<MonthPage>),
    /// The card as a page.
    Card(Theme),
}

/// The kind of host name that serves a page; the page's links stay on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PageHost {
    /// The deployment's own host name; pages are below `/s/{site}`.
    Deployment,
    /// A custom host name of the site; pages are at `/`.
    Site,
}

/// A request for a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PageCall {
    pub page: PageName,
    /// The reader's language. `None`, or a language that the site does not have, means the site's primary language.
    pub language: Option<LanguageTag>,
    pub host: PageHost,
}

impl PageName {
    /// Whether pages of all origins may read the page.
    pub fn is_shared(&self) -> bool {
        match self {
            Self::Calendar(_) => true,
            Self::Status | Self::Incident(_) | Self::History(_) | Self::Card(_) => false,
        }
    }

    /// Parses a path below the site's path, without its query.
    pub fn parse(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').collect();
        let (first, below) = segments.split_first()?;
        Self::of_segments(below).filter(|_| first.is_empty())
    }

    /// Parses the segments of a path below the site's own.
    pub fn of_segments(segments: &[&str]) -> Option<Self> {
        let mut paths = PAGE_PATHS.iter();
        let template = paths.find(|template| fits(template, segments))?;
        let ids = Ids { template, segments };
        match *template {
            "" => Some(Self::Status),
            "/history" => Some(Self::History(None)),
            "/card" => Some(Self::Card(Theme::Auto)),
            "/incidents/{incident}.ics" => ids.incident().ok().map(Self::Calendar),
            "/incidents/{incident}" => ids.incident().ok().map(Self::Incident),
            _ => None,
        }
    }
}

/// The first `lang` in a query, as for feeds.
pub fn language_of(query: &str) -> Option<LanguageTag> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == "lang")?;
    LanguageTag::parse(value)
}

impl PageCall {
    /// Parses the query of a page. Unknown names are ignored, because chat and mail clients add some. `None` for an invalid
    /// month, or an invalid `before`.
    pub fn parse(mut page: PageName, query: &str, host: PageHost) -> Option<Self> {
        let language = language_of(query);
        let mut before = None;
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match (name, &mut page) {
                ("month", PageName::History(requested)) => {
                    let month = Month::parse(value)?;
                    *requested = Some(MonthPage {
                        month,
                        before: None,
                    });
                }
                ("before", PageName::History(_)) => before = Some(IncidentId::parse(value)?),
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
        // `before` without a month is ignored.
        if let PageName::History(Some(requested)) = &mut page {
            requested.before = before;
        }
        Some(Self {
            page,
            language,
            host,
        })
    }

    /// Whether the page is about a month that has not begun, so that it cannot exist.
    pub fn is_of_the_future(&self, now: Timestamp) -> bool {
        match &self.page {
            PageName::History(Some(page)) => page.month.is_after(now),
            PageName::Status
            | PageName::Incident(_)
            | PageName::Calendar(_)
            | PageName::History(None)
            | PageName::Card(_) => false,
        }
    }

    #[must_use]
    pub fn in_language(&self, language: Option<LanguageTag>) -> Self {
        Self {
            language,
            ..self.clone()
        }
    }

    /// The page's key in KV: the same for all spellings of one page in one of the site's languages.
    pub fn key(&self) -> String {
        let host = match self.host {
            PageHost::Deployment => "/page",
            PageHost::Site => "/own-page",
        };
        let (path, query) = match &self.page {
            PageName::Status => (String::new(), String::new()),
            PageName::Incident(id) => (format!("/incidents/{id}"), String::new()),
            PageName::Calendar(id) => (format!("/incidents/{id}.ics"), String::new()),
            PageName::History(None) => ("/history".to_owned(), String::new()),
            PageName::History(Some(page)) => ("/history".to_owned(), page.query()),
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
        format!("{host}{path}?{}", query.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use notice::wire::time::Timestamp;

    use super::{Month, PageCall, PageHost, PageName};

    #[test]
    fn spellings_of_one_page_share_a_key() {
        for (path, query, expected) in [
            ("", "", Some("/page?")),
            ("", "lang=de&utm=x", Some("/page?lang=de")),
            ("", "lang=%00&lang=", Some("/page?")),
            ("", "month=2026-11&theme=dark", Some("/page?")),
            ("/history", "", Some("/page/history?")),
            (
                "/history",
                "month=2026-11&lang=de",
                Some("/page/history?month=2026-11&lang=de"),
            ),
            ("/history", "month=never", None),
            ("/history", "month=1969-12", None),
            (
                "/history",
                "before=inc_1&month=2026-11",
                Some("/page/history?month=2026-11&before=inc_1"),
            ),
            ("/history", "before=inc_1", Some("/page/history?")),
            ("/history", "month=2026-11&before=x", None),
            ("/card", "theme=dark", Some("/page/card?theme=dark")),
            ("/card", "theme=pink&audience=eu", Some("/page/card?")),
            (
                "/incidents/inc_1",
                "lang=zh-Hant",
                Some("/page/incidents/inc_1?lang=zh-Hant"),
            ),
            (
                "/incidents/inc_1.ics",
                "lang=de",
                Some("/page/incidents/inc_1.ics?lang=de"),
            ),
        ] {
            let page = PageName::parse(path).unwrap();
            let call = PageCall::parse(page, query, PageHost::Deployment);
            let key = call.as_ref().map(PageCall::key);
            assert_eq!(key.as_deref(), expected, "{path}?{query}");
            if let Some(call) = call {
                let sent = serde_json::to_string(&call).unwrap();
                assert_eq!(serde_json::from_str::<PageCall>(&sent).unwrap(), call);
                let host = PageHost::Site;
                let own = PageCall {
                    host,
                    ..call.clone()
                };
                assert_ne!(own.key(), call.key(), "links differ between host names");
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

    #[test]
    fn months_are_validated() {
        for (text, fits) in [
            ("2026-11", true),
            ("2026-01", true),
            ("1970-01", true),
            ("9999-12", true),
            ("1969-12", false),
            ("0000-01", false),
            ("2026-00", false),
            ("2026-13", false),
            ("2026-1", false),
            ("202-611", false),
            ("2026-11-01", false),
            ("+026-11", false),
            ("", false),
        ] {
            assert_eq!(Month::parse(text).is_some(), fits, "{text}");
        }
    }

    #[test]
    fn months_that_have_not_begun_anywhere_are_in_the_future() {
        let now = Timestamp::parse("2026-11-30T12:00:00Z").unwrap();
        for (query, expected) in [
            ("", false),
            ("month=2026-11", false),
            // It has begun in Kiribati.
            ("month=2026-12", false),
            ("month=2027-01", true),
            ("month=9999-12", true),
            ("month=1970-01", false),
        ] {
            let call = PageCall::parse(PageName::History(None), query, PageHost::Deployment);
            assert_eq!(call.unwrap().is_of_the_future(now), expected, "{query}");
        }
    }
}

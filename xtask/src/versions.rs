//! The versions of the embedded files that remain available. Browsers and caches may use the loader of an earlier version, which
//! loads the other files of that version.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// Time for which a version remains available after another one has replaced it. Browsers use a site's loader for up to 7 days.
const KEPT_FOR: Duration = Duration::days(14);
/// Number of earlier versions that remain available without a limit of time.
const KEPT_AT_LEAST: usize = 5;

/// The current version, and the earlier ones that remain available. Also the part of `/embed.json` that `deploy` reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    #[serde(rename = "version")]
    pub current: String,
    /// The last replaced one first.
    #[serde(default)]
    pub earlier: Vec<Earlier>,
}

/// A version that another one has replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    pub version: String,
    #[serde(with = "time::serde::rfc3339")]
    pub replaced_at: OffsetDateTime,
}

impl Versions {
    /// The versions of a first deployment.
    pub fn first(version: &str) -> Self {
        Self {
            current: version.to_owned(),
            earlier: Vec::new(),
        }
    }

    /// The versions after a deployment of `version` at `now`. If it is the current one, only outdated versions are removed.
    pub fn followed_by(self, version: &str, now: OffsetDateTime) -> Self {
        let replaced = Earlier {
            version: self.current,
            replaced_at: now,
        };
        let mut earlier = vec![replaced];
        earlier.extend(self.earlier);
        earlier.retain(|earlier| earlier.version != version);
        earlier.sort_by_key(|earlier| Reverse(earlier.replaced_at));
        let number_of_recent = earlier
            .iter()
            .take_while(|earlier| now - earlier.replaced_at <= KEPT_FOR)
            .count();
        earlier.truncate(number_of_recent.max(KEPT_AT_LEAST));
        Self {
            current: version.to_owned(),
            earlier,
        }
    }

    /// The names of all versions, the current one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let earlier = self.earlier.iter().map(|earlier| earlier.version.as_str());
        std::iter::once(self.current.as_str()).chain(earlier)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::{Duration, OffsetDateTime};

    use super::Versions;

    /// The versions after one deployment on each of these days.
    fn deployed(days: &[(&str, i64)]) -> Versions {
        let mut days = days.iter();
        let first = Versions::first(days.next().unwrap().0);
        days.fold(first, |versions, (version, day)| {
            versions.followed_by(version, on_day(*day))
        })
    }

    fn on_day(day: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::days(day)
    }

    fn names(versions: &Versions) -> String {
        versions.names().collect()
    }

    #[test]
    fn versions_are_kept_for_14_days_and_at_least_five() {
        for (days, expected, why) in [
            (&[("a", 0)][..], "a", "the first deployment"),
            (&[("a", 0), ("b", 0)], "ba", "an earlier one"),
            (&[("a", 0), ("a", 1)], "a", "deployed again"),
            (
                &[("a", 0), ("b", 1), ("c", 2), ("a", 3)],
                "acb",
                "an earlier version deployed again",
            ),
            (
                &[("a", 0), ("b", 0), ("b", 400)],
                "ba",
                "five without a limit",
            ),
            (
                &[
                    ("a", 0),
                    ("b", 1),
                    ("c", 2),
                    ("d", 3),
                    ("e", 4),
                    ("f", 5),
                    ("g", 6),
                    ("h", 7),
                ],
                "hgfedcba",
                "more than five within 14 days",
            ),
            (
                &[
                    ("a", 0),
                    ("b", 1),
                    ("c", 2),
                    ("d", 3),
                    ("e", 4),
                    ("f", 5),
                    ("g", 15),
                ],
                "gfedcba",
                "replaced exactly 14 days ago",
            ),
            (
                &[
                    ("a", 0),
                    ("b", 1),
                    ("c", 2),
                    ("d", 3),
                    ("e", 4),
                    ("f", 5),
                    ("g", 16),
                ],
                "gfedcb",
                "five, and one that was replaced 15 days ago",
            ),
        ] {
            assert_eq!(names(&deployed(days)), expected, "{why}");
        }
    }

    #[test]
    fn a_version_in_use_for_months_is_kept_after_it() {
        let versions = deployed(&[("a", 0), ("b", 400)]);
        assert_eq!(versions.earlier[0].replaced_at, on_day(400));
    }

    #[test]
    fn versions_are_read_as_they_are_written() {
        let versions = deployed(&[("a", 0), ("b", 1)]);
        let written = serde_json::to_value(&versions).unwrap();
        let expected = json!({
            "version": "b",
            "earlier": [{ "version": "a", "replaced_at": "1970-01-02T00:00:00Z" }],
        });
        assert_eq!(written, expected);
        assert_eq!(
            serde_json::from_value::<Versions>(written).unwrap(),
            versions
        );
        let without = json!({ "version": "a", "src": "/embed/a/embed.js" });
        let without: Versions = serde_json::from_value(without).unwrap();
        assert_eq!(without, Versions::first("a"));
    }
}

//! Caches one section of status pages, the recent incidents, because rendering the section's chart
//! of days takes longer than rendering the rest of a page.

use notice::wire::language::Language;

use crate::http::page_call::PageHost;

/// Maximum number of sections; a further one replaces all of them.
const SECTIONS: usize = 8;
/// Time for which a section is valid, in milliseconds. Without events, a section changes only when a
/// day begins in the chart, or when an incident or its advice leaves the page.
const VALID_MS: u64 = 60_000;

/// Rendered sections. A section is valid for a minute, or until the site's revision rises if that
/// is sooner.
#[derive(Debug, Default)]
pub struct RecentCache {
    /// The site's revision from which all sections were rendered.
    rev: u64,
    sections: Vec<Section>,
}

#[derive(Debug)]
struct Section {
    language: Language,
    host: PageHost,
    /// The time of rendering, in milliseconds since 1970.
    rendered_ms: u64,
    html: String,
}

impl RecentCache {
    /// The valid section for a language and a host. Drops all sections of another revision, so that
    /// no redacted text stays.
    pub fn find(
        &mut self,
        rev: u64,
        language: &Language,
        host: PageHost,
        now_ms: u64,
    ) -> Option<&str> {
        if self.rev != rev {
            self.sections.clear();
            self.rev = rev;
        }
        let is_valid = |section: &Section| {
            let validity = section.rendered_ms..section.rendered_ms.saturating_add(VALID_MS);
            validity.contains(&now_ms)
        };
        self.sections.retain(is_valid);
        let mut sections = self.sections.iter();
        let found = sections.find(|section| section.host == host && section.language == *language);
        found.map(|section| section.html.as_str())
    }

    /// Adds a section that the last [`RecentCache::find`] did not find.
    pub fn add(&mut self, language: &Language, host: PageHost, now_ms: u64, html: &str) {
        if self.sections.len() >= SECTIONS {
            self.sections.clear();
        }
        self.sections.push(Section {
            language: language.clone(),
            host,
            rendered_ms: now_ms,
            html: html.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use notice::wire::language::Language;

    use super::{RecentCache, SECTIONS, VALID_MS};
    use crate::http::page_call::PageHost::{Deployment, Site};

    #[test]
    fn a_section_is_valid_for_a_minute_in_one_revision() {
        let [english, german] = ["en", "de"].map(|tag| Language::parse(tag).unwrap());
        for (rev, language, host, now_ms, is_found) in [
            (1, &english, Site, 1000, true),
            (1, &english, Site, 999 + VALID_MS, true),
            (1, &german, Site, 1000, false),
            (1, &english, Deployment, 1000, false),
            (1, &english, Site, 1000 + VALID_MS, false),
            (1, &english, Site, 999, false),
            (2, &english, Site, 1000, false),
        ] {
            let mut cache = RecentCache::default();
            assert_eq!(cache.find(1, &english, Site, 1000), None);
            cache.add(&english, Site, 1000, "<section>");
            let found = cache.find(rev, language, host, now_ms);
            assert_eq!(
                found.is_some(),
                is_found,
                "{rev} {language} {host:?} {now_ms}"
            );
        }
    }

    #[test]
    fn the_number_of_sections_is_bounded() {
        let mut cache = RecentCache::default();
        let language = Language::parse("en").unwrap();
        for _ in 0..100 {
            cache.add(&language, Site, 0, "");
        }
        assert!(cache.sections.len() <= SECTIONS);
    }
}

//! The public documents of a site, as cache keys.

use notice::{
    project::language::lookup,
    wire::language::{Language, LanguageTag},
};

use crate::{http::page_call::PageCall, rpc::site_client::SiteRequest};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// The feed for a reader's language; `None` is the site's own.
    Feed(Option<LanguageTag>),
    Page(PageCall),
}

impl Resource {
    /// The reader's language; `None` is the site's own.
    pub fn language(&self) -> Option<&LanguageTag> {
        match self {
            Self::Feed(language) => language.as_ref(),
            Self::Page(call) => call.language.as_ref(),
        }
    }

    /// The same document in another language.
    #[must_use]
    pub fn in_language(&self, language: Option<LanguageTag>) -> Self {
        match self {
            Self::Feed(_) => Self::Feed(language),
            Self::Page(call) => Self::Page(call.in_language(language)),
        }
    }

    /// The document that a reader gets from a site with these languages, its own first. While the languages are
    /// unknown, this is the document in the site's own language, so that unknown tags create no further entries.
    #[must_use]
    pub fn resolve(&self, languages: &[Language]) -> Self {
        let found = self.language().and_then(|tag| lookup(tag, languages));
        let found = found.filter(|language| languages.first() != Some(*language));
        self.in_language(found.map(LanguageTag::from))
    }

    pub fn is_page(&self) -> bool {
        matches!(self, Self::Page(_))
    }

    /// The request to the site's object.
    pub fn request(&self) -> SiteRequest {
        match self {
            Self::Feed(language) => SiteRequest::Feed(language.clone()),
            Self::Page(call) => SiteRequest::Page(call.clone()),
        }
    }
}

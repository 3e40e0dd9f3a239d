//! Parses the query string of a list request.

use std::str::FromStr;

use notice::{
    limits,
    rejection::{FieldError, Rejection},
    wire::words::{Kind, Status, Word},
};

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page<Cursor> {
    /// Where the last part ended.
    pub cursor: Option<Cursor>,
    /// At most so many entries.
    pub limit: usize,
    /// Only incidents of this status.
    pub status: Option<Status>,
    /// Only incidents of this kind.
    pub kind: Option<Kind>,
    /// Only incidents that go on or are yet to begin.
    pub open: bool,
}

/// Reads a list's query.
///
/// # Errors
/// [`Rejection::Fields`] for values that do not fit; names nobody knows are ignored, as caches and proxies add some.
pub fn page<Cursor: FromStr>(query: &str) -> Result<Page<Cursor>, Rejection> {
    let mut page = Page {
        cursor: None,
        limit: limits::PAGE,
        status: None,
        kind: None,
        open: false,
    };
    let mut errors = Vec::new();
    let mut wrong = |name: &str, detail: &str| {
        errors.push(FieldError::invalid(format!("?{name}"), detail));
    };
    let given = query.split('&').filter_map(|pair| pair.split_once('='));
    for (name, value) in given.filter(|(_, value)| !value.is_empty()) {
        match name {
            "cursor" => match value.parse() {
                Ok(cursor) => page.cursor = Some(cursor),
                Err(_) => wrong(name, "Must be the value of `next` from the previous page."),
            },
            "limit" => match value.parse() {
                Ok(limit) if (1..=limits::PAGE_MOST).contains(&limit) => page.limit = limit,
                _ => wrong(name, "Must be 1 to 100."),
            },
            "status" => match Status::parse(value) {
                Some(status) => page.status = Some(status),
                None => wrong(
                    name,
                    "Must be the status of an incident, for example investigating.",
                ),
            },
            "kind" => match Kind::parse(value) {
                Some(kind) => page.kind = Some(kind),
                None => wrong(name, "Must be one of incident, maintenance, announcement."),
            },
            "open" => match value {
                "true" => page.open = true,
                "false" => page.open = false,
                _ => wrong(name, "Must be true or false."),
            },
            _ => {}
        }
    }
    if errors.is_empty() {
        Ok(page)
    } else {
        Err(Rejection::Fields(errors))
    }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn a_lists_query() {
        for (query, fits) in [
            ("", true),
            ("cursor=5&limit=100", true),
            ("status=resolved&kind=incident", true),
            ("open=true&limit=100", true),
            ("open=yes", false),
            ("utm=x", true),
            ("status=&kind=&cursor=&limit=", true),
            ("limit=0", false),
            ("limit=101", false),
            ("limit=-1", false),
            ("cursor=x", false),
            ("status=unknown", false),
            ("kind=party", false),
        ] {
            assert_eq!(page::<u64>(query).is_ok(), fits, "{query}");
        }
    }
}

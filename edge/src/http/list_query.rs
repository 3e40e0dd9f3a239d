//! The query of a list request: cursor, limit and filters.

use std::str::FromStr;

use notice::{
    limits,
    rejection::{FieldError, Rejection},
    wire::enums::{Kind, Status, StringEnum},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListQuery<Cursor> {
    /// `next` of the previous page.
    pub cursor: Option<Cursor>,
    /// Maximum number of entries, 1 to [`limits::PAGE_MOST`].
    pub limit: usize,
    /// Only incidents of this status.
    pub status: Option<Status>,
    /// Only incidents of this kind.
    pub kind: Option<Kind>,
    /// Only incidents that are ongoing or scheduled.
    pub open: bool,
    /// Only incidents that were due to appear while the service was down.
    pub missed: bool,
}

/// The part of a query that asks for an invitation's QR code.
pub const QR: &str = "qr=svg";

/// Whether the query of an invitation asks for a QR code.
pub fn asks_for_qr(query: &str) -> bool {
    query.split('&').any(|pair| pair == QR)
}

/// Parses a list's query. Unknown names are ignored, because caches and proxies add some.
///
/// # Errors
/// [`Rejection::Fields`] with every invalid value.
pub fn parse<Cursor: FromStr>(query: &str) -> Result<ListQuery<Cursor>, Rejection> {
    let mut parsed = ListQuery {
        cursor: None,
        limit: limits::PAGE,
        status: None,
        kind: None,
        open: false,
        missed: false,
    };
    let mut errors = Vec::new();
    let mut wrong = |name: &str, detail: &str| {
        errors.push(FieldError::invalid(format!("?{name}"), detail));
    };
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    for (name, value) in pairs.filter(|(_, value)| !value.is_empty()) {
        match name {
            "cursor" => match value.parse() {
                Ok(cursor) => parsed.cursor = Some(cursor),
                Err(_) => wrong(name, "Must be the value of `next` from the previous page."),
            },
            "limit" => match value.parse() {
                Ok(limit) if (1..=limits::PAGE_MOST).contains(&limit) => parsed.limit = limit,
                _ => wrong(name, "Must be 1 to 100."),
            },
            "status" => match Status::parse(value) {
                Some(status) => parsed.status = Some(status),
                None => wrong(
                    name,
                    "Must be the status of an incident, for example investigating.",
                ),
            },
            "kind" => match Kind::parse(value) {
                Some(kind) => parsed.kind = Some(kind),
                None => wrong(name, "Must be one of incident, maintenance, announcement."),
            },
            "open" | "missed" => match value.parse() {
                Ok(only) if name == "open" => parsed.open = only,
                Ok(only) => parsed.missed = only,
                Err(_) => wrong(name, "Must be true or false."),
            },
            _ => {}
        }
    }
    if errors.is_empty() {
        Ok(parsed)
    } else {
        Err(Rejection::Fields(errors))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn list_queries_are_validated() {
        for (query, is_valid) in [
            ("", true),
            ("cursor=5&limit=100", true),
            ("status=resolved&kind=incident", true),
            ("open=true&limit=100", true),
            ("open=yes", false),
            ("missed=true", true),
            ("missed=1", false),
            ("utm=x", true),
            ("status=&kind=&cursor=&limit=", true),
            ("limit=0", false),
            ("limit=101", false),
            ("limit=-1", false),
            ("cursor=x", false),
            ("status=unknown", false),
            ("kind=party", false),
        ] {
            assert_eq!(parse::<u64>(query).is_ok(), is_valid, "{query}");
        }
    }
}

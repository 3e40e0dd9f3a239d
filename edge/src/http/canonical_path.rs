//! The canonical spelling of paths: single slashes, none at the end, fixed words and slugs in lower case.

use super::credential::is_secret;

/// The canonical spelling of a path. It begins with exactly one slash, so that a redirect to it stays on this host.
/// Ids, which contain an underscore, and secrets of links keep their case.
pub fn canonical(path: &str) -> String {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let segments: Vec<String> = segments.map(segment).collect();
    format!("/{}", segments.join("/"))
}

fn segment(segment: &str) -> String {
    if is_secret(segment) {
        return segment.to_owned();
    }
    if !segment.contains('_') {
        return segment.to_ascii_lowercase();
    }
    match segment.rsplit_once('.') {
        Some((id, extension)) => format!("{id}.{}", extension.to_ascii_lowercase()),
        None => segment.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn spellings_of_one_path_have_one_canonical_form() {
        for (path, expected) in [
            ("/", "/"),
            ("//", "/"),
            ("/s/acme", "/s/acme"),
            ("/s/acme/", "/s/acme"),
            ("//s///acme//", "/s/acme"),
            ("/S/ACME/History", "/s/acme/history"),
            ("/s/acme/Incidents/inc_1a/", "/s/acme/incidents/inc_1a"),
            ("/s/acme/incidents/inc_1.ICS", "/s/acme/incidents/inc_1.ics"),
            ("/s/acme/incidents/INC_1", "/s/acme/incidents/INC_1"),
            ("/V1/Sites/Acme/Feed", "/v1/sites/acme/feed"),
            ("/s/Acme/Embed.js/", "/s/acme/embed.js"),
            ("//evil.example", "/evil.example"),
            ("///evil.example/..", "/evil.example/.."),
            ("/Docs/Embed", "/docs/embed"),
            (
                "/S/acme/On-Call/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG/",
                "/s/acme/on-call/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG",
            ),
            ("/v1/sites/acme/On-Call/Test", "/v1/sites/acme/on-call/test"),
        ] {
            assert_eq!(canonical(path), expected, "{path}");
            assert_eq!(canonical(expected), expected, "{path}");
        }
    }
}

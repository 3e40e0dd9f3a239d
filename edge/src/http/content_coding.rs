//! Chooses the content coding of an answer (RFC 9110, 12.5.3).

use super::weighted_list;

/// Chooses one of the available codings, which are in the server's order of preference; `None` for the plain bytes.
/// A client that refuses everything gets the plain bytes too: no request is rejected because of its codings.
pub fn choose<'a>(accepted: &str, available: &[&'a str]) -> Option<&'a str> {
    let weight = |coding: &str| {
        let is = |name: &str| {
            name.eq_ignore_ascii_case(coding)
                // RFC 9110, 8.4.1.3.
                || (coding == "gzip" && name.eq_ignore_ascii_case("x-gzip"))
        };
        let find = |is: &dyn Fn(&str) -> bool| {
            let mut members = weighted_list::parse(accepted);
            members.find(|(name, _)| is(name)).map(|(_, weight)| weight)
        };
        find(&is).or_else(|| find(&|name| name == "*"))
    };
    let plain = weight("identity");
    let mut best = None;
    for coding in available {
        let offered = match weight(coding) {
            Some(offered) => offered,
            // If the client refuses only the plain bytes, any coding is better.
            None if plain == Some(0) => 1,
            None => 0,
        };
        if offered > best.map_or(0, |(_, weight)| weight) {
            best = Some((*coding, offered));
        }
    }
    // The plain bytes are acceptable unless refused, but preferred only if the client says so.
    best.filter(|(_, weight)| plain.is_none_or(|plain| *weight >= plain))
        .map(|(coding, _)| coding)
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn the_coding_with_the_greatest_weight_is_chosen() {
        let both = &["br", "gzip"];
        for (accepted, expected) in [
            ("", None),
            ("gzip", Some("gzip")),
            ("GZIP, Br", Some("br")),
            ("x-gzip", Some("gzip")),
            ("br;q=0.5, gzip;q=0.8", Some("gzip")),
            ("gzip, deflate, br, zstd", Some("br")),
            ("*", Some("br")),
            ("*;q=0.1, br;q=0", Some("gzip")),
            ("br;q=0", None),
            ("br;Q=0", None),
            ("br;q=abc", None),
            ("br;q=abc, gzip", Some("gzip")),
            ("gzip;q=0, *", Some("br")),
            ("identity", None),
            ("identity, gzip;q=0.5", None),
            ("identity;q=0.5, gzip;q=0.5", Some("gzip")),
            ("identity;q=0", Some("br")),
            ("identity;q=0, br;q=0", Some("gzip")),
            ("*;q=0", None),
            ("*;q=0, gzip;q=0.001", Some("gzip")),
            ("identity;q=0, *;q=0", None),
            ("deflate", None),
            ("gzipped", None),
        ] {
            assert_eq!(choose(accepted, both), expected, "{accepted}");
        }
        assert_eq!(choose("br, gzip;q=0.1", &["gzip"]), Some("gzip"));
        assert_eq!(choose("br", &[]), None);
    }
}

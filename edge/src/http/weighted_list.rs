//! Parses headers that list values with weights (RFC 9110, 12.4.2), such as `Accept-Encoding: br, gzip;q=0.5`.

/// Returns the members of a list in their order, with weights from 0 to 1000. Members with an invalid weight or another
/// parameter are left out.
pub fn parse(list: &str) -> impl Iterator<Item = (&str, u16)> {
    list.split(',').filter_map(|member| {
        let mut parts = member.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let weight = match (parts.next(), parts.next()) {
            (None, _) => 1000,
            (Some(parameter), None) => weight(parameter)?,
            (Some(_), Some(_)) => return None,
        };
        Some((name, weight))
    })
}

/// The weight in `q=0.5`, in thousandths.
fn weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim_end().eq_ignore_ascii_case("q") {
        return None;
    }
    let (whole, decimals) = value
        .trim_start()
        .split_once('.')
        .unwrap_or((value.trim_start(), ""));
    if decimals.len() > 3 || !decimals.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn weights_are_parsed_and_invalid_members_left_out() {
        for (list, expected) in [
            ("", vec![]),
            ("gzip", vec![("gzip", 1000)]),
            (
                "br;q=1.000, gzip ; Q=0.5",
                vec![("br", 1000), ("gzip", 500)],
            ),
            (
                "br;q=0, gzip;q=0., *;q=0.000",
                vec![("br", 0), ("gzip", 0), ("*", 0)],
            ),
            ("de-CH;q=0.001,,en", vec![("de-CH", 1), ("en", 1000)]),
            (
                "a;q=abc, b;q=1.001, c;q=2, d;q=0.1234, e;q=-0, f;q=, g;x=1, h;q=1;x=1, i;q, j;q=.5",
                vec![],
            ),
        ] {
            assert_eq!(parse(list).collect::<Vec<_>>(), expected, "{list}");
        }
    }
}

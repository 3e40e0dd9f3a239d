//! Minifies style sheets. The widget's build script includes this file too.

/// A style sheet without comments and unnecessary spaces. Assumes that no string contains spaces, and that a colon in a selector
/// has no space after it.
pub fn minified(style: &str) -> String {
    let mut rest = style;
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let mut minified = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    for (long, short) in [
        (" {", "{"),
        ("{ ", "{"),
        ("; ", ";"),
        (";}", "}"),
        (" }", "}"),
        ("} ", "}"),
        (", ", ","),
        (": ", ":"),
        (" > ", ">"),
        (";}", "}"),
    ] {
        minified = minified.replace(long, short);
    }
    minified
}

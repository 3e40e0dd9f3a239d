//! Generates `text.rs` (the enum of the card's texts), a file of texts for each language, and the minified style sheet.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=style");
    let style = |name: &str| fs::read_to_string(Path::new("style").join(name));
    let (card, dark) = (style("card.css")?, style("dark.css")?);
    // The dark colours, for the dark theme and for the theme that follows the colour scheme.
    let dark = format!(
        ".theme-dark{{{dark}}}@media(prefers-color-scheme:dark){{.root:not(.theme-light){{{dark}}}}}"
    );
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("card.css"), minify(&(card + &dark)))?;

    texts::generate(|table| {
        let files = table
            .languages()
            .map(|tag| (format!("{tag}.txt"), table.card(tag)));
        files
            .chain([("text.rs".to_owned(), table.card_keys())])
            .collect()
    })
}

/// Removes comments and unnecessary spaces from a style sheet. Assumes that no string contains spaces, and that a colon in a
/// selector has no space after it.
fn minify(style: &str) -> String {
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

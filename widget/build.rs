//! Makes what the card is built with: the names of its texts (`text.rs`) and a file of lines for each language, out of the
//! table of texts; and its only style sheet (`card.css`), without what browsers skip.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=style");
    let style = |name: &str| fs::read_to_string(Path::new("style").join(name));
    let (card, dark) = (style("card.css")?, style("dark.css")?);
    // The dark values wherever they hold.
    let dark = format!(
        ".theme-dark{{{dark}}}@media(prefers-color-scheme:dark){{.root:not(.theme-light){{{dark}}}}}"
    );
    let folder = env::var("OUT_DIR")?;
    fs::write(
        Path::new(&folder).join("card.css"),
        minified(&(card + &dark)),
    )?;

    texts::generate(|table| {
        let files = table
            .languages()
            .map(|tag| (format!("{tag}.txt"), table.card(tag)));
        files
            .chain([("text.rs".to_owned(), table.card_keys())])
            .collect()
    })
}

/// A style sheet without comments and without the spaces that separate nothing. Our own sheets have no strings with
/// spaces, and a space after a colon only behind a property's name.
fn minified(style: &str) -> String {
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

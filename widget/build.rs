//! Generates `text.rs` (the enum of the card's texts), a file of texts for each language, and the minified style sheet.

#[path = "../xtask/src/build/style.rs"]
mod style;

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=style");
    let card = fs::read_to_string("style/card.css")?;
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("card.css"), style::minified(&card))?;

    texts::generate(|table| {
        let files = table
            .languages()
            .map(|tag| (format!("{tag}.txt"), table.card(tag)));
        files
            .chain([("text.rs".to_owned(), table.card_keys())])
            .collect()
    })
}

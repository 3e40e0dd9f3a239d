//! Generates the texts of the pages from the TOML files.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    texts::generate(|table| vec![("texts.rs".to_owned(), table.pages())])
}

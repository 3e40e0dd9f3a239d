//! Generates a constant for each English text.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    texts::generate(|table| vec![("texts.rs".to_owned(), table.english())])
}

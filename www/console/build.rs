//! Makes a constant of each English text of the table.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    texts::generate(|table| vec![("texts.rs".to_owned(), table.english())])
}

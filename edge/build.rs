//! Makes the pages' texts out of the table.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    texts::generate(|table| vec![("words.rs".to_owned(), table.pages())])
}

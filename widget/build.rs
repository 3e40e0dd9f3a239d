//! Makes the names of the card's texts (`text.rs`), and a file of lines for each language, out of the table.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    texts::generate(|table| {
        let files = table
            .languages()
            .map(|tag| (format!("{tag}.txt"), table.card(tag)));
        files
            .chain([("text.rs".to_owned(), table.card_keys())])
            .collect()
    })
}

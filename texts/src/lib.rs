//! The texts of the user interface: one TOML file for each language, beside `src`.
//!
//! Build scripts and xtask generate code from them: the lines of the card and the plain card, the struct of the pages and the
//! constants of the console. This crate is not part of the product.

mod check;
mod generate;
mod parse;
mod table;

use std::{env, error::Error, fs, path::PathBuf};

pub use check::Errors;
pub use table::Table;

/// The tag and the file of each language. English is first, and defines the keys.
const LANGUAGES: [(&str, &str); 3] = [
    ("en", include_str!("../en.toml")),
    ("ar", include_str!("../ar.toml")),
    ("de", include_str!("../de.toml")),
];

/// Writes generated files into the `OUT_DIR` of the calling build script. `files` returns their names and contents.
///
/// # Errors
/// The [`Errors`] of the table, or the file that cannot be written.
#[expect(
    clippy::print_stdout,
    reason = "a build script sends instructions to cargo on standard output"
)]
pub fn generate(files: impl FnOnce(&Table) -> Vec<(String, String)>) -> Result<(), Box<dyn Error>> {
    // The files are compiled into this crate, so cargo runs the script again when they change.
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    for (name, content) in files(&Table::read()?) {
        fs::write(folder.join(name), content)?;
    }
    Ok(())
}

impl Table {
    /// Reads and checks the files.
    ///
    /// # Errors
    /// All errors in the files: a file that is not TOML, a missing or unknown key, or a number of values that differs from English.
    pub fn read() -> Result<Self, Errors> {
        Self::of(&LANGUAGES)
    }
}

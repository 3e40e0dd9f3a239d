//! Remains of redacted texts in the unused parts of pages of the database file.

use notice::wire::ids::IncidentId;
use rusqlite::Connection;

use super::{scale::name_in_journal, *};

const WORD: &str = "Beeblebrox";

/// The number of times that the word is in the bytes of a file.
fn occurrences(file: &std::path::Path) -> usize {
    let bytes = std::fs::read(file).unwrap();
    let words = bytes.windows(WORD.len());
    words.filter(|window| *window == WORD.as_bytes()).count()
}

#[test]
fn a_redaction_leaves_no_remains_in_the_pages_of_a_long_journal() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.sqlite");
    let database = Database::of(Connection::open(&file).unwrap());
    let settings = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF";
    database.script(settings).unwrap();
    assert_eq!(new_site().ok(&database).0, 201);
    // Fills free pages with the word. The journal's rows use these pages next.
    let other_table = format!(
        "CREATE TABLE other (x TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
         INSERT INTO other SELECT '{WORD} {WORD} {WORD}' FROM n;
         DROP TABLE other"
    );
    database.script(&other_table).unwrap();
    database
        .transaction(|| {
            for number in 0..7000 {
                let id = IncidentId::parse(&format!("inc_n{number}")).unwrap();
                name_in_journal(&database, &id);
            }
            Ok(())
        })
        .unwrap();
    assert!(occurrences(&file) > 100);
    let rows = database.count("journal");
    let redaction = post("/redact", json!({ "text": WORD }));
    let (status, answer) = redaction.ok(&database);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(occurrences(&file), 0);
    assert_eq!(database.count("journal"), rows);
    let left = "sqlite_master WHERE name LIKE 'copy_of_%' OR name LIKE 'replaced_%'";
    assert_eq!(database.count(left), 0);
}

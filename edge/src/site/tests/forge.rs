//! Changes rows of exports and journals and recomputes their hashes, as an earlier build or a
//! forger would.

use notice::journal::{FIRST_PREVIOUS, Row as JournalRow, link, sha256_hex};
use serde_json::value::RawValue;

use super::{backup::export, *};

#[derive(serde::Deserialize)]
struct Line<'a> {
    row: String,
    hash: String,
    #[serde(borrow)]
    event: &'a RawValue,
}

/// A row and its event, which a test changes.
pub struct Forged {
    pub row: JournalRow,
    pub event: Json,
}

/// Applies changes to an export, with all digests, hashes and the checksum recomputed.
pub fn forge(file: &str, change: impl Fn(&mut Forged)) -> String {
    let lines: Vec<&str> = file.lines().collect();
    let [header, rows @ .., _trailer] = lines.as_slice() else {
        panic!("no export");
    };
    let mut forged = format!("{header}\n");
    let mut head = FIRST_PREVIOUS.to_owned();
    for line in rows {
        let line: Line<'_> = serde_json::from_str(line).unwrap();
        let mut entry = Forged {
            row: serde_json::from_str(&line.row).unwrap(),
            event: serde_json::from_str(line.event.get()).unwrap(),
        };
        let before = entry.event.clone();
        change(&mut entry);
        let text = if entry.event == before {
            line.event.get().to_owned()
        } else {
            let text = entry.event.to_string();
            entry.row.digest = sha256_hex(text.as_bytes());
            text
        };
        let linked = link(&head, &entry.row).unwrap();
        let (row, hash) = (json!(linked.row), json!(linked.hash));
        forged.push_str(&format!(
            "{{\"row\":{row},\"hash\":{hash},\"event\":{text}}}\n"
        ));
        head = linked.hash;
    }
    let trailer =
        json!({ "rows": rows.len(), "head": head, "sha256": sha256_hex(forged.as_bytes()) });
    format!("{forged}{trailer}\n")
}

/// Applies changes to the database's journal, with digests and hashes recomputed.
pub fn rewrite(database: &Database, change: impl Fn(&mut Forged)) {
    let file = forge(&export(database), change);
    let lines: Vec<&str> = file.lines().collect();
    for (seq, line) in (1_u64..).zip(&lines[1..lines.len() - 1]) {
        let line: Line<'_> = serde_json::from_str(line).unwrap();
        database
            .run(
                "UPDATE journal SET row = ?, hash = ?, event = ? WHERE seq = ?",
                &[
                    line.row.into(),
                    line.hash.into(),
                    line.event.get().into(),
                    seq.into(),
                ],
            )
            .unwrap();
    }
}

/// Sets a field, given by its JSON pointer, of every event of a type.
pub(super) fn set(
    event_type: &'static str,
    pointer: &'static str,
    value: Json,
) -> impl Fn(&mut Forged) {
    move |forged| {
        if forged.event["type"] == event_type
            && let Some(field) = forged.event.pointer_mut(pointer)
        {
            *field = value.clone();
        }
    }
}

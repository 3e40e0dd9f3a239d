//! Reads and writes golden journals: complete exports, each with the state that it replays to.

use std::{
    fs,
    path::{Path, PathBuf},
};

use notice::{
    journal::{FIRST_PREVIOUS, Row, chain, key_digest, link, sha256_hex},
    state::State,
    wire::{
        event::{Event, Rebuilt, RedactedRow, RepairedRow},
        ids::Slug,
        time::Timestamp,
    },
};
use serde_json::{Value, json, value::RawValue};

use crate::story::{REDACTED, Step, StepEvent};

/// 2026-11-21T08:00:00Z; each row is a minute later than the one before.
const FIRST_AT: i64 = 1_795_248_000;

/// A row of a golden journal.
pub struct GoldenRow {
    pub row: Row,
    /// The exact JSON text of the event.
    pub text: String,
    pub event: Event,
}

/// A parsed golden journal.
pub struct Golden {
    /// Number in the file's name, such as `0001`.
    pub number: String,
    pub rows: Vec<GoldenRow>,
}

impl Golden {
    /// Replays all rows to a state.
    pub fn state(&self) -> State {
        let mut state = State::default();
        for row in &self.rows {
            state.apply(&row.event, row.row.at);
        }
        state
    }

    /// The state that was stored when the journal was written.
    pub fn pinned(&self) -> Value {
        let path = folder().join(format!("{}.state.json", self.number));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        serde_json::from_str(&text).unwrap()
    }
}

/// The folder of the golden journals.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/journal")
}

/// Reads every golden journal, oldest first.
pub fn read_all() -> Vec<Golden> {
    let mut numbers: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".jsonl").map(str::to_owned)
        })
        .collect();
    numbers.sort();
    numbers.into_iter().map(read).collect()
}

fn read(number: String) -> Golden {
    #[derive(serde::Deserialize)]
    struct Line<'a> {
        row: String,
        hash: String,
        #[serde(borrow)]
        event: &'a RawValue,
    }
    let name = format!("{number}.jsonl");
    let file = fs::read_to_string(folder().join(&name)).unwrap();
    let lines: Vec<&str> = file.lines().collect();
    let [_header, rows @ .., _trailer] = lines.as_slice() else {
        panic!("{name} is not an export");
    };
    let mut previous = FIRST_PREVIOUS.to_owned();
    let mut read = Vec::new();
    for (number, line) in (2..).zip(rows) {
        let fail = |what: &str| -> ! { panic!("{name}, line {number}: {what}") };
        let line: Line<'_> = serde_json::from_str(line)
            .unwrap_or_else(|error| fail(&format!("cannot be parsed any more: {error}")));
        let row: Row = serde_json::from_str(&line.row)
            .unwrap_or_else(|error| fail(&format!("its row cannot be parsed any more: {error}")));
        let event: Event = serde_json::from_str(line.event.get()).unwrap_or_else(|error| {
            fail(&format!(
                "its event cannot be parsed any more: {error}. Existing journals contain such events: add \
                 #[serde(default)] to new fields, and keep the old names"
            ))
        });
        if chain(&previous, &line.row) != line.hash {
            fail("its hash does not match the row and the previous hash any more");
        }
        previous = line.hash;
        read.push(GoldenRow {
            row,
            text: line.event.get().to_owned(),
            event,
        });
    }
    Golden { number, rows: read }
}

/// Writes the next golden journal and its replayed state. Never overwrites a file.
pub fn write_next(steps: Vec<Step>) {
    let number = format!("{:04}", read_all().len() + 1);
    let (file, state) = build_export(steps);
    let write = |name: String, content: &str| {
        let path = folder().join(name);
        let mut new =
            fs::File::create_new(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        std::io::Write::write_all(&mut new, content.as_bytes()).unwrap();
    };
    write(format!("{number}.jsonl"), &file);
    let state = serde_json::to_string_pretty(&as_json(&state)).unwrap();
    write(format!("{number}.state.json"), &(state + "\n"));
}

/// Builds the text of an export, and the state that it replays to.
fn build_export(steps: Vec<Step>) -> (String, State) {
    let stored = build_rows(steps);
    let mut state = State::default();
    let mut file =
        json!({ "format": "allclear-export", "v": 1, "site": "acme-restored" }).to_string() + "\n";
    for (row, hash, text) in &stored {
        let event: Event = serde_json::from_str(text).unwrap();
        let at = serde_json::from_str::<Row>(row).unwrap().at;
        state.apply(&event, at);
        let (row, hash) = (json!(row), json!(hash));
        file.push_str(&format!(
            "{{\"row\":{row},\"hash\":{hash},\"event\":{text}}}\n"
        ));
    }
    let (rows, head) = (stored.len(), &stored.last().unwrap().1);
    let sha256 = sha256_hex(file.as_bytes());
    file.push_str(&format!(
        "{{\"rows\":{rows},\"head\":\"{head}\",\"sha256\":\"{sha256}\"}}\n"
    ));
    (file, state)
}

/// Builds the stored row, hash and event of each step.
pub fn build_rows(steps: Vec<Step>) -> Vec<(String, String, String)> {
    let mut stored: Vec<(String, String, String)> = Vec::new();
    for (seq, step) in (1_u64..).zip(steps) {
        let on_time = FIRST_AT + i64::try_from(seq - 1).unwrap() * 60;
        let previous = stored.last().map_or(FIRST_PREVIOUS, |(_, hash, _)| hash);
        let event = match step.event {
            StepEvent::Event(event) => *event,
            StepEvent::Restored => Event::SiteRestored {
                slug: Slug::parse("acme-restored").unwrap(),
                rows: seq - 1,
                head: previous.to_owned(),
            },
            StepEvent::Redacted => Event::SiteRedacted {
                rows: redact(&mut stored),
            },
            StepEvent::Corrected => Event::ClockCorrected {
                from: time_of_last(&stored),
                to: Timestamp::from_seconds(on_time - step.older_s),
            },
            StepEvent::Repaired => Event::JournalRepaired {
                rows: rows_before_predecessor(&stored),
                rebuilt: vec![Rebuilt::Settings, Rebuilt::Incidents, Rebuilt::Indexes],
            },
        };
        let previous = stored.last().map_or(FIRST_PREVIOUS, |(_, hash, _)| hash);
        let text = serde_json::to_string(&event).unwrap();
        let row = Row {
            seq,
            at: Timestamp::from_seconds(on_time - step.older_s),
            actor: step.actor.to_owned(),
            key: step.key.map(key_digest),
            rev: u64::try_from(on_time).unwrap() * 1000,
            event_type: event.name().to_owned(),
            digest: sha256_hex(text.as_bytes()),
        };
        let link = link(previous, &row).unwrap();
        stored.push((link.row, link.hash, text));
    }
    stored
}

/// Returns the time of the last row.
fn time_of_last(stored: &[(String, String, String)]) -> Timestamp {
    let (row, _, _) = stored.last().unwrap();
    serde_json::from_str::<Row>(row).unwrap().at
}

/// Returns the rows that are older than their predecessor.
fn rows_before_predecessor(stored: &[(String, String, String)]) -> Vec<RepairedRow> {
    let rows = stored
        .iter()
        .map(|(row, _, _)| serde_json::from_str::<Row>(row).unwrap());
    let rows: Vec<Row> = rows.collect();
    let pairs = rows.windows(2).filter(|pair| pair[1].at < pair[0].at);
    pairs
        .map(|pair| RepairedRow {
            seq: pair[1].seq,
            at: pair[1].at,
        })
        .collect()
}

/// Redacts [`REDACTED`] in the stored events. The rows keep the digests of the original events.
fn redact(stored: &mut [(String, String, String)]) -> Vec<RedactedRow> {
    let mut rows = Vec::new();
    for (seq, (_, _, text)) in (1_u64..).zip(stored) {
        if text.contains(REDACTED) {
            *text = text.replace(REDACTED, "[removed]");
            let digest = sha256_hex(text.as_bytes());
            rows.push(RedactedRow { seq, digest });
        }
    }
    rows
}

/// A state as JSON.
pub fn as_json(state: &State) -> Value {
    json!({
        "site": state.site, "components": state.components, "templates": state.templates,
        "incidents": state.incidents.iter().map(|(id, incident)| (id.to_string(), json!(incident))).collect::<serde_json::Map<_, _>>()
    })
}

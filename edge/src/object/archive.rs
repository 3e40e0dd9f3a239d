//! The whole site as one checksummed file, and back; and its end.

use notice::{
    journal::{Link, next_rev, sha256_hex},
    rejection::Rejection,
    state::State,
    wire::{event::Event, site::Site},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    access::Caller,
    change::moment,
    operate::{Call, Refusal, Write},
    verify::Replay,
};
use crate::{
    answer::{Answer, NO_STORE},
    fault::Fault,
    storage::{
        journal::{self, Entry, Origin},
        migrations,
        projections::{self, Beside},
        sql::Sql,
    },
};

/// The name of the file's format, in its first line.
const FORMAT: &str = "allclear-export";
const BATCH: usize = 500;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    format: String,
    v: u32,
    site: String,
}

/// A line for a row.
#[derive(Debug, Serialize, Deserialize)]
struct Line<'a> {
    row: String,
    hash: String,
    #[serde(borrow)]
    event: &'a RawValue,
}

/// The last line: over all bytes before it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Trailer {
    rows: u64,
    head: String,
    sha256: String,
}

/// The site's journal as lines of JSON.
///
/// # Errors
/// When the database cannot be read.
pub fn export(sql: &impl Sql, _call: &Call<'_>) -> Result<Answer, Refusal> {
    let stored = projections::load(sql, Beside::Nothing)?;
    let site = stored.state.site.ok_or(Rejection::NotFound)?;
    let header = Header {
        format: FORMAT.to_owned(),
        v: 1,
        site: site.slug.to_string(),
    };
    let mut file = serde_json::to_string(&header)? + "\n";
    let mut rows: u64 = 0;
    let mut head = notice::journal::FIRST_PREVIOUS.to_owned();
    loop {
        let batch = journal::after(sql, rows, BATCH)?;
        if batch.is_empty() {
            break;
        }
        for entry in batch {
            let event: &RawValue = serde_json::from_str(&entry.event)?;
            head.clone_from(&entry.link.hash);
            let line = Line {
                row: entry.link.row,
                hash: entry.link.hash,
                event,
            };
            file.push_str(&serde_json::to_string(&line)?);
            file.push('\n');
            rows = rows.saturating_add(1);
        }
    }
    let trailer = Trailer {
        rows,
        head,
        sha256: sha256_hex(file.as_bytes()),
    };
    file.push_str(&serde_json::to_string(&trailer)?);
    file.push('\n');
    let name = format!("attachment; filename=\"{}.jsonl\"", site.slug);
    let answer = Answer {
        status: 200,
        headers: Vec::new(),
        body: file,
    };
    Ok(answer
        .with("content-type", "application/jsonl")
        .with("content-disposition", &name)
        .with("cache-control", NO_STORE))
}

/// Decides an import, into a site that holds only its `site.created`. Rows are replayed as they are.
///
/// # Errors
/// [`Rejection::NotEmpty`], [`Rejection::UnusableImport`] with the line that is wrong, or ours.
pub fn import<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
) -> Result<Write<'a>, Refusal> {
    let stored = projections::load(sql, Beside::Nothing)?;
    let site = stored.state.site.ok_or(Rejection::NotFound)?;
    if journal::head(sql)?.0 != 1 {
        return Err(Rejection::NotEmpty(
            "an import needs a site on which nothing has happened; make a new one".to_owned(),
        )
        .into());
    }
    let (entries, mut replay) = read_file(call.body)?;
    let rows = replay.rows;
    let head = replay.head().to_owned();
    let rev = next_rev(replay.rev.max(stored.rev), call.now_ms);
    let at = moment(rev);
    let mut events = vec![Event::SiteRestored {
        slug: site.slug,
        rows,
        head: head.clone(),
    }];
    for event in &events {
        replay.state.apply(event, at);
    }
    let given_up = without(replay.state.site.as_ref(), call.taken);
    if let Some(event) = &given_up {
        replay.state.apply(event, at);
    }
    events.extend(given_up);
    let body = serde_json::json!({ "rows": rows, "head": head, "hostnames_taken": call.taken });
    let origin = Origin {
        actor: caller.actor.clone(),
        key: call.envelope.key.clone(),
    };
    Ok(Write {
        answer: Answer::json(200, &body)?,
        replay: None,
        work: Box::new(move || -> Result<(), Fault> {
            sql.run("DELETE FROM journal", &[])?;
            for (seq, entry) in (1_u64..).zip(&entries) {
                journal::insert(sql, seq, entry)?;
            }
            journal::append(sql, &events, None, &origin, at, rev)?;
            projections::clear(sql)?;
            projections::save(sql, &State::default(), &replay.state, rev)
        }),
    })
}

/// The settings without host names that are others' by now, if there are any.
fn without(site: Option<&Site>, taken: &[String]) -> Option<Event> {
    let site = site?;
    let is_free = |name: &&String| !taken.contains(name);
    let hostnames: Vec<String> = site.hostnames.iter().filter(is_free).cloned().collect();
    (hostnames != site.hostnames).then(|| Event::SiteChanged {
        site: Site {
            hostnames,
            ..site.clone()
        },
    })
}

fn read_file(body: &[u8]) -> Result<(Vec<Entry>, Replay), Rejection> {
    let unusable = |why: &str| Rejection::UnusableImport(why.to_owned());
    let text = std::str::from_utf8(body).map_err(|_| unusable("it is not UTF-8"))?;
    let whole = text.strip_suffix('\n').unwrap_or(text);
    let (before, last) = whole
        .rsplit_once('\n')
        .ok_or_else(|| unusable("it is too short to be an export"))?;
    let trailer: Trailer = serde_json::from_str(last)
        .map_err(|_| unusable("its last line is no trailer; was it cut off?"))?;
    let lines_len = before.len().saturating_add(1);
    let covered = body.get(..lines_len).unwrap_or(body);
    if sha256_hex(covered) != trailer.sha256 {
        return Err(unusable(
            "its checksum does not match; it was changed or cut",
        ));
    }
    let mut lines = before.split('\n');
    let header: Header = serde_json::from_str(lines.next().unwrap_or_default())
        .map_err(|_| unusable("its first line is no header"))?;
    if header.format != FORMAT || header.v != 1 {
        return Err(unusable("it is of another format or a newer version"));
    }
    let mut replay = Replay::default();
    let mut entries = Vec::new();
    for (number, line) in (2_usize..).zip(lines) {
        let line: Line<'_> = serde_json::from_str(line)
            .map_err(|error| unusable(&format!("line {number}: {error}")))?;
        let entry = Entry {
            link: Link {
                row: line.row,
                hash: line.hash,
            },
            event: line.event.get().to_owned(),
        };
        replay
            .add(&entry)
            .map_err(|difference| unusable(&difference))?;
        entries.push(entry);
    }
    if let Some(difference) = replay.unexplained() {
        return Err(unusable(&difference));
    }
    if replay.rows != trailer.rows || replay.head() != trailer.head {
        return Err(unusable("its rows are not those that its trailer counts"));
    }
    if replay.state.site.is_none() {
        return Err(unusable("it holds no site"));
    }
    Ok((entries, replay))
}

/// Decides the end of a site: everything goes but the revision, so that a site of the same name goes on from there.
///
/// # Errors
/// When the database cannot be read.
pub fn delete(sql: &impl Sql) -> Result<Write<'_>, Refusal> {
    let rev = projections::load(sql, Beside::Nothing)?.rev;
    Ok(Write {
        answer: Answer::nothing(),
        replay: None,
        work: Box::new(move || migrations::raze(sql, rev)),
    })
}

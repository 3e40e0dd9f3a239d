//! An export read back, into a site on which nothing has happened. Every row is checked as if it were written now.

use notice::{
    check,
    journal::{Link, next_rev, sha256_hex},
    limits,
    project::feed::{self, Setting},
    rejection::Rejection,
    state::State,
    wire::{event::Event, site::Site},
};

use super::{
    access::Caller,
    archive::{FORMAT, Header, Line, Trailer, VERSION},
    change::{moment, row_time},
    erase::ERASED,
    operate::{Call, Refusal, Write},
    verify::{Difference, Read, Replay},
};
use crate::{
    answer::Answer,
    fault::Fault,
    storage::{
        journal::{self, Entry, Origin},
        projections::{self, Beside},
        sql::Sql,
    },
};

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
            "Only an empty site can import a file; create a new one.".to_owned(),
        )
        .into());
    }
    let (entries, mut replay) = read_file(call.body, call.now_ms)?;
    fits_into_feed(&replay, &call.envelope.public_url)?;
    let rows = replay.rows;
    let head = replay.head().to_owned();
    let rev = next_rev(replay.rev.max(stored.rev), call.now_ms);
    let at = row_time(replay.at, moment(call.now_ms));
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

fn unusable(why: &str) -> Rejection {
    Rejection::UnusableImport(why.to_owned())
}

/// The refusal for a row, with the number of its line; the header is line 1.
fn wrong_row(difference: &Difference) -> Rejection {
    let line = difference.row.saturating_add(1);
    Rejection::UnusableImport(format!("line {line}: {}", difference.what))
}

fn read_file(body: &[u8], now_ms: u64) -> Result<(Vec<Entry>, Replay), Rejection> {
    let text = std::str::from_utf8(body).map_err(|_| unusable("it is not UTF-8"))?;
    let whole = text.strip_suffix('\n').unwrap_or(text);
    let (before, last) = whole
        .rsplit_once('\n')
        .ok_or_else(|| unusable("it is too short to be an export"))?;
    let trailer: Trailer = serde_json::from_str(last).map_err(|_| {
        unusable("its last line is not an export trailer, so the file may be cut off")
    })?;
    let lines_len = before.len().saturating_add(1);
    let covered = body.get(..lines_len).unwrap_or(body);
    if sha256_hex(covered) != trailer.sha256 {
        return Err(unusable(
            "its checksum does not match, so the file was changed or cut off",
        ));
    }
    let mut lines = before.split('\n');
    let header: Header = serde_json::from_str(lines.next().unwrap_or_default())
        .map_err(|_| unusable("its first line is not an export header"))?;
    if header.format != FORMAT || header.v != VERSION {
        return Err(unusable("its format or version is not supported"));
    }
    let (entries, replay) = read_rows(lines, now_ms)?;
    if replay.rows != trailer.rows || replay.head() != trailer.head {
        return Err(unusable("its rows do not match its trailer"));
    }
    if replay.state.site.is_none() {
        return Err(unusable("it contains no site"));
    }
    Ok((entries, replay))
}

fn read_rows<'a>(
    lines: impl Iterator<Item = &'a str>,
    now_ms: u64,
) -> Result<(Vec<Entry>, Replay), Rejection> {
    let mut replay = Replay::default();
    let mut ahead = Ahead::of(now_ms);
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
        let read = replay.add(&entry).map_err(|wrong| wrong_row(&wrong))?;
        ahead.add(&read).map_err(|wrong| wrong_row(&wrong))?;
        check_row(&read, &entry, &replay.state).map_err(|wrong| wrong_row(&wrong))?;
        entries.push(entry);
    }
    replay.unexplained().map_err(|wrong| wrong_row(&wrong))?;
    ahead.settle().map_err(|wrong| wrong_row(&wrong))?;
    Ok((entries, replay))
}

/// Whether a row fits into the database and its event holds only what a request could have written.
fn check_row(read: &Read, entry: &Entry, after: &State) -> Result<(), Difference> {
    let wrong = |what: String| Difference {
        row: read.row.seq,
        what,
    };
    let (row, text) = (&entry.link.row, &entry.event);
    if row.len() > limits::ROW {
        return Err(wrong(format!(
            "its row has {} bytes, but at most {} fit",
            row.len(),
            limits::ROW
        )));
    }
    let checked = match read.is_changed {
        false => check::event(&read.event, after),
        true => match before_redaction(text) {
            Some(event) => check::event(&event, after),
            None => check::event(&read.event, after),
        },
    };
    if let Err(rejection) = checked {
        return Err(wrong(first_complaint(&read.event, rejection)));
    }
    if text.len() > limits::IMPORTED_EVENT {
        return Err(wrong(format!(
            "its event has {} bytes, but at most {} fit",
            text.len(),
            limits::IMPORTED_EVENT
        )));
    }
    Ok(())
}

/// The first complaint about an event, as a clause.
fn first_complaint(event: &Event, rejection: Rejection) -> String {
    let complaint = match rejection {
        Rejection::Fields(errors) => errors
            .into_iter()
            .next()
            .map(|error| {
                format!(
                    "{} of its {}: {}",
                    error.pointer,
                    event.name(),
                    error.detail
                )
            })
            .unwrap_or_default(),
        other => other.to_string(),
    };
    complaint.trim_end_matches('.').to_owned()
}

/// The event with the shortest words that can be redacted where words were: what stands there now may be longer than
/// they were, and would pass a limit that they kept.
fn before_redaction(text: &str) -> Option<Event> {
    let shortest = "x".repeat(limits::REDACTED);
    serde_json::from_str(&text.replace(ERASED, &shortest)).ok()
}

/// Rows whose revision or time is ahead of the server's clock. The site would keep them: neither ever falls.
///
/// This is the one place that decides it. An event that corrects the clock would be looked for here, in
/// [`Ahead::settle`]: a row is fine when a later correction is from a time at or after the row's.
struct Ahead {
    /// The latest that a row may be, in milliseconds since 1970.
    latest_ms: u64,
    /// The first row that is later.
    first: Option<Difference>,
}

impl Ahead {
    fn of(now_ms: u64) -> Self {
        Self {
            latest_ms: now_ms.saturating_add(limits::IMPORT_AHEAD_MS),
            first: None,
        }
    }

    /// Adds the next row.
    ///
    /// # Errors
    /// When its revision is one that no correction of the clock could make usable.
    fn add(&mut self, read: &Read) -> Result<(), Difference> {
        let row = &read.row;
        let wrong = |what: String| Difference { row: row.seq, what };
        if row.rev > limits::REV {
            return Err(wrong(format!(
                "its revision {} is above the maximum of {}",
                row.rev,
                limits::REV
            )));
        }
        let latest = moment(self.latest_ms);
        if self.first.is_none() && (row.rev > self.latest_ms || row.at > latest) {
            let what = match row.rev > self.latest_ms {
                true => format!("its revision {} is", row.rev),
                false => format!("its time {} is", row.at),
            };
            self.first = Some(wrong(format!(
                "{what} more than a day ahead of the server's clock; set the clock, or import the file after that time"
            )));
        }
        Ok(())
    }

    /// Once every row is added: whether none is ahead.
    ///
    /// # Errors
    /// The first one that is.
    fn settle(self) -> Result<(), Difference> {
        self.first.map_or(Ok(()), Err)
    }
}

/// Whether the feed that readers would get keeps its limit, in every language.
fn fits_into_feed(replay: &Replay, public_url: &str) -> Result<(), Rejection> {
    let site = replay.state.site.as_ref();
    for language in site.into_iter().flat_map(|site| &site.languages) {
        let setting = Setting {
            public_url,
            rev: replay.rev,
            language: Some(language),
        };
        let bytes = feed::body(&replay.state, &setting).map_or(0, |body| body.len());
        if bytes > limits::FEED {
            return Err(wrong_row(&Difference {
                row: replay.rows,
                what: format!(
                    "after it, the feed in the language {language} would have {bytes} bytes, but at most {} are served",
                    limits::FEED
                ),
            }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use notice::wire::time::Timestamp;
    use serde_json::json;

    use super::{Replay, fits_into_feed};

    #[test]
    fn a_state_whose_feed_is_too_large_is_refused() {
        let mut replay = Replay::default();
        let site = json!({
            "slug": "acme", "name": "Acme", "languages": ["en"], "time_zone": "Etc/UTC", "hostnames": [],
            "colours": null, "contacts": [], "segments": [], "on_call": [], "quiet_hours": null,
            "cadence": { "tier_1_s": 1800, "tier_2_s": 7200, "tier_3_s": 86400 },
            "restored": { "returning_s": 86400, "everyone_s": 7200 }, "overdue_after_s": 300, "paused": false,
            "created_at": "2026-11-21T08:00:00Z"
        });
        let event = json!({ "type": "site.created", "site": site });
        let event = serde_json::from_value(event).unwrap();
        replay.state.apply(&event, Timestamp::from_seconds(0));
        assert!(fits_into_feed(&replay, "https://status.example.com").is_ok());
        let mut large = site;
        large["name"] = json!("x".repeat(70_000));
        let event =
            serde_json::from_value(json!({ "type": "site.changed", "site": large })).unwrap();
        replay.state.apply(&event, Timestamp::from_seconds(0));
        replay.rows = 2;
        let refused = fits_into_feed(&replay, "https://status.example.com");
        let refused = refused.unwrap_err().to_string();
        assert!(
            refused.contains("line 3: after it, the feed in the language en"),
            "{refused}"
        );
    }
}

//! Imports a staged export into an empty site.

use std::collections::BTreeMap;

use notice::{
    journal::next_rev,
    limits,
    project::feed::{self, FeedOptions},
    rejection::Rejection,
    state::State,
    wire::{event::Event, site::Site},
};

use super::{
    access::{Caller, admit},
    call::{GrantedClaim, Input, WriteDecision},
    change::{row_time, timestamp},
    import_file::row_rejection,
    importer::Staged,
    job,
    verify::{self, Difference, Replay},
};
use crate::{
    answer::Answer,
    fault::Fault,
    http::site_call::SiteCall,
    refusal::Refusal,
    site::call::{Call, Write},
    storage::{
        idempotency,
        journal::{self, Author},
        projections::{self, ExtraIncidents},
        sql::Sql,
        staging,
    },
};

/// The next step for the body of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyUse {
    /// Stage its rows.
    Stage,
    /// Only compute the request's fingerprint: its `Idempotency-Key` was used before.
    Fingerprint,
}

/// Admits an import before its body is read.
///
/// # Errors
/// `Rejection` if the caller may not import, or if the site cannot import a file; `Fault` if the
/// database fails.
pub fn admit_body(
    sql: &impl Sql,
    call: &Call<'_>,
    site_call: &SiteCall,
) -> Result<BodyUse, Refusal> {
    let caller = admit(sql, call, site_call)?;
    if let Some(key) = &call.envelope.key
        && idempotency::find(sql, &caller.actor, key, call.now_ms)?.is_some()
    {
        return Ok(BodyUse::Fingerprint);
    }
    job::check_free(call.running)?;
    check_importable(sql)?;
    Ok(BodyUse::Stage)
}

/// Checks that a site can import a file.
fn check_importable(sql: &impl Sql) -> Result<(), Refusal> {
    verify::check_passed(sql)?;
    check_empty(sql)
}

/// Decides an import into a site that holds only its `site.created`. Rows are stored unchanged. Host names that other
/// sites have are dropped.
///
/// # Errors
/// [`Rejection::NotEmpty`], [`Rejection::UnusableImport`], or `Fault` if the database fails.
pub fn import<'a>(
    sql: &'a impl Sql,
    call: &Call<'a>,
    caller: &Caller,
    staged: Option<Box<Staged>>,
    claimed: Option<GrantedClaim>,
) -> Result<WriteDecision<'a>, Refusal> {
    check_importable(sql)?;
    let stored = projections::load(sql, ExtraIncidents::None)?;
    let site = stored.state.site.ok_or(Rejection::NotFound)?;
    let claimed = claimed.map(|granted| (granted.claim.input, granted.taken));
    let (staged, taken) = match (claimed, staged) {
        (Some((Input::Import(staged), taken)), _) => (staged, taken),
        (_, Some(staged)) => {
            check_feed_size(&staged.replay, &call.envelope.public_url)?;
            let hostnames = staged.replay.state.site.iter();
            let hostnames: Vec<String> =
                hostnames.flat_map(|site| site.hostnames.clone()).collect();
            if hostnames != site.hostnames {
                return Ok(WriteDecision::NeedsHostnames(
                    hostnames,
                    Input::Import(staged),
                ));
            }
            (staged, Vec::new())
        }
        (_, None) => return Err(Rejection::Busy("The file must be sent again.").into()),
    };
    let mut replay = staged.replay;
    let rows = replay.rows;
    let head = replay.head().to_owned();
    let rev = next_rev(replay.rev.max(stored.rev), call.now_ms);
    let at = row_time(replay.at, timestamp(call.now_ms));
    let mut events = vec![Event::SiteRestored {
        slug: site.slug,
        rows,
        head: head.clone(),
    }];
    for event in &events {
        replay.state.apply(event, at);
    }
    let hostname_change = drop_hostnames(replay.state.site.as_ref(), &taken);
    if let Some(event) = &hostname_change {
        replay.state.apply(event, at);
    }
    events.extend(hostname_change);
    let body = serde_json::json!({ "rows": rows, "head": head, "hostnames_taken": taken });
    let author = Author {
        actor: caller.actor.clone(),
        key: call.envelope.key.clone(),
    };
    // The incidents are in the staging tables already.
    let settings = State {
        incidents: BTreeMap::new(),
        ..replay.state
    };
    Ok(WriteDecision::Write(Write {
        answer: Answer::json(200, &body)?,
        replay: None,
        work: Box::new(move || -> Result<(), Fault> {
            staging::take_over(sql)?;
            journal::append(sql, &events, &author, at, rev)?;
            projections::clear_settings(sql)?;
            projections::save(sql, &State::default(), &settings, rev)
        }),
    }))
}

/// Checks that a site is empty: its journal holds only its creation.
///
/// # Errors
/// [`Rejection::NotEmpty`] if it is not, `Fault` if the database fails.
pub fn check_empty(sql: &impl Sql) -> Result<(), Refusal> {
    if journal::head(sql)?.0 == 1 {
        return Ok(());
    }
    let detail = "Only an empty site can import a file; create a new one.";
    Err(Rejection::NotEmpty(detail.to_owned()).into())
}

/// The event that drops the taken host names from the settings; `None` if the settings have none of
/// them.
fn drop_hostnames(site: Option<&Site>, taken: &[String]) -> Option<Event> {
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

/// Checks that the resulting feed is within its size limit in every language.
fn check_feed_size(replay: &Replay, public_url: &str) -> Result<(), Rejection> {
    let site = replay.state.site.as_ref();
    for language in site.into_iter().flat_map(|site| &site.languages) {
        let setting = FeedOptions {
            public_url,
            rev: replay.rev,
            language: Some(language),
        };
        let bytes = feed::body(&replay.state, &setting).map_or(0, |body| body.len());
        if bytes > limits::FEED {
            return Err(row_rejection(&Difference {
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

    use super::{Replay, check_feed_size};

    #[test]
    fn a_state_with_a_too_large_feed_is_rejected() {
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
        assert!(check_feed_size(&replay, "https://status.example.com").is_ok());
        let mut large = site;
        large["name"] = json!("x".repeat(70_000));
        let event =
            serde_json::from_value(json!({ "type": "site.changed", "site": large })).unwrap();
        replay.state.apply(&event, Timestamp::from_seconds(0));
        replay.rows = 2;
        let refused = check_feed_size(&replay, "https://status.example.com");
        let refused = refused.unwrap_err().to_string();
        assert!(
            refused.contains("line 3: after it, the feed in the language en"),
            "{refused}"
        );
    }
}

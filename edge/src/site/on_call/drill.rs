//! Sends a test to every on-call target, as a page.

use notice::{
    notify::{Urgency, target},
    rejection::Rejection,
    wire::{
        ids::MessageId,
        site::{OnCall, OnCallKind},
    },
};
use serde::Serialize;

use crate::{
    answer::Answer,
    messages::{
        message::{Message, Origin},
        reminder::Action,
    },
    refusal::Refusal,
    runtime::random,
    site::{
        call::{Call, Write},
        change::timestamp,
    },
    storage::{
        journal,
        on_call_deliveries::{self, Content},
        outbox,
        projections::{self, ExtraIncidents},
        sql::Sql,
    },
};

/// The body of the answer.
#[derive(Debug, Serialize)]
struct Sent<'a> {
    message: &'a MessageId,
    targets: Vec<SentTo>,
}

#[derive(Debug, Serialize)]
struct SentTo {
    kind: OnCallKind,
    name: String,
}

/// Decides a test of on-call.
///
/// # Errors
/// `Rejection` if there is no target, `Fault` if the server fails.
pub fn send<'a>(sql: &'a impl Sql, call: &Call<'a>) -> Result<Write<'a>, Refusal> {
    let stored = projections::load(sql, ExtraIncidents::None)?;
    let site = stored.state.site.ok_or(Rejection::NotFound)?;
    if site.on_call.is_empty() {
        let detail = "The site has no on-call targets; add one first.".to_owned();
        return Err(Rejection::IllegalTransition(detail).into());
    }
    let id = random::typed_id(MessageId::PREFIX, MessageId::parse)?;
    let origin = Origin {
        id: id.as_str().to_owned(),
        sequence: journal::head(sql)?.0,
        rev: stored.rev,
        at: timestamp(call.now_ms),
        // Added when the message is sent.
        public_url: "",
    };
    let message = Message::test(&site, origin);
    let targets = site.on_call.iter().map(|target| SentTo {
        kind: target.kind,
        name: target::name(target),
    });
    let sent = Sent {
        message: &id,
        targets: targets.collect(),
    };
    let answer = Answer::json(202, &sent)?;
    Ok(Write {
        answer,
        replay: None,
        work: Box::new(move || {
            outbox::add_message(sql, &id, &message)?;
            let mut contents = site.on_call.iter().map(|target| content(target, &id));
            contents.try_for_each(|content| on_call_deliveries::add(sql, &id, &content).map(drop))
        }),
    })
}

fn content(target: &OnCall, message: &MessageId) -> Content {
    Content {
        target: target.clone(),
        urgency: Urgency::Page,
        action: Action::Trigger,
        key: format!("allclear/{message}"),
        promise: None,
        test: true,
        is_failure_reported: false,
        answered_at: None,
    }
}

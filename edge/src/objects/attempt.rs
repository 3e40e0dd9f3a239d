//! Makes the attempts of a courier.

use worker::Env;

use super::{outgoing, outgoing_mail};
use crate::{
    rpc::outbox_call::{Assignment, Payload, Report},
    runtime::server_clock,
};

/// Makes an attempt; returns its report for the site's object. A failure is an outcome of the
/// report.
pub async fn make(env: &Env, assignment: Assignment) -> Report {
    let begun_ms = server_clock::now_ms(env);
    let outcome = match &assignment.payload {
        Payload::Request(request) => outgoing::send(request).await,
        Payload::Mail(mail) => outgoing_mail::send(env, mail).await,
    };
    Report {
        target: assignment.target,
        request: outgoing::cut(assignment.payload.body().to_owned()),
        duration_ms: server_clock::now_ms(env).saturating_sub(begun_ms),
        outcome,
    }
}

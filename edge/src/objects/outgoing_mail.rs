//! Sends mails by the transport of the deployment.

use futures_util::future::{Either, select};
use notice::notify::target::NO_MAIL;
use worker::{Delay, Env};

use super::outgoing::{self, DEADLINE};
use crate::{
    messages::mail::{
        Mail,
        outcome::MailAnswer,
        provider,
        settings::{SmtpServer, Transport},
        smtp,
    },
    rpc::outbox_call::Outcome,
    runtime::{settings, smtp_socket::SmtpSocket},
};

/// Sends a mail. It may arrive twice: a server that does not answer in time may have accepted it,
/// and the attempt is repeated.
pub async fn send(env: &Env, mail: &Mail) -> Outcome {
    let Some(settings) = settings::mail(env) else {
        return Outcome::Failed(NO_MAIL.to_owned());
    };
    match &settings.transport {
        Transport::Smtp(server) => send_by_smtp(server, mail).await,
        Transport::Resend(account) => {
            let outcome = outgoing::send(&provider::resend(account, mail)).await;
            mail_outcome(outcome, provider::resend_answer)
        }
        Transport::Postmark(account) => {
            let outcome = outgoing::send(&provider::postmark(account, mail)).await;
            mail_outcome(outcome, provider::postmark_answer)
        }
    }
}

async fn send_by_smtp(server: &SmtpServer, mail: &Mail) -> Outcome {
    // At the deadline the future is dropped, which closes the connection.
    let delivery = std::pin::pin!(async {
        let socket = SmtpSocket::connect(server)?;
        smtp::deliver(socket, server, mail).await
    });
    match select(delivery, Delay::from(DEADLINE)).await {
        Either::Left((Ok(answer), _)) => Outcome::Mailed(MailAnswer {
            text: outgoing::cut(answer.text),
            ..answer
        }),
        Either::Left((Err(reason), _)) => Outcome::Failed(reason),
        Either::Right(_) => Outcome::TimedOut,
    }
}

/// Converts a provider's HTTP answer into that of a mail server. `parse` takes status,
/// `Retry-After` and body.
fn mail_outcome(outcome: Outcome, parse: fn(u16, Option<String>, String) -> MailAnswer) -> Outcome {
    match outcome {
        Outcome::Answered {
            status,
            retry_after,
            body,
        } => Outcome::Mailed(parse(status, retry_after, body)),
        other => other,
    }
}

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

/// Sends a mail. It may arrive twice: a server that does not answer in time may have taken it over.
pub async fn send(env: &Env, mail: &Mail) -> Outcome {
    let Some(settings) = settings::mail(env) else {
        return Outcome::Failed(NO_MAIL.to_owned());
    };
    match &settings.transport {
        Transport::Smtp(server) => by_smtp(server, mail).await,
        Transport::Resend(account) => {
            let outcome = outgoing::send(&provider::resend(account, mail)).await;
            judged(outcome, provider::resend_answer)
        }
        Transport::Postmark(account) => {
            let outcome = outgoing::send(&provider::postmark(account, mail)).await;
            judged(outcome, provider::postmark_answer)
        }
    }
}

async fn by_smtp(server: &SmtpServer, mail: &Mail) -> Outcome {
    // Dropped, and so closed, at the deadline.
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

fn judged(outcome: Outcome, judge: fn(u16, Option<String>, String) -> MailAnswer) -> Outcome {
    match outcome {
        Outcome::Answered {
            status,
            retry_after,
            body,
        } => Outcome::Mailed(judge(status, retry_after, body)),
        other => other,
    }
}

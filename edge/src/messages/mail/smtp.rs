//! A conversation in SMTP (RFC 5321) over a connection that the caller opens. `smtp-proto` parses the replies.
//!
//! Our own, because the clients that run on wasm do not fit: see the table of choices in ARCHITECTURE.md.

mod exchange;

use smtp_proto::{
    AUTH_LOGIN, AUTH_PLAIN, EXT_SMTP_UTF8, EXT_START_TLS, EhloResponse, Response as Reply,
};

use super::{
    Mail, mime,
    outcome::{MailAnswer, Verdict},
    settings::{Login, Security, SmtpServer},
};
use exchange::{Command, Exchange, Failure};

pub use exchange::Connection;

/// Delivers a mail over a connection that was just opened.
///
/// # Errors
/// The reason why there was no answer to judge, as a sentence.
pub async fn deliver(
    connection: impl Connection,
    server: &SmtpServer,
    mail: &Mail,
) -> Result<MailAnswer, String> {
    match converse(connection, server, mail).await {
        Ok(reply) => Ok(answer(Verdict::Sent, &reply)),
        Err(Failure::Refused(command, reply)) => Ok(answer(verdict(command, &reply), &reply)),
        Err(Failure::Broken(reason)) => Err(reason),
    }
}

fn answer(verdict: Verdict, reply: &Reply<String>) -> MailAnswer {
    let text = match reply.esc {
        [0, ..] => reply.message.clone(),
        [class, subject, detail] => format!("{class}.{subject}.{detail} {}", reply.message),
    };
    MailAnswer {
        verdict,
        status: reply.code,
        retry_after: None,
        text: text.trim_end().replace('\r', ""),
    }
}

/// Maps a refusal to an outcome. Only a reply about the recipient is a bounce: one about our login, our sender or the content must not end
/// what other people have subscribed to.
fn verdict(command: Command, reply: &Reply<String>) -> Verdict {
    let [class, subject, _] = reply.esc;
    let is_permanent = (500..600).contains(&reply.code);
    // RFC 3463: X.1 is about addresses, X.2 about mailboxes, and X.7 about policy, such as relaying denied to us.
    let is_bounce = match command {
        // 552 is a full mailbox.
        Command::Recipient => matches!(reply.code, 550 | 551 | 553 | 556) && subject != 7,
        Command::Data => is_permanent && class == 5 && subject == 1,
        Command::Greeting
        | Command::Ehlo
        | Command::StartTls
        | Command::Auth
        | Command::MailFrom => false,
    };
    match is_bounce {
        true => Verdict::Bounced,
        false => Verdict::Temporary,
    }
}

async fn converse(
    connection: impl Connection,
    server: &SmtpServer,
    mail: &Mail,
) -> Result<Reply<String>, Failure> {
    let name = mail.from.domain();
    let mut exchange = Exchange::new(connection);
    exchange.expect(Command::Greeting, 220).await?;
    let mut offered = exchange.ehlo(name).await?;
    if server.security == Security::StartTls {
        if !offered.has_capability(EXT_START_TLS) {
            let reason = "The mail server does not offer STARTTLS: use its port for TLS and smtps:// in SMTP_URL.";
            return Err(Failure::Broken(reason.to_owned()));
        }
        exchange.command(Command::StartTls, "STARTTLS", 220).await?;
        exchange = exchange.start_tls()?;
        // The extensions offered before TLS may have been changed on the way.
        offered = exchange.ehlo(name).await?;
    }
    if let Some(login) = &server.login {
        if server.security == Security::Plain {
            let reason = "The login is not sent without TLS.";
            return Err(Failure::Broken(reason.to_owned()));
        }
        log_in(&mut exchange, &offered, login).await?;
    }
    let utf8 = match mail.to.address.is_ascii() && mail.from.address.is_ascii() {
        true => "",
        false if offered.has_capability(EXT_SMTP_UTF8) => " SMTPUTF8",
        false => {
            let reason = "The mail server takes no addresses with other letters than a to z.";
            return Err(Failure::Broken(reason.to_owned()));
        }
    };
    let from = format!("MAIL FROM:<{}>{utf8}", mail.from.address);
    exchange.command(Command::MailFrom, &from, 250).await?;
    let to = format!("RCPT TO:<{}>", mail.to.address);
    exchange.command(Command::Recipient, &to, 250).await?;
    exchange.command(Command::Data, "DATA", 354).await?;
    let accepted = exchange.message(&mime::bytes(mail)).await?;
    // The mail is delivered, whatever becomes of the connection.
    let _ = exchange.send(b"QUIT\r\n").await;
    Ok(accepted)
}

async fn log_in(
    exchange: &mut Exchange<impl Connection>,
    offered: &EhloResponse<String>,
    login: &Login,
) -> Result<(), Failure> {
    if offered.auth() & AUTH_PLAIN != 0 {
        let secret = exchange::base64(&format!("\0{}\0{}", login.user, login.password));
        let command = format!("AUTH PLAIN {secret}");
        exchange.command(Command::Auth, &command, 235).await?;
    } else if offered.auth() & AUTH_LOGIN != 0 {
        exchange.command(Command::Auth, "AUTH LOGIN", 334).await?;
        for (word, code) in [(&login.user, 334), (&login.password, 235)] {
            let word = exchange::base64(word);
            exchange.command(Command::Auth, &word, code).await?;
        }
    } else {
        let reason = "The mail server offers no login by user name and password (PLAIN or LOGIN).";
        return Err(Failure::Broken(reason.to_owned()));
    }
    Ok(())
}

//! A conversation in SMTP (RFC 5321) over a connection that the caller opens. `smtp-proto` parses the replies.
//!
//! Written by us, because no existing client that runs on wasm meets the needs: see the table of choices in ARCHITECTURE.md.

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
/// The reason why the server's verdict on the mail is unknown, as a sentence: the connection broke, or the server lacks an
/// extension that is needed.
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

/// Maps the reply that refused a command to a verdict. Only a reply about the recipient is a bounce, after which the address gets no
/// more mail. A reply about our login, our sender or the content must not have that effect.
fn verdict(command: Command, reply: &Reply<String>) -> Verdict {
    let [class, subject, _] = reply.esc;
    let is_permanent = (500..600).contains(&reply.code);
    // RFC 3463: X.1 is about addresses, X.2 about mailboxes, and X.7 about policy, such as relaying denied to us.
    let is_bounce = match command {
        // Not 552, a full mailbox: it may accept mail later.
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
        // An attacker may have changed the extensions that were offered before TLS.
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
            let reason = "The mail server accepts only addresses of ASCII characters.";
            return Err(Failure::Broken(reason.to_owned()));
        }
    };
    let from = format!("MAIL FROM:<{}>{utf8}", mail.from.address);
    exchange.command(Command::MailFrom, &from, 250).await?;
    let to = format!("RCPT TO:<{}>", mail.to.address);
    exchange.command(Command::Recipient, &to, 250).await?;
    exchange.command(Command::Data, "DATA", 354).await?;
    let accepted = exchange.send_mail(&mime::bytes(mail)).await?;
    // An error is ignored: the server has accepted the mail already.
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

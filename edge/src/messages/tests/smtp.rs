//! Conversations with a scripted mail server.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, DuplexStream, ReadBuf,
};

use super::mail::newsletter;
use crate::messages::mail::{
    Mail,
    outcome::{MailAnswer, Verdict},
    settings::{Login, Security, SmtpServer},
    smtp::{Connection, deliver},
};

/// One end of a connection, which logs the beginning of TLS.
struct Client {
    stream: DuplexStream,
    log: Log,
}

type Log = Arc<Mutex<Vec<String>>>;

impl Connection for Client {
    fn start_tls(self) -> io::Result<Self> {
        self.log.lock().unwrap().push("(TLS)".to_owned());
        Ok(self)
    }
}

impl AsyncRead for Client {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Client {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Runs a server. The script has pairs of a command's beginning and the answer; other commands are answered with `250 OK`.
async fn serve(stream: DuplexStream, script: Vec<(&'static str, &'static str)>, log: Log) {
    let mut stream = BufReader::new(stream);
    let answer = |command: &str| {
        let found = script.iter().find(|(begin, _)| command.starts_with(begin));
        found.map_or("250 OK", |(_, answer)| answer)
    };
    let mut is_mail = false;
    let mut reply = answer("(greeting)");
    loop {
        let bytes = format!("{reply}\r\n");
        // In two parts, as a network may deliver them.
        let (first, second) = bytes.split_at(bytes.len() / 2);
        for part in [first, second] {
            if stream.write_all(part.as_bytes()).await.is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end();
            if is_mail && line != "." {
                continue;
            }
            log.lock().unwrap().push(line.to_owned());
            reply = answer(line);
            is_mail = line == "DATA" && reply.starts_with("354");
            break;
        }
    }
}

const GREETING: (&str, &str) = ("(greeting)", "220-mail.example.com ESMTP\r\n220 ready");
const OFFERS: (&str, &str) = (
    "EHLO",
    "250-mail.example.com\r\n250-PIPELINING\r\n250-AUTH LOGIN PLAIN\r\n250-STARTTLS\r\n250 ENHANCEDSTATUSCODES",
);
const DATA: (&str, &str) = ("DATA", "354 go on");

fn server(security: Security) -> SmtpServer {
    SmtpServer {
        host: "mail.example.com".to_owned(),
        port: 587,
        security,
        login: Some(Login {
            user: "acme".to_owned(),
            password: "secret".to_owned(),
        }),
    }
}

/// The result of a delivery, and the commands that the server got.
fn converse(
    server: &SmtpServer,
    script: &[(&'static str, &'static str)],
    mail: &Mail,
) -> (Result<MailAnswer, String>, Vec<String>) {
    let log = Log::default();
    let (near, far) = tokio::io::duplex(64);
    let client = Client {
        stream: near,
        log: Arc::clone(&log),
    };
    let mut script = script.to_vec();
    script.extend([GREETING, OFFERS, DATA, ("AUTH PLAIN", "235 welcome")]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let result = runtime.block_on(async {
        let served = tokio::spawn(serve(far, script, Arc::clone(&log)));
        let result = deliver(client, server, mail).await;
        served.await.unwrap();
        result
    });
    let commands = log.lock().unwrap().clone();
    (result, commands)
}

const LOGIN: &str = "AUTH PLAIN AGFjbWUAc2VjcmV0";

#[test]
fn a_mail_is_delivered_with_implicit_tls() {
    let (result, commands) = converse(
        &server(Security::Tls),
        &[(".", "250 2.0.0 queued as 1")],
        &newsletter(),
    );
    let answer = result.unwrap();
    assert_eq!((answer.verdict, answer.status), (Verdict::Sent, 250));
    assert_eq!(answer.text, "2.0.0 queued as 1");
    assert_eq!(
        commands,
        [
            "EHLO acme.example",
            LOGIN,
            "MAIL FROM:<status@acme.example>",
            "RCPT TO:<bob@example.com>",
            "DATA",
            ".",
            "QUIT"
        ]
    );
}

#[test]
fn starttls_comes_before_the_login_and_a_second_ehlo() {
    let (result, commands) = converse(
        &server(Security::StartTls),
        &[("STARTTLS", "220 go on")],
        &newsletter(),
    );
    assert_eq!(result.unwrap().verdict, Verdict::Sent);
    assert_eq!(
        commands.get(..5).unwrap(),
        [
            "EHLO acme.example",
            "STARTTLS",
            "(TLS)",
            "EHLO acme.example",
            LOGIN
        ]
    );
}

#[test]
fn a_server_without_starttls_gets_no_login_and_no_mail() {
    for script in [
        ("EHLO", "250-mail.example.com\r\n250 AUTH PLAIN"),
        ("STARTTLS", "454 not now"),
        // Injected before TLS, to be read after it.
        ("STARTTLS", "220 go on\r\n250 evil"),
    ] {
        let (result, commands) = converse(&server(Security::StartTls), &[script], &newsletter());
        assert!(
            !matches!(&result, Ok(answer) if answer.verdict == Verdict::Sent),
            "{result:?}"
        );
        let is_secret =
            |command: &&String| command.starts_with("AUTH") || command.starts_with("MAIL");
        assert_eq!(commands.iter().find(is_secret), None, "{script:?}");
    }
}

#[test]
fn a_login_is_never_sent_in_clear() {
    let (result, commands) = converse(&server(Security::Plain), &[], &newsletter());
    assert_eq!(result.unwrap_err(), "The login is not sent without TLS.");
    assert_eq!(commands, ["EHLO acme.example"]);
    let plain = SmtpServer {
        login: None,
        ..server(Security::Plain)
    };
    let (result, _) = converse(&plain, &[], &newsletter());
    assert_eq!(result.unwrap().verdict, Verdict::Sent);
}

#[test]
fn servers_that_offer_only_auth_login_are_supported() {
    let script = [
        ("EHLO", "250-mail.example.com\r\n250 AUTH XOAUTH2 LOGIN"),
        ("AUTH LOGIN", "334 VXNlcm5hbWU6"),
        ("YWNtZQ==", "334 UGFzc3dvcmQ6"),
        ("c2VjcmV0", "235 welcome"),
    ];
    let (result, _) = converse(&server(Security::Tls), &script, &newsletter());
    assert_eq!(result.unwrap().verdict, Verdict::Sent);
    let none = [("EHLO", "250-mail.example.com\r\n250 AUTH XOAUTH2")];
    let (result, commands) = converse(&server(Security::Tls), &none, &newsletter());
    assert!(result.unwrap_err().contains("PLAIN or LOGIN"));
    assert_eq!(commands.len(), 1);
}

#[test]
fn only_a_reply_about_the_recipient_is_a_bounce() {
    use Verdict::{Bounced, Sent, Temporary};
    for (command, reply, expected) in [
        ("RCPT", "550 5.1.1 no such user", Bounced),
        ("RCPT", "550 no such user", Bounced),
        ("RCPT", "553 5.1.3 bad address", Bounced),
        ("RCPT", "251 will forward", Sent),
        ("RCPT", "552 5.2.2 mailbox full", Temporary),
        ("RCPT", "550 5.7.1 relaying denied", Temporary),
        ("RCPT", "554 5.7.1 relaying denied", Temporary),
        ("RCPT", "450 4.2.1 try later", Temporary),
        ("RCPT", "530 5.7.0 log in first", Temporary),
        (".", "550 5.1.1 no such user", Bounced),
        (".", "554 5.7.1 looks like spam", Temporary),
        (".", "451 4.3.0 try later", Temporary),
        ("DATA", "554 no valid recipients", Temporary),
        ("MAIL", "550 5.1.0 sender refused", Temporary),
        ("AUTH PLAIN", "535 5.7.8 wrong password", Temporary),
        ("EHLO", "550 go away", Temporary),
        ("(greeting)", "554 5.7.1 blocked", Temporary),
    ] {
        let (result, _) = converse(&server(Security::Tls), &[(command, reply)], &newsletter());
        let answer = result.unwrap();
        assert_eq!(answer.verdict, expected, "{command}: {reply}");
        if expected != Sent {
            assert_eq!(answer.status.to_string(), reply[..3], "{reply}");
            assert_eq!(answer.text, reply[4..], "{reply}");
        }
    }
}

#[test]
fn replies_and_addresses_that_smtp_does_not_allow_are_errors() {
    for (script, expected) in [
        (("(greeting)", "HTTP/1.1 400 Bad Request"), "SMTP"),
        (("EHLO", "hello"), "SMTP"),
    ] {
        let (result, _) = converse(&server(Security::Tls), &[script], &newsletter());
        assert!(
            result.as_ref().unwrap_err().contains(expected),
            "{result:?}"
        );
    }
    let mut mail = newsletter();
    mail.to.address = "bob@example.com>\r\nRCPT TO:<eve@example.com".to_owned();
    let (result, commands) = converse(&server(Security::Tls), &[], &mail);
    assert!(result.unwrap_err().contains("not valid in SMTP"));
    assert!(!commands.iter().any(|command| command.contains("eve")));
}

#[test]
fn addresses_that_are_not_ascii_need_smtputf8() {
    let mut mail = newsletter();
    mail.to.address = "jörg@example.com".to_owned();
    let (result, _) = converse(&server(Security::Tls), &[], &mail);
    assert!(result.unwrap_err().contains("ASCII"));
    let offers = [(
        "EHLO",
        "250-mail.example.com\r\n250-SMTPUTF8\r\n250 AUTH PLAIN",
    )];
    let (result, commands) = converse(&server(Security::Tls), &offers, &mail);
    assert_eq!(result.unwrap().verdict, Verdict::Sent);
    assert!(commands.contains(&"MAIL FROM:<status@acme.example> SMTPUTF8".to_owned()));
}

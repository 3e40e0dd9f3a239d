//! Commands and replies on one connection.

use base64ct::{Base64, Encoding};
use smtp_proto::{EhloResponse, Error, Response as Reply, response::parser::ResponseReceiver};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Maximum number of bytes that one read returns.
const CHUNK: usize = 1024;
/// Maximum size of a reply in bytes. Replies have a few lines; a larger one is a mistake, or does not come from a mail server.
const MAX_REPLY: usize = 16 * 1024;
/// The longest line of a command that servers accept, in bytes (RFC 5321 and RFC 4954).
const MAX_LINE: usize = 12_288;

/// A connection that can be encrypted while it is open.
pub trait Connection: AsyncRead + AsyncWrite + Unpin + Sized {
    /// Begins TLS.
    ///
    /// # Errors
    /// The reason, if the connection cannot be encrypted.
    fn start_tls(self) -> std::io::Result<Self>;
}

/// The end of a conversation before a mail was accepted.
#[derive(Debug)]
pub enum Failure {
    /// The server refused a command.
    Refused(Command, Reply<String>),
    /// The connection broke, or the server does not speak SMTP or lacks an extension that we need. Contains the reason as a
    /// sentence.
    Broken(String),
}

/// The step of a conversation that a reply belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    MailFrom,
    Recipient,
    /// `DATA`, and the mail itself.
    Data,
}

pub struct Exchange<S> {
    connection: S,
    /// Bytes that were received and not yet parsed.
    received: Vec<u8>,
}

pub fn base64(text: &str) -> String {
    Base64::encode_string(text.as_bytes())
}

impl<S: Connection> Exchange<S> {
    pub fn new(connection: S) -> Self {
        Self {
            connection,
            received: Vec::new(),
        }
    }

    /// Encrypts the connection.
    ///
    /// # Errors
    /// `Broken` if more bytes than the reply to STARTTLS were received: they were not encrypted, so that an attacker may have sent
    /// them.
    pub fn start_tls(self) -> Result<Self, Failure> {
        if !self.received.is_empty() {
            let reason = "The mail server sent more than its reply to STARTTLS.";
            return Err(Failure::Broken(reason.to_owned()));
        }
        Ok(Self::new(
            self.connection.start_tls().map_err(connection_failure)?,
        ))
    }

    /// Sends EHLO with our domain, and returns the extensions that the server offers.
    pub async fn ehlo(&mut self, name: &str) -> Result<EhloResponse<String>, Failure> {
        self.send(format!("EHLO {name}\r\n").as_bytes()).await?;
        loop {
            let mut bytes = self.received.iter();
            match EhloResponse::parse(&mut bytes) {
                Ok(offered) => {
                    let rest = bytes.as_slice().to_vec();
                    self.received = rest;
                    return Ok(offered);
                }
                Err(Error::NeedsMoreData { .. }) => self.receive().await?,
                Err(Error::InvalidResponse { .. }) => {
                    // The server refused. `EhloResponse` drops the reply's code, so the bytes are parsed again as a reply.
                    let reply = self.reply().await?;
                    return Err(Failure::Refused(Command::Ehlo, reply));
                }
                Err(_) => return Err(not_smtp()),
            }
        }
    }

    /// Sends a command, and returns the reply if its code is `code`.
    pub async fn command(
        &mut self,
        command: Command,
        line: &str,
        code: u16,
    ) -> Result<Reply<String>, Failure> {
        if line.contains(['\r', '\n', '\0']) || line.len() > MAX_LINE {
            return Err(Failure::Broken(
                "An address or the login is not valid in SMTP.".to_owned(),
            ));
        }
        self.send(format!("{line}\r\n").as_bytes()).await?;
        self.expect(command, code).await
    }

    /// Sends the mail after `DATA`.
    pub async fn send_mail(&mut self, bytes: &[u8]) -> Result<Reply<String>, Failure> {
        self.send(&stuff_dots(bytes)).await?;
        self.expect(Command::Data, 250).await
    }

    /// Returns the next reply if its code is `code`. Where 250 is expected, 251 is accepted as well: the server forwards the mail.
    pub async fn expect(&mut self, command: Command, code: u16) -> Result<Reply<String>, Failure> {
        let reply = self.reply().await?;
        match reply.code == code || (code == 250 && reply.code == 251) {
            true => Ok(reply),
            false => Err(Failure::Refused(command, reply)),
        }
    }

    async fn reply(&mut self) -> Result<Reply<String>, Failure> {
        loop {
            let mut bytes = self.received.iter();
            match ResponseReceiver::default().parse(&mut bytes) {
                Ok(reply) => {
                    let rest = bytes.as_slice().to_vec();
                    self.received = rest;
                    return Ok(reply);
                }
                Err(Error::NeedsMoreData { .. }) => self.receive().await?,
                Err(_) => return Err(not_smtp()),
            }
        }
    }

    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.connection
            .write_all(bytes)
            .await
            .map_err(connection_failure)?;
        self.connection.flush().await.map_err(connection_failure)
    }

    async fn receive(&mut self) -> Result<(), Failure> {
        if self.received.len() > MAX_REPLY {
            return Err(not_smtp());
        }
        let mut chunk = [0; CHUNK];
        let count = self
            .connection
            .read(&mut chunk)
            .await
            .map_err(connection_failure)?;
        if count == 0 {
            let reason = "The mail server closed the connection.";
            return Err(Failure::Broken(reason.to_owned()));
        }
        self.received.extend(chunk.iter().take(count));
        Ok(())
    }
}

/// A mail in the form in which it is sent after `DATA` (RFC 5321, section 4.5.2): a dot at the beginning of a line is doubled, and
/// a line with a single dot ends the mail.
fn stuff_dots(bytes: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(bytes.len().saturating_add(CHUNK));
    let mut is_at_start = true;
    for byte in bytes {
        if is_at_start && *byte == b'.' {
            stuffed.push(b'.');
        }
        stuffed.push(*byte);
        is_at_start = *byte == b'\n';
    }
    if !is_at_start {
        stuffed.extend_from_slice(b"\r\n");
    }
    stuffed.extend_from_slice(b".\r\n");
    stuffed
}

/// Drops the runtime's error, whose text is about the runtime and of no use to operators.
fn connection_failure(_: std::io::Error) -> Failure {
    Failure::Broken(
        "The connection to the mail server failed: the host is unknown, refuses connections or has no valid certificate."
            .to_owned(),
    )
}

fn not_smtp() -> Failure {
    Failure::Broken("The mail server does not answer in SMTP.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::stuff_dots;

    #[test]
    fn dots_at_the_beginning_of_lines_are_doubled() {
        for (mail, expected) in [
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            (".\r\na.b\r\n..c\r\n", "..\r\na.b\r\n...c\r\n.\r\n"),
            (
                "a\r\n.\r\nMAIL FROM:<b>\r\n",
                "a\r\n..\r\nMAIL FROM:<b>\r\n.\r\n",
            ),
        ] {
            let stuffed = String::from_utf8(stuff_dots(mail.as_bytes())).unwrap();
            assert_eq!(stuffed, expected, "{mail:?}");
        }
    }
}

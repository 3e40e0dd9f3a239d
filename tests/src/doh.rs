//! A resolver for DNS over HTTPS (RFC 8484) on a free port, which knows only TXT records.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What the resolver knows, and how it answers.
#[derive(Clone, Debug, Default)]
struct State {
    txt: BTreeMap<String, Vec<String>>,
    style: DnsStyle,
}

/// How a resolver answers.
#[derive(Clone, Copy, Debug, Default)]
pub enum DnsStyle {
    #[default]
    Whole,
    /// Says that records are missing.
    Truncated,
    /// Returns the question.
    Echo,
    /// Sends no bytes.
    Empty,
    /// Has no question in its answer.
    WithoutQuestion,
}

#[derive(Debug)]
pub struct Resolver {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Resolver {
    #[track_caller]
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::<Mutex<State>>::default();
        let known = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = answer(stream, &known);
            }
        });
        Self { port, state }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/dns-query", self.port)
    }

    /// Sets the TXT records of a name.
    pub fn set_txt(&self, name: &str, values: &[&str]) {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let mut state = self.state.lock().expect("no test has panicked");
        state.txt.insert(name.to_owned(), values);
    }

    pub fn answer_as(&self, style: DnsStyle) {
        self.state.lock().expect("no test has panicked").style = style;
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let (head, question) = read_request(&mut stream)?;
    let head = head.to_ascii_lowercase();
    let is_question = head.starts_with("post /dns-query ")
        && head.contains("content-type: application/dns-message");
    let state = state.lock().expect("no test has panicked").clone();
    let reply = match state.style {
        DnsStyle::Echo => Some(question),
        DnsStyle::Empty => Some(Vec::new()),
        DnsStyle::Whole | DnsStyle::Truncated | DnsStyle::WithoutQuestion => {
            reply(&question, &state)
        }
    };
    match reply.filter(|_| is_question) {
        Some(reply) => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                reply.len()
            )?;
            stream.write_all(&reply)
        }
        None => stream.write_all(
            b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ),
    }
}

fn read_request(stream: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer)?;
        bytes.extend_from_slice(&buffer[..count]);
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                let is_length = name.eq_ignore_ascii_case("content-length");
                is_length.then(|| value.trim().parse::<usize>().ok())?
            });
            let body = bytes[end + 4..].to_vec();
            if body.len() >= length.unwrap_or(0) || count == 0 {
                return Ok((head, body));
            }
        } else if count == 0 {
            return Ok((String::new(), Vec::new()));
        }
    }
}

/// Builds the DNS message that answers a question for one name: with the name's TXT records, or NXDOMAIN. `None` for a malformed
/// question.
fn reply(question: &[u8], state: &State) -> Option<Vec<u8>> {
    let mut labels = Vec::new();
    // After the header of 12 bytes.
    let mut at = 12;
    loop {
        let length = usize::from(*question.get(at)?);
        if length == 0 {
            break;
        }
        let label = question.get(at + 1..at + 1 + length)?;
        labels.push(String::from_utf8_lossy(label).into_owned());
        at += 1 + length;
    }
    let question = question.get(..at + 5)?;
    let values = state.txt.get(&labels.join("."));
    let mut reply = question.to_vec();
    if matches!(state.style, DnsStyle::WithoutQuestion) {
        reply.truncate(12);
        reply[2..].copy_from_slice(&[0x81, 0x80, 0, 0, 0, 0, 0, 0, 0, 0]);
        return Some(reply);
    }
    // Flags: a response with recursion, truncated or not. The last four bits are the response code: 0, or 3 (NXDOMAIN) for an unknown name.
    reply[2] = match state.style {
        DnsStyle::Truncated => 0x83,
        _ => 0x81,
    };
    reply[3] = if values.is_some() { 0x80 } else { 0x83 };
    let values = values.map(Vec::as_slice).unwrap_or_default();
    reply[6..8].copy_from_slice(&u16::try_from(values.len()).ok()?.to_be_bytes());
    for value in values {
        let length = u8::try_from(value.len()).ok()?;
        // A pointer to the question's name, type TXT, class IN, a lifetime of 60 s, and the lengths of the data and the text.
        reply.extend([0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, length + 1, length]);
        reply.extend(value.as_bytes());
    }
    Some(reply)
}

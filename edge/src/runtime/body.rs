//! Reads request bodies up to a limit.

use std::time::Duration;

use futures_util::StreamExt;
use notice::rejection::Rejection;
use worker::{ByteStream, Request};

use super::deadline::within;
use crate::{fault::Fault, refusal::Refusal};

/// Bytes past the limit that are read and discarded, so that a client that is still sending receives the rejection
/// instead of a reset connection.
const MAX_DRAINED: usize = 4 * 1024 * 1024;

/// Size up to which a body is read and discarded when its request is rejected before the body is read: 32 MiB. As in
/// [`read`], `MAX_DRAINED` more bytes are read.
const MAX_DISCARDED: usize = 32 * 1024 * 1024;

/// Deadline for discarding a body.
const DRAIN_DEADLINE: Duration = Duration::from_secs(10);

/// Maximum capacity allocated for an announced `Content-Length`, in bytes, because a header alone must not cost more memory.
const MAX_INITIAL_CAPACITY: usize = 64 * 1024;

/// A body of any size, read part by part as it arrives.
pub struct Parts(Option<ByteStream>);

impl Parts {
    /// The parts of a request's body; none if it has no body.
    pub fn of(request: &mut Request) -> Self {
        Self(request.stream().ok())
    }

    /// Returns the next part; `None` after the last one.
    ///
    /// # Errors
    /// [`Fault::TimedOut`] if the part does not arrive before the deadline, `Fault::Runtime` if the connection fails.
    pub async fn next(&mut self, deadline: Duration) -> Result<Option<Vec<u8>>, Fault> {
        let Some(stream) = &mut self.0 else {
            return Ok(None);
        };
        let part = async { Ok(stream.next().await.transpose()?) };
        within(deadline, "the client", part).await
    }
}

/// Reads a request's body into memory.
///
/// # Errors
/// [`Rejection::ContentTooLarge`] for more than `limit` bytes.
pub async fn read(request: &mut Request, limit: usize) -> Result<Vec<u8>, Refusal> {
    let announced = request
        .headers()
        .get("content-length")
        .map_err(Fault::from)?
        .and_then(|length| length.parse::<usize>().ok());
    let mut body = Vec::with_capacity(initial_capacity(announced, limit));
    let Ok(mut stream) = request.stream() else {
        return Ok(body);
    };
    let mut seen: usize = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(Fault::from)?;
        seen = seen.saturating_add(chunk.len());
        if seen <= limit {
            body.extend_from_slice(&chunk);
        } else if seen > limit.saturating_add(MAX_DRAINED) {
            break;
        }
    }
    if seen > limit {
        return Err(Rejection::ContentTooLarge(limit).into());
    }
    Ok(body)
}

/// Reads and discards a body up to a size (`MAX_DISCARDED`) and for at most 10 s, so that the client receives the rejection.
/// Errors of the connection are ignored: the request is rejected in any case.
pub async fn discard(request: &mut Request) {
    let Ok(mut stream) = request.stream() else {
        return;
    };
    let drain = async {
        let mut seen: usize = 0;
        while let Some(chunk) = stream.next().await {
            seen = seen.saturating_add(chunk?.len());
            if seen > MAX_DISCARDED.saturating_add(MAX_DRAINED) {
                break;
            }
        }
        Ok(())
    };
    let _ = within(DRAIN_DEADLINE, "the client", drain).await;
}

fn initial_capacity(announced: Option<usize>, limit: usize) -> usize {
    announced.unwrap_or(0).min(limit).min(MAX_INITIAL_CAPACITY)
}

#[cfg(test)]
mod tests {
    use super::{MAX_INITIAL_CAPACITY, initial_capacity};

    #[test]
    fn an_announced_length_allocates_at_most_64_kib() {
        for (announced, expected) in [
            (None, 0),
            (Some(100), 100),
            (Some(31 * 1024 * 1024), MAX_INITIAL_CAPACITY),
            (Some(usize::MAX), MAX_INITIAL_CAPACITY),
        ] {
            assert_eq!(initial_capacity(announced, 32 * 1024 * 1024), expected);
        }
        assert_eq!(initial_capacity(Some(usize::MAX), 10), 10);
    }
}

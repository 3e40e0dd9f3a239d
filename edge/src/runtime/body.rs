//! Request bodies, never more of them than is allowed.

use futures_util::StreamExt;
use notice::rejection::Rejection;
use worker::Request;

use crate::{fault::Fault, object::operate::Refusal};

/// Bytes past the limit that are read and thrown away, so that a client who is still sending hears why it is refused
/// instead of finding the connection cut.
const DRAINED: usize = 4 * 1024 * 1024;

/// Memory taken before anything has come, at most, in bytes: a header alone must not cost more.
const PREPARED: usize = 64 * 1024;

/// The body's bytes.
///
/// # Errors
/// [`Rejection::ContentTooLarge`] when there are more than `most`.
pub async fn read(request: &mut Request, most: usize) -> Result<Vec<u8>, Refusal> {
    let announced = request
        .headers()
        .get("content-length")
        .map_err(Fault::from)?
        .and_then(|length| length.parse::<usize>().ok());
    let mut body = Vec::with_capacity(prepared(announced, most));
    let Ok(mut stream) = request.stream() else {
        return Ok(body);
    };
    let mut seen: usize = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(Fault::from)?;
        seen = seen.saturating_add(chunk.len());
        if seen <= most {
            body.extend_from_slice(&chunk);
        } else if seen > most.saturating_add(DRAINED) {
            break;
        }
    }
    if seen > most {
        return Err(Rejection::ContentTooLarge(most).into());
    }
    Ok(body)
}

/// Reads a body of at most `most` bytes and throws it away as it comes, for the same reason.
///
/// # Errors
/// When it breaks off.
pub async fn discard(request: &mut Request, most: usize) -> Result<(), Fault> {
    let Ok(mut stream) = request.stream() else {
        return Ok(());
    };
    let mut seen: usize = 0;
    while let Some(chunk) = stream.next().await {
        seen = seen.saturating_add(chunk?.len());
        if seen > most.saturating_add(DRAINED) {
            break;
        }
    }
    Ok(())
}

fn prepared(announced: Option<usize>, most: usize) -> usize {
    announced.unwrap_or(0).min(most).min(PREPARED)
}

#[cfg(test)]
mod tests {
    use super::{PREPARED, prepared};

    #[test]
    fn a_header_alone_costs_little() {
        for (announced, expected) in [
            (None, 0),
            (Some(100), 100),
            (Some(31 * 1024 * 1024), PREPARED),
            (Some(usize::MAX), PREPARED),
        ] {
            assert_eq!(prepared(announced, 32 * 1024 * 1024), expected);
        }
        assert_eq!(prepared(Some(usize::MAX), 10), 10);
    }
}

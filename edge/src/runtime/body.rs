//! Request bodies, never more of them than is allowed.

use futures_util::StreamExt;
use notice::rejection::Rejection;
use worker::Request;

use crate::{fault::Fault, object::operate::Refusal};

/// The body's bytes.
///
/// # Errors
/// [`Rejection::ContentTooLarge`] as soon as more than `most` bytes are announced or have come.
pub async fn read(request: &mut Request, most: usize) -> Result<Vec<u8>, Refusal> {
    let announced = request
        .headers()
        .get("content-length")
        .map_err(Fault::from)?
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(Rejection::ContentTooLarge(most).into());
    }
    let mut body = Vec::with_capacity(announced.unwrap_or(0));
    let Ok(mut stream) = request.stream() else {
        return Ok(body);
    };
    while let Some(chunk) = stream.next().await {
        body.extend_from_slice(&chunk.map_err(Fault::from)?);
        if body.len() > most {
            return Err(Rejection::ContentTooLarge(most).into());
        }
    }
    Ok(body)
}

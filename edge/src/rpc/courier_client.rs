//! The requests to a site's courier, and its client.

use std::time::Duration;

use notice::wire::ids::Slug;
use serde::{Deserialize, Serialize};
use worker::{Env, Method, Request, RequestInit};

use crate::{fault::Fault, runtime::deadline::within};

/// Deadline for a call, which does not wait for attempts.
const DEADLINE: Duration = Duration::from_secs(10);

/// A request to a courier, answered with an empty body.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourierRequest {
    /// The site has deliveries that are due.
    Wake(Slug),
}

/// Tells a site's courier that deliveries are due.
///
/// # Errors
/// `Fault` if the courier fails or misses the deadline. The site's alarm repeats the call.
pub async fn wake(env: &Env, site: &Slug) -> Result<(), Fault> {
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(
        serde_json::to_string(&CourierRequest::Wake(site.clone()))?.into(),
    ));
    let request = Request::new_with_init("http://courier/", &init)?;
    let courier = env.durable_object("COURIER")?.get_by_name(site.as_str())?;
    within(DEADLINE, "the courier", async {
        let mut response = courier.fetch_with_request(request).await?;
        match response.status_code() {
            200..300 => Ok(()),
            _ => Err(Fault::ObjectFailed {
                object: "the courier",
                detail: response.text().await?,
            }),
        }
    })
    .await
}

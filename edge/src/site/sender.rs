//! The deployment that sends messages.

use notice::body::check::endpoint_url::Network;

use crate::{
    messages::{mail::Mailbox, message::Message},
    sealing::Sealer,
};

/// The deployment that sends.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// Its origin, without a slash at the end.
    pub public_url: &'a str,
    pub network: Network,
    /// The sender of mails. `None` if the deployment sends no mail.
    pub mail_from: Option<&'a Mailbox>,
    /// The keys of subscribers' addresses. `None` without `SECRET_KEY`.
    pub sealer: Option<&'a Sealer>,
    /// Whether requests to on-call targets are stored with their links; for development.
    pub keeps_links: bool,
}

/// Adds the deployment's origin to the links of a stored message, so that those of a deployment that has moved still work.
pub fn with_base(mut message: Message, public_url: &str) -> Message {
    let links = &mut message.links;
    let own = [&mut message.site.url, &mut links.open];
    let forms = links.post_update.iter_mut().chain(&mut links.resolve);
    let notice = message.incident.iter_mut().map(|notice| &mut notice.url);
    for link in own.into_iter().chain(forms).chain(notice) {
        link.insert_str(0, public_url);
    }
    message
}

//! The deployment that sends messages.

use notice::body::check::endpoint_url::Network;

use crate::messages::{mail::Mailbox, message::Message};

/// The settings of the deployment that sends messages.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    /// The deployment's origin, without a slash at the end.
    pub public_url: &'a str,
    /// The addresses to which requests may be sent.
    pub network: Network,
    /// The sender of mails. `None` if the deployment sends no mail.
    pub mail_from: Option<&'a Mailbox>,
    /// Whether requests to on-call targets are stored with their links, which can sign in; only for
    /// development.
    pub keeps_links: bool,
}

/// Adds the deployment's origin to the links of a stored message. Messages are stored without it,
/// so that their links still work after the deployment has moved.
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

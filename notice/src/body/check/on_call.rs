//! Checks of on-call targets.

use super::{
    FieldErrors,
    addresses::{is_email, with_character},
    endpoint_url::{self, Network},
    host_name::is_hostname,
};
use crate::{
    body::characters::is_invisible,
    limits,
    wire::site::{OnCall, OnCallKind},
};

const EMAIL: &str = "Must be an email address, for example ada@example.com.";
const PAGERDUTY: &str = "Must be the integration key of Events API v2, 32 letters and digits, after eu: if the account is in Europe.";
const OPSGENIE: &str = "Must be the key of an API integration, letters, digits and hyphens, after eu: if the account is in Europe.";
const NTFY: &str = "Must be the URL of a topic, for example https://ntfy.sh/acme-on-call.";

impl FieldErrors {
    /// Checks the targets of a site. A target that the site has already is accepted, even if
    /// today's rules refuse its address.
    pub(super) fn on_call(&mut self, on_call: &[OnCall], current: &[OnCall], network: Network) {
        self.count("/on_call", on_call.len(), limits::ON_CALL);
        for (index, target) in on_call.iter().enumerate() {
            let pointer = format!("/on_call/{index}/value");
            self.line(&pointer, &target.value, limits::VALUE);
            if !current.iter().any(|other| other.is_same(target))
                && let Err(what) = value_error(target, network)
            {
                // The value becomes the address of a request, so journals are checked too.
                if is_url(target.kind) && !is_https(&target.value) {
                    self.add(pointer, what);
                } else {
                    self.add_to_request(pointer, what);
                }
            }
            if let Some(name) = &target.name {
                self.line(&format!("/on_call/{index}/name"), name, limits::NAME);
            }
            if target
                .after_minutes
                .is_some_and(|minutes| minutes > limits::AFTER_MINUTES)
            {
                self.add(
                    format!("/on_call/{index}/after_minutes"),
                    format!("Must be at most {} minutes (1 day).", limits::AFTER_MINUTES),
                );
            }
        }
    }
}

fn value_error(target: &OnCall, network: Network) -> Result<(), String> {
    let value = target.value.as_str();
    let hidden = value.chars().find(|c| is_invisible(*c));
    let shape = |is_valid: bool, shape: &str| match is_valid {
        true => Ok(()),
        false => Err(with_character(shape, hidden)),
    };
    match target.kind {
        OnCallKind::Email => shape(is_on_call_email(value), EMAIL),
        OnCallKind::Webhook | OnCallKind::Slack | OnCallKind::Teams => {
            endpoint_url::check(value, network)
        }
        OnCallKind::Ntfy => {
            endpoint_url::check(value, network)?;
            let topic = endpoint_url::split_topic(value).map(|(_, topic)| topic);
            shape(topic.is_some_and(|topic| is_topic(&topic)), NTFY)
        }
        OnCallKind::Pagerduty => {
            let key = key_of(value);
            let is_key = key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
            shape(is_key, PAGERDUTY)
        }
        OnCallKind::Opsgenie => {
            let key = key_of(value);
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            let is_key = (20..=100).contains(&key.len()) && key.bytes().all(is_plain);
            shape(is_key, OPSGENIE)
        }
    }
}

fn is_url(kind: OnCallKind) -> bool {
    match kind {
        OnCallKind::Webhook | OnCallKind::Slack | OnCallKind::Teams | OnCallKind::Ntfy => true,
        OnCallKind::Email | OnCallKind::Pagerduty | OnCallKind::Opsgenie => false,
    }
}

/// Returns the key without the prefix `eu:`, which selects the provider's European service.
fn key_of(value: &str) -> &str {
    value.strip_prefix("eu:").unwrap_or(value)
}

/// Whether ntfy accepts a name of a topic.
fn is_topic(topic: &str) -> bool {
    topic.len() <= 64
        && topic
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Whether this is one email address of a domain name. Quoted local parts are not supported.
fn is_on_call_email(address: &str) -> bool {
    is_email(address)
        && !address.contains(|c| is_invisible(c) || c == '"')
        && address
            .rsplit_once('@')
            .is_some_and(|(_, domain)| is_hostname(&domain.to_ascii_lowercase()))
}

fn is_https(address: &str) -> bool {
    const SCHEME: &str = "https://";
    address
        .get(..SCHEME.len())
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

#[cfg(test)]
mod tests {
    use super::{is_on_call_email, value_error};
    use crate::{
        body::check::endpoint_url::Network,
        wire::site::{OnCall, OnCallKind},
    };

    #[test]
    fn email_addresses_need_a_local_part_and_a_domain() {
        for (address, is_valid) in [
            ("ada@example.com", true),
            ("ada+status@mail.Example.co.uk", true),
            ("o'hara@example.com", true),
            ("@example.com", false),
            ("ada@", false),
            ("ada", false),
            ("ada@example", false),
            ("ada@-a.com", false),
            ("ada@example..com", false),
            ("ada@b@example.com", false),
            ("ada lovelace@example.com", false),
            ("Ada <ada@example.com>", false),
            ("ada@example.com,grace@example.com", false),
            ("ada@example.com ", false),
        ] {
            assert_eq!(is_on_call_email(address), is_valid, "{address}");
        }
        assert!(is_on_call_email(&format!("{}@a.com", "a".repeat(64))));
        assert!(!is_on_call_email(&format!("{}@a.com", "a".repeat(65))));
    }

    #[test]
    fn each_kind_of_target_has_its_own_value() {
        let key = "0123456789abcdef0123456789ABCDEF";
        let uuid = "eb243592-faa2-4ba2-a551-1afdf565c889";
        for (kind, value, expected) in [
            (
                OnCallKind::Slack,
                "https://hooks.slack.com/services/T/B/x",
                None,
            ),
            (OnCallKind::Slack, "#outages", Some("full URL")),
            (
                OnCallKind::Teams,
                "https://x.logic.azure.com/workflows/a?sig=b",
                None,
            ),
            (
                OnCallKind::Teams,
                "http://x.logic.azure.com/a",
                Some("https://"),
            ),
            (OnCallKind::Pagerduty, key, None),
            (OnCallKind::Pagerduty, &format!("eu:{key}"), None),
            (OnCallKind::Pagerduty, uuid, Some("integration key")),
            (OnCallKind::Pagerduty, "us:1", Some("integration key")),
            (OnCallKind::Opsgenie, uuid, None),
            (OnCallKind::Opsgenie, &format!("eu:{uuid}"), None),
            (OnCallKind::Opsgenie, "eu:", Some("API integration")),
            (OnCallKind::Opsgenie, "a b", Some("API integration")),
            (OnCallKind::Ntfy, "https://ntfy.sh/acme-on-call", None),
            (
                OnCallKind::Ntfy,
                "https://ntfy.example.com/acme?auth=x",
                None,
            ),
            (OnCallKind::Ntfy, "https://ntfy.sh", Some("topic")),
            (OnCallKind::Ntfy, "https://ntfy.sh/a.b", Some("topic")),
            (OnCallKind::Ntfy, "https://10.0.0.5/acme", Some("host name")),
        ] {
            let target = OnCall {
                kind,
                value: value.to_owned(),
                after_minutes: None,
                name: None,
                session_link: false,
            };
            let error = value_error(&target, Network::Public).err();
            match expected {
                None => assert_eq!(error, None, "{value}"),
                Some(words) => assert!(
                    error.as_ref().is_some_and(|error| error.contains(words)),
                    "{value}: {error:?}"
                ),
            }
        }
    }
}

//! Names of on-call targets, and the choice of the target to inform.

use url::Url;

use crate::wire::site::{OnCall, OnCallKind};

/// The error of a message to an e-mail address, if the server has no transport for mail.
pub const NO_MAIL: &str = "This server sends no mail: its operator has not set MAIL_FROM.";

/// Returns the name of a target in the journal and in the console: the name that an operator gave it; else the e-mail address, or
/// the kind with the URL's host. Whole URLs and the keys of PagerDuty and Opsgenie are secrets.
pub fn name(target: &OnCall) -> String {
    if let Some(name) = &target.name {
        return name.clone();
    }
    let kind = match target.kind {
        // An e-mail address is no secret, and nothing else tells two targets of this kind apart.
        OnCallKind::Email => return target.value.clone(),
        OnCallKind::Pagerduty => return "PagerDuty".to_owned(),
        OnCallKind::Opsgenie => return "Opsgenie".to_owned(),
        OnCallKind::Slack => "Slack",
        OnCallKind::Teams => "Microsoft Teams",
        OnCallKind::Webhook => "Webhook",
        OnCallKind::Ntfy => "ntfy",
    };
    let url = Url::parse(&target.value).ok();
    match url.as_ref().and_then(Url::host_str) {
        Some(host) => format!("{kind} ({host})"),
        None => kind.to_owned(),
    }
}

/// Whether messages can be sent to a kind of target. `sends_mail`: the server has a transport for mail.
pub fn can_send_to(kind: OnCallKind, sends_mail: bool) -> bool {
    match kind {
        OnCallKind::Email => sends_mail,
        OnCallKind::Webhook
        | OnCallKind::Slack
        | OnCallKind::Teams
        | OnCallKind::Pagerduty
        | OnCallKind::Opsgenie
        | OnCallKind::Ntfy => true,
    }
}

/// Returns the target to inform: the first one that messages can be sent to, else the first one.
pub fn target_to_inform(targets: &[OnCall], sends_mail: bool) -> Option<&OnCall> {
    let mut all = targets.iter();
    let reachable = all.find(|target| can_send_to(target.kind, sends_mail));
    reachable.or(targets.first())
}

#[cfg(test)]
mod tests {
    use super::{name, target_to_inform};
    use crate::wire::site::{OnCall, OnCallKind};

    fn target(kind: OnCallKind, value: &str) -> OnCall {
        OnCall {
            kind,
            value: value.to_owned(),
            after_minutes: None,
            name: None,
            session_link: false,
        }
    }

    #[test]
    fn names_contain_no_secret() {
        for (kind, value, expected) in [
            (OnCallKind::Email, "ada@example.com", "ada@example.com"),
            (
                OnCallKind::Webhook,
                "https://hooks.example.com/secret",
                "Webhook (hooks.example.com)",
            ),
            (
                OnCallKind::Slack,
                "https://hooks.slack.com/services/secret",
                "Slack (hooks.slack.com)",
            ),
            (OnCallKind::Ntfy, "https://ntfy.sh/secret", "ntfy (ntfy.sh)"),
            (OnCallKind::Pagerduty, "eu:secret", "PagerDuty"),
            (OnCallKind::Opsgenie, "secret", "Opsgenie"),
        ] {
            assert_eq!(name(&target(kind, value)), expected);
        }
        let named = OnCall {
            name: Some("Ada's phone".to_owned()),
            ..target(OnCallKind::Pagerduty, "secret")
        };
        assert_eq!(name(&named), "Ada's phone");
    }

    #[test]
    fn the_first_target_that_can_be_reached_is_informed() {
        let mail = target(OnCallKind::Email, "ada@example.com");
        let hook = target(OnCallKind::Webhook, "https://a.example/x");
        assert_eq!(target_to_inform(&[], true), None);
        let only_mail = std::slice::from_ref(&mail);
        assert_eq!(target_to_inform(only_mail, false), Some(&mail));
        let both = [mail.clone(), hook.clone()];
        assert_eq!(target_to_inform(&both, false), Some(&hook));
        assert_eq!(target_to_inform(&both, true), Some(&mail));
    }
}

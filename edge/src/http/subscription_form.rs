//! The form by which readers ask for mail, and change what they get.

use notice::{
    limits,
    notify::subscription::Updates,
    wire::{ids::IncidentId, input::ComponentName, language::LanguageTag},
};
use serde::{Deserialize, Serialize};

/// The name of a field that people do not see. Programs that fill all fields fill it too.
pub const TRAP: &str = "website";

/// The fields of the form. Values that cannot be parsed count as absent; `component` is an exception.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionForm {
    pub email: String,
    pub language: Option<LanguageTag>,
    /// The incident whose end is asked for.
    pub incident: Option<IncidentId>,
    /// Whether the postmortem of the incident is asked for.
    pub explanation: bool,
    /// The incidents that stay in the subscription; for changes.
    pub followed: Vec<IncidentId>,
    pub updates: Updates,
    pub maintenance: bool,
    pub components: Vec<ComponentName>,
    /// Whether a program has filled the form.
    pub is_by_bot: bool,
    /// Whether it names a component in a form that no component has.
    pub has_malformed_component: bool,
}

impl SubscriptionForm {
    /// Parses a body of the type `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let is_on = !matches!(value.as_ref(), "" | "0" | "false");
            match name.as_ref() {
                "email" => form.email = value.into_owned(),
                "lang" => form.language = LanguageTag::parse(&value),
                "incident" => form.incident = IncidentId::parse(&value),
                "explanation" => form.explanation = is_on,
                "followed" => form.followed.extend(IncidentId::parse(&value)),
                "updates" => form.updates = Updates::parse(&value).unwrap_or_default(),
                "maintenance" => form.maintenance = is_on,
                "component" if form.components.len() < limits::COMPONENTS => {
                    match ComponentName::parse(&value) {
                        Some(component) => form.components.push(component),
                        None => form.has_malformed_component = true,
                    }
                }
                TRAP => form.is_by_bot = !value.is_empty(),
                _ => {}
            }
        }
        form
    }
}

#[cfg(test)]
mod tests {
    use notice::{
        notify::subscription::Updates,
        wire::{ids::IncidentId, input::ComponentName},
    };

    use super::SubscriptionForm;

    #[test]
    fn fields_are_decoded_and_unknown_ones_ignored() {
        let form = SubscriptionForm::parse(
            b"email=ada%2Bstatus%40example.com&lang=de-CH&incident=inc_1&explanation=1&maintenance=on\
              &updates=resolved&component=sending&component=cmp_1&followed=inc_1&other=x",
        );
        assert_eq!(form.email, "ada+status@example.com");
        assert_eq!(form.language.unwrap().as_str(), "de-CH");
        assert_eq!(form.incident, IncidentId::parse("inc_1"));
        assert!(form.explanation && form.maintenance && !form.is_by_bot);
        assert_eq!(form.updates, Updates::Resolved);
        let names = ["sending", "cmp_1"].map(|name| ComponentName::parse(name).unwrap());
        assert_eq!(form.components, names);
        assert_eq!(form.followed, [IncidentId::parse("inc_1").unwrap()]);
    }

    #[test]
    fn invalid_values_count_as_absent() {
        let form = SubscriptionForm::parse(b"incident=x&updates=some&lang=%00&explanation=0");
        assert_eq!(form, SubscriptionForm::default());
        let form = SubscriptionForm::parse(b"component=%20&email=\xff");
        assert!(form.has_malformed_component);
        assert_eq!(form.email, "\u{fffd}");
    }

    #[test]
    fn the_field_that_people_do_not_see_marks_programs() {
        assert!(SubscriptionForm::parse(b"website=x").is_by_bot);
        assert!(!SubscriptionForm::parse(b"website=").is_by_bot);
    }
}

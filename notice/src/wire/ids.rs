//! Ids and slugs. Each kind is a type of its own, so that the compiler rejects one in place of another.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Prefix of every id of this kind.
            pub const PREFIX: &'static str = $prefix;

            /// Parses an id: the prefix, then 1 to 40 characters of `a-z 0-9`. `None` if it is malformed.
            pub fn parse(text: &str) -> Option<Self> {
                let rest = text.strip_prefix($prefix)?;
                let fits = (1..=40).contains(&rest.len())
                    && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
                fits.then(|| Self(text.to_owned()))
            }

            /// The id as text, with its prefix.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| {
                    D::Error::custom(concat!("Must be an id that starts with ", $prefix, "."))
                })
            }
        }
    };
}

id! {
    /// Id of an incident, maintenance or announcement.
    IncidentId, "inc_"
}
id! {
    /// Id of an update in an incident's timeline.
    UpdateId, "upd_"
}
id! {
    /// Id of a component.
    ComponentId, "cmp_"
}
id! {
    /// Id of an operator's API token.
    TokenId, "tok_"
}

id! {
    /// Id of an incident template.
    TemplateId, "tpl_"
}
id! {
    /// Id of an invitation to the console.
    InvitationId, "inv_"
}
id! {
    /// Id of a webhook.
    WebhookId, "whk_"
}
id! {
    /// Id of a message: the content that is sent about one event.
    MessageId, "msg_"
}
id! {
    /// Id of a delivery: a message to one webhook or on-call target.
    DeliveryId, "dlv_"
}

/// Name of a site, component or segment in URLs and attributes: `^[a-z0-9][a-z0-9-]{1,38}$`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Maximum length, in characters.
    pub const MAX: usize = 39;

    /// Parses a slug. `None` if it is malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let fits = (2..=Self::MAX).contains(&text.len())
            && text.bytes().next().is_some_and(plain)
            && text.bytes().all(|byte| plain(byte) || byte == b'-');
        fits.then(|| Self(text.to_owned()))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom("Must be a slug: 2 to 39 characters of a-z, 0-9 and hyphens, starting with a letter or digit.")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{IncidentId, Slug};

    #[test]
    fn slug_length_and_characters_are_limited() {
        for (text, fits) in [
            ("ab", true),
            ("a", false),
            ("0-", true),
            ("-a", false),
            ("aB", false),
            ("a_b", false),
            (&"a".repeat(39), true),
            (&"a".repeat(40), false),
            ("", false),
            ("ä1", false),
        ] {
            assert_eq!(Slug::parse(text).is_some(), fits, "{text}");
        }
    }

    #[test]
    fn id_needs_its_prefix_and_a_valid_rest() {
        assert!(IncidentId::parse("inc_abc123").is_some());
        for text in ["cmp_abc123", "inc_", "inc_ABC", "inc_a/b", ""] {
            assert!(IncidentId::parse(text).is_none(), "{text}");
        }
    }
}

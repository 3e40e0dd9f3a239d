//! String enums of the JSON formats.
//!
//! Deserialization is strict: an unknown value is rejected with a list of the accepted ones. Readers of the feed use
//! [`lenient`] instead, which maps an unknown value to `Unknown`, so that an old widget survives a newer server.
//! `Unknown` is never stored, and requests cannot contain it.

use serde::{Deserialize, Deserializer};

/// An enum whose values are strings in JSON.
pub trait StringEnum: Sized + Copy + 'static {
    /// Every accepted value, in the order of the documentation.
    const ALL: &'static [Self];
    /// Harmless value that replaces values of newer servers.
    const UNKNOWN: Self;
    /// The value's string in JSON.
    fn as_str(self) -> &'static str;
    /// Parses a string. `None` if it is not one of [`StringEnum::ALL`].
    fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|value| value.as_str() == text)
    }
}

/// Deserializes an unknown value as [`StringEnum::UNKNOWN`]. For `#[serde(deserialize_with = "lenient")]` on fields that
/// browsers read.
pub fn lenient<'de, D: Deserializer<'de>, T: StringEnum>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(T::parse(&text).unwrap_or(T::UNKNOWN))
}

/// Like [`lenient`], for fields that may be `null`.
pub fn lenient_option<'de, D: Deserializer<'de>, T: StringEnum>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| T::parse(&text).unwrap_or(T::UNKNOWN)))
}

macro_rules! string_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// An unknown value of a newer server. Never stored, never accepted.
            Unknown,
        }

        impl StringEnum for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const UNKNOWN: Self = Self::Unknown;
            fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown => "unknown",
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| {
                    serde::de::Error::custom(format_args!("Must be one of {}.", [$($text),+].join(", ")))
                })
            }
        }
    };
}

string_enum! {
    /// The kind of an incident, which decides its lifecycle.
    Kind {
        /// An unplanned disturbance: something is broken.
        Incident = "incident",
        /// Planned work with a start and an end.
        Maintenance = "maintenance",
        /// An advance warning. Nothing is broken.
        Announcement = "announcement",
    }
}

string_enum! {
    /// The kind of a notice: that of its incident, or `Restored` once the incident is over.
    NoticeKind {
        /// An unplanned disturbance: something is broken.
        Incident = "incident",
        /// Planned work with a start and an end.
        Maintenance = "maintenance",
        /// An advance warning. Nothing is broken.
        Announcement = "announcement",
        /// The all-clear of an incident or maintenance.
        Restored = "restored",
    }
}

string_enum! {
    /// The reason for which a webhook was disabled by the answers of its endpoint.
    DisabledReason {
        /// The endpoint answered 410: it does not exist any more.
        Gone = "gone",
        /// The endpoint failed for five days.
        Failing = "failing",
    }
}

impl DisabledReason {
    /// The reason as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Gone => "Its endpoint answered 410: it does not exist any more.",
            Self::Failing => "Its endpoint failed for five days.",
            Self::Unknown => "Its endpoint cannot be reached.",
        }
    }
}

string_enum! {
    /// The status of an incident. The first four values belong to incidents, the next four to maintenance, the last two
    /// to announcements.
    Status {
        /// The cause is not known yet.
        Investigating = "investigating",
        /// The cause is known.
        Identified = "identified",
        /// A fix is in place and is being watched.
        Monitoring = "monitoring",
        /// The incident is over.
        Resolved = "resolved",
        /// The maintenance has not started.
        Scheduled = "scheduled",
        /// The maintenance has started.
        InProgress = "in_progress",
        /// The maintenance is done and is being checked.
        Verifying = "verifying",
        /// The maintenance is over.
        Completed = "completed",
        /// The announcement is current.
        Active = "active",
        /// The announcement is over.
        Ended = "ended",
    }
}

string_enum! {
    /// Severity for users. Ordered from best to worst, except for `Maintenance`.
    Impact {
        /// Users do not notice the incident.
        None = "none",
        /// Users are inconvenienced, but can work.
        Minor = "minor",
        /// Users cannot do some of their work.
        Major = "major",
        /// Users cannot do their work.
        Critical = "critical",
        /// The impact of every maintenance.
        Maintenance = "maintenance",
    }
}

string_enum! {
    /// The status of a component. Ordered from best to worst, with maintenance next to the best.
    ComponentStatus {
        /// Works as usual for everyone.
        Operational = "operational",
        /// Affected by planned work.
        UnderMaintenance = "under_maintenance",
        /// Works, but slowly or unreliably.
        DegradedPerformance = "degraded_performance",
        /// Does not work for some users.
        PartialOutage = "partial_outage",
        /// Does not work at all.
        MajorOutage = "major_outage",
    }
}

string_enum! {
    /// The presentation of a notice inside the customer's app.
    InApp {
        /// Not shown in the app.
        Off = "off",
        /// A small pill that opens the card.
        Pill = "pill",
        /// A card with title and text.
        Bar = "bar",
    }
}

string_enum! {
    /// Confidence in an estimated end.
    Confidence {
        /// The estimate may change.
        Low = "low",
        /// The estimate is likely.
        Medium = "medium",
        /// The estimate is firm.
        High = "high",
    }
}

string_enum! {
    /// Whether a page sees a notice whose audience names segments or components, if the page declares none.
    Undeclared {
        /// The page shows the notice. The card names the affected segments.
        Show = "show",
        /// The page does not show the notice.
        Hide = "hide",
    }
}

string_enum! {
    /// The channel of a contact.
    ContactKind {
        /// A telephone number, opened as `tel:`.
        Phone = "phone",
        /// An email address, opened as `mailto:`.
        Email = "email",
        /// The URL of a chat.
        Chat = "chat",
        /// Any other http or https URL.
        Link = "link",
        /// The URL of a form in which users report that something still does not work.
        Feedback = "feedback",
    }
}

string_enum! {
    /// The permissions of a token.
    Role {
        /// Everything within the site.
        Owner = "owner",
        /// Writes components, incidents and templates.
        Editor = "editor",
        /// Reserved for alert sources. Permits nothing yet.
        Alerts = "alerts",
        /// Reads the site, and writes nothing.
        Viewer = "viewer",
    }
}

impl Status {
    /// Whether this is a final status.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Resolved | Self::Completed | Self::Ended)
    }

    /// Whether this status belongs to the lifecycle of `kind`.
    pub fn belongs_to(self, kind: Kind) -> bool {
        match self {
            Self::Investigating | Self::Identified | Self::Monitoring | Self::Resolved => {
                kind == Kind::Incident
            }
            Self::Scheduled | Self::InProgress | Self::Verifying | Self::Completed => {
                kind == Kind::Maintenance
            }
            Self::Active | Self::Ended => kind == Kind::Announcement,
            Self::Unknown => false,
        }
    }
}

impl Impact {
    /// Whether the impact is major or critical. Serious incidents keep a pill after they are hidden, and show their
    /// all-clear to returning visitors.
    pub fn is_serious(self) -> bool {
        matches!(self, Self::Major | Self::Critical)
    }
}

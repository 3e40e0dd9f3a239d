//! The fixed words of the vocabulary, one enum for each set.
//!
//! Deserializing is strict: an operator's typo is refused with the words that would have been right. The feed's reader
//! uses [`lenient`] instead, which turns a word it does not know into `Unknown`, so that an old widget survives a new
//! server. `Unknown` is never stored and never accepted.

use serde::{Deserialize, Deserializer};

/// A set of words as they stand in JSON.
pub trait Word: Sized + Copy + 'static {
    /// Every accepted word, in the order of the documentation.
    const ALL: &'static [Self];
    /// The harmless value that stands for a word of a newer server.
    const UNKNOWN: Self;
    /// The word as it stands in JSON.
    fn as_str(self) -> &'static str;
    /// The value for a word, if it is one of [`Word::ALL`].
    fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|value| value.as_str() == word)
    }
}

/// For `#[serde(deserialize_with = "lenient")]` in what a browser reads: an unknown word becomes [`Word::UNKNOWN`].
pub fn lenient<'de, D: Deserializer<'de>, T: Word>(deserializer: D) -> Result<T, D::Error> {
    let word = String::deserialize(deserializer)?;
    Ok(T::parse(&word).unwrap_or(T::UNKNOWN))
}

/// As [`lenient`], for a field that may be `null`.
pub fn lenient_option<'de, D: Deserializer<'de>, T: Word>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    Ok(word.map(|word| T::parse(&word).unwrap_or(T::UNKNOWN)))
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A word of a newer server. Never stored, never accepted.
            Unknown,
        }

        impl Word for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const UNKNOWN: Self = Self::Unknown;
            fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
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
                let word = String::deserialize(deserializer)?;
                Self::parse(&word).ok_or_else(|| {
                    serde::de::Error::custom(format_args!("Must be one of {}.", [$($word),+].join(", ")))
                })
            }
        }
    };
}

words! {
    /// What operators manage.
    Kind {
        /// Something is broken.
        Incident = "incident",
        /// Planned work.
        Maintenance = "maintenance",
        /// An advance warning; nothing is broken.
        Announcement = "announcement",
    }
}

words! {
    /// What an end user sees: a [`Kind`], or the all-clear it became.
    NoticeKind {
        /// Something is broken.
        Incident = "incident",
        /// Planned work.
        Maintenance = "maintenance",
        /// An advance warning.
        Announcement = "announcement",
        /// It is over, in words of its own.
        Restored = "restored",
    }
}

words! {
    /// Where an incident stands. The first four belong to incidents, the next four to maintenance, the last two to
    /// announcements.
    Status {
        /// The cause is sought.
        Investigating = "investigating",
        /// The cause is known.
        Identified = "identified",
        /// It should work again.
        Monitoring = "monitoring",
        /// It works again.
        Resolved = "resolved",
        /// Planned, not begun.
        Scheduled = "scheduled",
        /// Under way.
        InProgress = "in_progress",
        /// Done, being checked.
        Verifying = "verifying",
        /// Over.
        Completed = "completed",
        /// The announcement stands.
        Active = "active",
        /// The announcement is over.
        Ended = "ended",
    }
}

words! {
    /// How bad it is for the people hit. Ordered: a later one is worse, maintenance aside.
    Impact {
        /// Nobody notices.
        None = "none",
        /// An annoyance.
        Minor = "minor",
        /// A part of the work cannot be done.
        Major = "major",
        /// The work cannot be done.
        Critical = "critical",
        /// Planned work.
        Maintenance = "maintenance",
    }
}

words! {
    /// How a component does. Ordered from best to worst, with maintenance between good and bad.
    ComponentStatus {
        /// Works.
        Operational = "operational",
        /// Being worked on as planned.
        UnderMaintenance = "under_maintenance",
        /// Slow or unreliable.
        DegradedPerformance = "degraded_performance",
        /// Not working for some.
        PartialOutage = "partial_outage",
        /// Not working.
        MajorOutage = "major_outage",
    }
}

words! {
    /// How loud a notice is inside the app.
    InApp {
        /// Not shown in the app.
        Off = "off",
        /// A small pill.
        Pill = "pill",
        /// A card.
        Bar = "bar",
    }
}

words! {
    /// How sure an estimate is.
    Confidence {
        /// "We hope by".
        Low = "low",
        /// "We expect by".
        Medium = "medium",
        /// "By".
        High = "high",
    }
}

words! {
    /// Whether a page that declares nothing of a dimension sees a notice restricted in it.
    Undeclared {
        /// It does; the card names whom it affects.
        Show = "show",
        /// It does not.
        Hide = "hide",
    }
}

words! {
    /// How a contact is reached.
    ContactKind {
        /// A telephone number.
        Phone = "phone",
        /// An e-mail address.
        Email = "email",
        /// A chat, by link or the host's own.
        Chat = "chat",
        /// Any web address.
        Link = "link",
        /// Where to say that it still does not work.
        Feedback = "feedback",
    }
}

words! {
    /// What a token may do.
    Role {
        /// Everything of its site.
        Owner = "owner",
        /// Writes components, incidents and templates.
        Editor = "editor",
        /// Only alert ingestion.
        Alerts = "alerts",
        /// Reads.
        Viewer = "viewer",
    }
}

impl Status {
    /// Whether the incident, maintenance or announcement is over.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Resolved | Self::Completed | Self::Ended)
    }

    /// Whether the status belongs to a kind's lifecycle.
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
    /// Whether lesser rules (a pill after hiding, a returning visitor's all-clear) treat it as serious.
    pub fn is_serious(self) -> bool {
        matches!(self, Self::Major | Self::Critical)
    }
}

//! The formats of webhooks.

use serde::{Deserialize, Serialize};

/// The format of a webhook's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Our own JSON, signed as Standard Webhooks specifies.
    #[default]
    Standard,
    /// Block Kit, for an incoming webhook of Slack.
    Slack,
    /// An Adaptive Card, for a workflow of Microsoft Teams.
    Teams,
    /// Embeds, for a webhook of Discord.
    Discord,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Standard, Self::Slack, Self::Teams, Self::Discord];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Discord => "discord",
        }
    }

    /// Whether the format is that of a chat. Chats are notified only of posts whose Notify is on.
    pub fn is_chat(self) -> bool {
        self != Self::Standard
    }
}

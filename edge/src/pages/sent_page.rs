//! The page of `/dev/outbox`: the messages to webhooks and on-call targets, for development.

use ::notice::wire::ids::Slug;
use maud::{DOCTYPE, Markup, html};

use crate::rpc::sent_message::SentMessage;

/// Renders what each site has sent, newest first.
pub fn render(sites: &[(Slug, Vec<SentMessage>)]) -> String {
    let page: Markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                title { "Outbox · Allclear" }
                link rel="icon" href="/pages/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/pages/page.css";
                link rel="stylesheet" href="/pages/dark.css" media="screen and (prefers-color-scheme: dark)";
            }
            body class="alone" {
                main {
                    h1 { "Outbox" }
                    p class="lead" { "What this server has sent to webhooks and on-call targets. Reload to see more." }
                    @for (site, sent) in sites {
                        h2 { (site) }
                        @if sent.is_empty() { p class="soft" { "Nothing yet." } }
                        @for message in sent { (entry(message)) }
                    }
                }
            }
        }
    };
    page.into_string()
}

fn entry(message: &SentMessage) -> Markup {
    let at = message.at.map(|at| at.to_string());
    html! {
        details {
            summary {
                (at.as_deref().unwrap_or("Not yet")) " · " (message.to) " · " (message.state)
                @if !message.answer.is_empty() { " · " (message.answer) }
            }
            pre { (pretty(&message.request)) }
        }
    }
}

/// Formats JSON on several lines; returns any other text unchanged.
fn pretty(request: &str) -> String {
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(request);
    let pretty = parsed.and_then(|parsed| serde_json::to_string_pretty(&parsed));
    pretty.unwrap_or_else(|_| request.to_owned())
}

#[cfg(test)]
mod tests {
    use ::notice::wire::ids::Slug;

    use super::render;
    use crate::rpc::sent_message::SentMessage;

    #[test]
    fn bodies_are_shown_and_escaped() {
        let sent = SentMessage {
            at: None,
            to: "on-call: <Ada>".to_owned(),
            state: "pending".to_owned(),
            answer: String::new(),
            request: r#"{"a":"<b>"}"#.to_owned(),
        };
        let page = render(&[(Slug::parse("acme").unwrap(), vec![sent])]);
        assert!(page.contains("on-call: &lt;Ada&gt; · pending"), "{page}");
        assert!(
            page.contains("&quot;a&quot;: &quot;&lt;b&gt;&quot;"),
            "{page}"
        );
        let empty = render(&[(Slug::parse("acme").unwrap(), Vec::new())]);
        assert!(empty.contains("Nothing yet."));
    }
}

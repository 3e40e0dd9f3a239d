//! The pages of links in messages to on-call targets. In English, like the console: their readers are operators.

use maud::{DOCTYPE, Markup, html};

/// A page with at most one button, which sends a POST request to the page's own address.
#[derive(Clone, Debug, Default)]
pub struct OnCallPage {
    pub title: String,
    /// Paragraphs of plain text.
    pub text: Vec<String>,
    /// The button's label. `None` for a page without a button.
    pub button: Option<&'static str>,
    /// Linked pages: label and URL.
    pub links: Vec<(&'static str, String)>,
}

impl OnCallPage {
    pub fn render(&self) -> String {
        let page: Markup = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { (self.title) " · Allclear" }
                    link rel="icon" href="/pages/icon.svg" type="image/svg+xml";
                    link rel="stylesheet" href="/pages/page.css";
                    link rel="stylesheet" href="/pages/dark.css" media="screen and (prefers-color-scheme: dark)";
                }
                body class="alone" {
                    main {
                        h1 dir="auto" { (self.title) }
                        @for paragraph in &self.text { p class="lead" dir="auto" { (paragraph) } }
                        div class="buttons" {
                            @if let Some(button) = self.button {
                                form method="post" { button type="submit" { (button) } }
                            }
                            @for (label, url) in &self.links { a href=(url) { (label) } }
                        }
                    }
                }
            }
        };
        page.into_string()
    }
}

#[cfg(test)]
mod tests {
    use super::OnCallPage;

    #[test]
    fn texts_are_escaped_and_the_button_posts() {
        let page = OnCallPage {
            title: "<b>Late</b>".to_owned(),
            text: vec!["“x” & <i>".to_owned()],
            button: Some("Acknowledge"),
            links: vec![("Post update", "https://a.example/?a&b".to_owned())],
        };
        let html = page.render();
        assert!(html.contains("&lt;b&gt;Late"), "{html}");
        assert!(html.contains("“x” &amp; &lt;i&gt;"), "{html}");
        assert!(
            html.contains(r#"<form method="post"><button type="submit">Acknowledge"#),
            "{html}"
        );
        assert!(html.contains("https://a.example/?a&amp;b"), "{html}");
        assert!(
            !OnCallPage::default().render().contains("<form"),
            "no button"
        );
    }
}

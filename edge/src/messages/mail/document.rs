//! The body of a mail, as text and as HTML with the colours of the pages. The HTML loads nothing, so that no server learns that a
//! mail is read.

use maud::{DOCTYPE, PreEscaped, html};

use crate::messages::chat_card::Colour;

/// The content of a mail.
#[derive(Clone, Debug)]
pub struct Document {
    /// BCP 47 tag of the texts.
    pub language: String,
    /// The kind of the event, above the title, such as `Update overdue`.
    pub event: String,
    pub title: String,
    pub colour: Colour,
    /// Plain text. Line breaks in a paragraph are shown.
    pub paragraphs: Vec<String>,
    pub links: Vec<Link>,
    /// The sender, and the reason why the recipient gets the mail, one line each.
    pub footer: Vec<String>,
}

/// A link below the paragraphs. The first one of a mail is the most important one, and is shown as a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub url: String,
}

/// The colours of `www/pages/page.css` and `dark.css`. Mail programs that ignore styles show black on white.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;padding:24px 12px;background:#f6f7f9;color:#17202a;font:16px/24px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\
main{max-width:600px;margin:0 auto;padding:24px;border-radius:12px;border-left:4px solid #455260;background:#ffffff}\
.event{margin:0;font-weight:600}\
h1{margin:4px 0 16px;font-size:22px;line-height:28px}\
p{margin:0 0 16px;white-space:pre-line}\
a{color:#173f87}\
.button{display:inline-block;margin:0 12px 12px 0;padding:10px 16px;border-radius:8px;background:#173f87;color:#ffffff;text-decoration:none;font-weight:600}\
footer{max-width:600px;margin:0 auto;padding:16px 24px;color:#455260;font-size:14px;line-height:20px}\
footer p{margin:0}\
main.good{border-color:#0b5129}.good .event{color:#0b5129}\
main.warning{border-color:#7a3300}.warning .event{color:#7a3300}\
main.danger{border-color:#8f1024}.danger .event{color:#8f1024}\
@media(prefers-color-scheme:dark){\
body{background:#0f1419;color:#e9eef3}main{background:#171d24;border-color:#b4bfca}a{color:#9dc1ff}footer{color:#b4bfca}\
.button{background:#9dc1ff;color:#0f1419}\
main.good{border-color:#86dba8}.good .event{color:#86dba8}\
main.warning{border-color:#ffb27a}.warning .event{color:#ffb27a}\
main.danger{border-color:#ffa3ad}.danger .event{color:#ffa3ad}\
}";

impl Document {
    /// The body as plain text.
    pub fn text(&self) -> String {
        let mut blocks = vec![format!("{}: {}", self.event, self.title)];
        blocks.extend(self.paragraphs.iter().cloned());
        if !self.links.is_empty() {
            let lines = self.links.iter();
            let lines: Vec<String> = lines
                .map(|link| format!("{}: {}", link.label, link.url))
                .collect();
            blocks.push(lines.join("\n"));
        }
        if !self.footer.is_empty() {
            // The separator of signatures, which mail programs fold.
            blocks.push(format!("-- \n{}", self.footer.join("\n")));
        }
        blocks.join("\n\n") + "\n"
    }

    /// The body as an HTML document.
    pub fn html(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.event) ": " (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    main class=(class(self.colour)) {
                        p class="event" { (self.event) }
                        h1 { (self.title) }
                        @for paragraph in &self.paragraphs { p { (paragraph) } }
                        @for (index, link) in self.links.iter().enumerate() {
                            @if index == 0 {
                                a class="button" href=(link.url) { (link.label) }
                            } @else {
                                p { a href=(link.url) { (link.label) } }
                            }
                        }
                    }
                    @if !self.footer.is_empty() {
                        footer { @for line in &self.footer { p { (line) } } }
                    }
                }
            }
        };
        page.into_string()
    }
}

fn class(colour: Colour) -> &'static str {
    match colour {
        Colour::Good => "good",
        Colour::Neutral => "neutral",
        Colour::Warning => "warning",
        Colour::Danger => "danger",
    }
}

//! The on-screen keyboard, capital letters and spell checking of a field, by the kind of text that it takes.

/// The kind of text that a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    /// A sentence in a line.
    Sentence,
    /// Sentences in paragraphs or a list.
    Prose,
    /// The name of a product, component, group or device.
    Name,
    /// A slug, language tag, colour or the like.
    Code,
    /// Several codes, one per line: host names or path patterns.
    Codes,
    Phone,
    Email,
    Url,
    /// A token, not shown while it is typed.
    Secret,
    /// A number, perhaps with decimals.
    Number,
    /// A whole number.
    Whole,
    /// A time of day.
    Time,
    /// A date and time.
    DateTime,
    /// A search term.
    Search,
}

/// The attributes of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// The `type` of an `<input>`; not used for a `<textarea>`.
    pub kind: &'static str,
    /// The layout of the on-screen keyboard.
    pub inputmode: &'static str,
    pub autocapitalize: &'static str,
    pub spellcheck: &'static str,
    /// The label of the enter key.
    pub enterkeyhint: &'static str,
}

impl Typing {
    #[cfg(test)]
    const ALL: [Self; 14] = [
        Self::Sentence,
        Self::Prose,
        Self::Name,
        Self::Code,
        Self::Codes,
        Self::Phone,
        Self::Email,
        Self::Url,
        Self::Secret,
        Self::Number,
        Self::Whole,
        Self::Time,
        Self::DateTime,
        Self::Search,
    ];

    pub fn attributes(self) -> Attributes {
        let (kind, inputmode, autocapitalize, spellcheck, enterkeyhint) = match self {
            Self::Sentence => ("text", "text", "sentences", "true", "next"),
            Self::Prose => ("text", "text", "sentences", "true", "enter"),
            Self::Name => ("text", "text", "words", "true", "next"),
            Self::Code => ("text", "text", "none", "false", "next"),
            Self::Codes => ("text", "url", "none", "false", "enter"),
            // Not `tel`, `email` and `url`: they would reject pasted characters, which are cleaned when the form is saved.
            Self::Phone => ("text", "tel", "none", "false", "next"),
            Self::Email => ("text", "email", "none", "false", "next"),
            Self::Url => ("text", "url", "none", "false", "next"),
            Self::Secret => ("password", "text", "none", "false", "go"),
            Self::Number => ("number", "decimal", "none", "false", "next"),
            Self::Whole => ("text", "numeric", "none", "false", "next"),
            Self::Time => ("time", "numeric", "none", "false", "next"),
            Self::DateTime => ("datetime-local", "numeric", "none", "false", "next"),
            Self::Search => ("search", "search", "none", "false", "search"),
        };
        Attributes {
            kind,
            inputmode,
            autocapitalize,
            spellcheck,
            enterkeyhint,
        }
    }

    /// The kind of text of a contact or on-call target, by its kind in the API.
    pub fn of_address(kind: &str) -> Self {
        match kind {
            "phone" => Self::Phone,
            "email" => Self::Email,
            _ => Self::Url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Typing;

    #[test]
    fn only_texts_for_people_are_capitalised_and_spell_checked() {
        for typing in Typing::ALL {
            let is_human = matches!(typing, Typing::Sentence | Typing::Prose | Typing::Name);
            let attributes = typing.attributes();
            assert_eq!(attributes.autocapitalize != "none", is_human, "{typing:?}");
            assert_eq!(attributes.spellcheck == "true", is_human, "{typing:?}");
            assert!(!attributes.inputmode.is_empty() && !attributes.enterkeyhint.is_empty());
        }
        assert_eq!(Typing::of_address("phone"), Typing::Phone);
        assert_eq!(Typing::of_address("webhook"), Typing::Url);
    }
}

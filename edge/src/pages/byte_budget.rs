//! Limits the open incidents on one page by bytes. A page stays below 20 kB compressed for any content: text that
//! hardly compresses shrinks to three fifths of its length.

use maud::Markup;

/// Maximum size of the open incidents' markup, in bytes.
const MAX_BYTES: usize = 24_000;

/// The amount of detail of an incident's card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardLength {
    /// All that the widget's card shows.
    Whole,
    Short,
}

#[derive(Clone, Copy, Debug)]
pub struct ByteBudget {
    bytes: usize,
    /// Number of further cards that may be whole.
    whole: usize,
}

impl ByteBudget {
    /// The budget of a page on which only the first `whole` cards may be whole.
    pub fn new(whole: usize) -> Self {
        Self {
            bytes: MAX_BYTES,
            whole,
        }
    }

    /// Renders a card whole if it fits, else short; `None` if neither fits.
    pub fn render(&mut self, make: impl Fn(CardLength) -> Markup) -> Option<Markup> {
        let lengths: &[CardLength] = match self.whole {
            0 => &[CardLength::Short],
            _ => &[CardLength::Whole, CardLength::Short],
        };
        lengths.iter().find_map(|length| {
            let markup = make(*length);
            self.bytes = self.bytes.checked_sub(markup.0.len())?;
            self.whole = self.whole.saturating_sub(1);
            Some(markup)
        })
    }
}

#[cfg(test)]
mod tests {
    use maud::{Markup, PreEscaped};

    use super::{ByteBudget, CardLength, MAX_BYTES};

    #[test]
    fn cards_beyond_the_budget_are_short_then_omitted() {
        let card = |whole: usize, short: usize| {
            move |length: CardLength| -> Markup {
                PreEscaped("x".repeat(match length {
                    CardLength::Whole => whole,
                    CardLength::Short => short,
                }))
            }
        };
        let mut budget = ByteBudget::new(3);
        let mut take = |whole, short| {
            budget
                .render(card(whole, short))
                .map(|markup| markup.0.len())
        };
        assert_eq!(take(MAX_BYTES - 100, 1), Some(MAX_BYTES - 100));
        assert_eq!(take(101, 60), Some(60));
        assert_eq!(take(41, 41), None);
        assert_eq!(take(10, 1), Some(10));
        assert_eq!(take(10, 1), Some(1), "at most three cards are whole");
    }
}

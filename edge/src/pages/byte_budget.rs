//! Limits the cards on one page by bytes. A status page has at most 20 kB compressed: [`MAX_BYTES`] of ordinary text
//! have at most 14 kB, which leaves room for the rest of the page.

use maud::Markup;

/// Maximum size of the cards' markup, in bytes before compression.
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
    /// Number of further cards among which a whole one is allowed. Short cards count too.
    first_left: usize,
}

impl ByteBudget {
    /// The budget of a page on which only the first `first` rendered cards may be whole.
    pub fn new(first: usize) -> Self {
        Self {
            bytes: MAX_BYTES,
            first_left: first,
        }
    }

    /// Renders a card whole if it fits, else short; `None` if neither fits.
    pub fn render(&mut self, make: impl Fn(CardLength) -> Markup) -> Option<Markup> {
        let lengths: &[CardLength] = match self.first_left {
            0 => &[CardLength::Short],
            _ => &[CardLength::Whole, CardLength::Short],
        };
        lengths.iter().find_map(|length| {
            let markup = make(*length);
            self.bytes = self.bytes.checked_sub(markup.0.len())?;
            self.first_left = self.first_left.saturating_sub(1);
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
        assert_eq!(
            take(10, 1),
            Some(1),
            "only the first three rendered cards may be whole"
        );
    }
}

//! How much of what is open stands on one page. A page stays below 20 kB compressed, whatever is written: text that hardly
//! compresses comes to three fifths of its length.

use maud::Markup;

/// Bytes of markup that what is open may take.
const ROOM: usize = 24_000;

/// How much of an incident stands among others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// What the card says.
    Whole,
    /// How it begins.
    Short,
}

/// What is left.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    bytes: usize,
    /// So many more may stand whole.
    whole: usize,
}

impl Room {
    /// A whole page's, of which so many incidents may stand whole.
    pub fn new(whole: usize) -> Self {
        Self { bytes: ROOM, whole }
    }

    /// Makes it whole where that fits, else short; `None` where neither does.
    pub fn take(&mut self, make: impl Fn(Length) -> Markup) -> Option<Markup> {
        let lengths: &[Length] = match self.whole {
            0 => &[Length::Short],
            _ => &[Length::Whole, Length::Short],
        };
        lengths.iter().find_map(|length| {
            let made = make(*length);
            self.bytes = self.bytes.checked_sub(made.0.len())?;
            self.whole = self.whole.saturating_sub(1);
            Some(made)
        })
    }
}

#[cfg(test)]
mod tests {
    use maud::{Markup, PreEscaped};

    use super::{Length, ROOM, Room};

    #[test]
    fn what_does_not_fit_is_short_and_then_left_out() {
        let made = |whole: usize, short: usize| {
            move |length: Length| -> Markup {
                PreEscaped("x".repeat(match length {
                    Length::Whole => whole,
                    Length::Short => short,
                }))
            }
        };
        let mut room = Room::new(3);
        let mut take = |whole, short| room.take(made(whole, short)).map(|markup| markup.0.len());
        assert_eq!(take(ROOM - 100, 1), Some(ROOM - 100));
        assert_eq!(take(101, 60), Some(60));
        assert_eq!(take(41, 41), None);
        assert_eq!(take(10, 1), Some(10));
        assert_eq!(take(10, 1), Some(1), "no more than three are whole");
    }
}

//! The result of the rules about one notice.

/// The form in which a notice is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// A card with text, brief or expanded.
    Card,
    /// A small pill that opens the card.
    Pill,
    /// The notice is not shown.
    Nothing,
}

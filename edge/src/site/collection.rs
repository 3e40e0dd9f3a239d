//! Paginated lists.

use serde::{Deserialize, Serialize};

/// One page of a list, as the API returns it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Collection<T> {
    /// The entries of this page.
    pub items: Vec<T>,
    /// The cursor of the next page; `null` on the last one.
    pub next: Option<String>,
}

impl<T> Collection<T> {
    /// A list without pagination.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

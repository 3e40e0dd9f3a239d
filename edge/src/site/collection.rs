//! Paginated lists.

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

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

    /// A page of rows that were read with a limit of one more than `limit`. The cursor is the id of the page's last row.
    ///
    /// # Errors
    /// The error of `view`, which makes an entry of a row.
    pub fn page<R>(
        mut rows: Vec<R>,
        limit: usize,
        id: impl Fn(&R) -> u64,
        view: impl FnMut(R) -> Result<T, Refusal>,
    ) -> Result<Self, Refusal> {
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| has_more);
        let next = last.map(|last| id(last).to_string());
        let items = rows.into_iter().map(view).collect::<Result<_, _>>()?;
        Ok(Self { items, next })
    }
}

//! Settings by environment, read through one function.

/// A setting; an unset and an empty variable are both absent.
pub fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

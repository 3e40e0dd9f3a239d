//! The one door to a database.

use crate::fault::Fault;

/// A value in a statement or a row. Integers are exact to 2^53, as they cross JavaScript.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `NULL`
    Null,
    /// An integer.
    Integer(i64),
    /// Text.
    Text(String),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Integer(i64::from(flag))
    }
}

/// A row, read column by column from the left.
#[derive(Clone, Debug)]
pub struct Row(std::vec::IntoIter<Value>);

impl Row {
    /// From its columns.
    pub fn new(columns: Vec<Value>) -> Self {
        Self(columns.into_iter())
    }

    /// The next column, which must be text.
    ///
    /// # Errors
    /// When it is not.
    pub fn text(&mut self, what: &'static str) -> Result<String, Fault> {
        match self.0.next() {
            Some(Value::Text(text)) => Ok(text),
            other => Err(unexpected(what, &other)),
        }
    }

    /// The next column, which must be a whole number from 0.
    ///
    /// # Errors
    /// When it is not.
    pub fn number(&mut self, what: &'static str) -> Result<u64, Fault> {
        match self.0.next() {
            Some(Value::Integer(number)) => {
                u64::try_from(number).map_err(|_| unexpected(what, &Some(Value::Integer(number))))
            }
            other => Err(unexpected(what, &other)),
        }
    }
}

fn unexpected(what: &'static str, column: &Option<Value>) -> Fault {
    Fault::Stored {
        what,
        detail: format!("unexpected column {column:?}"),
    }
}

/// A database.
pub trait Sql {
    /// Runs one statement and returns its rows.
    ///
    /// # Errors
    /// When the database refuses it.
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, Fault>;

    /// Runs several statements that take no values.
    ///
    /// # Errors
    /// When the database refuses one.
    fn script(&self, statements: &str) -> Result<(), Fault>;

    /// Does all of `work` or nothing: an error rolls everything back.
    ///
    /// # Errors
    /// What `work` returns, or the database's own.
    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault>;
}

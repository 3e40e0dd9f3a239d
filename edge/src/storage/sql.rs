//! The interface to a SQL database.

use crate::fault::Fault;

/// The largest integer up to which JavaScript represents all integers exactly: 2^53 - 1.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// A value in a statement or a row. Integers are exact to 2^53, because they pass through JavaScript.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Integer(i64),
    Text(String),
    /// A blob, or a number that is not whole or not exact. Only a damaged row has such a value,
    /// which must not prevent reading its other columns.
    Unreadable,
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
    /// Builds a row from its columns, in the order of the statement.
    pub fn new(columns: Vec<Value>) -> Self {
        Self(columns.into_iter())
    }

    /// Reads the next column as text. `what` names the table in the fault.
    ///
    /// # Errors
    /// [`Fault::Stored`] if the column has another type.
    pub fn text(&mut self, what: &'static str) -> Result<String, Fault> {
        match self.0.next() {
            Some(Value::Text(text)) => Ok(text),
            other => Err(unexpected(what, &other)),
        }
    }

    /// Reads the next column as an integer. `what` names the table in the fault.
    ///
    /// # Errors
    /// [`Fault::Stored`] if the column has another type.
    pub fn integer(&mut self, what: &'static str) -> Result<i64, Fault> {
        match self.0.next() {
            Some(Value::Integer(number)) => Ok(number),
            other => Err(unexpected(what, &other)),
        }
    }

    /// Reads the next column as a non-negative integer. `what` names the table in the fault.
    ///
    /// # Errors
    /// [`Fault::Stored`] if the column has another type.
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

/// A SQL database: the object's own on workerd, SQLite in native tests.
pub trait Sql {
    /// Runs one statement and returns its rows.
    ///
    /// # Errors
    /// `Fault` if a statement fails.
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, Fault>;

    /// Runs several statements without values.
    ///
    /// # Errors
    /// `Fault` if a statement fails.
    fn script(&self, statements: &str) -> Result<(), Fault>;

    /// The size of the database in bytes, including free pages.
    ///
    /// # Errors
    /// `Fault` if it cannot be read.
    fn size(&self) -> Result<u64, Fault>;

    /// Runs `work` in a transaction, which an error rolls back.
    ///
    /// # Errors
    /// The error of `work`, or [`Fault::Sql`] if the transaction fails.
    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault>;
}

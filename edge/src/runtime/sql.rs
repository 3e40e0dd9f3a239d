//! A Durable Object's SQLite.

use std::cell::RefCell;

use js_sys::{Array, Number};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use worker::{State, worker_sys};

use crate::{
    fault::Fault,
    storage::sql::{Row, Sql, Value},
};

#[wasm_bindgen]
extern "C" {
    /// The storage object, for the one method that the worker crate does not bind.
    type TransactionalStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &TransactionalStorage,
        work: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;

    /// Collects the rows of a cursor in JavaScript. The worker crate's iterator crosses between wasm and JavaScript several
    /// times for each row and value, which took half the time of a list request.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    fn rows_of(cursor: &js_sys::Iterator) -> Result<Array, JsValue>;
}

/// A Durable Object's database.
pub struct ObjectSql<'a> {
    state: &'a State,
    sql: worker_sys::SqlStorage,
}

impl<'a> ObjectSql<'a> {
    /// # Errors
    /// [`Fault::Sql`] if the object has no storage.
    pub fn new(state: &'a State) -> Result<Self, Fault> {
        let storage = state.as_raw().storage().map_err(sql_fault)?;
        Ok(Self {
            state,
            sql: storage.sql(),
        })
    }
}

/// A Durable Object's database for a streamed answer, which outlives its request. Scripts and transactions fail.
#[derive(Clone)]
pub struct ReadOnlySql(worker_sys::SqlStorage);

impl ReadOnlySql {
    /// # Errors
    /// [`Fault::Sql`] if the object has no storage.
    pub fn new(state: &State) -> Result<Self, Fault> {
        Ok(Self(state.as_raw().storage().map_err(sql_fault)?.sql()))
    }
}

impl Sql for ReadOnlySql {
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        rows(&self.0, statement, values)
    }

    fn script(&self, _statements: &str) -> Result<(), Fault> {
        Err(read_only())
    }

    fn size(&self) -> Result<u64, Fault> {
        Ok(size(&self.0))
    }

    fn transaction<T>(&self, _work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        Err(read_only())
    }
}

fn read_only() -> Fault {
    Fault::Sql("a stream only reads".to_owned())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number below 2^53"
)]
fn size(sql: &worker_sys::SqlStorage) -> u64 {
    sql.database_size() as u64
}

fn rows(
    sql: &worker_sys::SqlStorage,
    statement: &str,
    values: &[Value],
) -> Result<Vec<Row>, Fault> {
    let bindings: Array = values.iter().map(to_js).collect();
    let cursor = sql.exec(statement, bindings).map_err(sql_fault)?;
    let rows = rows_of(&cursor.raw()).map_err(sql_fault)?;
    Ok(rows.iter().map(row_of).collect())
}

fn row_of(columns: JsValue) -> Row {
    let columns: Array = columns.unchecked_into();
    Row::new(columns.iter().map(from_js).collect())
}

impl Sql for ObjectSql<'_> {
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        rows(&self.sql, statement, values)
    }

    fn size(&self) -> Result<u64, Fault> {
        Ok(size(&self.sql))
    }

    fn script(&self, statements: &str) -> Result<(), Fault> {
        self.sql.exec(statements, Array::new()).map_err(sql_fault)?;
        Ok(())
    }

    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let raw = self.state.as_raw().storage().map_err(sql_fault)?;
        let storage: &TransactionalStorage = raw.unchecked_ref();
        let work = RefCell::new(Some(work));
        let outcome = RefCell::new(None);
        // Throwing makes the runtime roll back; the fault itself is returned through `outcome`.
        let mut body = || {
            let Some(work) = work.take() else {
                return Err(JsValue::from_str("a transaction runs once"));
            };
            let result = work();
            let failed = result.is_err();
            outcome.replace(Some(result));
            if failed {
                Err(JsValue::from_str("rolled back"))
            } else {
                Ok(JsValue::UNDEFINED)
            }
        };
        let ended = storage.transaction_sync(&mut body);
        match (ended, outcome.take()) {
            (_, Some(Err(fault))) => Err(fault),
            (Err(error), _) => Err(sql_fault(error)),
            (Ok(_), Some(done)) => done,
            (Ok(_), None) => Err(Fault::Sql("the transaction did not run".to_owned())),
        }
    }
}

fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null | Value::Unreadable => JsValue::NULL,
        #[expect(clippy::cast_precision_loss, reason = "exact to 2^53, see `Value`")]
        Value::Integer(number) => JsValue::from_f64(*number as f64),
        Value::Text(text) => JsValue::from_str(text),
    }
}

fn from_js(value: JsValue) -> Value {
    // Text first, because most columns are text, and each type check is a call into JavaScript.
    if let Some(text) = value.as_string() {
        return Value::Text(text);
    }
    if value.is_null() {
        return Value::Null;
    }
    match value.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
        Some(number) if Number::is_safe_integer(&value) => Value::Integer(number as i64),
        _ => Value::Unreadable,
    }
}

fn sql_fault(error: JsValue) -> Fault {
    Fault::Sql(format!("{error:?}"))
}

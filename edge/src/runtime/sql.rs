//! A Durable Object's SQLite.

use std::cell::RefCell;

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use worker::{SqlStorage, SqlStorageValue, State};

use crate::{
    fault::Fault,
    storage::sql::{Row, Sql, Value},
};

#[wasm_bindgen]
extern "C" {
    /// The storage object, for the one method of it that the worker crate does not bind.
    type TransactionalStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &TransactionalStorage,
        work: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;
}

/// The database of the object with this state.
pub struct ObjectSql<'a> {
    state: &'a State,
    sql: SqlStorage,
}

impl<'a> ObjectSql<'a> {
    /// Opens it.
    pub fn new(state: &'a State) -> Self {
        Self {
            state,
            sql: state.storage().sql(),
        }
    }
}

impl Sql for ObjectSql<'_> {
    fn run(&self, statement: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let bindings: Vec<SqlStorageValue> = values.iter().map(to_storage).collect();
        let cursor = self.sql.exec(statement, bindings).map_err(sql_fault)?;
        cursor
            .raw()
            .map(|row| {
                let columns = row.map_err(sql_fault)?;
                let columns: Result<Vec<Value>, Fault> =
                    columns.into_iter().map(from_storage).collect();
                columns.map(Row::new)
            })
            .collect()
    }

    fn script(&self, statements: &str) -> Result<(), Fault> {
        self.sql.exec(statements, None).map_err(sql_fault)?;
        Ok(())
    }

    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let raw = self.state.as_raw().storage().map_err(thrown)?;
        let storage: &TransactionalStorage = raw.unchecked_ref();
        let work = RefCell::new(Some(work));
        let outcome = RefCell::new(None);
        // Throwing is what makes the runtime roll back; what went wrong is kept beside it.
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
            (Err(error), _) => Err(thrown(error)),
            (Ok(_), Some(done)) => done,
            (Ok(_), None) => Err(Fault::Sql("the transaction did not run".to_owned())),
        }
    }
}

fn to_storage(value: &Value) -> SqlStorageValue {
    match value {
        Value::Null => SqlStorageValue::Null,
        Value::Integer(number) => SqlStorageValue::Integer(*number),
        Value::Text(text) => SqlStorageValue::String(text.clone()),
    }
}

fn from_storage(value: SqlStorageValue) -> Result<Value, Fault> {
    match value {
        SqlStorageValue::Null => Ok(Value::Null),
        SqlStorageValue::Boolean(flag) => Ok(flag.into()),
        SqlStorageValue::Integer(number) => Ok(Value::Integer(number)),
        SqlStorageValue::String(text) => Ok(Value::Text(text)),
        SqlStorageValue::Float(_) | SqlStorageValue::Blob(_) => Err(Fault::Stored {
            what: "column",
            detail: "neither text nor a whole number".to_owned(),
        }),
    }
}

fn sql_fault(error: worker::Error) -> Fault {
    Fault::Sql(error.to_string())
}

fn thrown(error: JsValue) -> Fault {
    Fault::Sql(format!("{error:?}"))
}

//! Checks the rows that do not derive from the journal: tokens, invitations, the outbox and stored
//! answers. A damaged row cannot be rebuilt, and nothing can use it, so a repair deletes it.

use super::sql::{MAX_INTEGER, Sql, Value};
use crate::fault::Fault;

/// Number of rows that are checked at a time: an answer may have a megabyte.
const ROWS: u64 = 64;

struct Table {
    name: &'static str,
    /// The name of a row, in the description of a difference.
    row: &'static str,
    /// The condition of a row that can be read.
    is_readable: &'static str,
}

const TABLES: &[Table] = &[
    Table {
        name: "token",
        row: "a token",
        is_readable: "typeof(id) = 'text' AND typeof(digest) = 'text' AND length(digest) = 64
            AND role IN ('owner', 'editor', 'viewer', 'alerts') AND typeof(name) = 'text' AND is_session IN (0, 1)
            AND typeof(created_at) = 'text' AND created_at GLOB '????-??-??T??:??:??Z'
            AND (last_used_on IS NULL OR (typeof(last_used_on) = 'text' AND last_used_on GLOB '????-??-??'))
            AND (expires_at IS NULL OR typeof(expires_at) = 'integer')
            AND (announced_at IS NULL OR typeof(announced_at) = 'integer')",
    },
    Table {
        name: "invitation",
        row: "an invitation",
        is_readable: "typeof(id) = 'text' AND typeof(digest) = 'text' AND length(digest) = 64
            AND role IN ('owner', 'editor', 'viewer', 'alerts') AND typeof(name) = 'text'
            AND typeof(expires_at) = 'integer' AND expires_at >= 0
            AND (session_s IS NULL OR typeof(session_s) = 'integer')",
    },
    Table {
        name: "delivery",
        row: "a delivery",
        // A delivery without a message is a reminder of an earlier build, which is never sent. In
        // all others, `document` is the last attempt.
        is_readable: "typeof(seq) = 'integer' AND typeof(attempts) = 'integer' AND typeof(due_at) = 'integer'
            AND CASE WHEN typeof(document) <> 'text' OR NOT json_valid(document) THEN 0
            WHEN message IS NULL THEN json_type(document, '$.type') = 'text'
            AND json_type(document, '$.target.kind') = 'text' AND json_type(document, '$.target.value') = 'text'
            ELSE typeof(message) = 'text' AND typeof(webhook) = 'text' AND state IN ('pending', 'delivered', 'dead')
            AND json_type(document) IN ('null', 'object') END",
    },
    Table {
        name: "message",
        row: "a message to webhooks",
        is_readable: "typeof(id) = 'text' AND typeof(seq) = 'integer' AND typeof(at) = 'integer'
            AND CASE WHEN typeof(document) = 'text' AND json_valid(document) THEN json_type(document) = 'object' END",
    },
    Table {
        name: "webhook",
        row: "a webhook",
        is_readable: "typeof(id) = 'text' AND typeof(number) = 'integer' AND typeof(secret) = 'text'
            AND (former_secret IS NULL OR typeof(former_secret) = 'text')
            AND (former_until IS NULL OR typeof(former_until) = 'integer')
            AND hangs IN (0, 1) AND (failing_since IS NULL OR typeof(failing_since) = 'integer')
            AND CASE WHEN typeof(document) = 'text' AND json_valid(document) THEN json_type(document) = 'object' END",
    },
    Table {
        name: "on_call_delivery",
        row: "a message to an on-call target",
        is_readable: "typeof(message) = 'text' AND typeof(target) = 'text' AND length(target) = 64
            AND state IN ('pending', 'delivered', 'dead', 'dropped')
            AND typeof(attempts) = 'integer' AND typeof(due_at) = 'integer'
            AND CASE WHEN typeof(document) = 'text' AND json_valid(document)
            THEN json_type(document, '$.target.kind') = 'text' AND json_type(document, '$.target.value') = 'text'
            AND json_type(document, '$.key') = 'text' END
            AND CASE WHEN typeof(last_attempt) = 'text' AND json_valid(last_attempt)
            THEN json_type(last_attempt) IN ('null', 'object') END",
    },
    Table {
        name: "escalation",
        row: "an escalation",
        is_readable: "typeof(incident) = 'text' AND typeof(owed_at) = 'integer' AND typeof(seq) = 'integer' AND is_open IN (0, 1)
            AND CASE WHEN typeof(document) = 'text' AND json_valid(document)
            THEN json_type(document, '$.pages') = 'array' AND json_type(document, '$.incident') = 'text' END",
    },
    Table {
        name: "on_call_link",
        row: "a link for an on-call target",
        is_readable: "typeof(digest) = 'text' AND length(digest) = 64 AND typeof(delivery) = 'integer'
            AND purpose IN ('acknowledge', 'session') AND typeof(expires_at) = 'integer'
            AND (used_at IS NULL OR typeof(used_at) = 'integer')",
    },
    Table {
        name: "on_call_answer",
        row: "an answered test",
        is_readable: "typeof(target) = 'text' AND length(target) = 64 AND typeof(answered_at) = 'integer'",
    },
    Table {
        name: "idempotency",
        row: "a stored answer",
        is_readable: "typeof(scope) = 'text' AND typeof(key) = 'text' AND typeof(fingerprint) = 'text'
            AND typeof(at_ms) = 'integer' AND CASE WHEN typeof(answer) = 'text' AND json_valid(answer)
            THEN json_type(answer, '$.status') = 'integer' AND json_type(answer, '$.headers') = 'array'
            AND json_type(answer, '$.body') = 'text' END",
    },
];

/// The action on a damaged row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Report,
    Delete,
}

/// A cursor: all rows before it are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The index of the table.
    table: usize,
    /// The number of the last checked row of the table; `None` before the first.
    row: Option<i64>,
}

/// The damaged rows of one table among those that were checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    pub table: &'static str,
    /// The name of a row, with its article.
    pub row: &'static str,
    pub count: usize,
}

/// Checks the next rows. Returns the next cursor, `None` after the last row, and the damage.
///
/// # Errors
/// `Fault` if a statement fails; nothing has changed then.
pub fn check(
    sql: &impl Sql,
    checked: Checked,
    action: Action,
) -> Result<(Option<Checked>, Option<Damage>), Fault> {
    let Some(table) = TABLES.get(checked.table) else {
        return Ok((None, None));
    };
    let Table {
        name,
        row,
        is_readable,
    } = *table;
    let most = i64::try_from(MAX_INTEGER).unwrap_or(i64::MAX);
    let after = checked.row.unwrap_or(most.saturating_neg());
    let rows = sql.run(
        &format!(
            "SELECT rowid, COALESCE(({is_readable}), 0) FROM {name} WHERE rowid > ? ORDER BY rowid LIMIT ?"
        ),
        &[Value::Integer(after), ROWS.into()],
    )?;
    let is_last = u64::try_from(rows.len()).unwrap_or(u64::MAX) < ROWS;
    let mut last = after;
    let mut damaged = Vec::new();
    for mut row in rows {
        last = row.integer(name)?;
        if row.integer(name)? != 1 {
            damaged.push(last);
        }
    }
    if action == Action::Delete && !damaged.is_empty() {
        sql.transaction(|| {
            for row in &damaged {
                let statement = format!("DELETE FROM {name} WHERE rowid = ?");
                sql.run(&statement, &[Value::Integer(*row)])?;
            }
            Ok(())
        })?;
    }
    let next = match is_last {
        false => Checked {
            row: Some(last),
            ..checked
        },
        true => Checked {
            table: checked.table.saturating_add(1),
            row: None,
        },
    };
    let damage = Damage {
        table: name,
        row,
        count: damaged.len(),
    };
    Ok((
        (next.table < TABLES.len()).then_some(next),
        (damage.count > 0).then_some(damage),
    ))
}

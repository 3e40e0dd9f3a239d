//! The embedded files of earlier versions. `cargo xtask serve` keeps them in the data folder, because browsers and caches may use
//! an earlier version's loader. Each version's folder has its part of the asset table (`xtask/src/workerd/kept.rs`).

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use worker::Env;

use super::{
    assets::{DEADLINE, Table},
    deadline::within,
    respond::read_text,
};
use crate::fault::Fault;

/// The binding of the service that has the files. Only `serve` sets it.
pub const SERVICE: &str = "KEPT";

thread_local! {
    /// The tables by version.
    static TABLES: RefCell<BTreeMap<String, Rc<Table>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The files of the version that is in a URL path, with the same headers as when it was current. Empty if the version is not kept.
///
/// # Errors
/// `Fault` if the disk service fails or misses the deadline, or the table is damaged.
pub async fn table(env: &Env, path: &str) -> Result<Rc<Table>, Fault> {
    let Some(version) = version_of(path) else {
        return Ok(Rc::default());
    };
    if let Some(table) = TABLES.with_borrow(|tables| tables.get(version).cloned()) {
        return Ok(table);
    }
    let Ok(service) = env.service(SERVICE) else {
        return Ok(Rc::default());
    };
    let url = format!("http://kept/embed/{version}/asset-table.json");
    let text = within(DEADLINE, "the kept files", async {
        let response = service.fetch(url, None).await?;
        match response.status_code() {
            200 => read_text(response).await.map(Some),
            404 => Ok(None),
            status => Err(Fault::Stored {
                what: "asset table",
                detail: format!("the kept files answer {status}"),
            }),
        }
    })
    .await?;
    // A missing version is not remembered, because requests can name any number of them.
    let Some(text) = text else {
        return Ok(Rc::default());
    };
    let table: Rc<Table> = Rc::new(serde_json::from_str(&text)?);
    TABLES.with_borrow_mut(|tables| tables.insert(version.to_owned(), Rc::clone(&table)));
    Ok(table)
}

/// The version in the URL path of an embedded file, if it has the form of a version.
fn version_of(path: &str) -> Option<&str> {
    let (version, _) = path.strip_prefix("/embed/")?.split_once('/')?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    let is_version = version.starts_with(|first: char| first.is_ascii_digit());
    (is_version && version.bytes().all(is_part)).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn only_paths_of_embedded_files_have_a_version() {
        for (path, expected) in [
            ("/embed/0.1.0-762b8bb6/widget.js", Some("0.1.0-762b8bb6")),
            ("/embed/0.1.0-762b8bb6/a/b", Some("0.1.0-762b8bb6")),
            ("/embed/0.1.0-762b8bb6", None),
            ("/embed/../widget.js", None),
            ("/embed/%2e%2e/widget.js", None),
            ("/embed/1%2f/widget.js", None),
            ("/embed//widget.js", None),
            ("/embed.js", None),
            ("/docs/1/widget.js", None),
        ] {
            assert_eq!(version_of(path), expected, "{path}");
        }
    }
}

//! The scripts that the loader of a site is composed of, from the build.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc, time::Duration};

use serde::Deserialize;
use worker::Env;

use crate::{
    fault::Fault,
    runtime::{deadline::within, respond::read_text},
};

/// The file with the template, among the static files.
const FILE: &str = "http://assets/site-loader.json";
/// Deadline for the file.
const DEADLINE: Duration = Duration::from_secs(2);

thread_local! {
    static TEMPLATE: RefCell<Option<Rc<Template>>> = const { RefCell::new(None) };
}

/// The parts of the scripts, as the build writes them (`xtask/src/build/site_loader.rs`). All are ASCII.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Template {
    /// The loader's code before and after the place of the inserted expression.
    pub loader: (String, String),
    /// An expression for the default export of `widget/loader/open.js`.
    pub rules: String,
    /// An expression for the default export of `widget/plain/contained.js`.
    pub plain: String,
    /// The texts of the plain card in languages other than English, by language tag.
    pub texts: BTreeMap<String, String>,
}

/// The template, if this isolate has read it.
pub fn known() -> Option<Rc<Template>> {
    TEMPLATE.with_borrow(Clone::clone)
}

/// Reads the template once per isolate.
///
/// # Errors
/// `Fault` if the static files fail, miss the deadline or have no template.
pub async fn read(env: &Env) -> Result<Rc<Template>, Fault> {
    if let Some(template) = known() {
        return Ok(template);
    }
    let service = env.service("ASSETS")?;
    let text = within(DEADLINE, "the static files", async {
        let response = service.fetch(FILE, None).await?;
        match response.status_code() {
            200 => read_text(response).await,
            status => Err(Fault::Stored {
                what: "template of the loader",
                detail: format!("the static files answer {status}"),
            }),
        }
    })
    .await?;
    let template: Rc<Template> = Rc::new(serde_json::from_str(&text)?);
    TEMPLATE.set(Some(Rc::clone(&template)));
    Ok(template)
}

//! The site object's answers to readers who subscribe to mail, and the alarm's tasks about them.

use worker::Response;

use super::site_object::Site;
use crate::{
    answer::Answer,
    fault::Fault,
    http::subscriber_call::{AskCall, SubscriberCall},
    runtime::{respond::object_response, settings},
    site::{
        call::JobKind,
        change::timestamp,
        subscribers::{answer, links, upkeep},
    },
    storage::{migrations, sql::Sql},
};

impl Site {
    /// Answers a request for mail. 404 if the site does not exist, or its deployment has no mail.
    pub(super) fn ask_for_mail(&self, call: &AskCall) -> Result<Response, Fault> {
        if self.running() == Some(JobKind::Import) {
            return Err(Fault::TimedOut("the import"));
        }
        let sql = self.sql()?;
        let sealer = settings::sealer(&self.env).filter(|_| settings::mail(&self.env).is_some());
        let (Some(sealer), true) = (sealer, migrations::version(&sql)? > 0) else {
            return Ok(Response::empty()?.with_status(404));
        };
        let now_ms = self.now_ms();
        let counted = self.ask_limit.borrow_mut().count(&call.network, now_ms);
        let answer = match counted {
            Ok(()) => answer::asked(&sql, call, &sealer, now_ms)?,
            Err(retry_after_s) => answer::too_many(call, &sql, retry_after_s)?,
        };
        object_response(answer)
    }

    /// Answers a link in a mail. 404 if the site does not exist.
    pub(super) fn subscriber_link(&self, call: &SubscriberCall) -> Result<Response, Fault> {
        if call.form.is_some() && self.running() == Some(JobKind::Import) {
            return Err(Fault::TimedOut("the import"));
        }
        let sql = self.sql()?;
        if migrations::version(&sql)? == 0 {
            return object_response(Answer::no_content().with_status(404));
        }
        let sealer = settings::sealer(&self.env);
        object_response(links::answer(&sql, call, sealer.as_ref(), self.now_ms())?)
    }

    /// Deletes what has ended, and encrypts addresses with the current key.
    pub(super) fn keep_subscriptions(&self, sql: &impl Sql) -> Result<(), Fault> {
        upkeep::prune(sql, timestamp(self.now_ms()))?;
        let Some(sealer) = settings::sealer(&self.env) else {
            return Ok(());
        };
        let unreadable = upkeep::reseal(sql, &sealer)?;
        if unreadable > 0 {
            let detail = format!("{unreadable} were sealed by another SECRET_KEY");
            let fault = Fault::Stored {
                what: "addresses of subscribers",
                detail,
            };
            self.log("subscribers", &fault);
        }
        Ok(())
    }
}

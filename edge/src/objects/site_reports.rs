//! Answers to questions of other parts of the server: the delay of the site's work, and the messages
//! that it has sent.

use notice::wire::time::Timestamp;
use worker::Response;

use super::site_object::Site;
use crate::{
    answer::Answer,
    fault::Fault,
    runtime::{respond::object_response, server_clock},
    site::{
        alarm::{self, AlarmState},
        mend, sent,
    },
    storage::{migrations, projections::ExtraIncidents},
};

impl Site {
    /// How late the site's work is, in seconds, see [`alarm::delay_s`]. 404 if the site does not exist.
    pub(super) async fn alarm_delay(&self) -> Result<Response, Fault> {
        let set_ms = self.state.storage().get_alarm().await?;
        let sql = self.sql()?;
        if migrations::version(&sql)? == 0 {
            return Ok(Response::empty()?.with_status(404));
        }
        let now_ms = self.now_ms();
        let stored = mend::load(&sql, ExtraIncidents::None, now_ms)?;
        let set_ms = set_ms.map(|at_ms| server_clock::from_runtime_ms(&self.env, at_ms));
        let set_for = set_ms.map(|at_ms| Timestamp::from_seconds(at_ms.div_euclid(1000)));
        let alarm = match self.running() {
            None => AlarmState::SetFor(set_for),
            Some(_) => AlarmState::Working,
        };
        let delay_s = alarm::delay_s(&sql, &stored, alarm, now_ms)?;
        object_response(Answer::json(200, &delay_s)?)
    }

    /// The sent messages, for development. 404 if the site does not exist.
    pub(super) fn sent(&self) -> Result<Response, Fault> {
        let sql = self.sql()?;
        if migrations::version(&sql)? == 0 {
            return Ok(Response::empty()?.with_status(404));
        }
        object_response(Answer::json(200, &sent::messages(&sql)?)?)
    }
}

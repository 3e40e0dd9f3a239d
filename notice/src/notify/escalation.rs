//! Pages on-call targets about an overdue update, one after the other, until somebody acknowledges it.

use serde::{Deserialize, Serialize};

use crate::{
    state::{State, promise},
    wire::{
        event::Event,
        ids::IncidentId,
        incident::{PromiseStage, Reminded},
        site::{OnCall, OnCallKind},
        time::Timestamp,
    },
};

/// Default delay before a page, in minutes: none for the first target.
const FIRST_AFTER_MINUTES: u32 = 0;
/// Default delay before a page to each further target, in minutes.
const NEXT_AFTER_MINUTES: u32 = 15;

/// The pages about one overdue update, as the caller stores them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Id of the incident.
    pub incident: IncidentId,
    /// Time at which the update was due.
    pub owed_at: Timestamp,
    /// Time at which the update became overdue.
    pub overdue_at: Timestamp,
    /// The pages so far, oldest first.
    pub pages: Vec<Page>,
    /// The reason why no further target is paged; `None` while the escalation continues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<End>,
}

/// A page to one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Kind of the target.
    pub kind: OnCallKind,
    /// Address or key of the target. Together with `kind` it identifies the target, whatever the
    /// order of the targets.
    pub value: String,
    /// Time at which the page was first sent.
    pub at: Timestamp,
    /// Whether the page could not be delivered. The next target is paged at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failed: bool,
}

impl Page {
    /// Whether the page was sent to this target.
    pub fn is_to(&self, target: &OnCall) -> bool {
        self.kind == target.kind && self.value == target.value
    }
}

/// The reason why no further target is paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// A target has acknowledged.
    Acknowledged,
    /// The update was posted, or the incident is over.
    Kept,
}

/// The next step about an overdue update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Page this target now.
    Page(&'a OnCall),
    /// Page nobody before this time.
    WaitUntil(Timestamp),
    /// All targets were paged, and nobody has acknowledged. The console says so.
    Exhausted,
    /// The escalation has ended.
    Ended(End),
}

impl Escalation {
    /// Creates an escalation without pages, about an update that became overdue at `overdue_at`.
    pub fn new(incident: IncidentId, owed_at: Timestamp, overdue_at: Timestamp) -> Self {
        Self {
            incident,
            owed_at,
            overdue_at,
            pages: Vec::new(),
            ended: None,
        }
    }

    /// Decides what to do. `targets` are the current targets of the site, in order of escalation: a
    /// target that was added is paged in its turn, a removed one is not.
    pub fn next<'a>(&self, targets: &'a [OnCall], now: Timestamp) -> Step<'a> {
        if let Some(end) = self.ended {
            return Step::Ended(end);
        }
        match self.next_page(targets) {
            None => Step::Exhausted,
            Some((target, due_at)) if due_at <= now => Step::Page(target),
            Some((_, due_at)) => Step::WaitUntil(due_at),
        }
    }

    /// Returns the time of the next page, which may have passed. `None` if no further target is paged.
    pub fn next_page_at(&self, targets: &[OnCall]) -> Option<Timestamp> {
        let (_, due_at) = self.next_page(targets).filter(|_| self.ended.is_none())?;
        Some(due_at)
    }

    /// Finds the first target that was not paged, and the time at which its page is due.
    fn next_page<'a>(&self, targets: &'a [OnCall]) -> Option<(&'a OnCall, Timestamp)> {
        let is_paged = |target: &OnCall| self.pages.iter().any(|page| page.is_to(target));
        let target = targets.iter().find(|target| !is_paged(target))?;
        let due_at = match self.pages.last() {
            None => self
                .overdue_at
                .plus_seconds(after_s(target, FIRST_AFTER_MINUTES)),
            Some(last) if last.failed => last.at,
            Some(last) => last.at.plus_seconds(after_s(target, NEXT_AFTER_MINUTES)),
        };
        Some((target, due_at))
    }

    /// Records a page that was sent.
    pub fn record_page(&mut self, target: &OnCall, at: Timestamp) {
        self.pages.push(Page {
            kind: target.kind,
            value: target.value.clone(),
            at,
            failed: false,
        });
    }

    /// Records that a page could not be delivered: the next target is paged at once. Has no effect
    /// if the target was not paged.
    pub fn record_failure(&mut self, target: &OnCall) {
        let mut pages = self.pages.iter_mut();
        let page = pages.find(|page| page.is_to(target));
        if let Some(page) = page {
            page.failed = true;
        }
    }

    /// Ends the escalation. The first reason stays.
    pub fn end(&mut self, end: End) {
        self.ended.get_or_insert(end);
    }

    /// The deduplication key of the alert, at most 120 characters: PagerDuty and Opsgenie merge all
    /// pages with this key.
    pub fn key(&self, site: &str) -> String {
        format!("allclear/{site}/{}/{}", self.incident, self.owed_at)
    }
}

fn after_s(target: &OnCall, default_minutes: u32) -> i64 {
    i64::from(target.after_minutes.unwrap_or(default_minutes)) * 60
}

/// Whether an update is still due: it was not posted, and the incident is not over. Otherwise its escalation ends as
/// [`End::Kept`].
pub fn is_owed(state: &State, incident: &IncidentId, owed_at: Timestamp) -> bool {
    let incident = state.incidents.get(incident);
    incident.and_then(|incident| promise::owed_at(state, incident)) == Some(owed_at)
}

/// Whether the message that an update is due soon is still useful after the quiet hours: the update
/// was not posted and is not overdue. Once it is overdue, targets are paged instead.
pub fn is_due_soon(state: &State, incident: &IncidentId, owed_at: Timestamp) -> bool {
    let due = Reminded {
        owed_at,
        stage: PromiseStage::Due,
    };
    let reminded = state.incidents.get(incident).map(|one| one.reminded);
    is_owed(state, incident, owed_at) && reminded == Some(Some(due))
}

/// Creates the event of an escalation to a further target.
pub fn escalation_event(incident: &IncidentId, owed_at: Timestamp) -> Event {
    Event::PromiseEscalated {
        incident: incident.clone(),
        reminded: Reminded {
            owed_at,
            stage: PromiseStage::Escalated,
        },
    }
}

/// Creates the event of an acknowledgement by the target of this name. `None` if the update is no longer due or was
/// acknowledged before.
pub fn acknowledgement_event(
    state: &State,
    id: &IncidentId,
    owed_at: Timestamp,
    name: String,
) -> Option<Event> {
    let incident = state.incidents.get(id)?;
    let is_new = !incident.is_acknowledged(owed_at) && is_owed(state, id, owed_at);
    is_new.then(|| Event::PromiseAcknowledged {
        incident: id.clone(),
        owed_at,
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::{End, Escalation, Step};
    use crate::wire::{
        ids::IncidentId,
        site::{OnCall, OnCallKind},
        time::Timestamp,
    };

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_seconds(1_795_248_000 + minutes * 60)
    }

    fn target(value: &str, after_minutes: Option<u32>) -> OnCall {
        OnCall {
            kind: OnCallKind::Webhook,
            value: format!("https://{value}.example/x"),
            after_minutes,
            name: None,
            session_link: false,
        }
    }

    fn escalation() -> Escalation {
        let incident = IncidentId::parse("inc_1").unwrap();
        Escalation::new(incident, at(-5), at(0))
    }

    /// Runs an escalation minute by minute. Returns the minute and the target of each page.
    fn pages(mut escalation: Escalation, targets: &[OnCall], minutes: i64) -> Vec<(i64, String)> {
        let mut paged = Vec::new();
        for minute in 0..minutes {
            while let Step::Page(target) = escalation.next(targets, at(minute)) {
                paged.push((minute, target.value[8..].to_owned()));
                escalation.record_page(target, at(minute));
            }
        }
        paged
    }

    fn page(minute: i64, value: &str) -> (i64, String) {
        (minute, format!("{value}.example/x"))
    }

    #[test]
    fn targets_are_paged_one_after_the_other() {
        let targets = [
            target("one", None),
            target("two", None),
            target("three", Some(5)),
            target("four", Some(0)),
        ];
        assert_eq!(
            pages(escalation(), &targets, 300),
            [
                page(0, "one"),
                page(15, "two"),
                page(20, "three"),
                page(20, "four")
            ]
        );
        let late = [target("one", Some(10)), target("two", Some(30))];
        assert_eq!(
            pages(escalation(), &late, 300),
            [page(10, "one"), page(40, "two")]
        );
        assert!(pages(escalation(), &[], 300).is_empty());
    }

    #[test]
    fn each_page_waits_and_none_follows_the_last_target() {
        let targets = [target("one", None), target("two", Some(20))];
        let mut escalation = escalation();
        assert_eq!(escalation.next(&targets, at(-1)), Step::WaitUntil(at(0)));
        assert_eq!(escalation.next_page_at(&targets), Some(at(0)));
        escalation.record_page(&targets[0], at(3));
        // The delay counts from the previous page, which may have been late.
        assert_eq!(escalation.next(&targets, at(22)), Step::WaitUntil(at(23)));
        assert_eq!(escalation.next(&targets, at(23)), Step::Page(&targets[1]));
        assert_eq!(escalation.next_page_at(&targets), Some(at(23)));
        escalation.record_page(&targets[1], at(23));
        assert_eq!(escalation.next_page_at(&targets), None);
        assert_eq!(escalation.next(&targets, at(3_000)), Step::Exhausted);
    }

    #[test]
    fn an_acknowledgement_or_the_update_ends_the_escalation() {
        for end in [End::Acknowledged, End::Kept] {
            let targets = [target("one", None), target("two", None)];
            let mut escalation = escalation();
            escalation.record_page(&targets[0], at(0));
            escalation.end(end);
            escalation.end(End::Kept);
            assert_eq!(escalation.next(&targets, at(60)), Step::Ended(end));
            assert_eq!(escalation.next_page_at(&targets), None);
        }
    }

    #[test]
    fn after_an_undelivered_page_the_next_target_is_paged_at_once() {
        let targets = [target("one", None), target("two", Some(60))];
        let mut escalation = escalation();
        escalation.record_page(&targets[0], at(0));
        escalation.record_failure(&targets[0]);
        assert_eq!(escalation.next(&targets, at(1)), Step::Page(&targets[1]));
    }

    #[test]
    fn changed_targets_are_paged_in_their_new_order_once() {
        let (one, two, three) = (
            target("one", None),
            target("two", None),
            target("three", None),
        );
        let mut escalation = escalation();
        escalation.record_page(&one, at(0));
        let moved = [three.clone(), one.clone(), two.clone()];
        assert_eq!(escalation.next(&moved, at(15)), Step::Page(&moved[0]));
        let removed = [two.clone()];
        assert_eq!(escalation.next(&removed, at(15)), Step::Page(&removed[0]));
        assert_eq!(escalation.next(&[one], at(15)), Step::Exhausted);
    }

    #[test]
    fn a_stored_escalation_round_trips() {
        let mut stored = escalation();
        stored.record_page(&target("one", None), at(0));
        stored.end(End::Acknowledged);
        let json = serde_json::to_string(&stored).unwrap();
        assert_eq!(serde_json::from_str::<Escalation>(&json).unwrap(), stored);
        assert_eq!(
            stored.key("acme"),
            "allclear/acme/inc_1/2026-11-21T07:55:00Z"
        );
    }
}

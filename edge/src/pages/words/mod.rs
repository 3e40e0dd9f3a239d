//! The fixed words of pages, in every language that there are words in. `%` stands for what is put in, in order.

mod ar;
mod de;
mod en;

use ::notice::wire::{
    feed::Notice,
    incident::Incident,
    language::Language,
    words::{ComponentStatus, Confidence, Impact, Kind, NoticeKind, Status},
};
use maud::{Markup, html};

/// Every word. A field is its English.
#[derive(Debug)]
pub struct Words {
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// The language of these words.
    pub tag: &'static str,
    /// % is working.
    pub working: &'static str,
    /// % is working. There is an announcement.
    pub working_announced: &'static str,
    /// % is working. There is an announcement for some customers.
    pub working_announced_some: &'static str,
    /// % is working. Maintenance is planned.
    pub working_planned: &'static str,
    /// % is working. Maintenance is planned for some customers.
    pub working_planned_some: &'static str,
    /// % is under maintenance.
    pub in_maintenance: &'static str,
    /// % is under maintenance for some customers.
    pub in_maintenance_some: &'static str,
    /// % has a problem that affects some customers.
    pub some_hit: &'static str,
    /// % has a critical problem.
    pub critical_now: &'static str,
    /// % has a major problem.
    pub major_now: &'static str,
    /// % has a minor problem.
    pub minor_now: &'static str,
    /// % should work again. We are watching.
    pub recovering: &'static str,
    /// Critical problem
    pub critical: &'static str,
    /// Major problem
    pub major: &'static str,
    /// Minor problem
    pub minor: &'static str,
    /// Maintenance
    pub maintenance: &'static str,
    /// Announcement
    pub announcement: &'static str,
    /// Working again
    pub restored: &'static str,
    /// Maintenance, complete
    pub completed_maintenance: &'static str,
    /// Ended
    pub ended: &'static str,
    /// Withdrawn
    pub withdrawn: &'static str,
    /// We are looking into it.
    pub investigating: &'static str,
    /// We know the cause and are fixing it.
    pub identified: &'static str,
    /// It should work again. We are watching.
    pub monitoring: &'static str,
    /// Working again.
    pub resolved: &'static str,
    /// Planned.
    pub scheduled: &'static str,
    /// Maintenance is under way.
    pub in_progress: &'static str,
    /// The work is done. We are checking it.
    pub verifying: &'static str,
    /// Maintenance is complete.
    pub completed: &'static str,
    /// Working
    pub component_working: &'static str,
    /// Under maintenance
    pub component_maintenance: &'static str,
    /// Slow or unreliable
    pub component_degraded: &'static str,
    /// Not working for some
    pub component_partial: &'static str,
    /// Not working
    pub component_major: &'static str,
    /// Not known
    pub component_unknown: &'static str,
    /// Back since %
    pub back_since: &'static str,
    /// The problem goes on elsewhere.
    pub elsewhere: &'static str,
    /// % since %
    pub since: &'static str,
    /// All working
    pub component_in_group: &'static str,
    /// % of % not working as they should
    pub components_hit: &'static str,
    /// Next update by %.
    pub next_by: &'static str,
    /// We promised an update by %. It is late; the problem may not be over.
    pub overdue: &'static str,
    /// We hope by %.
    pub estimate_low: &'static str,
    /// We expect by %.
    pub estimate_medium: &'static str,
    /// By %.
    pub estimate_high: &'static str,
    /// Next update promised by %: kept.
    pub kept: &'static str,
    /// Next update promised by %: % late.
    pub late: &'static str,
    /// Next update promised by %: overdue.
    pub promised_overdue: &'static str,
    /// Began %
    pub began: &'static str,
    /// From % to %
    pub from_until: &'static str,
    /// Begins %
    pub begins: &'static str,
    /// Working again since %, after %.
    pub working_since: &'static str,
    /// Completed %.
    pub completed_at: &'static str,
    /// Ended %.
    pub ended_at: &'static str,
    /// Withdrawn %.
    pub withdrawn_at: &'static str,
    /// Affects %
    pub affects: &'static str,
    /// What to do now
    pub advice: &'static str,
    /// Works
    pub works: &'static str,
    /// Does not work
    pub broken: &'static str,
    /// What to check
    pub check: &'static str,
    /// Back
    pub back: &'static str,
    /// Not yet right
    pub still: &'static str,
    /// This was published by mistake
    pub mistake: &'static str,
    /// What is affected
    pub affected: &'static str,
    /// What was affected
    pub was_affected: &'static str,
    /// What happened so far
    pub so_far: &'static str,
    /// What happened
    pub whole: &'static str,
    /// Show % earlier
    pub earlier: &'static str,
    /// corrected
    pub corrected: &'static str,
    /// Not working for you?
    pub contact: &'static str,
    /// Related
    pub related: &'static str,
    /// Read on
    pub read_on: &'static str,
    /// All % updates
    pub more: &'static str,
    /// Add to calendar
    pub calendar: &'static str,
    /// What we learned
    pub postmortem: &'static str,
    /// Published %
    pub postmortem_published: &'static str,
    /// Cause
    pub cause: &'static str,
    /// What we did
    pub remedy: &'static str,
    /// What we will do so that it does not happen again
    pub prevention: &'static str,
    /// Status
    pub status: &'static str,
    /// Components
    pub components: &'static str,
    /// Other components
    pub other_components: &'static str,
    /// Planned maintenance
    pub planned: &'static str,
    /// Recent
    pub recent: &'static str,
    /// Nothing in the last 30 days.
    pub nothing_recent: &'static str,
    /// Last % days: no problems.
    pub days_quiet: &'static str,
    /// Last % days: problems on %.
    pub days_broken: &'static str,
    /// Last % days: maintenance on %, no problems.
    pub days_maintained: &'static str,
    /// Last % days: problems on %, maintenance on %.
    pub days_both: &'static str,
    /// History
    pub history: &'static str,
    /// All history
    pub all_history: &'static str,
    /// Nothing to tell of.
    pub nothing_then: &'static str,
    /// Ongoing
    pub ongoing: &'static str,
    /// Older: %
    pub older: &'static str,
    /// Newer: %
    pub newer: &'static str,
    /// Status of %
    pub to_status: &'static str,
    /// Times are in %.
    pub zone: &'static str,
    /// Times are in your time zone, %.
    pub own_zone: &'static str,
    /// Languages
    pub languages: &'static str,
    /// As of %. We cannot reach our status service; this may have changed.
    pub stale: &'static str,
    /// You are offline. As of %.
    pub offline: &'static str,
    /// To the content
    pub skip: &'static str,
    /// To the status page
    pub to_status_page: &'static str,
    /// There is no such page
    pub missing: &'static str,
    /// The address may be mistyped, or what stood here is not public.
    pub missing_why: &'static str,
    /// This page cannot be shown just now
    pub unavailable: &'static str,
    /// That says nothing about the product itself. We try again in a few seconds.
    pub unavailable_why: &'static str,
    /// % d
    pub days: &'static str,
    /// % h
    pub hours: &'static str,
    /// % min
    pub minutes: &'static str,
    /// less than a minute
    pub moment: &'static str,
}

impl Words {
    /// The words of a language; English where there are none.
    pub fn of(language: &Language) -> &'static Self {
        match language.as_str() {
            "de" => &de::WORDS,
            "ar" => &ar::WORDS,
            _ => &en::WORDS,
        }
    }

    /// How a component does.
    pub fn component(&self, status: ComponentStatus) -> &'static str {
        match status {
            ComponentStatus::Operational => self.component_working,
            ComponentStatus::UnderMaintenance => self.component_maintenance,
            ComponentStatus::DegradedPerformance => self.component_degraded,
            ComponentStatus::PartialOutage => self.component_partial,
            ComponentStatus::MajorOutage => self.component_major,
            ComponentStatus::Unknown => self.component_unknown,
        }
    }

    /// Where it stands, as a sentence; nothing for announcements.
    pub fn standing(&self, status: Status) -> &'static str {
        match status {
            Status::Investigating => self.investigating,
            Status::Identified => self.identified,
            Status::Monitoring => self.monitoring,
            Status::Resolved => self.resolved,
            Status::Scheduled => self.scheduled,
            Status::InProgress => self.in_progress,
            Status::Verifying => self.verifying,
            Status::Completed => self.completed,
            Status::Active | Status::Ended | Status::Unknown => "",
        }
    }

    /// What sort of thing it is, and how bad.
    pub fn severity(&self, incident: &Incident) -> &'static str {
        if incident.withdrawn.is_some() {
            return self.withdrawn;
        }
        match (incident.kind, incident.is_open(), incident.impact) {
            (Kind::Maintenance, true, _) => self.maintenance,
            (Kind::Maintenance, false, _) => self.completed_maintenance,
            (Kind::Announcement, true, _) => self.announcement,
            (Kind::Announcement, false, _) => self.ended,
            (_, false, _) => self.restored,
            (_, _, Impact::Critical) => self.critical,
            (_, _, Impact::Major) => self.major,
            _ => self.minor,
        }
    }

    /// How sure it is that it ends by then.
    pub fn estimate(&self, confidence: Option<Confidence>) -> &'static str {
        match confidence {
            Some(Confidence::High) => self.estimate_high,
            Some(Confidence::Medium) => self.estimate_medium,
            Some(Confidence::Low | Confidence::Unknown) | None => self.estimate_low,
        }
    }

    /// How long something took: `1 h 40 min`.
    pub fn duration(&self, seconds: u64) -> String {
        let minutes = seconds / 60;
        let parts = [
            (minutes / 1440, self.days),
            (minutes / 60 % 24, self.hours),
            (minutes % 60, self.minutes),
        ];
        let said: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, unit)| filled(unit, &[&count.to_string()]))
            .collect();
        if said.is_empty() {
            self.moment.to_owned()
        } else {
            said.join(" ")
        }
    }
}

/// The class that gives a notice its colour, and the name of its icon.
pub fn tone(notice: &Notice) -> &'static str {
    let restored = notice.restored.as_ref();
    match (notice.kind, notice.impact) {
        _ if restored.is_some_and(|restored| restored.withdrawn.is_some()) => "withdrawn",
        (NoticeKind::Restored, _) => "restored",
        (NoticeKind::Maintenance, _) => "maintenance",
        (NoticeKind::Announcement, _) => "announcement",
        (_, Impact::Critical) => "critical",
        (_, Impact::Major) => "major",
        _ => "minor",
    }
}

/// The class that gives a component's status its colour, and the name of its icon.
pub fn component_tone(status: ComponentStatus) -> &'static str {
    match status {
        ComponentStatus::Operational => "restored",
        ComponentStatus::UnderMaintenance => "maintenance",
        ComponentStatus::DegradedPerformance => "minor",
        ComponentStatus::PartialOutage => "major",
        ComponentStatus::MajorOutage | ComponentStatus::Unknown => "critical",
    }
}

/// A sentence with these put in.
pub fn fill(sentence: &str, parts: &[Markup]) -> Markup {
    let mut parts = parts.iter();
    html! {
        @for (number, said) in sentence.split('%').enumerate() {
            @let part = if number > 0 { parts.next() } else { None };
            @if let Some(part) = part { (part) }
            (after(part.map(|part| part.0.as_str()), said))
        }
    }
}

/// The same for plain text.
pub fn filled(sentence: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut text = String::new();
    for (number, said) in sentence.split('%').enumerate() {
        let part = if number > 0 { parts.next() } else { None };
        text.push_str(part.unwrap_or(&""));
        text.push_str(after(part.copied(), said));
    }
    text
}

/// What a sentence says after a part of it. An abbreviation's full stop ends the sentence as well.
fn after<'a>(part: Option<&str>, said: &'a str) -> &'a str {
    match part {
        Some(part) if part.ends_with('.') => said.strip_prefix('.').unwrap_or(said),
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::{Words, ar, de, en, fill, filled};

    #[test]
    fn every_language_puts_in_as_much_as_english() {
        // A field's text by its name: the structs are printed alike.
        let fields = |words: &Words| -> Vec<(String, usize)> {
            format!("{words:#?}")
                .lines()
                .filter_map(|line| line.trim().split_once(": \""))
                .map(|(name, text)| (name.to_owned(), text.matches('%').count()))
                .collect()
        };
        let english = fields(&en::WORDS);
        assert!(english.len() > 80, "{english:?}");
        for other in [&de::WORDS, &ar::WORDS] {
            assert_eq!(fields(other), english);
        }
    }

    #[test]
    fn sentences_are_filled_in_order() {
        assert_eq!(filled("From % to %.", &["8", "9"]), "From 8 to 9.");
        assert_eq!(filled("Nothing.", &["8"]), "Nothing.");
        assert_eq!(filled("% only", &[]), " only");
        assert_eq!(filled("Nach %.", &["5 Min."]), "Nach 5 Min.");
        let took = [html! { "5 Min." }];
        assert_eq!(fill("Nach %. Gut.", &took).0, "Nach 5 Min. Gut.");
        let words = &en::WORDS;
        for (seconds, expected) in [
            (59, "less than a minute"),
            (60, "1\u{a0}min"),
            (6000, "1\u{a0}h 40\u{a0}min"),
            (90_000, "1\u{a0}d 1\u{a0}h"),
        ] {
            assert_eq!(words.duration(seconds), expected);
        }
    }
}

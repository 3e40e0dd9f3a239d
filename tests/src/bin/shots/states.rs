//! The states of the card: one row per state, created through the same API that operators use.

use serde_json::Value;

use crate::incidents::{
    all_clear, back_in_part, cause_known, completed, delayed, down, drill, for_one_segment, held,
    imminent, many, nothing, over, planned, postmortem, price_change, running, slow, slow_and_more,
    whole_story, withdrawn,
};

/// A step after the page has shown its first notice.
pub enum Step {
    /// The reader presses a button of the first notice.
    Press(&'static str),
    /// Operators post an update of the first incident.
    Post(fn() -> Value),
    /// Operators send another request about the first incident: method, path, body.
    Send(&'static str, &'static str, fn() -> Value),
    /// The page runs a script.
    Run(&'static str),
    /// `true`: the network goes down. `false`: it comes back.
    Offline(bool),
    /// Waits until a part of the card appears.
    Wait(&'static str),
}

/// One state of the card.
pub struct State {
    /// Prefix of the file's name.
    pub name: &'static str,
    /// The components that the page declares.
    pub components: &'static str,
    /// The script tag's other attributes.
    pub attributes: &'static str,
    /// Additional HTML of the page.
    pub page: &'static str,
    pub address: &'static str,
    /// Runs before the page's own scripts.
    pub before: &'static str,
    /// The incidents to publish.
    pub incidents: fn() -> Vec<Value>,
    /// Updates of the first incident, oldest first.
    pub updates: fn() -> Vec<Value>,
    /// Steps after the page is loaded.
    pub steps: &'static [Step],
    /// Names of additional looks.
    pub extra: &'static [&'static str],
}

const BASE: State = State {
    name: "",
    components: "sending receiving reports",
    attributes: "",
    page: "",
    address: "/",
    before: "",
    incidents: || vec![delayed()],
    updates: cause_known,
    steps: &[],
    extra: &[],
};
const NARROW_AND_WIDE: &[&str] = &["320-light", "2560-light"];
const MORE: Step = Step::Press("toggle");
const PILL: Step = Step::Press("pill");
const HIDE: Step = Step::Press("hide");

/// Sets every promise to 12 minutes ago. The API refuses to publish a promise in the past.
const LATE: &str = "const ask = window.fetch;
    window.fetch = async (...asked) => {
        const answer = await ask(...asked);
        if (!String(asked[0]).includes('/feed')) return answer;
        const feed = await answer.json();
        for (const notice of feed.notices) notice.next_update_at = new Date(Date.now() - 12 * 6e4).toISOString();
        return new Response(JSON.stringify(feed), { headers: answer.headers });
    };";
/// Defines `leave()`, which makes the server unreachable and sets the clock 20 minutes ahead.
const UNREACHABLE: &str = "const now = Date.now, ask = window.fetch;
    window.leave = () => { window.fetch = () => Promise.reject(new TypeError('gone')); Date.now = () => now() + 20 * 6e4;
        window.Date = new Proxy(Date, { construct: (Real, given) => new Real(...(given.length ? given : [Date.now()])) });
        Allclear.refresh(); }";

pub const STATES: &[State] = &[
    State {
        name: "major",
        extra: NARROW_AND_WIDE,
        ..BASE
    },
    State {
        name: "major-expanded",
        steps: &[MORE],
        extra: NARROW_AND_WIDE,
        ..BASE
    },
    State {
        name: "major-pill",
        steps: &[HIDE],
        ..BASE
    },
    State {
        name: "critical",
        incidents: || vec![down()],
        updates: nothing,
        ..BASE
    },
    State {
        name: "critical-expanded",
        incidents: || vec![down()],
        updates: nothing,
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "critical-pill",
        incidents: || vec![down()],
        updates: nothing,
        steps: &[HIDE],
        ..BASE
    },
    State {
        name: "minor",
        incidents: || vec![slow()],
        updates: nothing,
        ..BASE
    },
    State {
        name: "minor-expanded",
        incidents: || vec![slow()],
        updates: nothing,
        steps: &[PILL],
        ..BASE
    },
    State {
        name: "several",
        incidents: slow_and_more,
        updates: nothing,
        extra: NARROW_AND_WIDE,
        ..BASE
    },
    State {
        name: "several-expanded",
        incidents: slow_and_more,
        updates: nothing,
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "several-pill",
        incidents: slow_and_more,
        updates: nothing,
        steps: &[HIDE],
        ..BASE
    },
    State {
        name: "many",
        incidents: many,
        updates: nothing,
        ..BASE
    },
    State {
        name: "long-story",
        updates: whole_story,
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "overdue",
        before: LATE,
        ..BASE
    },
    State {
        name: "overdue-expanded",
        before: LATE,
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "stale",
        before: UNREACHABLE,
        steps: &[Step::Run("leave()"), Step::Wait("freshness")],
        ..BASE
    },
    State {
        name: "offline",
        steps: &[Step::Offline(true), Step::Wait("freshness")],
        ..BASE
    },
    State {
        name: "maintenance",
        incidents: || vec![planned()],
        updates: nothing,
        ..BASE
    },
    State {
        name: "maintenance-expanded",
        incidents: || vec![planned()],
        updates: nothing,
        steps: &[PILL],
        ..BASE
    },
    State {
        name: "maintenance-imminent",
        incidents: || vec![imminent()],
        updates: nothing,
        ..BASE
    },
    State {
        name: "maintenance-imminent-expanded",
        incidents: || vec![imminent()],
        updates: nothing,
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "maintenance-running",
        incidents: || vec![imminent()],
        updates: running,
        ..BASE
    },
    State {
        name: "maintenance-running-expanded",
        incidents: || vec![imminent()],
        updates: running,
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "maintenance-completed",
        incidents: || vec![imminent()],
        updates: running,
        steps: &[Step::Post(completed)],
        ..BASE
    },
    State {
        name: "announcement",
        incidents: || vec![price_change()],
        updates: nothing,
        ..BASE
    },
    State {
        name: "announcement-expanded",
        incidents: || vec![price_change()],
        updates: nothing,
        steps: &[PILL],
        ..BASE
    },
    State {
        name: "restored",
        steps: &[Step::Post(all_clear)],
        extra: NARROW_AND_WIDE,
        ..BASE
    },
    State {
        name: "restored-brief",
        steps: &[Step::Post(all_clear), MORE],
        ..BASE
    },
    State {
        name: "restored-postmortem",
        steps: &[
            Step::Post(all_clear),
            Step::Send("PUT", "postmortem", postmortem),
        ],
        ..BASE
    },
    State {
        name: "restored-newcomer",
        incidents: || vec![over()],
        updates: || vec![all_clear()],
        ..BASE
    },
    State {
        name: "withdrawn",
        steps: &[Step::Send("POST", "withdraw", withdrawn)],
        ..BASE
    },
    State {
        name: "hold",
        incidents: || vec![held()],
        updates: nothing,
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "hold-pill",
        incidents: || vec![held()],
        updates: nothing,
        steps: &[HIDE],
        ..BASE
    },
    State {
        name: "drill",
        incidents: || vec![drill()],
        updates: nothing,
        address: "/#allclear-drill",
        ..BASE
    },
    State {
        name: "drill-pill",
        incidents: || vec![drill()],
        updates: nothing,
        address: "/#allclear-drill",
        steps: &[HIDE],
        ..BASE
    },
    State {
        name: "part-restored",
        components: "sending",
        steps: &[Step::Post(back_in_part)],
        ..BASE
    },
    State {
        name: "segment",
        incidents: || vec![for_one_segment()],
        updates: nothing,
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "slot",
        page: "<dialog id=share><h2>Send to a group</h2><div data-allclear-slot=sending></div>\
               <p><label>Group<br><select><option>All customers</select></label></p><p><button>Send</button></p></dialog>",
        steps: &[
            Step::Run("document.getElementById('share').showModal()"),
            Step::Wait("card"),
        ],
        ..BASE
    },
    State {
        name: "inline",
        attributes: "data-position=inline data-target=#here",
        page: "<div id=here style='margin-bottom:16px'></div>",
        ..BASE
    },
    State {
        name: "inline-expanded",
        attributes: "data-position=inline data-target=#here",
        page: "<div id=here style='margin-bottom:16px'></div>",
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "corner",
        attributes: "data-position=corner",
        ..BASE
    },
    State {
        name: "corner-expanded",
        attributes: "data-position=corner",
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "corner-pill",
        attributes: "data-position=corner",
        steps: &[HIDE],
        ..BASE
    },
    State {
        name: "top",
        attributes: "data-position=top",
        ..BASE
    },
    State {
        name: "plain",
        before: "delete WebAssembly.instantiate; delete WebAssembly.instantiateStreaming",
        ..BASE
    },
    State {
        name: "plain-expanded",
        before: "delete WebAssembly.instantiate; delete WebAssembly.instantiateStreaming",
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "german-expanded",
        attributes: "data-lang=de",
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "german-restored",
        attributes: "data-lang=de",
        steps: &[Step::Post(all_clear)],
        ..BASE
    },
    State {
        name: "arabic",
        attributes: "data-lang=ar",
        ..BASE
    },
    State {
        name: "arabic-expanded",
        attributes: "data-lang=ar",
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "preview",
        address: "/?allclear-preview=critical",
        incidents: nothing,
        updates: nothing,
        ..BASE
    },
    State {
        name: "preview-expanded",
        address: "/?allclear-preview=major",
        incidents: nothing,
        updates: nothing,
        steps: &[MORE],
        ..BASE
    },
    State {
        name: "preview-pill",
        address: "/?allclear-preview=minor",
        incidents: nothing,
        updates: nothing,
        ..BASE
    },
    State {
        name: "preview-restored",
        address: "/?allclear-preview=restored",
        incidents: nothing,
        updates: nothing,
        ..BASE
    },
    State {
        name: "preview-maintenance",
        address: "/?allclear-preview=maintenance",
        incidents: nothing,
        updates: nothing,
        ..BASE
    },
    State {
        name: "preview-arabic",
        attributes: "data-lang=ar",
        address: "/?allclear-preview=major",
        incidents: nothing,
        updates: nothing,
        ..BASE
    },
];

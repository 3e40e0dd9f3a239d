//! Incidents and their updates, as operators write them.

use e2e::in_minutes;
use serde_json::{Value, json};

pub fn nothing() -> Vec<Value> {
    Vec::new()
}

/// A major problem, in three languages.
pub fn delayed() -> Value {
    json!({
        "kind": "incident", "impact": "major", "status": "investigating",
        "title": "Messages are delayed",
        "started_at": in_minutes(-100),
        "body": "Since 08:00 messages leave us late. We are looking into it.",
        "components": [{ "id": "sending", "status": "partial_outage" }, { "id": "reports", "status": "degraded_performance" }],
        "advice": "Do not resend: your messages are queued and will arrive.",
        "works": ["Receiving messages", "Contacts"],
        "broken": ["Sending arrives up to 40 minutes late", "Delivery reports lag behind"],
        "contacts": [
            { "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" },
            { "kind": "email", "label": "Write to us", "value": "help@acme.example" },
        ],
        "next_update_at": in_minutes(20),
        "text": {
            "de": {
                "title": "Nachrichten kommen verspätet an", "body": "Seit 8 Uhr gehen Nachrichten verspätet hinaus. Wir gehen dem nach.",
                "advice": "Bitte nicht noch einmal senden: Ihre Nachrichten warten und kommen an.",
                "works": ["Nachrichten empfangen", "Kontakte"],
                "broken": ["Gesendetes kommt bis zu 40 Minuten später an", "Zustellberichte hinken nach"],
                "restored": { "back": ["Senden", "Zustellberichte"], "check": "Prüfen Sie, was Sie zwischen 8 und 9 Uhr gesendet haben." },
            },
            "ar": {
                "title": "الرسائل متأخرة", "body": "تتأخر الرسائل منذ الثامنة صباحًا. نبحث في الأمر.",
                "advice": "لا تعد الإرسال: رسائلك في الانتظار وستصل.",
                "works": ["استقبال الرسائل", "جهات الاتصال"],
                "broken": ["تصل الرسائل المرسلة متأخرة حتى 40 دقيقة", "تتأخر تقارير التسليم"],
            },
        },
    })
}

/// An update: the cause is known.
pub fn cause_known() -> Vec<Value> {
    vec![json!({
        "status": "identified",
        "body": "A carrier's gateway refuses connections. We are moving traffic to the second one.",
        "next_update_at": in_minutes(30), "estimated_end_at": in_minutes(90), "confidence": "medium",
        "text": {
            "de": { "body": "Ein Netzbetreiber nimmt keine Verbindungen an. Wir leiten über den zweiten um." },
            "ar": { "body": "أحد المشغلين يرفض الاتصال. نحول الرسائل إلى المشغل الثاني." },
        },
    })]
}

pub fn whole_story() -> Vec<Value> {
    let mut all = Vec::new();
    for step in [
        "We have called the carrier. **Nothing is lost**: whatever you send waits in line.",
        "The carrier confirms a fault in its gateway, and works on it. Meanwhile:\n\n- urgent messages go by the second carrier\n- all others wait",
        "A third of the traffic has moved to the second carrier. See [what this means for prices](https://acme.example/prices).",
        "Half of the traffic has moved.",
        "Three quarters have moved. The queue is getting shorter: at its longest it held `182,000` messages, now `96,500`.",
        "All traffic has moved. The queue will be empty in about half an hour.",
    ] {
        all.push(json!({ "status": "identified", "body": step, "next_update_at": in_minutes(25) }));
    }
    all
}

/// The resolving update.
pub fn all_clear() -> Value {
    json!({
        "status": "resolved",
        "body": "All queued messages have been delivered.",
        "components": [{ "id": "sending", "status": "operational" }, { "id": "reports", "status": "operational" }],
        "restored": {
            "back": ["Sending", "Delivery reports"],
            "check": "Check what you sent between 08:00 and 09:00: a few messages may have arrived twice.",
            "still": ["Reports of yesterday are still being counted"],
        },
    })
}

/// An update with one component restored.
pub fn back_in_part() -> Value {
    json!({
        "status": "identified", "body": "Messages leave at once again. Reports still lag behind.",
        "components": [{ "id": "sending", "status": "operational" }],
    })
}

/// An incident that is resolved before the first visit.
pub fn over() -> Value {
    delayed()
}

pub fn postmortem() -> Value {
    json!({
        "root_cause": "A carrier's gateway ran out of connections after a change of its own. Our senders waited for it instead of using the second carrier.",
        "window": { "start": in_minutes(-100), "end": in_minutes(-1) },
        "remedy": "We moved all traffic to the second carrier, and the queue ran empty by itself.",
        "prevention": ["Senders change carriers by themselves after one minute", "The second carrier carries a tenth of the traffic at all times"],
    })
}

pub fn withdrawn() -> Value {
    json!({ "reason": "This was meant for our test site. Nothing was delayed." })
}

pub fn down() -> Value {
    json!({
        "kind": "incident", "impact": "critical", "status": "investigating",
        "title": "Sending and receiving do not work",
        "body": "No messages go in or out. All of us are on it.",
        "components": [{ "id": "sending", "status": "major_outage" }, { "id": "receiving", "status": "major_outage" }],
        "advice": "Call people you must reach now. What you write here is kept, and sent when we are back.",
        "works": ["Reading old messages"],
        "broken": ["Sending", "Receiving"],
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "next_update_at": in_minutes(15),
    })
}

/// A held notice: users are losing work.
pub fn held() -> Value {
    let mut held = down();
    held["hold"] = json!(true);
    held["title"] = json!("Saving does not work");
    held["advice"] = json!("Copy your work before you leave this page: nothing is being saved.");
    held
}

pub fn drill() -> Value {
    let mut drill = down();
    drill["drill"] = json!(true);
    drill
}

/// An incident for one segment.
pub fn for_one_segment() -> Value {
    let mut some = delayed();
    some["audience"] = json!({ "segments": ["eu"], "undeclared": "show" });
    some
}

pub fn slow() -> Value {
    json!({
        "kind": "incident", "impact": "minor", "status": "monitoring",
        "title": "Reports load slowly",
        "body": "Reports take up to a minute to open.",
        "components": [{ "id": "reports", "status": "degraded_performance" }],
    })
}

pub fn slow_and_more() -> Vec<Value> {
    vec![down(), slow(), planned(), price_change()]
}

/// More incidents than fit on the screen.
pub fn many() -> Vec<Value> {
    let mut all = slow_and_more();
    all.push(delayed());
    for title in [
        "Contacts cannot be imported",
        "Invoices are late",
        "Search finds too little",
    ] {
        let mut other = slow();
        other["title"] = json!(title);
        all.push(other);
    }
    all
}

/// Maintenance tomorrow.
pub fn planned() -> Value {
    json!({
        "kind": "maintenance", "title": "We are moving to new servers",
        "body": "Messages wait for up to an hour and are sent afterwards. Nothing is lost.",
        "scheduled_for": in_minutes(1_500), "scheduled_until": in_minutes(1_590),
        "components": [{ "id": "sending" }],
        "advice": "Send what is urgent before 22:00.",
    })
}

/// Maintenance in ten minutes.
pub fn imminent() -> Value {
    let mut soon = planned();
    soon["scheduled_for"] = json!(in_minutes(10));
    soon["scheduled_until"] = json!(in_minutes(70));
    soon
}

/// Maintenance in progress.
pub fn running() -> Vec<Value> {
    vec![
        json!({ "status": "in_progress", "body": "We have begun. Half of the servers are moved." }),
    ]
}

/// Completed maintenance.
pub fn completed() -> Value {
    json!({ "status": "completed", "body": "Everything has moved. Waiting messages are being sent." })
}

pub fn price_change() -> Value {
    json!({
        "kind": "announcement", "title": "Prices change on 1 January",
        "body": "A message to another country costs 7 cents instead of 8. Nothing else changes.",
        "audience": { "undeclared": "show" },
    })
}

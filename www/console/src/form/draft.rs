//! Drafts: form values that survive reloads, ended sessions and failed requests, because each keystroke is stored in the browser.

use std::{cell::RefCell, fmt::Display, rc::Rc};

use notice::{journal::key_digest, wire::ids::Slug};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use yew::{Callback, UseForceUpdateHandle, hook, use_effect_with, use_force_update, use_mut_ref};

use crate::{
    browser::storage::{self, Lifetime},
    time::clock,
};

/// The stored form of a draft. Stored drafts use these field names.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record<T> {
    value: T,
    /// Time of the last change, in seconds since 1970.
    at: i64,
    /// The `Idempotency-Key` of the next request.
    key: String,
    /// The last request, while its outcome is unknown.
    sent: Option<Sent<T>>,
}

/// A request whose outcome is unknown. Repeated byte for byte with the same key, it is executed once.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Sent<T> {
    value: T,
    body: String,
    /// Digest of the token in the request: the server recognises a repeated request by token and key.
    #[serde(default)]
    by: String,
}

impl<T> Record<T> {
    fn new(value: T) -> Self {
        Self {
            value,
            at: clock::now().seconds(),
            key: new_key(),
            sent: None,
        }
    }
}

/// A form's value and the state of its last request. Clones share the value.
#[derive(Debug)]
pub struct Draft<T> {
    name: String,
    /// The record, and the initial value.
    record: Rc<RefCell<(Record<T>, T)>>,
    redraw: UseForceUpdateHandle,
}

impl<T> Clone for Draft<T> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            record: Rc::clone(&self.record),
            redraw: self.redraw.clone(),
        }
    }
}

/// Loads the stored draft of a form, or starts with `initial`. Changes in another tab with the same form are taken over, so that
/// neither tab overwrites the other.
#[hook]
pub fn use_draft<T>(
    scope: &(impl Display + ?Sized),
    form: &str,
    initial: impl FnOnce() -> T,
) -> Draft<T>
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + 'static,
{
    let name = format!("draft:{scope}:{form}");
    let redraw = use_force_update();
    let stored_name = name.clone();
    let record = use_mut_ref(move || {
        let fresh = Record::new(initial());
        let stored = storage::read(Lifetime::Permanent, &stored_name);
        (stored.unwrap_or_else(|| fresh.clone()), fresh.value)
    });
    let (shared, redraw_here) = (Rc::clone(&record), redraw.clone());
    use_effect_with(name.clone(), move |name| {
        let listener = storage::listen(name, move |stored| {
            let next = match stored {
                Some(text) => serde_json::from_str(&text).ok(),
                None => Some(Record::new(shared.borrow().1.clone())),
            };
            if let Some(next) = next {
                shared.borrow_mut().0 = next;
                redraw_here.force_update();
            }
        });
        move || drop(listener)
    });
    Draft {
        name,
        record,
        redraw,
    }
}

impl<T> Draft<T>
where
    T: Clone + PartialEq + Serialize + 'static,
{
    /// Returns a copy of the value.
    pub fn value(&self) -> T {
        self.record.borrow().0.value.clone()
    }

    /// Changes the value, stores it and redraws.
    pub fn edit(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.record.borrow_mut().0.value);
        self.store();
        self.redraw.force_update();
    }

    /// Returns the callback of a field: it edits the value with the field's input.
    pub fn on<A: 'static>(&self, change: impl Fn(&mut T, A) + 'static) -> Callback<A> {
        let draft = self.clone();
        Callback::from(move |input: A| draft.edit(|value| change(value, input)))
    }

    /// Returns the `Idempotency-Key` of the next request.
    pub fn key(&self) -> String {
        self.record.borrow().0.key.clone()
    }

    /// Returns the body of the last request, if its outcome is unknown and the value has not changed since.
    pub fn sent_body(&self) -> Option<String> {
        let (record, _) = &*self.record.borrow();
        let sent = record.sent.as_ref()?;
        (sent.value == record.value).then(|| sent.body.clone())
    }

    /// Returns whether the outcome of the last request is unknown.
    pub fn is_in_doubt(&self) -> bool {
        self.record.borrow().0.sent.is_some()
    }

    /// Returns whether the last request is in doubt and was sent with another token. The server would then not recognise a
    /// repeat.
    pub fn is_in_doubt_with_other_token(&self, token: &str) -> bool {
        let (record, _) = &*self.record.borrow();
        record
            .sent
            .as_ref()
            .is_some_and(|sent| sent.by != key_digest(token))
    }

    /// Records that a request is about to be sent.
    pub fn mark_sent(&self, body: &str, token: &str) {
        {
            let (record, _) = &mut *self.record.borrow_mut();
            let value = record.value.clone();
            record.sent = Some(Sent {
                value,
                body: body.to_owned(),
                by: key_digest(token),
            });
        }
        self.store();
    }

    /// Records that the last request was certainly not executed.
    pub fn mark_refused(&self) {
        self.record.borrow_mut().0.sent = None;
        self.store();
    }

    /// Gives the draft a new key, because the outcome of the last request is known and the next request is a different one.
    pub fn renew_key(&self) {
        {
            let (record, _) = &mut *self.record.borrow_mut();
            record.sent = None;
            record.key = new_key();
        }
        self.store();
    }

    /// Replaces the value, renews the key and removes the stored copy.
    pub fn reset(&self, value: T) {
        {
            let (record, _) = &mut *self.record.borrow_mut();
            record.value = value;
            record.sent = None;
            record.key = new_key();
        }
        self.forget();
        self.redraw.force_update();
    }

    /// Removes the stored copy.
    pub fn forget(&self) {
        storage::remove(Lifetime::Permanent, &self.name);
    }

    fn store(&self) {
        let (record, _) = &mut *self.record.borrow_mut();
        record.at = clock::now().seconds();
        storage::write(Lifetime::Permanent, &self.name, record);
    }
}

/// Returns a new `Idempotency-Key`: 128 random bits as hexadecimal digits.
pub fn new_key() -> String {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        // Without randomness the time is unique enough: keys are compared per token, and a device sends few requests.
        Err(_) => format!("{}", js_sys::Date::now()),
    }
}

/// Returns the names of a site's forms with a stored draft on this device, newest first.
pub fn stored_forms(site: &Slug) -> Vec<String> {
    #[derive(Deserialize)]
    struct Dated {
        at: i64,
    }
    let prefix = format!("draft:{site}:");
    let mut forms: Vec<(i64, String)> = storage::names(&prefix)
        .into_iter()
        .filter_map(|name| {
            let dated: Dated = storage::read(Lifetime::Permanent, &name)?;
            let form = name.strip_prefix(&prefix)?.to_owned();
            Some((dated.at, form))
        })
        .collect();
    forms.sort_by(|one, other| other.cmp(one));
    forms.into_iter().map(|(_, form)| form).collect()
}

/// Removes a form's stored draft.
pub fn discard(site: &Slug, form: &str) {
    storage::remove(Lifetime::Permanent, &format!("draft:{site}:{form}"));
}

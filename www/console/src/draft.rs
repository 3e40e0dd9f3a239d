//! What is being typed: kept in this browser at every stroke, through reloads, ended sessions and failed requests, until
//! the server has it.

use std::{cell::RefCell, fmt::Display, rc::Rc};

use notice::{journal::key_digest, wire::ids::Slug};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use yew::{Callback, UseForceUpdateHandle, hook, use_effect_with, use_force_update, use_mut_ref};

use crate::{
    clock,
    storage::{self, Lifetime},
};

/// What is kept of a form.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record<T> {
    value: T,
    /// When it was last changed, in seconds since 1970.
    at: i64,
    /// The `Idempotency-Key` it is sent with, until the server has acknowledged it.
    key: String,
    /// What was sent and not acknowledged: sent again byte for byte, it happens once.
    sent: Option<Sent<T>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Sent<T> {
    value: T,
    body: String,
    /// The digest of the token it was sent with: the server knows a repeat by token and key.
    #[serde(default)]
    by: String,
}

impl<T> Record<T> {
    /// Of what was just begun.
    fn new(value: T) -> Self {
        Self {
            value,
            at: clock::now().seconds(),
            key: new_key(),
            sent: None,
        }
    }
}

/// A form's value and all that is known of its sending.
#[derive(Debug)]
pub struct Draft<T> {
    name: String,
    /// What stands in the form, and what it began with.
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

/// The kept draft of a form of a site (or of whatever else it is about), else a new one. Another tab may have the same form open: what is typed there stands
/// here as well, so that neither writes over the other, and what was sent or given up there is gone here.
#[hook]
pub fn use_draft<T>(
    scope: &(impl Display + ?Sized),
    form: &str,
    begin: impl FnOnce() -> T,
) -> Draft<T>
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + 'static,
{
    let name = format!("draft:{scope}:{form}");
    let redraw = use_force_update();
    let kept = name.clone();
    let record = use_mut_ref(move || {
        let fresh = Record::new(begin());
        let found = storage::read(Lifetime::Kept, &kept);
        (found.unwrap_or_else(|| fresh.clone()), fresh.value)
    });
    let (elsewhere, drawn) = (Rc::clone(&record), redraw.clone());
    use_effect_with(name.clone(), move |name| {
        let listener = storage::on_change_elsewhere(name, move |kept| {
            let next = match kept {
                Some(text) => serde_json::from_str(&text).ok(),
                None => Some(Record::new(elsewhere.borrow().1.clone())),
            };
            if let Some(next) = next {
                elsewhere.borrow_mut().0 = next;
                drawn.force_update();
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
    /// The value.
    pub fn value(&self) -> T {
        self.record.borrow().0.value.clone()
    }

    /// Changes the value, keeps it, and draws it.
    pub fn edit(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.record.borrow_mut().0.value);
        self.keep();
        self.redraw.force_update();
    }

    /// What a field does with what is typed.
    pub fn on<A: 'static>(&self, change: impl Fn(&mut T, A) + 'static) -> Callback<A> {
        let draft = self.clone();
        Callback::from(move |given: A| draft.edit(|value| change(value, given)))
    }

    /// The key that it is sent with.
    pub fn key(&self) -> String {
        self.record.borrow().0.key.clone()
    }

    /// The very body that was sent before, if that was of the same value and nobody knows whether it arrived.
    pub fn sent_body(&self) -> Option<String> {
        let (record, _) = &*self.record.borrow();
        let sent = record.sent.as_ref()?;
        (sent.value == record.value).then(|| sent.body.clone())
    }

    /// Whether something was sent of which nobody knows whether it arrived.
    pub fn is_in_doubt(&self) -> bool {
        self.record.borrow().0.sent.is_some()
    }

    /// Whether that was sent with another token: the server would not know a repeat for one.
    pub fn is_in_doubt_of_another(&self, token: &str) -> bool {
        let (record, _) = &*self.record.borrow();
        record
            .sent
            .as_ref()
            .is_some_and(|sent| sent.by != key_digest(token))
    }

    /// It is being sent.
    pub fn sending(&self, body: &str, token: &str) {
        {
            let (record, _) = &mut *self.record.borrow_mut();
            let value = record.value.clone();
            record.sent = Some(Sent {
                value,
                body: body.to_owned(),
                by: key_digest(token),
            });
        }
        self.keep();
    }

    /// It has certainly not happened.
    pub fn refused(&self) {
        self.record.borrow_mut().0.sent = None;
        self.keep();
    }

    /// What was sent before has happened; what stands here now is something new.
    pub fn begin_anew(&self) {
        {
            let (record, _) = &mut *self.record.borrow_mut();
            record.sent = None;
            record.key = new_key();
        }
        self.keep();
    }

    /// The server has it, and the form begins again.
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

    /// The server has it, or it is given up.
    pub fn forget(&self) {
        storage::remove(Lifetime::Kept, &self.name);
    }

    fn keep(&self) {
        let (record, _) = &mut *self.record.borrow_mut();
        record.at = clock::now().seconds();
        storage::write(Lifetime::Kept, &self.name, record);
    }
}

/// An `Idempotency-Key`: 128 random bits.
pub fn new_key() -> String {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        // Without randomness the moment must do: keys are per token, and this form is one of few.
        Err(_) => format!("{}", js_sys::Date::now()),
    }
}

/// The forms of a site that were begun on this device, newest first.
pub fn unfinished(site: &Slug) -> Vec<String> {
    #[derive(Deserialize)]
    struct Dated {
        at: i64,
    }
    let beginning = format!("draft:{site}:");
    let mut found: Vec<(i64, String)> = storage::names(&beginning)
        .into_iter()
        .filter_map(|name| {
            let dated: Dated = storage::read(Lifetime::Kept, &name)?;
            let form = name.strip_prefix(&beginning)?.to_owned();
            Some((dated.at, form))
        })
        .collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, form)| form).collect()
}

/// Gives up a form that was begun on this device.
pub fn discard(site: &Slug, form: &str) {
    storage::remove(Lifetime::Kept, &format!("draft:{site}:{form}"));
}

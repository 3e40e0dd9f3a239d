//! Formats times with the runtime's `Intl`, which has the data of time zones and languages.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
};

use js_sys::{Array, Function, Object, Reflect};
use notice::wire::{language::Language, time::Timestamp};
use wasm_bindgen::{JsCast, JsValue};

use crate::date_format::{DateFormatter, Plural, TimeFormat};

thread_local! {
    /// `Intl`'s formats and plural rules, by their options. Kept between pages, because creating one takes longer than formatting
    /// all times of a page. `None` if `Intl` throws for these options.
    static CREATED: RefCell<BTreeMap<String, Option<JsValue>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Maximum number of kept formats, enough for a few sites in a few languages. When it is reached, all are dropped.
const KEPT: usize = 64;

/// Returns a format that was created before, or creates it.
fn reuse_or_create(key: String, create: impl FnOnce() -> Option<JsValue>) -> Option<JsValue> {
    let known = CREATED.with_borrow(|created| created.get(&key).cloned());
    if let Some(known) = known {
        return known;
    }
    let new = create();
    CREATED.with_borrow_mut(|created| {
        if created.len() >= KEPT {
            created.clear();
        }
        created.insert(key, new.clone());
    });
    new
}

/// Formats times in one time zone and language. Each `Intl` format is looked up once.
#[derive(Debug)]
pub struct IntlFormatter<'a> {
    zone: &'a str,
    locale: &'a str,
    moment: OnceCell<Option<Function>>,
    time: OnceCell<Option<Function>>,
    utc: OnceCell<Option<Function>>,
    utc_time: OnceCell<Option<Function>>,
    day_key: OnceCell<Option<Function>>,
    month: OnceCell<Option<Function>>,
    month_key: OnceCell<Option<Function>>,
    plurals: OnceCell<Option<JsValue>>,
}

/// The options of `Intl.DateTimeFormat` for a date and a time.
const MOMENT: &[(&str, &str)] = &[
    ("day", "numeric"),
    ("month", "short"),
    ("year", "numeric"),
    ("hour", "2-digit"),
    ("minute", "2-digit"),
    ("hourCycle", "h23"),
];

/// The options for a time.
const TIME: &[(&str, &str)] = &[
    ("hour", "2-digit"),
    ("minute", "2-digit"),
    ("hourCycle", "h23"),
];

impl<'a> IntlFormatter<'a> {
    pub fn new(zone: &'a str, language: &'a Language) -> Self {
        Self {
            zone,
            // American English writes the month first.
            locale: match language.as_str() {
                "en" => "en-GB",
                other => other,
            },
            moment: OnceCell::new(),
            time: OnceCell::new(),
            utc: OnceCell::new(),
            utc_time: OnceCell::new(),
            day_key: OnceCell::new(),
            month: OnceCell::new(),
            month_key: OnceCell::new(),
            plurals: OnceCell::new(),
        }
    }

    /// `new Intl.PluralRules(locale).select(number)`.
    fn category(&self, number: u64) -> Option<String> {
        let rules = self.plurals.get_or_init(|| {
            reuse_or_create(format!("plurals {}", self.locale), || {
                let arguments = Array::of1(&self.locale.into());
                Reflect::construct(&intl("PluralRules")?, &arguments).ok()
            })
        });
        let rules = rules.as_ref()?;
        let select: Function = Reflect::get(rules, &"select".into())
            .ok()?
            .dyn_into()
            .ok()?;
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let number = JsValue::from_f64(number as f64);
        select.call1(rules, &number).ok()?.as_string()
    }

    /// Formats a time with `Intl`. `None` if `Intl` does not support the time zone or the language.
    fn format_with_intl(&self, at: Timestamp, shape: TimeFormat) -> Option<String> {
        let (cached, zone, locale, options): (_, _, _, &[(&str, &str)]) = match shape {
            TimeFormat::Moment => (&self.moment, self.zone, self.locale, MOMENT),
            TimeFormat::Time => (&self.time, self.zone, self.locale, TIME),
            TimeFormat::Utc => (&self.utc, "UTC", self.locale, MOMENT),
            TimeFormat::UtcTime => (&self.utc_time, "UTC", self.locale, TIME),
            TimeFormat::Month => (
                &self.month,
                self.zone,
                self.locale,
                &[("month", "long"), ("year", "numeric")],
            ),
            // Swedish dates have the format of ISO 8601.
            TimeFormat::DayKey => (
                &self.day_key,
                self.zone,
                "sv-SE",
                &[
                    ("day", "2-digit"),
                    ("month", "2-digit"),
                    ("year", "numeric"),
                ],
            ),
            TimeFormat::MonthKey => (
                &self.month_key,
                self.zone,
                "sv-SE",
                &[("month", "2-digit"), ("year", "numeric")],
            ),
        };
        let format = cached.get_or_init(|| {
            let create = || date_time_format(zone, locale, options).map(JsValue::from);
            reuse_or_create(format!("{shape:?} {locale} {zone}"), create)?
                .dyn_into()
                .ok()
        });
        #[expect(clippy::cast_precision_loss, reason = "exact to 2^53")]
        let milliseconds = JsValue::from_f64(at.seconds() as f64 * 1000.0);
        format
            .as_ref()?
            .call1(&JsValue::UNDEFINED, &milliseconds)
            .ok()?
            .as_string()
    }
}

impl DateFormatter for IntlFormatter<'_> {
    fn format(&self, at: Timestamp, shape: TimeFormat) -> String {
        self.format_with_intl(at, shape)
            .unwrap_or_else(|| shape.in_utc(at))
    }

    fn plural(&self, number: u64) -> Plural {
        match self.category(number).as_deref() {
            Some("one") => Plural::One,
            Some("two") => Plural::Two,
            Some("few") => Plural::Few,
            Some("many") => Plural::Many,
            _ => Plural::Other,
        }
    }
}

/// A constructor of `Intl`.
fn intl(name: &str) -> Option<Function> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    Reflect::get(&intl, &name.into()).ok()?.dyn_into().ok()
}

/// `new Intl.DateTimeFormat(locale, options).format`, called by reflection, since it throws for an unknown zone.
fn date_time_format(zone: &str, locale: &str, options: &[(&str, &str)]) -> Option<Function> {
    let object = Object::new();
    for (name, value) in [("timeZone", zone)].iter().chain(options) {
        Reflect::set(&object, &(*name).into(), &(*value).into()).ok()?;
    }
    let arguments = Array::of2(&locale.into(), &object);
    let format = Reflect::construct(&intl("DateTimeFormat")?, &arguments).ok()?;
    Reflect::get(&format, &"format".into())
        .ok()?
        .dyn_into()
        .ok()
}

//! How much of anything there may be. Characters are Unicode scalar values.

/// Characters in a title.
pub const TITLE: usize = 200;
/// Characters in an update's body.
pub const BODY: usize = 20_000;
/// Characters of a body that the feed carries; the rest stands behind the link.
pub const FEED_BODY: usize = 2_000;
/// Characters in advice, in what to check and in a reason.
pub const ADVICE: usize = 2_000;
/// Entries in `works`, `broken`, `back` and `still`.
pub const LIST: usize = 20;
/// Characters in one of those entries.
pub const LIST_ENTRY: usize = 200;
/// Characters in the name of a site, component, group, label or token.
pub const NAME: usize = 100;
/// Characters in a contact's value.
pub const VALUE: usize = 500;
/// Contacts of a site or incident.
pub const CONTACTS: usize = 10;
/// Languages of a site.
pub const LANGUAGES: usize = 30;
/// Segments of a site.
pub const SEGMENTS: usize = 100;
/// Characters in a path pattern.
pub const PATH: usize = 200;
/// Stars in a path pattern, `*` or `**`, those `*` aside that are a whole segment. Each is a choice in which a reader's
/// browser may go wrong: so many together are tried in the third power of a path's length at worst: 5 ms for 300 characters.
pub const PATH_STARS: usize = 3;
/// Path patterns in an audience.
pub const PATHS: usize = 20;
/// Segments or components in an audience.
pub const AUDIENCE: usize = 50;
/// Components of a site.
pub const COMPONENTS: usize = 500;
/// Components that one incident names.
pub const INCIDENT_COMPONENTS: usize = 100;
/// Incidents related to another.
pub const RELATED: usize = 20;
/// Updates of one incident.
pub const UPDATES: usize = 2_000;
/// Bytes in a request's body, imports aside.
pub const REQUEST: usize = 256 * 1024;
/// Bytes in an `Idempotency-Key`.
pub const IDEMPOTENCY_KEY: usize = 255;
/// Updates of one notice in the feed.
pub const FEED_UPDATES: usize = 5;
/// Bytes in the feed.
pub const FEED: usize = 64 * 1024;
/// Host names of a site.
pub const HOSTNAMES: usize = 10;
/// Somebodies on call.
pub const ON_CALL: usize = 5;
/// Minutes after an update was owed when somebody on call hears of it: a day.
pub const AFTER_MINUTES: u32 = 1440;
/// The shortest cadence, in seconds.
pub const CADENCE_LEAST_S: u32 = 60;
/// The longest cadence, in seconds: thirty days.
pub const CADENCE_MOST_S: u32 = 30 * 86_400;
/// The longest an all-clear is shown, in seconds: 72 h.
pub const RESTORED_S: u32 = 72 * 3600;
/// The longest after a promise until it counts as late, in seconds: a day.
pub const OVERDUE_AFTER_S: u32 = 86_400;
/// Minutes until the next promise that a template can name: thirty days.
pub const NEXT_UPDATE_MINUTES: u32 = 30 * 1440;
/// Templates of a site.
pub const TEMPLATES: usize = 200;
/// Tokens of a site, sessions among them.
pub const TOKENS: usize = 500;
/// Entries in one part of a list, unless fewer are asked for.
pub const PAGE: usize = 50;
/// Entries in one part of a list at most.
pub const PAGE_MOST: usize = 100;
/// Bytes in an import: 32 MiB.
pub const IMPORT: usize = 32 * 1024 * 1024;
/// Bytes in an event's JSON: 1 MiB. A row of a Durable Object holds 2 MB, with the event and its row's own text in it.
pub const EVENT: usize = 1024 * 1024;
/// Bytes in an imported event's JSON. Larger than [`EVENT`]: journals from before that limit exist, and their exports must
/// stay importable.
pub const IMPORTED_EVENT: usize = 2_000_000 - ROW;
/// Bytes in the text of an imported row, without its event. Rows have about 350.
pub const ROW: usize = 4096;
/// The highest revision in an import. Integers are exact up to 2^53 in JavaScript and in SQL results; 2^40 more revisions,
/// one for each write, still fit.
pub const REV: u64 = (1 << 53) - (1 << 40);
/// How far ahead of the server's clock the revisions and times of an import may be, in milliseconds: a day.
pub const IMPORT_AHEAD_MS: u64 = 86_400_000;
/// The shortest words that can be redacted, in characters.
pub const REDACTED: usize = 3;

//! Size and count limits. Characters are Unicode scalar values.

/// Characters in a title.
pub const TITLE: usize = 200;
/// Characters in an update's body.
pub const BODY: usize = 20_000;
/// Characters of an update's body in the feed. The incident's page has the whole body.
pub const FEED_BODY: usize = 2_000;
/// Characters in advice, in the all-clear's `check` and in the reason of a withdrawal.
pub const ADVICE: usize = 2_000;
/// Entries in `works`, `broken`, `back` and `still`.
pub const LIST: usize = 20;
/// Characters in an entry of those lists.
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
/// Runs of stars in a path pattern (`*` or `**`), without each `*` that is a whole segment. The
/// loader matches by a regular expression, which may backtrack at each run: 3 runs cost at most the
/// cube of the path's length, 5 ms for 300 characters.
pub const PATH_STARS: usize = 3;
/// Path patterns in an audience.
pub const PATHS: usize = 20;
/// Segments or components in an audience.
pub const AUDIENCE: usize = 50;
/// Components of a site.
pub const COMPONENTS: usize = 500;
/// Components that one incident names.
pub const INCIDENT_COMPONENTS: usize = 100;
/// Related incidents of an incident.
pub const RELATED: usize = 20;
/// Updates of one incident.
pub const UPDATES: usize = 2_000;
/// Bytes in a request body, except for imports.
pub const REQUEST: usize = 256 * 1024;
/// Errors in one problem document.
pub const ERRORS: usize = 50;
/// Bytes in an `Idempotency-Key`.
pub const IDEMPOTENCY_KEY: usize = 255;
/// Updates of one notice in the feed.
pub const FEED_UPDATES: usize = 5;
/// Bytes in the feed.
pub const FEED: usize = 64 * 1024;
/// Bytes of notices in the loader of a site, as written in its script.
pub const LOADER_NOTICES: usize = 16 * 1024;
/// Host names of a site.
pub const HOSTNAMES: usize = 10;
/// On-call targets of a site.
pub const ON_CALL: usize = 5;
/// Maximum of an on-call target's `after_minutes`: 1 day.
pub const AFTER_MINUTES: u32 = 1440;
/// Minimum interval between updates, in seconds.
pub const CADENCE_LEAST_S: u32 = 60;
/// Maximum interval between updates, in seconds: 30 days.
pub const CADENCE_MOST_S: u32 = 30 * 86_400;
/// Maximum time that an all-clear is shown to browsers that were not affected, in seconds: 72 h.
pub const RESTORED_S: u32 = 72 * 3600;
/// Maximum delay until a promised update counts as overdue, in seconds: 1 day.
pub const OVERDUE_AFTER_S: u32 = 86_400;
/// Maximum of a template's `next_update_minutes`: 30 days.
pub const NEXT_UPDATE_MINUTES: u32 = 30 * 1440;
/// Templates of a site.
pub const TEMPLATES: usize = 200;
/// Tokens of a site, including sessions.
pub const TOKENS: usize = 500;
/// Webhooks of a site.
pub const WEBHOOKS: usize = 100;
/// Characters in the URL of a webhook.
pub const WEBHOOK_URL: usize = 2_000;
/// Secrets of a webhook that sign at the same time.
pub const WEBHOOK_SECRETS: usize = 10;
/// Deliveries that one request can send again.
pub const REDELIVERIES: usize = 1_000;
/// Default number of entries in a page of a list.
pub const PAGE: usize = 50;
/// Maximum number of entries in a page of a list.
pub const PAGE_MOST: usize = 100;
/// Bytes in a line of an import: an event of [`IMPORTED_EVENT`], and a row of [`ROW`] whose quotes are escaped.
pub const IMPORT_LINE: usize = IMPORTED_EVENT + 3 * ROW;
/// Bytes in an event's JSON: 1 MiB. A row of a Durable Object's SQLite holds 2 MB, which includes the event and the
/// journal row's text.
pub const EVENT: usize = 1024 * 1024;
/// Bytes in an imported event's JSON. Larger than [`EVENT`], because journals from before that limit must stay
/// importable.
pub const IMPORTED_EVENT: usize = 2_000_000 - ROW;
/// Bytes in the text of an imported row, without its event. Actual rows have about 350.
pub const ROW: usize = 4096;
/// Maximum revision in an import. JavaScript and SQL results have exact integers up to 2^53. The difference leaves room
/// for 2^40 writes, each of which takes a revision.
pub const REV: u64 = (1 << 53) - (1 << 40);
/// Maximum time that revisions and times of an import may be ahead of the server's clock, in milliseconds: 1 day.
pub const IMPORT_AHEAD_MS: u64 = 86_400_000;
/// Maximum delay with which a draft or an announcement appears automatically, in seconds: 48 h.
/// After that, an operator decides.
pub const APPEARS_LATE_S: i64 = 48 * 3600;
/// Minimum length of a text to redact, in characters.
pub const REDACTED: usize = 3;

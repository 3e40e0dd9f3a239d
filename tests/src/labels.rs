//! The console's labels, headings and sentences that tests select by: one constant for each, so that a text changes in
//! one place. The name says what the text is for; the value is what the console shows.

#![expect(missing_docs, reason = "each constant is its own text")]

// Signing in, and what the console says of itself.
pub const SIGN_IN: &str = "Sign in";
pub const SIGN_OUT: &str = "Sign out";
pub const ACCEPT_INVITATION: &str = "Sign in on this device";
pub const REMEMBER_DEVICE: &str = "Remember this device";
pub const INVITED_TO_ACME: &str = "You are invited to acme";
pub const INVITED: &str = "You are invited";
pub const INVITATION_USED: &str = "This invitation has been used or has run out.";
pub const TOKEN_REFUSED: &str = "This token opens nothing here";
pub const SESSION_ENDED: &str = "Your session has ended or was revoked";
pub const SESSION_ENDED_SHORT: &str = "Your session has ended";
pub const NO_ANSWER_NOW: &str = "The server does not answer just now.";
pub const NO_ANSWER: &str = "The server does not answer.";
pub const NO_ANSWER_NOW_BANNER: &str =
    "The server does not answer just now. What you see may be old; what you type is kept.";
pub const CANNOT_REACH_SERVER: &str = "The console cannot reach the server";
pub const FORMS_KEPT: &str = "Forms that you began on this device are kept.";
pub const SERVER_CANNOT_NOW: &str = "The server cannot do this just now";
pub const TRY_AGAIN: &str = "Try again";
pub const OFFLINE: &str = "You are offline";
pub const OFFLINE_BANNER: &str = "You are offline. What you see may be old; what you type is kept.";
pub const OFFLINE_SENTENCE: &str = "You are offline.";
pub const OFFLINE_ON_SEND: &str = "You are offline. What you typed is kept here";
pub const READING_SITE: &str = "Reading the site …";
pub const STORAGE_BLOCKED: &str = "This browser keeps nothing just now";
pub const SENDING: &str = "Sending …";
pub const SAFE_TO_RESEND: &str = "Sending it again is safe";
pub const ARRIVED_BEFORE: &str = "What you sent before did arrive after all";
pub const FIX_FIELDS: &str = "Some of it does not fit yet";
pub const NO_SUCH_SITE: &str = "no such site";
pub const READS_ONLY: &str = "You can read everything here, and publish nothing.";
pub const EDITOR_NEEDED: &str = "Only editors and owners do this";

// Places and sites.
pub const MENU: &str = "Menu";
pub const ALL_SITES: &str = "All sites";
pub const CREATE_SITE_HEADING: &str = "Make a site";
pub const CREATE_SITE: &str = "Make it";
pub const MAIL_CREATED: &str = "Acme Mail is made";
pub const GO_TO_MAIL: &str = "Go to Acme Mail";
pub const SLUG_TAKEN: &str = "taken";
pub const SECRET_LOST: &str = "its secret was lost on the way";
pub const SITE_IS_NEW: &str = "This site is new.";
pub const SITE_IS_NEW_STEPS: &str = "This site is new. Before something breaks:";

// Home, and the lists of incidents.
pub const ALL_IS_WELL: &str = "All is well";
pub const ONE_OPEN: &str = "One problem is open";
pub const TWO_OPEN: &str = "2 problems are open";
pub const OPEN_101: &str = "101 problems are open";
pub const OPEN_111: &str = "111 problems are open";
pub const NEW_INCIDENT: &str = "Something is broken";
pub const NEW_ANNOUNCEMENT: &str = "Announce something";
pub const SCHEDULE_MAINTENANCE: &str = "Plan work";
pub const UNSAVED_DRAFTS: &str = "Unfinished";
pub const HELD_BACK: &str = "Held back";
pub const DRAFT_NEW_INCIDENT: &str = "New: incident";
pub const DRAFT_RESOLVE: &str = "All-clear: Messages are delayed";
pub const DRAFT_SHARE: &str = "Text to share: Messages are delayed";
pub const DISCARD: &str = "Discard";
pub const DISCARD_SURE: &str = "Yes, discard it";
pub const KEEP: &str = "No, keep it";
pub const NO_MAINTENANCE: &str = "No work is planned.";
pub const NO_HISTORY: &str = "Nothing has happened yet.";
pub const EMBEDS_PAUSED: &str = "Every embed is paused";

// Publishing.
pub const INCIDENT_STEP_1: &str = "What is broken?";
pub const MAINTENANCE_STEP_1: &str = "What work is planned?";
pub const ANNOUNCEMENT_STEP_1: &str = "What is it about?";
pub const SEVERITY: &str = "How bad is it for the people hit?";
pub const CRITICAL: &str = "Critical";
pub const MAJOR: &str = "Major";
pub const MINOR: &str = "Minor";
pub const NEXT_MESSAGE: &str = "Next: the words";
pub const MESSAGE_STEP: &str = "Say it";
pub const PREVIEW: &str = "See it as users will";
pub const PREVIEW_STEP: &str = "As users will see it";
pub const MAINTENANCE_TITLE: &str = "What it is about, in a line";
pub const BACK: &str = "Back";
pub const PUBLISH: &str = "Publish";
pub const PUBLISH_LATER: &str = "Publish then";
pub const PUBLISH_NOW: &str = "Publish now";
pub const START_DRILL: &str = "Begin the drill";
pub const SAVE_DRAFT: &str = "Keep as a draft for other operators";
pub const NEXT_IN_15_MIN: &str = "In 15 min";
pub const MORE_OPTIONS: &str = "More: who sees it, how loud, when, contacts, a drill";
pub const DRILL: &str = "This is a drill";
pub const FEED_IS_PUBLIC: &str =
    "The feed is public: anyone can read this text and these segment names.";
pub const PUBLISHES_ITSELF: &str = "It publishes itself";
pub const PUBLISHES_ITSELF_ROW: &str = "Publishes itself";
pub const WILL_BE_PUBLISHED: &str = "Incident will be published";
pub const DRAFT_SAVED: &str = "Incident kept as a draft.";
pub const DRAFT_SAVED_LATER: &str = "Incident kept as a draft. It publishes itself";
pub const PUBLISHED: &str = "Published.";
pub const PUBLISHED_IN_TIME: &str = "Published. Open pages show it within ten seconds.";
pub const PUBLISH_AT_REFUSED: &str = "Publish at: ";
pub const NOTHING_PICKED: &str = "Nothing is picked yet";
pub const PICKED_1: &str = "Picked: 1";
pub const PICKED_2: &str = "Picked: 2";
pub const FOUND_2: &str = "2 are called so.";
pub const FOUND_10: &str = "10 are called so.";
pub const FOUND_12: &str = "12 are called so.";
pub const NO_COMPONENTS_TO_PICK: &str = "This site has no components yet. You can publish without";
pub const TITLE_TOO_LONG: &str = "at most 200 characters";
pub const TRANSLATION_MISSING_DEUTSCH: &str = "Deutsch Translation missing";
pub const DARK: &str = "Dark";

// Templates.
pub const TEMPLATE_INVESTIGATING: &str = "Looking into it";
pub const TEMPLATE_IDENTIFIED: &str = "Cause known";
pub const TEMPLATE_NO_NEWS: &str = "No news yet";
pub const TEMPLATE_NIGHT_WORK: &str = "Work at night";
pub const CHECK_WROTE: &str = "What they wrote";
pub const CHECK_SENT: &str = "What they sent";
pub const TEMPLATE_REPLACED: &str = "These stand in place of what you had written.";
pub const RESTORE_MINE: &str = "Put mine back";
pub const NEW_TEMPLATE_HEADING: &str = "A template of your own";
pub const SAVE_TEMPLATE: &str = "Keep it";
pub const TEMPLATE_SAVED: &str = "Kept.";
pub const NO_TEMPLATES: &str = "None of your own yet. These lie ready for everybody.";

// An incident, its updates and its end.
pub const POST_UPDATE: &str = "Post an update";
pub const POST_UPDATE_HEADING: &str = "Post an update";
pub const RESOLVE: &str = "It works again";
pub const RESOLVE_HEADING: &str = "It works again";
pub const REOPEN: &str = "It is broken again";
pub const END_ANNOUNCEMENT: &str = "End it";
pub const SAVE_END: &str = "End it";
pub const MORE_UPDATE_OPTIONS: &str = "More: what works, how bad, which parts, how long";
pub const POST: &str = "Post";
pub const PUBLISH_ALL_CLEAR: &str = "Give the all-clear";
pub const POSTED: &str = "Posted.";
pub const POSTED_IN_TIME: &str = "Posted. Open pages show it within ten seconds.";
pub const RESOLVED: &str = "The all-clear is out.";
pub const ENDED: &str = "It is ended.";
pub const ENDED_IN_TIME: &str = "It is ended. Open pages drop it within ten seconds.";
pub const UPDATE_BODY: &str = "What is new";
pub const LAST_WORD: &str = "A last word, for the record";
pub const CHECK_FIELD: &str = "What should people check now?";
pub const BARE_END: &str = "This says only that it is over.";
pub const STAYS_HIDDEN: &str = "People who hid this will not be disturbed.";
pub const SHOWN_AGAIN: &str = "People who hid this will see it again.";
pub const YES: &str = "Yes";
pub const NO: &str = "No";
pub const SOMEBODY_POSTED: &str = "Somebody posted while you were writing";
pub const READ_THEIRS_FIRST: &str = "Read theirs first";
pub const READ_THEIRS: &str = "I have read theirs";
pub const NEXT_UPDATE_PROMISED: &str = "Next update promised by";
pub const DELETE_DRAFT: &str = "Delete the draft";
pub const DELETE_DRAFT_SURE: &str = "Yes, delete it";
pub const DRAFT_DELETED: &str = "The draft is deleted.";
pub const CORRECT: &str = "Correct";
pub const SAVE_CORRECTION: &str = "Correct it";
pub const CORRECTED: &str = "Corrected.";
pub const CORRECTED_SENTENCE: &str = "Corrected. The old words stay in the journal.";
pub const NOTHING_TO_CORRECT: &str = "Nothing of this kind was said of the incident.";
pub const WITHDRAW: &str = "Withdraw";
pub const SAVE_WITHDRAWAL: &str = "Withdraw it";
pub const WITHDRAWN_OWN_MONITOR: &str = "Withdrawn: Our own monitor.";
pub const WITHDRAWN_BY_MONITOR: &str = "Withdrawn: It was our own monitor.";
pub const POSTMORTEM: &str = "Postmortem";
pub const PUBLISH_POSTMORTEM: &str = "Publish";
pub const PUBLISH_AGAIN: &str = "Publish again";
pub const POSTMORTEM_PUBLISHED: &str = "Those who were hit see it once on their all-clear.";
pub const POSTMORTEM_PUBLISHED_LONG: &str = "Published. Those who were hit see it once";
pub const EDIT: &str = "Change";
pub const SAVE_CHANGES: &str = "Save";
pub const CHANGED: &str = "Changed.";
pub const OWN_CONTACTS: &str = "Contacts of its own";
pub const REMOVE: &str = "Remove";
pub const LISTED_ALWAYS: &str = "Carry it in any case";
pub const LISTED_NEVER: &str = "Do not carry it";
pub const SHARE_TEXT: &str = "Text to share";
pub const COPY_TEXT: &str = "Copy the text";
pub const TEXT_COPIED: &str = "Text copied";
pub const COPY_BY_HAND: &str = "select it and copy it by hand";
pub const RESTORE_SHARE_TEXT: &str = "Begin again from how it stands";

// Conflicts.
pub const CONFLICT: &str = "Somebody else changed this in the meantime. Look at both versions.";
pub const KEEP_MINE: &str = "Keep what I wrote";
pub const TAKE_THEIRS: &str = "Take theirs";
pub const THEIRS_UNREADABLE: &str = "What they wrote could not be read.";
pub const READ_AGAIN: &str = "Read it again";

// Components, settings and access.
pub const ADD: &str = "Add it";
pub const SAVE_SETTINGS: &str = "Save";
pub const SAVE_COMPONENT: &str = "Save";
pub const EDIT_COMPONENT: &str = "Change";
pub const NO_COMPONENTS: &str = "There are none yet. Begin with what people would say is broken.";
pub const SETTINGS_SAVED: &str = "The settings are kept.";
pub const PAUSE_EMBEDS: &str = "Pause every embed";
pub const CONTACTS: &str = "Whom users reach";
pub const ON_CALL: &str = "On call";
pub const SEGMENTS: &str = "Segments";
pub const QUIET_HOURS: &str = "Quiet hours";
pub const OUTSIDE_QUIET_HOURS: &str = "outside the quiet hours";
pub const OUTSIDE_QUIET_HOURS_22: &str = "outside the quiet hours, 22:00 to 06:00";
pub const OUTSIDE_QUIET_HOURS_UTC: &str = "outside the quiet hours, 22:00 to 06:00 (Etc/UTC)";
pub const POOR_CONTRAST: &str = "cannot be read by many. At least 4.5:1 is needed";
pub const INVITE: &str = "Make an invitation";
pub const TEMPLATE_ADDED: &str = "Template added";
pub const PHONE: &str = "Phone";
pub const WEBHOOK: &str = "Webhook";

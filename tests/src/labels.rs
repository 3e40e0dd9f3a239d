//! The console's labels, headings and sentences that tests select by, one constant each, so that a text changes in one
//! place. The name says the text's purpose; the value is the text in the console.

// Signing in, sessions and errors.
pub const SIGN_IN: &str = "Sign in";
pub const SIGN_OUT: &str = "Sign out";
pub const ACCEPT_INVITATION: &str = "Sign in on this device";
pub const REMEMBER_DEVICE: &str = "Remember this device";
pub const INVITED_TO_ACME: &str = "Join Acme SMS";
pub const SIGN_IN_ANOTHER_WAY: &str = "Sign in another way";
pub const INVITATION_USED: &str = "This invitation was used, was revoked or has expired.";
pub const TOKEN_REFUSED: &str = "This token doesn't work.";
pub const SESSION_ENDED: &str = "Your session expired or was revoked";
pub const SESSION_ENDED_SHORT: &str = "Your session expired";
pub const NO_ANSWER: &str = "The server does not answer.";
pub const NO_ANSWER_BANNER: &str =
    "The server does not answer. What you see may be out of date; what you type is kept.";
pub const CANNOT_REACH_SERVER: &str = "The console cannot reach the server";
pub const DRAFTS_KEPT: &str = "Unsaved drafts on this device are kept.";
pub const SERVER_NOT_AVAILABLE: &str = "The server is not available";
pub const TRY_AGAIN: &str = "Try again";
pub const OFFLINE: &str = "You are offline";
pub const OFFLINE_BANNER: &str =
    "You are offline. What you see may be out of date; what you type is kept.";
pub const OFFLINE_SENTENCE: &str = "You are offline.";
pub const OFFLINE_ON_SEND: &str = "You are offline. What you typed is kept on this device";
pub const LOADING_SITE: &str = "Loading the site …";
pub const STORAGE_BLOCKED: &str = "This browser cannot save drafts";
pub const SENDING: &str = "Sending …";
pub const SAFE_TO_RESEND: &str = "You can send it again";
pub const EARLIER_ATTEMPT_ARRIVED: &str = "Your earlier attempt was received";
pub const FIX_FIELDS: &str = "Please fix the fields marked below.";
pub const NO_SUCH_SITE: &str = "Site not found";
pub const READ_ONLY_ROLE: &str = "Your role is read-only.";
pub const EDITOR_NEEDED: &str = "You need the Editor role for this";

// The account and the list of sites.
pub const ACCOUNT: &str = "Account";
pub const ALL_SITES: &str = "All sites";
pub const CREATE_SITE_HEADING: &str = "New site";
pub const CREATE_SITE: &str = "Create site";
pub const MAIL_CREATED: &str = "Acme Mail created";
pub const GO_TO_MAIL: &str = "Go to Acme Mail";
pub const SLUG_TAKEN: &str = "already in use";
pub const SECRET_LOST: &str = "its secret was lost in transit";
pub const SITE_IS_NEW: &str = "This site is new.";
pub const SITE_IS_NEW_STEPS: &str = "This site is new. Set it up before something breaks:";

// Home, and the lists of incidents.
pub const NONE_OPEN: &str = "No open incidents";
pub const ONE_OPEN: &str = "1 open incident";
pub const TWO_OPEN: &str = "2 open incidents";
pub const OPEN_101: &str = "101 open incidents";
pub const OPEN_111: &str = "111 open incidents";
pub const NEW_INCIDENT: &str = "New incident";
pub const NEW_ANNOUNCEMENT: &str = "New announcement";
pub const SCHEDULE_MAINTENANCE: &str = "Schedule maintenance";
pub const UNSAVED_DRAFTS: &str = "Unsaved drafts";
pub const DRAFTS: &str = "Drafts";
pub const DRAFT_NEW_INCIDENT: &str = "New incident";
pub const DRAFT_RESOLVE: &str = "Resolution: Messages are delayed";
pub const DRAFT_SHARE: &str = "Text to share: Messages are delayed";
pub const DISCARD: &str = "Discard";
pub const CONFIRM_DISCARD: &str = "Yes, discard it";
pub const KEEP: &str = "No, keep it";
pub const NO_MAINTENANCE: &str = "No maintenance is scheduled.";
pub const NO_HISTORY: &str = "Nothing has been resolved yet.";
pub const ASK_TO_PAUSE: &str = "Pause every embed …";
pub const EMBEDS_PAUSED: &str = "Every embed is paused";

// Publishing.
pub const INCIDENT_STEP_1: &str = "New incident";
pub const MAINTENANCE_STEP_1: &str = "Schedule maintenance";
pub const ANNOUNCEMENT_STEP_1: &str = "New announcement";
pub const SEVERITY: &str = "How severe is it?";
pub const CRITICAL: &str = "Critical";
pub const MAJOR: &str = "Major";
pub const MINOR: &str = "Minor";
pub const NEXT_MESSAGE: &str = "Next: message";
pub const MESSAGE_STEP: &str = "Write the message";
pub const PREVIEW: &str = "Preview";
pub const PREVIEW_STEP: &str = "Preview";
pub const BACK: &str = "Back";
pub const PUBLISH: &str = "Publish";
pub const PUBLISH_LATER: &str = "Schedule publication";
pub const PUBLISH_NOW: &str = "Publish now";
pub const START_DRILL: &str = "Start drill";
pub const SAVE_DRAFT: &str = "Save as draft";
pub const NEXT_IN_15_MIN: &str = "In 15 min";
pub const MORE_OPTIONS: &str = "More options";
pub const DRILL: &str = "This is a drill";
pub const FEED_IS_PUBLIC: &str =
    "The feed is public: anyone can read this text. An audience limits who sees the card";
pub const PREVIEW_WILL_BE_PUBLISHED_AT: &str = "It will be published at";
pub const VIEW_SAYS_PUBLISHES: &str = "Publishes ";
pub const ROW_SAYS_PUBLISHES: &str = "Draft, publishes";
pub const SCHEDULED_FOR_PUBLICATION: &str = "Scheduled. It will be published at";
pub const DRAFT_SAVED: &str = "Draft saved.";
pub const DRAFT_SAVED_LATER: &str = "Draft saved. It will be published at";
pub const PUBLISHED: &str = "Published.";
pub const PUBLISHED_IN_TIME: &str = "Published. Open pages show it within 36 s.";
pub const PUBLISHED_WHILE_OPEN: &str = "Published. Open pages show it within 12 s.";
pub const DRILL_STARTED: &str =
    "Drill started. Only pages opened with #allclear-drill show it, within 36 s.";
pub const MAINTENANCE_SCHEDULED: &str = "Maintenance scheduled.";
pub const FIX_BEFORE_PUBLISHING: &str = "Fix before publishing";
pub const READY_TO_PUBLISH: &str = "Ready to publish.";
pub const PUBLISH_AT_REFUSED: &str = "Publish at: Choose a time in the future.";
pub const NOTHING_PICKED: &str = "No component selected";
pub const PICKED_1: &str = "1 selected";
pub const PICKED_2: &str = "2 selected";
pub const FOUND_2: &str = "2 components match.";
pub const FOUND_10: &str = "10 components match.";
pub const FOUND_12: &str = "12 components match.";
pub const NO_COMPONENTS_TO_PICK: &str =
    "This site has no components yet. You can publish without any.";
pub const TITLE_TOO_LONG: &str = "at most 200 characters";
pub const TRANSLATION_MISSING_DEUTSCH: &str = "Deutsch Translation missing";
pub const DARK: &str = "Dark";

// Templates.
pub const TEMPLATE_INVESTIGATING: &str = "Looking into it";
pub const TEMPLATE_IDENTIFIED: &str = "Cause known";
pub const TEMPLATE_NO_NEWS: &str = "No news yet";
pub const TEMPLATE_NIGHT_MAINTENANCE: &str = "Night maintenance";
pub const CHECK_WROTE: &str = "Check written work";
pub const CHECK_SENT: &str = "Check sent messages";
pub const CHECK_NOTHING_LOST: &str = "Nothing was lost";
pub const TEMPLATE_CHANGE_COMING: &str = "Upcoming change";
pub const TEMPLATE_REPLACED: &str = "The template replaced your text.";
pub const RESTORE_TEXT: &str = "Restore my text";
pub const NEW_TEMPLATE_HEADING: &str = "New template";
pub const SAVE_TEMPLATE: &str = "Save template";
pub const TEMPLATE_SAVED: &str = "Template saved.";
pub const NO_TEMPLATES: &str =
    "No custom templates yet. These built-in ones are available to everyone.";

// An incident, its updates and its resolution.
pub const POST_UPDATE: &str = "Post an update";
pub const POST_UPDATE_HEADING: &str = "Post an update";
pub const RESOLVE: &str = "Resolve";
pub const RESOLVE_HEADING: &str = "Resolve";
pub const REOPEN: &str = "Reopen";
pub const END_ANNOUNCEMENT: &str = "End announcement";
pub const CONFIRM_END_ANNOUNCEMENT: &str = "End announcement";
pub const MORE_UPDATE_OPTIONS: &str = "More options";
pub const POST: &str = "Post update";
pub const PUBLISH_ALL_CLEAR: &str = "Resolve";
pub const POSTED: &str = "Update posted.";
pub const POSTED_IN_TIME: &str = "Update posted. Open pages show it within 12 s.";
pub const RESOLVED: &str = "Resolved.";
pub const ENDED: &str = "Announcement ended.";
pub const ENDED_SHOWN_WITHIN_12_S: &str = "Announcement ended. Open pages show it within 12 s.";
pub const UPDATE_BODY: &str = "What is new.";
pub const FINAL_MESSAGE: &str = "Final message";
pub const CHECK_FIELD: &str = "What should users check?";
pub const ONLY_SAYS_OVER: &str = "This says only that it is over.";
pub const STAYS_HIDDEN: &str = "Stays hidden for people who hid it.";
pub const SHOWN_AGAIN: &str = "Shown again to people who hid it.";
pub const YES: &str = "Yes";
pub const NO: &str = "No";
pub const SOMEBODY_POSTED: &str = "Somebody posted an update while you were writing";
pub const REVIEW_PUBLISHED_UPDATE: &str = "Review the published update";
pub const CONTINUE_WITH_DRAFT: &str = "Continue with my draft";
pub const NEXT_UPDATE_BY: &str = "Next update by";
pub const DELETE_DRAFT: &str = "Delete draft";
pub const CONFIRM_DELETE_DRAFT: &str = "Yes, delete it";
pub const DRAFT_DELETED: &str = "Draft deleted.";
pub const CORRECT: &str = "Correct";
pub const SAVE_CORRECTION: &str = "Save correction";
pub const CORRECTED: &str = "Correction saved.";
pub const CORRECTED_SENTENCE: &str = "Correction saved. The journal keeps the old text.";
pub const UPDATE_NOT_THERE: &str = "This update is not there any more.";
pub const WITHDRAW: &str = "Withdraw";
pub const SAVE_WITHDRAWAL: &str = "Withdraw incident";
pub const WITHDRAWN_OWN_MONITOR: &str = "Withdrawn: Our own monitor.";
pub const WITHDRAWN_BY_MONITOR: &str = "Withdrawn: It was our own monitor.";
pub const POSTMORTEM: &str = "Postmortem";
pub const PUBLISH_POSTMORTEM: &str = "Publish postmortem";
pub const UPDATE_POSTMORTEM: &str = "Update postmortem";
pub const POSTMORTEM_PUBLISHED: &str =
    "People who saw the incident see it once, on the resolved notice.";
pub const POSTMORTEM_UPDATED: &str = "Postmortem updated.";
pub const POSTMORTEM_PUBLISHED_LONG: &str = "Postmortem published.";
pub const EDIT: &str = "Edit";
pub const SHOW_PREVIEW: &str = "Show preview";
pub const SAVE_CHANGES: &str = "Save changes";
pub const CHANGED: &str = "Changes saved.";
pub const OWN_CONTACTS: &str = "Use different contacts";
pub const REMOVE: &str = "Remove";
pub const UNDECLARED_SEGMENTS_UNANSWERED: &str =
    "Choose whether pages that declare no segments show it.";
pub const SHOW_UNDECLARED_SEGMENTS: &str = "Show it there";
pub const HIDE_UNDECLARED_SEGMENTS: &str = "Do not show it there";
pub const LISTED_ALWAYS: &str = "Always show";
pub const LISTED_NEVER: &str = "Never show";
pub const SHARE_TEXT: &str = "Text to share";
pub const COPY_TEXT: &str = "Copy text";
pub const COPY_AS_MAIL: &str = "Mail reply";
pub const COPY_AS_CHAT: &str = "Chat reply";
pub const COPY_AS_POST: &str = "Short post";
pub const TEXT_COPIED: &str = "Text copied.";
pub const COPY_BY_HAND: &str = "copy it by hand";
pub const RESTORE_SHARE_TEXT: &str = "Discard my text";

// Conflicts.
pub const CONFLICT: &str = "Somebody else changed this while you were editing.";
pub const KEEP_DRAFT: &str = "Keep your draft";
pub const USE_PUBLISHED_VERSION: &str = "Use the published version";
pub const PUBLISHED_VERSION_NOT_LOADED: &str = "The published version could not be loaded.";
pub const KEEP_DRAFT_OF_ALL: &str = "Keep your draft of all";
pub const MERGE_CHANGES: &str = "Merge their changes";
pub const LOAD_AGAIN: &str = "Load again";

// Components, settings and access.
pub const ADD: &str = "Add";
pub const SAVE_SETTINGS: &str = "Save settings";
pub const SAVE_COMPONENT: &str = "Save";
pub const EDIT_COMPONENT: &str = "Edit";
pub const NO_COMPONENTS: &str = "No components yet. Add what users would say is broken.";
pub const SETTINGS_SAVED: &str = "Settings saved.";
pub const PAUSE_EMBEDS: &str = "Pause every embed";
pub const CONTACTS: &str = "Support contacts";
pub const ON_CALL: &str = "On-call targets";
pub const ADD_CONTACT: &str = "Add a contact";
pub const ADD_TARGET: &str = "Add a target";
pub const SEGMENTS: &str = "Segments";
pub const QUIET_HOURS: &str = "Quiet hours";
pub const OUTSIDE_QUIET_HOURS: &str = "outside the quiet hours";
pub const OUTSIDE_QUIET_HOURS_22: &str = "outside the quiet hours, 22:00 to 06:00";
pub const OUTSIDE_QUIET_HOURS_UTC: &str = "outside the quiet hours, 22:00 to 06:00 (Etc/UTC)";
pub const CONTRAST_TOO_LOW: &str = "At least 4.5:1 is required";
pub const INVITE: &str = "Create invitation";
pub const TEMPLATE_ADDED: &str = "Template created";
pub const PHONE: &str = "Phone";
pub const WEBHOOK: &str = "Webhook";
pub const EMAIL: &str = "E-mail";

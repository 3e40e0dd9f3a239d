//! A site's settings: three views, each with its own form and draft.

mod errors;
mod fields;
mod hostnames;
mod on_call_deliveries;
mod on_call_test;
mod pause;
mod save;
mod section_form;
mod sections;
mod session_link;
mod setting;

use serde::{Deserialize, Serialize};
use yew::{Callback, Html, component, html, use_effect_with, use_mut_ref, use_state};

use self::{
    fields::Fields,
    hostnames::Hostnames,
    on_call_deliveries::OnCallDeliveries,
    on_call_test::OnCallTest,
    pause::Pause,
    section_form::SectionForm,
    session_link::KnownTargets,
    setting::{SaveState, Setting},
};
use crate::{
    conflict::{
        merge::Difference,
        resolve::{self, Conflict},
    },
    context::Context,
    form::{
        draft::{Draft, use_draft},
        sending::Sending,
    },
    route::Route,
    server::{failure::Failure, on_call},
    ui::{self, tabs, touched::use_touched},
    view::load::use_resource,
};

/// A section of the settings, which has its own view and is saved separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Product, segments, accent colours, quiet hours, resolved notices.
    General,
    Contacts,
    /// On-call targets, their quiet hours and messages, and update intervals.
    OnCall,
}

impl Section {
    fn route(self) -> Route {
        match self {
            Self::General => Route::Settings,
            Self::Contacts => Route::Contacts,
            Self::OnCall => Route::OnCall,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::General => "General settings",
            Self::Contacts => "Support contacts",
            Self::OnCall => "On call",
        }
    }

    /// Returns the name of the stored draft: the path of the view.
    fn draft_name(self) -> String {
        self.route().path().replace('/', ":")
    }
}

/// The form. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    /// The saved settings that the draft is based on.
    #[serde(rename = "stood")]
    pub base: Fields,
    /// The settings as typed.
    pub fields: Fields,
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub section: Section,
}

/// The settings from the answer to saving, used until the snapshot has them.
#[derive(Clone, Debug, PartialEq)]
pub struct JustSaved {
    /// Entity tags of the older settings that these replace.
    pub replaces: [Option<String>; 2],
    pub fields: Fields,
}

/// The result of the last attempt to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was no attempt.
    None,
    Saved,
    Unchanged,
    /// A value is invalid; nothing was sent.
    Invalid,
    /// A conflict must be resolved first; the number counts the attempts.
    Unresolved(u32),
}

#[component]
pub fn Settings(props: &Props) -> Html {
    let Props { context, section } = props;
    let just_saved = use_state(|| None::<JustSaved>);
    let saved = match &*just_saved {
        Some(just_saved) if just_saved.replaces.contains(&context.snapshot.site_etag) => {
            just_saved.fields.clone()
        }
        _ => Fields::of(&context.snapshot.site),
    };
    let draft = use_draft(context.slug(), &section.draft_name(), || Form {
        base: saved.clone(),
        fields: saved.clone(),
    });
    let form = setting::rebase(&draft.value(), &saved, *section);
    let changed: Vec<(&'static Setting, SaveState)> = setting::in_section(*section)
        .map(|setting| (setting, setting.state(&form, &saved)))
        .filter(|(_, state)| *state != SaveState::Saved)
        .collect();
    use_rebase(&draft, &form, changed.is_empty());
    let sending = use_state(|| Sending::Idle);
    let outcome = use_state(|| Outcome::None);
    let touched = use_touched();
    // Number of on-call tests so far. When it rises, targets and deliveries are read again.
    let tests = use_state(|| 0_u32);
    let is_on_call = *section == Section::OnCall;
    let path = is_on_call.then(|| "/on-call".to_owned());
    let listed = use_resource::<on_call::OnCall>(context, path, *tests);
    // The changes that an earlier visit left unsaved, until they are saved or discarded.
    let from_earlier_visit = use_mut_ref(|| None::<Vec<&'static str>>);
    let from_earlier_visit: Vec<&'static Setting> = {
        let unsaved = changed.iter().map(|(setting, _)| *setting);
        let mut stored = from_earlier_visit.borrow_mut();
        let ids = stored.get_or_insert_with(|| unsaved.clone().map(|setting| setting.id).collect());
        ids.retain(|id| unsaved.clone().any(|setting| setting.id == *id));
        unsaved
            .filter(|setting| ids.contains(&setting.id))
            .collect()
    };
    let save = save::save(context, &draft, &sending, *section, &outcome, &just_saved);
    let errors = errors::of_section(&form, &saved, *section, context.slug());
    let shown = match *outcome {
        // After the first attempt to save, each error disappears when it is fixed.
        Outcome::Invalid if *sending == Sending::Idle => errors::as_refusal(&errors),
        _ => (*sending).clone(),
    };
    let section_form = SectionForm {
        form: &form,
        saved: &saved,
        sending: &shown,
        draft: &draft,
        touched: &touched,
        errors: &errors,
        section: *section,
    };
    let is_owner = context.session.is_owner();
    let known = KnownTargets {
        is_owner,
        saved: &context.snapshot.site.on_call,
        listed: &listed,
    };
    let tested = {
        let tests = tests.clone();
        Callback::from(move |()| tests.set(tests.wrapping_add(1)))
    };
    html! {
        <main class="column">
            { ui::heading(section.title(), (!is_owner).then_some("Only owners can change settings.")) }
            { tabs::settings(context, &section.route()) }
            { conflicts(&changed, &form, &saved, &draft, *outcome) }
            { failure(&shown) }
            if !from_earlier_visit.is_empty() { { earlier_changes(&from_earlier_visit, &saved, &draft) } }
            <fieldset class="all" disabled={!is_owner} onfocusout={touched.on_focus_out()}>
                { match section {
                    Section::General => section_form.general(),
                    Section::Contacts => section_form.contacts(),
                    Section::OnCall => section_form.on_call(&known),
                } }
            </fieldset>
            if *section == Section::General { <Hostnames context={context.clone()} /> }
            if is_on_call && is_owner { <OnCallTest context={context.clone()} {tested} /> }
            if is_on_call { <OnCallDeliveries context={context.clone()} changes={*tests} /> }
            if *section == Section::General && is_owner { <Pause context={context.clone()} /> }
            if is_owner {
                <div class="actions">
                    <p class="state" role="status">{ save_message(&changed, *outcome) }</p>
                    { ui::primary("Save settings", sending.is_busy(), save) }
                </div>
            }
        </main>
    }
}

/// Rebases the stored draft on the settings that are saved now. A draft without changes is removed.
#[yew::hook]
fn use_rebase(draft: &Draft<Form>, form: &Form, is_saved: bool) {
    let draft = draft.clone();
    let stored = draft.value();
    use_effect_with(
        (stored, form.clone(), is_saved),
        move |(stored, form, is_saved)| match (*is_saved, stored == form) {
            (true, true) => draft.forget(),
            (true, false) => draft.reset(form.clone()),
            (false, true) => {}
            (false, false) => draft.edit(|stored| stored.clone_from(form)),
        },
    );
}

/// Renders the failure of saving.
fn failure(sending: &Sending) -> Html {
    match sending {
        Sending::Failed(Failure::Conflict) => html! {
            <div class="alert" role="alert"><p>{ "Somebody else saved settings at the same moment. Check your changes, then save again." }</p></div>
        },
        other => ui::failure(other, errors::POINTERS),
    }
}

/// Renders the changes that an earlier visit left unsaved.
fn earlier_changes(settings: &[&'static Setting], saved: &Fields, draft: &Draft<Form>) -> Html {
    let names: Vec<&str> = settings.iter().map(|setting| setting.label).collect();
    let (draft, saved) = (draft.clone(), saved.clone());
    let discard = Callback::from(move |()| {
        draft.reset(Form {
            base: saved.clone(),
            fields: saved.clone(),
        });
    });
    html! {
        <div class="warning" role="status">
            <p>{ format!("Not saved yet, from an earlier visit: {}.", names.join(", ")) }</p>
            <div class="buttons small">{ ui::secondary("Discard all unsaved changes", discard) }</div>
        </div>
    }
}

/// Renders the settings that another operator saved with another value since they were typed.
fn conflicts(
    changed: &[(&'static Setting, SaveState)],
    form: &Form,
    saved: &Fields,
    draft: &Draft<Form>,
    outcome: Outcome,
) -> Html {
    let settings: Vec<&'static Setting> = changed
        .iter()
        .filter(|(_, state)| *state == SaveState::Conflict)
        .map(|(setting, _)| *setting)
        .collect();
    if settings.is_empty() {
        return Html::default();
    }
    let differences: Vec<Difference> = settings
        .iter()
        .map(|setting| Difference {
            name: setting.id,
            label: setting.label.to_owned(),
            remote: setting.text(saved),
            local: setting.text(&form.fields),
        })
        .collect();
    let attempts = match outcome {
        Outcome::Unresolved(attempts) => attempts,
        _ => 0,
    };
    let ids: Vec<&str> = settings.iter().map(|setting| setting.id).collect();
    let key = format!("{}:{attempts}", ids.join(" "));
    let (draft, saved) = (draft.clone(), saved.clone());
    let resolved = Callback::from(move |from_remote: Vec<&'static str>| {
        draft.edit(|form| {
            for setting in &settings {
                (setting.copy)(&mut form.base, &saved);
                if from_remote.contains(&setting.id) {
                    (setting.copy)(&mut form.fields, &saved);
                }
            }
        });
        draft.renew_key();
    });
    html! {
        <>
            <Conflict {key} {differences} {resolved} />
            if attempts > 0 {
                { resolve::unresolved_message(attempts, resolve::CHOOSE_VERSIONS) }
            }
        </>
    }
}

/// Returns the message beside the save button: the result, or the number of unsaved changes.
fn save_message(changed: &[(&'static Setting, SaveState)], outcome: Outcome) -> String {
    match (changed.len(), outcome) {
        (0, Outcome::Saved) => "Settings saved.".to_owned(),
        (0, Outcome::Unchanged) => "No changes to save.".to_owned(),
        (0, _) => String::new(),
        (1, _) => "1 unsaved change".to_owned(),
        (count, _) => format!("{count} unsaved changes"),
    }
}

#[cfg(test)]
mod tests {
    use super::Form;
    use serde_json::json;

    #[test]
    fn drafts_of_earlier_builds_are_read() {
        let stored = json!({ "stood": { "name": "a" }, "fields": { "name": "b" } });
        let form: Form = serde_json::from_value(stored).unwrap();
        assert_eq!(
            (form.base.name.as_str(), form.fields.name.as_str()),
            ("a", "b")
        );
    }
}

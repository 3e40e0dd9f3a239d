//! A site's settings, as its owners change them: three views, each with its own form and draft.

mod face;
mod fields;
mod form;
mod leaf;
mod pause;
mod problems;
mod save;

use serde::{Deserialize, Serialize};
use yew::{Callback, Html, component, html, use_effect_with, use_mut_ref, use_state};

use self::{
    face::Face,
    fields::Fields,
    leaf::{Leaf, Standing},
    pause::Pause,
};
use crate::{
    api::Failure,
    desk::Desk,
    draft::{Draft, use_draft},
    route::Route,
    submit::Sending,
    view::{
        self,
        conflict::{self, Conflict, Difference},
        left::use_left,
        tabs,
    },
};

/// A part of the settings that is shown and saved by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The product, its look and its hours.
    General,
    /// Support contacts.
    Contacts,
    /// On-call targets and update intervals.
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

    /// The name that its draft is kept under: the path of its view.
    fn draft(self) -> String {
        self.route().path().replace('/', ":")
    }
}

/// The saved settings that the draft began with, and the draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    /// As they were saved.
    pub stood: Fields,
    /// As they are to be.
    pub fields: Fields,
}

/// What the view is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// What it works with.
    pub desk: Desk,
    /// Which part.
    pub section: Section,
}

/// The settings as the server answered to saving them.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The entity tags of older settings, which may still be shown elsewhere.
    pub instead_of: [Option<String>; 2],
    /// The settings.
    pub saved: Fields,
}

/// How the last try to save went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was none.
    None,
    /// Everything is saved.
    Saved,
    /// There was nothing to save.
    Unchanged,
    /// A value is wrong; nothing was sent.
    Refused,
    /// A conflict has to be settled first; tried so many times.
    Unsettled(u32),
}

/// The view.
#[component]
pub fn Settings(props: &Props) -> Html {
    let Props { desk, section } = props;
    // What was just saved is shown until it is read again.
    let answered = use_state(|| None::<Answered>);
    let saved = match &*answered {
        Some(answered) if answered.instead_of.contains(&desk.facts.site_etag) => {
            answered.saved.clone()
        }
        _ => Fields::of(&desk.facts.site),
    };
    let draft = use_draft(desk.slug(), &section.draft(), || Form {
        stood: saved.clone(),
        fields: saved.clone(),
    });
    let form = leaf::rebased(&draft.value(), &saved, *section);
    let standings: Vec<(&'static Leaf, Standing)> = leaf::of(*section)
        .map(|leaf| (leaf, leaf.standing(&form, &saved)))
        .filter(|(_, standing)| *standing != Standing::Saved)
        .collect();
    use_following(&draft, &form, standings.is_empty());
    let sending = use_state(|| Sending::Idle);
    let outcome = use_state(|| Outcome::None);
    let left = use_left();
    // The settings that an earlier visit left unsaved, as long as they are.
    let earlier = use_mut_ref(|| None::<Vec<&'static str>>);
    let earlier: Vec<&'static Leaf> = {
        let unsaved = standings.iter().map(|(leaf, _)| *leaf);
        let mut kept = earlier.borrow_mut();
        let ids = kept.get_or_insert_with(|| unsaved.clone().map(|leaf| leaf.id).collect());
        ids.retain(|id| unsaved.clone().any(|leaf| leaf.id == *id));
        unsaved.filter(|leaf| ids.contains(&leaf.id)).collect()
    };
    let save = save::save(desk, &draft, &sending, *section, &outcome, &answered);
    let wrong = problems::of(&form, &saved, *section, desk.slug());
    let shown = match *outcome {
        // Since the first try to save, each problem goes when it is solved.
        Outcome::Refused if *sending == Sending::Idle => problems::refusal(&wrong),
        _ => (*sending).clone(),
    };
    let face = Face {
        form: &form,
        saved: &saved,
        sending: &shown,
        draft: &draft,
        left: &left,
        wrong: &wrong,
        section: *section,
    };
    let owner = desk.session.is_owner();
    html! {
        <main class="column">
            { view::heading(section.title(), (!owner).then_some("Only owners can change settings.")) }
            { tabs::settings(desk, &section.route()) }
            { conflicts(&standings, &form, &saved, &draft, *outcome) }
            { failed(&shown) }
            if !earlier.is_empty() { { from_before(&earlier, &saved, &draft) } }
            <fieldset class="all" disabled={!owner} onfocusout={left.on_leave()}>
                { match section {
                    Section::General => face.general(),
                    Section::Contacts => face.contacts(),
                    Section::OnCall => face.on_call(),
                } }
            </fieldset>
            if *section == Section::General && owner { <Pause desk={desk.clone()} /> }
            if owner {
                <div class="actions">
                    <p class="state" role="status">{ state(&standings, *outcome) }</p>
                    { view::primary("Save settings", sending.is_busy(), save) }
                </div>
            }
        </main>
    }
}

/// Keeps the draft beside the settings as they are saved now. A draft without a change is not kept.
#[yew::hook]
fn use_following(draft: &Draft<Form>, form: &Form, is_saved: bool) {
    let draft = draft.clone();
    let kept = draft.value();
    use_effect_with(
        (kept, form.clone(), is_saved),
        move |(kept, form, is_saved)| match (*is_saved, kept == form) {
            (true, true) => draft.forget(),
            (true, false) => draft.reset(form.clone()),
            (false, true) => {}
            (false, false) => draft.edit(|kept| kept.clone_from(form)),
        },
    );
}

/// What went wrong with saving.
fn failed(sending: &Sending) -> Html {
    match sending {
        Sending::Failed(Failure::Conflict) => html! {
            <div class="alert" role="alert"><p>{ "Somebody else saved settings at the same moment. Check your changes, then save again." }</p></div>
        },
        other => view::failure(other, problems::POINTERS),
    }
}

/// The changes that an earlier visit left unsaved.
fn from_before(earlier: &[&'static Leaf], saved: &Fields, draft: &Draft<Form>) -> Html {
    let names: Vec<&str> = earlier.iter().map(|leaf| leaf.label).collect();
    let (draft, saved) = (draft.clone(), saved.clone());
    let discard = Callback::from(move |()| {
        draft.reset(Form {
            stood: saved.clone(),
            fields: saved.clone(),
        });
    });
    html! {
        <div class="warning" role="status">
            <p>{ format!("Not saved yet, from an earlier visit: {}.", names.join(", ")) }</p>
            <div class="buttons small">{ view::secondary("Discard all unsaved changes", discard) }</div>
        </div>
    }
}

/// The fields that somebody else saved with another value since they were typed.
fn conflicts(
    standings: &[(&'static Leaf, Standing)],
    form: &Form,
    saved: &Fields,
    draft: &Draft<Form>,
    outcome: Outcome,
) -> Html {
    let leaves: Vec<&'static Leaf> = standings
        .iter()
        .filter(|(_, standing)| *standing == Standing::Conflict)
        .map(|(leaf, _)| *leaf)
        .collect();
    if leaves.is_empty() {
        return Html::default();
    }
    let differences: Vec<Difference> = leaves
        .iter()
        .map(|leaf| Difference {
            name: leaf.id,
            label: leaf.label.to_owned(),
            theirs: leaf.shown(saved),
            mine: leaf.shown(&form.fields),
        })
        .collect();
    let tries = match outcome {
        Outcome::Unsettled(tries) => tries,
        _ => 0,
    };
    let ids: Vec<&str> = leaves.iter().map(|leaf| leaf.id).collect();
    let key = format!("{}:{tries}", ids.join(" "));
    let (draft, saved) = (draft.clone(), saved.clone());
    let settled = Callback::from(move |taken: Vec<&'static str>| {
        draft.edit(|form| {
            for leaf in &leaves {
                (leaf.copy)(&mut form.stood, &saved);
                if taken.contains(&leaf.id) {
                    (leaf.copy)(&mut form.fields, &saved);
                }
            }
        });
        draft.begin_anew();
    });
    html! {
        <>
            <Conflict {key} {differences} {settled} />
            if tries > 0 {
                { conflict::unsettled(tries, conflict::CHOOSE) }
            }
        </>
    }
}

/// Whether there is something to save, beside the button that saves it.
fn state(standings: &[(&'static Leaf, Standing)], outcome: Outcome) -> String {
    match (standings.len(), outcome) {
        (0, Outcome::Saved) => "Settings saved.".to_owned(),
        (0, Outcome::Unchanged) => "No changes to save.".to_owned(),
        (0, _) => String::new(),
        (1, _) => "1 unsaved change".to_owned(),
        (many, _) => format!("{many} unsaved changes"),
    }
}

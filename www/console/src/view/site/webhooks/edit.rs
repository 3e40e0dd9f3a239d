//! Creating a webhook, and changing one.

use notice::wire::{
    component::Component,
    ids::{ComponentId, WebhookId},
};
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, component, html, use_state};

use super::{
    component_name,
    form::{Edit, Form, offered_events, toggle},
    secret,
};
use crate::{
    conflict::{
        merge,
        remote::use_remote,
        resolve::{initial_sending, on_resolved, resolution},
    },
    context::Context,
    form::{
        SelectedComponent,
        draft::{Draft, use_draft},
        sending::Sending,
        submit::{self, Target},
    },
    route::Route,
    rules::endpoint,
    server::{
        failure::Failure,
        request::Answer,
        webhooks::{Format, Webhook, WebhookSecret},
    },
    text::webhooks as text,
    ui::{
        self,
        input::{self, Choice, Field},
        touched::use_touched,
        typing::Typing,
    },
    view::{
        fields::component_picker::{self, ComponentPicker},
        load::use_resource,
    },
};

/// JSON pointers of the fields, which show their own errors.
const POINTERS: &[&str] = &["/url", "/format", "/events", "/components"];

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    /// `None`: a new webhook.
    pub id: Option<WebhookId>,
}

#[component]
pub fn EditWebhook(props: &Props) -> Html {
    let Props { context, id } = props;
    let is_owner = context.session.is_owner();
    let path = id.as_ref().filter(|_| is_owner);
    let path = path.map(|id| format!("/webhooks/{id}"));
    let loaded = use_resource::<Webhook>(context, path, 0);
    let back = context.href(&Route::Webhooks);
    match (id, loaded.value, loaded.failure) {
        _ if !is_owner => html! {
            <main class="column">
                { ui::heading("You need the Owner role for this", None) }
                <p>{ "Only owners change webhooks." }</p>
                { ui::action_bar(Some((back, "Go to webhooks")), Html::default()) }
            </main>
        },
        (None, ..) => html! { <WebhookForm context={context.clone()} saved={None::<Webhook>} /> },
        (Some(_), Some(webhook), _) => {
            html! { <WebhookForm context={context.clone()} saved={Some((*webhook).clone())} /> }
        }
        (Some(_), None, Some(failure)) => html! {
            <main class="column">
                { ui::heading("Webhook", None) }
                <div class="alert" role="alert"><p>{ failure.message() }</p></div>
                { ui::action_bar(Some((back, "Go to webhooks")), Html::default()) }
            </main>
        },
        (Some(_), None, None) => ui::loading_view(),
    }
}

#[derive(Clone, Debug, PartialEq, yew::Properties)]
struct FormProps {
    context: Context,
    /// The webhook as it was read; `None`: a new one.
    saved: Option<Webhook>,
}

#[component]
fn WebhookForm(props: &FormProps) -> Html {
    let FormProps { context, saved } = props;
    let id = saved.as_ref().map(|webhook| webhook.id.clone());
    let name = id.as_ref().map_or("new", |id| id.as_str());
    let path = format!("/webhooks/{name}");
    let draft = use_draft(context.slug(), &format!("webhook:{name}"), || {
        saved.as_ref().map(Edit::of).unwrap_or_default()
    });
    let edit = draft.value();
    let sending = use_state(|| {
        let now = saved.as_ref().map(Form::of);
        let conflicts = now.map(|now| edit.conflicts(&now));
        initial_sending(&conflicts.unwrap_or_default())
    });
    let remote = use_remote(context, path, &sending);
    let created = use_state(|| None::<WebhookSecret>);
    let touched = use_touched();
    let network = endpoint::network();
    let done = {
        let (context, draft, created) = (context.clone(), draft.clone(), created.clone());
        let id = id.clone();
        Callback::from(move |answer: Answer| match &id {
            Some(id) => {
                context.notify.emit("Webhook saved.".to_owned());
                context.go(&Route::Webhook(id.clone()));
            }
            None => {
                draft.reset(Edit::default());
                show_created(&context, &answer, &created);
            }
        })
    };
    let save = save(context, &draft, &sending, id.as_ref(), done);
    if let Some(secret) = &*created {
        return created_view(context, secret);
    }
    let resolve = |remote: &Webhook, _: &str| {
        let remote = Form::of(remote);
        let conflicts = edit.conflicts(&remote);
        let resolved = on_resolved(&draft, &sending, move |edit: &mut Edit, from_remote| {
            let pointers: Vec<String> = from_remote.iter().map(|name| format!("/{name}")).collect();
            let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
            if let Some(base) = edit.base.replace(remote.clone()) {
                edit.form = merge::merge(&base, &edit.form, &remote, &pointers);
            }
        });
        resolution(conflicts, resolved)
    };
    let is_untouched = !touched.has("url") && *sending == Sending::Idle;
    let typed = match is_untouched {
        true => Vec::new(),
        false => edit.form.errors(network),
    };
    let shown = sending.with_errors(typed);
    let back = match &id {
        Some(id) => Route::Webhook(id.clone()),
        None => Route::Webhooks,
    };
    let (title, label) = match &id {
        Some(_) => ("Edit webhook", "Save webhook"),
        None => ("New webhook", "Create webhook"),
    };
    html! {
        <main class="column" onfocusout={touched.on_focus_out()}>
            { ui::heading(title, saved.as_ref().map(|webhook| webhook.host.as_str())) }
            { remote.render(&sending, POINTERS, resolve) }
            { fields(context, &draft, &edit.form, &shown) }
            { ui::action_bar(Some((context.href(&back), "Cancel")), ui::primary(label, sending.is_busy() || remote.is_loading(), save)) }
        </main>
    }
}

fn fields(context: &Context, draft: &Draft<Edit>, form: &Form, sending: &Sending) -> Html {
    let formats = Format::ALL.map(|format| Choice {
        hint: hint(format).to_owned(),
        ..Choice::new(format, text::format(format))
    });
    let url = Field::new("url", "URL")
        .hint(url_hint(form.format))
        .error(sending.error("/url"));
    html! {
        <>
            { input::choice(&Field::new("format", "Format").error(sending.error("/format")), Some(&form.format), formats.to_vec(),
                &draft.on(|edit: &mut Edit, format| edit.form.format = format)) }
            { input::line(&url, Typing::Url, &form.url, draft.on(|edit: &mut Edit, text| edit.form.url = text)) }
            { events(draft, form, sending) }
            { components(context, draft, form, sending) }
        </>
    }
}

fn hint(format: Format) -> &'static str {
    match format {
        Format::Standard => "For programs, signed",
        Format::Slack | Format::Teams | Format::Discord => "Chat message",
    }
}

fn url_hint(format: Format) -> &'static str {
    match format {
        Format::Standard => "An https address that accepts POST requests.",
        Format::Slack => "The URL of an incoming webhook of your Slack app.",
        Format::Teams => {
            "The URL of a Teams workflow that posts to a channel when a webhook request is received."
        }
        Format::Discord => "The URL of a webhook in the channel’s settings.",
    }
}

/// Renders the selection of events.
fn events(draft: &Draft<Edit>, form: &Form, sending: &Sending) -> Html {
    let hint = match form.format.is_chat() {
        true => "Only posts with Notify switched on. Select none to receive all.",
        false => "Select none to receive all.",
    };
    let chips = offered_events(form.format).into_iter().map(|name| {
        let on = draft.on(move |edit: &mut Edit, ()| toggle(&mut edit.form.events, name));
        chip(text::event(name), form.events.contains(&name), on)
    });
    group("events", "Events", hint, sending.error("/events"), chips)
}

/// Renders the selection of components: as chips, or searchable if there are many. Deleted ones can be deselected.
fn components(context: &Context, draft: &Draft<Edit>, form: &Form, sending: &Sending) -> Html {
    let all = &context.snapshot.components;
    let are_many = all.len() > component_picker::MAX_LISTED;
    let is_known = |id: &&ComponentId| all.iter().any(|component| component.id == **id);
    let deleted = form.components.iter().filter(|id| !is_known(id));
    let own = all.iter().map(|component| &component.id);
    let selected = form.components.iter().filter(is_known);
    let shown: Vec<&ComponentId> = match are_many {
        true => selected.chain(deleted).collect(),
        false => own.chain(deleted).collect(),
    };
    if all.is_empty() && shown.is_empty() {
        return Html::default();
    }
    let chips = shown.into_iter().map(|id| {
        let own = id.clone();
        let on =
            draft.on(move |edit: &mut Edit, ()| toggle(&mut edit.form.components, own.clone()));
        chip(&component_name(all, id), form.components.contains(id), on)
    });
    let hint = "Only events about these components. Select none to receive all.";
    let error = sending.error("/components");
    let picker = are_many.then(|| {
        let selected = form.components.iter().map(|id| SelectedComponent {
            id: id.clone(),
            status: None,
        });
        let toggle = draft.on(|edit: &mut Edit, component: Component| toggle(&mut edit.form.components, component.id));
        html! { <ComponentPicker snapshot={context.snapshot.clone()} selected={selected.collect::<Vec<_>>()} {toggle} /> }
    });
    html! {
        <>
            { group("components", "Components", hint, error, chips) }
            { for picker }
        </>
    }
}

fn chip(label: &str, is_selected: bool, on: Callback<()>) -> Html {
    let clicked = Callback::from(move |_| on.emit(()));
    html! { <button type="button" aria-pressed={is_selected.to_string()} onclick={clicked}>{ label.to_owned() }</button> }
}

/// Renders a group of chips with its label, hint and error.
fn group(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    error: Option<String>,
    chips: impl Iterator<Item = Html>,
) -> Html {
    let label_id = format!("{id}-label");
    html! {
        <div class="field" role="group" aria-labelledby={label_id.clone()}>
            <p class="label" id={label_id}>{ label }</p>
            <p class="hint">{ hint }</p>
            <div class="chips" {id}>{ for chips }</div>
            if let Some(error) = error { <p class="error">{ error }</p> }
        </div>
    }
}

/// Returns the callback that saves. The saved webhook is read first, because its entity tag changes when deliveries start or
/// cease to fail.
fn save(
    context: &Context,
    draft: &Draft<Edit>,
    sending: &yew::UseStateHandle<Sending>,
    id: Option<&WebhookId>,
    done: Callback<Answer>,
) -> Callback<()> {
    let (context, draft, sending) = (context.clone(), draft.clone(), sending.clone());
    let path = id.map(|id| format!("/webhooks/{id}"));
    Callback::from(move |()| {
        if submit::is_blocked_by_conflict(&sending) || sending.is_busy() {
            return;
        }
        let (context, draft, sending) = (context.clone(), draft.clone(), sending.clone());
        let (path, done) = (path.clone(), done.clone());
        // Busy from the click on, while the webhook is read.
        sending.set(Sending::Busy);
        spawn_local(async move {
            let target = match path {
                None => Target::post("/webhooks"),
                Some(path) => match context.session.get_tagged::<Webhook>(&path).await {
                    Ok((now, _)) if draft.value().base != Some(Form::of(&now)) => {
                        return sending.set(Sending::Failed(Failure::Conflict));
                    }
                    Ok((_, etag)) => Target::patch(path, Some(etag)),
                    Err(Failure::SignedOut) => return context.on_session_end.emit(()),
                    Err(failure) => return sending.set(Sending::Failed(failure)),
                },
            };
            sending.set(Sending::Idle);
            let build = |edit: &Edit| edit.body(endpoint::network());
            submit::submit(&context, &draft, &sending, target, build, done);
        });
    })
}

/// Shows the secret of a new webhook. A chat's secret is not shown, because messages to chats are not signed.
fn show_created(
    context: &Context,
    answer: &Answer,
    created: &yew::UseStateHandle<Option<WebhookSecret>>,
) {
    match (answer.read::<WebhookSecret>(), answer.read::<Webhook>()) {
        (Ok(secret), Ok(webhook)) if webhook.format.is_chat() => {
            context.notify.emit("Webhook created.".to_owned());
            context.go(&Route::Webhook(secret.id));
        }
        (Ok(secret), _) => created.set(Some(secret)),
        (Err(_), _) => {
            context.notify.emit("Webhook created.".to_owned());
            context.go(&Route::Webhooks);
        }
    }
}

fn created_view(context: &Context, secret: &WebhookSecret) -> Html {
    let href = context.href(&Route::Webhook(secret.id.clone()));
    html! {
        <main class="column">
            { ui::heading("Webhook created", None) }
            { secret::render(secret) }
            { ui::action_bar(None, html! { <a class="button primary" {href}>{ "Go to webhook" }</a> }) }
        </main>
    }
}

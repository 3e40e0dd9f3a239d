//! All sites of the deployment, for operators who are signed in with the root token: the list, and the form of a new site.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::{
    body::slug,
    wire::{enums::Role, ids::Slug},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, UseStateHandle, component, html, use_effect_with, use_state};

use crate::{
    browser::storage::Lifetime,
    form::{draft::use_draft, sending::Sending, submit},
    route::{self, Route},
    server::{
        documents::{CreatedSite, ListedSite},
        failure::Failure,
        request,
        session::{self, Session},
    },
    ui::{
        self,
        input::{self, Field},
        typing::Typing,
    },
};

const PATH: &str = "/v1/sites";

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// The root token of the deployment.
    pub token: String,
    /// The lifetime of the token, and of sessions that are opened with it.
    pub lifetime: Lifetime,
    /// Called when the sessions of this device have changed.
    pub changed: Callback<()>,
}

impl Props {
    /// Goes to a site, and signs in to it if there is no session.
    fn open(&self, site: &Slug) {
        if session::all().iter().all(|session| session.site != *site) {
            self.add_session(site, &self.token);
        }
        route::go(site, &Route::Home);
    }

    fn add_session(&self, site: &Slug, token: &str) {
        let session = Session {
            site: site.clone(),
            token: token.to_owned(),
            role: Role::Owner,
            name: String::new(),
            is_device: false,
        };
        session::add(&session, self.lifetime);
        self.changed.emit(());
    }

    fn sign_out(&self) {
        session::remove_root_token();
        self.changed.emit(());
        route::go_to("#");
    }
}

type Listing = Option<Result<Rc<Vec<ListedSite>>, Failure>>;

#[component]
pub fn Sites(props: &Props) -> Html {
    let listing = use_state(|| None);
    let fetch = {
        let (props, listing) = (props.clone(), listing.clone());
        Callback::from(move |()| read(&props, &listing))
    };
    {
        let fetch = fetch.clone();
        use_effect_with((), move |()| fetch.emit(()));
    }
    let item = |site: &ListedSite| {
        let (props, slug) = (props.clone(), site.slug.clone());
        html! { <li>{ ui::secondary(site.slug.as_str(), Callback::from(move |()| props.open(&slug))) }</li> }
    };
    let list = match &*listing {
        None => ui::loading(),
        Some(Err(failure)) => html! {
            <>
                <div class="alert" role="alert"><p>{ failure.message() }</p></div>
                { ui::secondary("Try again", fetch) }
            </>
        },
        Some(Ok(sites)) if sites.is_empty() => ui::empty("No sites yet. Create your first."),
        Some(Ok(sites)) => html! { <ul class="rows places">{ for sites.iter().map(item) }</ul> },
    };
    let sign_out = {
        let props = props.clone();
        Callback::from(move |()| props.sign_out())
    };
    html! {
        <>
            <header class="top"><span class="site">{ "Allclear" }</span></header>
            <main class="column">
                { ui::heading("Sites", Some("You are signed in with the root token, which has full access to every site.")) }
                { list }
                <NewSite ..props.clone() />
                { ui::secondary("Sign out", sign_out) }
            </main>
        </>
    }
}

fn read(props: &Props, listing: &UseStateHandle<Listing>) {
    let (props, listing) = (props.clone(), listing.clone());
    spawn_local(async move {
        match request::read_all::<ListedSite>(PATH, &props.token, |_| {}).await {
            Ok(list) => listing.set(Some(Ok(Rc::new(list)))),
            Err(Failure::SignedOut) => props.sign_out(),
            Err(failure) => listing.set(Some(Err(failure))),
        }
    });
}

/// The form. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Form {
    name: String,
    /// `None`: derived from the name.
    slug: Option<String>,
}

impl Form {
    fn slug(&self) -> String {
        self.slug.clone().unwrap_or_else(|| slug_from(&self.name))
    }

    /// The slug as it is sent: in lower case, because phones begin fields with a capital letter.
    fn sent_slug(&self) -> String {
        self.slug().trim().to_lowercase()
    }
}

/// Derives a slug from a name.
fn slug_from(name: &str) -> String {
    let slug: String = slug::words(name).chars().take(Slug::MAX).collect();
    slug.trim_end_matches('-').to_owned()
}

/// The form of a new site.
#[component]
fn NewSite(props: &Props) -> Html {
    let draft = use_draft("*", "site", Form::default);
    let sending = use_state(|| Sending::Idle);
    let created = use_state(|| None::<Rc<CreatedSite>>);
    let form = draft.value();
    let create = {
        let (props, draft) = (props.clone(), draft.clone());
        let (sending, created) = (sending.clone(), created.clone());
        Callback::from(move |()| {
            if sending.is_busy() {
                return;
            }
            sending.set(Sending::Busy);
            let form = draft.value();
            let fresh = json!({ "slug": form.sent_slug(), "name": form.name.trim() }).to_string();
            let body = draft.sent_body().unwrap_or(fresh);
            let (props, draft) = (props.clone(), draft.clone());
            let (sending, created) = (sending.clone(), created.clone());
            spawn_local(async move {
                let sent =
                    submit::send_draft(&draft, Method::POST, PATH, &props.token, None, body).await;
                match sent.and_then(|answer| answer.read::<CreatedSite>()) {
                    Ok(site) => {
                        // Stored before it is shown, so that access is not lost with the tab.
                        let token = site.token.as_ref().unwrap_or(&props.token);
                        props.add_session(&site.site.slug, token);
                        sending.set(Sending::Idle);
                        created.set(Some(Rc::new(site)));
                    }
                    Err(Failure::SignedOut) => props.sign_out(),
                    Err(failure) => sending.set(Sending::Failed(failure)),
                }
            });
        })
    };
    if let Some(created) = &*created {
        return render_created(props, created);
    }
    let error = |pointer: &str| sending.error(pointer);
    html! {
        <section>
            <h2>{ "New site" }</h2>
            { ui::failure(&sending, &["/name", "/slug"]) }
            { input::line(&Field::new("name", "Product name").hint("As users know it.").error(error("/name")), Typing::Name, &form.name, draft.on(|form: &mut Form, text| form.name = text)) }
            { input::line(&Field::new("slug", "Slug").hint("Used in addresses. Lower-case letters, digits and hyphens. It cannot be changed later.").error(error("/slug")), Typing::Code, &form.slug(), draft.on(|form: &mut Form, text| form.slug = Some(text))) }
            <div class="buttons">{ ui::primary("Create site", sending.is_busy(), create) }</div>
        </section>
    }
}

/// Renders the new site's owner token, which is shown once, and a link to the site.
fn render_created(props: &Props, created: &CreatedSite) -> Html {
    let (go, slug) = (props.clone(), created.site.slug.clone());
    html! {
        <section>
            <h2>{ format!("{} created", created.site.name) }</h2>
            { ui::secret(created.token.as_deref(), "This is the site's owner token. Copy it now: it is not shown again. This device is signed in with it.") }
            <div class="buttons">{ ui::primary(&format!("Go to {}", created.site.name), false, Callback::from(move |()| go.open(&slug))) }</div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::slug_from;
    use notice::wire::ids::Slug;

    #[test]
    fn a_name_becomes_a_slug() {
        for (name, slug) in [
            ("Acme SMS", "acme-sms"),
            ("  Acme (Europe)! ", "acme-europe"),
            ("Ünï", "uni"),
            ("Große Straße", "grosse-strasse"),
        ] {
            assert_eq!(slug_from(name), slug);
        }
        assert!(Slug::parse(&slug_from(&"long name ".repeat(9))).is_some());
    }
}

//! All sites of the deployment, for the holder of the root token: opening each, and creating one.

use std::rc::Rc;

use gloo_net::http::Method;
use notice::wire::{ids::Slug, words::Role};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, UseStateHandle, component, html, use_effect_with, use_state};

use crate::{
    api::{self, Failure},
    documents::{ListedSite, MadeSite},
    draft::use_draft,
    input::{self, Field},
    route::{self, Route},
    session::{self, Session},
    storage::Lifetime,
    submit::{self, Sending},
    view,
};

const PATH: &str = "/v1/sites";

/// What the view is given.
#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    /// The root token.
    pub token: String,
    /// For how long it is kept, and what is opened with it.
    pub lifetime: Lifetime,
    /// Called when this device has other sessions than before.
    pub changed: Callback<()>,
}

impl Props {
    /// Signs in to a site, unless this device is, and goes there.
    fn open(&self, site: &Slug) {
        if session::all().iter().all(|session| session.site != *site) {
            self.keep(site, &self.token);
        }
        route::go(site, &Route::Home);
    }

    fn keep(&self, site: &Slug, token: &str) {
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

    fn leave(&self) {
        session::remove_root();
        self.changed.emit(());
        route::go_to("#");
    }
}

type Found = Option<Result<Rc<Vec<ListedSite>>, Failure>>;

/// The view.
#[component]
pub fn Sites(props: &Props) -> Html {
    let found = use_state(|| None);
    let fetch = {
        let (props, found) = (props.clone(), found.clone());
        Callback::from(move |()| read(&props, &found))
    };
    {
        let fetch = fetch.clone();
        use_effect_with((), move |()| fetch.emit(()));
    }
    let one = |site: &ListedSite| {
        let (props, slug) = (props.clone(), site.slug.clone());
        html! { <li>{ view::secondary(site.slug.as_str(), Callback::from(move |()| props.open(&slug))) }</li> }
    };
    let list = match &*found {
        None => html! { <p role="status" class="soft" aria-busy="true">{ "Loading …" }</p> },
        Some(Err(failure)) => html! {
            <>
                <div class="alert" role="alert"><p>{ failure.words() }</p></div>
                { view::secondary("Try again", fetch) }
            </>
        },
        Some(Ok(sites)) if sites.is_empty() => view::empty("No sites yet. Create your first."),
        Some(Ok(sites)) => html! { <ul class="rows places">{ for sites.iter().map(one) }</ul> },
    };
    let leave = {
        let props = props.clone();
        Callback::from(move |()| props.leave())
    };
    html! {
        <>
            <header class="top"><span class="site">{ "Allclear" }</span></header>
            <main class="column">
                { view::heading("Sites", Some("You are signed in with the root token, which has full access to every site.")) }
                { list }
                <Make ..props.clone() />
                { view::secondary("Sign out", leave) }
            </main>
        </>
    }
}

fn read(props: &Props, found: &UseStateHandle<Found>) {
    let (props, found) = (props.clone(), found.clone());
    spawn_local(async move {
        match api::all::<ListedSite>(PATH, &props.token, |_| {}).await {
            Ok(list) => found.set(Some(Ok(Rc::new(list)))),
            Err(Failure::SignedOut) => props.leave(),
            Err(failure) => found.set(Some(Err(failure))),
        }
    });
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Form {
    name: String,
    /// `None`: made from the name.
    slug: Option<String>,
}

impl Form {
    fn slug(&self) -> String {
        self.slug.clone().unwrap_or_else(|| slug_of(&self.name))
    }
}

/// A name as an address has it.
fn slug_of(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").chars().take(39).collect()
}

/// A new site.
#[component]
fn Make(props: &Props) -> Html {
    let draft = use_draft("*", "site", Form::default);
    let sending = use_state(|| Sending::Idle);
    let made = use_state(|| None::<Rc<MadeSite>>);
    let form = draft.value();
    let make = {
        let (props, draft) = (props.clone(), draft.clone());
        let (sending, made) = (sending.clone(), made.clone());
        Callback::from(move |()| {
            if sending.is_busy() {
                return;
            }
            sending.set(Sending::Busy);
            let form = draft.value();
            let fresh = json!({ "slug": form.slug(), "name": form.name.trim() }).to_string();
            let body = draft.sent_body().unwrap_or(fresh);
            let (props, draft) = (props.clone(), draft.clone());
            let (sending, made) = (sending.clone(), made.clone());
            spawn_local(async move {
                let sent =
                    submit::deliver(&draft, Method::POST, PATH, &props.token, None, body).await;
                match sent.and_then(|answer| answer.read::<MadeSite>()) {
                    Ok(site) => {
                        // Kept before it is shown: the way in is not lost with the tab.
                        let token = site.token.as_ref().unwrap_or(&props.token);
                        props.keep(&site.site.slug, token);
                        sending.set(Sending::Idle);
                        made.set(Some(Rc::new(site)));
                    }
                    Err(Failure::SignedOut) => props.leave(),
                    Err(failure) => sending.set(Sending::Failed(failure)),
                }
            });
        })
    };
    if let Some(made) = &*made {
        return done(props, made);
    }
    let error = |pointer: &str| sending.error(pointer);
    html! {
        <section>
            <h2>{ "New site" }</h2>
            { view::failure(&sending, &["/name", "/slug"]) }
            { input::line(&Field::new("name", "Product name").hint("As users know it.").error(error("/name")), "text", &form.name, draft.on(|form: &mut Form, text| form.name = text)) }
            { input::line(&Field::new("slug", "Slug").hint("Used in addresses. Lower-case letters, digits and hyphens. It cannot be changed later.").error(error("/slug")), "text", &form.slug(), draft.on(|form: &mut Form, text| form.slug = Some(text))) }
            <div class="buttons">{ view::primary("Create site", sending.is_busy(), make) }</div>
        </section>
    }
}

/// The new site's owner token, shown once, and a link to the site.
fn done(props: &Props, made: &MadeSite) -> Html {
    let (go, slug) = (props.clone(), made.site.slug.clone());
    html! {
        <section>
            <h2>{ format!("{} created", made.site.name) }</h2>
            { view::secret(made.token.as_deref(), "This is the site's owner token. Copy it now: it is not shown again. This device is signed in with it.") }
            <div class="buttons">{ view::primary(&format!("Go to {}", made.site.name), false, Callback::from(move |()| go.open(&slug))) }</div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::slug_of;
    use notice::wire::ids::Slug;

    #[test]
    fn a_name_becomes_an_address() {
        for (name, slug) in [
            ("Acme SMS", "acme-sms"),
            ("  Acme (Europe)! ", "acme-europe"),
            ("Ünï", "n"),
        ] {
            assert_eq!(slug_of(name), slug);
        }
        assert!(Slug::parse(&slug_of(&"long name ".repeat(9))).is_some());
    }
}

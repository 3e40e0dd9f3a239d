//! Access to the site: invitations, devices and tokens.

mod invitations;
mod tokens;

use notice::wire::enums::Role;
use serde::{Deserialize, Serialize};
use serde_json::json;
use yew::{Callback, Html, component, html, use_state};

use self::{
    invitations::{Invite, Pending},
    tokens::{NewToken, Tokens},
};
use crate::{
    form::non_blank,
    route::Route,
    server::failure::Failure,
    text::labels,
    ui::{self, input::Choice, tabs},
    view::ContextProps,
};

/// Shown beside a new secret.
const COPY_NOW: &str = "Copy it now: it is not shown again.";

#[component]
pub fn Access(props: &ContextProps) -> Html {
    let context = &props.context;
    // Counts changes; the lists are read again when it increases.
    let changes = use_state(|| 0_u32);
    let changed = {
        let changes = changes.clone();
        Callback::from(move |()| changes.set(changes.wrapping_add(1)))
    };
    html! {
        <main class="column">
            { ui::heading("Access", None) }
            { tabs::settings(context, &Route::Access) }
            if context.session.may_write() {
                <Invite context={context.clone()} changed={changed.clone()} />
                <Pending context={context.clone()} changes={*changes} changed={changed.clone()} />
            }
            <Tokens context={context.clone()} changes={*changes} changed={changed.clone()} />
            if context.session.is_owner() { <NewToken context={context.clone()} {changed} /> }
        </main>
    }
}

/// The form of an invitation or a token. Stored drafts use these field names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Form {
    name: String,
    role: Role,
}

impl Form {
    fn with_role(role: Role) -> Self {
        Self {
            name: String::new(),
            role,
        }
    }

    fn request(&self) -> Result<String, Failure> {
        Ok(match non_blank(&self.name) {
            Some(name) => json!({ "role": self.role, "name": name }),
            None => json!({ "role": self.role }),
        }
        .to_string())
    }
}

fn role_choices(roles: &[Role]) -> Vec<Choice<Role>> {
    let choice = |role: &Role| {
        let (label, hint) = labels::role(*role)
            .split_once(" – ")
            .unwrap_or((labels::role(*role), ""));
        Choice {
            hint: hint.to_owned(),
            ..Choice::new(*role, label)
        }
    };
    roles.iter().map(choice).collect()
}

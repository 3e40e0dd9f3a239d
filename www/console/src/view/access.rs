//! Who has access: invitations, devices and tokens.

mod invitations;
mod tokens;

use notice::wire::words::Role;
use serde::{Deserialize, Serialize};
use serde_json::json;
use yew::{Callback, Html, component, html, use_state};

use self::{
    invitations::{Invite, Pending},
    tokens::{NewToken, Tokens},
};
use crate::{
    api::Failure,
    form::filled,
    input::Choice,
    route::Route,
    view::{self, DeskProps, tabs},
    words,
};

/// Said beside a secret that was just created.
const COPY: &str = "Copy it now: it is not shown again.";

/// The view.
#[component]
pub fn Access(props: &DeskProps) -> Html {
    let desk = &props.desk;
    // Counts changes, so that the lists are read anew.
    let changes = use_state(|| 0_u32);
    let changed = {
        let changes = changes.clone();
        Callback::from(move |()| changes.set(changes.wrapping_add(1)))
    };
    html! {
        <main class="column">
            { view::heading("Access", None) }
            { tabs::settings(desk, &Route::Access) }
            if desk.session.may_write() {
                <Invite desk={desk.clone()} changed={changed.clone()} />
                <Pending desk={desk.clone()} changes={*changes} changed={changed.clone()} />
            }
            <Tokens desk={desk.clone()} changes={*changes} changed={changed.clone()} />
            if desk.session.is_owner() { <NewToken desk={desk.clone()} {changed} /> }
        </main>
    }
}

/// What is asked for: a name and a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    name: String,
    role: Role,
}

impl Asked {
    fn of(role: Role) -> Self {
        Self {
            name: String::new(),
            role,
        }
    }

    fn request(&self) -> Result<String, Failure> {
        Ok(match filled(&self.name) {
            Some(name) => json!({ "role": self.role, "name": name }),
            None => json!({ "role": self.role }),
        }
        .to_string())
    }
}

fn roles(among: &[Role]) -> Vec<Choice<Role>> {
    let choice = |role: &Role| {
        let (label, hint) = words::role(*role)
            .split_once(" – ")
            .unwrap_or((words::role(*role), ""));
        Choice {
            hint: hint.to_owned(),
            ..Choice::new(*role, label)
        }
    };
    among.iter().map(choice).collect()
}

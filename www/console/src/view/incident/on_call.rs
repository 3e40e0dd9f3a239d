//! The pages about an incident's overdue updates: target, time and result.

use yew::{Html, component, html};

use crate::{
    server::on_call::{Escalation, OnCall},
    text::on_call as text,
    time::format,
    view::{IncidentProps, load::use_resource},
};

/// Lists the pages about an incident. Renders nothing if there are none, or if the server does not know them.
#[component]
pub fn Paged(props: &IncidentProps) -> Html {
    let IncidentProps { context, id } = props;
    let loaded = use_resource::<OnCall>(context, Some("/on-call".to_owned()), 0);
    let Some(on_call) = loaded.value else {
        return Html::default();
    };
    let all = on_call.escalations.iter();
    let mut own = all.filter(|one| one.incident == *id).peekable();
    if own.peek().is_none() {
        return Html::default();
    }
    html! {
        <section>
            <h2>{ "On call" }</h2>
            <ul class="rows">{ for own.map(item) }</ul>
        </section>
    }
}

fn item(escalation: &Escalation) -> Html {
    let pages = escalation.pages.iter();
    let pages = pages.map(|page| text::page(page, &format::time(page.at)));
    let next = escalation.next_page_at.map(format::time);
    let state = text::state(escalation, next.as_deref());
    html! {
        <li key={escalation.owed_at.to_string()}>
            <span>{ format!("Update due {}", format::full(escalation.owed_at)) }</span>
            <ul class="paged">{ for pages.map(|page| html! { <li>{ page }</li> }) }</ul>
            <span class="soft">{ state }</span>
        </li>
    }
}

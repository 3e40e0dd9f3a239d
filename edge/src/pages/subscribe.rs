//! The form for mail: about one incident, or about the site. And the form that changes a subscription.

use ::notice::{
    notify::subscription::{SiteSubscription, Updates},
    wire::{component::Component, ids::IncidentId, incident::Incident, language::Language},
};
use maud::{Markup, html};

use super::{
    Context, is_public,
    subscriber_page::{SubscriberPage, lead},
    texts::{Texts, fill_text},
};
use crate::http::subscription_form::TRAP;

/// The page with the form. `None` if the incident does not exist or is not public. `incident`: the one whose end is asked for.
pub fn render(context: &Context<'_>, incident: Option<&IncidentId>) -> Option<String> {
    let texts = context.texts;
    let about = match incident {
        Some(id) => {
            let found = context.state.incidents.get(id);
            Some(found.filter(|found| is_public(found))?)
        }
        None => None,
    };
    let language = context.language;
    let hidden = html! {
        input type="hidden" name="lang" value=(language);
        (email(texts))
        (trap(texts))
    };
    let action = context.link("/subscribe");
    let (title, form) = match about {
        Some(incident) => (
            texts.when_back,
            html! {
                (lead(&context.show(incident).notice.title))
                @if incident.is_open() || incident.postmortem.is_none() {
                    form class="fields" method="post" action=(action) {
                        (hidden)
                        input type="hidden" name="incident" value=(incident.id);
                        @if incident.is_open() {
                            (checkbox("explanation", texts.explanation, false))
                        } @else {
                            (lead(texts.explanation_only))
                            input type="hidden" name="explanation" value="1";
                        }
                        (end(texts, texts.subscribe_button))
                    }
                } @else { (lead(texts.incident_over)) }
            },
        ),
        None => (
            texts.subscribe,
            html! {
                form class="fields" method="post" action=(action) {
                    (hidden)
                    (site_fields(texts, &default_choice(), &context.state.components))
                    (end(texts, texts.subscribe_button))
                }
            },
        ),
    };
    let home = context.link("");
    let page = SubscriberPage {
        language,
        title,
        content: form,
        home: Some((&home, &context.site.name)),
    };
    Some(page.render())
}

fn default_choice() -> SiteSubscription {
    SiteSubscription {
        updates: Updates::All,
        maintenance: true,
        components: Vec::new(),
    }
}

/// The link to the form for an incident that goes on; empty if the site sends no mail.
pub fn incident_link(context: &Context<'_>, incident: &Incident) -> Markup {
    html! {
        @if context.has_mail && incident.is_open() {
            p class="subscribe" {
                a href=(context.link(&format!("/subscribe?incident={}", incident.id))) { (context.texts.when_back) }
            }
        }
    }
}

/// The link to the form for the site; empty if the site sends no mail.
pub fn site_link(context: &Context<'_>) -> Markup {
    html! {
        @if context.has_mail {
            p class="subscribe" { a href=(context.link("/subscribe")) { (context.texts.subscribe) } }
        }
    }
}

/// The content of the page of a subscription.
pub struct Subscription<'a> {
    pub language: &'a Language,
    /// Name of the site.
    pub site: &'a str,
    pub address: &'a str,
    pub choice: &'a SiteSubscription,
    /// Id, title and page of each incident.
    pub incidents: &'a [(IncidentId, String, String)],
    pub components: &'a [Component],
    /// The languages of the site.
    pub languages: &'a [Language],
    /// Address of the page.
    pub url: &'a str,
    /// Address of the page that unsubscribes.
    pub unsubscribe_url: &'a str,
    /// Address of the status page.
    pub home: &'a str,
}

/// The page of a subscription, whose form changes it.
pub fn subscription(subscription: &Subscription<'_>) -> String {
    let texts = Texts::in_language(subscription.language);
    let content = html! {
        (lead(&fill_text(texts.mails_to, &[subscription.address])))
        form class="fields" method="post" action=(subscription.url) {
            @if !subscription.incidents.is_empty() {
                fieldset {
                    legend { (texts.followed) }
                    @for (id, title, url) in subscription.incidents {
                        label class="choice" {
                            input type="checkbox" name="followed" value=(id) checked;
                            a href=(url) dir="auto" { (title) }
                        }
                    }
                }
            }
            (site_fields(texts, subscription.choice, subscription.components))
            @if subscription.languages.len() > 1 {
                label class="field" {
                    span { (texts.languages) }
                    select name="lang" {
                        @for language in subscription.languages {
                            option value=(language) selected[language == subscription.language] {
                                (super::layout::own_name(language))
                            }
                        }
                    }
                }
            }
            button type="submit" { (texts.save_subscription) }
        }
        ul {
            li { a href=(format!("{}/export", subscription.url)) { (texts.export_data) } }
            li { a href=(subscription.unsubscribe_url) { (texts.unsubscribe) } }
        }
    };
    let page = SubscriberPage {
        language: subscription.language,
        title: texts.subscription,
        content,
        home: Some((subscription.home, subscription.site)),
    };
    page.render()
}

fn email(texts: &Texts) -> Markup {
    html! {
        label class="field" {
            span { (texts.email) }
            input type="email" name="email" required autocomplete="email" dir="ltr" maxlength="254";
        }
    }
}

/// A field that people do not see, against programs that fill all fields.
fn trap(texts: &Texts) -> Markup {
    html! {
        label class="unseen" aria-hidden="true" {
            span { (texts.email_trap) }
            input type="text" name=(TRAP) tabindex="-1" autocomplete="off";
        }
    }
}

fn end(texts: &Texts, label: &str) -> Markup {
    html! {
        p class="soft" { (texts.privacy) }
        button type="submit" { (label) }
    }
}

fn site_fields(texts: &Texts, choice: &SiteSubscription, components: &[Component]) -> Markup {
    html! {
        fieldset {
            legend { (texts.updates_of) }
            @for (updates, label) in [
                (Updates::All, texts.updates_all),
                (Updates::Resolved, texts.updates_resolved),
                (Updates::None, texts.updates_none),
            ] {
                label class="choice" {
                    input type="radio" name="updates" value=(updates.as_str()) checked[choice.updates == updates];
                    span { (label) }
                }
            }
        }
        (checkbox("maintenance", texts.updates_maintenance, choice.maintenance))
        @if !components.is_empty() {
            details open[!choice.components.is_empty()] {
                summary { (texts.only_components) }
                p class="soft" { (texts.no_component) }
                @for component in components {
                    label class="choice" {
                        input type="checkbox" name="component" value=(component.id)
                            checked[choice.components.contains(&component.id)];
                        span dir="auto" { (component.name) }
                    }
                }
            }
        }
    }
}

fn checkbox(name: &str, label: &str, is_checked: bool) -> Markup {
    html! {
        label class="choice" {
            input type="checkbox" name=(name) value="1" checked[is_checked];
            span { (label) }
        }
    }
}

#[cfg(test)]
mod tests {
    use ::notice::{
        notify::subscription::{SiteSubscription, Updates},
        wire::language::Language,
    };

    use super::{Subscription, subscription};

    #[test]
    fn texts_of_a_subscription_are_escaped() {
        let language = Language::parse("ar").unwrap();
        let page = subscription(&Subscription {
            language: &language,
            site: "Acme <b>SMS</b>",
            address: "<i>@example.com",
            choice: &SiteSubscription {
                updates: Updates::Resolved,
                ..SiteSubscription::default()
            },
            incidents: &[],
            components: &[],
            languages: &[],
            url: "/s/acme/subscription/secret",
            unsubscribe_url: "/s/acme/unsubscribe/secret",
            home: "/s/acme",
        });
        assert!(page.contains("dir=\"rtl\""), "{page}");
        assert!(page.contains("&lt;i&gt;@example.com"), "{page}");
        assert!(!page.contains("<b>") && !page.contains("<i>"), "{page}");
        assert!(page.contains("value=\"resolved\" checked"), "{page}");
        assert!(!page.contains("<script"), "{page}");
    }
}

//! The test of a webhook: sends an example, and waits for the result of its delivery.

use gloo_timers::future::TimeoutFuture;
use notice::wire::ids::WebhookId;
use yew::{Callback, Html, classes, component, html, use_mut_ref, use_state};

use crate::{
    browser::task::Task,
    context::Context,
    form::sending::Sending,
    server::{
        documents::Collection,
        failure::Failure,
        request::{self, Payload},
        webhooks::{Delivery, DeliveryState, Queued},
    },
    text::webhooks as text,
    ui,
};

/// Time between two reads of the delivery, in milliseconds.
const INTERVAL_MS: u32 = 500;
/// Maximum number of reads of the delivery: 20 s in all, because an attempt takes up to 15 s.
const MAX_READS: u32 = 40;

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    pub id: WebhookId,
    /// Whether a test can be sent. The result of a test stays visible if that test has disabled the webhook.
    pub is_enabled: bool,
    /// Called when the test has a result.
    pub changed: Callback<()>,
}

/// The result of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    /// The first attempt is over.
    Attempted(Box<Delivery>),
    /// There was no attempt in time, because others were waiting.
    Waiting,
}

#[component]
pub fn SendTest(props: &Props) -> Html {
    let Props {
        context,
        id,
        is_enabled,
        changed,
    } = props;
    let sending = use_state(|| Sending::Idle);
    let outcome = use_state(|| None::<Outcome>);
    // Cancelled when the view disappears.
    let task = use_mut_ref(|| None::<Task>);
    let send = {
        let (context, id, changed) = (context.clone(), id.clone(), changed.clone());
        let (sending, outcome) = (sending.clone(), outcome.clone());
        Callback::from(move |()| {
            if sending.is_busy() {
                return;
            }
            sending.set(Sending::Busy);
            outcome.set(None);
            let (context, id, changed) = (context.clone(), id.clone(), changed.clone());
            let (sending, outcome) = (sending.clone(), outcome.clone());
            task.replace(Some(Task::start(async move {
                match test(&context, &id).await {
                    Ok(found) => {
                        sending.set(Sending::Idle);
                        outcome.set(Some(found));
                        changed.emit(());
                    }
                    Err(Failure::SignedOut) => context.on_session_end.emit(()),
                    Err(failure) => sending.set(Sending::Failed(failure)),
                }
            })));
        })
    };
    let label = match sending.is_busy() {
        true => "Testing …",
        false => "Send a test",
    };
    html! {
        <>
            { ui::failure(&sending, &[]) }
            if *is_enabled { <div class="buttons">{ ui::secondary(label, send) }</div> }
            <div class="outcome" role="status">{ for outcome.iter().map(render) }</div>
        </>
    }
}

fn render(outcome: &Outcome) -> Html {
    let (sentence, tone) = match outcome {
        Outcome::Waiting => (
            "The test is queued. Its result appears below.".to_owned(),
            "maintenance",
        ),
        Outcome::Attempted(delivery) => {
            let result = delivery.last_attempt.as_ref().map(text::result);
            let result = result.unwrap_or_default();
            match delivery.state {
                DeliveryState::Delivered => (format!("Test delivered. {result}."), "restored"),
                _ => (
                    format!("Test failed. {}.", result.trim_end_matches('.')),
                    "critical",
                ),
            }
        }
    };
    html! { <p class={classes!("result", tone)}>{ sentence }</p> }
}

/// Sends a test, and reads the deliveries until its first attempt is over.
async fn test(context: &Context, id: &WebhookId) -> Result<Outcome, Failure> {
    let path = context.session.path(&format!("/webhooks/{id}/test"));
    let token = Some(context.session.token.as_str());
    let method = gloo_net::http::Method::POST;
    let answer = request::send(method, &path, token, &Payload::default()).await?;
    let queued: Queued = answer.read()?;
    let path = format!("/webhooks/{id}/deliveries?limit=100");
    for _ in 0..MAX_READS {
        let (page, _) = context.session.get::<Collection<Delivery>>(&path).await?;
        let mut found = page.items.into_iter();
        let found = found.find(|delivery| delivery.message == queued.message);
        if let Some(delivery) = found.filter(|delivery| delivery.last_attempt.is_some()) {
            return Ok(Outcome::Attempted(Box::new(delivery)));
        }
        TimeoutFuture::new(INTERVAL_MS).await;
    }
    Ok(Outcome::Waiting)
}

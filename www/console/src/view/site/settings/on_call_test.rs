//! The test of the on-call targets: sends a message to each, and waits until it is known which were reached.

use gloo_timers::future::TimeoutFuture;
use yew::{Callback, Html, classes, component, html, use_mut_ref, use_state};

use crate::{
    browser::task::Task,
    context::Context,
    form::sending::Sending,
    server::{
        failure::Failure,
        on_call::{OnCall, QueuedTest, TestDelivery},
        request::{self, Payload},
    },
    text::on_call as text,
    ui,
};

/// Time between two reads of the result, in milliseconds.
const INTERVAL_MS: u32 = 500;
/// Maximum number of reads of the result: 20 s in all, because an attempt takes up to 15 s.
const MAX_READS: u32 = 40;

#[derive(Clone, Debug, PartialEq, yew::Properties)]
pub struct Props {
    pub context: Context,
    /// Called when a test has results.
    pub tested: Callback<()>,
}

/// The button that tests the saved targets, and the result for each. Renders nothing for a site without targets.
#[component]
pub fn OnCallTest(props: &Props) -> Html {
    let Props { context, tested } = props;
    let sending = use_state(|| Sending::Idle);
    let results = use_state(Vec::<TestDelivery>::new);
    // Cancelled when the view disappears.
    let task = use_mut_ref(|| None::<Task>);
    let send = {
        let (context, sending, results) = (context.clone(), sending.clone(), results.clone());
        let tested = tested.clone();
        Callback::from(move |()| {
            if sending.is_busy() {
                return;
            }
            sending.set(Sending::Busy);
            results.set(Vec::new());
            let (context, sending, results) = (context.clone(), sending.clone(), results.clone());
            let tested = tested.clone();
            task.replace(Some(Task::start(async move {
                match test(&context).await {
                    Ok(found) => {
                        sending.set(Sending::Idle);
                        results.set(found);
                        tested.emit(());
                    }
                    Err(Failure::SignedOut) => context.on_session_end.emit(()),
                    Err(failure) => sending.set(Sending::Failed(failure)),
                }
            })));
        })
    };
    if context.snapshot.site.on_call.is_empty() {
        return Html::default();
    }
    let label = match sending.is_busy() {
        true => "Testing …",
        false => "Test on-call",
    };
    html! {
        <section>
            <h2>{ "Test" }</h2>
            <p class="hint">{ "Sends a message to every saved target that says that it is a test." }</p>
            { ui::failure(&sending, &[]) }
            <div class="buttons">{ ui::secondary(label, send) }</div>
            <div class="outcome" role="status">{ for results.iter().map(result) }</div>
        </section>
    }
}

fn result(delivery: &TestDelivery) -> Html {
    let (sentence, is_reached) = text::test_result(delivery);
    let tone = if is_reached { "restored" } else { "critical" };
    html! { <p class={classes!("result", tone)}>{ sentence }</p> }
}

/// Sends a test, and reads its deliveries until each has a result, or for as long as an attempt takes.
async fn test(context: &Context) -> Result<Vec<TestDelivery>, Failure> {
    let path = context.session.path("/on-call/test");
    let token = Some(context.session.token.as_str());
    let method = gloo_net::http::Method::POST;
    let answer = request::send(method, &path, token, &Payload::default()).await?;
    let queued: QueuedTest = answer.read()?;
    let mut deliveries = Vec::new();
    for _ in 0..MAX_READS {
        let (on_call, _) = context.session.get::<OnCall>("/on-call").await?;
        let own = on_call
            .last_test
            .filter(|test| test.message == queued.message);
        if let Some(own) = own {
            deliveries = own.deliveries;
            if deliveries.iter().all(TestDelivery::has_result) {
                break;
            }
        }
        TimeoutFuture::new(INTERVAL_MS).await;
    }
    Ok(deliveries)
}

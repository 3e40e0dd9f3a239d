//! The texts of the collapsed card: their order, and where they are cut.

use crate::host::{full_notice, host, run_in_card, wait_in_card};
use serde_json::{Value, json};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_card_shows_title_advice_and_times_in_order() {
    let host = host("", "en", &[full_notice("inc_1", "Messages are delayed")]);
    let browser = open_on_phone(&host, "Messages are delayed").await;
    let order = "return ['.head > .icon', '[part=title]', '[part=advice]', '.meta', '[part=toggle]'].map(one => box(one).top)";
    wait_in_card(&browser, "the order", order, |order| {
        let order: Vec<f64> = serde_json::from_value(order.clone()).unwrap();
        (order[0] - order[1]).abs() < 8.0 && order[1..].is_sorted()
    })
    .await;
    let words = run_in_card(&browser, "return root.querySelector('.card').innerText").await;
    let words = words.as_str().unwrap().split_whitespace();
    let words = words.collect::<Vec<_>>().join(" ");
    assert!(
        words.starts_with("Major: Messages are delayed Do not resend: it will arrive. Updated "),
        "{words}"
    );
    assert!(words.contains(" · next update by "), "{words}");
    assert!(!words.contains("We are on it."), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_advice_the_newest_update_takes_its_place() {
    let mut notice = full_notice("inc_1", "Messages are delayed");
    notice["advice"] = Value::Null;
    notice["updates"][0]["body"] = json!(LONG_ADVICE);
    let host = host("", "en", &[notice]);
    let browser = open_on_phone(&host, "Messages are delayed").await;
    let update = "return [root.querySelector('[part=update]').textContent, box('[part=update]').height, !!root.querySelector('[part=advice]')]";
    wait_in_card(&browser, "the update, cut to two lines", update, |update| {
        let text = update[0].as_str().unwrap_or_default();
        text.starts_with("Do not resend anything")
            && text.ends_with("\u{a0}…")
            && (&update[1], &update[2]) == (&json!(44), &json!(false))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_is_cut_at_a_word_within_three_lines() {
    let link = "While this lasts please send all of your urgent messages with [the other carrier of ours, which works as it always did](https://other.example/) instead of the usual one.";
    let number = "While this lasts please do not send anything urgent with us, and call our support at any time of the day at +61 2 5550 0100 or at +61 2 5550 0199 instead.";
    let german = "Bitte versenden Sie keine Nachrichten noch einmal: Empfangsbestätigungsverzögerungen sind vorübergehend, und Sendewiederholungsversuche verschlimmern die Warteschlangenüberlastung.";
    let arabic = "لا تعد إرسال أي رسالة من فضلك: رسائلك في الانتظار وستصل بالترتيب الذي أرسلتها به، كل واحدة منها مرة واحدة، بما فيها الرسائل ذات المرفقات والرسائل إلى المجموعات الكبيرة.";
    let host = host("", "en", &[full_notice("inc_1", "Messages are delayed")]);
    let browser = open_on_phone(&host, "Messages are delayed").await;
    let texts = [
        (LONG_ADVICE, "en"),
        (link, "en"),
        (number, "en"),
        (german, "de"),
        (arabic, "ar"),
    ];
    for (rev, (advice, lang)) in (6..).zip(texts) {
        let mut notice = full_notice("inc_1", "Messages are delayed");
        notice["advice"] = json!(advice);
        serve_and_open(&browser, &host, rev, lang, &[notice]).await;
        let plain = advice
            .replace("](https://other.example/)", "")
            .replace('[', "");
        for width in [360, 320, 400, 360] {
            browser.set_viewport(width, 740, 1.0).await;
            let cut = "const advice = root.querySelector('[part=advice]');
                return [advice.textContent, advice.scrollHeight, advice.querySelector('a')?.textContent ?? null, innerWidth]";
            let seen = browser
                .wait_for_script(
                    "a text that fits",
                    &format!("{} {cut}", crate::host::ROOT),
                    |seen| seen[1].as_f64() <= Some(66.0) && seen[3] == json!(width),
                )
                .await;
            let text = seen[0].as_str().unwrap();
            let visible = text.strip_suffix("\u{a0}…").expect("it does not fit whole");
            assert!(plain.starts_with(visible), "{width}: {text}");
            let rest = &plain[visible.len()..];
            assert!(rest.starts_with(' '), "{width}: inside a word: {text}");
            let number = visible.ends_with(|sign: char| sign.is_ascii_digit())
                && rest[1..].starts_with(|sign: char| sign.is_ascii_digit());
            assert!(!number, "{width}: inside a number: {text}");
            if let Some(link) = seen[2].as_str() {
                assert!(
                    advice.contains(&format!("[{link}]")),
                    "{width}: inside a link: {text}"
                );
            }
            let height = run_in_card(&browser, "return box('[part=advice]').height").await;
            // A line may be left empty when the next link or word is longer than the rest of the
            // lines.
            let lowest = if [link, german].contains(&advice) {
                0.0
            } else {
                44.0
            };
            assert!(
                height.as_f64() > Some(lowest),
                "{width}: a line is left empty: {text}"
            );
        }
    }
}

/// Chinese, Japanese and Korean have no spaces to cut at.
#[tokio::test(flavor = "multi_thread")]
async fn text_without_spaces_is_cut_with_an_ellipsis() {
    let host = host("", "en", &[full_notice("inc_1", "Messages are delayed")]);
    let browser = open_on_phone(&host, "Messages are delayed").await;
    for (rev, words) in (6..).zip([
        "请不要重新发送您的消息",
        "再送しないでください",
        "다시보내지마세요",
    ]) {
        let advice = words.repeat(30);
        let mut notice = full_notice("inc_1", "Messages are delayed");
        notice["advice"] = json!(advice);
        serve_and_open(&browser, &host, rev, "en", &[notice]).await;
        let cut = "const advice = root.querySelector('[part=advice]'); return [advice.textContent, advice.scrollHeight]";
        let seen = browser
            .wait_for_script(
                "a text that fits",
                &format!("{} {cut}", crate::host::ROOT),
                |seen| seen[1].as_f64() <= Some(66.0),
            )
            .await;
        let text = seen[0].as_str().unwrap();
        let visible = text.strip_suffix("\u{a0}…").expect("it does not fit whole");
        assert!(advice.starts_with(visible), "{text}");
        assert!(
            seen[1].as_f64() > Some(44.0),
            "a line is left empty: {text}"
        );
    }
}

/// The labels of the audience never push the title out of view.
#[tokio::test(flavor = "multi_thread")]
async fn long_segment_labels_leave_the_title_in_view() {
    let mut notice = critical("inc_1", "Nobody can sign in");
    notice["audience"]["segments"] =
        json!([{ "slug": "br", "label": "Customers of our Brazilian partner companies" }]);
    let host = host("", "en", &[notice]);
    let browser = open_on_phone(&host, "Nobody can sign in").await;
    let edges = "return ['[part=title] bdi', '[part=title]'].map(one => box(one).bottom)";
    wait_in_card(&browser, "a title that is not cut", edges, |edges| {
        let [title, heading] = serde_json::from_value(edges.clone()).unwrap_or([f64::MAX, 0.0]);
        title <= heading + 1.0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn button_labels_are_never_cut_or_wrapped() {
    let title = "Verbindungsabbrüche bei Sprachnachrichtenweiterleitungen";
    for (lang, label) in [("en", "Mostly resolved:"), ("de", "Größtenteils behoben:")] {
        let host = host(
            "",
            lang,
            &[
                full_notice("inc_1", title),
                restored("inc_2", title, &["Reports"]),
            ],
        );
        let browser = open_on_phone(&host, title).await;
        browser.set_viewport(320, 740, 1.0).await;
        let labels = "return innerWidth === 320 && all('.other b, [part=title] b').map(one => {
                const { left, right, height } = one.getBoundingClientRect();
                const clip = one.closest('button, .card').getBoundingClientRect();
                return [one.textContent, one.getClientRects().length, left >= clip.left && right <= clip.right && height > 0] })";
        wait_in_card(&browser, label, labels, |labels| {
            let is_whole = |one: &Value| (&one[1], &one[2]) == (&json!(1), &json!(true));
            labels[1][0] == json!(label)
                && labels
                    .as_array()
                    .is_some_and(|all| all.iter().all(is_whole))
        })
        .await;
    }
}

//! The requests to providers, pinned by `edge/golden/mail`, and the meaning of their answers.

use serde_json::{Value, json};

use super::{check_golden, mail::newsletter};
use crate::messages::mail::{
    outcome::Verdict::{self, Bounced, Sent, Temporary},
    provider::{postmark, postmark_answer, resend, resend_answer},
    settings::Provider,
};

fn provider(api: &str) -> Provider {
    Provider {
        api: api.to_owned(),
        key: "secret-key".to_owned(),
    }
}

#[test]
fn requests_equal_the_golden_files() {
    let mail = newsletter();
    for (name, request) in [
        ("resend", resend(&provider("https://api.resend.com"), &mail)),
        (
            "postmark",
            postmark(&provider("https://api.postmarkapp.com"), &mail),
        ),
    ] {
        let document = json!({
            "method": request.method.as_str(),
            "url": request.url,
            "headers": request.headers,
            "body": serde_json::from_str::<Value>(&request.body).unwrap(),
        });
        check_golden(&format!("mail/{name}.json"), &document);
        assert!(!request.body.contains("secret-key"), "{}", request.body);
    }
}

#[test]
fn only_an_answer_about_the_recipient_is_a_bounce() {
    let to = r#"{"statusCode":422,"name":"validation_error","message":"Invalid `to` field."}"#;
    let from = r#"{"statusCode":422,"name":"validation_error","message":"Invalid `from` field."}"#;
    let cases: [(u16, &str, Verdict); 7] = [
        (200, r#"{"id":"1"}"#, Sent),
        (422, to, Bounced),
        (422, from, Temporary),
        (401, r#"{"message":"API key is invalid"}"#, Temporary),
        (403, "", Temporary),
        (429, "", Temporary),
        (500, "<html>", Temporary),
    ];
    for (status, body, expected) in cases {
        let answer = resend_answer(status, None, body.to_owned());
        assert_eq!(answer.verdict, expected, "Resend: {status} {body}");
    }
    let inactive = r#"{"ErrorCode":406,"Message":"You tried to send to a recipient that has been marked as inactive."}"#;
    let cases: [(u16, &str, Verdict); 6] = [
        (200, r#"{"ErrorCode":0,"Message":"OK"}"#, Sent),
        (422, inactive, Bounced),
        (
            422,
            r#"{"ErrorCode":300,"Message":"Invalid 'From' address."}"#,
            Temporary,
        ),
        (401, r#"{"ErrorCode":10,"Message":"Bad token."}"#, Temporary),
        (429, "", Temporary),
        (503, "", Temporary),
    ];
    for (status, body, expected) in cases {
        let answer = postmark_answer(status, None, body.to_owned());
        assert_eq!(answer.verdict, expected, "Postmark: {status} {body}");
    }
    let busy = resend_answer(429, Some("30".to_owned()), String::new());
    assert_eq!(busy.retry_after.as_deref(), Some("30"));
}

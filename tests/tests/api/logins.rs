//! Failed logins never lock out valid tokens.

use std::{
    thread,
    time::{Duration, Instant},
};

use e2e::{Answer, Hanging, HangingServer, ROOT_TOKEN, Server, ServerOptions, code};
use serde_json::json;

const PATH: &str = "/v1/sites/acme/incidents";

fn forged(number: usize) -> String {
    format!("ac_acme_{number:x>43}")
}

/// Creates the site `acme`; returns its owner's token.
fn create_acme(server: &Server) -> String {
    server.create_site(&json!({ "slug": "acme", "name": "acme" }))
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status).collect()
}

#[test]
fn valid_tokens_work_after_many_failures_and_a_restart() {
    let mut server = Server::start();
    let owner = create_acme(&server);
    let editor = server.post(
        "/v1/sites/acme/tokens",
        &owner,
        &json!({ "role": "editor" }),
    );
    let editor = editor.json["token"].as_str().unwrap().to_owned();
    let invite = |server: &Server| {
        let invited = server.post(
            "/v1/sites/acme/invitations",
            &owner,
            &json!({ "role": "viewer" }),
        );
        invited.json["invitation"].as_str().unwrap().to_owned()
    };
    let invitation = invite(&server);
    server.restart();
    // All clients have one address, as behind a proxy whose header is not trusted.
    let failed: Vec<Answer> = (0..150)
        .map(|number| server.get_as(&forged(number), PATH))
        .collect();
    assert_eq!(statuses(&failed), [401; 150]);
    let repeated: Vec<Answer> = (0..100).map(|_| server.get_as(&forged(0), PATH)).collect();
    assert_eq!(statuses(&repeated), [401; 100]);
    let malformed: Vec<Answer> = (0..100)
        .map(|number| server.get_as(&format!("guess-{number}"), "/v1/sites"))
        .collect();
    assert_eq!(statuses(&malformed), [401; 100]);
    for token in [&owner, &editor, ROOT_TOKEN] {
        assert_eq!(server.get_as(token, PATH).status, 200);
    }
    assert_eq!(server.get_as(ROOT_TOKEN, "/v1/sites").status, 200);
    let redeem = |invitation: &str| {
        let body = json!({ "invitation": invitation });
        let request = server.request("POST", "/v1/sites/acme/invitations/redeem");
        request.json(&body).send().unwrap().status
    };
    let guesses: Vec<u16> = (0..100)
        .map(|number| redeem(&format!("guess-{number}")))
        .collect();
    assert_eq!(guesses, [401; 100]);
    assert_eq!(redeem(&invitation), 201);
    assert_eq!(redeem(&invite(&server)), 201);
}

#[test]
fn valid_tokens_work_during_a_storm_of_guesses() {
    let mut server = Server::start();
    let (known, unknown) = (create_acme(&server), {
        let body = json!({ "slug": "other", "name": "other" });
        server.create_site(&body)
    });
    server.restart();
    assert_eq!(server.get_as(&known, PATH).status, 200);
    thread::scope(|scope| {
        let server = &server;
        let guessers: Vec<_> = (0..40_usize)
            .map(|guesser| {
                scope.spawn(move || {
                    let ask = |number| server.get_as(&forged(guesser * 100 + number), PATH);
                    (0..20).map(ask).collect::<Vec<Answer>>()
                })
            })
            .collect();
        for _ in 0..20 {
            assert_eq!(server.get_as(&known, PATH).status, 200);
        }
        let first_use = server.get_as(&unknown, "/v1/sites/other");
        assert_eq!(first_use.status, 200, "{}", first_use.text());
        for guesser in guessers {
            for answer in guesser.join().unwrap() {
                assert!(matches!(answer.status, 401 | 503), "{}", answer.text());
            }
        }
    });
}

#[test]
fn refused_and_malformed_tokens_do_not_ask_the_object() {
    let hanging = HangingServer::start();
    let server = &hanging.server;
    create_acme(server);
    assert_eq!(server.get_as(&forged(0), PATH).status, 401);
    hanging.hang(Hanging::Site);
    let secret = "x".repeat(43);
    for token in [
        forged(0),
        "ac_acme_short".to_owned(),
        format!("ac_acme_{secret}x"),
        format!("ac_acme_{}!", "x".repeat(42)),
        format!("ac_Acme_{secret}"),
        format!("ax_acme_{secret}"),
        "guess".to_owned(),
    ] {
        // A request that asked the object would get 503.
        assert_eq!(server.get_as(&token, PATH).status, 401, "{token}");
    }
    hanging.recover(Hanging::Site);
    assert_eq!(server.get_as(&forged(1), PATH).status, 401);
}

#[test]
fn unknown_tokens_that_wait_for_a_turn_get_503_after_10_s() {
    let hanging = HangingServer::start();
    let server = &hanging.server;
    let owner = create_acme(server);
    assert_eq!(server.get_as(&owner, PATH).status, 200);
    for number in 0..60 {
        assert_eq!(server.get_as(&forged(number), PATH).status, 401);
    }
    hanging.hang(Hanging::Site);
    thread::scope(|scope| {
        let ask = |number: usize| {
            scope.spawn(move || {
                let started = Instant::now();
                (server.get_as(&forged(number), PATH), started.elapsed())
            })
        };
        let asking: Vec<_> = (100..106).map(ask).collect();
        for asking in asking {
            let (answer, took) = asking.join().unwrap();
            assert_eq!(code(&answer), (503, "unavailable"));
            assert!(answer.header("retry-after").is_some());
            // The upper bound is the client's timeout.
            assert!(took > Duration::from_millis(9_500), "{took:?}");
        }
    });
    hanging.recover(Hanging::Site);
    assert_eq!(server.get_as(&owner, PATH).status, 200);
    assert_eq!(server.get_as(&forged(200), PATH).status, 401);
}

#[test]
fn an_ignored_proxy_is_logged_once_with_the_remedy() {
    let ask = |server: &Server| {
        for _ in 0..3 {
            let request = server.request("GET", "/v1/sites").token(ROOT_TOKEN);
            let request = request.header("x-forwarded-for", "203.0.113.1");
            assert_eq!(request.send().unwrap().status, 200);
        }
        server.log().matches("Set TRUST_PROXY=1").count()
    };
    assert_eq!(ask(&Server::start()), 1);
    let trusting = Server::with(&ServerOptions {
        trust_proxy: true,
        ..ServerOptions::default()
    });
    assert_eq!(ask(&trusting), 0);
}

//! Requests for mail, their confirmation, and the links in mails.

use super::*;

#[test]
fn a_confirmed_request_is_mailed_once_when_it_is_back() {
    let database = site();
    let incident = publish(&database, json!({}));
    let answer = ask(&database, &to_incident(&incident), NOW_MS);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (202, r#"{"status":"accepted"}"#)
    );
    let mails = send(&database, NOW_MS);
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.to.address, ADA);
    assert_eq!(mail.subject, "Confirm your subscription: Acme SMS");
    assert!(
        mail.text.contains("mail about Messages are delayed."),
        "{}",
        mail.text
    );
    assert_eq!(mail.list, None);

    // Opening the link changes nothing.
    let path = path_in(mail, "confirm");
    let page = link(&database, &path, None, NOW_MS);
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("<form method=\"post\">"),
        "{}",
        page.body
    );
    assert_eq!(database.count("subscriber"), 0);
    let confirmed = link(&database, &path, Some(""), NOW_MS);
    assert_eq!(confirmed.status, 303);
    assert_eq!(confirmed.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(view(&database, NOW_MS)["to_incidents"], 1);

    resolve(&database, &incident, NOW_MS + MINUTE_MS);
    let mails = send(&database, NOW_MS + MINUTE_MS);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Resolved: Messages are delayed · 08:01");
    assert!(
        mails[0].text.contains("The queue is empty."),
        "{}",
        mails[0].text
    );
    assert_eq!(send(&database, NOW_MS + HOUR_MS), []);
    let mailing = &view(&database, NOW_MS)["mailings"][0];
    assert_eq!(
        (&mailing["sent"], &mailing["waiting"]),
        (&json!(1), &json!(0))
    );
}

#[test]
fn known_and_unknown_addresses_get_one_answer_and_one_mail() {
    let database = site();
    let incident = publish(&database, json!({}));
    subscribe(&database, &to_incident(&incident), NOW_MS);
    let rows = |table| database.count(table);
    let before = (rows("subscription_request"), rows("mail_delivery"));
    let known = ask(&database, &to_incident(&incident), NOW_MS);
    let between = (rows("subscription_request"), rows("mail_delivery"));
    let other = format!("email=bob%40example.com&incident={incident}");
    let unknown = ask(&database, &other, NOW_MS);
    let after = (rows("subscription_request"), rows("mail_delivery"));
    assert_eq!(known, unknown);
    assert_eq!(between, (before.0 + 1, before.1 + 1));
    assert_eq!(after, (between.0 + 1, between.1 + 1));
    let mails = send(&database, NOW_MS);
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].subject, mails[1].subject);
}

#[test]
fn invalid_requests_say_which_field_is_wrong() {
    let database = site();
    let open = publish(&database, json!({}));
    let ended = publish(&database, json!({}));
    resolve(&database, &ended, NOW_MS);
    let (_, drill) = {
        let mut drill = outage();
        drill["drill"] = json!(true);
        post("/incidents", drill).ok(&database)
    };
    let drill = drill["id"].as_str().unwrap().to_owned();
    for (form, pointer) in [
        (format!("email=ada&incident={open}"), "/email"),
        (
            format!("email=a%40b.example%0d%0aBcc%3ac%40d.example&incident={open}"),
            "/email",
        ),
        (
            format!("email={}%40example.com&incident={open}", "a".repeat(250)),
            "/email",
        ),
        (format!("incident={open}"), "/email"),
        (form(""), "/updates"),
        (form("&incident=inc_unknown"), "/incident"),
        (to_incident(&ended), "/incident"),
        (to_incident(&drill), "/incident"),
        (form("&updates=all&component=nothing"), "/component"),
        (form("&updates=all&component=%20"), "/component"),
    ] {
        let answer = ask(&database, &form, NOW_MS);
        assert_eq!(answer.status, 422, "{form}: {}", answer.body);
        let problem: Json = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{form}");
        assert_sentences(&problem);
        let page = ask_as(
            &database,
            &form,
            AskAnswer::Page(PageHost::Deployment),
            NOW_MS,
        );
        assert_eq!(page.status, 422, "{form}");
        assert!(page.body.contains("Not subscribed"), "{}", page.body);
    }
    assert_eq!(database.count("subscription_request"), 0);
    // The explanation of an ended incident can be asked for.
    let explanation = format!("{}&explanation=1", to_incident(&ended));
    assert_eq!(ask(&database, &explanation, NOW_MS).status, 202);
}

#[test]
fn programs_and_repetitions_get_the_answer_but_no_mail() {
    let database = site();
    let incident = publish(&database, json!({}));
    let trapped = format!("{}&website=x", to_incident(&incident));
    assert_eq!(ask(&database, &trapped, NOW_MS).status, 202);
    assert_eq!(send(&database, NOW_MS), []);
    for _ in 0..5 {
        assert_eq!(ask(&database, &to_incident(&incident), NOW_MS).status, 202);
    }
    assert_eq!(send(&database, NOW_MS).len(), 3);
    let later = NOW_MS + HOUR_MS + MINUTE_MS;
    assert_eq!(ask(&database, &to_incident(&incident), later).status, 202);
    assert_eq!(send(&database, later).len(), 1);
}

#[test]
fn confirmation_links_expire_after_48_hours_and_say_so() {
    let database = site();
    ask(&database, &form("&updates=all"), NOW_MS);
    let path = path_in(&send(&database, NOW_MS)[0], "confirm");
    let last = NOW_MS + 2 * DAY_MS - 1_000;
    assert_eq!(link(&database, &path, None, last).status, 200);
    for pruned in [false, true] {
        if pruned {
            prune(&database, NOW_MS + 2 * DAY_MS);
        }
        for pressed in [None, Some("")] {
            let page = link(&database, &path, pressed, NOW_MS + 2 * DAY_MS);
            assert_eq!(page.status, 410, "{pruned}");
            assert!(
                page.body.contains("has expired after 48 hours"),
                "{}",
                page.body
            );
        }
    }
    assert_eq!(database.count("subscriber"), 0);
    let kept = "subscription_request WHERE look_up <> '' OR sealed <> '' OR document <> 'null'";
    assert_eq!(database.count(kept), 0, "the address is gone");
    prune(&database, NOW_MS + 33 * DAY_MS);
    assert_eq!(link(&database, &path, None, NOW_MS).status, 404);
}

#[test]
fn a_confirmation_link_that_was_used_says_so() {
    let database = site();
    ask(&database, &form("&updates=all"), NOW_MS);
    let path = path_in(&send(&database, NOW_MS)[0], "confirm");
    assert_eq!(link(&database, &path, Some(""), NOW_MS).status, 303);
    let again = link(&database, &path, Some(""), NOW_MS);
    assert_eq!(again.status, 410);
    assert!(again.body.contains("The link was used"), "{}", again.body);
    assert_eq!(database.count("subscriber"), 1);
}

#[test]
fn one_click_unsubscribes_by_post_only() {
    let database = site();
    let incident = publish(&database, json!({}));
    subscribe(&database, &to_incident(&incident), NOW_MS);
    resolve(&database, &incident, NOW_MS);
    let mail = send(&database, NOW_MS).remove(0);
    let list = mail.list.unwrap();
    let path = list
        .unsubscribe_url
        .strip_prefix("https://status.example.com/s/acme/");
    let path = path.unwrap();
    let page = link(&database, path, None, NOW_MS);
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("your address is deleted"),
        "{}",
        page.body
    );
    assert_eq!(database.count("subscriber"), 1, "a GET changes nothing");
    let done = link(&database, path, Some("List-Unsubscribe=One-Click"), NOW_MS);
    assert_eq!(done.status, 200);
    for table in ["subscriber", "incident_subscriber", "mail_delivery"] {
        assert_eq!(database.count(table), 0, "{table}");
    }
    assert_eq!(link(&database, path, Some(""), NOW_MS).status, 404);
}

#[test]
fn a_subscriber_sees_changes_and_exports_the_subscription() {
    let database = site();
    let incident = publish(&database, json!({}));
    let both = format!(
        "{}&updates=all&maintenance=1&lang=de",
        to_incident(&incident)
    );
    let path = subscribe(&database, &both, NOW_MS);
    let page = link(&database, &path, None, NOW_MS).body;
    for part in [
        ADA,
        "Ihr Abo",
        "Messages are delayed",
        "value=\"all\" checked",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let file = link(&database, &format!("{path}/export"), None, NOW_MS);
    let data: Json = serde_json::from_str(&file.body).unwrap();
    assert_eq!(data["address"], ADA);
    assert_eq!(data["incidents"][0]["id"], incident);
    assert_eq!(
        (&data["updates"], &data["language"]),
        (&json!("all"), &json!("de"))
    );

    let changed = link(
        &database,
        &path,
        Some("updates=resolved&lang=en&component=sending"),
        NOW_MS,
    );
    assert_eq!(changed.status, 303);
    let data = link(&database, &format!("{path}/export"), None, NOW_MS).body;
    let data: Json = serde_json::from_str(&data).unwrap();
    assert_eq!(data["updates"], "resolved");
    assert_eq!(data["maintenance"], false);
    assert_eq!(data["incidents"], json!([]), "unchecked");
    assert_eq!(data["components"].as_array().unwrap().len(), 1);

    let ended = link(&database, &path, Some("updates=none"), NOW_MS);
    assert_eq!(ended.status, 200);
    assert!(ended.body.contains("Subscription ended"), "{}", ended.body);
    assert_eq!(database.count("subscriber"), 0);
}

#[test]
fn a_second_request_adds_to_the_subscription() {
    let database = site();
    let incident = publish(&database, json!({}));
    let first = subscribe(&database, &form("&updates=resolved"), NOW_MS);
    let lower = format!("email=ada%40example.com&incident={incident}");
    let second = subscribe(&database, &lower, NOW_MS);
    assert_eq!(
        first, second,
        "one subscriber, whatever the capital letters"
    );
    let file = link(&database, &format!("{first}/export"), None, NOW_MS).body;
    let data: Json = serde_json::from_str(&file).unwrap();
    assert_eq!(data["updates"], "resolved");
    assert_eq!(data["incidents"][0]["id"], incident);
}

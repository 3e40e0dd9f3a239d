//! Host names in the settings of a site.

#![cfg(test)]

mod site;

use notice::{
    body::{check::endpoint_url::Network, merge::MergePatch},
    decide::Command,
    rejection::Rejection,
    wire::event::Event,
};
use serde_json::{Value, json};
use site::{NOW, TestSite};

fn change(site: &mut TestSite, body: Value) -> Result<(), Rejection> {
    let patch = MergePatch::read(body.to_string().as_bytes()).unwrap();
    site.run(Command::ChangeSite {
        patch,
        network: Network::Public,
    })
}

fn host_names(site: &TestSite) -> Vec<String> {
    site.state.site.as_ref().unwrap().hostnames.clone()
}

#[test]
fn host_names_are_stored_as_browsers_send_them() {
    let mut site = TestSite::new();
    let given = json!({ "hostnames": ["Status.Example.com", "müller.de"] });
    change(&mut site, given).unwrap();
    let stored = ["status.example.com", "xn--mller-kva.de"];
    assert_eq!(host_names(&site), stored);
    // Two spellings are one name.
    let twice = json!({ "hostnames": ["a.example", "A.example"] });
    let errors = change(&mut site, twice).unwrap_err().problem().errors;
    assert_eq!(errors[0].pointer, "/hostnames/1");
    for refused in [
        "0x7f.1",
        "[::1]",
        "2130706433",
        "status.example.com.",
        "a.example:80",
    ] {
        let body = json!({ "hostnames": ["b.example", refused] });
        let errors = change(&mut site, body).unwrap_err().problem().errors;
        assert_eq!(errors[0].pointer, "/hostnames/1", "{refused}");
    }
    assert_eq!(host_names(&site), stored);
}

#[test]
fn a_stored_address_stays_until_it_is_removed() {
    let mut site = TestSite::new();
    let mut stored = site.state.site.clone().unwrap();
    stored.hostnames = vec!["192.168.1.1".to_owned()];
    let event = Event::SiteChanged { site: stored };
    site.state.apply(
        &event,
        serde_json::from_value(json!("2026-11-21T08:00:00Z")).unwrap(),
    );
    assert_eq!(site.now, NOW);
    // Addresses are refused today, but this one was stored before: it does not block other changes.
    change(&mut site, json!({ "name": "Acme" })).unwrap();
    let more = json!({ "hostnames": ["192.168.1.1", "status.example.com"] });
    change(&mut site, more).unwrap();
    assert_eq!(host_names(&site).len(), 2);
    change(&mut site, json!({ "hostnames": [] })).unwrap();
    let again = json!({ "hostnames": ["192.168.1.1"] });
    assert!(change(&mut site, again).is_err());
}

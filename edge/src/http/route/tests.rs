use notice::{
    rejection::Rejection,
    wire::{
        ids::{IncidentId, InvitationId, Slug, TemplateId, TokenId, UpdateId},
        input::ComponentName,
    },
};

use super::{
    Route, SitesCall, parse,
    table::{INDEX_PATHS, OPERATOR_PATHS, OTHER_PATHS, PAGE_PATHS},
};
use crate::http::{
    host_name::HostName,
    page_call::PageName,
    site_call::{
        CredentialCall::{
            CreateToken, Invite, RevokeInvitation, RevokeOwnToken, RevokeToken, RotateToken,
        },
        GuestCall, JournalCall, ReadCall,
        SiteCall::{ConfirmHostname, Credential, Guest, Journal, Read, Write},
        WriteCall,
    },
};
use crate::pages::index_page::IndexPage;

#[test]
fn operator_routes_parse_and_a_405_names_their_methods() {
    let name = || ComponentName::parse("sending").unwrap();
    let incident = || IncidentId::parse("inc_1").unwrap();
    let update = || UpdateId::parse("upd_1").unwrap();
    let template = || TemplateId::parse("tpl_1").unwrap();
    let token = || TokenId::parse("tok_1").unwrap();
    let invitation = || InvitationId::parse("inv_1").unwrap();
    let table = [
        ("", "GET", Read(ReadCall::Site)),
        ("", "PATCH", Write(WriteCall::ChangeSite)),
        ("", "DELETE", Journal(JournalCall::Delete)),
        ("/components", "GET", Read(ReadCall::Components)),
        ("/components", "POST", Write(WriteCall::CreateComponent)),
        (
            "/components/sending",
            "GET",
            Read(ReadCall::Component(name())),
        ),
        (
            "/components/sending",
            "PATCH",
            Write(WriteCall::ChangeComponent(name())),
        ),
        (
            "/components/sending",
            "DELETE",
            Write(WriteCall::DeleteComponent(name())),
        ),
        ("/incidents", "GET", Read(ReadCall::Incidents)),
        ("/incidents", "POST", Write(WriteCall::CreateIncident)),
        (
            "/incidents/inc_1",
            "GET",
            Read(ReadCall::Incident(incident())),
        ),
        (
            "/incidents/inc_1",
            "PATCH",
            Write(WriteCall::ChangeIncident(incident())),
        ),
        (
            "/incidents/inc_1",
            "DELETE",
            Write(WriteCall::DeleteIncident(incident())),
        ),
        (
            "/incidents/inc_1/withdraw",
            "POST",
            Write(WriteCall::WithdrawIncident(incident())),
        ),
        (
            "/incidents/inc_1/updates",
            "POST",
            Write(WriteCall::PostUpdate(incident())),
        ),
        (
            "/incidents/inc_1/updates/upd_1",
            "GET",
            Read(ReadCall::Update(incident(), update())),
        ),
        (
            "/incidents/inc_1/updates/upd_1",
            "PATCH",
            Write(WriteCall::CorrectUpdate(incident(), update())),
        ),
        (
            "/incidents/inc_1/postmortem",
            "GET",
            Read(ReadCall::Postmortem(incident())),
        ),
        (
            "/incidents/inc_1/postmortem",
            "PUT",
            Write(WriteCall::PutPostmortem(incident())),
        ),
        ("/templates", "GET", Read(ReadCall::Templates)),
        ("/templates", "POST", Write(WriteCall::CreateTemplate)),
        (
            "/templates/tpl_1",
            "GET",
            Read(ReadCall::Template(template())),
        ),
        (
            "/templates/tpl_1",
            "PATCH",
            Write(WriteCall::ChangeTemplate(template())),
        ),
        (
            "/templates/tpl_1",
            "DELETE",
            Write(WriteCall::DeleteTemplate(template())),
        ),
        ("/tokens", "GET", Read(ReadCall::Tokens)),
        ("/tokens", "POST", Credential(CreateToken)),
        ("/tokens/self", "GET", Read(ReadCall::OwnToken)),
        ("/tokens/self", "DELETE", Credential(RevokeOwnToken)),
        ("/tokens/tok_1", "DELETE", Credential(RevokeToken(token()))),
        (
            "/tokens/tok_1/rotate",
            "POST",
            Credential(RotateToken(token())),
        ),
        ("/invitations", "GET", Read(ReadCall::Invitations)),
        ("/invitations", "POST", Credential(Invite)),
        (
            "/invitations/read",
            "POST",
            Guest(GuestCall::ReadInvitation),
        ),
        ("/invitations/redeem", "POST", Guest(GuestCall::Redeem)),
        (
            "/invitations/inv_1",
            "DELETE",
            Credential(RevokeInvitation(invitation())),
        ),
        ("/journal", "GET", Read(ReadCall::Journal)),
        ("/export", "GET", Read(ReadCall::Export)),
        ("/hostnames", "GET", Read(ReadCall::Hostnames)),
        (
            "/hostnames/Status.Acme.com/confirm",
            "POST",
            ConfirmHostname(HostName::parse("status.acme.com").unwrap()),
        ),
        ("/verify", "GET", Read(ReadCall::Verify)),
        ("/verification", "GET", Read(ReadCall::LastVerification)),
        ("/import", "POST", Journal(JournalCall::Import)),
        ("/redact", "POST", Journal(JournalCall::Redact)),
        ("/repair", "POST", Journal(JournalCall::Repair)),
        ("/clock", "POST", Journal(JournalCall::CorrectClock)),
    ];
    let site = Slug::parse("acme").unwrap();
    for (path, method, call) in &table {
        let address = format!("/v1/sites/acme{path}");
        let route = Ok(Route::Operator(site.clone(), call.clone()));
        assert_eq!(parse(method, &address), route, "{method} {path}");
        if *method == "GET" {
            assert_eq!(parse("HEAD", &address), route, "HEAD {path}");
        }
        // The error for another method names exactly the methods of `table`.
        let Err(Rejection::MethodNotAllowed(allowed)) = parse("TRACE", &address) else {
            panic!("TRACE {path}");
        };
        let mut expected: Vec<&str> = table
            .iter()
            .filter(|(other, _, _)| other == path)
            .flat_map(|(_, method, _)| match *method {
                "GET" => vec!["GET", "HEAD"],
                method => vec![method],
            })
            .collect();
        let mut allowed: Vec<&str> = allowed.split(", ").collect();
        expected.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(allowed, expected, "{path}");
    }
}

#[test]
fn every_method_in_operator_paths_has_a_call() {
    for (template, methods) in OPERATOR_PATHS {
        let prefixes = ["cmp", "inc", "upd", "tpl", "tok", "inv", "whk", "dlv"];
        let template = template.replace("{host}", "status.example.com");
        let names = [
            "component",
            "incident",
            "update",
            "template",
            "token",
            "invitation",
            "webhook",
            "delivery",
        ];
        let path = names
            .iter()
            .zip(prefixes)
            .fold(template, |path, (name, prefix)| {
                path.replace(&format!("{{{name}}}"), &format!("{prefix}_1"))
            });
        assert!(!path.contains('{'), "{path}: a placeholder without a value");
        for method in methods.split(", ") {
            let route = parse(method, &format!("/v1/sites/acme{path}"));
            assert!(matches!(route, Ok(Route::Operator(..))), "{method} {path}");
        }
    }
}

#[test]
fn every_other_path_of_the_table_has_a_route() {
    for (template, methods) in OTHER_PATHS {
        let path = template.replace("{site}", "acme");
        let path = path.replace("{secret}", &"a".repeat(43));
        for method in methods.split(", ").filter(|method| *method != "OPTIONS") {
            let route = parse(method, &path);
            let is_asset = matches!(route, Ok(Route::Asset(_)));
            assert!(route.is_ok() && !is_asset, "{method} {path}: {route:?}");
        }
    }
    for template in PAGE_PATHS {
        let path = template.replace("{incident}", "inc_1");
        let name = PageName::parse(&path);
        let page = parse("GET", &format!("/s/acme{path}"));
        assert!(
            matches!(page, Ok(Route::Page(_, page)) if Some(page.clone()) == name),
            "{path}"
        );
    }
    for path in INDEX_PATHS {
        assert!(IndexPage::parse(path).is_some(), "{path}");
    }
}

#[test]
fn other_routes_parse_and_unknown_paths_give_404() {
    let acme = || Slug::parse("acme").unwrap();
    for (method, path, expected) in [
        ("GET", "/healthz", Ok(Route::Health)),
        ("GET", "/v1/sites/acme/feed", Ok(Route::Feed(acme()))),
        ("HEAD", "/v1/sites/acme/feed", Ok(Route::Feed(acme()))),
        ("GET", "/v1/sites/A/feed", Err(Rejection::NotFound)),
        ("POST", "/v1/sites", Ok(Route::Sites(SitesCall::Create))),
        ("GET", "/v1/sites", Ok(Route::Sites(SitesCall::List))),
        (
            "POST",
            "/v1/sites/acme/incidents/nonsense/updates",
            Err(Rejection::NotFound),
        ),
        (
            "GET",
            "/v1/sites/acme/incidents/inc_1/nothing",
            Err(Rejection::NotFound),
        ),
        ("GET", "/v1/sites/acme/nothing", Err(Rejection::NotFound)),
        ("GET", "/v1/sites/acme/feed/", Err(Rejection::NotFound)),
        ("GET", "/v1/sites/acme/journal/1", Err(Rejection::NotFound)),
        ("GET", "/v1", Err(Rejection::NotFound)),
        ("GET", "/s/A", Err(Rejection::NotFound)),
        ("GET", "/s/acme/embed.js", Ok(Route::SiteLoader(acme()))),
        ("HEAD", "/s/acme/embed.js", Ok(Route::SiteLoader(acme()))),
        ("GET", "/s/A/embed.js", Err(Rejection::NotFound)),
        ("GET", "/s/acme/embed.js/", Err(Rejection::NotFound)),
        ("GET", "/s/acme/embed.json", Err(Rejection::NotFound)),
        ("GET", "/embed.js", Ok(Route::Asset("/embed.js".to_owned()))),
        ("GET", "/", Ok(Route::Asset("/".to_owned()))),
    ] {
        assert_eq!(parse(method, path), expected, "{method} {path}");
    }
}

#[test]
fn a_wrong_method_on_a_known_path_lists_the_allowed_ones() {
    for (method, path, allowed) in [
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
        ("PUT", "/v1/sites/acme/feed", "GET, HEAD, OPTIONS"),
        ("POST", "/s/acme/embed.js", "GET, HEAD, OPTIONS"),
        ("PATCH", "/v1/sites", "GET, HEAD, POST"),
    ] {
        let expected = Err(Rejection::MethodNotAllowed(allowed));
        assert_eq!(parse(method, path), expected, "{method} {path}");
    }
}

#[test]
fn a_malformed_id_gives_404_with_any_method() {
    for (template, _) in OPERATOR_PATHS {
        for placeholder in template.split('/').filter(|word| word.starts_with('{')) {
            let path = format!(
                "/v1/sites/acme{}",
                template
                    .replace(placeholder, "!")
                    .replace("{host}", "status.acme.com")
                    .replace("{component}", "sending")
                    .replace("{incident}", "inc_1")
                    .replace("{update}", "upd_1")
                    .replace("{template}", "tpl_1")
                    .replace("{token}", "tok_1")
                    .replace("{invitation}", "inv_1")
                    .replace("{webhook}", "whk_1")
                    .replace("{delivery}", "dlv_1")
            );
            for method in ["GET", "POST", "PATCH", "TRACE"] {
                assert_eq!(
                    parse(method, &path),
                    Err(Rejection::NotFound),
                    "{method} {path}"
                );
            }
        }
    }
}

//! Tests of the harness itself: servers, host pages, what a browser reads, and the watchers for
//! faults.

use std::{fs, path::Path};

use e2e::{Browser, Page, Reply, Server};
use serde_json::json;

/// Whether a process with this id exists and is not a zombie.
fn is_alive(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        !stat
            .rsplit_once(") ")
            .is_some_and(|(_, rest)| rest.starts_with('Z'))
    })
}

/// A guest like the widget: a closed shadow root with a button that reacts to a click.
const GUEST: &str = "
    const host = document.documentElement.appendChild(document.createElement('allclear-banner'));
    const root = host.attachShadow({ mode: 'closed' });
    const button = root.appendChild(document.createElement('button'));
    button.part = 'hide';
    button.textContent = 'Hide';
    button.addEventListener('click', event => {
        button.textContent = event.isTrusted ? 'Hidden by hand' : 'Hidden by script';
    });
";

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "reads /proc")]
fn a_server_can_be_killed_restarted_and_dropped() {
    let mut server = Server::start();
    let (url, first) = (server.url(), server.pid());
    assert_eq!(server.get("/healthz").status, 200);

    server.kill();
    assert!(!is_alive(first));
    server.client().get("/healthz").unwrap_err();

    server.start_again();
    assert_eq!(server.url(), url);
    assert_eq!(server.get("/healthz").status, 200);
    let second = server.pid();
    assert_ne!(first, second);

    drop(server);
    assert!(!is_alive(second));
}

#[test]
fn a_page_serves_its_replies_and_records_requests() {
    let page = Page::host("<p>hello</p>");
    page.put(
        "/sad",
        Reply::new("text/plain", "no")
            .status(503)
            .header("retry-after", "7"),
    );
    let client = e2e::Client::new(
        page.url().trim_end_matches('/'),
        std::time::Duration::from_secs(5),
    );

    assert_eq!(client.get("/").unwrap().text(), "<p>hello</p>");
    let sad = client.get("/sad?x=1").unwrap();
    assert_eq!((sad.status, sad.header("Retry-After")), (503, Some("7")));
    assert_eq!(client.get("/missing").unwrap().status, 404);

    let paths: Vec<_> = page.requests().into_iter().map(|seen| seen.path).collect();
    assert_eq!(paths, ["/", "/sad?x=1", "/missing"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_reads_and_clicks_in_a_closed_shadow_root() {
    let page = Page::host("<script src='/guest.js'></script>");
    page.put("/guest.js", Reply::script(GUEST));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;

    let closed = browser
        .run("return document.querySelector('allclear-banner').shadowRoot")
        .await;
    assert!(closed.is_null(), "the shadow root is closed to scripts");
    let tree = browser
        .wait_for("the button", |tree| tree.part("hide").is_some())
        .await;
    let button = tree.banner().unwrap().part("hide").unwrap();
    assert_eq!(button.text(), "Hide");
    assert!(browser.is_shown(button).await);

    browser.click(button).await;
    browser
        .wait_for("the click's effect", |tree| {
            tree.with_text("Hidden by hand").is_some()
        })
        .await;

    let picture = tempfile::tempdir().unwrap().path().join("deep/picture.png");
    browser.screenshot(&picture).await;
    assert!(fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_records_requests_and_console_errors() {
    let other = Page::host("");
    other.put(
        "/data",
        Reply::new("text/plain", "1").header("access-control-allow-origin", "*"),
    );
    let address = other.at("/data");
    let page = Page::host(&format!(
        "<script>fetch({address:?}, {{ headers: {{ 'x-own': 'yes' }} }}).catch(() => {{}}); throw new Error('planted');</script>"
    ));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;

    let fetch = browser
        .wait_for_request("the fetch", |request| {
            request.url == address && request.method == "GET"
        })
        .await;
    assert!(
        fetch
            .headers
            .contains(&("x-own".to_owned(), "yes".to_owned())),
        "{fetch:?}"
    );
    let preflight = |request: &e2e::logs::NetworkRequest| request.method == "OPTIONS";
    browser.wait_for_request("the preflight", preflight).await;
    let errors = browser.console_errors().await;
    assert!(
        errors.iter().any(|line| line.text.contains("planted")),
        "{errors:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_watcher_notices_its_planted_fault() {
    let page = Page::host("");
    page.put(
        "/",
        Reply::html(
            "<div id=first></div><p>text</p><script nonce=a>
                setTimeout(() => { throw new Error('thrown') });
                Promise.reject(new Error('rejected'));
                setTimeout(() => { first.style.height = '300px' }, 300);
            </script><script>'refused by the policy'</script>",
        )
        .header("content-security-policy", "script-src 'nonce-a'"),
    );
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script("the shift", "return window.__watched.shift", |shift| {
            shift.as_f64() > Some(0.0)
        })
        .await;
    let watched = browser.watched().await;
    assert!(
        watched.errors.iter().any(|error| error.contains("thrown")),
        "{watched:?}"
    );
    assert!(
        watched
            .rejections
            .iter()
            .any(|reason| reason.contains("rejected")),
        "{watched:?}"
    );
    assert!(
        watched
            .violations
            .iter()
            .any(|what| what.contains("script-src")),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_survives_a_restart_and_a_new_one_is_empty() {
    let page = Page::host("<p>hello</p>");
    let mut browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser.run("localStorage.setItem('seen', 'yes')").await;
    browser.restart().await;
    browser.goto(&page.url()).await;
    assert_eq!(
        browser.run("return localStorage.getItem('seen')").await,
        json!("yes")
    );

    let fresh = Browser::start().await;
    fresh.goto(&page.url()).await;
    assert!(
        fresh
            .run("return localStorage.getItem('seen')")
            .await
            .is_null()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_never_finishes_loading_can_be_read() {
    let page = Page::host("<p>words</p><img src='/never.png'>");
    page.put("/never.png", Reply::hang());
    let browser = Browser::start().await;
    browser.begin(&page.url()).await;
    browser
        .wait_for("the text", |tree| tree.text() == "words")
        .await;
    assert_eq!(
        browser.run("return document.readyState").await,
        json!("interactive")
    );
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(not(target_os = "linux"), ignore = "reads /proc")]
async fn a_dropped_browser_leaves_no_process_and_no_profile() {
    let browser = Browser::start().await;
    let profile = browser.profile().to_owned();
    assert!(
        processes_naming(&profile) > 0,
        "the browser names its profile"
    );
    drop(browser);
    assert_eq!(processes_naming(&profile), 0);
    assert!(!profile.exists());
}

/// Number of running processes that name this folder in their arguments.
fn processes_naming(folder: &Path) -> usize {
    let folder = folder.to_str().unwrap();
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|&pid| is_alive(pid))
        .filter(|pid| {
            fs::read(format!("/proc/{pid}/cmdline"))
                .is_ok_and(|line| String::from_utf8_lossy(&line).contains(folder))
        })
        .count()
}

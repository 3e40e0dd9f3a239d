//! Where the script itself comes from.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_script_itself_comes_from_a_second_host() {
    let readme = include_str!("../../../README.md");
    let (_, snippet) = GUIDE.split_once("<code id=\"fail-over\">").unwrap();
    let snippet = snippet.split_once("</code>").unwrap().0;
    let snippet = snippet
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    assert!(readme.contains(&snippet), "the README says the same");
    let site = site();
    let incident = site.publish(&outage(&json!({})));
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let hanging = Page::host("");
    hanging.put("/embed.js", Reply::hang());
    for first in [
        format!("http://{closed}"),
        hanging.url().trim_end_matches('/').to_owned(),
    ] {
        let lines = example("fail-over", &site)
            .replace(&site.server.url(), &first)
            .replace("https://status.example.net", &site.server.url());
        let browser = Browser::start().await;
        browser.begin(&app(&lines).url()).await;
        browser
            .wait_for(&first, |tree| says(tree, &incident, "Messages are delayed"))
            .await;
    }
    // A first host that is well, is enough.
    let lines = example("fail-over", &site);
    card_on(&app(&lines).url(), &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_may_lie_elsewhere_or_be_pinned() {
    let site = site();
    let incident = site.publish(&outage(&json!({})));
    let page = app(&example("self-host", &site));
    let get = example("self-host-get", &site);
    let [_, _, file, address] = get.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{get}");
    };
    let path = address.strip_prefix(&site.server.url()).unwrap();
    page.put(
        &format!("/{file}"),
        Reply::script(&site.server.get(path).text()),
    );
    card_on(&page.url(), &incident).await;

    let named = site.server.get("/embed.json").json;
    let lines = example("pinned", &site)
        .replace("{version}", named["version"].as_str().unwrap())
        .replace("{integrity}", named["integrity"].as_str().unwrap());
    card_on(&app(&lines).url(), &incident).await;
    let forged = lines.replace("sha256-", "sha256-A");
    let browser = Browser::start().await;
    browser.goto(&app(&forged).url()).await;
    assert_eq!(
        browser.run("return window.Allclear === undefined").await,
        true
    );
}

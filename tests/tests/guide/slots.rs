//! Cards in slots of the app.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_shows_the_notice_in_its_slot() {
    let site = site();
    let incident = site.publish(&outage_with(
        &json!({ "components": [{ "id": "sharing" }] }),
    ));
    let tag = Example::Tag
        .on(&site)
        .replace("></script>", " data-shadow=\"open\"></script>");
    let page = app(&(tag + Example::Slot.on(&site).as_str()));
    let browser = card_on(&page.url(), &incident).await;
    browser
        .run("document.getElementById('share').showModal()")
        .await;
    browser
        .wait_until_shown("the notice in the dialog", |tree| {
            let title = tree.element("dialog")?.part("title")?;
            title
                .text()
                .contains("Messages are delayed")
                .then_some(title)
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_react_component_shows_the_notice_in_its_slot() {
    let site = site();
    let incident = site.publish(&outage_with(
        &json!({ "components": [{ "id": "sharing" }] }),
    ));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notices.jsx"), Example::React.on(&site)).unwrap();
    let host_app = "import { createElement } from 'react';
        import { createRoot } from 'react-dom/client';
        import { Notices } from './notices.jsx';
        const root = createRoot(document.getElementById('root'));
        window.draw = components => root.render(components && createElement(Notices, { components }));
        window.draw(['sharing']);";
    fs::write(folder.path().join("app.jsx"), host_app).unwrap();
    let bundled = Command::new(node::esbuild().unwrap())
        .arg(folder.path().join("app.jsx"))
        .args([
            "--bundle",
            "--jsx=automatic",
            "--define:process.env.NODE_ENV=\"production\"",
        ])
        .env("NODE_PATH", workspace::root().join("node_modules"))
        .output()
        .unwrap();
    assert!(
        bundled.status.success(),
        "{}",
        String::from_utf8_lossy(&bundled.stderr)
    );
    let page = app(&(Example::Tag.on(&site) + "<div id=root></div><script src=/app.js></script>"));
    page.put(
        "/app.js",
        Reply::script(&String::from_utf8(bundled.stdout).unwrap()),
    );
    let browser = card_on(&page.url(), &incident).await;
    let inside = |tree: &e2e::Tree| {
        let root = tree.find(|node| node.attribute("id") == Some("root"));
        root.is_some_and(|root| root.text().contains("Messages are delayed"))
    };
    browser
        .wait_for("the notice in the component", inside)
        .await;
    browser.run("draw(null)").await;
    browser
        .wait_for("no notice in the component", |tree| !inside(tree))
        .await;
    // The card is mounted by script, in an element of the host.
    browser
        .run("const place = document.createElement('div'); place.id = 'place'; document.getElementById('root').after(place)")
        .await;
    browser
        .run(
            &Example::Mount
                .on(&site)
                .replace("const unmount", "window.unmount"),
        )
        .await;
    let mounted = |tree: &e2e::Tree| {
        let place = tree.find(|node| node.attribute("id") == Some("place"));
        place.is_some_and(|place| place.text().contains("Messages are delayed"))
    };
    browser.wait_for("the notice in the element", mounted).await;
    browser.run("unmount()").await;
    browser
        .wait_for("no notice in the element", |tree| !mounted(tree))
        .await;
}

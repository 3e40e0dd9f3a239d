//! An empty folder becomes an app with a preview.

use super::*;

/// A development server that ends with the test.
struct Vite(std::process::Child);

impl Drop for Vite {
    fn drop(&mut self) {
        let _ = process::terminate(&mut self.0, std::time::Duration::from_secs(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_vite_app_shows_a_preview() {
    let site = site();
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("index.html"),
        Example::VitePage.on(&site),
    )
    .unwrap();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
        .to_string();
    let start_command = Example::ViteStart.on(&site).replace("5173", &port);
    let vite = workspace::root().join("node_modules/vite/bin/vite.js");
    let arguments: Vec<&str> = start_command
        .strip_prefix("npx vite ")
        .unwrap()
        .split(' ')
        .collect();
    let mut command = process::grouped(std::path::Path::new("node"));
    command
        .arg(&vite)
        .args(&arguments)
        // An address works without name resolution.
        .args(["--host", "127.0.0.1", "--strictPort"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _vite = Vite(process::spawn(command).unwrap());
    let address = Example::PreviewAddress
        .on(&site)
        .replace("localhost:5173", &format!("127.0.0.1:{port}"));
    let browser = Browser::start().await;
    let client = e2e::Client::new(
        &format!("http://127.0.0.1:{port}"),
        std::time::Duration::from_secs(5),
    );
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while client.get("/").is_err() {
        assert!(std::time::Instant::now() < deadline, "vite does not answer");
    }
    browser.goto(&address).await;
    wait_for_preview(&browser).await;
    // A production build keeps the tag.
    let build = Example::ViteBuild.on(&site);
    let built = Command::new("node")
        .arg(&vite)
        .args(build.strip_prefix("npx vite ").unwrap().split(' '))
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let page = fs::read_to_string(folder.path().join("dist/index.html")).unwrap();
    let page = Page::host(&page);
    browser
        .goto(&format!("{}?allclear-preview=critical", page.url()))
        .await;
    wait_for_preview(&browser).await;
}

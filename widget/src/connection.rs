//! The one widget of a page: put there, spoken to, taken away.

use std::{cell::RefCell, rc::Rc};

use js_sys::Function;
use notice::polling::Polling;
use wasm_bindgen::JsValue;
use yew::AppHandle;

use crate::{
    app::{App, Properties},
    host::Host,
    page::Page,
};

thread_local! {
    /// What is alive until the host calls `destroy`. A page has one loader, which hands over once.
    static ALIVE: RefCell<Option<(AppHandle<App>, Rc<Page>)>> = const { RefCell::new(None) };
}

/// Draws the widget and gives back how to speak to it. Without a place to draw it stays mute, and the page as it was.
pub fn open(host: Host, mounts: &JsValue, polling: Polling) -> Option<Function> {
    let page = Rc::new(Page::open(&host, mounts, heard)?);
    let mouth = page.mouth();
    let root = page.own();
    let properties = Properties {
        host,
        polling,
        page: Rc::clone(&page),
    };
    let app = yew::Renderer::<App>::with_root_and_props(root, properties).render();
    ALIVE.set(Some((app, page)));
    Some(mouth)
}

fn heard(name: String) {
    if name == "destroy" {
        close();
    }
    ALIVE.with_borrow(|alive| {
        if let Some((app, _)) = alive {
            app.send_message(name);
        }
    });
}

/// Takes it away. Yew frees the component, and with it our ear, once whatever calls this is done.
pub fn close() {
    if let Some((app, page)) = ALIVE.take() {
        page.close();
        app.destroy();
    }
}

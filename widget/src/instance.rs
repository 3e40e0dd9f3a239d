//! The one instance of the widget on a page.

use std::{cell::RefCell, rc::Rc};

use js_sys::Function;
use notice::browser::polling::Polling;
use wasm_bindgen::JsValue;
use yew::AppHandle;

use crate::{
    app::{App, Properties},
    dom::Dom,
    loader::Loader,
};

thread_local! {
    static INSTANCE: RefCell<Option<(AppHandle<App>, Rc<Dom>)>> = const { RefCell::new(None) };
}

/// Starts the widget and returns the function that dispatches events to it; `None` in a browser without constructed style
/// sheets.
pub fn open(loader: Loader, mounts: &JsValue, polling: Polling) -> Option<Function> {
    let dom = Rc::new(Dom::open(&loader, mounts, handle)?);
    let dispatcher = dom.dispatcher();
    let root = dom.own_container();
    let properties = Properties {
        loader,
        polling,
        dom: Rc::clone(&dom),
    };
    let app = yew::Renderer::<App>::with_root_and_props(root, properties).render();
    INSTANCE.set(Some((app, dom)));
    Some(dispatcher)
}

fn handle(event: String) {
    if event == "destroy" {
        close();
    }
    INSTANCE.with_borrow(|instance| {
        if let Some((app, _)) = instance {
            app.send_message(event);
        }
    });
}

/// Removes the widget. Yew drops [`App`], and with it the [`Dom`] with the closure that calls `handle`, only after the current
/// callback returns, which may be that closure.
pub fn close() {
    if let Some((app, dom)) = INSTANCE.take() {
        dom.close();
        app.destroy();
    }
}

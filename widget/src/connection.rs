//! The one widget of a page: put there, spoken to, taken away.

use std::{cell::RefCell, rc::Rc};

use js_sys::Function;
use notice::polling::Polling;
use yew::AppHandle;

use crate::{
    app::{App, Message, Properties},
    host::Host,
    page::{Hearing, Mount},
};

thread_local! {
    /// What is alive until the host calls `destroy`. A page has one loader, which hands over once.
    static ALIVE: RefCell<Option<(AppHandle<App>, Mount)>> = const { RefCell::new(None) };
}

/// Draws the widget and gives back how to speak to it. Without a place to draw it stays mute, and the page as it was.
pub fn open(host: Host, polling: Polling) -> Option<Function> {
    let mount = Mount::new(&host.option("shadow"))?;
    let hearing = Rc::new(Hearing::new(heard));
    let mouth = hearing.mouth();
    let properties = Properties {
        host,
        polling,
        hearing,
    };
    let app = yew::Renderer::<App>::with_root_and_props(mount.root(), properties).render();
    ALIVE.set(Some((app, mount)));
    Some(mouth)
}

fn heard(name: String) {
    if name == "destroy" {
        close();
    }
    ALIVE.with_borrow(|alive| {
        if let Some((app, _)) = alive {
            app.send_message(Message::Heard(name));
        }
    });
}

/// Takes it away. Yew frees the component, and with it our ear, once whatever calls this is done.
pub fn close() {
    if let Some((app, _mount)) = ALIVE.take() {
        app.destroy();
    }
}

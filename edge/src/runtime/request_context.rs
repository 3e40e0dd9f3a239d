//! The context of one request: the runtime's execution context, purges of Workers Cache, and the fields of log lines.

use std::{
    cell::{Cell, OnceCell, RefCell},
    future::Future,
    panic::AssertUnwindSafe,
    rc::Rc,
};

use js_sys::{Array, Function, Object, Promise, Reflect};
use notice::wire::ids::Slug;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::worker_sys::Context;

use super::random;
use crate::{
    fault::Fault,
    log::{self, LogContext},
};

#[derive(Clone, Debug)]
pub struct RequestContext {
    execution: Rc<Context>,
    request: Rc<RequestInfo>,
}

/// The fields of a request's log lines.
#[derive(Debug, Default)]
struct RequestInfo {
    /// The `CF-Ray` header, if any.
    ray: Option<String>,
    /// A random id for requests without `CF-Ray`, generated with the first log line.
    id: OnceCell<String>,
    route: Cell<&'static str>,
    site: RefCell<Option<String>>,
}

impl RequestContext {
    /// `ray` is the value of the `CF-Ray` header.
    pub fn new(execution: Context, ray: Option<String>) -> Self {
        let request = RequestInfo {
            ray,
            ..RequestInfo::default()
        };
        Self {
            execution: Rc::new(execution),
            request: Rc::new(request),
        }
    }

    /// Sets the route and the site of the log lines.
    pub fn identify(&self, route: &'static str, site: Option<&Slug>) {
        self.request.route.set(route);
        self.request.site.replace(site.map(Slug::to_string));
    }

    /// Logs a fault of this request.
    pub fn log(&self, fault: &Fault) {
        let site = self.request.site.borrow();
        let id = match &self.request.ray {
            Some(ray) => ray.as_str(),
            None => self.request.id.get_or_init(random::request_id),
        };
        let context = LogContext {
            route: self.request.route.get(),
            site: site.as_deref(),
            request_id: Some(id),
        };
        log::fault(context, fault);
    }

    /// Runs `work` after the response (`waitUntil`). Logs a fault if the runtime refuses.
    pub fn wait_until(&self, work: impl Future<Output = ()> + 'static) {
        let work = wasm_bindgen_futures::future_to_promise(AssertUnwindSafe(async {
            work.await;
            Ok(JsValue::UNDEFINED)
        }));
        if self.execution.wait_until(&work).is_err() {
            self.log(&Fault::TimedOut("waitUntil"));
        }
    }

    /// Purges answers with these tags from Workers Cache in all locations. `false` if there is no such cache: on
    /// workerd, and where it is not enabled.
    ///
    /// # Errors
    /// `Fault::Runtime` if the purge fails.
    pub async fn purge(&self, tags: &[String]) -> Result<bool, Fault> {
        let cache = Reflect::get((*self.execution).as_ref(), &JsValue::from_str("cache"))
            .unwrap_or(JsValue::UNDEFINED);
        let purge = Reflect::get(&cache, &JsValue::from_str("purge")).unwrap_or(JsValue::UNDEFINED);
        let Ok(purge) = purge.dyn_into::<Function>() else {
            return Ok(false);
        };
        let list: Array = tags.iter().map(|tag| JsValue::from_str(tag)).collect();
        let options = Object::new();
        let refused = |error: JsValue| Fault::Runtime(worker::Error::from(error));
        Reflect::set(&options, &JsValue::from_str("tags"), &list).map_err(refused)?;
        let started = purge.call1(&cache, &options).map_err(refused)?;
        JsFuture::from(Promise::resolve(&started))
            .await
            .map_err(refused)?;
        Ok(true)
    }
}

//! The request's execution context: what may go on after the answer, and the cache in front.

use std::{future::Future, panic::AssertUnwindSafe};

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::worker_sys::Context;

use crate::fault::Fault;

/// The context of one request, as the runtime gives it.
#[derive(Clone, Debug)]
pub struct Host {
    context: std::rc::Rc<Context>,
}

impl Host {
    /// Around the runtime's own object.
    pub fn new(context: Context) -> Self {
        Self {
            context: std::rc::Rc::new(context),
        }
    }

    /// Goes on with something after the answer. What cannot be waited for is not done.
    pub fn after_the_answer(&self, work: impl Future<Output = ()> + 'static) {
        let work = wasm_bindgen_futures::future_to_promise(AssertUnwindSafe(async {
            work.await;
            Ok(JsValue::UNDEFINED)
        }));
        if self.context.wait_until(&work).is_err() {
            worker::console_error!("the runtime takes nothing to do after the answer");
        }
    }

    /// Drops everything with these tags from Workers Cache, in every place. `false` where there is no such cache: on
    /// workerd, and where it is not switched on.
    ///
    /// # Errors
    /// When the cache refuses.
    pub async fn purge(&self, tags: &[String]) -> Result<bool, Fault> {
        let cache = Reflect::get((*self.context).as_ref(), &JsValue::from_str("cache"))
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

//! Whether the server can send mail to on-call targets.

use notice::wire::site::OnCallKind;

use super::Form;
use crate::{context::Context, server::on_call::OnCall, view::load::use_resource};

/// Returns whether the form has a target of kind `email` and the server sends no mail. Asks the server when there is such a target;
/// `false` until it has answered.
#[yew::hook]
pub fn use_lacks_mail(context: &Context, form: &Form) -> bool {
    let mut targets = form.fields.on_call.iter();
    let has_mail = targets.any(|row| row.kind == OnCallKind::Email.as_str());
    let path = has_mail.then(|| "/on-call".to_owned());
    let loaded = use_resource::<OnCall>(context, path, 0);
    has_mail && loaded.value.is_some_and(|on_call| !on_call.sends_mail)
}

//! Subscriptions to changes: reading those of the calling app.

use std::collections::BTreeMap;

use super::{
    answer::Answer,
    caller::{Caller, id_of},
    people, unknown,
};
use crate::{
    odata::{Refused, Rules, apps::SUBSCRIPTION},
    world::{Json, access::text, notices},
};

const LIST: Rules = Rules {
    shape: &SUBSCRIPTION,
    page: usize::MAX,
    top: None,
    options: "",
    order: "",
    directory: false,
};

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    caller.only(&http::Method::GET)?;
    let own = own(caller);
    match rest {
        [] => people::rows(caller, "subscriptions", &LIST, &own),
        [id] => {
            let row = own.get(*id).ok_or_else(|| missing(id))?;
            caller.entity("subscriptions", &SUBSCRIPTION, Some(row), id)
        }
        rest => Err(unknown(rest)),
    }
}

/// The subscriptions of the calling app that still run.
pub(super) fn own(caller: &Caller<'_>) -> BTreeMap<String, Json> {
    let all = caller.tenant.register.subscriptions.present();
    let app = caller.call.claims.appid.as_str();
    let own =
        all.filter(|row| text(row, "applicationId") == Some(app) && notices::runs(row, caller.call.now));
    own.map(|row| (id_of(row).to_owned(), row.clone())).collect()
}

pub(super) fn missing(id: &str) -> Refused {
    Refused::new(
        http::StatusCode::NOT_FOUND,
        "ResourceNotFound",
        format!("The object was not found: subscription '{id}'."),
    )
}

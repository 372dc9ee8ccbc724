//! Which tenant is meant by what was typed.

use msp365::{
    TenantId,
    actions::{details::Viewer, explain::Area},
    store::{Store, TenantFilter, TenantRecord},
};

use crate::{failure::Failure, users};

/// A tenant by its id, or by the name or a domain of a stored one; where none was typed, the tenant of the only stored
/// user of that name or id. A tenant whose users this viewer may not see is not found.
pub(crate) async fn tenant(
    store: &dyn Store,
    viewer: Viewer<'_>,
    (typed, user): (Option<&str>, Option<&str>),
) -> Result<TenantId, Failure> {
    let is_seen = |tenant: &TenantId| viewer.sees(Area::Users, tenant);
    match (typed, user) {
        (Some(text), _) => match text.parse() {
            Ok(id) => Ok(id),
            Err(_) => called(store, is_seen, text).await,
        },
        (None, Some(user)) => of_user(store, is_seen, user).await,
        (None, None) => Err(missing("`--tenant` is missing")),
    }
}

async fn called(
    store: &dyn Store,
    is_seen: impl Fn(&TenantId) -> bool,
    text: &str,
) -> Result<TenantId, Failure> {
    let all = store.tenants(&TenantFilter::all()).await;
    let mut found = all.map_err(msp365::Error::from)?;
    found.retain(|record| is_called(record, text) && is_seen(&record.id));
    match found.as_slice() {
        [only] => Ok(only.id),
        [] => Err(
            Failure::usage(format!("no stored tenant has the id, name or domain `{text}`"))
                .remedy("`msp365 tenants list` shows the tenants"),
        ),
        several => {
            let ids: Vec<_> = several.iter().map(|record| record.id.to_string()).collect();
            let words = format!("{} tenants are called `{text}`", several.len());
            Err(Failure::usage(words).remedy(format!("name one by its id: {}", ids.join(", "))))
        }
    }
}

fn is_called(record: &TenantRecord, text: &str) -> bool {
    let domains = record.default_domain.iter().chain(&record.initial_domain);
    domains
        .chain([&record.name])
        .any(|name| name.to_lowercase() == text.to_lowercase())
}

async fn of_user(
    store: &dyn Store,
    is_seen: impl Fn(&TenantId) -> bool,
    user: &str,
) -> Result<TenantId, Failure> {
    let mut found = users::named(store, &[], user).await?;
    found.retain(|view| is_seen(&view.tenant_id));
    match found.as_slice() {
        [only] => Ok(only.tenant_id),
        [] => Err(missing(&format!(
            "`--tenant` is missing, and no stored user is called `{user}`"
        ))),
        several => Err(missing(&format!(
            "`--tenant` is missing, and {} tenants have a user `{user}`",
            several.len()
        ))),
    }
}

fn missing(words: &str) -> Failure {
    Failure::usage(words).remedy("name the tenant with `--tenant`, by its id, name or a domain")
}

//! Registered applications and their secrets, with the dates on which these expire.

mod model;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use msp365_core::{
    Operation, Page, Request,
    operation::{DIRECTORY, Verb},
    path,
    query::Property,
};
use serde_json::json;

pub use model::{
    AppRole, Application, KeyCredential, PasswordCredential, RequiredResource, ResourceAccess, WebAddresses,
};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &GET, &BY_APP_ID, &ADD_SECRET, &REMOVE_SECRET];

/// What [`list`] requests for each application.
pub const PROPERTIES: [Property<Application>; 7] = [
    Application::ID,
    Application::APP_ID,
    Application::DISPLAY_NAME,
    Application::CREATED_DATE_TIME,
    Application::SIGN_IN_AUDIENCE,
    Application::PASSWORD_CREDENTIALS,
    Application::KEY_CREDENTIALS,
];

/// Rows on a page (seen 2026).
const PAGE: u32 = 999;

static LIST: Operation = Operation::pages("applications.list", "applications", PAGE)
    .permission(&["Application.Read.All"])
    .options(DIRECTORY);
static GET: Operation = Operation::read("applications.get", "applications/{application}")
    .permission(&["Application.Read.All"])
    .options(&["$select", "$expand"]);
static BY_APP_ID: Operation = Operation::read("applications.by_app_id", "applications(appId={id})")
    .permission(&["Application.Read.All"])
    .options(&["$select", "$expand"]);
static ADD_SECRET: Operation = Operation::new(
    Verb::Post,
    "applications.add_secret",
    "applications/{application}/addPassword",
)
.delegated(&["Application.ReadWrite.All"])
.application(&["Application.ReadWrite.OwnedBy"])
.note("two years unless said otherwise; a policy may refuse");
static REMOVE_SECRET: Operation = Operation::new(
    Verb::Post,
    "applications.remove_secret",
    "applications/{application}/removePassword",
)
.delegated(&["Application.ReadWrite.All"])
.application(&["Application.ReadWrite.OwnedBy"])
.same();

/// All registered applications with their secrets and certificates; the secrets themselves are never returned.
///
/// Permission: `Application.Read.All`. Pages of 999.
pub fn list() -> Request<Page<Application>> {
    LIST.list(path!["applications"]).select(PROPERTIES).top(PAGE)
}

/// One registered application, by object id.
///
/// Permission: `Application.Read.All`.
pub fn get(application: impl AsRef<str>) -> Request<Application> {
    GET.one(path!["applications", application])
}

/// One registered application, by client id.
///
/// Permission: `Application.Read.All`.
pub fn by_app_id(app_id: impl AsRef<str>) -> Request<Application> {
    BY_APP_ID
        .one(path!["applications"].key("appId", app_id))
        .select(PROPERTIES)
}

/// Creates a client secret, which only this reply contains. It can be used after some seconds.
///
/// It is sent once: if the reply is lost, so is the secret; remove it and create another.
///
/// Permission: `Application.ReadWrite.All`; for the application alone `Application.ReadWrite.OwnedBy`.
pub fn add_secret(
    application: impl AsRef<str>,
    name: impl AsRef<str>,
    end: Option<Timestamp>,
) -> Request<PasswordCredential> {
    let mut credential = json!({ "displayName": name.as_ref() });
    if let (Some(end), Some(members)) = (end, credential.as_object_mut()) {
        members.insert("endDateTime".to_owned(), end.to_string().into());
    }
    ADD_SECRET
        .one(path!["applications", application, "addPassword"])
        .json(json!({ "passwordCredential": credential }))
}

/// Removes a client secret by its key id.
///
/// Permission: `Application.ReadWrite.All`; for the application alone `Application.ReadWrite.OwnedBy`.
pub fn remove_secret(application: impl AsRef<str>, key: impl AsRef<str>) -> Request<()> {
    let request = REMOVE_SECRET
        .command(path!["applications", application, "removePassword"])
        .json(json!({ "keyId": key.as_ref() }));
    if crate::licenses::is_guid(key.as_ref()) {
        request
    } else {
        request.refuse("a secret is named by its key id, which is a GUID")
    }
}

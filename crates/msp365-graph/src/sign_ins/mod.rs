//! The sign-in log: who signed in to what, from where, and how it ended. Only interactive sign-ins.

mod model;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use msp365_core::{Lenient, Operation, Page, Request, Service, path, query::Direction};

pub use model::{
    AppliedPolicy, ConditionalAccess, DeviceDetail, Location, Outcome, PolicyResult, RiskLevel, RiskState,
    SignIn, Status,
};

pub(crate) static OPERATIONS: &[&Operation] = &[&LIST, &REQUIRED, &GET];

/// Rows on a page; also the service's default.
const PAGE: u32 = 1000;

static LIST: Operation = Operation::pages("sign_ins.list", "auditLogs/signIns", PAGE)
    .permission(&["AuditLog.Read.All", "Directory.Read.All"])
    .options(&["$filter", "$orderby", "$skiptoken"])
    .license("Entra ID P1")
    .note("30 days; 5 requests in 10 seconds; policies need `Policy.Read.ConditionalAccess`");
static REQUIRED: Operation = Operation::pages("sign_ins.with_requirement", "auditLogs/signIns", PAGE)
    .at(Service::GraphBeta)
    .permission(&["AuditLog.Read.All", "Directory.Read.All"])
    .options(&["$filter", "$orderby", "$skiptoken"])
    .license("Entra ID P1")
    .note("of the beta version, which may change; else as `sign_ins.list`");
static GET: Operation = Operation::read("sign_ins.get", "auditLogs/signIns/{sign-in}")
    .permission(&["AuditLog.Read.All", "Directory.Read.All"])
    .options(&[])
    .license("Entra ID P1");

/// All sign-ins that are kept, newest first.
///
/// Permission: `AuditLog.Read.All` and `Directory.Read.All`. Pages of 1,000; the tenant needs Entra ID P1.
pub fn list() -> Request<Page<Lenient<SignIn>>> {
    LIST.list_lenient(path!["auditLogs", "signIns"]).top(PAGE)
}

/// The sign-ins since a time, newest first.
///
/// Permission: `AuditLog.Read.All` and `Directory.Read.All`. Pages of 1,000; the tenant needs Entra ID P1.
pub fn since(time: Timestamp) -> Request<Page<Lenient<SignIn>>> {
    list()
        .filter(SignIn::CREATED_DATE_TIME.ge(time))
        .order_by(SignIn::CREATED_DATE_TIME, Direction::Descending)
}

/// The sign-ins of one user since a time, by object id, newest first.
///
/// Permission: `AuditLog.Read.All` and `Directory.Read.All`. Pages of 1,000; the tenant needs Entra ID P1.
pub fn of_user(user: impl AsRef<str>, time: Timestamp) -> Request<Page<Lenient<SignIn>>> {
    of_one(list(), user.as_ref(), time)
}

/// The same from the beta version, which also says what had to be proved (`authenticationRequirement`, kept in
/// [`SignIn::extra`]). Microsoft may change that version at any time.
///
/// Permission: `AuditLog.Read.All` and `Directory.Read.All`. Pages of 1,000; the tenant needs Entra ID P1.
pub fn with_requirement(user: impl AsRef<str>, time: Timestamp) -> Request<Page<Lenient<SignIn>>> {
    let list = REQUIRED.list_lenient(path!["auditLogs", "signIns"]).top(PAGE);
    of_one(list, user.as_ref(), time)
}

fn of_one(
    list: Request<Page<Lenient<SignIn>>>,
    user: &str,
    time: Timestamp,
) -> Request<Page<Lenient<SignIn>>> {
    list.filter(SignIn::USER_ID.eq(user).and(SignIn::CREATED_DATE_TIME.ge(time)))
        .order_by(SignIn::CREATED_DATE_TIME, Direction::Descending)
}

/// One sign-in.
///
/// Permission: `AuditLog.Read.All` and `Directory.Read.All`. The tenant needs Entra ID P1.
pub fn get(id: impl AsRef<str>) -> Request<SignIn> {
    GET.one(path!["auditLogs", "signIns", id])
}

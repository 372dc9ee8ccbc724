//! Usage reports, which are files elsewhere, and the setting that conceals names in them.

mod mailboxes;
mod registration;
mod sheet;
mod usage;

use http::StatusCode;
use jiff::{Span, civil::Date, tz::TimeZone};
use msp365_core::{SeededRandom, random};
use serde_json::json;

use self::{
    sheet::Sheet,
    usage::{REPORTS as USAGE, Window},
};
use super::{
    answer::Answer,
    caller::Caller,
    people, read_only,
    rights::{REPORT_SETTINGS, REPORTS},
    unknown,
};
use crate::{
    api::ApiVersion,
    odata::{Refused, Rules, records::REPORT_ROW, tenant::ADMIN_REPORT_SETTINGS},
    world::access::object,
};

/// How old the newest report is.
const LAG_DAYS: i64 = 2;
/// How far back single days can be asked for.
const DAYS_BACK: i64 = 30;
const MAILBOXES: &str = "getMailboxUsageDetail";
const AS_JSON: Rules = Rules {
    shape: &REPORT_ROW,
    page: 200,
    top: Some(999),
    options: "$format",
    order: "",
    directory: false,
};

pub(super) fn serve(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    if let ["authenticationMethods", "userRegistrationDetails", rest @ ..] = rest {
        return registration::serve(caller, rest);
    }
    let [asked] = rest else {
        return Err(unknown(rest));
    };
    let (function, arguments) = match asked.split_once('(') {
        Some((function, rest)) => (function, rest.strip_suffix(')').unwrap_or(rest)),
        None => (*asked, ""),
    };
    let usage = USAGE.iter().find(|report| report.function == function);
    if function != MAILBOXES && usage.is_none() {
        return Err(Refused::unknown_segment(asked));
    }
    read_only(caller, &REPORTS)?;
    let takes = usage.map_or((true, false), |report| (report.takes_period, report.takes_date));
    let window = window(caller, arguments, takes)?;
    let sheet = match usage {
        Some(report) => usage::sheet(report, (caller.tenant, caller.world.seed), window),
        None => Sheet {
            columns: mailboxes::COLUMNS.map(str::to_owned).to_vec(),
            rows: mailboxes::rows(caller.tenant, window.refreshed, window.days),
        },
    };
    match caller.call.option("$format") {
        None | Some("text/csv") => Ok(file(caller, arguments, &sheet)),
        Some("application/json")
            if caller.call.version == ApiVersion::Beta || function == "getM365AppUserDetail" =>
        {
            people::rows(caller, &format!("reports/{function}"), &AS_JSON, &sheet.objects())
        }
        Some(other) => Err(Refused::bad(format!("The format '{other}' is not supported."))),
    }
}

/// The time that the arguments of a function name.
fn window(caller: &Caller<'_>, arguments: &str, (period, date): (bool, bool)) -> Result<Window, Refused> {
    let today = caller.call.now.to_zoned(TimeZone::UTC).date();
    let ago = |days: i64| today.checked_sub(Span::new().days(days)).unwrap_or(today);
    let refreshed = ago(LAG_DAYS);
    let of = |days: u16, only: Option<Date>| {
        Ok(Window {
            refreshed,
            days,
            only,
        })
    };
    match (arguments, period) {
        ("", false) => return of(0, None),
        ("period='D7'", true) => return of(7, None),
        ("period='D30'", true) => return of(30, None),
        ("period='D90'", true) => return of(90, None),
        ("period='D180'", true) => return of(180, None),
        _ => {}
    }
    let day = arguments.strip_prefix("date=").map(|day| day.trim_matches('\''));
    let day = day.and_then(|day| day.parse::<Date>().ok());
    match day.filter(|day| date && *day <= today && *day >= ago(DAYS_BACK)) {
        Some(day) => of(1, Some(day)),
        None => Err(Refused::new(
            StatusCode::BAD_REQUEST,
            "UnknownError",
            "{\"error\":{\"code\":\"InvalidArgument\",\"message\":\"Invalid period value specified.\"}}",
        )),
    }
}

fn file(caller: &Caller<'_>, arguments: &str, sheet: &Sheet) -> Answer {
    let purpose = format!(
        "report {} {arguments} {} {}",
        caller.tenant.id,
        caller.call.now,
        caller.world.downloads.len()
    );
    let key = random::uuid(&SeededRandom::for_purpose(caller.world.seed, &purpose))
        .simple()
        .to_string();
    Answer::Download {
        key,
        body: sheet.file(),
    }
}

/// `admin/reportSettings`.
pub(super) fn settings(caller: &Caller<'_>, rest: &[&str]) -> Result<Answer, Refused> {
    let ["reportSettings"] = rest else {
        return Err(unknown(rest));
    };
    read_only(caller, &REPORT_SETTINGS)?;
    let row = object(json!({"displayConcealedNames": caller.tenant.conceals_reports}));
    caller.entity(
        "admin/reportSettings",
        &ADMIN_REPORT_SETTINGS,
        Some(&row),
        "reportSettings",
    )
}

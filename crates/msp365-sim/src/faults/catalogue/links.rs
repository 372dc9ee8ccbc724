//! Links that lead where no token belongs.

use msp365_core::Reply;
use serde_json::json;

use super::super::{
    pages,
    row::{
        Action::{self, Alter},
        Meeting,
    },
};

/// Next pages that only look right.
pub(crate) const EVIL: [&str; 40] = [
    "http://graph.microsoft.com/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com@evil.example/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com:8443/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com.evil.example/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com/v1.0.evil/users?$skiptoken=1",
    "https://graph.microsoft.com./v1.0/users?$skiptoken=1",
    "https://127.0.0.1/v1.0/users?$skiptoken=1",
    "https://gr\u{430}ph.microsoft.com/v1.0/users?$skiptoken=1",
    "https:\\\\graph.microsoft.com\\v1.0\\users?$skiptoken=1",
    "https://graph.microsoft.com\t.evil.example/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com/v1.0/../evil?$skiptoken=1",
    "//evil.example/v1.0/users?$skiptoken=1",
    "https://evil.example/v1.0/users?$skiptoken=1",
    "https://user:password@graph.microsoft.com@evil.example/v1.0/users?$skiptoken=1",
    "https://evil.example:443@graph.microsoft.com.evil.example/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com%2eevil.example/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com%00.evil.example/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com\\@evil.example/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com#@evil.example/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com?@evil.example/v1.0/users?$skiptoken=1",
    "https://graph-microsoft.com/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.co/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com.:443/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com:80/v1.0/users?$skiptoken=1",
    "https://xn--grph-53d.microsoft.com/v1.0/users?$skiptoken=1",
    "https://graph\u{3002}microsoft\u{3002}com.evil.example/v1.0/users?$skiptoken=1",
    "https://[::1]/v1.0/users?$skiptoken=1",
    "https://[::ffff:169.254.169.254]/v1.0/users?$skiptoken=1",
    "https://169.254.169.254/v1.0/users?$skiptoken=1",
    "https://2130706433/v1.0/users?$skiptoken=1",
    "https://0x7f.1/v1.0/users?$skiptoken=1",
    "https://localhost/v1.0/users?$skiptoken=1",
    "https://graph.microsoft.com/v1.0%2f..%2f..%2fevil?$skiptoken=1",
    "https://graph.microsoft.com/v1.0/%2e%2e/evil?$skiptoken=1",
    "https://graph.microsoft.com//evil.example/v1.0/users?$skiptoken=1",
    "https:graph.microsoft.com.evil.example/v1.0/users?$skiptoken=1",
    "ftp://graph.microsoft.com/v1.0/users?$skiptoken=1",
    "file:///v1.0/users?$skiptoken=1",
    "javascript:fetch('https://evil.example')",
    "data:application/json,{\"value\":[]}",
];

/// Where a report is to be fetched from, though nobody should.
pub(crate) const REPORTS: [&str; 12] = [
    "https://reports.evil.example/reports-download/1",
    "http://reports.office.com/reports-download/1",
    "https://127.0.0.1/reports-download/1",
    "https://reports.office.com.evil.example/reports-download/1",
    "https://reports.office.com@evil.example/reports-download/1",
    "https://evilreports.office.com.example/reports-download/1",
    "https://169.254.169.254/reports-download/1",
    "https://[::1]/reports-download/1",
    "file:///etc/passwd",
    "ftp://reports.office.com/reports-download/1",
    "//evil.example/reports-download/1",
    "",
];

pub(super) fn to(reply: &mut Reply, link: &str) -> bool {
    pages::link(reply, &json!(link))
}

fn evil<const PLACE: usize>(_: &mut Meeting<'_>, reply: &mut Reply) -> bool {
    EVIL.get(PLACE).is_some_and(|link| to(reply, link))
}

fn report<const PLACE: usize>(_: &mut Meeting<'_>, reply: &mut Reply) -> bool {
    let to = REPORTS.get(PLACE).filter(|_| reply.status.is_redirection());
    to.map(|to| pages::set(reply, "location", to)).is_some()
}

macro_rules! ways {
    ($name:ident: $($place:literal)*) => { &[$(&[Alter($name::<$place>)]),*] };
}

/// Each of the next pages.
pub(super) const PAGES: &[&[Action]] = ways![
    evil: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19
    20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39
];

/// Each of the places of a report.
pub(super) const DOWNLOADS: &[&[Action]] = ways![report: 0 1 2 3 4 5 6 7 8 9 10 11];

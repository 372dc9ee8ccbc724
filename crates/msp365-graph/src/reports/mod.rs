//! Usage reports, and whether they show names.

mod mailbox_usage;

use msp365_core::{Request, Service, path};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub use mailbox_usage::{MailboxUsage, MailboxUsageRow, mailbox_usage_rows};

/// Whether the tenant's reports show names.
///
/// Permission: `ReportSettings.Read.All`. The global cloud alone has it.
pub fn settings() -> Request<ReportSettings> {
    Request::get(
        "reports.settings",
        Service::Graph,
        path!["admin", "reportSettings"],
    )
}

/// Where the mailbox usage of a period lies: an address good for a few minutes, to be read without a token. What lies
/// there is for [`mailbox_usage_rows`].
///
/// Permission: `Reports.Read.All`. The global cloud alone has it; figures are about two days old.
pub fn mailbox_usage(period: Period) -> Request<SecretString> {
    Request::redirect(
        "reports.mailbox_usage",
        Service::Graph,
        path!["reports", "getMailboxUsageDetail"].key("period", period.as_str()),
    )
}

/// The days a usage report covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Period {
    /// 7 days.
    D7,
    /// 30 days.
    D30,
    /// 90 days.
    D90,
    /// 180 days.
    D180,
}

impl Period {
    /// The period as the service takes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::D7 => "D7",
            Self::D30 => "D30",
            Self::D90 => "D90",
            Self::D180 => "D180",
        }
    }
}

/// How the reports of a tenant are set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportSettings {
    /// Whether reports hide names behind hashes.
    pub display_concealed_names: Option<bool>,
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, StatusCode};
    use insta::assert_snapshot;
    use msp365_core::Reply;
    use secrecy::ExposeSecret;

    use super::*;
    use crate::testing::{read, shown};

    #[test]
    fn the_setting_is_one_flag() {
        assert_snapshot!(shown(&settings()), @"GET admin/reportSettings");

        let set = read(
            &settings(),
            r#"{"@odata.context":"c","displayConcealedNames":true}"#,
        )
        .unwrap();

        assert_eq!(set.display_concealed_names, Some(true));
    }

    #[test]
    fn a_report_is_asked_for_by_its_period() {
        assert_snapshot!(shown(&mailbox_usage(Period::D30)), @"GET reports/getMailboxUsageDetail(period='D30')");
    }

    #[test]
    fn the_address_of_a_report_is_a_secret() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "location",
            HeaderValue::from_static("https://reports.example/d?token=canary"),
        );

        let place = mailbox_usage(Period::D7)
            .decode(&Reply::new(StatusCode::FOUND, headers, ""))
            .unwrap();

        assert_eq!(place.expose_secret(), "https://reports.example/d?token=canary");
        assert!(!format!("{place:?}").contains("canary"));
    }
}

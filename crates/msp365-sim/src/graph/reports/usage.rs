//! Reports about what users do, a row for each who holds the service. Figures follow from the world's seed; dates from
//! when somebody signed in last.

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};

use super::sheet::Sheet;
use crate::{
    graph::caller::id_of,
    world::{Json, Removed, Tenant, access::text, chance::Dice, holdings::skus},
};

/// A part of Microsoft 365 that somebody may use: its name in reports, and words of the service plans that bring it.
type Service = (&'static str, &'static [&'static str]);

const EXCHANGE: Service = ("Exchange", &["EXCHANGE"]);
const ONE_DRIVE: Service = ("OneDrive", &["SHAREPOINT"]);
const TEAMS: Service = ("Teams", &["TEAMS"]);
const APPS: Service = ("Apps", &["OFFICE_BUSINESS", "OFFICESUBSCRIPTION"]);
const SERVICES: [Service; 7] = [
    EXCHANGE,
    ONE_DRIVE,
    ("SharePoint", &["SHAREPOINT"]),
    ("Skype For Business", &["MCO"]),
    ("Yammer", &["YAMMER"]),
    TEAMS,
    APPS,
];

/// One report: its function, its columns apart by bars, who is in it, and whether it is given for single days.
pub(super) struct Report {
    pub(super) function: &'static str,
    columns: &'static str,
    about: Option<Service>,
    pub(super) takes_date: bool,
    pub(super) takes_period: bool,
}

pub(super) const REPORTS: [Report; 6] = [
    Report {
        function: "getOffice365ActiveUserDetail",
        columns: "Report Refresh Date|User Principal Name|Display Name|Is Deleted|Deleted Date|Has Exchange License|\
            Has OneDrive License|Has SharePoint License|Has Skype For Business License|Has Yammer License|\
            Has Teams License|Exchange Last Activity Date|OneDrive Last Activity Date|SharePoint Last Activity Date|\
            Skype For Business Last Activity Date|Yammer Last Activity Date|Teams Last Activity Date|\
            Exchange License Assign Date|OneDrive License Assign Date|SharePoint License Assign Date|\
            Skype For Business License Assign Date|Yammer License Assign Date|Teams License Assign Date|\
            Assigned Products",
        about: None,
        takes_date: true,
        takes_period: true,
    },
    Report {
        function: "getM365AppUserDetail",
        columns: "Report Refresh Date|User Principal Name|Last Activation Date|Last Activity Date|Report Period|\
            Windows|Mac|Mobile|Web|Outlook|Word|Excel|PowerPoint|OneNote|Teams|\
            Outlook (Windows)|Word (Windows)|Excel (Windows)|PowerPoint (Windows)|OneNote (Windows)|Teams (Windows)|\
            Outlook (Mac)|Word (Mac)|Excel (Mac)|PowerPoint (Mac)|OneNote (Mac)|Teams (Mac)|\
            Outlook (Mobile)|Word (Mobile)|Excel (Mobile)|PowerPoint (Mobile)|OneNote (Mobile)|Teams (Mobile)|\
            Outlook (Web)|Word (Web)|Excel (Web)|PowerPoint (Web)|OneNote (Web)|Teams (Web)",
        about: Some(APPS),
        takes_date: true,
        takes_period: true,
    },
    Report {
        function: "getEmailActivityUserDetail",
        columns: "Report Refresh Date|User Principal Name|Display Name|Is Deleted|Deleted Date|Last Activity Date|\
            Send Count|Receive Count|Read Count|Meeting Created Count|Meeting Interacted Count|Assigned Products|\
            Report Period",
        about: Some(EXCHANGE),
        takes_date: true,
        takes_period: true,
    },
    Report {
        function: "getTeamsUserActivityUserDetail",
        columns: "Report Refresh Date|Tenant Display Name|Shared Channel Tenant Display Names|User Id|\
            User Principal Name|Last Activity Date|Is Deleted|Deleted Date|Assigned Products|\
            Team Chat Message Count|Private Chat Message Count|Call Count|Meeting Count|Post Messages|Reply Messages|\
            Urgent Messages|Meetings Organized Count|Meetings Attended Count|Ad Hoc Meetings Organized Count|\
            Ad Hoc Meetings Attended Count|Scheduled One-time Meetings Organized Count|\
            Scheduled One-time Meetings Attended Count|Scheduled Recurring Meetings Organized Count|\
            Scheduled Recurring Meetings Attended Count|Audio Duration|Video Duration|Screen Share Duration|\
            Audio Duration In Seconds|Video Duration In Seconds|Screen Share Duration In Seconds|Has Other Action|\
            Is Licensed|Report Period",
        about: Some(TEAMS),
        takes_date: true,
        takes_period: true,
    },
    Report {
        function: "getOneDriveUsageAccountDetail",
        columns: "Report Refresh Date|Site Id|Site URL|Owner Display Name|Is Deleted|Last Activity Date|File Count|\
            Active File Count|Storage Used (Byte)|Storage Allocated (Byte)|Owner Principal Name|Report Period",
        about: Some(ONE_DRIVE),
        takes_date: false,
        takes_period: true,
    },
    Report {
        function: "getOffice365ActivationsUserDetail",
        columns: "Report Refresh Date|User Principal Name|Display Name|Product Type|Last Activated Date|Windows|Mac|\
            Windows 10 Mobile|iOS|Android|Activated On Shared Computer",
        about: Some(APPS),
        takes_date: false,
        takes_period: false,
    },
];

/// The time a report is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) refreshed: Date,
    pub(super) days: u16,
    /// The one day asked for.
    pub(super) only: Option<Date>,
}

/// One user, as reports see it.
struct Person<'a> {
    tenant: &'a Tenant,
    seed: u64,
    row: &'a Json,
    deleted: bool,
    products: Vec<String>,
    plans: Vec<String>,
}

/// The whole report of a tenant.
pub(super) fn sheet(report: &Report, (tenant, seed): (&Tenant, u64), window: Window) -> Sheet {
    let columns: Vec<String> = report.columns.split('|').map(str::to_owned).collect();
    let mut rows = Vec::new();
    for kept in tenant.users.rows.values() {
        let deleted = kept.removed == Some(Removed::Changed);
        if kept.removed == Some(Removed::Deleted) || (deleted && report.about.is_some()) {
            continue;
        }
        let person = Person::new((tenant, seed), &kept.json, deleted);
        let is_in = report
            .about
            .map_or(deleted || !person.products.is_empty(), |about| {
                person.holds(about)
            });
        let service = report.about.unwrap_or(EXCHANGE);
        let on_the_day = window
            .only
            .is_none_or(|day| person.active(service, window) == Some(day));
        if is_in && on_the_day {
            rows.push(
                columns
                    .iter()
                    .map(|column| person.cell(column, service, window))
                    .collect(),
            );
        }
    }
    Sheet { columns, rows }
}

impl<'a> Person<'a> {
    fn new((tenant, seed): (&'a Tenant, u64), row: &'a Json, deleted: bool) -> Self {
        let held = tenant.holdings(id_of(row));
        let skus = skus(&held);
        let part = |sku: &String| {
            tenant
                .sku(sku)
                .and_then(|sku| text(sku, "skuPartNumber"))
                .map(str::to_owned)
        };
        let plans = skus.iter().flat_map(|sku| tenant.plans_of(sku));
        Self {
            tenant,
            seed,
            row,
            deleted,
            products: skus
                .iter()
                .filter_map(part)
                .map(|part| part.replace('_', " "))
                .collect(),
            plans: plans.map(|(_, name)| name).collect(),
        }
    }

    fn holds(&self, (_, words): Service) -> bool {
        let brings = |plan: &String| words.iter().any(|word| plan.contains(word));
        self.plans.iter().any(brings)
    }

    fn dice(&self, purpose: &str) -> Dice {
        Dice::new(self.seed, &format!("report {purpose} of {}", id_of(self.row)))
    }

    fn day(&self, property: &str) -> Option<Date> {
        let at = text(self.row, property)?.parse::<Timestamp>().ok()?;
        Some(at.to_zoned(TimeZone::UTC).date())
    }

    /// When a service was used last, up to the day the report knows of.
    fn active(&self, service: Service, window: Window) -> Option<Date> {
        if !self.holds(service) {
            return None;
        }
        let activity = self.tenant.sign_in_activity.get(id_of(self.row))?;
        let last = text(activity, "lastSignInDateTime")?.parse::<Timestamp>().ok()?;
        let last = last.to_zoned(TimeZone::UTC).date();
        let back = self.dice(service.0).days(0, 3);
        last.checked_sub(Span::new().days(back))
            .ok()
            .filter(|day| *day <= window.refreshed)
    }

    /// How much of something was done in the time of the report.
    fn amount(&self, what: &str, most: u64, (service, window): (Service, Window)) -> u64 {
        let since = window
            .refreshed
            .checked_sub(Span::new().days(i64::from(window.days)));
        let last = self.active(service, window);
        let is_active = last.zip(since.ok()).is_some_and(|(last, since)| last >= since);
        if is_active {
            self.dice(what).between(0, most)
        } else {
            0
        }
    }

    fn cell(&self, column: &str, service: Service, window: Window) -> String {
        let shown = |name: &str| Sheet::shown(self.tenant, text(self.row, name).unwrap_or_default());
        let date = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let named = |end: &str| {
            let name = column.strip_prefix("Has ").unwrap_or(column).strip_suffix(end)?;
            SERVICES.into_iter().find(|service| service.0 == name)
        };
        match column {
            "Report Refresh Date" => window.refreshed.to_string(),
            "Report Period" => window.days.to_string(),
            "User Principal Name" | "Owner Principal Name" => shown("userPrincipalName"),
            "Display Name" | "Owner Display Name" => shown("displayName"),
            "User Id" => shown("id"),
            "Tenant Display Name" => self.tenant.name.clone(),
            "Shared Channel Tenant Display Names" => String::new(),
            "Is Deleted" => flag(self.deleted),
            "Deleted Date" => date(self.day("deletedDateTime").filter(|_| self.deleted)),
            "Assigned Products" => self.products.join("+"),
            "Product Type" => "MICROSOFT 365 APPS".to_owned(),
            "Last Activity Date" | "Last Activation Date" | "Last Activated Date" => {
                date(self.active(service, window))
            }
            "Is Licensed" => "Yes".to_owned(),
            "Activated On Shared Computer" => flag(false),
            "Site Id" => self.dice("site").id(),
            "Site URL" => self.site(),
            "Storage Allocated (Byte)" => (1_u64 << 40).to_string(),
            "Storage Used (Byte)" => self.dice(column).between(1 << 20, 1 << 36).to_string(),
            _ => match (
                named(" License"),
                named(" Last Activity Date"),
                named(" License Assign Date"),
            ) {
                (Some(service), ..) => flag(self.holds(service)),
                (_, Some(service), _) => date(self.active(service, window)),
                (.., Some(service)) => date(self.day("createdDateTime").filter(|_| self.holds(service))),
                _ => self.figure(column, service, window),
            },
        }
    }

    /// The address of somebody's files, which a tenant that conceals names leaves out.
    fn site(&self) -> String {
        if self.tenant.conceals_reports {
            return String::new();
        }
        let host = self.tenant.initial_domain.split('.').next().unwrap_or_default();
        let user = text(self.row, "userPrincipalName").unwrap_or_default();
        let user = user.replace(['@', '.'], "_");
        format!("https://{host}-my.sharepoint.com/personal/{user}")
    }

    fn figure(&self, column: &str, service: Service, window: Window) -> String {
        let at = (service, window);
        if let Some(what) = column.strip_suffix(" Duration In Seconds") {
            return self.amount(what, 7_200, at).to_string();
        }
        if let Some(what) = column.strip_suffix(" Duration") {
            return duration(self.amount(what, 7_200, at));
        }
        let is_count = column.contains("Count") || column.contains("Messages");
        if is_count {
            return self.amount(column, 60, at).to_string();
        }
        if service == APPS && window.days == 0 {
            return self.dice(column).between(0, 2).to_string();
        }
        if self.amount(column, 3, at) > 1 {
            "Yes"
        } else {
            "No"
        }
        .to_owned()
    }
}

fn flag(is_so: bool) -> String {
    if is_so { "True" } else { "False" }.to_owned()
}

/// `PT1H2M3S`.
fn duration(seconds: u64) -> String {
    if seconds == 0 {
        return "PT0S".to_owned();
    }
    let part = |count: u64, sign: char| {
        if count == 0 {
            String::new()
        } else {
            format!("{count}{sign}")
        }
    };
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!(
        "PT{}{}{}",
        part(hours, 'H'),
        part(minutes, 'M'),
        part(seconds % 60, 'S')
    )
}

//! Cards as a person reads them.

use msp365::{
    actions::details::{
        Account, Card, CardKind, Details, Gap, Mailbox, PassVerdict, Passes, Profile, Source,
    },
    store::{LastSignIn, Times},
};
use serde::Serialize;
use serde_json::Value;

use super::tables;
use crate::{failure::Failure, output};

/// What stands where there is nothing, as the service says.
pub(super) const NOTHING: &str = "-";

/// How times are shown.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    times: &'a Times,
}

impl Shown<'_> {
    pub(super) fn time(self, at: Option<jiff::Timestamp>) -> String {
        at.map_or_else(|| NOTHING.to_owned(), |at| self.times.show(at))
    }
}

pub(super) fn details(details: &Details, times: &Times) -> Result<(), Failure> {
    let shown = Shown { times };
    output::line(&format!("{} ({})", output::shown(&details.name), details.user))?;
    if let Some(card) = &details.profile {
        head(CardKind::Profile, card, None, shown)?;
        fields(
            card.content.as_ref().map(|profile| profile_rows(profile, shown)),
            &card.gaps,
        )?;
    }
    if let Some(card) = &details.account {
        head(CardKind::Account, card, None, shown)?;
        fields(
            card.content.as_ref().map(|account| account_rows(account, shown)),
            &card.gaps,
        )?;
    }
    tables::all(details, shown)?;
    if let Some(card) = &details.passes {
        head(CardKind::Passes, card, None, shown)?;
        if let Some(passes) = &card.content {
            output::line(&format!("  {}", pass(passes)))?;
        }
        gaps(&card.gaps)?;
    }
    if let Some(card) = &details.mailbox {
        head(CardKind::Mailbox, card, None, shown)?;
        if let Some(found) = &card.content {
            output::line(&format!("  {}", used(found.as_ref())))?;
        }
        gaps(&card.gaps)?;
    }
    Ok(())
}

fn used(mailbox: Option<&Mailbox>) -> String {
    let Some(mailbox) = mailbox else {
        return "the report shows none".to_owned();
    };
    let count = |count: Option<i64>| count.map_or_else(|| NOTHING.to_owned(), |count| count.to_string());
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| NOTHING.to_owned(), |day| day.to_string());
    format!(
        "{} items, {} bytes, last used {}; report of {}",
        count(mailbox.item_count),
        count(mailbox.storage_used_bytes),
        day(mailbox.last_activity_on),
        day(mailbox.reported_on)
    )
}

/// The line over a card: its name, how much is on it, where it comes from, how old it is.
pub(super) fn head<T>(
    kind: CardKind,
    card: &Card<T>,
    count: Option<usize>,
    shown: Shown<'_>,
) -> Result<(), Failure> {
    let source = match (card.source, card.as_of) {
        (Source::Live, _) => "live".to_owned(),
        (_, None) => "stored".to_owned(),
        (_, Some(at)) => format!("stored, {}", shown.times.show(at)),
    };
    let count = count.map(|count| format!(" ({count})")).unwrap_or_default();
    output::line(&format!("\n{}{count}, {source}", title(kind)))
}

const fn title(kind: CardKind) -> &'static str {
    match kind {
        CardKind::Profile => "Profile",
        CardKind::Account => "Account",
        CardKind::Licenses => "Licences",
        CardKind::Availability => "Licences of the tenant",
        CardKind::Devices => "Devices",
        CardKind::Groups => "Groups",
        CardKind::Roles => "Roles",
        CardKind::Applications => "Applications",
        CardKind::SignIns => "Sign-ins",
        CardKind::Passes => "Temporary access pass",
        CardKind::Mailbox => "Mailbox",
        CardKind::Portals => "Portals (what is seen there is Microsoft's to decide)",
        _ => "Card",
    }
}

/// What is not known, and why.
pub(crate) fn gaps(gaps: &[Gap]) -> Result<(), Failure> {
    for gap in gaps {
        output::line(&format!(
            "  ? {}: {}; {} [{}]",
            gap.part,
            output::shown(&gap.cause),
            output::shown(&gap.remedy),
            gap.code
        ))?;
    }
    Ok(())
}

type Row = (&'static str, &'static str, Option<String>);

/// Fields with their values. What is empty says so, and what is not known says why.
fn fields(rows: Option<Vec<Row>>, unknown: &[Gap]) -> Result<(), Failure> {
    let mut table = output::table(&["Field", "Value"]);
    for (part, label, value) in rows.into_iter().flatten() {
        let gap = unknown.iter().find(|gap| gap.part == part);
        let text = match (value, gap) {
            (Some(value), _) if !value.is_empty() => output::shown(&value),
            (_, Some(gap)) => format!("? {}", gap.why.as_str()),
            _ => NOTHING.to_owned(),
        };
        table.add_row([label.to_owned(), text]);
    }
    output::line(&table.to_string())?;
    gaps(unknown)
}

fn profile_rows(profile: &Profile, shown: Shown<'_>) -> Vec<Row> {
    let own = |value: &Option<String>| value.clone();
    let manager = profile.manager.as_ref().map(|manager| {
        let name = manager
            .display_name
            .as_ref()
            .or(manager.user_principal_name.as_ref());
        name.unwrap_or(&manager.id).clone()
    });
    vec![
        ("display_name", "Full name", own(&profile.display_name)),
        ("given_name", "First name", own(&profile.given_name)),
        ("surname", "Last name", own(&profile.surname)),
        (
            "user_principal_name",
            "User principal name",
            own(&profile.user_principal_name),
        ),
        ("mail_nickname", "Alias", own(&profile.mail_nickname)),
        ("user_type", "User type", own(&profile.user_type)),
        ("job_title", "Job title", own(&profile.job_title)),
        ("company_name", "Company", own(&profile.company_name)),
        ("department", "Department", own(&profile.department)),
        ("employee_id", "Employee id", own(&profile.employee_id)),
        ("employee_type", "Employee type", own(&profile.employee_type)),
        (
            "employee_hire_date",
            "Employee hire date",
            profile.employee_hire_date.map(|at| shown.time(Some(at))),
        ),
        ("office_location", "Office", own(&profile.office_location)),
        ("manager", "Manager", manager),
        ("street_address", "Address", own(&profile.street_address)),
        ("city", "City", own(&profile.city)),
        ("state", "State", own(&profile.state)),
        ("postal_code", "Postcode", own(&profile.postal_code)),
        ("country", "Country", own(&profile.country)),
        (
            "business_phones",
            "Business phone",
            Some(profile.business_phones.join(", ")),
        ),
        ("mobile_phone", "Mobile phone", own(&profile.mobile_phone)),
        ("mail", "E-mail", own(&profile.mail)),
        (
            "proxy_addresses",
            "All addresses",
            Some(profile.proxy_addresses.join(", ")),
        ),
        ("usage_location", "Usage location", own(&profile.usage_location)),
        ("mastered", "Mastered", Some(word(&profile.mastered))),
        (
            "created_at",
            "Made",
            profile.created_at.map(|at| shown.time(Some(at))),
        ),
    ]
}

fn account_rows(account: &Account, shown: Shown<'_>) -> Vec<Row> {
    let last = match account.last_sign_in {
        LastSignIn::Date(at) => Some(shown.time(Some(at))),
        LastSignIn::Never => Some("never".to_owned()),
        LastSignIn::NotLicensed => Some("not licensed".to_owned()),
        _ => Some("unknown".to_owned()),
    };
    let allowed = account
        .sign_in_allowed
        .map(|allowed| if allowed { "allowed" } else { "blocked" }.to_owned());
    vec![
        ("tenant_name", "Tenant", Some(account.tenant_name.clone())),
        ("primary_domain", "Primary domain", account.primary_domain.clone()),
        (
            "user_principal_name",
            "User principal name",
            account.user_principal_name.clone(),
        ),
        ("usage_location", "Usage location", account.usage_location.clone()),
        ("sign_in_allowed", "Signing in", allowed),
        ("last_sign_in", "Last sign-in", last),
        (
            "last_password_change_at",
            "Last password change",
            account.last_password_change_at.map(|at| shown.time(Some(at))),
        ),
    ]
}

fn pass(passes: &Passes) -> String {
    let lasting = format!("{} to {} minutes", passes.least_minutes, passes.most_minutes);
    let once = if passes.is_once_only {
        ", for one sign-in alone"
    } else {
        ""
    };
    match passes.verdict {
        PassVerdict::Allowed => format!("can be made: {lasting}{once}"),
        verdict => format!("{}; {}", word(&verdict), passes.remedy.unwrap_or_default()),
    }
}

/// A value's word, as a person reads it.
pub(crate) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word.replace('_', " "),
        _ => NOTHING.to_owned(),
    }
}

//! Cards that are lists.

use msp365::{
    actions::details::{
        Applied, Availability, Candidate, Card, CardKind, Details, DeviceEntry, GroupEntry, License, Link,
        Named, RoleEntry, RoleScope, SignInEntry, Standing,
    },
    graph::groups::GroupKind,
};

use super::show::{NOTHING, Shown, gaps, head, word};
use crate::{failure::Failure, output};

const LICENSES: [&str; 4] = ["Product", "Status", "Way", "Services"];
const UNITS: [&str; 5] = ["Product", "Available", "Assigned", "In force", "In grace"];
#[rustfmt::skip]
const DEVICES: [&str; 7] =
    ["Type", "Host name", "OS", "Compliance", "Last sign-in", "Join type", "Device of the tool"];
const GROUPS: [&str; 5] = ["Name", "Kind", "E-mail", "For roles", "Remarks"];
const ROLES: [&str; 4] = ["Role", "Where", "Through", "Standing"];
const APPLICATIONS: [&str; 3] = ["Application", "Role", "Through"];
#[rustfmt::skip]
const SIGN_INS: [&str; 9] =
    ["Date", "Status", "Compliance", "Device", "IP address", "Requirement", "Location", "Resource", "Policies"];
const PORTALS: [&str; 2] = ["Portal", "Address"];
/// Behind an address that a renamed tenant does not have.
const BY_DEFAULT: &str = " (by its default name)";

/// All of them that were asked for.
pub(super) fn all(of: &Details, shown: Shown<'_>) -> Result<(), Failure> {
    use CardKind as Kind;
    list((Kind::Licenses, &LICENSES), of.licenses.as_ref(), shown, license)?;
    list(
        (Kind::Availability, &UNITS),
        of.availability.as_ref(),
        shown,
        units,
    )?;
    list((Kind::Devices, &DEVICES), of.devices.as_ref(), shown, |one| {
        device(one, shown)
    })?;
    list((Kind::Groups, &GROUPS), of.groups.as_ref(), shown, group)?;
    list((Kind::Roles, &ROLES), of.roles.as_ref(), shown, |one| {
        role(one, shown)
    })?;
    let applications = of.applications.as_ref();
    list((Kind::Applications, &APPLICATIONS), applications, shown, |one| {
        vec![
            text(one.name.as_ref()),
            text(one.role.as_ref()),
            through(one.group.as_ref()),
        ]
    })?;
    list((Kind::SignIns, &SIGN_INS), of.sign_ins.as_ref(), shown, |one| {
        sign_in(one, shown)
    })?;
    list((Kind::Portals, &PORTALS), of.portals.as_ref(), shown, |portal| {
        let by_default = if portal.is_by_default { BY_DEFAULT } else { "" };
        vec![
            portal.name.to_owned(),
            format!("{}{by_default}", text(portal.url.as_ref())),
        ]
    })
}

fn units(product: &Availability) -> Vec<String> {
    let available = match (product.is_for_users, product.has_run_out) {
        (false, _) => "for the company".to_owned(),
        (true, true) => format!("{} (run out)", product.available),
        (true, false) => product.available.to_string(),
    };
    let counts = [product.consumed, product.enabled, product.warning];
    [product.product.clone(), available]
        .into_iter()
        .chain(counts.map(|count| count.to_string()))
        .collect()
}

fn list<T>(
    (kind, header): (CardKind, &[&str]),
    card: Option<&Card<Vec<T>>>,
    shown: Shown<'_>,
    row: impl Fn(&T) -> Vec<String>,
) -> Result<(), Failure> {
    let Some(card) = card else {
        return Ok(());
    };
    head(kind, card, card.count(), shown)?;
    if card.count().is_some_and(|count| count > 0) {
        let mut table = output::table(header);
        for one in card.rows() {
            table.add_row(
                row(one)
                    .iter()
                    .map(|cell| output::shown(cell))
                    .collect::<Vec<_>>(),
            );
        }
        output::line(&table.to_string())?;
    }
    gaps(&card.gaps)
}

fn text(value: Option<&String>) -> String {
    value
        .filter(|value| !value.is_empty())
        .cloned()
        .unwrap_or_else(|| NOTHING.to_owned())
}

fn through(group: Option<&Named>) -> String {
    group.map_or_else(|| "directly".to_owned(), |group| group.label().to_owned())
}

fn license(license: &License) -> Vec<String> {
    let ways = license.ways.iter().map(|way| {
        let problem = way.problem.as_ref().map(|problem| format!(" ({problem})"));
        through(way.group.as_ref()) + &problem.unwrap_or_default()
    });
    let off: Vec<_> = license
        .plans
        .iter()
        .filter(|plan| !plan.is_on)
        .map(|plan| plan.name.as_str())
        .collect();
    let on = license.plans.len() - off.len();
    let services = match (license.plans.is_empty(), off.is_empty()) {
        (true, _) => NOTHING.to_owned(),
        (false, true) => format!("{on} on"),
        (false, false) => format!("{on} on; off: {}", off.join(", ")),
    };
    vec![
        license.product.clone(),
        word(&license.status),
        ways.collect::<Vec<_>>().join(", "),
        services,
    ]
}

fn device(device: &DeviceEntry, shown: Shown<'_>) -> Vec<String> {
    let link = match &device.link {
        Link::To { id } => id.clone(),
        Link::Unsure { candidates } => unsure(candidates),
        Link::None => "none".to_owned(),
        _ => "not matched".to_owned(),
    };
    vec![
        text(device.kind.as_ref()),
        text(device.host_name.as_ref()),
        text(device.os.as_ref()),
        word(&device.compliance),
        shown.time(device.last_sign_in_at),
        device
            .join
            .as_ref()
            .map_or_else(|| NOTHING.to_owned(), |join| join.words().to_owned()),
        link,
    ]
}

/// The devices of the tool that a device may be, the likeliest first.
fn unsure(candidates: &[Candidate]) -> String {
    let each: Vec<_> = candidates
        .iter()
        .map(|one| format!("{} ({:.2})", one.id, one.score))
        .collect();
    if each.is_empty() {
        return "to be decided".to_owned();
    }
    format!("to be decided: {}", each.join(", "))
}

fn group(group: &GroupEntry) -> Vec<String> {
    let kind = match group.kind {
        GroupKind::Microsoft365 => "Microsoft 365",
        GroupKind::MailEnabledSecurity => "mail-enabled security",
        GroupKind::Distribution => "distribution list",
        _ => "security",
    };
    let flags = [
        (group.is_dynamic, "dynamic"),
        (group.is_synced, "from on-premises"),
        (group.has_team == Some(true), "team"),
    ];
    let flags = flags
        .into_iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, flag)| flag.to_owned());
    let licenses = group
        .licenses
        .iter()
        .flatten()
        .map(|product| format!("gives {product}"));
    let remarks: Vec<_> = flags.chain(licenses).collect();
    vec![
        group.label().to_owned(),
        kind.to_owned(),
        text(group.mail.as_ref()),
        if group.is_assignable_to_role { "yes" } else { "no" }.to_owned(),
        remarks.join(", "),
    ]
}

fn role(role: &RoleEntry, shown: Shown<'_>) -> Vec<String> {
    let place = match &role.scope {
        RoleScope::Tenant => "the tenant".to_owned(),
        RoleScope::AdministrativeUnit(unit) => format!("administrative unit {unit}"),
        RoleScope::Object(object) => format!("object {object}"),
        _ => NOTHING.to_owned(),
    };
    let standing = match role.standing {
        Standing::InForce => "in force".to_owned(),
        Standing::Eligible { until: None } => "to be activated".to_owned(),
        Standing::Eligible { until } => format!("to be activated, until {}", shown.time(until)),
        _ => NOTHING.to_owned(),
    };
    vec![role.name.clone(), place, through(role.group.as_ref()), standing]
}

fn sign_in(entry: &SignInEntry, shown: Shown<'_>) -> Vec<String> {
    let status = match (entry.status, entry.code) {
        (Some(status), Some(code)) if code != 0 => format!("{} ({code})", word(&status)),
        (Some(status), _) => word(&status),
        (None, _) => NOTHING.to_owned(),
    };
    let policies = match entry.conditional_access {
        Applied::NotApplicable => "N/A".to_owned(),
        Applied::Applied => {
            let named = entry.policies_applied().map(|policy| {
                let name = policy.name.as_deref().or(policy.id.as_deref()).unwrap_or(NOTHING);
                format!("{name}: {}", word(&policy.result))
            });
            named.collect::<Vec<_>>().join(", ")
        }
        _ => "not shown".to_owned(),
    };
    vec![
        shown.time(entry.at),
        status,
        word(&entry.compliance),
        text(entry.device.as_ref()),
        text(entry.ip_address.as_ref()),
        entry
            .requirement
            .as_ref()
            .map_or_else(|| NOTHING.to_owned(), |one| one.words().to_owned()),
        text(entry.location.as_ref()),
        text(entry.resource.as_ref()),
        policies,
    ]
}

//! What the simulated service holds of a tenant, and what cards of it have to show.

use std::collections::{BTreeMap, BTreeSet};

use msp365::{
    TenantId,
    actions::details::{CardKind, Details, DeviceEntry, GroupEntry, Join, License, RoleEntry, Why},
    graph::devices::Compliance,
    store::LastSignIn,
};
use serde_json::Value;

/// The lines of a tenant's truth by their kind.
pub(crate) struct World {
    lines: BTreeMap<String, Vec<Value>>,
}

impl World {
    pub(crate) fn of(truth: &[Value], tenant: TenantId) -> Self {
        let mut lines: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for line in truth.iter().filter(|line| line["tenant"] == tenant.to_string()) {
            let kind = line["kind"].as_str().unwrap().to_owned();
            lines.entry(kind).or_default().push(line.clone());
        }
        Self { lines }
    }

    pub(crate) fn all(&self, kind: &str) -> &[Value] {
        self.lines.get(kind).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn tenant(&self) -> &Value {
        &self.all("tenant")[0]
    }

    /// The groups that somebody is in directly.
    pub(crate) fn groups_of(&self, member: &str) -> BTreeSet<String> {
        let edges = self
            .all("membership")
            .iter()
            .filter(|edge| edge["member"] == member);
        edges.map(|edge| text(&edge["group"])).collect()
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn optional(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

pub(crate) fn assert_profile(details: &Details, user: &Value) {
    let card = details.profile.as_ref().unwrap();
    let shown = serde_json::to_value(card.content.as_ref().unwrap()).unwrap();
    for (field, property) in [
        ("display_name", "displayName"),
        ("user_principal_name", "userPrincipalName"),
        ("given_name", "givenName"),
        ("surname", "surname"),
        ("mail_nickname", "mailNickname"),
        ("user_type", "userType"),
        ("job_title", "jobTitle"),
        ("company_name", "companyName"),
        ("department", "department"),
        ("employee_id", "employeeId"),
        ("office_location", "officeLocation"),
        ("city", "city"),
        ("country", "country"),
        ("business_phones", "businessPhones"),
        ("mobile_phone", "mobilePhone"),
        ("mail", "mail"),
        ("proxy_addresses", "proxyAddresses"),
        ("usage_location", "usageLocation"),
    ] {
        assert_eq!(shown[field], user[property], "{field} of {user}");
    }
}

/// What passes do not keep of a profile.
pub(crate) fn assert_further(details: &Details, user: &Value) {
    let card = details.profile.as_ref().unwrap();
    let profile = card.content.as_ref().unwrap();
    for (shown, property) in [
        (&profile.street_address, "streetAddress"),
        (&profile.state, "state"),
        (&profile.postal_code, "postalCode"),
        (&profile.employee_type, "employeeType"),
    ] {
        assert_eq!(*shown, optional(&user[property]), "{property} of {user}");
    }
    let hired = user["employeeHireDate"].as_str().map(|at| at.parse().unwrap());
    assert_eq!(profile.employee_hire_date, hired, "{user}");
}

pub(crate) fn assert_manager(details: &Details, world: &World) {
    let known = world
        .all("manager")
        .iter()
        .find(|line| line["user"] == details.user);
    let profile = details.profile.as_ref().unwrap().content.as_ref().unwrap();
    assert_eq!(
        profile.manager.as_ref().map(|manager| manager.id.clone()),
        known.map(|line| text(&line["manager"]))
    );
    if let Some(manager) = &profile.manager {
        let user = world
            .all("user")
            .iter()
            .find(|user| user["id"] == manager.id)
            .unwrap();
        assert_eq!(manager.display_name, optional(&user["displayName"]));
    }
}

fn ways(license: &License) -> BTreeSet<Option<String>> {
    license
        .ways
        .iter()
        .map(|way| way.group.as_ref().map(|group| group.id.clone()))
        .collect()
}

pub(crate) fn assert_licenses(details: &Details, user: &Value) {
    let card = details.licenses.as_ref().unwrap();
    let shown: BTreeMap<_, _> = card
        .rows()
        .iter()
        .map(|one| (one.sku_id.clone(), ways(one)))
        .collect();
    let mut known: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for state in user["licenseAssignmentStates"].as_array().unwrap() {
        let ways = known.entry(text(&state["skuId"])).or_default();
        ways.insert(optional(&state["assignedByGroup"]));
    }
    assert_eq!(shown, known, "{user}");
    assert!(card.rows().iter().all(|one| !one.product.is_empty()));
}

pub(crate) fn assert_groups(details: &Details, world: &World) {
    let rows = details.groups.as_ref().unwrap().rows();
    let shown: BTreeSet<_> = rows.iter().map(|group| group.id.clone()).collect();
    assert_eq!(shown, world.groups_of(&details.user));
    for group in rows {
        let known = world
            .all("group")
            .iter()
            .find(|line| line["id"] == group.id)
            .unwrap();
        let is = |name: &str| known[name] == true;
        assert_eq!(
            (&group.name, &group.mail),
            (&optional(&known["displayName"]), &optional(&known["mail"]))
        );
        assert_eq!(group.is_assignable_to_role, is("isAssignableToRole"));
        assert_eq!(group.is_synced, is("onPremisesSyncEnabled"));
        let types = known["groupTypes"].as_array().unwrap();
        assert_eq!(
            group.is_dynamic,
            types.iter().any(|kind| kind == "DynamicMembership")
        );
        let kind = match (
            types.iter().any(|kind| kind == "Unified"),
            is("mailEnabled"),
            is("securityEnabled"),
        ) {
            (true, ..) => "microsoft365",
            (_, true, true) => "mail_enabled_security",
            (_, true, false) => "distribution",
            _ => "security",
        };
        assert_eq!(group.kind.as_str(), kind);
    }
}

fn role(entry: &RoleEntry) -> (String, Option<String>) {
    (
        entry.id.clone(),
        entry.group.as_ref().map(|group| group.id.clone()),
    )
}

pub(crate) fn assert_roles(details: &Details, world: &World) {
    let rows = details.roles.as_ref().unwrap().rows();
    let shown: BTreeSet<_> = rows.iter().map(role).collect();
    let groups = world.groups_of(&details.user);
    let known = world.all("role_assignment").iter().filter_map(|line| {
        let (role, principal) = (text(&line["roleDefinitionId"]), text(&line["principalId"]));
        if principal == details.user {
            Some((role, None))
        } else {
            groups.contains(&principal).then_some((role, Some(principal)))
        }
    });
    assert_eq!(shown, known.collect());
}

pub(crate) fn assert_account(details: &Details, user: &Value, world: &World) {
    let card = details.account.as_ref().unwrap();
    let account = card.content.as_ref().unwrap();
    let tenant = world.tenant();
    assert_eq!(account.tenant_name, tenant["name"].as_str().unwrap());
    assert_eq!(account.primary_domain, optional(&tenant["default_domain"]));
    assert_eq!(account.sign_in_allowed, user["accountEnabled"].as_bool());
    assert_eq!(account.usage_location, optional(&user["usageLocation"]));
    let known = world
        .all("sign_in")
        .iter()
        .find(|line| line["user"] == details.user);
    let is_licensed = tenant["has_p1"] == true;
    let gap = card.gap("last_sign_in").map(|gap| gap.why);
    assert_eq!(gap, (!is_licensed).then_some(Why::NotLicensed), "{card:?}");
    let latest = known.into_iter().flat_map(|line| {
        [
            "lastSignInDateTime",
            "lastNonInteractiveSignInDateTime",
            "lastSuccessfulSignInDateTime",
        ]
        .map(|name| line[name].as_str().and_then(|at| at.parse().ok()))
    });
    let expected = match (is_licensed, latest.flatten().max()) {
        (false, _) => LastSignIn::NotLicensed,
        (true, Some(at)) => LastSignIn::Date(at),
        (true, None) => LastSignIn::Never,
    };
    assert_eq!(account.last_sign_in, expected);
}

pub(crate) fn assert_availability(details: &Details, world: &World) {
    let rows = details.availability.as_ref().unwrap().rows();
    assert_eq!(rows.len(), world.all("license").len());
    for line in world.all("license") {
        let own = rows.iter().find(|row| line["skuId"] == row.sku_id).unwrap();
        let units = |name: &str| line["prepaidUnits"][name].as_i64().unwrap();
        let available = units("enabled") + units("warning") - line["consumedUnits"].as_i64().unwrap();
        assert_eq!(
            (own.available, own.has_run_out),
            (available, available <= 0),
            "{line}"
        );
    }
}

pub(crate) fn assert_mailbox(details: &Details, world: &World) {
    let card = details.mailbox.as_ref().unwrap();
    if world.tenant()["conceals_reports"] == true {
        assert_eq!(
            (&card.content, card.gaps[0].why, card.gaps[0].code.as_str()),
            (&None, Why::Concealed, "ConcealedNames")
        );
        return;
    }
    let known = world
        .all("mailbox")
        .iter()
        .find(|line| line["user"] == details.user);
    let shown = card.content.as_ref().unwrap().as_ref();
    assert_eq!(
        shown.map(|own| own.item_count),
        known.map(|line| line["item_count"].as_i64())
    );
    assert!(card.gaps.is_empty(), "{card:?}");
}

/// Devices registered for the user, and those that Intune manages for the user.
pub(crate) fn assert_devices(details: &Details, world: &World) {
    let card = details.devices.as_ref().unwrap();
    let has_intune = world.tenant()["has_intune"] == true;
    let gap = card.gap("intune").map(|gap| gap.why);
    assert_eq!(gap, (!has_intune).then_some(Why::NotLicensed), "{card:?}");
    let managed: Vec<_> = world
        .all("managed_device")
        .iter()
        .filter(|line| line["userId"] == details.user)
        .collect();
    let lines = world.all("device_owner").iter();
    let owner: BTreeMap<_, _> = lines
        .map(|line| (text(&line["device"]), text(&line["owner"])))
        .collect();
    let is_own = |line: &&Value| match owner.get(line["id"].as_str().unwrap()) {
        Some(owner) => *owner == details.user,
        None => managed
            .iter()
            .any(|own| own["azureADDeviceId"] == line["deviceId"]),
    };
    let known: BTreeSet<_> = world
        .all("device")
        .iter()
        .filter(is_own)
        .map(|line| text(&line["id"]))
        .collect();
    let shown: BTreeSet<_> = card
        .rows()
        .iter()
        .filter_map(|row| row.directory_id.clone())
        .collect();
    assert_eq!(shown, known);
    for row in card.rows().iter().filter(|row| row.directory_id.is_some()) {
        let mut lines = world.all("device").iter();
        let line = lines.find(|line| line["id"].as_str() == row.directory_id.as_deref());
        let line = line.unwrap();
        let mut intune = managed.iter().filter(|_| has_intune);
        let state = intune.find(|own| own["azureADDeviceId"] == line["deviceId"]);
        assert_device(row, line, state.and_then(|own| own["complianceState"].as_str()));
    }
}

fn assert_device(row: &DeviceEntry, line: &Value, state: Option<&str>) {
    assert_eq!(row.kind, optional(&line["operatingSystem"]));
    let expected = match (state, line["isCompliant"].as_bool()) {
        (Some("compliant" | "inGracePeriod"), _) => Compliance::Compliant,
        (Some("noncompliant" | "conflict" | "error"), _) | (_, Some(false)) => Compliance::NonCompliant,
        (_, Some(true)) => Compliance::Compliant,
        _ => Compliance::NotApplicable,
    };
    assert_eq!(row.compliance, expected, "{line}");
    let words = BTreeMap::from([
        ("AzureAd", "Entra joined"),
        ("ServerAd", "hybrid joined"),
        ("Workplace", "registered"),
    ]);
    let join = row.join.as_ref().map(Join::words);
    assert_eq!(join, line["trustType"].as_str().map(|word| words[word]));
}

/// What both know is the same, apart from what passes do not keep.
pub(crate) fn assert_same(live: &Details, stored: &Details) {
    let groups = |details: &Details| -> Vec<GroupEntry> {
        let rows = details.groups.as_ref().unwrap().rows().to_vec();
        rows.into_iter()
            .map(|mut row| {
                (row.has_team, row.licenses) = (None, None);
                row
            })
            .collect()
    };
    assert_eq!(groups(live), groups(stored));
    assert_eq!(
        live.roles.as_ref().unwrap().rows(),
        stored.roles.as_ref().unwrap().rows()
    );
    assert_eq!(
        live.availability.as_ref().unwrap().rows().len(),
        stored.availability.as_ref().unwrap().rows().len()
    );
    for card in [CardKind::SignIns, CardKind::Applications, CardKind::Passes] {
        let gaps = stored.gaps();
        let gap = gaps.iter().find(|(kind, _)| *kind == card).unwrap().1;
        assert_eq!((gap.why, gap.code.as_str()), (Why::NotStored, "not_stored"));
    }
}

//! Worlds with every kind of target, and a provider connected to them.

use msp365::{
    Msp365, TenantId,
    auth::App,
    graph::roles,
    sim::{self, Cloud, Edit, GroupKind, Sim},
};
use serde_json::{Value, json};

use crate::{case, dice::Dice};

/// The first twelve customers of a world show every trouble once.
const CUSTOMERS: usize = 40;
/// Administrative units of a customer.
const UNITS: usize = 3;

/// One customer and what is in it.
pub(crate) struct Customer {
    pub(crate) id: TenantId,
    pub(crate) domain: String,
    pub(crate) users: Vec<String>,
    pub(crate) names: Vec<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) products: Vec<String>,
    /// Administrative units.
    pub(crate) units: Vec<String>,
    /// Devices that are kept in the cloud.
    pub(crate) devices: Vec<String>,
    /// Users that were deleted meanwhile.
    pub(crate) deleted: Vec<String>,
}

/// Who acts in the customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The provider's account, through relationships.
    Account,
    /// An application by permissions of its own.
    App,
}

/// A world and the provider connected to it.
pub(crate) struct Estate {
    by: By,
    pub(crate) cloud: Cloud,
    pub(crate) msp: Msp365,
    pub(crate) customers: Vec<Customer>,
}

/// Roles that targets hold.
const HELD: [&str; 13] = [
    "Directory Readers",
    "Guest Inviter",
    "Password Administrator",
    "Reports Reader",
    "Message Center Reader",
    "Usage Summary Reports Reader",
    "Helpdesk Administrator",
    "Authentication Administrator",
    "Groups Administrator",
    "User Administrator",
    "Global Administrator",
    "Privileged Role Administrator",
    "Exchange Administrator",
];
/// Permissions that a change may take.
const SCOPES: [&str; 19] = [
    "Directory.AccessAsUser.All",
    "Directory.ReadWrite.All",
    "Group.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "LicenseAssignment.ReadWrite.All",
    "Policy.Read.AuthenticationMethod",
    "RoleManagement.ReadWrite.Directory",
    "User-Mail.ReadWrite.All",
    "User-PasswordProfile.ReadWrite.All",
    "User-Phone.ReadWrite.All",
    "User.EnableDisableAccount.All",
    "User.Read.All",
    "User.ReadUpdate.All",
    "User.ReadWrite.All",
    "User.RevokeSessions.All",
    "User.DeleteRestore.All",
    "UserAuthenticationMethod.ReadWrite.All",
    "User-LifeCycleInfo.ReadWrite.All",
    "Policy.ReadWrite.AuthenticationMethod",
];
/// Products of which some exclude each other.
const PRODUCTS: [&str; 4] = ["SPB", "SPE_E3", "SPE_F1", "O365_BUSINESS_ESSENTIALS"];
const KINDS: [GroupKind; 7] = [
    GroupKind::Microsoft365,
    GroupKind::Team,
    GroupKind::Security,
    GroupKind::Dynamic,
    GroupKind::MailEnabledSecurity,
    GroupKind::Distribution,
    GroupKind::RoleAssignable,
];

/// The template id of a role.
pub(crate) fn role(name: &str) -> &'static str {
    roles::all().find(|role| role.name == name).unwrap().id
}

impl Estate {
    pub(crate) async fn build(seed: u64) -> Self {
        Self::reached_by(By::Account, seed).await
    }

    pub(crate) async fn reached_by(by: By, seed: u64) -> Self {
        let cloud = Sim::seeded(seed)
            .customers(CUSTOMERS)
            .users_each(24)
            .manual_clock()
            .build();
        let mut dice = Dice::new(seed);
        let mut customers = customers(&cloud);
        cloud.edit(|edit| {
            for customer in &mut customers {
                match by {
                    By::Account => consent(edit, customer.id, &mut dice),
                    By::App => permissions(edit, customer.id, &mut dice),
                }
                people(edit, customer, &mut dice);
                units(edit, customer, &mut dice);
                groups(edit, customer, &mut dice);
                tenant(edit, customer, &mut dice);
            }
        });
        let mut lines = read(&cloud, "license", "skuId");
        for customer in &mut customers {
            customer.products = lines.remove(&customer.id).unwrap_or_default();
        }
        let msp = sim::builder(&cloud).in_memory().seed(seed).build().unwrap();
        let ids: Vec<_> = customers.iter().map(|customer| customer.id).collect();
        match by {
            By::Account => {
                sim::connect(&cloud, &msp).await.unwrap();
                msp.tenants().refresh().await.unwrap();
            }
            By::App => {
                let own = cloud.app_only();
                for id in &ids {
                    let app = App::new(&own.client_id, own.client_secret.clone());
                    msp.connect_app(*id, app).await.unwrap();
                }
            }
        }
        msp.tenants().sync(&ids).await.unwrap();
        Self {
            by,
            cloud,
            msp,
            customers,
        }
    }

    /// Gives whoever acts in a customer exactly these roles; an application also these over units, each with its unit. An
    /// account of the provider's holds none of these.
    pub(crate) fn give(&self, tenant: TenantId, roles: &[&str], over: &[(&str, String)]) {
        self.cloud.edit(|edit| {
            if self.by == By::Account {
                edit.delegate(tenant, roles);
                return;
            }
            let principal = edit.app_only_principal(tenant).unwrap().to_owned();
            for role in case::ACTING.iter().map(|name| role(name)) {
                edit.take_role(tenant, role, &principal);
            }
            edit.take_roles_over_units(tenant, &principal);
            for role in roles {
                edit.assign_role(tenant, role, &principal);
            }
            for (role, unit) in over {
                assert!(edit.assign_role_over(tenant, (role, unit), &principal));
            }
        });
    }
}

fn customers(cloud: &Cloud) -> Vec<Customer> {
    let mut users = read(cloud, "user", "id");
    let mut names = read(cloud, "user", "userPrincipalName");
    let mut groups = read(cloud, "group", "id");
    let mut domains = read(cloud, "tenant", "default_domain");
    let mut devices = read_if(cloud, ("device", "id"), |line| line["trustType"] != "ServerAd");
    cloud
        .customer_ids()
        .iter()
        .map(|id| Customer {
            id: *id,
            domain: domains.remove(id).unwrap().remove(0),
            users: users.remove(id).unwrap_or_default(),
            names: names.remove(id).unwrap_or_default(),
            groups: groups.remove(id).unwrap_or_default(),
            products: Vec::new(),
            units: Vec::new(),
            devices: devices.remove(id).unwrap_or_default(),
            deleted: Vec::new(),
        })
        .collect()
}

/// One text of all rows of a kind, by tenant.
fn read(cloud: &Cloud, kind: &str, name: &str) -> std::collections::HashMap<TenantId, Vec<String>> {
    read_if(cloud, (kind, name), |_| true)
}

/// The same of those rows alone that fit.
fn read_if(
    cloud: &Cloud,
    (kind, name): (&str, &str),
    fits: fn(&Value) -> bool,
) -> std::collections::HashMap<TenantId, Vec<String>> {
    let mut found = std::collections::HashMap::<_, Vec<_>>::new();
    for line in cloud.truth() {
        let text = |name: &str| line.get(name).and_then(Value::as_str);
        if text("kind") == Some(kind) && fits(&line) {
            let tenant = text("tenant").unwrap().parse().unwrap();
            found
                .entry(tenant)
                .or_default()
                .push(text(name).unwrap().to_owned());
        }
    }
    found
}

/// In nine of ten customers the application reads, and may do some of what there is to do.
fn consent(edit: &mut Edit<'_>, tenant: TenantId, dice: &mut Dice) {
    if dice.percent(5) {
        edit.revoke_consent(tenant);
        return;
    }
    let mut scopes = vec!["Directory.Read.All"];
    let all = dice.percent(65);
    scopes.extend(SCOPES.iter().filter(|_| all || dice.percent(45)));
    assert!(edit.set_scopes(tenant, &scopes));
}

/// The application reads, and may do some of what there is to do.
fn permissions(edit: &mut Edit<'_>, tenant: TenantId, dice: &mut Dice) {
    assert!(edit.grant_app_roles(tenant, &["Directory.Read.All", "Organization.Read.All"]));
    let all = dice.percent(50);
    for name in SCOPES.into_iter().chain(["Device.ReadWrite.All"]) {
        // Some are for people alone.
        if all || dice.percent(45) {
            edit.grant_app_roles(tenant, &[name]);
        }
    }
}

fn people(edit: &mut Edit<'_>, customer: &Customer, dice: &mut Dice) {
    for name in HELD {
        for _ in 0..dice.below(3) {
            assert!(edit.assign_role(customer.id, role(name), dice.pick::<String>(&customer.users)));
        }
    }
    for user in &customer.users {
        if dice.percent(12) {
            edit.set_user(customer.id, user, "onPremisesSyncEnabled", true);
        }
        if dice.percent(25) {
            edit.set_user(customer.id, user, "usageLocation", Value::Null);
        }
        if dice.percent(15) {
            edit.disable_account(customer.id, user);
        }
        if dice.percent(4) {
            edit.set_user(customer.id, user, "isManagementRestricted", true);
        }
    }
}

/// Parts of the tenant, some of them restricted, and roles that protect their holders over these alone.
fn units(edit: &mut Edit<'_>, customer: &mut Customer, dice: &mut Dice) {
    for number in 0..UNITS {
        let unit = edit.add_unit(customer.id, &format!("Unit {number}")).unwrap();
        for user in dice.some(&customer.users.iter().collect::<Vec<_>>(), 8) {
            assert!(edit.join_unit(customer.id, &unit, user));
        }
        if dice.percent(20) {
            assert!(edit.restrict_unit(customer.id, &unit));
        }
        for name in case::OVER {
            if dice.percent(15) {
                let holder = dice.pick::<String>(&customer.users);
                assert!(edit.assign_role_over(customer.id, (role(name), &unit), holder));
            }
        }
        customer.units.push(unit);
    }
}

fn groups(edit: &mut Edit<'_>, customer: &mut Customer, dice: &mut Dice) {
    for (number, kind) in KINDS.into_iter().chain([GroupKind::Security; 2]).enumerate() {
        let group = edit
            .add_group(customer.id, &format!("Kind {number}"), kind)
            .unwrap();
        for user in dice.some(&customer.users.iter().collect::<Vec<_>>(), 4) {
            edit.add_member(customer.id, &group, user);
        }
        if kind == GroupKind::RoleAssignable && dice.percent(70) {
            assert!(edit.add_owner(customer.id, &group, dice.pick::<String>(&customer.users)));
        }
        if number == KINDS.len() {
            edit.set_group(customer.id, &group, "onPremisesSyncEnabled", true);
        }
        if number > KINDS.len() {
            edit.set_group(customer.id, &group, "isManagementRestricted", true);
        }
        customer.groups.push(group);
    }
}

fn tenant(edit: &mut Edit<'_>, customer: &Customer, dice: &mut Dice) {
    for product in PRODUCTS {
        if dice.percent(70) {
            assert!(edit.buy(customer.id, product, dice.below(4) as u64));
        }
    }
    let targets = |ids: Vec<&String>| {
        let all: Vec<_> = ids
            .into_iter()
            .map(|id| json!({"targetType": "group", "id": id}))
            .collect();
        Value::Array(all)
    };
    let everybody = json!([{"targetType": "group", "id": "all_users"}]);
    let some = customer.groups.iter().collect::<Vec<_>>();
    let included = if dice.percent(60) {
        everybody
    } else {
        targets(dice.some(&some, 6))
    };
    let policy = json!({
        "state": if dice.percent(75) { "enabled" } else { "disabled" },
        "isUsableOnce": dice.percent(30),
        "minimumLifetimeInMinutes": 30, "maximumLifetimeInMinutes": 600, "defaultLifetimeInMinutes": 60,
        "includeTargets": included,
        "excludeTargets": targets(dice.some(&some, 2)),
    });
    assert!(edit.set_pass_policy(customer.id, policy.as_object().unwrap()));
}

//! What is asked in one batch, and where the answers will be.

use std::collections::BTreeSet;

use msp365_client::Error;
use msp365_core::{Answers, Batch, ErrorKind, Page, Request, Slot};
use msp365_graph::{
    authentication_methods::{self, AuthenticationMethod, PassPolicy},
    devices::{self, Device, TrustType},
    directory_objects::DirectoryObject,
    domains,
    groups::{self, FixedMembership, Group},
    role_assignments::{self, RoleAssignment},
    subscribed_skus::{self, SubscribedSku},
    users::{self, User},
};

use super::{
    Domain, Machine, Owned, Person, administrators,
    gather::{Ask, More, Taken},
};

/// What a plan may change, so that it has to be known: all that an edit can set, and what licences and sign-in hang on.
const PROPERTIES: [&str; 36] = [
    "id",
    "userPrincipalName",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "mailNickname",
    "userType",
    "accountEnabled",
    "jobTitle",
    "department",
    "companyName",
    "officeLocation",
    "streetAddress",
    "city",
    "state",
    "postalCode",
    "country",
    "usageLocation",
    "preferredLanguage",
    "mobilePhone",
    "businessPhones",
    "faxNumber",
    "proxyAddresses",
    "otherMails",
    "employeeId",
    "employeeType",
    "employeeHireDate",
    "passwordPolicies",
    "onPremisesSyncEnabled",
    "onPremisesImmutableId",
    "createdDateTime",
    "lastPasswordChangeDateTime",
    "assignedLicenses",
    "licenseAssignmentStates",
    "signInSessionsValidFromDateTime",
];

/// Where the answers about the tenant will be.
pub(super) struct TenantSlots {
    products: Slot<Page<SubscribedSku>>,
    domains: Slot<Page<domains::Domain>>,
    administrators: Slot<Page<RoleAssignment>>,
    deleted: Slot<Page<User>>,
    policy: Option<Slot<PassPolicy>>,
    name: Option<Slot<User>>,
    groups: Vec<Slot<Group>>,
    others: Vec<(String, Slot<User>)>,
    managers: Vec<(String, Slot<DirectoryObject>)>,
}

impl TenantSlots {
    pub(super) fn ask(batch: &mut Batch, ask: &Ask) -> Self {
        let group = |id: &String| groups::get(id).select(groups::SYNC_PROPERTIES);
        Self {
            products: batch.add(subscribed_skus::list()),
            domains: batch.add(domains::list()),
            administrators: batch.add(administrators::request()),
            deleted: batch.add(users::deleted()),
            policy: ask
                .wants(More::Passes)
                .then(|| batch.add(authentication_methods::pass_policy())),
            name: ask
                .name
                .as_ref()
                .map(|name| batch.add(users::get(name).select(["id"]))),
            groups: ask.groups.iter().map(|id| batch.add(group(id))).collect(),
            others: each(&ask.others, |id| batch.add(users::get(id).select(["id"]))),
            managers: each(&ask.managed, |id| batch.add(users::manager(id))),
        }
    }

    pub(super) async fn take(self, take: &mut Taken<'_>, answers: &mut Answers<Error>) -> Result<(), Error> {
        let first = answers.take(self.products);
        take.facts.products = take.rows("products", first, subscribed_skus::list()).await?;
        let first = answers.take(self.domains);
        let found = take.rows("domains", first, domains::list()).await?;
        take.facts.domains = found.map(|found| found.iter().filter_map(domain).collect());
        let first = answers.take(self.administrators);
        let found = take
            .rows("Global Administrators", first, administrators::request())
            .await?;
        take.facts.global_administrators = found.map(|rows| administrators::holders(&rows, take.tenant));
        let first = answers.take(self.deleted);
        take.facts.deleted = take.rows("deleted users", first, users::deleted()).await?;
        if let Some(slot) = self.policy {
            take.facts.pass_policy = take.one("the policy on passes", answers.take(slot))?;
        }
        if let Some(slot) = self.name {
            take.facts.is_name_taken = Some(existing(answers.take(slot))?.is_some());
        }
        for slot in self.groups {
            take.facts.groups.extend(existing(answers.take(slot))?);
        }
        for (id, slot) in self.others {
            let is_there = existing(answers.take(slot))?.is_some();
            take.facts.others.insert(id, is_there);
        }
        for (id, slot) in self.managers {
            let manager = existing(answers.take(slot))?.map(|manager| manager.id);
            take.facts.managers.insert(id, manager);
        }
        Ok(())
    }
}

fn each<T>(ids: &BTreeSet<String>, mut ask: impl FnMut(&str) -> Slot<T>) -> Vec<(String, Slot<T>)> {
    ids.iter().map(|id| (id.clone(), ask(id))).collect()
}

/// What there is; `None` for what is not.
pub(super) fn existing<T>(found: Result<T, Error>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn domain(row: &domains::Domain) -> Option<Domain> {
    (row.is_verified == Some(true)).then(|| Domain {
        name: row.id.clone(),
        is_federated: row.authentication_type.as_deref() == Some("Federated"),
    })
}

pub(super) fn deleted_person(user: &User) -> Person {
    Person {
        user: user.clone(),
        is_deleted: true,
        groups: Vec::new(),
        roles: Vec::new(),
        manager: None,
        reports: Vec::new(),
        fixed_reports: Vec::new(),
        all_groups: None,
        owned: Some(Vec::new()),
        methods: None,
        devices: None,
    }
}

/// Where the answers about a user will be.
pub(super) struct PersonSlots {
    id: String,
    user: Slot<User>,
    groups: Slot<Page<Group>>,
    roles: Slot<Page<RoleAssignment>>,
    manager: Slot<DirectoryObject>,
    reports: Slot<Page<User>>,
    owned: Slot<Page<Group>>,
    all_groups: Option<Slot<Page<Group>>>,
    methods: Option<Slot<Page<AuthenticationMethod>>>,
    devices: Option<[Slot<Page<Device>>; 2]>,
}

impl PersonSlots {
    pub(super) fn ask(batch: &mut Batch, id: &str, ask: &Ask) -> Self {
        let mut machines = || {
            [
                batch.add(devices::registered_to(id)),
                batch.add(devices::owned_by(id)),
            ]
        };
        Self {
            devices: ask.wants(More::Devices).then(&mut machines),
            id: id.to_owned(),
            user: batch.add(users::get(id).select(PROPERTIES)),
            groups: batch.add(users::groups(id)),
            roles: batch.add(roles_of(id)),
            manager: batch.add(users::manager(id)),
            reports: batch.add(users::direct_reports(id)),
            owned: batch.add(users::owned_groups(id)),
            all_groups: ask
                .wants(More::Passes)
                .then(|| batch.add(users::transitive_groups(id))),
            methods: ask
                .wants(More::Methods)
                .then(|| batch.add(authentication_methods::list(id))),
        }
    }

    pub(super) async fn take(
        self,
        take: &mut Taken<'_>,
        answers: &mut Answers<Error>,
    ) -> Result<Person, Error> {
        let id = self.id;
        let user = answers.take(self.user)?;
        let manager = existing(answers.take(self.manager))?.map(|manager| manager.id);
        let methods = match self.methods {
            Some(slot) => {
                let first = answers.take(slot);
                take.rows("sign-in methods", first, authentication_methods::list(&id))
                    .await?
            }
            None => None,
        };
        let machines = match self.devices {
            Some(slots) => machines(take, (&id, slots), answers).await?,
            None => None,
        };
        let all_groups = match self.all_groups {
            Some(slot) => {
                let first = answers.take(slot);
                let rows = take
                    .rows("groups through groups", first, users::transitive_groups(&id))
                    .await?;
                rows.map(|rows| rows.into_iter().map(|group| group.id).collect())
            }
            None => None,
        };
        let owned = answers.take(self.owned);
        let owned = take.rows("owned groups", owned, users::owned_groups(&id)).await?;
        let reports = take
            .all(answers.take(self.reports), users::direct_reports(&id))
            .await?;
        let ids = |rows: &[User], fixed: bool| {
            let rows = rows.iter().filter(|row| row.is_synced() == fixed);
            rows.map(|row| row.id.clone()).collect()
        };
        Ok(Person {
            user,
            is_deleted: false,
            groups: take.all(answers.take(self.groups), users::groups(&id)).await?,
            roles: take.all(answers.take(self.roles), roles_of(&id)).await?,
            manager,
            reports: ids(&reports, false),
            fixed_reports: ids(&reports, true),
            all_groups,
            owned: owned.map(|owned| owned.into_iter().map(owned_of).collect()),
            methods,
            devices: machines,
        })
    }
}

/// The devices that a user registered, and those it owns, each once.
async fn machines(
    take: &mut Taken<'_>,
    (id, [registered, owned]): (&str, [Slot<Page<Device>>; 2]),
    answers: &mut Answers<Error>,
) -> Result<Option<Vec<Machine>>, Error> {
    let (registered, owned) = (answers.take(registered), answers.take(owned));
    let registered = take
        .rows("devices", registered, devices::registered_to(id))
        .await?;
    let owned = take.rows("owned devices", owned, devices::owned_by(id)).await?;
    let (Some(mut all), Some(owned)) = (registered, owned) else {
        return Ok(None);
    };
    for device in owned {
        if !all.iter().any(|known| known.id == device.id) {
            all.push(device);
        }
    }
    Ok(Some(all.into_iter().map(machine_of).collect()))
}

fn machine_of(device: Device) -> Machine {
    Machine {
        is_enabled: device.account_enabled != Some(false),
        is_synced: device.trust_type == Some(TrustType::HybridJoined),
        name: device.display_name.unwrap_or_else(|| device.id.clone()),
        id: device.id,
    }
}

fn owned_of(group: Group) -> Owned {
    Owned {
        is_ours: !matches!(
            group.fixed_membership(),
            Some(FixedMembership::OnPremises | FixedMembership::Exchange)
        ),
        name: group.display_name.unwrap_or_else(|| group.id.clone()),
        group: group.id,
        is_last: None,
    }
}

fn roles_of(id: &str) -> Request<Page<RoleAssignment>> {
    role_assignments::list().filter(RoleAssignment::PRINCIPAL_ID.eq(id))
}

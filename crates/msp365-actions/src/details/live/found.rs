//! The round trip that brings nearly all.

use jiff::Timestamp;
use msp365_client::{Error, TenantClient};
use msp365_core::{Answers, Batch, ErrorKind, Lenient, Page, Request, Slot, query::Property};
use msp365_graph::{
    app_role_assignments::AppRoleAssignment,
    authentication_methods::{self, PassPolicy},
    devices::{self, Device},
    directory_objects::DirectoryObject,
    groups::{self, Group},
    licenses::{self, LicenseDetails},
    managed_devices::{self, ManagedDevice},
    organization::{self, Organization},
    role_assignments::{self, RoleAssignment},
    role_schedules::{self, RoleSchedule},
    sign_ins::{self, SignIn},
    subscribed_skus::{self, SubscribedSku},
    users::{self, User, UserActivity},
};

use crate::explain::rest;

use super::{
    super::{Card, CardKind, Gap, GroupEntry, RoleEntry, Wanted, Why},
    SIGN_INS, roles,
};

/// What was read of something, or why it was not; `None`: it was not asked for.
pub(super) type Read<T> = Option<Result<T, Gap>>;

/// What cards show of a user beside what lists show.
const FURTHER: [Property<User>; 5] = [
    User::STREET_ADDRESS,
    User::STATE,
    User::POSTAL_CODE,
    User::EMPLOYEE_TYPE,
    User::EMPLOYEE_HIRE_DATE,
];

/// What cards show of a group beside what lists show.
const OF_GROUPS: [Property<Group>; 2] = [Group::RESOURCE_PROVISIONING_OPTIONS, Group::ASSIGNED_LICENSES];

/// Everything that cards are made from.
pub(super) struct Found {
    pub(super) user: User,
    pub(super) manager: Read<Option<DirectoryObject>>,
    pub(super) organization: Read<Organization>,
    pub(super) activity: Read<UserActivity>,
    pub(super) license_details: Read<Vec<LicenseDetails>>,
    pub(super) products: Read<Vec<SubscribedSku>>,
    pub(super) registered: Read<Vec<Device>>,
    pub(super) owned: Read<Vec<Device>>,
    pub(super) managed: Read<Vec<ManagedDevice>>,
    pub(super) groups: Read<Vec<GroupEntry>>,
    pub(super) all_groups: Read<Vec<Group>>,
    pub(super) app_roles: Read<Vec<AppRoleAssignment>>,
    pub(super) sign_ins: Read<(Vec<SignIn>, Vec<Gap>)>,
    pub(super) pass_policy: Read<PassPolicy>,
    pub(super) roles: Option<Card<Vec<RoleEntry>>>,
}

/// Where the answers will be.
struct Slots {
    user: Slot<User>,
    manager: Option<Slot<DirectoryObject>>,
    organization: Option<Slot<Organization>>,
    activity: Option<Slot<UserActivity>>,
    license_details: Option<Slot<Page<LicenseDetails>>>,
    products: Option<Slot<Page<SubscribedSku>>>,
    registered: Option<Slot<Page<Device>>>,
    owned: Option<Slot<Page<Device>>>,
    managed: Option<Slot<Page<ManagedDevice>>>,
    groups: Option<Slot<Page<Group>>>,
    all_groups: Option<Slot<Page<Group>>>,
    app_roles: Option<Slot<Page<AppRoleAssignment>>>,
    sign_ins: Option<Slot<Page<Lenient<SignIn>>>>,
    pass_policy: Option<Slot<PassPolicy>>,
    roles: Option<Slot<Page<RoleAssignment>>>,
    eligible: Option<Slot<Page<RoleSchedule>>>,
}

pub(in super::super) fn roles_of(id: &str) -> Request<Page<RoleAssignment>> {
    role_assignments::list().filter(RoleAssignment::PRINCIPAL_ID.eq(id))
}

pub(in super::super) fn eligible_of(id: &str) -> Request<Page<RoleSchedule>> {
    role_schedules::eligible().filter(RoleSchedule::PRINCIPAL_ID.eq(id))
}

/// The groups somebody is in directly, with what hangs on each.
pub(super) fn groups_of(id: &str) -> Request<Page<Group>> {
    users::groups(id).select(groups::SYNC_PROPERTIES.into_iter().chain(OF_GROUPS))
}

/// One group with what hangs on it.
pub(in super::super) fn group(id: &str) -> Request<Group> {
    groups::get(id).select(groups::SYNC_PROPERTIES.into_iter().chain(OF_GROUPS))
}

impl Slots {
    fn ask(batch: &mut Batch, id: &str, wanted: &Wanted, now: Timestamp) -> Self {
        use CardKind::{
            Account, Applications, Availability, Devices, Groups, Licenses, Passes, Portals, Profile, Roles,
            SignIns,
        };
        let user = users::get(id).select(users::SYNC_PROPERTIES.into_iter().chain(FURTHER));
        let in_groups = wanted.has_any(&[Groups, Licenses, Applications]);
        let of_tenant = wanted.has_any(&[Account, Portals]);
        let all_groups = wanted.has_any(&[Roles, Passes]);
        let log = wanted.has(SignIns) && !wanted.requirement;
        Self {
            user: batch.add(user),
            manager: wanted.then(Profile, || batch.add(users::manager(id))),
            organization: of_tenant.then(|| batch.add(organization::get())),
            activity: wanted.then(Account, || batch.add(users::sign_in_activity_of(id))),
            license_details: wanted.then(Licenses, || batch.add(licenses::details(id))),
            products: wanted.then(Availability, || batch.add(subscribed_skus::list())),
            registered: wanted.then(Devices, || batch.add(devices::registered_to(id))),
            owned: wanted.then(Devices, || batch.add(devices::owned_by(id))),
            managed: wanted.then(Devices, || batch.add(managed_devices::of_user(id))),
            groups: in_groups.then(|| batch.add(groups_of(id))),
            all_groups: all_groups.then(|| batch.add(users::transitive_groups(id))),
            app_roles: wanted.then(Applications, || batch.add(users::app_roles(id))),
            sign_ins: log.then(|| batch.add(log_request(id, wanted, now))),
            pass_policy: wanted.then(Passes, || batch.add(authentication_methods::pass_policy())),
            roles: wanted.then(Roles, || batch.add(roles_of(id))),
            eligible: wanted.then(Roles, || batch.add(eligible_of(id))),
        }
    }
}

impl Found {
    pub(super) async fn read(
        client: &TenantClient,
        id: &str,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let mut batch = Batch::new();
        let slots = Slots::ask(&mut batch, id, wanted, now);
        let mut answers = client.batch(batch).await?;
        let user = answers.take(slots.user)?;
        let take = &mut Take { client, answers };
        let mut signed_in = SignedIn {
            activity: take.one("last_sign_in", slots.activity),
            log: match slots.sign_ins {
                Some(slot) => Some(log_of(take.answers.take(slot))),
                None if wanted.has(CardKind::SignIns) => Some(log(client, id, wanted, now).await),
                None => None,
            },
        };
        signed_in.again(client, id, wanted, now).await;
        let groups = take.rows("groups", slots.groups, groups_of(id)).await;
        let all_groups = take
            .rows("groups", slots.all_groups, users::transitive_groups(id))
            .await;
        let held = take.rows("roles", slots.roles, roles_of(id)).await;
        let eligible = take.rows("eligible", slots.eligible, eligible_of(id)).await;
        let roles = match held {
            Some(held) => Some(roles::read(client, (id, now), (held, eligible), all_groups.as_ref()).await),
            None => None,
        };
        Ok(Self {
            user,
            manager: take.one("manager", slots.manager).map(none_is_known),
            organization: take.one("primary_domain", slots.organization),
            activity: signed_in.activity,
            license_details: take
                .rows("plans", slots.license_details, licenses::details(id))
                .await,
            products: take
                .rows("availability", slots.products, subscribed_skus::list())
                .await,
            registered: take
                .rows("directory", slots.registered, devices::registered_to(id))
                .await,
            owned: take.rows("directory", slots.owned, devices::owned_by(id)).await,
            managed: take
                .rows("intune", slots.managed, managed_devices::of_user(id))
                .await,
            app_roles: take
                .rows("applications", slots.app_roles, users::app_roles(id))
                .await,
            pass_policy: take.one("passes", slots.pass_policy),
            sign_ins: signed_in.log,
            groups: groups.map(|read| read.map(|all| entries(&all))),
            all_groups,
            roles,
        })
    }
}

/// The log of somebody's sign-ins, asked for by itself.
async fn log(
    client: &TenantClient,
    id: &str,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<(Vec<SignIn>, Vec<Gap>), Gap> {
    log_of(client.send(log_request(id, wanted, now)).await)
}

fn log_request(id: &str, wanted: &Wanted, now: Timestamp) -> Request<Page<Lenient<SignIn>>> {
    let since = now - SIGN_INS;
    let request = if wanted.requirement {
        sign_ins::with_requirement(id, since)
    } else {
        sign_ins::of_user(id, since)
    };
    request.filter(wanted.sign_ins.asked(id, since))
}

/// What takes Entra ID P1.
struct SignedIn {
    activity: Read<UserActivity>,
    log: Read<(Vec<SignIn>, Vec<Gap>)>,
}

impl SignedIn {
    /// The service now and then denies a licence that is there. Where one of both was answered, the other is asked for
    /// once more.
    async fn again(&mut self, client: &TenantClient, id: &str, wanted: &Wanted, now: Timestamp) {
        match (&self.activity, &self.log) {
            (Some(Err(gap)), Some(Ok(_))) if gap.why == Why::NotLicensed => {
                let answer = client.send(users::sign_in_activity_of(id)).await;
                self.activity = Some(answer.map_err(|error| Gap::of("last_sign_in", &error)));
            }
            (Some(Ok(_)), Some(Err(gap))) if gap.why == Why::NotLicensed => {
                self.log = Some(log(client, id, wanted, now).await);
            }
            _ => {}
        }
    }
}

fn entries(groups: &[Group]) -> Vec<GroupEntry> {
    let mut entries: Vec<_> = groups.iter().map(GroupEntry::live).collect();
    entries.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    entries
}

/// That somebody has no manager is an answer.
fn none_is_known(read: Result<DirectoryObject, Gap>) -> Result<Option<DirectoryObject>, Gap> {
    match read {
        Ok(manager) => Ok(Some(manager)),
        Err(gap) if gap.is_not_found() => Ok(None),
        Err(gap) => Err(gap),
    }
}

/// The first page of the log: of what is beyond, and of what cannot be read, the gaps tell.
fn log_of(page: Result<Page<Lenient<SignIn>>, Error>) -> Result<(Vec<SignIn>, Vec<Gap>), Gap> {
    let page = page.map_err(|error| Gap::of("sign_ins", &error))?;
    let (mut rows, mut gaps) = (Vec::with_capacity(page.items.len()), Vec::new());
    let mut odd = 0_u32;
    for item in page.items {
        match item {
            Lenient::Row(row) => rows.push(row),
            Lenient::Odd(_) => odd += 1,
        }
    }
    if page.next.is_some() {
        gaps.push(Gap::known("sign_ins", Why::Cut));
    }
    if odd > 0 {
        gaps.push(Gap::of_kind("sign_ins", ErrorKind::Decode));
    }
    Ok((rows, gaps))
}

/// Takes answers, and reads on where a list has more than a page.
pub(in super::super) struct Take<'a> {
    pub(in super::super) client: &'a TenantClient,
    pub(in super::super) answers: Answers<Error>,
}

impl Take<'_> {
    pub(in super::super) fn one<T>(&mut self, part: &'static str, slot: Option<Slot<T>>) -> Read<T> {
        let answer = self.answers.take(slot?);
        Some(answer.map_err(|error| Gap::of(part, &error)))
    }

    pub(in super::super) async fn rows<T: Send + 'static>(
        &mut self,
        part: &'static str,
        slot: Option<Slot<Page<T>>>,
        listing: Request<Page<T>>,
    ) -> Read<Vec<T>> {
        let first = self.answers.take(slot?);
        Some(
            rest(self.client, listing, first)
                .await
                .map_err(|error| Gap::of(part, &error)),
        )
    }
}

/// The rows that were read; why they were not goes to the gaps.
pub(in super::super) fn kept<T>(read: Read<Vec<T>>, gaps: &mut Vec<Gap>) -> Vec<T> {
    match read {
        Some(Ok(rows)) => rows,
        Some(Err(gap)) => {
            gaps.push(gap);
            Vec::new()
        }
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(wanted: &Wanted) -> usize {
        let mut batch = Batch::new();
        let id = "0a000000-0000-4000-8000-000000000001";
        let _slots = Slots::ask(&mut batch, id, wanted, Timestamp::UNIX_EPOCH);
        batch.service().unwrap();
        batch.len()
    }

    #[test]
    fn all_cards_are_sixteen_requests_of_one_round_trip() {
        assert_eq!(asked(&Wanted::all()), 16);
        assert_eq!(asked(&Wanted::all().with_requirement()), 15);
    }

    #[test]
    fn each_card_asks_for_no_more_than_it_shows() {
        for (card, requests) in CardKind::ALL
            .into_iter()
            .zip([2, 3, 3, 2, 4, 2, 4, 3, 2, 3, 1, 2])
        {
            assert_eq!(asked(&Wanted::only([card])), requests, "{card:?}");
        }
    }
}

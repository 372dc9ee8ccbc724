//! Reading the cards live.

mod found;
mod roles;

use jiff::{SignedDuration, Timestamp};
use msp365_client::{Error, TenantClient};
use msp365_core::TenantId;
use msp365_graph::{
    portals::PortalTenant,
    users::{self, User},
};
use msp365_store::{LastSignIn, TenantRecord};

pub(super) use found::{Take, eligible_of, group, kept, roles_of};

use found::{Found, Read};

use super::{
    Account, Application, Applied, Availability, Card, CardKind, Details, DeviceEntry, Gap, GroupEntry,
    License, PassVerdict, Passes, PortalLink, Profile, SignInEntry, Source, Wanted, Why, device,
    group as groups, license, mailbox, pass, portal, profile::Moments,
};

/// How far back sign-ins are asked for: as long as the service keeps them.
const SIGN_INS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The cards of a user, by object id or name, asked for now.
///
/// All cards take one round trip of at most 16 requests. One more follows where the user is in groups that roles can be
/// given to, or holds a role of the tenant's own; one goes before where the user is given by name; one more is the log of
/// sign-ins [with what had to be proved](Wanted::with_requirement). A list of more than a page takes further requests.
/// What is refused is a gap of its card.
///
/// Permission: `User.Read.All`, and for the cards `AuditLog.Read.All`, `Device.Read.All`,
/// `DeviceManagementManagedDevices.Read.All`, `Directory.Read.All`, `GroupMember.Read.All`, `Organization.Read.All`,
/// `Policy.Read.AuthenticationMethod`, `Policy.Read.ConditionalAccess` (for the policies of sign-ins alone),
/// `RoleEligibilitySchedule.Read.Directory`, `RoleManagement.Read.Directory`.
///
/// # Errors
/// `NotFound` for an unknown user; the kind of the refusal where the user, or the tenant, cannot be read at all.
pub async fn live(
    tenant: &TenantClient,
    record: &TenantRecord,
    user: &str,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Details, Error> {
    let tenant = tenant.clone().deadline(TenantClient::INTERACTIVE);
    let id = if uuid::Uuid::try_parse(user).is_ok() {
        user.to_owned()
    } else {
        tenant.send(users::get(user).select([User::ID])).await?.id
    };
    let found = Box::pin(Found::read(&tenant, &id, wanted, now)).await?;
    let cards = Cards {
        record,
        wanted,
        at: now,
    };
    Ok(cards.of(tenant.id(), found))
}

/// What cards are made with.
struct Cards<'a> {
    record: &'a TenantRecord,
    wanted: &'a Wanted,
    at: Timestamp,
}

impl Cards<'_> {
    fn of(&self, tenant: TenantId, mut found: Found) -> Details {
        let wanted = self.wanted;
        let mut details = Details::new(tenant, &found.user.id, self.at);
        if let Some(name) = &found.user.user_principal_name {
            details.name.clone_from(name);
        }
        details.profile = wanted.then(CardKind::Profile, || self.profile(&mut found));
        details.account = wanted.then(CardKind::Account, || self.account(&mut found));
        details.licenses = wanted.then(CardKind::Licenses, || self.licenses(&mut found));
        details.availability = wanted.then(CardKind::Availability, || {
            let products = taken(&mut found.products);
            self.card(products.map(|skus| skus.iter().map(Availability::live).collect()))
        });
        details.devices = wanted.then(CardKind::Devices, || self.devices(&mut found));
        details.roles = wanted.then(CardKind::Roles, || {
            found.roles.take().unwrap_or_else(|| self.nothing())
        });
        details.applications = wanted.then(CardKind::Applications, || self.applications(&mut found));
        details.sign_ins = wanted.then(CardKind::SignIns, || self.sign_ins(&mut found));
        details.passes = wanted.then(CardKind::Passes, || self.passes(&mut found));
        details.mailbox = wanted.then(CardKind::Mailbox, mailbox::not_live);
        details.portals = wanted.then(CardKind::Portals, || self.portals(&found));
        details.groups = wanted.then(CardKind::Groups, || {
            let mut card = self.card::<Vec<GroupEntry>>(taken(&mut found.groups));
            let bought = details.availability.as_ref().map(Card::rows);
            for group in card.content.iter_mut().flatten() {
                group.call_as(bought.unwrap_or_default());
            }
            card
        });
        details
    }

    fn card<T>(&self, read: Result<T, Gap>) -> Card<T> {
        match read {
            Ok(content) => Card::live(self.at, content),
            Err(gap) => Card::unread(Source::Live, gap),
        }
    }

    fn nothing<T: Default>(&self) -> Card<T> {
        Card::live(self.at, T::default())
    }

    fn profile(&self, found: &mut Found) -> Card<Profile> {
        let (manager, gap) = split(found.manager.take());
        Card::live(self.at, Profile::live(&found.user, manager.flatten())).with(gap)
    }

    fn account(&self, found: &mut Found) -> Card<Account> {
        let (activity, gap) = split(found.activity.take());
        let (organization, unknown) = match &found.organization {
            Some(Ok(own)) => (Some(own), None),
            Some(Err(gap)) => (None, Some(gap.clone())),
            None => (None, None),
        };
        let moments = Moments::live(activity.as_ref().and_then(|one| one.sign_in_activity.as_ref()));
        let last_sign_in = match (&gap, activity) {
            (None, Some(_)) => moments.latest(),
            (Some(gap), _) if gap.why == Why::NotLicensed => LastSignIn::NotLicensed,
            _ => LastSignIn::Unknown,
        };
        let name = organization.and_then(|own| own.display_name.clone());
        let user = &found.user;
        let account = Account {
            tenant_name: name.unwrap_or_else(|| self.record.name.clone()),
            primary_domain: organization.and_then(|own| own.default_domain().map(str::to_owned)),
            user_principal_name: user.user_principal_name.clone(),
            usage_location: user.usage_location.clone(),
            sign_in_allowed: user.account_enabled,
            last_sign_in,
            moments,
            last_password_change_at: user.last_password_change_date_time,
        };
        Card::live(self.at, account).with(gap).with(unknown)
    }

    fn licenses(&self, found: &mut Found) -> Card<Vec<License>> {
        let (details, gap) = split(found.license_details.take());
        let (names, unnamed) = match &found.groups {
            Some(Ok(groups)) => (groups::names(groups), None),
            Some(Err(gap)) => (license::GroupNames::new(), Some(gap.for_part("ways.group.name"))),
            None => (license::GroupNames::new(), None),
        };
        let details = details.unwrap_or_default();
        let held = license::held(&found.user.license_assignment_states, &details, &names);
        Card::live(self.at, held).with(gap).with(unnamed)
    }

    fn devices(&self, found: &mut Found) -> Card<Vec<DeviceEntry>> {
        let (mut directory, mut gaps) = (Vec::new(), Vec::new());
        for listing in [found.registered.take(), found.owned.take()] {
            match listing {
                Some(Ok(devices)) => directory.extend(devices.into_iter().map(device::Record::from)),
                Some(Err(gap)) => gaps.push(gap),
                None => {}
            }
        }
        let nothing_of_the_directory = gaps.len() == 2;
        gaps.dedup_by(|one, other| one.code == other.code && one.part == other.part);
        let (managed, gap) = split(found.managed.take());
        let nothing_at_all = nothing_of_the_directory && gap.is_some();
        let managed = managed.unwrap_or_default();
        let entries = device::merged(directory, managed.into_iter().map(device::Record::from).collect());
        let mut card = Card::live(self.at, entries).with(gaps).with(gap);
        if nothing_at_all {
            card.content = None;
        }
        card
    }

    fn applications(&self, found: &mut Found) -> Card<Vec<Application>> {
        let names = match &found.groups {
            Some(Ok(groups)) => groups::names(groups),
            _ => license::GroupNames::new(),
        };
        let assigned = taken(&mut found.app_roles);
        self.card(assigned.map(|all| {
            let mut own: Vec<_> = all
                .iter()
                .filter_map(|one| Application::of(one, &names))
                .collect();
            own.sort_by(|one, other| (&one.name, &one.group).cmp(&(&other.name, &other.group)));
            own
        }))
    }

    fn sign_ins(&self, found: &mut Found) -> Card<Vec<SignInEntry>> {
        let log = taken(&mut found.sign_ins);
        let (log, mut gaps) = match log {
            Ok(log) => log,
            Err(gap) => return Card::unread(Source::Live, gap),
        };
        let entries = log.into_iter().map(SignInEntry::of);
        let entries: Vec<_> = entries
            .filter(|entry| self.wanted.sign_ins.accepts(entry))
            .collect();
        if entries.iter().any(|entry| entry.requirement.is_none()) {
            gaps.push(Gap::known("requirement", Why::NotSupplied));
        }
        if entries
            .iter()
            .any(|entry| entry.conditional_access == Applied::NotShown)
        {
            gaps.push(Gap::policies());
        }
        Card::live(self.at, entries).with(gaps)
    }

    fn passes(&self, found: &mut Found) -> Card<Passes> {
        let (ids, gap) = match &found.all_groups {
            Some(Ok(groups)) => (Some(groups.iter().map(|group| group.id.clone()).collect()), None),
            Some(Err(gap)) => (None, Some(gap.clone())),
            None => (None, None),
        };
        let policy = taken(&mut found.pass_policy);
        let card = self.card(policy.map(|policy| pass::passes(&policy, &found.user.id, ids.as_ref())));
        let is_unknown = card
            .content
            .as_ref()
            .is_some_and(|one| one.verdict == PassVerdict::Unknown);
        card.with(gap.filter(|_| is_unknown))
    }

    fn portals(&self, found: &Found) -> Card<Vec<PortalLink>> {
        let own = found.organization.as_ref().and_then(|read| read.as_ref().ok());
        let id = self.record.id.to_string();
        let default = own.and_then(|own| own.default_domain());
        let initial = own.and_then(|own| own.initial_domain());
        let (links, gaps) = portal::links(&PortalTenant {
            id: &id,
            default_domain: default.or(self.record.default_domain.as_deref()),
            initial_domain: initial.or(self.record.initial_domain.as_deref()),
            share_point_name: None,
        });
        Card::live(self.at, links).with(gaps)
    }
}

/// What was read, and what could not be.
fn split<T>(read: Read<T>) -> (Option<T>, Option<Gap>) {
    match read {
        Some(Ok(found)) => (Some(found), None),
        Some(Err(gap)) => (None, Some(gap)),
        None => (None, None),
    }
}

/// What was read. What was not asked for is not supplied.
fn taken<T>(read: &mut Read<T>) -> Result<T, Gap> {
    read.take()
        .unwrap_or_else(|| Err(Gap::known("card", Why::NotSupplied)))
}

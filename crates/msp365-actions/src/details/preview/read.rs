//! Reading what hangs on groups.

use std::collections::BTreeMap;

use jiff::Timestamp;
use msp365_client::{Error, TenantClient};
use msp365_core::{Batch, ErrorKind, Page, Slot, id::canonical};
use msp365_graph::{
    app_role_assignments::AppRoleAssignment,
    groups::{self, Group},
    role_assignments::RoleAssignment,
    role_schedules::RoleSchedule,
    sku_names,
};
use msp365_store::TenantRecord;

use super::{
    super::{
        Application, Availability, Card, CardKind, GroupEntry, Wanted, license, live,
        live::{Take, eligible_of, group, kept, roles_of},
        role::{self, Holders},
    },
    Change, GroupFacts, Hanging, Product,
};

/// Groups that are looked into at once: ten round trips.
const SOME: usize = 50;

/// What a preview of a change is made from, read live: the user's cards, as [`live`](fn@live) does, and four requests for
/// each group of the change; twenty requests to a round trip.
///
/// Permission: `Directory.Read.All`, `GroupMember.Read.All`, `Organization.Read.All`,
/// `RoleEligibilitySchedule.Read.Directory`, `RoleManagement.Read.Directory`, `User.Read.All`.
///
/// # Errors
/// As of [`live`](fn@live); the kind of the refusal of a group.
pub async fn facts(
    tenant: &TenantClient,
    record: &TenantRecord,
    user: &str,
    change: &Change,
    now: Timestamp,
) -> Result<GroupFacts, Error> {
    let wanted = Wanted::only([
        CardKind::Licenses,
        CardKind::Availability,
        CardKind::Groups,
        CardKind::Roles,
        CardKind::Applications,
    ]);
    let details = live(tenant, record, user, &wanted, now).await?;
    let ids: Vec<&String> = change.join.union(&change.leave).collect();
    let mut found = hanging(tenant, ids).await?;
    let bought = details.availability.as_ref().map(Card::rows);
    for one in &mut found {
        one.call_as(bought.unwrap_or_default());
    }
    Ok(GroupFacts {
        details,
        hanging: found.into_iter().map(|one| (one.group.id.clone(), one)).collect(),
    })
}

/// Groups, by object id, with what hangs on each: the products, teams, applications and roles that its members get. Those
/// that are not there are left out.
///
/// Permission: `Directory.Read.All`, `GroupMember.Read.All`, `RoleEligibilitySchedule.Read.Directory`,
/// `RoleManagement.Read.Directory`.
///
/// # Errors
/// The kind of the refusal of a group.
pub async fn hanging(
    tenant: &TenantClient,
    ids: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<Vec<Hanging>, Error> {
    let tenant = tenant.clone().deadline(TenantClient::INTERACTIVE);
    let ids: Vec<String> = ids.into_iter().map(|id| canonical(id.as_ref())).collect();
    let mut found = Vec::new();
    for some in ids.chunks(SOME) {
        found.extend(some_hanging(&tenant, some).await?);
    }
    Ok(found)
}

/// What hangs on these groups, each by its id.
async fn some_hanging(tenant: &TenantClient, ids: &[String]) -> Result<Vec<Hanging>, Error> {
    let mut batch = Batch::new();
    let slots: Vec<_> = ids.iter().map(|id| (id, Slots::ask(&mut batch, id))).collect();
    let answers = tenant.batch(batch).await?;
    let mut take = Take {
        client: tenant,
        answers,
    };
    let mut found = Vec::new();
    for (id, slots) in slots {
        found.extend(slots.take(&mut take, id).await?);
    }
    Ok(found)
}

impl Hanging {
    /// Calls products without a name of ours as the tenant's own licences do.
    fn call_as(&mut self, bought: &[Availability]) {
        self.group.call_as(bought);
        for product in &mut self.licenses {
            if let Some(name) = license::called(&product.sku_id, bought) {
                product.name = name;
            }
        }
    }
}

/// Where the answers about a group will be.
struct Slots {
    group: Slot<Group>,
    applications: Slot<Page<AppRoleAssignment>>,
    roles: Slot<Page<RoleAssignment>>,
    eligible: Slot<Page<RoleSchedule>>,
}

impl Slots {
    fn ask(batch: &mut Batch, id: &str) -> Self {
        Self {
            group: batch.add(group(id)),
            applications: batch.add(groups::app_roles(id)),
            roles: batch.add(roles_of(id)),
            eligible: batch.add(eligible_of(id)),
        }
    }

    /// The group; `None` where there is none.
    async fn take(self, take: &mut Take<'_>, id: &str) -> Result<Option<Hanging>, Error> {
        let group = match take.answers.take(self.group) {
            Ok(group) => group,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let entry = GroupEntry::live(&group);
        let names = BTreeMap::from([(entry.id.clone(), entry.name.clone())]);
        // No role is held by whom this names but by the group.
        let holders = Holders {
            user: "",
            groups: &names,
        };
        let mut gaps = Vec::new();
        let applications = take.rows("applications", Some(self.applications), groups::app_roles(id));
        let applications = kept(applications.await, &mut gaps);
        let held = take.rows("roles", Some(self.roles), roles_of(id)).await;
        let held = kept(held, &mut gaps);
        let mut roles: Vec<_> = held
            .iter()
            .filter_map(|one| role::in_force(one, &holders))
            .collect();
        let eligible = take.rows("eligible", Some(self.eligible), eligible_of(id)).await;
        if entry.is_assignable_to_role {
            let eligible = kept(eligible, &mut gaps);
            roles.extend(eligible.iter().filter_map(|one| role::eligible(one, &holders)));
        }
        let products = group
            .assigned_licenses
            .iter()
            .filter_map(|one| one.sku_id.as_deref());
        Ok(Some(Hanging {
            licenses: products.map(product).collect(),
            applications: applications
                .iter()
                .filter_map(|one| Application::of(one, &names))
                .collect(),
            roles,
            gaps,
            group: entry,
        }))
    }
}

fn product(sku: &str) -> Product {
    Product {
        name: sku_names::name(sku).unwrap_or(sku).to_owned(),
        sku_id: canonical(sku),
    }
}

//! Roles through groups, and the names of the tenant's own roles: a round trip of its own, where there is need.

use std::collections::BTreeSet;

use jiff::Timestamp;
use msp365_client::{Error, TenantClient};
use msp365_core::{Batch, id::canonical};
use msp365_graph::{
    groups::Group, role_assignments::RoleAssignment, role_definitions, role_schedules::RoleSchedule, roles,
};

use super::{
    super::{
        Card, Gap, RoleEntry, Source, Why,
        license::GroupNames,
        role::{self, Holders, RoleNames},
    },
    found::{Read, Take, eligible_of, kept, roles_of},
};

/// Most groups that are looked into, with two requests each, and most roles of the tenant's own: twenty requests in all.
const GROUPS: usize = 6;
const NAMES: usize = 8;

/// The roles of a user, their own and those through groups.
pub(super) async fn read(
    client: &TenantClient,
    (user, now): (&str, Timestamp),
    (held, eligible): (Result<Vec<RoleAssignment>, Gap>, Read<Vec<RoleSchedule>>),
    groups: Option<&Result<Vec<Group>, Gap>>,
) -> Card<Vec<RoleEntry>> {
    let held = match held {
        Ok(held) => held,
        Err(gap) => return Card::unread(Source::Live, gap),
    };
    let mut gaps = Vec::new();
    let eligible = kept(eligible, &mut gaps);
    let may_be_eligible = gaps.is_empty();
    let names = match groups {
        Some(Ok(groups)) => for_roles(groups),
        Some(Err(gap)) => {
            gaps.push(gap.for_part("through_groups"));
            GroupNames::new()
        }
        None => GroupNames::new(),
    };
    let holders = Holders { user, groups: &names };
    let mut entries: Vec<RoleEntry> = held
        .iter()
        .filter_map(|one| role::in_force(one, &holders))
        .collect();
    entries.extend(eligible.iter().filter_map(|one| role::eligible(one, &holders)));
    let ids = entries.iter().map(|entry| entry.id.clone());
    let unnamed: BTreeSet<String> = ids.filter(|id| roles::find(id).is_none()).collect();
    let mut own = RoleNames::new();
    if !names.is_empty() || !unnamed.is_empty() {
        let asked = Asked {
            holders: &holders,
            may_be_eligible,
            unnamed: &unnamed,
        };
        match Box::pin(asked.read(client, &mut gaps)).await {
            Ok((further, found)) => {
                entries.extend(further);
                own = found;
            }
            Err(error) => gaps.push(Gap::of("through_groups", &error)),
        }
    }
    Card::live(now, role::settled(entries, &own)).with(gaps)
}

/// Groups that roles can be given to, by id.
fn for_roles(groups: &[Group]) -> GroupNames {
    groups
        .iter()
        .filter(|group| group.is_assignable_to_role == Some(true))
        .map(|group| (canonical(&group.id), group.display_name.clone()))
        .collect()
}

/// What is still to be asked.
struct Asked<'a> {
    holders: &'a Holders<'a>,
    may_be_eligible: bool,
    unnamed: &'a BTreeSet<String>,
}

impl Asked<'_> {
    async fn read(
        &self,
        client: &TenantClient,
        gaps: &mut Vec<Gap>,
    ) -> Result<(Vec<RoleEntry>, RoleNames), Error> {
        let ids: Vec<&String> = self.holders.groups.keys().take(GROUPS).collect();
        if self.holders.groups.len() > GROUPS || self.unnamed.len() > NAMES {
            gaps.push(Gap::known("through_groups", Why::Cut));
        }
        let mut batch = Batch::new();
        let held: Vec<_> = ids.iter().map(|id| batch.add(roles_of(id))).collect();
        let wanted = ids.iter().filter(|_| self.may_be_eligible);
        let schedules: Vec<_> = wanted.map(|id| batch.add(eligible_of(id))).collect();
        let named = self.unnamed.iter().take(NAMES);
        let named: Vec<_> = named
            .map(|id| (id, batch.add(role_definitions::get(id))))
            .collect();
        let answers = client.batch(batch).await?;
        let mut take = Take { client, answers };
        let mut entries = Vec::new();
        for (id, slot) in ids.iter().zip(held) {
            let rows = take.rows("through_groups", Some(slot), roles_of(id)).await;
            let rows = kept(rows, gaps);
            entries.extend(rows.iter().filter_map(|one| role::in_force(one, self.holders)));
        }
        for (id, slot) in ids.iter().zip(schedules) {
            let rows = take.rows("eligible", Some(slot), eligible_of(id)).await;
            let rows = kept(rows, gaps);
            entries.extend(rows.iter().filter_map(|one| role::eligible(one, self.holders)));
        }
        let mut own = RoleNames::new();
        for (id, slot) in named {
            match take.one("name", Some(slot)) {
                Some(Ok(role)) => own.extend(role.display_name.map(|name| (id.clone(), name))),
                Some(Err(gap)) => gaps.push(gap),
                None => {}
            }
        }
        Ok((entries, own))
    }
}

//! What the provider's own tenant tells: the account, its groups, and the relationship with the customer.

use std::collections::{BTreeMap, BTreeSet};

use msp365_client::{Error, TenantClient};
use msp365_core::{Batch, TenantId};
use msp365_graph::{
    directory_objects::DirectoryObject,
    groups::{self, Group},
    users::{self, UserType},
};
use msp365_partner::{
    readiness::{self, RelationshipFacts},
    relationships::{self as gdap, AccessAssignment, Relationship, RelationshipStatus},
};

use super::{Known, bare, known, rest};

/// Groups of a relationship that are named; more are shown by their ids.
const NAMED: usize = 20;

/// The account's access to a tenant; in the provider's own tenant also its roles there.
pub(super) async fn read(
    partner: &TenantClient,
    is_primary: bool,
    tenant: TenantId,
) -> (Known<readiness::Facts>, Known<BTreeSet<String>>) {
    match try_read(partner, is_primary, tenant).await {
        Ok((access, roles)) => (Known::Is(access), roles),
        Err(error) => (Known::Not(error.words()), Known::Not(error.words())),
    }
}

async fn try_read(
    partner: &TenantClient,
    is_primary: bool,
    tenant: TenantId,
) -> Result<(readiness::Facts, Known<BTreeSet<String>>), Error> {
    let relations = || gdap::list().filter(Relationship::TENANT.eq(tenant.to_string()));
    let mut batch = Batch::new();
    let me = batch.add(users::me());
    let memberships = batch.add(users::my_memberships());
    let relationships = (!is_primary).then(|| batch.add(relations()));
    let mut answers = partner.batch(batch).await?;
    let mut facts = bare(is_primary);
    let me = answers.take(me)?;
    facts.account.name.clone_from(&me.user_principal_name);
    facts.account.enabled = me.account_enabled;
    facts.account.member = me.user_type.as_ref().map(|kind| *kind == UserType::Member);
    let memberships = rest(partner, users::my_memberships(), answers.take(memberships)).await?;
    facts.member_of = memberships
        .into_iter()
        .filter(DirectoryObject::is_group)
        .map(|one| one.id)
        .collect();
    let Some(relationships) = relationships else {
        let roles = partner.send(users::roles(&me.id)).await;
        let ids = roles.map(|page| {
            page.items
                .into_iter()
                .filter_map(|role| role.role_template_id)
                .collect()
        });
        return Ok((facts, known(ids)));
    };
    let found = rest(partner, relations(), answers.take(relationships)).await?;
    facts.relationships = with_assignments(partner, &found).await?;
    Ok((facts, Known::default()))
}

/// Relationships with their groups. Only the active ones are asked for them; the newest of these decides.
async fn with_assignments(
    partner: &TenantClient,
    found: &[Relationship],
) -> Result<Vec<RelationshipFacts>, Error> {
    let mut batch = Batch::new();
    let is_active = |one: &&Relationship| one.status == Some(RelationshipStatus::Active);
    let slots: Vec<_> = found
        .iter()
        .filter(is_active)
        .map(|one| (one.id.clone(), batch.add(gdap::access_assignments(&one.id))))
        .collect();
    let mut assignments: BTreeMap<String, Vec<AccessAssignment>> = BTreeMap::new();
    if !slots.is_empty() {
        let mut answers = partner.batch(batch).await?;
        for (id, slot) in slots {
            let rows = rest(partner, gdap::access_assignments(&id), answers.take(slot)).await?;
            assignments.insert(id, rows);
        }
    }
    let none = Vec::new();
    let mut facts: Vec<_> = found
        .iter()
        .map(|one| RelationshipFacts::of(one, assignments.get(&one.id).unwrap_or(&none)))
        .collect();
    name_groups(partner, &mut facts).await?;
    Ok(facts)
}

/// Names the groups, and sees which of them are gone.
async fn name_groups(partner: &TenantClient, facts: &mut [RelationshipFacts]) -> Result<(), Error> {
    let all = facts.iter().flat_map(|one| &one.assignments);
    let ids: BTreeSet<_> = all
        .map(|assignment| assignment.group_id.clone())
        .take(NAMED)
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let mut batch = Batch::new();
    let slots: Vec<_> = ids
        .into_iter()
        .map(|id| {
            let slot = batch.add(groups::get(&id).select([Group::ID, Group::DISPLAY_NAME]));
            (id, slot)
        })
        .collect();
    let mut answers = partner.batch(batch).await?;
    for (id, slot) in slots {
        let group = super::present(answers.take(slot));
        let Known::Is(group) = group else {
            continue;
        };
        let own = facts.iter_mut().flat_map(|one| &mut one.assignments);
        for assignment in own.filter(|assignment| assignment.group_id == id) {
            assignment.group_exists = Some(group.is_some());
            assignment.group_name = group.as_ref().and_then(|group| group.display_name.clone());
        }
    }
    Ok(())
}

use super::world::*;
use crate::{
    graph::handle,
    world::{Trouble, World, plan::WorldPlan},
};

/// What a pass over one customer reads.
const PASS: [&str; 10] = [
    "organization",
    "domains",
    "subscribedSkus",
    "users?$top=999",
    "groups?$top=999",
    "groups/delta?$select=displayName,members",
    "devices?$top=999",
    "roleManagement/directory/roleAssignments",
    "admin/reportSettings",
    "reports/getMailboxUsageDetail(period='D7')",
];

#[test]
fn the_account_reads_each_customer_that_grants_it_a_role_and_no_other() {
    let mut world = World::build(7, &WorldPlan::sized(25, 10));
    let account = world.service_account.clone();
    let customers: Vec<_> = world
        .customers
        .iter()
        .map(|one| (one.id, one.trouble, one.has_intune))
        .collect();
    let mut closed = 0;
    for (tenant, trouble, has_intune) in customers {
        let readable = !matches!(
            trouble,
            Some(
                Trouble::NoRelationship
                    | Trouble::Expired
                    | Trouble::NewestWithoutGroup
                    | Trouble::OnlyPrivilegedRoleAdministrator
            )
        );
        closed += usize::from(!readable);
        let mut status = |target: &str| {
            let mut call = get(&tenant.to_string(), target);
            call.claims.oid = Some(account.clone());
            call.now = world.epoch;
            handle(&mut world, &call).status.as_u16()
        };
        for target in PASS {
            let expected = match (readable, target) {
                (false, "roleManagement/directory/roleAssignments") => continue, // some of these roles may read it
                (false, _) => 403,
                (true, target) if target.starts_with("reports/") => 302,
                (true, _) => 200,
            };
            assert_eq!(status(target), expected, "{tenant} {trouble:?} {target}");
        }
        let intune = match (readable, has_intune) {
            (false, _) => 403,
            (true, true) => 200,
            (true, false) => 400,
        };
        assert_eq!(
            status("deviceManagement/managedDevices"),
            intune,
            "{tenant} {trouble:?}"
        );
    }
    assert!(closed >= 4, "{closed}");
}

//! Groups that would have no owner: what is not known counts as such, and nobody is deleted before they are handed over.

use msp365::{
    ErrorKind,
    actions::{Ask, Groups, LastOwner, Offboard, Plan, Reason, StepKind, StepState},
    sim::GroupKind,
};

use crate::desk::{Desk, open};

const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

/// A desk where the first of its people owns so many groups alone.
fn owning(count: usize) -> (Desk, String, Vec<String>) {
    let desk = Desk::new();
    let ada = desk.plain()[0].clone();
    let groups = desk.cloud.edit(|world| {
        let own = |at: usize| {
            let name = format!("Owned {at:03}");
            let group = world.add_group(desk.tenant, &name, GroupKind::Security).unwrap();
            assert!(world.add_owner(desk.tenant, &group, &ada));
            group
        };
        (0..count).map(own).collect()
    });
    (desk, ada, groups)
}

#[tokio::test]
async fn nobody_is_deleted_whose_groups_could_not_be_handed_over() {
    let (desk, ada, _) = owning(1);
    let wish = Offboard::user()
        .delete()
        .last_owner(LastOwner::Heir(NOBODY.to_owned()));
    let plan = wish.plan(&desk.about(&ada).await, &open()).unwrap();

    let outcome = desk.run(&plan).await;

    let states: Vec<StepState> = outcome.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Rejected, StepState::Skipped], "{outcome}");
    assert!(desk.user(&ada).is_some());
    let kept = desk.runner().progress(&outcome.id).await.unwrap();
    assert_eq!(kept.steps[1].state, StepState::Skipped, "{kept}");
}

#[tokio::test]
async fn the_last_owner_of_the_hundred_and_twentieth_group_is_kept_too() {
    let (desk, ada, _) = owning(120);
    let bo = desk.plain()[1].clone();
    let facts = desk.about(&ada).await;
    let owned = facts.person.unwrap().owned.unwrap();
    let (last, others) = owned.split_last().unwrap();
    desk.cloud.edit(|world| {
        for other in others {
            assert!(world.add_owner(desk.tenant, &other.group, &bo));
        }
    });

    let refused = Offboard::user()
        .delete()
        .plan(&desk.about(&ada).await, &open())
        .unwrap_err();

    assert_eq!(refused.reason, Reason::LastOwner);
    assert!(refused.words.contains(&last.name), "{refused}");
}

#[tokio::test]
async fn whose_groups_could_not_be_read_is_not_deleted() {
    for denied in ["/ownedObjects", "/owners"] {
        let (desk, ada, groups) = owning(1);
        desk.wire.deny(denied);
        let facts = desk.about(&ada).await;
        let wish = Offboard::user().delete();

        let refused = wish.plan(&facts, &open()).unwrap_err();
        let warned = wish.clone().last_owner(LastOwner::Warned);
        let warned = warned.plan(&facts, &open()).unwrap();
        let handed = wish.last_owner(LastOwner::Heir(desk.plain()[1].clone()));
        let handed = handed.plan(&facts, &open());

        let said = (refused.reason, refused.kind());
        assert_eq!(said, (Reason::NotKnown, ErrorKind::Invalid), "{denied}");
        assert!(refused.remedy.contains("Directory.Read.All"), "{refused}");
        let owner = |warning: &String| warning.contains("without an owner");
        assert!(warned.warnings.iter().any(owner), "{warned}");
        // A group that is known is handed over, whether somebody else owns it or not.
        let hands_over = |plan: &Plan| matches!(&plan.steps[0].kind, StepKind::AddOwner { group, .. } if *group == groups[0]);
        assert_eq!(handed.is_ok_and(|plan| hands_over(&plan)), denied == "/owners");
    }
}

#[tokio::test]
async fn of_many_groups_the_last_is_known_as_well() {
    let (desk, ada, groups) = owning(120);
    let mut wish = Groups::default();
    for group in &groups {
        wish = wish.join(group);
    }

    let plan = wish
        .plan(&desk.facts(&Ask::user(&ada).groups(&groups)).await, &open())
        .unwrap();

    assert_eq!(plan.steps.len(), 120);
}

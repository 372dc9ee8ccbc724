//! The service account in the group of the relationship through other groups.

use msp365::{graph::users, sync::Diagnosis};

use crate::office::{Office, world};

fn about_groups(found: &[Diagnosis]) -> Vec<(&str, &str)> {
    let findings = found.iter().flat_map(|one| &one.findings);
    let about = findings.filter(|one| one.id.as_str() == "B8");
    about
        .map(|one| (one.severity.as_str(), one.evidence.as_str()))
        .collect()
}

#[tokio::test]
async fn a_nested_membership_lets_the_account_in_and_is_told_with_its_path() {
    let office = Office::open(world(7, vec![Vec::new()])).await;
    let partner = office.cloud.partner_tenant();
    let me = office.msp.tenant(&partner).send(users::me()).await.unwrap();
    let account = office.cloud.service_account();

    let found = office.doctor().await;

    let way = format!("{account} → Service Accounts → GDAP Second Line");
    let about = about_groups(&found);
    assert_eq!(about.len(), 1, "{found:?}");
    assert_eq!(about[0].0, "info");
    assert!(about[0].1.ends_with(&way), "{about:?}");
    assert!(found.iter().all(|one| one.ready), "{found:?}");

    let truth = office.cloud.truth();
    let relationships = truth.iter().filter(|line| line["kind"] == "relationship");
    let groups = relationships.flat_map(|line| line["assignments"].as_array().unwrap());
    for group in groups.filter(|one| one["holds_account"] == true) {
        let group = group["group"].as_str().unwrap();
        office
            .cloud
            .edit(|world| world.add_member(partner, group, &me.id));
    }
    assert_eq!(about_groups(&office.doctor().await), []);
}

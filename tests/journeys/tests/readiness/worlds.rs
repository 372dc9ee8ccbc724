//! Each trouble, and each pair of two, in hundreds of worlds.

use std::collections::BTreeSet;

use msp365::{sim::Trouble, store::TenantKind, sync::Diagnosis};

use crate::{
    office::{Office, world},
    oracle::{self, Findings, Provider},
};

const TROUBLES: [Trouble; 15] = [
    Trouble::NoRelationship,
    Trouble::Expired,
    Trouble::NewestWithoutGroup,
    Trouble::OnlyPrivilegedRoleAdministrator,
    Trouble::NotAdminAgent,
    Trouble::ConsentMissing,
    Trouble::ConditionalAccess,
    Trouble::NoP1,
    Trouble::ReportNamesConcealed,
    Trouble::InvitationPending,
    Trouble::MicrosoftLed,
    Trouble::Unassigned,
    Trouble::EndsSoon,
    Trouble::NotExtending,
    Trouble::PartialConsent,
];
const WORLDS: u64 = 500;
/// Each case three times.
const WORLDS_ENROLLED: u64 = 121;
const CUSTOMERS: usize = 3;

/// No trouble, each alone, each pair.
fn cases() -> Vec<Vec<Trouble>> {
    let mut cases = vec![Vec::new()];
    for (at, first) in TROUBLES.iter().enumerate() {
        cases.push(vec![*first]);
        cases.extend(TROUBLES[at + 1..].iter().map(|second| vec![*first, *second]));
    }
    cases
}

fn seen(diagnosis: &Diagnosis) -> Findings {
    // As `doctor --json` prints it, so that the document is what is held against the truth.
    let document = serde_json::to_value(diagnosis).unwrap();
    let findings = document["findings"].as_array().unwrap();
    let text = |value: &serde_json::Value| -> &'static str { value.as_str().unwrap().to_owned().leak() };
    findings
        .iter()
        .map(|one| (text(&one["id"]), text(&one["severity"])))
        .collect()
}

/// Holds what `doctor` finds of every customer against the truth; answers what it found.
async fn agree(
    office: &Office,
    (seed, own): (u64, &[Vec<Trouble>]),
    enrolled: bool,
    shown: &mut BTreeSet<&'static str>,
) -> Vec<Diagnosis> {
    let found = office.doctor().await;
    let (truth, now) = (office.cloud.truth(), office.msp.now());
    let provider = Provider {
        is_admin_agent: true,
        enrolled,
    };
    let customers = found.iter().filter(|one| one.kind == TenantKind::Customer);
    for diagnosis in customers {
        let wanted = oracle::findings(&truth, diagnosis.tenant, provider, now);
        shown.extend(wanted.iter().map(|(id, _)| *id));
        assert_eq!(diagnosis.unfinished, None, "seed {seed}");
        assert_eq!(seen(diagnosis), wanted, "seed {seed}: {own:?}: {diagnosis:?}");
        assert_eq!(
            diagnosis.ready,
            wanted.iter().all(|(_, severity)| *severity != "error")
        );
    }
    found
}

/// The troubles of the customers of a world.
fn of_world(seed: u64, cases: &[Vec<Trouble>]) -> Vec<Vec<Trouble>> {
    let at = usize::try_from(seed).unwrap() * CUSTOMERS;
    let own = (at..at + CUSTOMERS).map(|which| cases[which % cases.len()].clone());
    own.collect()
}

#[tokio::test]
async fn doctor_finds_what_is_true_after_enrolment_and_nothing_else() {
    let cases = cases();
    let mut shown: BTreeSet<&'static str> = BTreeSet::new();

    for seed in 0..WORLDS_ENROLLED {
        let own = of_world(seed, &cases);
        let office = Office::open(world(seed, own.clone())).await;
        office.msp.tenants().refresh().await.unwrap();
        let customers = office.msp.tenants().customers().await.unwrap();
        let ready = office.msp.tenants().enrol(&customers, |_| {}).await.unwrap();

        let found = agree(&office, (seed, &own), true, &mut shown).await;

        for diagnosis in &ready {
            let later = found.iter().find(|one| one.tenant == diagnosis.tenant).unwrap();
            assert_eq!(
                diagnosis.ready, later.ready,
                "seed {seed}: {diagnosis:?}: {later:?}"
            );
        }
    }

    for id in ["B2", "B3", "B6", "B8", "C1", "C3", "C6", "C8"] {
        assert!(shown.contains(id), "{id}: {shown:?}");
    }
}

#[tokio::test]
async fn doctor_finds_what_is_true_in_500_worlds_and_nothing_else() {
    let cases = cases();
    let mut met = BTreeSet::new();
    let mut shown: BTreeSet<&'static str> = BTreeSet::new();

    for seed in 0..WORLDS {
        let at = usize::try_from(seed).unwrap() * CUSTOMERS;
        let own = of_world(seed, &cases);
        met.extend((at..at + CUSTOMERS).map(|which| which % cases.len()));
        let office = Office::open(world(seed, own.clone())).await;
        // Every second world was consented to before, as far as its troubles let it.
        for (tenant, troubles) in office.customers().into_iter().zip(&own) {
            let lacks =
                |trouble: &Trouble| matches!(trouble, Trouble::ConsentMissing | Trouble::PartialConsent);
            if seed % 2 == 0 && !troubles.iter().any(lacks) {
                office.cloud.edit(|world| world.consent(tenant));
            }
        }

        let found = agree(&office, (seed, &own), false, &mut shown).await;

        assert!(
            found.len() > CUSTOMERS,
            "seed {seed}: {} customers",
            found.len() - 1
        );
    }

    assert_eq!(met.len(), cases.len(), "every case was met");
    let every = [
        "A6", "B10", "B11", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "C1", "C2", "C3", "C6", "C8", "C9",
    ];
    assert_eq!(shown.into_iter().collect::<Vec<_>>(), every);
}

use super::*;

use jiff::Timestamp;
use msp365_match::decisions::{Decision, Said};
use msp365_store::{
    DeviceRow, DirectoryStore, ManagedDeviceRow, MatchStore, MemoryStore, PageCommit, PassEnd, PassStart,
    Rows, SignInRow, TenantStore, UserRow,
};

use crate::tool::Records;

#[test]
fn a_record_whose_link_is_broken_counts_by_what_was_found_anew() {
    let mut broken = MatchRow::new(None, "a");
    "none".clone_into(&mut broken.verdict);
    "broken".clone_into(&mut broken.standing);
    let mut anew = MatchRow::new(None, "a");
    "certain".clone_into(&mut anew.verdict);
    let mut alone = broken.clone();
    "b".clone_into(&mut alone.ours);

    let counts = count(&[broken, anew, alone]);

    assert_eq!((counts.certain, counts.none), (1, 1));
}

#[test]
fn an_ambiguous_record_counts_once() {
    let mut one = MatchRow::new(None, "a");
    one.verdict = "ambiguous".to_owned();
    let two = one.clone();
    let none = MatchRow::new(None, "b");

    let counts = count(&[one, two, none]);

    assert_eq!((counts.ambiguous, counts.none), (1, 1));
}

/// Two customers who are called otherwise in the tool, stored with these rows each.
async fn store_with(rows: impl Fn(TenantId) -> Vec<Rows>) -> (MemoryStore, [TenantId; 2]) {
    let tenants = [
        "00000001-0000-4000-8000-000000000000",
        "00000002-0000-4000-8000-000000000000",
    ]
    .map(|id| id.parse().unwrap());
    let store = MemoryStore::new();
    let records: Vec<_> = tenants
        .iter()
        .zip(["Northwind Holding", "Adventure Group"])
        .map(|(id, name)| TenantRecord::new(*id, name))
        .collect();
    store.upsert_tenants(&records).await.unwrap();
    for tenant in tenants {
        for rows in rows(tenant) {
            let (resource, at) = (rows.resource(), Timestamp::UNIX_EPOCH);
            let state = store
                .begin(&PassStart::new(tenant, 0, resource, "all", at))
                .await
                .unwrap();
            let page = PageCommit::new(tenant, state.epoch, resource, state.generation).rows(rows);
            store.commit(page).await.unwrap();
            store
                .finish(PassEnd::new(tenant, state.epoch, resource, state.generation, at))
                .await
                .unwrap();
        }
    }
    (store, tenants)
}

/// The users of a tenant, told apart by its first digits.
fn users(tenant: TenantId) -> Rows {
    let home = tenant.to_string()[..8].to_owned();
    let user = |name: &str| {
        let mut user = UserRow::new(format!("{name}-{home}"));
        user.user_principal_name = format!("{name}@t{home}.example");
        user.display_name = Some(format!("{name} Example"));
        user
    };
    Rows::Users(["ada", "bo", "cleo", "dana"].map(user).into())
}

/// The organization `o-1` under another name, with contacts who are the first tenant's users.
fn tool_of_contacts() -> Records {
    let mut tool = Records::default();
    tool.organizations = vec![
        tool::Organization::new("o-1", "Customer 4711"),
        tool::Organization::new("o-2", "Customer 4712"),
    ];
    for (number, name) in ["ada", "bo", "cleo", "dana"].into_iter().enumerate() {
        let mut contact = tool::Contact::new(format!("c-{number}"), name);
        contact.organization = Some("o-1".to_owned());
        contact.emails = vec![format!("{name}@t00000001.example")];
        tool.contacts.push(contact);
    }
    tool
}

fn machine(name: &str, home: &str) -> ManagedDeviceRow {
    let mut row = ManagedDeviceRow::new(format!("m-{name}-{home}"));
    row.device_name = Some(format!("LT-{name}-{home}"));
    row.serial_number = Some(format!("5CG{home}{name}"));
    row
}

#[tokio::test]
async fn people_that_both_have_suggest_the_organization() {
    let (store, tenants) = store_with(|tenant| vec![users(tenant)]).await;

    run(&store, &tenants, &tool_of_contacts()).await.unwrap();

    let rows = store.matches(MatchKind::Organizations).await.unwrap();
    assert_eq!(rows[0].verdict, "suggested", "{rows:?}");
    assert_eq!(rows[0].theirs.as_deref(), Some("o-1"));
    assert_eq!(rows[0].evidence[0]["text"], "devices or people in common: 4");
    assert!(rows[1].theirs.is_none(), "{rows:?}");
}

#[tokio::test]
async fn devices_that_both_have_suggest_the_organization_of_their_site() {
    let names = ["ADA", "BOB", "CLE"];
    let (store, tenants) = store_with(|tenant| {
        let home = tenant.to_string()[..8].to_owned();
        vec![Rows::ManagedDevices(
            names.map(|name| machine(name, &home)).into(),
        )]
    })
    .await;
    let mut tool = tool_of_contacts();
    tool.contacts.clear();
    for name in names {
        let mut device = tool::Device::new(format!("r-{name}"), format!("lt-{name}-00000002"));
        device.serial = Some(format!("5cg00000002{name}"));
        device.site = Some("o-2".to_owned());
        tool.devices.push(device);
    }

    run(&store, &tenants, &tool).await.unwrap();

    let rows = store.matches(MatchKind::Organizations).await.unwrap();
    let found = |row: &MatchRow| (row.theirs.clone(), row.evidence[0]["kind"].clone());
    assert_eq!(
        found(&rows[1]),
        (Some("o-2".to_owned()), "overlap".into()),
        "{rows:?}"
    );
    assert!(rows[0].theirs.is_none());
}

#[tokio::test]
async fn records_of_entra_and_intune_are_one_machine_with_the_facts_of_both() {
    let id = "0000000a-0000-0000-0000-00000000000b";
    let (store, tenants) = store_with(|_| {
        let mut registered = DeviceRow::new("e-1");
        registered.display_name = Some("LT-ADA-01".to_owned());
        registered.device_id = Some(id.to_owned());
        registered.operating_system = Some("Windows".to_owned());
        let mut managed = ManagedDeviceRow::new("i-1");
        managed.device_name = Some("lt-ada-01".to_owned());
        managed.azure_ad_device_id = Some(id.to_uppercase());
        managed.serial_number = Some("5CG1234ABC".to_owned());
        let mut other = ManagedDeviceRow::new("i-2");
        other.azure_ad_device_id = Some("00000000-0000-0000-0000-000000000000".to_owned());
        vec![
            Rows::Devices(vec![registered]),
            Rows::ManagedDevices(vec![managed, other]),
        ]
    })
    .await;

    let machines = machines(&store, tenants[0]).await.unwrap();

    assert_eq!(machines.len(), 2, "{machines:?}");
    let machine = machines
        .iter()
        .find(|machine| machine.device.hostname == "LT-ADA-01" || machine.device.hostname == "lt-ada-01")
        .unwrap();
    assert_eq!(machine.device.serial.as_deref(), Some("5CG1234ABC"));
    assert_eq!(machine.device.os.as_deref(), Some("Windows"));
    for known in [
        (devices::Field::Serial, devices::Source::Intune),
        (devices::Field::Os, devices::Source::Entra),
    ] {
        assert!(machine.provenance.contains(&known), "{machine:?}");
    }
    assert_eq!(
        machine.records,
        [
            (devices::Source::Entra, "e-1".to_owned()),
            (devices::Source::Intune, "i-1".to_owned())
        ]
    );
}

#[tokio::test]
async fn decisions_leave_as_a_file_and_come_back_into_another_store() {
    let store = MemoryStore::new();
    let said = [
        Decision::new("contacts", "u-1", Said::Linked)
            .theirs("7")
            .by("Ada"),
        Decision::new("contacts", "u-2", Said::Ignored),
    ];
    decide(&store, MatchKind::Contacts, &said).await.unwrap();
    let written = file(&store).await.unwrap();
    let other = MemoryStore::new();

    let entered = enter(&other, &written).await.unwrap();

    assert_eq!((entered.remembered, entered.bad.len()), (2, 0));
    assert_eq!(file(&other).await.unwrap(), written);
    let again = enter(&other, &written).await.unwrap();
    assert_eq!((again, file(&other).await.unwrap()), (entered, written));
}

#[tokio::test]
async fn of_two_lines_that_contradict_each_other_the_last_counts_and_a_strange_one_is_named() {
    let store = MemoryStore::new();
    let text = "kind,ours,theirs,said,by,at,note\n\
                devices,d-1,7,linked,,,\ndevices,d-1,8,linked,,,\nprinters,p,1,linked,,,\n";

    let entered = enter(&store, text).await.unwrap();

    let kept = decided(&store, MatchKind::Devices).await.unwrap();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0].theirs.as_deref(), Some("8"));
    assert_eq!(entered.remembered, 1);
    assert_eq!(entered.bad[0].line, 4);
}

#[tokio::test]
async fn candidates_and_unmatched_records_are_listed_until_somebody_decides() {
    let store = MemoryStore::new();
    let mut suggested = MatchRow::new(None, "a");
    suggested.theirs = Some("7".to_owned());
    let mut broken = MatchRow::new(None, "a");
    broken.theirs = Some("6".to_owned());
    "broken".clone_into(&mut broken.standing);
    let alone = MatchRow::new(None, "b");
    let mut linked = MatchRow::new(None, "c");
    "decided".clone_into(&mut linked.standing);
    let mut ignored = MatchRow::new(None, "d");
    "ignored".clone_into(&mut ignored.standing);
    let rows = [broken, suggested.clone(), alone.clone(), linked, ignored];
    store.replace_matches(MatchKind::Devices, &rows).await.unwrap();

    let candidates = candidates(&store, MatchKind::Devices).await.unwrap();
    let unmatched = unmatched(&store, MatchKind::Devices).await.unwrap();

    assert_eq!(
        look_alikes(&store, MatchKind::Devices, "a").await.unwrap(),
        candidates
    );
    assert!(
        look_alikes(&store, MatchKind::Devices, "b")
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(candidates, [suggested.clone()]);
    assert_eq!(unmatched, [suggested, alone]);
}

#[tokio::test]
async fn a_matched_organization_survives_a_rename_and_is_marked_broken_when_it_is_gone() {
    let (store, tenants) = store_with(|_| vec![]).await;
    let mut tool = Records::default();
    tool.organizations = vec![tool::Organization::new("o-1", "Northwind Holding")];
    let standing = async |tool: &Records| {
        run(&store, &tenants, tool).await.unwrap();
        let rows = store.matches(MatchKind::Organizations).await.unwrap();
        let first = rows.into_iter().find(|row| row.theirs.as_deref() == Some("o-1"));
        first.map(|row| (row.standing, row.verdict))
    };
    let told = |standing: &str, verdict: &str| Some((standing.to_owned(), verdict.to_owned()));

    assert_eq!(standing(&tool).await, told("automatic", "certain"));
    "Zava".clone_into(&mut tool.organizations[0].name);
    assert_eq!(standing(&tool).await, told("held", "certain"));
    let gone = std::mem::take(&mut tool.organizations);
    assert_eq!(standing(&tool).await, told("broken", "none"));
    assert_eq!(standing(&tool).await, told("broken", "none"));
    tool.organizations = gone;
    assert_eq!(standing(&tool).await, told("held", "certain"));
}

#[tokio::test]
async fn people_come_with_their_status_last_sign_in_and_last_change_of_password() {
    let (store, [tenant, _]) = store_with(|_| {
        let mut ada = UserRow::new("ada");
        ada.account_enabled = Some(false);
        ada.last_password_change_at = Some(Timestamp::from_second(60).unwrap());
        let mut seen = SignInRow::new("ada");
        seen.last_sign_in_at = Some(Timestamp::from_second(120).unwrap());
        seen.last_successful_at = Some(Timestamp::from_second(90).unwrap());
        vec![
            Rows::Users(vec![ada, UserRow::new("bo")]),
            Rows::SignIns(vec![seen]),
        ]
    })
    .await;

    let people = people(&store, tenant).await.unwrap();

    let fields = &people[0].fields;
    assert_eq!(fields["status"], "blocked");
    assert_eq!(fields["lastSignIn"], "1970-01-01T00:01:30Z");
    assert_eq!(fields["lastPasswordChange"], "1970-01-01T00:01:00Z");
    assert!(people[1].fields.is_empty(), "{:?}", people[1].fields);
}

//! Behaviours of rows, whatever pass brought them.

use jiff::civil::date;

use super::{at, both_tenants, contoso, fabrikam, noon, pass, passes::ids, user};
use crate::{
    DeviceRow, GroupRow, LicenseRow, MailboxRow, ManagedDeviceRow, MembershipRow, PageCommit, PassEnd,
    PassStart, Removal, Resource, RoleAssignmentRow, Rows, SignInRow, Store, UserLicense, UserRow,
};

const USERS: Resource = Resource::Users;

pub async fn rows_of_every_resource_come_back_as_they_were(store: &dyn Store) {
    both_tenants(store).await;
    let wide = wide_rows();
    assert_eq!(wide.len(), Resource::ALL.len());
    for rows in &wide {
        pass(store, contoso(), rows.resource(), vec![rows.clone()]).await;
    }

    for rows in wide {
        // Rows without values come back too.
        let stored = store.rows(&contoso(), rows.resource(), None, 9).await.unwrap();

        assert_eq!(stored, rows);
    }
}

pub async fn rows_are_read_on_after_a_key(store: &dyn Store) {
    both_tenants(store).await;
    let many: Vec<_> = (10..35).map(|n| user(&n.to_string(), "Ada")).collect();
    pass(store, contoso(), USERS, vec![many.into()]).await;

    let first = store.rows(&contoso(), USERS, None, 10).await.unwrap();
    let after = first.last_key();
    let rest = store
        .rows(&contoso(), USERS, after.as_deref(), 100)
        .await
        .unwrap();

    assert_eq!(after.as_deref(), Some("19"));
    assert_eq!((first.len(), rest.len()), (10, 15));
}

pub async fn rows_are_found_by_their_keys(store: &dyn Store) {
    both_tenants(store).await;
    let groups: Vec<_> = (10..35).map(|n| GroupRow::new(n.to_string())).collect();
    let members = vec![MembershipRow::new("10", "1"), MembershipRow::new("10", "2")];
    let rows = vec![groups.into(), members.into()];
    pass(store, contoso(), Resource::Groups, rows).await;
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();

    let some = keys(&["31", "9'", "11", "31"]);
    let groups = store.rows_of(&contoso(), Resource::Groups, &some).await.unwrap();
    let members = keys(&["10/2", "10"]);
    let members = store
        .rows_of(&contoso(), Resource::Memberships, &members)
        .await
        .unwrap();
    let none = store.rows_of(&fabrikam(), Resource::Groups, &some).await.unwrap();

    assert_eq!(groups, vec![GroupRow::new("11"), GroupRow::new("31")].into());
    assert_eq!(members, vec![MembershipRow::new("10", "2")].into());
    assert!(none.is_empty());
}

pub async fn the_groups_of_a_member_are_found(store: &dyn Store) {
    both_tenants(store).await;
    for (tenant, group) in [(contoso(), "g"), (fabrikam(), "f")] {
        let groups = vec![GroupRow::new(group), GroupRow::new("h")];
        let members = [(group, "1"), ("h", "1"), ("h", "11"), ("h", "g")];
        let members = members.map(|(group, member)| MembershipRow::new(group, member));
        let rows = vec![groups.into(), members.to_vec().into()];
        pass(store, tenant, Resource::Groups, rows).await;
    }

    let (tenant, unknown) = (contoso(), "22222222-2222-2222-2222-222222222222".parse().unwrap());
    assert_eq!(store.groups_of(&tenant, "1").await.unwrap(), ["g", "h"]);
    assert_eq!(store.groups_of(&tenant, "g").await.unwrap(), ["h"]);
    assert!(store.groups_of(&tenant, "").await.unwrap().is_empty());
    assert!(store.groups_of(&unknown, "1").await.unwrap().is_empty());
}

pub async fn who_is_gone_is_no_member(store: &dyn Store) {
    both_tenants(store).await;
    for tenant in [contoso(), fabrikam()] {
        let users = vec![user("1", "Ada"), user("2", "Bo")];
        pass(store, tenant, USERS, vec![users.into()]).await;
        let members = ["g/1", "g/2", "g/h", "h/1", "h/21"].map(|key| key.split_once('/').unwrap());
        let members: Vec<_> = members
            .map(|(group, member)| MembershipRow::new(group, member))
            .into();
        let groups = vec![GroupRow::new("g"), GroupRow::new("h")];
        pass(
            store,
            tenant,
            Resource::Groups,
            vec![groups.into(), members.into()],
        )
        .await;
    }

    let gone = |resource, id: &str| Removal::Row {
        resource,
        id: id.to_owned(),
    };
    let page = PageCommit::new(contoso(), 0, USERS, 1).removed(gone(USERS, "1"));
    assert_eq!(store.commit(page).await.unwrap().removed, 1);
    assert_eq!(pass(store, contoso(), USERS, Vec::new()).await, 1);
    let left = ids(store, &contoso(), Resource::Memberships).await;
    assert_eq!(left, ["g/2", "g/h", "h/21"]);

    let page = PageCommit::new(contoso(), 0, Resource::Groups, 1).removed(gone(Resource::Groups, "h"));
    let counts = store.commit(page).await.unwrap();
    assert_eq!(counts.removed, 2);
    assert_eq!(ids(store, &contoso(), Resource::Memberships).await, ["g/2"]);
    let again = PageCommit::new(contoso(), 0, Resource::Groups, 1);
    let counts = store
        .commit(again.rows(vec![MembershipRow::new("g", "1")]))
        .await
        .unwrap();
    assert_eq!(counts.added, 1);
    assert_eq!(
        store.count(&[fabrikam()], Resource::Memberships).await.unwrap(),
        5
    );
}

pub async fn rows_that_a_generation_has_not_seen_are_named(store: &dyn Store) {
    both_tenants(store).await;
    let many: Vec<_> = (100..600).map(|n| user(&n.to_string(), "Ada")).collect();
    pass(store, contoso(), USERS, vec![many.clone().into()]).await;
    pass(store, fabrikam(), USERS, vec![many.clone().into()]).await;
    let tenant = contoso();
    let unseen = |generation| store.unseen(&tenant, USERS, generation);
    assert_eq!(unseen(1).await.unwrap().rows, 0);
    let start = PassStart::new(contoso(), 0, USERS, "all", noon());
    store.begin(&start).await.unwrap();
    let page = |rows: &[UserRow]| PageCommit::new(contoso(), 0, USERS, 2).rows(rows.to_vec());

    let all = unseen(2).await.unwrap();
    store.commit(page(&many[..250])).await.unwrap();
    store.commit(page(&many[252..])).await.unwrap();
    store.commit(page(&[user("new", "Bo")])).await.unwrap();
    let two = unseen(2).await.unwrap();

    assert_eq!((all.rows, all.keys.len()), (500, 200));
    assert_eq!((all.keys[0].as_str(), all.keys[199].as_str()), ("100", "299"));
    assert_eq!(
        (two.rows, two.keys),
        (2, vec!["350".to_owned(), "351".to_owned()])
    );
    let end = PassEnd::new(contoso(), 0, USERS, 2, noon()).sweep(USERS);
    assert_eq!(store.finish(end).await.unwrap(), 2);
    assert_eq!(unseen(2).await.unwrap().rows, 0);
}

fn wide_rows() -> Vec<Rows> {
    let text = || Some("Zoë \"%_'; DROP TABLE users; --\u{1F600}\u{0}".to_owned());
    let mut by_group = UserLicense::new("sku");
    by_group.assigned_by_group = Some("g".to_owned());
    let full = UserRow {
        given_name: text(),
        business_phones: vec!["+1 555 0100".to_owned(), String::new()],
        proxy_addresses: vec!["SMTP:ada@contoso.example".to_owned()],
        on_premises_sync_enabled: Some(false),
        created_at: Some(at("1601-01-01T00:00:00Z")),
        last_password_change_at: Some(at("2026-02-28T23:59:59.999999Z")),
        licenses: vec![UserLicense::new("sku"), by_group],
        ..user("1", "Ada")
    };
    vec![
        vec![full, UserRow::new("2")].into(),
        vec![GroupRow {
            description: text(),
            is_dynamic: true,
            mail_enabled: Some(true),
            ..GroupRow::new("g")
        }]
        .into(),
        vec![MembershipRow::new("g", "1")].into(),
        vec![RoleAssignmentRow {
            role_name: text(),
            ..RoleAssignmentRow::new("a")
        }]
        .into(),
        vec![LicenseRow {
            enabled: i64::MAX,
            consumed: -1,
            ..LicenseRow::new("sku")
        }]
        .into(),
        vec![DeviceRow {
            is_compliant: Some(false),
            last_sign_in_at: Some(noon()),
            ..DeviceRow::new("d")
        }]
        .into(),
        vec![ManagedDeviceRow {
            serial_number: text(),
            enrolled_at: Some(noon()),
            ..ManagedDeviceRow::new("m")
        }]
        .into(),
        vec![SignInRow {
            last_successful_at: Some(noon()),
            ..SignInRow::new("1")
        }]
        .into(),
        vec![MailboxRow {
            last_activity_on: Some(date(2026, 2, 28)),
            item_count: Some(3),
            ..MailboxRow::new("ada@contoso.example")
        }]
        .into(),
    ]
}

//! Behaviours of the user list.

use msp365_core::ErrorKind;

use super::{at, both_tenants, contoso, fabrikam, noon, pass, user};
use crate::{
    Direction, GroupRow, LastSignIn, MembershipRow, Resource, RoleAssignmentRow, SignInRow, Store,
    UserColumn, UserFilter, UserQuery, UserRow,
};

/// Contoso has Ada, Bo and Cleo, Fabrikam has Émile and Zoë; Fabrikam does not show sign-ins.
pub(super) async fn people(store: &dyn Store) {
    both_tenants(store).await;
    let ada = UserRow {
        department: Some("Sales".to_owned()),
        city: Some("50% north_west".to_owned()),
        created_at: Some(at("2025-01-01T00:00:00Z")),
        ..user("1", "Ada")
    };
    let bo = UserRow {
        department: Some("SALES".to_owned()),
        city: Some("50 percent".to_owned()),
        account_enabled: Some(false),
        ..user("2", "Bo")
    };
    let cleo = UserRow {
        user_type: Some("Guest".to_owned()),
        city: Some(r#"O'Hare "\" gate"#.to_owned()),
        ..user("3", "Cleo")
    };
    pass(
        store,
        contoso(),
        Resource::Users,
        vec![vec![ada, bo, cleo].into()],
    )
    .await;
    let zoe = UserRow {
        display_name: None,
        account_enabled: None,
        ..user("2", "Zoë")
    };
    pass(
        store,
        fabrikam(),
        Resource::Users,
        vec![vec![user("1", "Émile"), zoe].into()],
    )
    .await;
    let sign_ins = vec![
        SignInRow {
            last_sign_in_at: Some(at("2025-10-01T00:00:00Z")),
            last_non_interactive_at: Some(at("2025-11-30T12:00:00Z")),
            ..SignInRow::new("1")
        },
        SignInRow {
            last_successful_at: Some(at("2026-02-28T00:00:00Z")),
            ..SignInRow::new("2")
        },
        SignInRow::new("3"),
    ];
    pass(store, contoso(), Resource::SignIns, vec![sign_ins.into()]).await;
    store
        .stale(&fabrikam(), Resource::SignIns, "not_licensed")
        .await
        .unwrap();
}

pub(super) async fn found(store: &dyn Store, query: UserQuery) -> Vec<String> {
    let page = store.users(&query).await.unwrap();
    assert_eq!(page.count, page.rows.len() as u64);
    page.rows
        .into_iter()
        .map(|row| format!("{}{}", row.tenant_name.chars().next().unwrap(), row.user.id))
        .collect()
}

/// Each filter finds just these users.
pub(super) async fn each_finds(store: &dyn Store, table: &[(&str, &[&str])]) {
    for (text, expected) in table {
        let filter = UserFilter::parse(text, noon()).unwrap();
        assert_eq!(
            found(store, UserQuery::all().filter(filter)).await,
            *expected,
            "{text}"
        );
    }
}

pub async fn users_are_filtered(store: &dyn Store) {
    people(store).await;
    let table: [(&str, &[&str]); 26] = [
        ("department=sales", &["C1", "C2"]),
        ("department=|Sales", &["F2", "C1", "C2", "C3", "F1"]),
        ("user_type=Guest|Visitor", &["C3"]),
        ("display_name~%o", &["C2", "C3"]),
        ("tenant~fab", &["F2", "F1"]),
        ("tenant_id~f0000000%", &["F2", "F1"]),
        ("account_enabled=", &["F2"]),
        ("created_at=2025-01-01..2025-01-01", &["C1"]),
        ("created_at=..2024-12-31", &[]),
        ("created_at=", &["F2", "C2", "C3", "F1"]),
        ("last_sign_in=2025-11-30T12:00:00Z..2026-02-28T00:00:00Z", &["C1"]),
        ("last_sign_in=2025-11-30..2026-02-28", &["C1", "C2"]),
        ("department=", &["F2", "C3", "F1"]),
        ("department=Sal", &[]),
        ("department=%", &[]),
        ("account_enabled=false", &["C2"]),
        ("account_enabled=TRUE", &["C1", "C3", "F1"]),
        ("user_type=Guest", &["C3"]),
        ("name=émile", &["F1"]),
        ("tenant=CONTOSO", &["C1", "C2", "C3"]),
        ("last_sign_in>90d", &["C1"]),
        ("last_sign_in<91d", &["C1", "C2"]),
        ("last_sign_in<2w", &["C2"]),
        ("last_sign_in=never", &["C3"]),
        ("last_sign_in=not_licensed", &["F2", "F1"]),
        ("created_at>24h", &["C1"]),
    ];
    for (text, expected) in table {
        let filter = UserFilter::parse(text, at("2026-02-28T12:00:01Z")).unwrap();
        assert_eq!(
            found(store, UserQuery::all().filter(filter)).await,
            expected,
            "{text}"
        );
    }
    let both = UserQuery::all()
        .tenants([contoso()])
        .filter(UserFilter::parse("department=sales", noon()).unwrap())
        .filter(UserFilter::parse("account_enabled=true", noon()).unwrap());
    assert_eq!(found(store, both).await, ["C1"]);
}

pub async fn patterns_take_wildcards_literally_only_when_escaped(store: &dyn Store) {
    people(store).await;
    let table: [(UserColumn, &str, &[&str]); 15] = [
        (UserColumn::City, "50", &["C1", "C2"]),
        (UserColumn::City, "50%", &["C1", "C2"]),
        (UserColumn::City, r"50\%", &["C1"]),
        (UserColumn::City, r"50\%%", &["C1"]),
        (UserColumn::City, r"north\_", &["C1"]),
        (UserColumn::City, "%north_west", &["C1"]),
        (UserColumn::City, "north%", &[]),
        (UserColumn::City, "o'hare \"", &["C3"]),
        (UserColumn::City, r"\\", &["C3"]),
        (UserColumn::City, "", &["C1", "C2", "C3"]),
        (UserColumn::DisplayName, "ÉMI", &["F1"]),
        (UserColumn::DisplayName, "_o", &["C2"]),
        (UserColumn::DisplayName, "%o", &["C2", "C3"]),
        (UserColumn::UserPrincipalName, "ada@%", &["C1"]),
        (UserColumn::AccountEnabled, "%", &[]),
    ];
    for (column, pattern, expected) in table {
        let query = UserQuery::all().like(column, pattern);
        assert_eq!(found(store, query).await, expected, "{pattern}");
    }
}

pub async fn users_are_sorted_with_absent_values_first(store: &dyn Store) {
    people(store).await;
    let table: [(UserColumn, [&str; 5], [&str; 5]); 4] = [
        (
            UserColumn::DisplayName,
            ["F2", "C1", "C2", "C3", "F1"],
            ["F1", "C3", "C2", "C1", "F2"],
        ),
        (
            UserColumn::Tenant,
            ["C1", "C2", "C3", "F1", "F2"],
            ["F2", "F1", "C3", "C2", "C1"],
        ),
        (
            UserColumn::LastSignIn,
            ["F1", "F2", "C3", "C1", "C2"],
            ["C2", "C1", "C3", "F2", "F1"],
        ),
        (
            UserColumn::AccountEnabled,
            ["F2", "C2", "C1", "F1", "C3"],
            ["C3", "F1", "C1", "C2", "F2"],
        ),
    ];
    for (column, up, down) in table {
        let query = UserQuery::all().sort(column, Direction::Ascending);
        assert_eq!(found(store, query).await, up, "{column:?} up");
        let query = UserQuery::all().sort(column, Direction::Descending);
        assert_eq!(found(store, query).await, down, "{column:?} down");
    }
}

pub async fn pages_of_users_join_without_gap(store: &dyn Store) {
    both_tenants(store).await;
    for tenant in [contoso(), fabrikam()] {
        let many: Vec<_> = (0..25).map(|n| user(&format!("{n:02}"), "Ada")).collect();
        pass(store, tenant, Resource::Users, vec![many.into()]).await;
    }
    let whole = store.users(&UserQuery::all()).await.unwrap();
    assert_eq!((whole.count, whole.rows.len(), whole.next), (50, 50, None));

    let tenants: Vec<_> = whole.rows.iter().take(3).map(|row| row.tenant_id).collect();
    assert_eq!(tenants, [contoso(), fabrikam(), contoso()]);

    let mut joined = Vec::new();
    let mut query = UserQuery::all().page(1, 20);
    loop {
        let page = store.users(&query).await.unwrap();
        assert_eq!(page.count, 50);
        joined.extend(page.rows);
        match page.next {
            Some(mark) => query = query.after(mark),
            None => break,
        }
    }
    assert_eq!(joined, whole.rows);

    let third = store.users(&UserQuery::all().page(3, 20)).await.unwrap();
    assert_eq!(third.rows, whole.rows[40..]);
    let beyond = store.users(&UserQuery::all().page(9, 20)).await.unwrap();
    assert_eq!((beyond.count, beyond.rows.len(), beyond.next), (50, 0, None));
    let mark = store
        .users(&UserQuery::all().page(1, 20))
        .await
        .unwrap()
        .next
        .unwrap();
    let other_order = UserQuery::all().sort(UserColumn::DisplayName, Direction::Descending);
    for query in [UserQuery::all().after("x"), other_order.after(mark)] {
        let error = store.users(&query).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
}

pub async fn a_page_goes_on_where_the_last_one_ended_whoever_came_or_went(store: &dyn Store) {
    both_tenants(store).await;
    let names = ["Ada", "Bo", "Cleo", "Dee", "Eve"];
    let of = |names: &[&str]| names.iter().map(|name| user(name, name)).collect::<Vec<_>>();
    pass(store, contoso(), Resource::Users, vec![of(&names).into()]).await;
    let query = UserQuery::all().page(1, 2);
    let first = store.user_page(&query).await.unwrap();

    let others = ["Abe", "Ada", "Bob", "Dee", "Eve"];
    pass(store, contoso(), Resource::Users, vec![of(&others).into()]).await;

    let second = store.user_page(&query.after(first.next.unwrap())).await.unwrap();
    let shown: Vec<_> = second.rows.iter().map(|row| row.user.id.as_str()).collect();
    assert_eq!(shown, ["Bob", "Dee"]);
}

pub async fn roles_come_directly_and_through_groups(store: &dyn Store) {
    people(store).await;
    let held = |id: &str, by: &str, role: &str, name: Option<&str>| RoleAssignmentRow {
        principal_id: by.to_owned(),
        role_definition_id: role.to_owned(),
        role_name: name.map(str::to_owned),
        ..RoleAssignmentRow::new(id)
    };
    let assignments = vec![
        held("a", "1", "r1", Some("User Administrator")),
        held("b", "g", "r2", Some("Helpdesk Administrator")),
        held("c", "g", "r1", Some("User Administrator")),
        held("d", "1", "r3", None),
        held("e", "2", "r4", Some("Reader")),
    ];
    pass(
        store,
        contoso(),
        Resource::RoleAssignments,
        vec![assignments.into()],
    )
    .await;
    let groups = vec![GroupRow::new("g")];
    let members = vec![MembershipRow::new("g", "1")];
    pass(
        store,
        contoso(),
        Resource::Groups,
        vec![groups.into(), members.into()],
    )
    .await;

    let page = store
        .users(&UserQuery::all().sort(UserColumn::Tenant, Direction::Ascending))
        .await
        .unwrap();

    let roles: Vec<_> = page.rows.iter().map(|row| row.roles.join(", ")).collect();
    let of_ada = "Helpdesk Administrator, User Administrator, r3";
    assert_eq!(roles, [of_ada, "Reader", "", "", ""]);
    let table: [(&str, &[&str]); 7] = [
        ("roles=reader", &["C2"]),
        ("roles=Administrator", &[]),
        ("roles=Reader|R3", &["C1", "C2"]),
        ("roles=", &["C3"]),
        ("roles=unknown", &["F2", "F1"]),
        ("roles~administrator", &["C1"]),
        ("roles~help%", &["C1"]),
    ];
    each_finds(store, &table).await;
    let by_roles = UserQuery::all().sort(UserColumn::Roles, Direction::Descending);
    assert_eq!(found(store, by_roles).await, ["C2", "C1", "C3", "F2", "F1"]);

    // Who leaves the group, or comes anew, has other roles with the next pass.
    let members = vec![MembershipRow::new("g", "2")];
    let groups = vec![GroupRow::new("g")];
    pass(
        store,
        contoso(),
        Resource::Groups,
        vec![groups.into(), members.into()],
    )
    .await;
    let filter = UserFilter::parse("roles=Helpdesk Administrator", noon()).unwrap();
    assert_eq!(found(store, UserQuery::all().filter(filter)).await, ["C2"]);
    pass(store, contoso(), Resource::RoleAssignments, Vec::new()).await;
    let filter = UserFilter::parse("roles=", noon()).unwrap();
    assert_eq!(
        found(store, UserQuery::all().filter(filter)).await,
        ["C1", "C2", "C3"]
    );
}

pub async fn the_last_sign_in_says_what_is_known(store: &dyn Store) {
    people(store).await;
    let known = async || -> Vec<LastSignIn> {
        let query = UserQuery::all().sort(UserColumn::Tenant, Direction::Ascending);
        let page = store.users(&query).await.unwrap();
        page.rows.into_iter().map(|row| row.last_sign_in).collect()
    };

    let expected = [
        LastSignIn::Date(at("2025-11-30T12:00:00Z")),
        LastSignIn::Date(at("2026-02-28T00:00:00Z")),
        LastSignIn::Never,
        LastSignIn::NotLicensed,
        LastSignIn::NotLicensed,
    ];
    assert_eq!(known().await, expected);

    store
        .stale(&fabrikam(), Resource::SignIns, "denied")
        .await
        .unwrap();
    assert_eq!(known().await[3..], [LastSignIn::Unknown; 2]);
    let unknown = UserFilter::parse("last_sign_in=unknown", noon()).unwrap();
    assert_eq!(found(store, UserQuery::all().filter(unknown)).await, ["F2", "F1"]);
}

//! Behaviours of finding: searches, what is absent and why, what a list lacks.

use super::{
    at, both_tenants, contoso, fabrikam, noon, pass, user,
    users::{each_finds, found, people},
};
use crate::{
    Direction, Incomplete, LastSignIn, PageCommit, PassStart, Resource, RoleAssignmentRow, SignInRow, Store,
    TenantRecord, TenantState, TenantStatus, UserColumn, UserFilter, UserQuery, UserRow, Value,
};

pub async fn users_are_searched_by_any_name_or_address(store: &dyn Store) {
    people(store).await;
    let mut dee = user("9", "Dee");
    dee.mail = Some("dee.dop@fabrikam.example".to_owned());
    dee.proxy_addresses = vec![
        "SMTP:dorothea@contoso.example".to_owned(),
        "smtp:d_\"%\\@fabrikam.example".to_owned(),
        "x500:/o=First/cn=dee".to_owned(),
    ];
    let bare = UserRow::new("8");
    pass(store, fabrikam(), Resource::Users, vec![vec![dee, bare].into()]).await;
    let table: [(&str, &[&str]); 18] = [
        ("bo", &["C2"]),
        ("ADA@", &["C1"]),
        ("ada@%", &["C1"]),
        ("_da", &["C1"]),
        ("dee", &["F9"]),
        ("dorothea", &["F9"]),
        ("dorothea@%", &["F9"]),
        ("%@fabrikam.example", &["F9"]),
        ("dee.d_p@%", &["F9"]),
        ("d\\_\"\\%\\\\@%", &["F9"]),
        ("/o=first%dee", &["F9"]),
        ("%dop%dorothea%", &[]),
        ("dee%fabrikam%contoso%", &[]),
        ("smtp", &[]),
        ("smtp%", &[]),
        ("x500:%", &[]),
        ("nobody", &[]),
        ("%", &["C1", "C2", "C3", "F9"]),
    ];
    for (pattern, expected) in table {
        assert_eq!(
            found(store, UserQuery::all().search(pattern)).await,
            expected,
            "{pattern}"
        );
    }
}

pub async fn phones_and_addresses_are_filtered_one_by_one(store: &dyn Store) {
    both_tenants(store).await;
    let ada = UserRow {
        business_phones: vec!["+31 20 5".to_owned(), "+31 \"6\" 1".to_owned()],
        proxy_addresses: vec![
            "SMTP:ada@contoso.example".to_owned(),
            "smtp:lovelace@contoso.example".to_owned(),
        ],
        ..user("1", "Ada")
    };
    let bo = UserRow {
        business_phones: vec!["+31 20 55".to_owned()],
        ..user("2", "Bo")
    };
    pass(
        store,
        contoso(),
        Resource::Users,
        vec![vec![ada, bo, user("3", "Cleo")].into()],
    )
    .await;
    let table: [(&str, &[&str]); 14] = [
        ("business_phones=+31 20 5", &["C1"]),
        ("business_phones=+31 20 55|+31 \"6\" 1", &["C1", "C2"]),
        ("business_phones~+31 20 5%", &["C1", "C2"]),
        ("business_phones~%5", &["C1", "C2"]),
        ("business_phones~\"6\"", &["C1"]),
        ("business_phones~%5%6%", &[]),
        ("business_phones=", &["C3"]),
        ("business_phones=|+31 20 5", &["C1", "C3"]),
        ("proxy_addresses~smtp:ada@%", &["C1"]),
        ("proxy_addresses~lovelace@%", &["C1"]),
        ("proxy_addresses=ada@contoso.example", &["C1"]),
        ("proxy_addresses=SMTP:LOVELACE@contoso.example", &["C1"]),
        ("proxy_addresses=ada", &[]),
        ("proxy_addresses=", &["C2", "C3"]),
    ];
    each_finds(store, &table).await;
}

pub async fn none_is_what_was_read_and_is_not_there(store: &dyn Store) {
    people(store).await;
    let reader = RoleAssignmentRow {
        principal_id: "1".to_owned(),
        role_name: Some("Reader".to_owned()),
        ..RoleAssignmentRow::new("a")
    };
    pass(
        store,
        contoso(),
        Resource::RoleAssignments,
        vec![vec![reader].into()],
    )
    .await;
    let table: [(&str, &[&str]); 12] = [
        ("roles=", &["C2", "C3"]),
        ("roles=|Reader", &["C1", "C2", "C3"]),
        ("roles=unknown", &["F2", "F1"]),
        ("roles=not_licensed", &[]),
        ("licenses=", &["F2", "C1", "C2", "C3", "F1"]),
        ("licenses=unknown", &[]),
        ("last_sign_in=", &["C3"]),
        ("last_password_change_at=never", &["F2", "C1", "C2", "C3", "F1"]),
        ("last_password_change_at=", &["F2", "C1", "C2", "C3", "F1"]),
        ("last_password_change_at=unknown", &[]),
        ("account_enabled=", &["F2"]),
        ("account_enabled=unknown", &[]),
    ];
    each_finds(store, &table).await;

    // Of a tenant whose users are being read for the first time nothing absent is known.
    let third = "e0000000-0000-4000-8000-000000000003".parse().unwrap();
    store
        .upsert_tenants(&[TenantRecord::new(third, "Proseware")])
        .await
        .unwrap();
    let begun = PassStart::new(third, 0, Resource::Users, "all", noon());
    let begun = store.begin(&begun).await.unwrap();
    let mut page = PageCommit::new(third, begun.epoch, Resource::Users, begun.generation);
    page.rows = vec![vec![UserRow::new("7")].into()];
    store.commit(page).await.unwrap();
    let table: [(&str, &[&str]); 6] = [
        ("licenses=unknown", &["P7"]),
        ("last_password_change_at=unknown", &["P7"]),
        ("account_enabled=unknown", &["P7"]),
        ("account_enabled=", &["F2"]),
        ("department=", &["F2", "C3", "F1"]),
        ("business_phones=", &["F2", "C1", "C2", "C3", "F1"]),
    ];
    each_finds(store, &table).await;
}

pub async fn who_came_after_the_pass_has_no_known_sign_in(store: &dyn Store) {
    people(store).await;
    let after = noon() + jiff::SignedDuration::from_secs(1);
    let came = |id: &str, created_at| UserRow {
        created_at,
        ..user(id, id)
    };
    let rows = vec![
        came("1", None),
        came("5", Some(after)),
        came("6", Some(at("2026-03-01T11:59:59Z"))),
    ];
    pass(store, contoso(), Resource::Users, vec![rows.into()]).await;

    let table: [(&str, &[&str]); 3] = [
        ("last_sign_in=never", &["C6"]),
        ("last_sign_in=", &["C6"]),
        ("last_sign_in=unknown", &["C5"]),
    ];
    each_finds(store, &table).await;
    let page = store
        .user_page(&UserQuery::all().tenants([contoso()]))
        .await
        .unwrap();
    let known: Vec<_> = page.rows.iter().map(|row| row.last_sign_in).collect();
    assert_eq!(known[1..], [LastSignIn::Unknown, LastSignIn::Never]);
    assert_eq!(page.value(&page.rows[1], UserColumn::LastSignIn), Value::Unknown);
}

pub async fn a_role_over_a_part_of_the_tenant_is_marked(store: &dyn Store) {
    people(store).await;
    let over = |id: &str, by: &str, scope: Option<&str>| RoleAssignmentRow {
        principal_id: by.to_owned(),
        role_name: Some("User Administrator".to_owned()),
        directory_scope_id: scope.map(str::to_owned),
        ..RoleAssignmentRow::new(id)
    };
    let rows = vec![
        over("a", "1", Some("/")),
        over("b", "2", Some("/administrativeUnits/a7")),
        over("c", "2", Some("/administrativeUnits/b8")),
        over("d", "3", Some("/")),
        over("e", "3", Some("/administrativeUnits/a7")),
    ];
    pass(store, contoso(), Resource::RoleAssignments, vec![rows.into()]).await;

    let table: [(&str, &[&str]); 3] = [
        ("roles=User Administrator", &["C1", "C3"]),
        ("roles=User Administrator (scoped)", &["C2", "C3"]),
        ("roles~user administrator%", &["C1", "C2", "C3"]),
    ];
    each_finds(store, &table).await;
    let by_roles = UserQuery::all().sort(UserColumn::Roles, Direction::Descending);
    let page = store.user_page(&by_roles.page(1, 3)).await.unwrap();
    let shown: Vec<_> = page.rows.iter().map(|row| row.roles.join("+")).collect();
    let scoped = "User Administrator (scoped)";
    assert_eq!(
        shown,
        [
            &format!("User Administrator+{scoped}"),
            scoped,
            "User Administrator"
        ]
    );
}

pub async fn attempts_are_no_successful_sign_ins(store: &dyn Store) {
    people(store).await;
    let sprayed = SignInRow {
        last_sign_in_at: Some(noon()),
        last_successful_at: Some(at("2025-10-01T00:00:00Z")),
        ..SignInRow::new("1")
    };
    let only_tried = SignInRow {
        last_sign_in_at: Some(noon()),
        ..SignInRow::new("3")
    };
    pass(
        store,
        contoso(),
        Resource::SignIns,
        vec![vec![sprayed, only_tried].into()],
    )
    .await;

    let table: [(&str, &[&str]); 7] = [
        ("last_sign_in>90d", &[]),
        ("last_successful_sign_in>90d", &["C1"]),
        ("last_successful_sign_in<90d", &[]),
        ("last_successful_sign_in=2025-10-01..2025-10-01", &["C1"]),
        ("last_successful_sign_in=never", &["C2", "C3"]),
        ("last_successful_sign_in=unknown", &[]),
        ("last_successful_sign_in=not_licensed", &["F2", "F1"]),
    ];
    each_finds(store, &table).await;
    let newest = UserQuery::all().sort(UserColumn::LastSuccessfulSignIn, Direction::Descending);
    let page = store.user_page(&newest.page(1, 5)).await.unwrap();
    let shown: Vec<_> = page
        .rows
        .iter()
        .map(|row| page.value(row, UserColumn::LastSuccessfulSignIn))
        .collect();
    let date = Value::Date(at("2025-10-01T00:00:00Z"));
    let expected = [
        date,
        Value::Never,
        Value::NotLicensed,
        Value::Never,
        Value::NotLicensed,
    ];
    assert_eq!(shown, expected);
    assert_eq!(page.rows[0].last_sign_in, LastSignIn::Date(noon()));
    let source = page.source(&contoso(), UserColumn::LastSuccessfulSignIn).unwrap();
    assert_eq!(source.fresh_as_of, Some(noon()));
    // A user who comes anew has what was known, and a sign-in that goes takes both along.
    pass(
        store,
        contoso(),
        Resource::Users,
        vec![vec![user("9", "Ida")].into()],
    )
    .await;
    pass(
        store,
        contoso(),
        Resource::Users,
        vec![vec![user("1", "Ada")].into()],
    )
    .await;
    each_finds(store, &[("last_successful_sign_in>90d", &["C1"])]).await;
    pass(store, contoso(), Resource::SignIns, Vec::new()).await;
    each_finds(store, &[("last_successful_sign_in=never", &["C1"])]).await;
}

pub async fn a_page_names_the_tenants_that_are_not_complete(store: &dyn Store) {
    people(store).await;
    let id = |first: char| {
        format!("{first}0000000-0000-4000-8000-00000000000a")
            .parse()
            .unwrap()
    };
    let (never, failed, blocked, left_out) = (id('1'), id('2'), id('3'), id('4'));
    let listed = [
        TenantRecord::new(never, "Never"),
        TenantRecord::new(failed, "failed"),
        TenantRecord::new(blocked, "Blocked"),
        TenantRecord::new(left_out, "Left out"),
    ];
    store.upsert_tenants(&listed).await.unwrap();
    store.set_selected(&[never, failed, blocked], true).await.unwrap();
    let state = TenantState::new(TenantStatus::Blocked).reason("consent");
    store.set_state(&blocked, &state).await.unwrap();
    pass(
        store,
        failed,
        Resource::Users,
        vec![vec![user("1", "Ada")].into()],
    )
    .await;
    store.stale(&failed, Resource::Users, "throttled").await.unwrap();
    let of = async |query: UserQuery| store.user_page(&query).await.unwrap().incomplete;
    let said = |incomplete: &Incomplete| -> Vec<String> {
        let tenants = incomplete.tenants.iter();
        tenants
            .map(|tenant| {
                let reason = tenant.reason.as_deref().unwrap_or_default();
                format!("{} {} {reason}", tenant.tenant_name, tenant.state.as_str())
            })
            .collect()
    };

    let all = of(UserQuery::all().page(1, 1)).await;

    let expected = [
        "Blocked blocked consent",
        "failed failed throttled",
        "Never never_read ",
    ];
    assert_eq!(said(&all), expected);
    assert_eq!(
        (all.blocked, all.failed, all.never_read, all.count()),
        (1, 1, 1, 3)
    );
    assert_eq!(all.tenants[1].fresh_as_of, Some(noon()));
    assert!(
        of(UserQuery::all().tenants([contoso(), fabrikam()]))
            .await
            .is_empty()
    );
    assert_eq!(
        said(&of(UserQuery::all().tenants([left_out])).await),
        ["Left out never_read "]
    );
    assert!(of(UserQuery::all().only_in([left_out])).await.is_empty());
    assert_eq!(
        said(&of(UserQuery::all().only_in([never])).await),
        ["Never never_read "]
    );
    let named = UserFilter::parse("tenant=failed", noon()).unwrap();
    assert_eq!(
        said(&of(UserQuery::all().filter(named)).await),
        ["failed failed throttled"]
    );
    assert_eq!(
        said(&of(UserQuery::all().only([(never, "1")])).await),
        ["Never never_read "]
    );

    // Many are counted, and not all named.
    let many: Vec<_> = (0..120)
        .map(|n| {
            TenantRecord::new(
                format!("{n:08}-0000-4000-8000-00000000000b").parse().unwrap(),
                "More",
            )
        })
        .collect();
    store.upsert_tenants(&many).await.unwrap();
    let ids: Vec<_> = many.iter().map(|tenant| tenant.id).collect();
    store.set_selected(&ids, true).await.unwrap();
    let all = of(UserQuery::all()).await;
    assert_eq!((all.count(), all.tenants.len()), (123, Incomplete::MOST));
}

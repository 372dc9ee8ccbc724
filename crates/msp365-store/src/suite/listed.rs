//! Behaviours of lists of rows: what is known of each value, days, zones, selections, what a list lacks.

use jiff::tz::TimeZone;
use msp365_core::ErrorKind;

use super::{at, both_tenants, contoso, fabrikam, noon, pass};
use crate::{
    DeviceRow, Direction, GroupRow, LicenseRow, ListPage, Listing, MailboxRow, MembershipRow, Query,
    Resource, RowColumn, RowQuery, RowRef, RowSelection, RowView, SignInRow, Store, TenantState,
    TenantStatus, Value,
};

/// Contoso has two devices of which one never signed in and one mailbox of two that was never used; Fabrikam has a device
/// whose listing was never read to the end, no plan for sign-ins, and conceals names.
async fn machines(store: &dyn Store) {
    both_tenants(store).await;
    let device = |id: &str, name: &str| DeviceRow {
        display_name: Some(name.to_owned()),
        ..DeviceRow::new(id)
    };
    let laptop = DeviceRow {
        is_compliant: Some(false),
        last_sign_in_at: Some(at("2026-01-31T23:30:00Z")),
        ..device("1", "LT-Ada")
    };
    let rows = vec![laptop, device("2", "LT-Bo")];
    pass(store, contoso(), Resource::Devices, vec![rows.into()]).await;
    let begun = store.stream(&fabrikam(), Resource::Devices).await.unwrap();
    let start = crate::PassStart::new(fabrikam(), begun.epoch, Resource::Devices, "all", noon());
    let begun = store.begin(&start).await.unwrap();
    let page = crate::PageCommit::new(fabrikam(), begun.epoch, Resource::Devices, begun.generation);
    store
        .commit(page.rows(vec![device("1", "PC-Cleo")]))
        .await
        .unwrap();
    let used = MailboxRow {
        last_activity_on: Some("2026-01-31".parse().unwrap()),
        storage_used_bytes: Some(7),
        is_deleted: Some(false),
        ..MailboxRow::new("ada@contoso.example")
    };
    let rows = vec![used, MailboxRow::new("bo@contoso.example")];
    pass(store, contoso(), Resource::Mailboxes, vec![rows.into()]).await;
    let rows = vec![SignInRow::new("1")];
    pass(store, fabrikam(), Resource::SignIns, vec![rows.into()]).await;
    for (resource, because) in [
        (Resource::SignIns, "not_licensed"),
        (Resource::Mailboxes, "names_concealed"),
    ] {
        store.stale(&fabrikam(), resource, because).await.unwrap();
    }
}

/// Tenant and key of the rows that a query finds, as `C1`.
async fn found(store: &dyn Store, query: &RowQuery) -> Vec<String> {
    let page = Resource::page(as_reader(store), query).await.unwrap();
    let (count, _) = store.row_count(query, 100).await.unwrap();
    assert_eq!(count, page.len() as u64);
    let refs = page.refs().into_iter();
    refs.map(|row| format!("{}{}", if row.tenant_id == contoso() { 'C' } else { 'F' }, row.id))
        .collect()
}

fn as_reader(store: &dyn Store) -> &dyn crate::DirectoryReader {
    store
}

fn query(resource: Resource, condition: &str) -> RowQuery {
    RowQuery::of(resource).filter(condition, noon()).unwrap()
}

pub async fn a_blank_of_a_row_is_never_ambiguous(store: &dyn Store) {
    machines(store).await;
    let of = async |resource: Resource, column: &str| -> Vec<Value> {
        let page = store.row_page(&RowQuery::of(resource)).await.unwrap();
        let column = RowColumn::parse(resource, column).unwrap();
        (0..page.len()).map(|row| page.value(row, column)).collect()
    };
    let text = |text: &str| Value::Text(text.to_owned());

    let (devices, mailboxes) = (Resource::Devices, Resource::Mailboxes);
    assert_eq!(
        of(devices, "tenant").await,
        [text("Contoso"), text("Fabrikam"), text("Contoso")]
    );
    assert_eq!(of(devices, "tenant_id").await[1], text(&fabrikam().to_string()));
    assert_eq!(
        of(devices, "last_sign_in_at").await,
        [
            Value::Date(at("2026-01-31T23:30:00Z")),
            Value::Unknown,
            Value::Never
        ]
    );
    assert_eq!(
        of(devices, "is_compliant").await,
        [Value::Truth(false), Value::Unknown, Value::None]
    );
    assert_eq!(
        of(mailboxes, "last_activity_on").await,
        [Value::Day("2026-01-31".parse().unwrap()), Value::Never]
    );
    assert_eq!(
        of(mailboxes, "storage_used_bytes").await,
        [Value::Number(7), Value::None]
    );
    assert_eq!(
        of(Resource::SignIns, "last_sign_in_at").await,
        [Value::NotLicensed]
    );
    let page = store.row_page(&RowQuery::of(devices)).await.unwrap();
    let source = page.source(&contoso()).unwrap();
    assert_eq!(
        (
            source.resource,
            source.fresh_as_of,
            source.stale_because.as_deref()
        ),
        (devices, Some(noon()), None)
    );
    let foreign = RowColumn::parse(mailboxes, "last_activity_on").unwrap();
    let name = RowColumn::parse(devices, "display_name").unwrap();
    assert_eq!(page.value(0, foreign), Value::Unknown);
    assert_eq!(page.value(3, name), Value::Unknown);
}

pub async fn absent_values_of_rows_are_found_by_why(store: &dyn Store) {
    machines(store).await;
    let table: [(Resource, &str, &[&str]); 9] = [
        (Resource::Devices, "last_sign_in_at=never", &["C2"]),
        (Resource::Devices, "last_sign_in_at=unknown", &["F1"]),
        (Resource::Devices, "last_sign_in_at=not_licensed", &[]),
        (Resource::Devices, "last_sign_in_at=", &["C2"]),
        (Resource::Devices, "is_compliant=", &["C2"]),
        (Resource::Devices, "is_compliant=unknown", &["F1"]),
        (Resource::SignIns, "last_sign_in_at=not_licensed", &["F1"]),
        (Resource::SignIns, "last_sign_in_at=never", &[]),
        (
            Resource::Mailboxes,
            "last_activity_on=never",
            &["Cbo@contoso.example"],
        ),
    ];
    for (resource, condition, expected) in table {
        assert_eq!(
            found(store, &query(resource, condition)).await,
            expected,
            "{condition}"
        );
    }
}

pub async fn days_and_moments_of_rows_are_those_of_a_zone(store: &dyn Store) {
    machines(store).await;
    let ada = "Cada@contoso.example";
    let table: [(&str, &[&str]); 8] = [
        ("last_activity_on>28d", &[ada]),
        ("last_activity_on>29d", &[]),
        ("last_activity_on<29d", &[ada]),
        ("last_activity_on=2026-01-31", &[ada]),
        ("last_activity_on=2026-02-01..", &[]),
        ("last_activity_on=..2026-01-31", &[ada]),
        ("last_activity_on=2026-01-01..2026-01-30", &[]),
        ("last_activity_on~2026-01", &[ada]),
    ];
    for (condition, expected) in table {
        assert_eq!(
            found(store, &query(Resource::Mailboxes, condition)).await,
            expected,
            "{condition}"
        );
    }

    let amsterdam = TimeZone::get("Europe/Amsterdam").unwrap();
    for (zone, expected) in [(TimeZone::UTC, &["C1"][..]), (amsterdam, &[])] {
        let january = "last_sign_in_at=2026-01-01..2026-01-31";
        let query = RowQuery::of(Resource::Devices).filter_in(january, noon(), &zone);
        assert_eq!(found(store, &query.unwrap()).await, expected, "{zone:?}");
    }
    let wrong = RowQuery::of(Resource::Mailboxes).filter("last_activity_on=January", noon());
    assert_eq!(wrong.unwrap_err().kind(), ErrorKind::Invalid);
}

pub async fn rows_are_selected_by_key_or_by_a_view_but_for_some(store: &dyn Store) {
    machines(store).await;
    let groups = vec![GroupRow::new("g"), GroupRow::new("h")];
    let members = vec![
        MembershipRow::new("g", "ada"),
        MembershipRow::new("g", "bo"),
        MembershipRow::new("h", "ada"),
    ];
    pass(
        store,
        contoso(),
        Resource::Groups,
        vec![groups.into(), members.into()],
    )
    .await;
    let row = |tenant_id, id: &str| RowRef {
        tenant_id,
        id: id.to_owned(),
    };

    let members = RowSelection::some(vec![row(contoso(), "g/bo"), row(fabrikam(), "h/ada")]);
    let asked = members.query_of(Resource::Memberships).unwrap().unwrap();
    assert_eq!(found(store, &asked).await, ["Cg/bo"]);

    let view = RowView {
        filters: vec!["display_name~lt-%".to_owned()],
        sort: "-display_name".to_owned(),
        ..RowView::of(Resource::Devices)
    };
    let mut all = RowSelection::all(view.clone(), noon(), &TimeZone::UTC);
    let everything = all.query_of(Resource::Devices).unwrap().unwrap();
    assert_eq!(found(store, &everything).await, ["C2", "C1"]);
    all.toggle(row(contoso(), "2"));
    let all: RowSelection = serde_json::from_value(serde_json::to_value(&all).unwrap()).unwrap();
    assert_eq!(
        found(store, &all.query_of(Resource::Devices).unwrap().unwrap()).await,
        ["C1"]
    );
    let error = all.query_of(Resource::Groups).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);

    let page = store.row_page(&everything.page(1, 1)).await.unwrap();
    let first = RowSelection::page(&page).shown_as(view);
    let again = first.query_of(Resource::Devices).unwrap().unwrap();
    assert_eq!(
        again.asked(),
        ["1 devices by name", "sort -display_name"].map(str::to_owned)
    );
    assert_eq!(found(store, &again).await, ["C2"]);
}

pub async fn a_page_of_rows_names_the_tenants_that_are_not_complete(store: &dyn Store) {
    machines(store).await;
    store.set_selected(&[contoso(), fabrikam()], true).await.unwrap();
    let said = async |resource: Resource| -> Vec<String> {
        let page = store.row_page(&RowQuery::of(resource)).await.unwrap();
        let tenants = page.incomplete().tenants.iter();
        let all: Vec<_> = tenants
            .map(|tenant| {
                let reason = tenant.reason.as_deref().unwrap_or_default();
                format!("{} {} {reason}", tenant.tenant_name, tenant.state.as_str())
            })
            .collect();
        assert_eq!(all.len(), page.incomplete.count());
        all
    };

    assert_eq!(said(Resource::Devices).await, ["Fabrikam never_read "]);
    assert_eq!(
        said(Resource::SignIns).await,
        ["Contoso never_read ", "Fabrikam not_licensed not_licensed"]
    );
    assert_eq!(
        said(Resource::Mailboxes).await,
        ["Fabrikam failed names_concealed"]
    );
    let groups = vec![GroupRow::new("g")];
    pass(store, contoso(), Resource::Groups, vec![groups.into()]).await;
    assert_eq!(
        said(Resource::Memberships).await,
        ["Fabrikam never_read "],
        "memberships come with groups"
    );
    let state = TenantState::new(TenantStatus::Blocked).reason("consent");
    store.set_state(&fabrikam(), &state).await.unwrap();
    assert_eq!(said(Resource::Devices).await, ["Fabrikam blocked consent"]);
}

pub async fn rows_are_ordered_by_every_column(store: &dyn Store) {
    machines(store).await;
    let licenses = vec![
        LicenseRow {
            consumed: 12,
            ..LicenseRow::new("a")
        },
        LicenseRow {
            consumed: 7,
            ..LicenseRow::new("b")
        },
    ];
    pass(store, contoso(), Resource::Licenses, vec![licenses.into()]).await;

    for resource in [
        Resource::Devices,
        Resource::Licenses,
        Resource::Mailboxes,
        Resource::SignIns,
    ] {
        for column in RowColumn::all(resource) {
            let query = Query::of(resource);
            let up = found(store, &query.clone().order_by(column, Direction::Ascending)).await;
            let mut down = found(store, &query.order_by(column, Direction::Descending)).await;
            down.reverse();
            assert_eq!(up, down, "{resource:?} {column}");
            assert!(!up.is_empty(), "{resource:?}");
        }
    }
    let consumed = RowColumn::parse(Resource::Licenses, "consumed").unwrap();
    let by_consumed = Query::of(Resource::Licenses).order_by(consumed, Direction::Ascending);
    assert_eq!(found(store, &by_consumed).await, ["Cb", "Ca"]);
}

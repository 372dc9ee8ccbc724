//! Lists, counts, exports and whom one looked at, as technicians see them.

use std::collections::BTreeSet;

use msp365::{
    Msp365, TenantId,
    actions::{
        Export,
        details::{CardKind, Wanted},
        explain::{Area, Levels, SiteMap, Viewer},
    },
    area_of,
    sim::{self, Sim},
    store::{JournalFilter, Resource, RowColumn, RowQuery, TenantFilter, UserQuery},
};
use serde_json::json;

/// A store with the rows of two customers.
async fn two_customers() -> (Msp365, [TenantId; 2]) {
    let cloud = Sim::seeded(7).customers(3).users_each(10).manual_clock().build();
    let msp = sim::builder(&cloud).seed(7).in_memory().build().unwrap();
    sim::connect(&cloud, &msp).await.unwrap();
    msp.tenants().refresh().await.unwrap();
    let customers = msp.tenants().customers().await.unwrap();
    msp.tenants().enrol(&customers, |_| {}).await.unwrap();
    msp.sync().run(&[]).await.unwrap();
    let (_, counts) = counted(&msp).await;
    assert!(counts.len() > 1, "users of one tenant are no scope: {counts:?}");
    (msp, [counts[0].0, counts[1].0])
}

/// All users, and those of each tenant that has any.
async fn counted(msp: &Msp365) -> (u64, Vec<(TenantId, u64)>) {
    let counts = msp.store().counts().await.unwrap();
    let of_users = counts
        .into_iter()
        .filter(|(_, resource, _)| *resource == Resource::Users);
    let of_users: Vec<_> = of_users.map(|(tenant, _, count)| (tenant, count)).collect();
    (of_users.iter().map(|(_, count)| count).sum(), of_users)
}

/// Bo may look at all of the first tenant, Cleo at the users of both, Dan at devices alone.
fn levels([one, other]: [TenantId; 2]) -> Levels {
    serde_json::from_value(json!({
        "levels": {
            "all": {"areas": {"users": "view", "tenants": "view", "devices": "view", "reports": "view"}},
            "users": {"areas": {"users": "view"}},
            "devices": {"areas": {"devices": "view"}},
        },
        "technicians": {
            "bo": {"level": "all", "tenants": {"only": [one]}, "sites": "all"},
            "cleo": {"level": "users", "tenants": {"only": [one, other]}, "sites": "all"},
            "dan": {"level": "devices", "tenants": {"only": [one]}, "sites": "all"},
        },
    }))
    .unwrap()
}

#[tokio::test]
async fn an_export_in_a_technicians_name_holds_what_the_technician_sees() {
    let (msp, both) = two_customers().await;
    let levels = levels(both);
    let export = Export::default().columns([msp365::store::UserColumn::TenantId]);

    let mut csv = Vec::new();
    let desk = msp.actions().by(&levels, "bo", &[]);
    let done = desk
        .export(&export, &UserQuery::all(), "somebody", &mut csv)
        .await
        .unwrap();

    let (all, counts) = counted(&msp).await;
    assert_eq!(done.rows, counts[0].1);
    assert!(done.rows < all);
    let text = String::from_utf8(csv).unwrap();
    let seen: BTreeSet<&str> = text.lines().skip(1).collect();
    assert_eq!(seen, BTreeSet::from([format!("\"{}\"", both[0]).as_str()]));
    let log = msp.actions().log().unwrap();
    let mut records = log.query(&JournalFilter::all()).await.unwrap();
    records.retain(|record| record.action == "export_users");
    assert!(records.iter().all(|record| record.actor == "bo"), "{records:?}");
    assert_eq!(records.len(), 2);

    let hidden = UserQuery::all().tenants([both[1]]);
    let nowhere = UserQuery::all().tenants(["00000000-0000-4000-8000-00000000dead".parse().unwrap()]);
    for query in [hidden, nowhere] {
        let done = desk.export(&export, &query, "bo", &mut Vec::new()).await.unwrap();
        assert_eq!(done.rows, 0);
    }
    let mut csv = Vec::new();
    let done = msp
        .actions()
        .export(&export, &UserQuery::all(), "host", &mut csv)
        .await
        .unwrap();
    assert_eq!(done.rows, all);
}

#[tokio::test]
async fn rows_are_exported_to_whom_may_look_at_their_area() {
    let (msp, both) = two_customers().await;
    let levels = levels(both);
    let exported = async |who: &str, resource: Resource| -> (u64, BTreeSet<String>) {
        let column = RowColumn::parse(resource, "tenant_id").unwrap();
        let export = Export::default().columns([column]).without_headers();
        let (desk, query) = (msp.actions().by(&levels, who, &[]), RowQuery::of(resource));
        let mut csv = Vec::new();
        let done = desk.export(&export, &query, "somebody", &mut csv).await.unwrap();
        let text = String::from_utf8(csv).unwrap();
        (done.rows, text.lines().map(str::to_owned).collect())
    };
    let own = BTreeSet::from([format!("\"{}\"", both[0])]);

    for resource in [Resource::Devices, Resource::Licenses, Resource::Groups] {
        let query = RowQuery::of(resource).only_in([both[0]]);
        let (count, _) = msp.store().row_count(&query, u64::MAX).await.unwrap();
        assert!(count > 0, "{resource:?}");
        assert_eq!(
            exported("bo", resource).await,
            (count, own.clone()),
            "{resource:?}"
        );
    }
    assert_eq!(exported("dan", Resource::Licenses).await.0, 0);
    assert_eq!(exported("cleo", Resource::Devices).await.0, 0);
    let records = msp.actions().log().unwrap();
    let records = records.query(&JournalFilter::all()).await.unwrap();
    let said: Vec<_> = records
        .iter()
        .filter(|record| record.action == "export_devices")
        .take(2)
        .map(|record| {
            (
                record.actor.as_str(),
                record.action.as_str(),
                record.outcome.as_str(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("bo", "export_devices", "started"),
            ("bo", "export_devices", "finished")
        ]
    );
}

#[tokio::test]
async fn lists_and_counts_of_a_viewer_leave_out_what_is_not_in_view() {
    let (msp, both) = two_customers().await;
    let (levels, sites) = (levels(both), SiteMap::default());
    let (all, of_users) = counted(&msp).await;
    let bo = Viewer::technician(&levels, "bo", &sites);
    let cleo = Viewer::technician(&levels, "cleo", &sites);

    let query = UserQuery::all();
    assert_eq!(msp.users_for(&bo, &query).await.unwrap().count, of_users[0].1);
    assert_eq!(
        msp.user_count_for(&bo, &query, u64::MAX).await.unwrap(),
        (of_users[0].1, true)
    );
    assert_eq!(
        msp.user_count_for(&Viewer::host(), &query, u64::MAX)
            .await
            .unwrap(),
        (all, true)
    );

    let seen = async |viewer: &Viewer<'_>| -> Vec<TenantId> {
        let tenants = msp.tenants_for(viewer, &TenantFilter::all()).await.unwrap();
        tenants.into_iter().map(|tenant| tenant.id).collect()
    };
    assert_eq!(seen(&bo).await, [both[0]]);
    assert!(
        seen(&cleo).await.is_empty(),
        "users are seen, and the list of tenants is not"
    );
    assert!(seen(&Viewer::host()).await.len() > 2);
}

#[tokio::test]
async fn rows_are_seen_by_who_may_look_at_their_area() {
    let (msp, both) = two_customers().await;
    let (levels, sites) = (levels(both), SiteMap::default());
    let stored = async |resource: Resource, tenants: &[TenantId]| -> u64 {
        let query = RowQuery::of(resource).only_in(tenants.iter().copied());
        msp.store().row_count(&query, u64::MAX).await.unwrap().0
    };

    let mut rows_of_bo = 0;
    for resource in Resource::ALL {
        for (who, area, tenants) in [
            ("bo", area_of(resource), &both[..1]),
            ("cleo", Area::Users, &both[..]),
            ("dan", Area::Devices, &both[..1]),
        ] {
            let seen = if area == area_of(resource) { tenants } else { &[] };
            let viewer = Viewer::technician(&levels, who, &sites);
            let query = RowQuery::of(resource);
            let page = msp.rows_for(&viewer, &query).await.unwrap();
            let count = msp.row_count_for(&viewer, &query, u64::MAX).await.unwrap();
            assert_eq!(count, (stored(resource, seen).await, true), "{who}: {resource:?}");
            assert!(
                page.tenants.iter().all(|tenant| seen.contains(tenant)),
                "{who}: {resource:?}"
            );
            rows_of_bo += if who == "bo" { count.0 } else { 0 };
        }
    }
    assert!(rows_of_bo > 0);
    assert_eq!(
        [Resource::Licenses, Resource::SignIns, Resource::Mailboxes].map(area_of),
        [Area::Reports; 3]
    );
}

#[tokio::test]
async fn whom_a_viewer_looked_at_is_remembered_as_far_as_it_may_still_be_seen() {
    let (msp, both) = two_customers().await;
    let sites = SiteMap::default();
    let mut names = Vec::new();
    let wide = levels(both);
    for tenant in both {
        let query = UserQuery::all().tenants([tenant]).page(1, 1);
        let user = msp.users(&query).await.unwrap().rows.remove(0).user.id;
        let cards = msp.details(Viewer::technician(&wide, "cleo", &sites));
        let wanted = Wanted::only([CardKind::Profile]);
        cards.stored(&tenant, &user, &wanted).await.unwrap();
        names.push(user);
    }
    let ids = async |viewer: Viewer<'_>| -> Vec<String> {
        let seen = msp.recently_viewed(&viewer).await.unwrap();
        seen.into_iter().map(|view| view.user.id).collect()
    };

    let mut narrow = wide.clone();
    let cleo = narrow.technicians.get_mut("cleo").unwrap();
    cleo.tenants = msp365::actions::explain::Scope::Only(BTreeSet::from([both[0]]));

    let seen = ids(Viewer::technician(&wide, "cleo", &sites)).await;
    assert_eq!(seen.iter().collect::<BTreeSet<_>>(), names.iter().collect());
    assert_eq!(ids(Viewer::technician(&narrow, "cleo", &sites)).await, names[..1]);
    assert!(ids(Viewer::technician(&wide, "bo", &sites)).await.is_empty());
    assert!(ids(Viewer::host()).await.is_empty());
}

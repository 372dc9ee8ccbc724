//! Finding users: a saved view, pages, what is known of each value, a frozen selection, an export, what a technician may
//! see. Microsoft is not asked.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use msp365::{
    TenantId,
    actions::{
        Export,
        explain::{Area, Level, Levels, Scope, SiteMap, Technician, Tier, Viewer},
    },
    store::{SavedView, Selection, Times, UserColumn, UserQuery},
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), msp365::Error> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;
    msp.sync().run(&customers).await?;

    // How a list is shown is a value, which can be kept as readable JSON.
    let view = SavedView {
        columns: vec![
            UserColumn::DisplayName,
            UserColumn::Licenses,
            UserColumn::LastSignIn,
        ],
        filters: vec![
            "account_enabled=true".to_owned(),
            "licenses~microsoft 365".to_owned(),
        ],
        sort: "-last_sign_in".to_owned(),
        page_size: 5,
        ..SavedView::default()
    };
    let view = SavedView::from_json(&view.to_json())?;
    let page = msp.users(&view.query(msp.now(), &TimeZone::UTC)?).await?;
    println!("{} users, filtered by {}:", page.count, view.filters.join(", "));
    let ages = Times::ages(msp.now());
    for user in &page.rows {
        let cells = view
            .columns
            .iter()
            .map(|column| page.value(user, *column).show(&ages));
        println!("    {}", cells.collect::<Vec<_>>().join(" | "));
        // Where a value comes from, and how old it is.
        if let Some(source) = page.source(&user.tenant_id, UserColumn::LastSignIn) {
            println!("        sign-ins as of {:?}", source.fresh_as_of);
        }
    }

    // All of them across pages, frozen at this moment, for an export whose start and end are on record.
    let all = Selection::all(view.clone(), msp.now(), &TimeZone::UTC);
    println!("For an action on one user: {}", all.is_one_user());
    let mut csv = Vec::new();
    if let Some(query) = all.query()? {
        let export = Export::default().columns(view.columns.iter().copied());
        let done = msp.actions().export(&export, &query, "ada", &mut csv).await?;
        println!("Exported {} users, {} bytes.", done.rows, csv.len());
    }

    // Whoever is searched for, in whatever tenant; and what a technician sees of it who looks after one customer.
    let everywhere = UserQuery::all().search("a");
    println!("Found everywhere: {}", msp.users(&everywhere).await?.count);
    let levels = for_one(customers.first().copied());
    let sites = SiteMap::default();
    let viewer = Viewer::technician(&levels, "bo", &sites);
    println!(
        "Found by Bo: {}",
        msp.users_for(&viewer, &everywhere).await?.count
    );
    let desk = msp.actions().by(&levels, "bo", &[]);
    let done = desk
        .export(&Export::default(), &everywhere, "bo", &mut csv)
        .await?;
    println!("Exported by Bo: {}", done.rows);
    Ok(())
}

/// Bo may look at the users of one customer.
fn for_one(customer: Option<TenantId>) -> Levels {
    let mut levels = Levels::default();
    let desk = Level {
        areas: BTreeMap::from([(Area::Users, Tier::View)]),
        ..Level::default()
    };
    levels.levels.insert("desk".to_owned(), desk);
    let bo = Technician {
        level: "desk".to_owned(),
        tenants: Scope::Only(customer.into_iter().collect::<BTreeSet<_>>()),
        sites: Scope::All,
    };
    levels.technicians.insert("bo".to_owned(), bo);
    levels
}

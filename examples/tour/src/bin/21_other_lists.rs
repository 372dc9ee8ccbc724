//! Other lists than that of users: devices by a saved view, with what is known of each value; some of them selected, and
//! exported; and tenants by their columns. Microsoft is not asked.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use jiff::tz::TimeZone;
use msp365::{
    actions::Export,
    store::{Resource, RowColumn, RowSelection, RowView, TenantColumn, TenantFilter, Times},
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), msp365::Error> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;
    msp.sync().run(&customers).await?;

    // A view of devices is kept as one of users is; its JSON names what it lists.
    let columns = ["display_name", "tenant", "is_compliant", "last_sign_in_at"];
    let columns = columns.map(|name| RowColumn::parse(Resource::Devices, name));
    let view = RowView {
        columns: columns.into_iter().collect::<Result<_, _>>()?,
        filters: vec!["operating_system~windows".to_owned()],
        sort: "-last_sign_in_at".to_owned(),
        page_size: 5,
        ..RowView::of(Resource::Devices)
    };
    let view = RowView::from_json(&view.to_json())?;
    let query = view.query(msp.now(), &TimeZone::UTC)?;
    let page = msp.store().row_page(&query).await?;
    let (count, _) = msp.store().row_count(&query, u64::MAX).await?;
    println!("{count} devices, filtered by {}:", view.filters.join(", "));
    let ages = Times::ages(msp.now());
    for row in 0..page.rows.len() {
        let cells = view
            .columns
            .iter()
            .map(|column| page.value(row, *column).show(&ages));
        println!("    {}", cells.collect::<Vec<_>>().join(" | "));
    }
    // Whose devices are not all in the list, so that nobody takes it for whole.
    println!("Tenants that are not complete: {}", page.incomplete.count());

    // The rows of this page alone, as a file, in the order and with the columns of the view.
    let some = RowSelection::page(&page).shown_as(view);
    let mut csv = Vec::new();
    if let Some(query) = some.query_of(Resource::Devices)? {
        let export = Export::default().columns(some.columns_of(Resource::Devices));
        let done = msp.actions().export(&export, &query, "ada", &mut csv).await?;
        println!("Exported {} devices, {} bytes.", done.rows, csv.len());
    }

    // Tenants are chosen by conditions on their columns, and sorted by any.
    let filter = TenantFilter::all()
        .like(TenantColumn::Domain, "%.example")
        .filter_in("synced_at<1d", msp.now(), &TimeZone::UTC)?;
    println!("Tenants read today: {}", msp.tenants().list(&filter).await?.len());
    Ok(())
}

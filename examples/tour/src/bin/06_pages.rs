//! Pages: a listing as a stream of rows, or of whole pages. The next page is asked for while one is used.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use std::pin::pin;

use futures_util::TryStreamExt;
use msp365::graph::users::{self, UserType};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;
    let customer = customers.first().ok_or("no customer is ready")?;
    let tenant = msp.tenant(customer);

    // Row by row. Five rows a page is far too few, but shows that there are pages.
    let everybody = users::list().select(["id", "displayName", "userType"]).top(5);
    let mut rows = pin!(tenant.stream(everybody.clone()));
    let (mut members, mut guests) = (0, 0);
    while let Some(user) = rows.try_next().await? {
        match user.user_type {
            Some(UserType::Guest) => guests += 1,
            _ => members += 1,
        }
    }
    println!("{members} members and {guests} guests.");

    // Page by page; dropping the stream ends the listing.
    let mut pages = pin!(tenant.pages(everybody));
    let mut number = 0;
    while let Some(page) = pages.try_next().await? {
        number += 1;
        let names: Vec<_> = page
            .items
            .iter()
            .filter_map(|user| user.display_name.as_deref())
            .collect();
        println!("Page {number}: {}", names.join(", "));
    }
    Ok(())
}

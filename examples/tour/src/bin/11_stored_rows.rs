//! Stored rows: users of all customers from the database, filtered, sorted, page by page. Microsoft is not asked.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::store::{Direction, LastSignIn, UserColumn, UserFilter, UserQuery};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), msp365::Error> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;
    msp.sync().run(&customers).await?;

    let everybody = msp.users(&UserQuery::all()).await?;
    println!("{} users are stored.", everybody.count);

    // Who may sign in, and has not done so for 90 days; longest ago first, five rows a page.
    let query = UserQuery::all()
        .filter(UserFilter::parse("account_enabled=true", msp.now())?)
        .filter(UserFilter::parse("last_sign_in>90d", msp.now())?)
        .sort(UserColumn::LastSignIn, Direction::Ascending)
        .page(1, 5);
    let mut page = msp.users(&query).await?;
    println!("{} of them are asleep:", page.count);
    loop {
        for view in &page.rows {
            let name = view.user.display_name.as_deref().unwrap_or_default();
            if let LastSignIn::Date(at) = view.last_sign_in {
                println!("    {name} ({}), last seen {at}", view.tenant_name);
            }
        }
        let Some(mark) = page.next else { break };
        page = msp.users(&query.clone().after(mark)).await?;
    }

    // A pattern over names, and a state in place of a date.
    let named = UserQuery::all().like(UserColumn::DisplayName, "a%");
    println!("{} names begin with A.", msp.users(&named).await?.count);
    let never = UserQuery::all().filter(UserFilter::parse("last_sign_in=never", msp.now())?);
    println!("{} never signed in.", msp.users(&never).await?.count);
    Ok(())
}

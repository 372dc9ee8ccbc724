//! A user is made in stages: details, then licences, then groups, and somebody looks in between.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::{
    actions::{Ask, Create, Edit, Grant, Protection},
    core::Change,
    graph::{groups, users::UserEdit},
    sim,
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cloud = tour::cloud();
    let msp = sim::builder(&cloud).in_memory().changing_users(true).build()?;
    sim::connect(&cloud, &msp).await?;
    let customer = *tour::ready_customers(&msp)
        .await?
        .first()
        .ok_or("a customer is ready")?;
    let tenant = msp.tenant(&customer);

    // A group whose members are decided here, a product with a free unit, and a domain of the tenant.
    let groups = tenant.send(groups::list()).await?.items;
    let group = groups
        .into_iter()
        .find(|group| group.fixed_membership().is_none() && group.is_assignable_to_role != Some(true));
    let group = group.ok_or("there is a group")?.id;
    let known = msp.actions().facts(&customer, &Ask::newcomer("nobody")).await?;
    let domain = known.domains.iter().flatten().next().ok_or("there is a domain")?;
    let mut products = known.products.iter().flatten();
    let product = products
        .find(|product| product.is_for_users() && product.available_units() > 0)
        .and_then(|product| product.sku_id.clone())
        .ok_or("there is a free unit")?;

    let name = format!("cleo.new@{}", domain.name);
    let mut profile = UserEdit::default();
    profile.usage_location = Some("NO".into());
    let wish = Create::new("Cleo New", &name)
        .profile(profile)
        .licence(Grant::new(product))
        .group(&group);
    let ask = Ask::newcomer(&name).groups([&group]);
    let plan = wish.plan(&msp.actions().facts(&customer, &ask).await?)?;
    println!("{} stages", plan.stages().len());

    // The first stage makes the user. What is left is a plan that names the user.
    let details = msp.actions().run_stages(&plan, 1, "ada").await?;
    println!("{details}");
    let made = details.made().ok_or("the user was made")?.to_owned();
    let rest = details.rest().ok_or("two stages are left")?;

    // Somebody goes back to the first stage, and changes a detail; whoever changed it meanwhile is not overwritten.
    let mut fields = UserEdit::default();
    fields.job_title = Change::Set("Captain".into());
    let facts = msp.actions().facts(&customer, &Ask::user(&made)).await?;
    let edit = Edit::new(fields)
        .unless_changed()
        .plan(&facts, &Protection::new())?;
    println!("{}", msp.actions().run(&edit, "ada").await?);

    let licences = msp.actions().run_stages(&rest, 1, "ada").await?;
    println!("{licences}");
    let rest = licences.rest().ok_or("one stage is left")?;
    println!("{}", msp.actions().run_stages(&rest, 1, "ada").await?);
    Ok(())
}

//! What joining and leaving groups would bring and take: nothing is changed.
#![expect(clippy::print_stdout, reason = "a tour speaks to whoever runs it")]

use msp365::{
    actions::details::{Change, Viewer},
    graph::{groups, users},
};
use msp365_tour as tour;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cloud = tour::cloud();
    let msp = tour::connected(&cloud).await?;
    let customers = tour::ready_customers(&msp).await?;
    let customer = *customers.first().ok_or("nobody is ready")?;
    let tenant = msp.tenant(&customer);
    let cards = msp.details(Viewer::host());

    // What hangs on each group, for whoever chooses one.
    let all = tenant.send(groups::list()).await?.items;
    for hanging in cards
        .hanging(&customer, all.iter().map(|group| &group.id))
        .await?
    {
        let licenses: Vec<_> = hanging
            .licenses
            .iter()
            .map(|product| product.name.as_str())
            .collect();
        let team = if hanging.group.has_team == Some(true) {
            "a team"
        } else {
            "no team"
        };
        let (applications, roles) = (hanging.applications.len(), hanging.roles.len());
        println!(
            "{}: {licenses:?}, {team}, {applications} applications, {roles} roles",
            hanging.group.label()
        );
    }

    // What somebody would gain and lose by changing groups.
    for user in tenant.send(users::list()).await?.items {
        let own = tenant.send(users::groups(&user.id)).await?.items;
        let is_in = |id: &String| own.iter().any(|group| group.id == *id);
        let change = all.iter().fold(Change::default(), |change, group| {
            if is_in(&group.id) {
                change.leaving(&group.id)
            } else {
                change.joining(&group.id)
            }
        });
        let said = cards.preview(&customer, &user.id, &change).await?;
        println!("\n{}:", user.user_principal_name.unwrap_or_default());
        for (sign, effects) in [
            ("gains", &said.gained),
            ("loses", &said.lost),
            ("keeps", &said.kept),
        ] {
            for effect in effects {
                println!("    {sign} {} through {}", effect.name, effect.through.len());
            }
        }
        for left in &said.unchanged {
            println!("    {} stays: {}", left.group.label(), left.why.words());
        }
    }
    Ok(())
}

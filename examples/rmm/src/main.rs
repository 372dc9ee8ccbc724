//! A day at the technicians' desk of a monitoring tool, on a simulated cloud.
//!
//! `cargo run -p msp365-rmm`
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use msp365::{
    TenantId,
    actions::{
        details::{Card, Change, Details, Link},
        explain::Action,
    },
    sim::Sim,
};
use msp365_rmm::{
    desk::{Desk, Failed},
    page,
};

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let cloud = Sim::seeded(7).customers(6).users_each(20).manual_clock().build();
    let desk = Desk::open(&cloud).await?;

    // Bo finds users of the customer he looks after, and nobody else's.
    let (bos, all) = (desk.find("bo", "%a%").await?, desk.find("cleo", "%a%").await?);
    println!("Bo finds {} users, Cleo {}.", bos.len(), all.len());
    let foreign = all
        .iter()
        .find(|user| bos.iter().all(|own| own.tenant_id != user.tenant_id));
    let foreign = foreign.ok_or("Cleo looks after more customers than Bo")?;
    let hidden = desk.cards("bo", foreign.tenant_id, &foreign.user.id).await;
    println!(
        "Bo opens a user of another customer: {}",
        hidden.err().ok_or("Bo may not")?
    );

    // The cards of somebody with a device that the tool has, too.
    let (tenant, before) = somebody(
        &desk,
        bos.iter().map(|user| (user.tenant_id, user.user.id.as_str())),
    )
    .await?;
    let user = before.user.as_str();
    println!("{}", page::cards(&before).join("\n"));

    understand(&desk, tenant, &before).await?;
    change(&desk, tenant, user).await?;
    let after = desk.cards("cleo", tenant, user).await?;
    println!("Licences as before: {}", names(&before) == names(&after));

    println!("On record:");
    for record in desk.activity().await? {
        println!(
            "    {} {} {}: {}",
            record.actor, record.action, record.target, record.outcome
        );
    }
    Ok(())
}

/// Will it work, and why not? What would it bring and take to change all groups?
async fn understand(desk: &Desk, tenant: TenantId, details: &Details) -> Result<(), Failed> {
    let about = (tenant, details.user.as_str());
    for (technician, action) in [
        ("bo", Action::Block),
        ("bo", Action::Delete),
        ("cleo", Action::Delete),
    ] {
        let said = desk.explain(technician, about, &action).await?;
        let why = said.first_broken().map(|link| format!(": {}", link.evidence));
        let (deed, verdict) = (action.kind().as_str(), said.verdict.as_str());
        println!("{technician}, {deed}: {verdict}{}", why.unwrap_or_default());
    }
    let own: Vec<&str> = details
        .groups
        .iter()
        .flat_map(Card::rows)
        .map(|group| group.id.as_str())
        .collect();
    let mut change = Change::default();
    for group in desk.groups(tenant).await? {
        change = if own.contains(&group.as_str()) {
            change.leaving(group)
        } else {
            change.joining(group)
        };
    }
    let said = desk.preview("bo", about, &change).await?;
    println!(
        "Joining {} groups and leaving {}:",
        said.joins.len(),
        said.leaves.len()
    );
    println!("{}", page::preview(&said).join("\n"));
    Ok(())
}

/// Bo blocks; offboarding is not for him, and Cleo does it. Then they come back, with what they had.
async fn change(desk: &Desk, tenant: TenantId, user: &str) -> Result<(), Failed> {
    println!("{}", desk.run("bo", &desk.block(tenant, user).await?).await?);
    let plan = desk.offboard(tenant, user).await?;
    let refused = desk.run("bo", &plan).await;
    println!("Bo offboards: {}", refused.err().ok_or("Bo may not")?);
    let gone = desk.run("cleo", &plan).await?;
    println!("{gone}");
    let back = desk.run("cleo", &desk.rehire(&gone).await?).await?;
    println!("{back}");
    Ok(())
}

/// The first of these users who has a licence, no role, and a device that the tool has, too.
async fn somebody(
    desk: &Desk,
    users: impl Iterator<Item = (TenantId, &str)>,
) -> Result<(TenantId, Details), Failed> {
    for (tenant, user) in users {
        let details = desk.cards("bo", tenant, user).await?;
        let is_ours = details
            .devices
            .iter()
            .flat_map(Card::rows)
            .any(|device| matches!(device.link, Link::To { .. }));
        let is_licensed = details.held().is_some_and(|held| held.has_licenses());
        let plan = desk.offboard(tenant, user).await;
        let has_role = details.roles.as_ref().and_then(Card::count) != Some(0);
        if is_ours && is_licensed && !has_role && plan.is_ok() {
            return Ok((tenant, details));
        }
    }
    Err("nobody has a device that the tool has, too".into())
}

fn names(details: &Details) -> Vec<&str> {
    let licenses = details.licenses.iter().flat_map(Card::rows);
    licenses.map(|license| license.product.as_str()).collect()
}

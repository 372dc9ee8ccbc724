//! The whole of it, as a story: a cloud, a tool, a person, and what each does.

use std::{collections::BTreeMap, time::Duration};

use msp365::{
    Msp365, TenantId,
    matching::{contacts::Preview, decisions},
    sim::{self, Cloud, Sim},
    store::{MatchKind, TenantFilter},
    sync::{
        matching as stored,
        tool::{Contact, Inventory, Organization, Records},
    },
};

use crate::{
    csv_tool::CsvTool,
    import::{self, Done},
};

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// What was shown before anything was written.
    pub first_look: Preview,
    /// What the first pass did.
    pub first: Done,
    /// What a second pass found to do.
    pub second: Done,
    /// The contacts of a PSA, to which those that were made were passed on twice.
    pub passed_on: Vec<Contact>,
    /// What was shown after renames and deletions on both sides.
    pub later: Preview,
    /// What a pass did then.
    pub third: Done,
    /// What a pass found to do when a person had looked at the broken links.
    pub last: Done,
    /// The contacts as the tool has them in the end.
    pub contacts: Vec<Contact>,
    /// The decisions, as a file.
    pub file: String,
}

/// Plays it with a tool whose records are in this empty folder.
///
/// # Errors
/// None that a simulated cloud gives reason for; the folder has to be writable.
pub async fn play(folder: &std::path::Path) -> Result<Story, Box<dyn std::error::Error>> {
    let tool = CsvTool::new(folder);
    let cloud = Sim::seeded(7).customers(2).users_each(12).manual_clock().build();
    let msp = sim::builder(&cloud).in_memory().build()?;
    sim::connect(&cloud, &msp).await?;
    msp.tenants().refresh().await?;
    let customers = msp.tenants().customers().await?;
    msp.tenants().sync(&customers).await?;
    msp.sync().run(&[]).await?;
    tool.replace(&records(&msp, &customers).await?)?;

    // Look before anything is written; a person accepts what is likely; the rest is made.
    let first_look = import::look(&msp, &customers, &tool).await?;
    import::accept(&msp, &first_look, "Ada").await?;
    let preview = import::look(&msp, &customers, &tool).await?;
    let first = import::write(&msp, &customers, &tool, &preview).await?;

    // Again: nothing is left to be done.
    let preview = import::look(&msp, &customers, &tool).await?;
    let second = import::write(&msp, &customers, &tool, &preview).await?;

    let passed_on = pass_on(&msp, &tool, folder).await?;
    change_both_sides(&cloud, &tool, &customers, &preview)?;
    msp.sync().run(&[]).await?;
    let later = import::look(&msp, &customers, &tool).await?;
    let third = import::write(&msp, &customers, &tool, &later).await?;
    import::let_go(&msp, &later, "Ada").await?;
    let preview = import::look(&msp, &customers, &tool).await?;
    let last = import::write(&msp, &customers, &tool, &preview).await?;
    let contacts = tool.contacts().await?;
    let file = decisions::write(&msp.matching().decisions(MatchKind::Contacts).await?);
    Ok(Story {
        first_look,
        first,
        second,
        passed_on,
        later,
        third,
        last,
        contacts,
        file,
    })
}

/// A PSA with the same customers is given the contacts that were made, twice, as after an answer that was lost.
async fn pass_on(
    msp: &Msp365,
    tool: &CsvTool,
    folder: &std::path::Path,
) -> Result<Vec<Contact>, Box<dyn std::error::Error>> {
    let folder = folder.join("psa");
    std::fs::create_dir_all(&folder)?;
    let psa = CsvTool::new(&folder);
    let mut known = Records::default();
    let mut homes = BTreeMap::new();
    for own in tool.organizations().await? {
        let id = format!("psa-{}", own.id);
        known.organizations.push(Organization::new(&id, own.name));
        homes.insert(own.id, id);
    }
    psa.replace(&known)?;
    let first = import::pass_on(msp, tool, &psa, &homes).await?;
    let second = import::pass_on(msp, tool, &psa, &homes).await?;
    if first != second {
        return Err("a contact that was passed on twice has two ids".into());
    }
    Ok(psa.contacts().await?)
}

/// A day later the first person has married, the second has left; the tool has renamed its third contact and deleted its
/// fourth.
fn change_both_sides(
    cloud: &Cloud,
    tool: &CsvTool,
    customers: &[TenantId],
    preview: &Preview,
) -> Result<(), Box<dyn std::error::Error>> {
    let [married, leaver, renamed, deleted, ..] = preview.matched.as_slice() else {
        return Err("too few people are linked".into());
    };
    cloud.advance(Duration::from_hours(24));
    cloud.edit(|world| {
        for customer in customers {
            world.rename_user(*customer, &married.ours, "Bo Othername");
            world.delete_user(*customer, &leaver.ours);
        }
    });
    tool.rename_contact(renamed.theirs.as_deref().unwrap_or_default(), "Somebody Else")?;
    tool.remove_contact(deleted.theirs.as_deref().unwrap_or_default())?;
    Ok(())
}

/// What the tool has: the customers as somebody typed them, a contact for one person in three, the name alone for
/// another third, and somebody whom Microsoft does not know.
async fn records(msp: &Msp365, customers: &[TenantId]) -> Result<Records, msp365::Error> {
    let mut records = Records::default();
    for tenant in msp.tenants().list(&TenantFilter::all()).await? {
        if !customers.contains(&tenant.id) {
            continue;
        }
        let id = format!("o-{}", records.organizations.len());
        records
            .organizations
            .push(Organization::new(&id, tenant.name.to_uppercase()));
        for (number, person) in stored::people(&**msp.store(), tenant.id)
            .await?
            .into_iter()
            .enumerate()
        {
            let mut contact = Contact::new(format!("{id}-{number}"), &person.name);
            contact.organization = Some(id.clone());
            match number % 3 {
                0 => contact
                    .emails
                    .push(person.fields.get("mail").cloned().unwrap_or_default()),
                1 => {}
                _ => continue,
            }
            contact
                .fields
                .insert("title".to_owned(), "as the tool has it".to_owned());
            records.contacts.push(contact);
        }
        let mut stranger = Contact::new(format!("{id}-x"), "Cleo Elsewhere");
        stranger.organization = Some(id);
        records.contacts.push(stranger);
    }
    Ok(records)
}

//! A tour of msp365: one short program per call, each on a simulated cloud in its own process. No account, no network.
//!
//! Each file under `src/bin` stands for itself; run one with `cargo run -p msp365-tour --bin 01_connect`. What they
//! all begin with is here: the simulated cloud, and a provider that is connected to it.
//!
//! ```
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! use msp365_tour as tour;
//!
//! let cloud = tour::cloud();
//! let msp = tour::connected(&cloud).await?;
//! assert_eq!(msp.tenants().refresh().await?.len(), 13);
//! # Ok::<(), msp365::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | program | shows |
//! |---|---|
//! | `01_connect` | the provider's sign-in, once |
//! | `02_build` | databases, keys, and what can be replaced |
//! | `03_readiness` | what stands between the provider and each customer |
//! | `04_sync_and_unsync` | choosing which customers are read |
//! | `05_one_request` | one typed request to one tenant |
//! | `06_pages` | a listing as a stream |
//! | `07_batch` | different requests in one round trip |
//! | `08_a_pass` | reading into the database, with progress |
//! | `09_explain` | why an action on a user will work, or why not, and who mends it |
//! | `10_matching` | which record of a tool is which of Microsoft's |
//! | `11_stored_rows` | asking the database |
//! | `12_without_microsoft` | changing the simulated cloud, and seeing the change arrive |
//! | `13_the_way_out` | what runs out, the least that is needed, turning off |
//! | `14_a_plan` | a user leaves and comes back: the plan shown, run, and undone by its snapshot |
//! | `15_finding` | views, pages, selections and an export of users, and what a technician may see |
//! | `16_cards` | a user card by card, with what could not be read and why |
//! | `17_group_preview` | what joining and leaving groups would bring and take |
//! | `18_two_persons` | a plan that waits for a second person; what a technician may not do costs no request |
//! | `19_in_stages` | a user made stage by stage, and an edit that overwrites nobody |
//! | `20_many_users` | many users at once: a summary first, a report by user, gone on with after it was cut off |
//! | `21_other_lists` | devices and mailboxes as users are listed: a view, a selection, an export; tenants by their columns |

use msp365::{
    Error, Msp365, TenantId,
    sim::{self, Cloud, Sim},
    store::TenantKind,
};

/// A Microsoft cloud in this process: a provider with 12 customers of about 20 users each, some of them in trouble.
/// The same seed gives the same world.
pub fn cloud() -> Cloud {
    Sim::seeded(7).customers(12).users_each(20).build()
}

/// The provider, with everything in memory, not yet connected.
///
/// # Errors
/// None that a simulated cloud gives reason for.
pub fn provider(cloud: &Cloud) -> Result<Msp365, Error> {
    sim::builder(cloud).in_memory().build()
}

/// The provider, connected as `01_connect` shows.
///
/// # Errors
/// Where the sign-in is refused.
pub async fn connected(cloud: &Cloud) -> Result<Msp365, Error> {
    let msp = provider(cloud)?;
    sim::connect(cloud, &msp).await?;
    Ok(msp)
}

/// The customers that can be read, enrolled as `04_sync_and_unsync` shows, by name.
///
/// # Errors
/// Where the customers cannot be listed.
pub async fn ready_customers(msp: &Msp365) -> Result<Vec<TenantId>, Error> {
    let listed = msp.tenants().refresh().await?;
    let customers: Vec<_> = listed
        .iter()
        .filter(|tenant| tenant.kind == TenantKind::Customer)
        .map(|tenant| tenant.id)
        .collect();
    let checked = msp.tenants().enrol(&customers, |_| {}).await?;
    Ok(checked
        .iter()
        .filter(|customer| customer.ready)
        .map(|customer| customer.tenant)
        .collect())
}

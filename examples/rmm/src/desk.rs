//! The technicians' desk.

use msp365::{
    Error, Msp365, TenantId,
    actions::{
        Access, Ask, Offboard, Outcome, Plan, Protection,
        details::{Change, Details, Preview, Viewer, Wanted},
        explain::{self, Action, Actor, Explanation, Levels, LinkId, SiteMap},
        rehire,
    },
    sim::{self, Cloud},
    store::{JournalFilter, JournalRecord, Resource, Rows, TenantStatus, UserColumn, UserQuery, UserView},
};
use serde_json::json;

/// What the tool's technicians may do, as the tool would keep it. The desk helps users and looks at devices; a manager does
/// everything to users. Bo looks after one site, Cleo after all.
fn levels(site: &str) -> Result<Levels, serde_json::Error> {
    serde_json::from_value(json!({
        "levels": {
            "desk": {"areas": {"users": "operate", "devices": "view"}},
            "manager": {"areas": {"users": "administer", "devices": "view", "activity": "view"}}
        },
        "technicians": {
            "bo": {"level": "desk", "tenants": "all", "sites": {"only": [site]}},
            "cleo": {"level": "manager", "tenants": "all", "sites": "all"}
        }
    }))
}

/// Why something was not done.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The desk of a provider that is connected.
#[derive(Debug)]
pub struct Desk {
    msp: Msp365,
    levels: Levels,
    /// The sites of each customer, and of each device of the tool.
    sites: SiteMap,
    protection: Protection,
}

impl Desk {
    /// Opens the desk: connects, reads every customer that can be read, and matches devices with the tool's.
    ///
    /// # Errors
    /// Where the sign-in is refused, or the customers cannot be listed.
    pub async fn open(cloud: &Cloud) -> Result<Self, Failed> {
        let msp = sim::builder(cloud).in_memory().changing_users(true).build()?;
        sim::connect(cloud, &msp).await?;
        msp.tenants().refresh().await?;
        let customers = msp.tenants().customers().await?;
        msp.tenants().sync(&customers).await?;
        let report = msp.sync().run(&[]).await?;
        let tool = sim::records(cloud);
        msp.matching().run(&customers, &tool).await?;
        // Bo's site is that of the first customer that could be read.
        let is_read = |tenant: &TenantId| {
            report
                .tenants
                .iter()
                .any(|one| one.tenant == *tenant && one.status == TenantStatus::Synced)
        };
        let bos = tool.sites.iter().find(|(tenant, _)| is_read(tenant));
        let bos = bos.map(|(_, site)| site.as_str()).unwrap_or_default();
        let mut sites = SiteMap::default();
        for (tenant, site) in &tool.sites {
            sites.tenants.entry(*tenant).or_default().insert(site.clone());
        }
        let devices = tool.devices.iter();
        sites.devices = devices
            .filter_map(|own| Some((own.id.clone(), own.site.clone()?)))
            .collect();
        Ok(Self {
            msp,
            levels: levels(bos)?,
            sites,
            protection: Protection::new(),
        })
    }

    /// Users whose name fits a pattern, of the customers that a technician looks after.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn find(&self, technician: &str, pattern: &str) -> Result<Vec<UserView>, Error> {
        let query = UserQuery::all().like(UserColumn::DisplayName, pattern);
        Ok(self.msp.users_for(&self.viewer(technician), &query).await?.rows)
    }

    /// A user's cards, asked for now. The devices lead to the tool's own, within the technician's sites.
    ///
    /// # Errors
    /// `NotFound` for who is not there, and for who may not be seen.
    pub async fn cards(&self, technician: &str, tenant: TenantId, user: &str) -> Result<Details, Error> {
        let cards = self.msp.details(self.viewer(technician));
        cards.live(&tenant, user, &Wanted::all()).await
    }

    /// The groups of a customer, by object id.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn groups(&self, tenant: TenantId) -> Result<Vec<String>, Error> {
        let rows = self.msp.store().rows(&tenant, Resource::Groups, None, 50).await?;
        Ok(match rows {
            Rows::Groups(rows) => rows.into_iter().map(|row| row.id).collect(),
            _ => Vec::new(),
        })
    }

    /// What joining and leaving groups would bring and take.
    ///
    /// # Errors
    /// As of [`cards`](Self::cards).
    pub async fn preview(
        &self,
        technician: &str,
        (tenant, user): (TenantId, &str),
        change: &Change,
    ) -> Result<Preview, Error> {
        self.msp
            .details(self.viewer(technician))
            .preview(&tenant, user, change)
            .await
    }

    /// Whether something will work if this technician does it, and why not.
    ///
    /// # Errors
    /// `Storage`. What the services refuse is part of the answer.
    pub async fn explain(
        &self,
        technician: &str,
        (tenant, user): (TenantId, &str),
        action: &Action,
    ) -> Result<Explanation, Error> {
        let ask = explain::Ask::action(tenant, action.kind()).in_sites(self.sites_of(tenant));
        let actor = Actor::asking(&self.levels, technician, &ask, action);
        self.msp.explain(&actor, &tenant, action, user).await
    }

    /// The plan that blocks a user.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn block(&self, tenant: TenantId, user: &str) -> Result<Plan, Failed> {
        let facts = self.msp.actions().facts(&tenant, &Ask::user(user)).await?;
        Ok(Access::Block.plan(&facts, &self.protection)?)
    }

    /// The plan that takes licences and groups from a user who leaves.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn offboard(&self, tenant: TenantId, user: &str) -> Result<Plan, Failed> {
        let facts = self.msp.actions().facts(&tenant, &Ask::user(user)).await?;
        let wish = Offboard::user()
            .block()
            .revoke_sessions()
            .remove_licences()
            .leave_groups();
        Ok(wish.plan(&facts, &self.protection)?)
    }

    /// The plan that gives back what an offboarding took.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn rehire(&self, gone: &Outcome) -> Result<Plan, Failed> {
        let snapshot = gone
            .plan
            .snapshot
            .as_ref()
            .ok_or("an offboarding takes a snapshot")?;
        let ask = Ask::user(gone.plan.subject.key()).managers_of(&snapshot.reports);
        let facts = self.msp.actions().facts(&gone.plan.tenant, &ask).await?;
        Ok(rehire(snapshot, &facts)?)
    }

    /// Runs a plan in the name of a technician, if they may do every kind of step in it. Whether the service lets it
    /// happen is looked at by `run` itself.
    ///
    /// # Errors
    /// Why it was not run. How its steps went is in the outcome.
    pub async fn run(&self, technician: &str, plan: &Plan) -> Result<Outcome, Failed> {
        let about = (plan.tenant, plan.subject.key());
        for action in explain::of_plan(plan).iter().flat_map(Action::steps) {
            let said = self.explain(technician, about, action).await?;
            let broken = said.first_broken().filter(|link| link.id == LinkId::Permission);
            if let Some(link) = broken {
                return Err(link.evidence.clone().into());
            }
        }
        Ok(self.msp.actions().run(plan, technician).await?)
    }

    /// What was done at the desk, the first of it first, once the chain of records was verified.
    ///
    /// # Errors
    /// Where somebody has changed a record; `Storage`.
    pub async fn activity(&self) -> Result<Vec<JournalRecord>, Failed> {
        let log = self.msp.actions().log()?;
        log.verify(None).await?;
        Ok(log.query(&JournalFilter::all()).await?)
    }

    const fn viewer<'a>(&'a self, technician: &'a str) -> Viewer<'a> {
        Viewer::technician(&self.levels, technician, &self.sites)
    }

    fn sites_of(&self, tenant: TenantId) -> impl Iterator<Item = &String> {
        self.sites.tenants.get(&tenant).into_iter().flatten()
    }
}

//! `msp365 users show`: a user, card by card.

mod show;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use msp365::{
    ErrorKind, TenantId,
    actions::{
        details::{self, CardKind, Details, SignInFilter, Wanted},
        explain::{Area, Levels, Sites, Viewer},
    },
    store::{Listing, MatchKind, Query, Store, TenantFilter, TenantRecord, Times},
};

use crate::{
    Ended,
    args::{Asker, Global, Looking, UsersShow},
    explain,
    failure::Failure,
    output, session, users,
};

pub(crate) use show::gaps;

pub(crate) async fn show(global: &Global, command: &UsersShow) -> Result<Ended, Failure> {
    let times = times(command)?;
    let wanted = wanted(command)?.with_sign_ins(filter(command)?);
    let eyes = Eyes::of(&command.looking)?;
    let store = session::store(global).await?;
    let (tenant, id) = whose(&*store, command, &eyes).await?;
    let viewer = eyes.viewer();
    let found = if command.live {
        let msp = session::connected(global).await?;
        let user = id.as_deref().unwrap_or(&command.user);
        Box::pin(msp.details(viewer).live(&tenant, user, &wanted)).await?
    } else {
        let record = record(&*store, &tenant).await?;
        let id = id.ok_or_else(|| nobody(command))?;
        let found = stored(&*store, &record, (&id, &viewer), &wanted)
            .await?
            .ok_or_else(|| nobody(command))?;
        store
            .viewed(viewer.id(), &tenant, &id, session::now())
            .await
            .map_err(msp365::Error::from)?;
        found
    };
    if global.json {
        output::json(&found)?;
    } else {
        show::details(&found, &times)?;
    }
    Ok(Ended::Done)
}

async fn stored(
    store: &dyn Store,
    record: &TenantRecord,
    (id, viewer): (&str, &Viewer<'_>),
    wanted: &Wanted,
) -> Result<Option<Details>, Failure> {
    let found = Box::pin(details::stored(store, record, id, wanted, session::now())).await;
    let mut found = found.map_err(msp365::Error::from)?;
    if let Some(details) = found.as_mut().filter(|details| details.devices.is_some()) {
        let pairs = store
            .matches_of(MatchKind::Devices, &details.tenant, &details.device_ids())
            .await
            .map_err(msp365::Error::from)?;
        details.link_devices(&pairs, viewer);
    }
    Ok(found)
}

async fn record(store: &dyn Store, tenant: &TenantId) -> Result<TenantRecord, Failure> {
    let found = store.tenant(tenant).await.map_err(msp365::Error::from)?;
    found.ok_or_else(|| Failure::new(ErrorKind::NotFound, "there is no such user"))
}

/// The tenant of a user, and the user's id where it is stored.
async fn whose(
    store: &dyn Store,
    command: &UsersShow,
    eyes: &Eyes,
) -> Result<(TenantId, Option<String>), Failure> {
    let tenants = session::tenant_ids(command.tenant.as_slice())?;
    let mut found = users::named(store, &tenants, &command.user).await?;
    found.retain(|view| eyes.viewer().sees(Area::Users, &view.tenant_id));
    match (found.as_slice(), tenants.first()) {
        ([view], _) => Ok((view.tenant_id, Some(view.user.id.clone()))),
        ([], Some(tenant)) if command.live => Ok((*tenant, None)),
        ([], _) => Err(nobody(command)),
        (several, _) => Err(Failure::usage(format!(
            "{} tenants have a user `{}`",
            several.len(),
            command.user
        ))
        .remedy("name one with --tenant")),
    }
}

fn nobody(command: &UsersShow) -> Failure {
    let text = format!("no stored user is called `{}`", command.user);
    Failure::new(ErrorKind::NotFound, text).remedy(
        "`msp365 users list --like name=…` searches by name; `--live --tenant` asks for who is not stored",
    )
}

fn times(command: &UsersShow) -> Result<Times, Failure> {
    let Some(zone) = &command.zone else {
        return Ok(Times::ages(session::now()));
    };
    Times::dates(zone, &command.format).map_err(|error| {
        Failure::usage(format!(
            "`{zone}` and `{}` show no dates: {error}",
            command.format
        ))
        .remedy("a zone is such as Europe/Amsterdam, a format such as %Y-%m-%d %H:%M")
    })
}

fn wanted(command: &UsersShow) -> Result<Wanted, Failure> {
    let wanted = if command.card.is_empty() {
        Wanted::all()
    } else {
        let cards: Result<Vec<_>, Failure> = command.card.iter().map(|name| card(name)).collect();
        Wanted::only(cards?)
    };
    Ok(if command.requirement {
        wanted.with_requirement()
    } else {
        wanted
    })
}

fn card(name: &str) -> Result<CardKind, Failure> {
    CardKind::named(name).ok_or_else(|| {
        let known: Vec<_> = CardKind::ALL.into_iter().map(CardKind::as_str).collect();
        Failure::usage(format!("there is no card `{name}`"))
            .remedy(format!("the cards are {}", known.join(", ")))
    })
}

fn filter(command: &UsersShow) -> Result<SignInFilter, Failure> {
    let Some(text) = &command.sign_ins else {
        return Ok(SignInFilter::default());
    };
    let filter = serde_json::from_str(text);
    filter.map_err(|error| {
        Failure::usage(format!("`{text}` chooses no sign-ins: {error}")).remedy(
            "give an object with some of since, until, status, compliance, device, ip_address, location, resource, policy",
        )
    })
}

/// Who looks, with what the host says of them.
pub(crate) struct Eyes {
    technician: Option<(String, Levels)>,
    sites: BTreeSet<String>,
    device_sites: BTreeMap<String, String>,
}

impl Eyes {
    pub(crate) fn of(looking: &Looking) -> Result<Self, Failure> {
        let device_sites = match &looking.device_sites {
            None => BTreeMap::new(),
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", file.display())))?;
                serde_json::from_str(&text).map_err(|error| {
                    Failure::usage(format!("`{}` holds no sites: {error}", file.display()))
                        .remedy("give an object of device and site, {\"DEVICE\":\"SITE\"}")
                })?
            }
        };
        Ok(Self {
            device_sites,
            ..Self::asking(&looking.asker)?
        })
    }

    /// The same where no device of the tool is shown.
    pub(crate) fn asking(asker: &Asker) -> Result<Self, Failure> {
        Ok(Self {
            technician: explain::technician(asker)?,
            sites: asker.site.iter().cloned().collect(),
            device_sites: BTreeMap::new(),
        })
    }

    /// The technician's id; `None` for the host itself.
    pub(crate) fn technician(&self) -> Option<&str> {
        self.technician.as_ref().map(|(id, _)| id.as_str())
    }

    /// A question to a list, confined to the tenants of which this area may be looked at.
    pub(crate) async fn confine<L: Listing>(
        &self,
        store: &dyn Store,
        query: Query<L>,
        area: Area,
    ) -> Result<Query<L>, Failure> {
        if self.technician.is_none() {
            return Ok(query);
        }
        let tenants = store
            .tenants(&TenantFilter::all())
            .await
            .map_err(msp365::Error::from)?;
        let ids = tenants.into_iter().map(|tenant| tenant.id);
        Ok(query.only_in(self.viewer().in_view(area, ids)))
    }

    pub(crate) fn viewer(&self) -> Viewer<'_> {
        match &self.technician {
            Some((id, levels)) => Viewer::technician(levels, id, self),
            None => Viewer::host(),
        }
    }
}

/// Whatever tenant is asked about belongs to the sites that were named.
impl Sites for Eyes {
    fn of_tenant(&self, _tenant: &TenantId) -> Vec<String> {
        self.sites.iter().cloned().collect()
    }

    fn of_device(&self, device: &str) -> Option<String> {
        self.device_sites.get(device).cloned()
    }
}

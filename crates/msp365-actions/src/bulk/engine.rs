//! All users of a run: tenants side by side, several users of each.

use std::{collections::HashMap, sync::Mutex};

use futures_util::{
    StreamExt, TryStreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use msp365_core::TenantId;
use msp365_graph::users;
use msp365_store::{Selection, UserQuery, UserRef};
use tracing::info;

use super::{
    Bulk, Chosen, Hands, Mode, Row, Tally,
    choice::by_tenant,
    work::{Person, Work, Worker},
};
use crate::{Ask, Create, Error, check_together, gather};

/// Users of a list that are read at a time.
const PAGE: usize = 100;

impl Bulk {
    /// Goes through the chosen users of these tenants, which are those that may be seen, as far as the mode says. Each is
    /// told as soon as it stands; a user who fails is told like any other and stops nobody.
    ///
    /// Dropping the future is like a crash: the same run goes on, after five minutes or
    /// [at once](Self::taking_over).
    ///
    /// # Errors
    /// `Invalid` for several users where the action is for one, for nobody, and for a selection whose view cannot be;
    /// `Conflict` for users to be made who share a name, or want more units of a product than are free; `Storage` where the
    /// list cannot be read on, of which users in hand are told all the same.
    pub async fn go(
        &self,
        hands: Hands<'_>,
        (chosen, tenants, mode): (&Chosen, &[TenantId], Mode),
        told: &mut (dyn FnMut(Row) + Send),
    ) -> Result<Tally, Error> {
        chosen.check(self)?;
        let worker = Worker {
            bulk: self,
            hands,
            mode,
            query: match chosen {
                Chosen::Selected(selection) => selection.query()?,
                _ => None,
            },
            pools: Mutex::new(HashMap::new()),
        };
        if let Chosen::Newcomers(tenant, users) = chosen {
            together(&worker, *tenant, users).await?;
        }
        let mut tally = Tally::default();
        let mut failure = None;
        let streams = stream::iter(works(&worker, chosen, tenants));
        let each = |works| of_tenant(&worker, works);
        let mut rows = streams.map(each).flatten_unordered(self.tenants);
        while let Some(row) = rows.next().await {
            match row {
                Ok(row) => {
                    tally.add(&row);
                    told(row);
                }
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        info!(run = %self.run, action = self.action().as_str(), "{tally}");
        failure.map_or(Ok(tally), Err)
    }
}

/// The rows of one tenant, several at a time.
fn of_tenant<'a>(
    worker: &'a Worker<'a>,
    works: BoxStream<'a, Result<Work, Error>>,
) -> BoxStream<'a, Result<Row, Error>> {
    works
        .map(move |work| one(worker, work))
        .buffer_unordered(worker.bulk.users)
        .boxed()
}

fn one<'a>(worker: &'a Worker<'a>, work: Result<Work, Error>) -> BoxFuture<'a, Result<Row, Error>> {
    Box::pin(async move { Ok(worker.row(work?).await) })
}

/// Who is to be worked on, tenant by tenant.
fn works<'a>(
    worker: &'a Worker<'a>,
    chosen: &'a Chosen,
    tenants: &'a [TenantId],
) -> Vec<BoxStream<'a, Result<Work, Error>>> {
    match chosen {
        Chosen::Selected(Selection::All { .. }) => {
            let query = worker.query.iter();
            let each = query.flat_map(|query| tenants.iter().map(move |tenant| (query, *tenant)));
            each.map(|(query, tenant)| listed(worker, query.clone().only_in([tenant])))
                .collect()
        }
        Chosen::Selected(Selection::Rows { rows: users, .. }) | Chosen::Named(users) => by_tenant(users)
            .into_iter()
            .map(|(tenant, ids)| {
                let each = ids.into_values().map(move |id| Ok(Work::there(tenant, id)));
                stream::iter(each).boxed()
            })
            .collect(),
        Chosen::Selected(_) => Vec::new(),
        Chosen::Newcomers(tenant, users) => {
            let each = users.iter().map(|user| {
                Ok(Work {
                    tenant: *tenant,
                    person: Person::New(Box::new(user.clone())),
                })
            });
            vec![stream::iter(each).boxed()]
        }
    }
}

/// The users that a question finds, a page at a time.
fn listed<'a>(worker: &'a Worker<'a>, query: UserQuery) -> BoxStream<'a, Result<Work, Error>> {
    let first = query.page(1, PAGE);
    stream::try_unfold(Some(first), move |asked| async move {
        let Some(asked) = asked else {
            return Ok::<_, Error>(None);
        };
        let page = worker.hands.store.user_page(&asked).await?;
        let works: Vec<_> = page
            .rows
            .into_iter()
            .map(|row| Ok(Work::there(row.tenant_id, row.user.id)))
            .collect();
        Ok(Some((
            stream::iter(works),
            page.next.map(|mark| asked.after(mark)),
        )))
    })
    .try_flatten()
    .boxed()
}

/// Refuses users to be made who share a name or want more than is free. Those who are made already want nothing.
async fn together(worker: &Worker<'_>, tenant: TenantId, users: &[Create]) -> Result<(), Error> {
    let mut missing = Vec::new();
    for user in users {
        let id = worker.id(&tenant, &user.user_principal_name, 0);
        if worker.hands.runner.find(&id).await?.is_none() {
            missing.push(user.clone());
        }
    }
    let Some(first) = missing.first() else {
        return Ok(());
    };
    let ask = Ask::newcomer(&first.user_principal_name);
    let client = worker.hands.client.tenant(tenant);
    let facts = gather(&client, &ask, worker.hands.runner.now()).await?;
    Ok(check_together(&missing, &facts)?)
}

impl Worker<'_> {
    /// The object id of a user that was named by the name for signing in.
    pub(super) async fn resolved(&self, user: &UserRef) -> Result<String, Error> {
        if !user.id.contains('@') {
            return Ok(user.id.clone());
        }
        let client = self.hands.client.tenant(user.tenant_id);
        let found = client
            .send(users::get(user.id.as_str()).select([users::User::ID]))
            .await?;
        Ok(found.id)
    }
}

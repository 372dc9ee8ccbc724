//! What the partner's own tenant says of all customers: read once for a run, in requests that grow with pages.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use futures_util::{StreamExt, TryStreamExt, stream, try_join};
use jiff::Timestamp;
use msp365_client::TenantClient;
use msp365_core::{Batch, ErrorKind, Page, Request, TenantId, batch::BATCH_LIMIT};
use msp365_graph::{
    directory_objects::DirectoryObject,
    groups::{self, Group},
    organization, users,
};
use msp365_partner::{
    customers::{self, Customer},
    readiness::{
        self, AccountFacts, AdminAgent, AssignmentFacts, CredentialKind, Facts, RelationshipFacts, Rules,
    },
    relationships::{self as gdap, AccessAssignment, Relationship},
};
use msp365_store::{TenantKind, TenantRecord};

use crate::{DirectTenant, Error};

/// Customers a page of Partner Center holds.
const CUSTOMERS: u32 = 500;
/// The group of a partner tenant whose members may use Partner Center for customers.
pub(crate) const ADMIN_AGENTS: &str = "AdminAgents";
/// Batches on their way at a time: enough to hide the way there, and far from what the service takes.
const BATCHES_AT_A_TIME: usize = 8;

/// What the partner's own tenant says, and which tenants are reached beside it.
#[derive(Default)]
pub(crate) struct PartnerView {
    partner: Option<TenantId>,
    /// What the partner's application proves itself with.
    pub(crate) credential: CredentialKind,
    /// When that ends, where it is known.
    pub(crate) credential_ends_at: Option<Timestamp>,
    direct: HashMap<TenantId, DirectTenant>,
    /// Why the partner tenant could not be read, where tenants beside it are reached all the same.
    pub(crate) unread: Option<Error>,
    account: AccountFacts,
    account_id: String,
    nested: BTreeMap<String, Vec<String>>,
    admin_agent: AdminAgent,
    is_csp: bool,
    groups: BTreeMap<String, String>,
    relationships: HashMap<TenantId, Vec<RelationshipFacts>>,
    listed: BTreeMap<TenantId, TenantRecord>,
}

impl PartnerView {
    /// Reads all of it through the partner's own tenant: first what tells whether it can be read at all, then the rest at
    /// once.
    pub(crate) async fn read(partner: &TenantClient, rules: &Rules, now: Timestamp) -> Result<Self, Error> {
        let failed = Error::request_error;
        let own = partner
            .send(organization::get())
            .await
            .map_err(failed("reading the partner tenant"))?;
        let me = async {
            let me = partner.send(users::me()).await;
            me.map_err(failed("reading the service account"))
        };
        let memberships = async {
            let all: Result<Vec<DirectoryObject>, _> = all(partner, users::my_memberships()).await;
            all.map_err(failed("reading the service account's groups"))
        };
        let relationships = async {
            let all = all(partner, gdap::list()).await;
            all.map_err(failed("reading the GDAP relationships"))
        };
        // Groups that the account is not in are named, too: a finding is of little use with an id alone.
        let groups = async {
            let all = all(partner, groups::list().select(["id", "displayName"])).await;
            all.map_err(failed("reading the groups of the partner tenant"))
        };
        let customers = read_customers(partner);
        let (me, memberships, customers, relationships, groups) =
            try_join!(me, memberships, customers, relationships, groups)?;
        let mut view = Self {
            partner: Some(partner.id()),
            account: account(&me),
            account_id: me.id.clone(),
            admin_agent: AdminAgent::No,
            groups: names(memberships),
            ..Self::default()
        };
        if view.groups.values().any(|name| name == ADMIN_AGENTS) {
            view.admin_agent = AdminAgent::Yes;
        }
        let mut primary = TenantRecord::new(partner.id(), own.display_name.clone().unwrap_or_default());
        primary.kind = TenantKind::Primary;
        primary.default_domain = own.default_domain().map(str::to_owned);
        primary.initial_domain = own.initial_domain().map(str::to_owned);
        primary.listed_at = Some(now);
        view.listed.insert(partner.id(), primary);
        view.take_customers(customers, now);
        view.take_relationships(&relationships, now);
        view.read_assignments(partner, groups, rules, now).await?;
        Ok(view)
    }

    /// Takes in the customers of Partner Center; none, where the tenant is no partner.
    fn take_customers(&mut self, found: Option<Vec<Customer>>, now: Timestamp) {
        let Some(found) = found else { return };
        self.is_csp = true;
        // Partner Center answers no token without a proven second factor.
        self.account.mfa = Some(true);
        for customer in found {
            let Ok(id) = customer.tenant_id().parse() else {
                continue;
            };
            let record = self.record(id, customer.name().unwrap_or_default(), now);
            record.in_partner_center = true;
            record.initial_domain = customer.domain().map(str::to_owned);
        }
    }

    fn take_relationships(&mut self, found: &[Relationship], now: Timestamp) {
        for relationship in found {
            let Some((id, name)) = customer_of(relationship) else {
                continue;
            };
            self.record(id, name, now).in_gdap = true;
            let facts = RelationshipFacts::of(relationship, []);
            self.relationships.entry(id).or_default().push(facts);
        }
    }

    /// Reads which groups relationships give roles to: for the one that decides of each customer, and for the others
    /// only where that does not suffice, to say whether one of them would.
    async fn read_assignments(
        &mut self,
        partner: &TenantClient,
        groups: Vec<Group>,
        rules: &Rules,
        now: Timestamp,
    ) -> Result<(), Error> {
        let names: HashMap<_, _> = groups
            .into_iter()
            .map(|group| (group.id, group.display_name.unwrap_or_default()))
            .collect();
        let (mut deciding, mut others) = (Vec::new(), HashMap::new());
        for (customer, all) in &self.relationships {
            let mut usable = readiness::usable(all);
            usable.sort_by(|a, b| b.order().cmp(&a.order()));
            let mut ids = usable.into_iter().map(|one| one.id.clone());
            deciding.extend(ids.next());
            others.insert(*customer, ids.collect::<Vec<_>>());
        }
        self.take(assignments(partner, &deciding).await, &names)?;
        others.retain(|customer, ids| {
            !ids.is_empty() && !readiness::assess(&self.facts(*customer), rules, now).lets_in()
        });
        let shadowed: Vec<_> = others.into_values().flatten().collect();
        self.take(assignments(partner, &shadowed).await, &names)
    }

    fn take(
        &mut self,
        read: Result<HashMap<String, Vec<AccessAssignment>>, msp365_client::Error>,
        names: &HashMap<String, String>,
    ) -> Result<(), Error> {
        let read = read.map_err(Error::request_error("reading the access assignments"))?;
        for relationship in self.relationships.values_mut().flatten() {
            let Some(own) = read.get(&relationship.id) else {
                continue;
            };
            relationship.assignments = own.iter().filter_map(AssignmentFacts::of).collect();
            for assignment in &mut relationship.assignments {
                assignment.group_name = names.get(&assignment.group_id).cloned();
                assignment.group_exists = Some(assignment.group_name.is_some());
            }
        }
        Ok(())
    }

    fn record(&mut self, id: TenantId, name: &str, now: Timestamp) -> &mut TenantRecord {
        self.listed.entry(id).or_insert_with(|| {
            let mut record = TenantRecord::new(id, name);
            record.listed_at = Some(now);
            record
        })
    }

    /// Finds the way to each group that gives the account a role in some customer's tenant and that it is in through
    /// other groups alone. One request, and one more for each group on the way.
    pub(crate) async fn read_ways(&mut self, partner: &TenantClient) -> Result<(), Error> {
        let doing = || Error::request_error("reading how the service account's groups are nested");
        let own = all(partner, users::member_of(&self.account_id))
            .await
            .map_err(doing())?;
        let own: BTreeSet<_> = own.into_iter().map(|group| group.id).collect();
        let assigned = self
            .relationships
            .values()
            .flatten()
            .flat_map(|one| &one.assignments);
        let wanted: BTreeSet<_> = assigned
            .map(|one| one.group_id.clone())
            .filter(|id| self.groups.contains_key(id) && !own.contains(id))
            .collect();
        for group in wanted {
            let way = self.way(partner, &own, &group).await.map_err(doing())?;
            self.nested.extend(way.map(|way| (group, way)));
        }
        Ok(())
    }

    /// The names of the groups from one that the account is in to this one, looked for from its end.
    async fn way(
        &self,
        partner: &TenantClient,
        own: &BTreeSet<String>,
        group: &str,
    ) -> Result<Option<Vec<String>>, msp365_client::Error> {
        let mut seen = BTreeSet::from([group.to_owned()]);
        let mut waiting = VecDeque::from([vec![group.to_owned()]]);
        while let Some(way) = waiting.pop_front() {
            let Some(last) = way.last() else { continue };
            if own.contains(last) {
                let name = |id: &String| self.groups.get(id).unwrap_or(id).clone();
                return Ok(Some(way.iter().rev().map(name).collect()));
            }
            for member in all(partner, groups::members(last)).await? {
                if self.groups.contains_key(&member.id) && seen.insert(member.id.clone()) {
                    let mut further = way.clone();
                    further.push(member.id);
                    waiting.push_back(further);
                }
            }
        }
        Ok(None)
    }

    /// Takes in a tenant that is reached directly; a customer that is one, too, is reached so.
    pub(crate) fn add(&mut self, direct: &DirectTenant, now: Timestamp) {
        let record = self.record(direct.tenant, &direct.name, now);
        record.kind = TenantKind::Direct;
        self.direct.insert(direct.tenant, direct.clone());
    }

    /// All tenants that were listed, the partner's own included.
    pub(crate) fn tenants(&self) -> Vec<TenantRecord> {
        self.listed.values().cloned().collect()
    }

    /// How many were listed, the partner's own left out.
    pub(crate) fn customers(&self) -> usize {
        let others = self.listed.values().filter(|one| one.kind != TenantKind::Primary);
        others.count()
    }

    /// Whether the tenant was listed.
    pub(crate) fn lists(&self, tenant: TenantId) -> bool {
        self.listed.contains_key(&tenant)
    }

    /// Why nothing is known of a tenant that is reached through the partner.
    pub(crate) fn unread(&self, record: &TenantRecord) -> Option<&Error> {
        let reached_directly = self.direct.contains_key(&record.id);
        self.unread
            .as_ref()
            .filter(|_| !reached_directly && record.kind != TenantKind::Direct)
    }

    /// What is known of one tenant before it was asked itself.
    pub(crate) fn facts(&self, tenant: TenantId) -> Facts {
        let listed = self.listed.get(&tenant);
        let mut facts = Facts::default();
        facts.tenant = Some(tenant);
        if let Some(direct) = self.direct.get(&tenant) {
            facts.is_direct = true;
            facts.credential = direct.credential;
            facts.credential_ends_at = direct.credential_ends_at;
            return facts;
        }
        facts.credential = self.credential;
        facts.credential_ends_at = self.credential_ends_at;
        facts.is_primary = Some(tenant) == self.partner;
        facts.partner_is_csp = Some(self.is_csp);
        facts.account = self.account.clone();
        facts.admin_agent = self.admin_agent;
        facts.in_partner_center = listed.map(|record| record.in_partner_center);
        facts.relationships = self.relationships.get(&tenant).cloned().unwrap_or_default();
        facts.nested = self.nested.clone();
        facts.member_of = self.groups.keys().cloned().collect::<BTreeSet<_>>();
        facts
    }
}

/// The customers of Partner Center. A tenant that is no partner connects, and lists nobody.
async fn read_customers(partner: &TenantClient) -> Result<Option<Vec<Customer>>, Error> {
    match all(partner, customers::list(CUSTOMERS)).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::Denied | ErrorKind::NotFound) => Ok(None),
        Err(error) => Err(Error::request_error("reading the customers of Partner Center")(
            error,
        )),
    }
}

/// All rows of a listing.
async fn all<T: Send + 'static>(
    client: &TenantClient,
    request: Request<Page<T>>,
) -> Result<Vec<T>, msp365_client::Error> {
    client.stream(request).try_collect().await
}

fn account(me: &users::User) -> AccountFacts {
    let mut account = AccountFacts::default();
    account.name.clone_from(&me.user_principal_name);
    account.enabled = me.account_enabled;
    account.member = me.user_type.as_ref().map(|kind| *kind == users::UserType::Member);
    account
}

fn names(memberships: Vec<DirectoryObject>) -> BTreeMap<String, String> {
    memberships
        .into_iter()
        .filter(DirectoryObject::is_group)
        .map(|group| (group.id, group.display_name.unwrap_or_default()))
        .collect()
}

fn customer_of(relationship: &Relationship) -> Option<(TenantId, &str)> {
    let customer = relationship.customer.as_ref()?;
    Some((
        customer.tenant_id.as_ref()?.parse().ok()?,
        customer.display_name.as_deref().unwrap_or_default(),
    ))
}

/// The access assignments of these relationships, twenty to a round trip.
async fn assignments(
    partner: &TenantClient,
    relationships: &[String],
) -> Result<HashMap<String, Vec<AccessAssignment>>, msp365_client::Error> {
    let batches = relationships
        .chunks(BATCH_LIMIT)
        .map(|some| assignments_of(partner, some));
    stream::iter(batches)
        .buffer_unordered(BATCHES_AT_A_TIME)
        .try_concat()
        .await
        .map(|all: Vec<_>| all.into_iter().collect())
}

async fn assignments_of(
    partner: &TenantClient,
    relationships: &[String],
) -> Result<Vec<(String, Vec<AccessAssignment>)>, msp365_client::Error> {
    let mut batch = Batch::new();
    let slots: Vec<_> = relationships
        .iter()
        .map(|id| (id, batch.add(gdap::access_assignments(id))))
        .collect();
    let mut answers = partner.batch(batch).await?;
    let mut found = Vec::with_capacity(slots.len());
    for (id, slot) in slots {
        let Page { mut items, next, .. } = answers.take(slot)?;
        if next.is_some() {
            let further: Vec<Page<_>> = partner
                .pages_from(gdap::access_assignments(id), next)
                .try_collect()
                .await?;
            items.extend(further.into_iter().flat_map(|page| page.items));
        }
        found.push((id.clone(), items));
    }
    Ok(found)
}

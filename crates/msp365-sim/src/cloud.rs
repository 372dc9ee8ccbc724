//! The simulated cloud as its users hold it.

use std::{
    fmt,
    io::Write,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use msp365_core::{Clock, Endpoints, TenantId, Transport, record};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{
    Edit, Faults, Inventory, Ledger, SimApp,
    clock::{Pace, SimClock},
    front::{Arrival, Delivery, Front},
    identity::Desk,
    inventory,
    transport::InProcess,
    truth,
    world::{World, access},
};

/// A running simulated cloud. Clones are the same cloud.
#[derive(Debug, Clone)]
pub struct Cloud {
    shared: Arc<Shared>,
}

/// What all handles of a cloud share.
pub(crate) struct Shared {
    state: Mutex<State>,
    facts: Facts,
    front: Front,
    clock: Arc<SimClock>,
    latency: Duration,
    record: Mutex<Option<Box<dyn Write + Send>>>,
    log: Mutex<Vec<Exchange>>,
    address: OnceLock<Address>,
}

/// What changes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) desk: Desk,
}

/// What does not change, so that it can be read without a lock.
#[derive(Debug)]
struct Facts {
    seed: u64,
    customers: Vec<TenantId>,
    app: SimApp,
    app_only: SimApp,
    partner_tenant: TenantId,
    partner_domain: String,
    service_account: String,
}

/// Where a served cloud is.
#[derive(Debug, Default)]
pub(crate) struct Address {
    /// Scheme, host and port.
    pub(crate) root: String,
    /// The file that holds its root certificate.
    pub(crate) certificate: Option<PathBuf>,
}

/// One answered request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// The request's method.
    pub method: Method,
    /// The request's path, without the query.
    pub path: String,
    /// What was answered; 502 where a fault kept the answer back.
    pub status: StatusCode,
}

impl Cloud {
    pub(crate) fn new(shared: Shared) -> Self {
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Where its services are: under Microsoft's own names in process, on loopback once it is served.
    pub fn endpoints(&self) -> Endpoints {
        match self.shared.address.get() {
            Some(Address { root, .. }) => Endpoints::custom(root, root, root),
            None => Endpoints::public(),
        }
    }

    /// Reaches the cloud without a socket. Hosts do not matter: paths tell the services apart.
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(InProcess::new(self.clone()))
    }

    /// The cloud's time.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::<SimClock>::clone(&self.shared.clock)
    }

    /// Moves the cloud's time forward.
    pub fn advance(&self, span: Duration) {
        self.shared.clock.advance(span);
    }

    /// The app that acts for a signed-in account, registered in the partner tenant.
    pub fn app(&self) -> SimApp {
        self.shared.facts.app.clone()
    }

    /// The app that acts for itself in every customer.
    pub fn app_only(&self) -> SimApp {
        self.shared.facts.app_only.clone()
    }

    /// The provider's own tenant.
    pub fn partner_tenant(&self) -> TenantId {
        self.shared.facts.partner_tenant
    }

    /// The default domain of the provider's own tenant.
    pub fn partner_domain(&self) -> &str {
        &self.shared.facts.partner_domain
    }

    /// The user principal name of the account that the provider signs in with.
    pub fn service_account(&self) -> &str {
        &self.shared.facts.service_account
    }

    /// How many customers the partner has.
    pub fn customers(&self) -> usize {
        self.shared.facts.customers.len()
    }

    /// The tenants of all customers.
    pub fn customer_ids(&self) -> &[TenantId] {
        &self.shared.facts.customers
    }

    /// What a program in another process needs to know, secrets included.
    pub fn announcement(&self) -> Value {
        let facts = &self.shared.facts;
        let endpoints = self.endpoints();
        let app = |app: &SimApp, kind: &str| {
            json!({
                "client_id": app.client_id,
                "client_secret": app.client_secret.expose_secret(),
                "certificate": Value::Null,
                "kind": kind,
                "redirect_uris": [app.redirect_uri],
            })
        };
        json!({
            "authority": endpoints.authority,
            "graph": endpoints.graph,
            "partner_center": endpoints.partner_center,
            "root_certificate": self.shared.address.get().and_then(|address| address.certificate.as_ref()),
            "partner_tenant": facts.partner_tenant,
            "partner_domain": facts.partner_domain,
            "apps": [app(&facts.app, "delegated"), app(&facts.app_only, "app_only")],
            "service_account": facts.service_account,
            "customers": facts.customers.len(),
            "seed": facts.seed,
        })
    }

    /// Everything there is, an object a line: `{"kind","tenant",…}`.
    pub fn truth(&self) -> Vec<Value> {
        truth::of(&self.shared.state().world)
    }

    /// The records of the tool that the provider works with: companies and devices, much like those of the cloud.
    pub fn inventory(&self) -> Inventory {
        inventory::of(&self.shared.state().world)
    }

    /// Changes the world.
    pub fn edit<T>(&self, change: impl FnOnce(&mut Edit<'_>) -> T) -> T {
        let mut state = self.shared.state();
        let now = self.shared.clock.now();
        let answer = change(&mut Edit::new(&mut state, now));
        state.world.close_all();
        answer
    }

    /// How many requests were answered.
    pub fn requests(&self) -> usize {
        self.shared.log().len()
    }

    /// How many requests were answered whose method and path fit.
    pub fn requests_by(&self, fits: impl Fn(&Method, &str) -> bool) -> usize {
        let log = self.shared.log();
        log.iter()
            .filter(|exchange| fits(&exchange.method, &exchange.path))
            .count()
    }

    /// All requests answered so far, in order.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.shared.log().clone()
    }

    /// The effects of all writes so far, and what clients did wrong.
    pub fn ledger(&self) -> Ledger {
        self.shared.front.book().ledger()
    }

    /// What goes wrong on demand.
    pub fn faults(&self) -> Faults {
        Faults::new(self.clone())
    }

    pub(crate) fn front(&self) -> &Front {
        &self.shared.front
    }

    pub(crate) fn set_address(&self, address: Address) {
        // Set once: a server owns its cloud.
        let _ = self.shared.address.set(address);
    }

    /// Answers a request whose address is complete.
    pub(crate) async fn exchange(&self, request: Request<Bytes>) -> Delivery {
        let arrival = self.shared.front.arrive();
        if self.shared.latency > Duration::ZERO {
            self.shared.clock.sleep(self.shared.latency).await;
        }
        let delivery = self.shared.answer(&request, &arrival);
        if let Delivery::Silent(span) = &delivery {
            self.shared.clock.sleep(*span).await;
        }
        delivery
    }
}

impl Shared {
    pub(crate) fn new(
        world: World,
        front: Front,
        (pace, latency): (Pace, Duration),
        record: Option<Box<dyn Write + Send>>,
    ) -> Self {
        let start = access::later(world.epoch, 1);
        let address = world
            .partner
            .users
            .get(&world.service_account)
            .and_then(|user| access::text(user, "userPrincipalName"))
            .unwrap_or_default()
            .to_owned();
        Self {
            facts: Facts {
                seed: world.seed,
                customers: world.customers.iter().map(|tenant| tenant.id).collect(),
                app: world.app.clone(),
                app_only: world.app_only.clone(),
                partner_tenant: world.partner.id,
                partner_domain: world.partner.default_domain.clone(),
                service_account: address,
            },
            front,
            state: Mutex::new(State {
                desk: Desk::new(world.seed),
                world,
            }),
            clock: Arc::new(SimClock::new(pace, start)),
            latency,
            record: Mutex::new(record),
            log: Mutex::new(Vec::new()),
            address: OnceLock::new(),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request<Bytes>, arrival: &Arrival<'_>) -> Delivery {
        let delivery = self
            .front
            .answer(&mut self.state(), request, (arrival, self.clock.now()));
        let reply = match &delivery {
            Delivery::Whole(reply) | Delivery::Cut(reply, _) | Delivery::Vast(reply, _) => reply,
            Delivery::NotSent => return delivery,
            Delivery::Lost | Delivery::Silent(_) => {
                self.keep(request, StatusCode::BAD_GATEWAY);
                return delivery;
            }
        };
        self.keep(request, reply.status);
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(writer) = record.as_mut() {
            let line = record::line(request, reply);
            // A recording that cannot go on ends, so that what is there stays whole.
            if writeln!(writer, "{line}").and_then(|()| writer.flush()).is_err() {
                *record = None;
            }
        }
        delivery
    }

    fn keep(&self, request: &Request<Bytes>, status: StatusCode) {
        self.log().push(Exchange {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            status,
        });
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("facts", &self.facts)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

//! The simulated cloud as its users hold it.

mod recording;

use std::{
    fmt,
    io::Write,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use jiff::Timestamp;
use msp365_core::{Clock, Endpoints, TenantId, Transport};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::{
    Edit, Faults, Ledger, SimApp,
    clock::{Pace, SimClock},
    front::{Arrival, Delivery, Front},
    hooks,
    identity::Desk,
    scenario::Script,
    transport::InProcess,
    world::{
        World, access,
        notices::{Notice, is_loopback},
    },
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
    told: Mutex<Vec<Notice>>,
    address: OnceLock<Address>,
    /// Holds the certificates of the apps; none, where they cannot be written.
    certificates: OnceLock<Option<TempDir>>,
}

/// What changes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) desk: Desk,
    pub(crate) script: Script,
}

/// What does not change, so that it can be read without a lock.
#[derive(Debug)]
struct Facts {
    seed: u64,
    customers: Vec<TenantId>,
    app: SimApp,
    app_only: SimApp,
    nation: msp365_core::Cloud,
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
            None => Endpoints::of(self.shared.facts.nation),
        }
    }

    /// Reaches the cloud without a socket. Paths tell the services apart; hosts matter to sign-in alone, which tells
    /// national clouds by them.
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

    /// What a program in another process needs to know, secrets included. The certificates of the apps are files that
    /// are made by the first call and last as long as the cloud.
    pub fn announcement(&self) -> Value {
        let facts = &self.shared.facts;
        let endpoints = self.endpoints();
        let app = |app: &SimApp, kind: &str| {
            json!({
                "client_id": app.client_id,
                "client_secret": app.client_secret.expose_secret(),
                "certificate": self.shared.certificate_of(app),
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

    /// Changes the world.
    pub fn edit<T>(&self, change: impl FnOnce(&mut Edit<'_>) -> T) -> T {
        let now = self.shared.clock.now();
        let changed = {
            let mut state = self.shared.state();
            let changed = change(&mut Edit::new(&mut state, now));
            state.world.close_all();
            changed
        };
        self.shared.tell();
        changed
    }

    /// What was told to those who subscribed to changes, in order: the address, and the notification. Addresses on this
    /// machine are told over HTTP as well.
    pub fn notifications(&self) -> Vec<(String, Value)> {
        let told = self.shared.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.iter()
            .map(|notice| (notice.url.clone(), notice.body.clone()))
            .collect()
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

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }

    /// When its time began.
    pub(crate) fn started(&self) -> Timestamp {
        self.shared.clock.start()
    }

    pub(crate) fn seed(&self) -> u64 {
        self.shared.facts.seed
    }

    pub(crate) fn front(&self) -> &Front {
        &self.shared.front
    }

    pub(crate) fn set_address(&self, address: Address) {
        self.shared.front.book().serves_at(&address.root);
        // Set once: a server owns its cloud.
        let _ = self.shared.address.set(address);
    }

    /// Answers a request whose address is complete.
    pub(crate) async fn exchange(&self, request: Request<Bytes>) -> Delivery {
        let arrival = self.shared.front.arrive();
        if self.shared.latency > Duration::ZERO {
            self.shared.clock.sleep(self.shared.latency).await;
        }
        for url in hooks::subscribes(&request) {
            self.shared.validate(url).await;
        }
        let delivery = self.shared.answer(&request, &arrival);
        self.shared.tell();
        delivery
    }
}

impl Shared {
    pub(crate) fn new(
        mut world: World,
        front: Front,
        (pace, start, latency): (Pace, Option<Timestamp>, Duration),
        record: Option<Box<dyn Write + Send>>,
    ) -> Self {
        let start = start.unwrap_or_else(|| access::later(world.epoch, 1));
        let clock = SimClock::new(pace, start);
        world.keep_secrets_good(clock.now());
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
                nation: world.nation,
                partner_tenant: world.partner.id,
                partner_domain: world.partner.default_domain.clone(),
                service_account: address,
            },
            front,
            state: Mutex::new(State {
                desk: Desk::new(world.seed, clock.now()),
                world,
                script: Script::default(),
            }),
            clock: Arc::new(clock),
            latency,
            record: Mutex::new(record),
            log: Mutex::new(Vec::new()),
            told: Mutex::new(Vec::new()),
            address: OnceLock::new(),
            certificates: OnceLock::new(),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file with certificate and key of an app.
    fn certificate_of(&self, app: &SimApp) -> Option<PathBuf> {
        let folder = self.certificates.get_or_init(|| {
            let prefix = "msp365-for-simulation-only-";
            tempfile::Builder::new().prefix(prefix).tempdir().ok()
        });
        let file = folder.as_ref()?.path().join(format!("{}.pem", app.client_id));
        if !file.exists() {
            std::fs::write(&file, app.certificate()?.expose_secret()).ok()?;
        }
        Some(file)
    }

    fn log(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request<Bytes>, arrival: &Arrival<'_>) -> Delivery {
        let (delivery, faults) = self
            .front
            .answer(&mut self.state(), request, (arrival, self.clock.now()));
        match (&delivery, delivery.reply()) {
            (Delivery::NotSent(_), _) => {}
            (_, None) => self.keep(request, StatusCode::BAD_GATEWAY),
            (_, Some(reply)) => {
                self.keep(request, reply.status);
                self.record(request, reply, &faults);
            }
        }
        delivery
    }

    /// Asks an address whether it wants to be told of changes.
    async fn validate(&self, url: String) {
        let token = format!(
            "Validation: Testing client application reachability {}",
            self.log().len()
        );
        if hooks::answers(&url, &token).await {
            self.state().world.journal.answering.insert(url);
        }
    }

    /// Tells of the changes since the last time. Who does not answer is not asked again.
    fn tell(&self) {
        let notices = self.state().world.take_notices(self.clock.now());
        let runtime = Handle::try_current().ok();
        for notice in &notices {
            if let Some(runtime) = runtime.as_ref().filter(|_| is_loopback(&notice.url)) {
                let (url, body) = (notice.url.clone(), notice.body.to_string());
                runtime.spawn(async move { hooks::post(&url, "application/json", &body).await });
            }
        }
        self.told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(notices);
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

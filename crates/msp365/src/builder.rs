//! Putting the parts together.

use std::{collections::BTreeSet, fmt, sync::Arc};

use msp365_actions::{ActivityLog, ActivitySink, ApprovalGate, AuditKey, Protection};
use msp365_auth::{App, Exchange, KeyRing, StaticKeyRing, SystemRandom, TokenVault, VaultKey};
use msp365_client::{Client, HttpTransport, SystemClock};
use msp365_core::{Clock, Endpoints, Random, SeededRandom, TenantId, TokenSource, Transport, random};
use msp365_partner::privilege::Feature;
use msp365_store::{Journal, MemoryStore, Store};
use msp365_sync::Options;

use crate::{Error, Msp365, inner::Inner, link::Link, permissions};

/// The name customers see among their enterprise applications, if the embedder gives none.
const DISPLAY_NAME: &str = "msp365";

/// Builds an [`Msp365`]. Whatever you do not set has a default: the global cloud, HTTP, the system's clock.
#[must_use = "a builder does nothing until it is built"]
pub struct Builder {
    app: App,
    endpoints: Endpoints,
    partner: Option<TenantId>,
    display_name: String,
    transport: Option<Arc<dyn Transport>>,
    root: Option<String>,
    clock: Option<Arc<dyn Clock>>,
    jitter: Option<u64>,
    store: Option<Arc<dyn Store>>,
    keys: Option<Arc<dyn KeyRing>>,
    options: Options,
    audit: Option<[u8; 32]>,
    changing_users: bool,
    also: BTreeSet<Feature>,
    protection: Protection,
    gate: Option<Arc<dyn ApprovalGate>>,
    sink: Option<Arc<dyn ActivitySink>>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("app", &self.app)
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

impl Builder {
    pub(crate) fn new(app: App) -> Self {
        Self {
            app,
            endpoints: Endpoints::public(),
            partner: None,
            display_name: DISPLAY_NAME.to_owned(),
            transport: None,
            root: None,
            clock: None,
            jitter: None,
            store: None,
            keys: None,
            options: Options::default(),
            audit: None,
            changing_users: false,
            also: BTreeSet::new(),
            protection: Protection::new(),
            gate: None,
            sink: None,
        }
    }

    /// The cloud.
    pub fn cloud(mut self, endpoints: Endpoints) -> Self {
        self.endpoints = endpoints;
        self
    }

    /// The partner tenant, if a connection to it is stored already.
    pub const fn partner(mut self, partner: TenantId) -> Self {
        self.partner = Some(partner);
        self
    }

    /// The name customers see among their enterprise applications.
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = name.into();
        self
    }

    /// A root certificate, as PEM, that is trusted in addition to the system's; it is kept with the connection. It does
    /// not apply to your own transport, which decides for itself what to trust.
    pub fn root_certificate(mut self, pem: impl Into<String>) -> Self {
        self.root = Some(pem.into());
        self
    }

    /// What carries requests, instead of HTTP.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// What tells the time, instead of the system.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The seed of everything random that is not a secret: request ids and the spread of waits.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.jitter = Some(seed);
        self
    }

    /// Where rows and the sealed connection are kept, and the keys it is sealed with.
    pub fn store(mut self, store: Arc<dyn Store>, keys: Arc<dyn KeyRing>) -> Self {
        self.store = Some(store);
        self.keys = Some(keys);
        self
    }

    /// Keeps everything in memory, sealed with a key that nobody else has. Everything is lost when the program ends.
    pub fn in_memory(mut self) -> Self {
        self.store = Some(Arc::new(MemoryStore::new()));
        let mut key = [0; 32];
        SystemRandom.fill(&mut key);
        self.keys = Some(Arc::new(StaticKeyRing::new(VaultKey::from_bytes("memory", key))));
        let mut audit = [0; 32];
        SystemRandom.fill(&mut audit);
        self.audit = Some(audit);
        self
    }

    /// The key that chains the activity log. Whoever has it can write records that verify, so keep it apart from the
    /// database.
    pub const fn audit_key(mut self, key: [u8; 32]) -> Self {
        self.audit = Some(key);
        self
    }

    /// Leaves these accounts alone in every plan, whoever makes or runs it.
    pub fn protection(mut self, protection: Protection) -> Self {
        self.protection = protection;
        self
    }

    /// Asks this gate before a plan may run, and again when a plan is resumed. Without a gate, every plan may run.
    pub fn gate(mut self, gate: Arc<dyn ApprovalGate>) -> Self {
        self.gate = Some(gate);
        self
    }

    /// Also passes each record of the activity log to the host's own log, once it is stored.
    pub fn log_sink(mut self, sink: Arc<dyn ActivitySink>) -> Self {
        self.sink = Some(sink);
        self
    }

    /// Turns on changing users. The sign-in and the consent of customers then include the permissions that plans need,
    /// and the doctor reports relationships that lack the roles for it. By default, only permissions to read are asked
    /// for, and plans are shown but not run. Turning it on later takes a new sign-in, and enrolling the customers
    /// again.
    pub const fn changing_users(mut self, wanted: bool) -> Self {
        self.changing_users = wanted;
        self
    }

    /// Turns on changing administrators: blocking, deleting and resetting people whom only the highest roles reach.
    /// Besides [`changing_users`](Self::changing_users), that needs `Directory.AccessAsUser.All`, with which a token
    /// has all the rights of its person, and Privileged Authentication Administrator in the relationship. Hence the
    /// separate option.
    pub fn changing_administrators(self, wanted: bool) -> Self {
        self.asking(Feature::HelpdeskForAdministrators, wanted)
    }

    /// Turns on disabling and deleting devices of the directory. Besides [`changing_users`](Self::changing_users), that
    /// needs `Directory.AccessAsUser.All`, with which a token has all the rights of its person, and Cloud Device
    /// Administrator in the relationship. Hence the separate option.
    pub fn changing_devices(self, wanted: bool) -> Self {
        self.asking(Feature::EditDevices, wanted)
    }

    /// Shows which Conditional Access policies took part in a sign-in. That needs `Policy.Read.ConditionalAccess`, and
    /// Security Reader in the relationship.
    pub fn seeing_policies(self, wanted: bool) -> Self {
        self.asking(Feature::Policies, wanted)
    }

    /// Also asks for what these features need, for example those of a [stored connection](crate::Connected::also).
    pub fn also(mut self, features: impl IntoIterator<Item = Feature>) -> Self {
        self.also.extend(features);
        self
    }

    fn asking(mut self, feature: Feature, wanted: bool) -> Self {
        if wanted {
            self.also.insert(feature);
        } else {
            self.also.remove(&feature);
        }
        self
    }

    /// What a sync reads, what makes a customer ready, and how many tenants are read at a time.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Builds the handle, ready to connect or to work.
    ///
    /// # Errors
    /// `Storage` if you set neither a store with keys nor [`in_memory`](Self::in_memory); `Invalid` if the root
    /// certificate is not one; `Other` if the HTTP library cannot start.
    pub fn build(self) -> Result<Msp365, Error> {
        let (Some(store), Some(keys)) = (self.store, self.keys) else {
            return Err(Error::NoKeys);
        };
        let transport = match (self.transport, &self.root) {
            (Some(transport), _) => transport,
            (None, Some(root)) => Arc::new(HttpTransport::trusting(root)?),
            (None, None) => Arc::new(HttpTransport::new()?),
        };
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let seed = self.jitter.unwrap_or_else(|| random::u64_from(&SystemRandom));
        let jitter: Arc<dyn Random> = Arc::new(SeededRandom::for_purpose(seed, "requests"));
        let vault = TokenVault::new(vault_of(&store), keys, Arc::new(SystemRandom));
        let exchange = Exchange::new(
            self.app,
            self.endpoints.clone(),
            Arc::clone(&transport),
            Arc::clone(&clock),
            Arc::new(SystemRandom),
        );
        let link = Link::new(exchange, vault, Arc::clone(&store), self.partner)
            .trusting(self.root)
            .changing_users(self.changing_users)
            .also(self.also);
        let link = Arc::new(link);
        let mut options = self.options;
        let features = link.features();
        if !features.is_empty() {
            let scopes = permissions::customer_scopes(features.iter().copied());
            options.rules.extend(scopes, features);
        }
        let tokens: Arc<dyn TokenSource> = Arc::clone(&link) as _;
        let client = Client::builder(self.endpoints, tokens)
            .transport(transport)
            .clock(Arc::clone(&clock))
            .random(jitter)
            .user_agent(concat!("msp365/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let log = self.audit.map(|key| {
            let journal: Arc<dyn Journal> = Arc::clone(&store) as _;
            ActivityLog::new(journal, Arc::clone(&clock), AuditKey::new(&key))
        });
        let log = match (log, self.sink) {
            (Some(log), Some(sink)) => Some(log.sink(sink)),
            (log, _) => log,
        };
        Ok(Msp365::of(Inner {
            client,
            link,
            store,
            clock,
            display_name: self.display_name,
            options,
            log,
            protection: self.protection,
            gate: self.gate,
        }))
    }
}

fn vault_of(store: &Arc<dyn Store>) -> Arc<dyn msp365_core::Vault> {
    Arc::clone(store) as _
}

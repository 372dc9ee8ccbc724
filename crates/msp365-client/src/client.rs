//! What the requests of all tenants share.

use std::{fmt, sync::Arc};

use http::HeaderValue;
use msp365_core::{Clock, Endpoints, Random, TenantId, TokenSource, Transport};

use crate::{Error, HttpTransport, Meter, SystemClock, TenantClient, load::Load};

/// Sends requests in the name of one application. Cheap to clone; clones share connections, waits and counts.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) endpoints: Endpoints,
    pub(crate) tokens: Arc<dyn TokenSource>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) load: Load,
    pub(crate) meter: Arc<Meter>,
}

impl Client {
    /// Starts building a client for these services, with tokens from this source.
    pub fn builder(endpoints: Endpoints, tokens: Arc<dyn TokenSource>) -> ClientBuilder {
        ClientBuilder {
            endpoints,
            tokens,
            transport: None,
            clock: None,
            random: None,
            user_agent: concat!("msp365/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// A client whose requests all go to this tenant.
    pub fn tenant(&self, tenant: TenantId) -> TenantClient {
        TenantClient::new(self.clone(), tenant)
    }

    /// Counts everything that is sent through this client and its clones.
    pub fn meter(&self) -> &Arc<Meter> {
        &self.shared.meter
    }

    /// The services it talks to.
    pub fn endpoints(&self) -> &Endpoints {
        &self.shared.endpoints
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoints", &self.shared.endpoints)
            .field("meter", &self.shared.meter)
            .finish_non_exhaustive()
    }
}

/// Builds a [`Client`].
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    endpoints: Endpoints,
    tokens: Arc<dyn TokenSource>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Arc<dyn Random>>,
    user_agent: String,
}

impl ClientBuilder {
    /// Sends through this transport; by default [`HttpTransport`], over the network.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Takes the time from this clock; by default [`SystemClock`], the machine's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Takes request ids and random parts of waits from this source. Required.
    pub fn random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = Some(random);
        self
    }

    /// The program's name for the services; by default `msp365` with its version.
    pub fn user_agent(mut self, name: &str) -> Self {
        name.clone_into(&mut self.user_agent);
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// `Invalid` without a source of randomness, or if no header can hold the user agent; `Other` if the network cannot
    /// be used.
    pub fn build(self) -> Result<Client, Error> {
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(HttpTransport::new()?),
        };
        let shared = Shared {
            endpoints: self.endpoints,
            tokens: self.tokens,
            transport,
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock)),
            random: self.random.ok_or(Error::NoRandom)?,
            user_agent: HeaderValue::try_from(self.user_agent).map_err(|_| Error::UserAgent)?,
            load: Load::default(),
            meter: Arc::default(),
        };
        Ok(Client {
            shared: Arc::new(shared),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("endpoints", &self.endpoints)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

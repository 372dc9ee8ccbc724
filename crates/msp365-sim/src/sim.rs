//! Setting up a simulated cloud.

use std::{
    fmt,
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use jiff::SignedDuration;
use msp365_core::Cloud as NationalCloud;

use crate::{
    Cloud, Error, Server, Throttle,
    clock::Pace,
    cloud::Shared,
    front::Front,
    server::Entrance,
    world::{World, build::Size},
};

/// A simulated cloud to be: which world, which clock, how slow.
///
/// ```
/// use msp365_sim::Sim;
///
/// let cloud = Sim::seeded(7).customers(3).users_each(10).build();
/// assert_eq!(cloud.customers(), 3);
/// ```
#[must_use]
pub struct Sim {
    seed: u64,
    customers: usize,
    users_each: u64,
    pace: Pace,
    latency: Duration,
    listen: SocketAddr,
    record: Option<Box<dyn Write + Send>>,
    throttle: Throttle,
    entrance: Entrance,
    consent_takes: Duration,
    nation: NationalCloud,
}

impl Sim {
    /// The world of a seed: a partner with 25 customers of 200 users on average. Time runs from the day after the
    /// world was made.
    pub fn seeded(seed: u64) -> Self {
        Self {
            seed,
            customers: 25,
            users_each: 200,
            pace: Pace::Running,
            latency: Duration::ZERO,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            record: None,
            throttle: Throttle::Off,
            entrance: Entrance::Plain,
            consent_takes: Duration::ZERO,
            nation: NationalCloud::Public,
        }
    }

    /// How many customers the partner has. A customer is the same however many others there are.
    pub fn customers(mut self, count: usize) -> Self {
        self.customers = count;
        self
    }

    /// How many users customers have on average; the first has exactly as many.
    pub fn users_each(mut self, mean: u64) -> Self {
        self.users_each = mean;
        self
    }

    /// Lets time stand still until it is moved by [`Cloud::advance`], or somebody sleeps.
    pub fn manual_clock(mut self) -> Self {
        self.pace = Pace::Manual;
        self
    }

    /// Takes the system's time, as programs in other processes do.
    pub fn real_time(mut self) -> Self {
        self.pace = Pace::Real;
        self
    }

    /// Waits this long before each answer.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Where [`Self::start`] listens; `127.0.0.1` on a free port unless told.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Writes every exchange as a line of JSON without secrets. Where faults had a hand in it, the line has a member
    /// `faults` with their ids.
    pub fn record(mut self, writer: Box<dyn Write + Send>) -> Self {
        self.record = Some(writer);
        self
    }

    /// Lets a consent for a customer reach its tenant this much later; at once unless told. The service takes up to a
    /// minute.
    pub fn consent_takes(mut self, span: Duration) -> Self {
        self.consent_takes = span;
        self
    }

    /// Refuses who asks too often; off unless told.
    pub fn throttle(mut self, throttle: Throttle) -> Self {
        self.throttle = throttle;
        self
    }

    /// Lets [`Self::start`] serve HTTPS, under a root certificate of its own: [`Server::root_certificate`].
    pub fn tls(mut self) -> Self {
        self.entrance = Entrance::Tls { root: None };
        self
    }

    /// As [`Self::tls`], and writes the root certificate to a file that the announcement names.
    pub fn tls_root(mut self, file: impl Into<PathBuf>) -> Self {
        let root = Some(file.into());
        self.entrance = Entrance::Tls { root };
        self
    }

    /// Puts all tenants into a national cloud; into the global one unless told.
    pub fn national(mut self, cloud: NationalCloud) -> Self {
        self.nation = cloud;
        self
    }

    /// Makes the cloud without a socket; it is reached through [`Cloud::transport`].
    pub fn build(self) -> Cloud {
        let size = Size {
            customers: self.customers,
            users_each: self.users_each,
        };
        let mut world = World::build(self.seed, size);
        world.journal.agenda.consent_takes =
            SignedDuration::try_from(self.consent_takes).unwrap_or(SignedDuration::MAX);
        world.nation = self.nation;
        let front = Front::new(self.throttle, self.pace != Pace::Manual);
        let record = self.record;
        #[cfg(feature = "recorded")]
        let record = record.or_else(crate::recording::file);
        Cloud::new(Shared::new(world, front, (self.pace, self.latency), record))
    }

    /// Makes the cloud and serves it until the server is stopped or dropped.
    ///
    /// # Errors
    /// `Unavailable` if the address cannot be listened on; `Other` if certificates cannot be made or written.
    pub async fn start(mut self) -> Result<Server, Error> {
        let address = self.listen;
        let entrance = std::mem::replace(&mut self.entrance, Entrance::Plain);
        Server::start(self.build(), address, entrance).await
    }
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sim")
            .field("seed", &self.seed)
            .field("customers", &self.customers)
            .field("users_each", &self.users_each)
            .finish_non_exhaustive()
    }
}

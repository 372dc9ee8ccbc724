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
    Cloud, Error, Scenario, Server, Throttle,
    clock::Pace,
    cloud::Shared,
    front::Front,
    server::Entrance,
    world::{World, plan::WorldPlan},
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
    world: WorldPlan,
    pace: Pace,
    latency: Duration,
    listen: SocketAddr,
    record: Option<Box<dyn Write + Send>>,
    throttle: Throttle,
    entrance: Entrance,
    consent_takes: Duration,
    replication_takes: Duration,
    nation: NationalCloud,
    scenario: Option<Scenario>,
}

impl Sim {
    /// The world of a seed: a partner with 25 customers of 200 users on average. Time runs from the day after the
    /// world was made.
    pub fn seeded(seed: u64) -> Self {
        Self {
            seed,
            world: WorldPlan::default(),
            pace: Pace::Running,
            latency: Duration::ZERO,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            record: None,
            throttle: Throttle::Off,
            entrance: Entrance::Plain,
            consent_takes: Duration::ZERO,
            replication_takes: Duration::ZERO,
            nation: NationalCloud::Public,
            scenario: None,
        }
    }

    /// The world and the story of a scenario. What the file says stands in place of what was said before; its time
    /// begins when the file says.
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.seed = scenario.seed().unwrap_or(self.seed);
        self.world = scenario.world().clone();
        self.latency = scenario.latency().unwrap_or(self.latency);
        self.throttle = scenario.throttle().unwrap_or(self.throttle);
        self.consent_takes = scenario.consent_takes().unwrap_or(self.consent_takes);
        let replication = scenario.replication_takes();
        self.replication_takes = replication.unwrap_or(self.replication_takes);
        self.scenario = Some(scenario);
        self
    }

    /// How many customers the partner has. A customer is the same however many others there are.
    pub fn customers(mut self, count: usize) -> Self {
        self.world.customers = count;
        self
    }

    /// How many users customers have on average; the first has exactly as many.
    pub fn users_each(mut self, mean: u64) -> Self {
        self.world.users_each = mean;
        self
    }

    /// What the world is like, in place of what was said before. Shares above a hundred count as a hundred.
    pub fn world(mut self, plan: WorldPlan) -> Self {
        self.world = plan;
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

    /// Lets what is written through Graph be read only after a while: each change takes between half of this and all of
    /// it, by the seed. Until then reads of its tenant are answered as if it had not happened, whoever asks: a user just
    /// created is not found, a list shows the old values, a membership is missing, and delta does not tell of it yet.
    /// Writes see the present. At once unless told.
    ///
    /// What is not an object of the directory or of Intune arrives at once: managers, owners, sign-in methods,
    /// relationships with customers, logs.
    pub fn replication_takes(mut self, span: Duration) -> Self {
        self.replication_takes = span;
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
        let cast = self.scenario.as_ref().map(Scenario::cast).unwrap_or_default();
        let mut world = World::build_with(self.seed, &self.world, &cast);
        let span = |span| SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
        world.journal.agenda.consent_takes = span(self.consent_takes);
        world.journal.agenda.replication_takes = span(self.replication_takes);
        world.nation = self.nation;
        let front = Front::new(self.throttle, self.pace != Pace::Manual);
        let record = self.record;
        #[cfg(feature = "recorded")]
        let record = {
            crate::recording::log();
            record.or_else(crate::recording::file)
        };
        let start = self.scenario.as_ref().and_then(Scenario::start);
        let pace = match (self.pace, start) {
            // A story that begins on a date of its own does not show the system's time.
            (Pace::Real, Some(_)) => Pace::Running,
            (pace, _) => pace,
        };
        let cloud = Cloud::new(Shared::new(world, front, (pace, start, self.latency), record));
        if let Some(scenario) = &self.scenario {
            cloud.open(scenario);
        }
        cloud
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
            .field("world", &self.world)
            .finish_non_exhaustive()
    }
}

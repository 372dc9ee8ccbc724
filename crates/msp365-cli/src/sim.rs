//! `msp365 sim`.

use std::{
    fs::{self, File},
    time::Duration,
};

use msp365::{
    ErrorKind,
    sim::{Cloud, FaultPlan, Installed, Scenario, Sim, Throttle},
};

use crate::{
    Ended,
    args::{Global, Pinned, Serve, SimCommand, Throttling},
    failure::Failure,
    output,
};

pub(crate) async fn run(global: &Global, command: SimCommand) -> Result<Ended, Failure> {
    match command {
        SimCommand::Serve(serve) => self::serve(global, serve).await,
        SimCommand::Truth(truth) => {
            let cloud = sim(global, &truth.pinned)?.manual_clock().build();
            if let Some(at) = &truth.at {
                cloud.advance_to(at.parse().map_err(msp365::Error::from)?);
            }
            for object in cloud.truth() {
                output::json(&object)?;
            }
            Ok(Ended::Done)
        }
    }
}

fn sim(global: &Global, pinned: &Pinned) -> Result<Sim, Failure> {
    let sim = Sim::seeded(global.seed);
    let Some(path) = &pinned.scenario else {
        let customers = usize::try_from(pinned.world.customers).unwrap_or(usize::MAX);
        let users = u64::from(pinned.world.users);
        return Ok(sim.customers(customers).users_each(users));
    };
    let text = fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read the scenario `{}`: {error}", path.display());
        Failure::usage(message)
    })?;
    let scenario = Scenario::parse(&text).map_err(|error| {
        let message = format!("the scenario `{}` is refused: {error}", path.display());
        Failure::usage(message)
    })?;
    Ok(sim.scenario(scenario))
}

async fn serve(global: &Global, serve: Serve) -> Result<Ended, Failure> {
    let mut sim = sim(global, &serve.pinned)?.real_time().listen(serve.listen);
    if let Some(latency) = serve.latency_ms {
        sim = sim.latency(Duration::from_millis(latency));
    }
    if let Some(throttling) = serve.throttle {
        sim = sim.throttle(match throttling {
            Throttling::Documented => Throttle::Documented,
            Throttling::Off => Throttle::Off,
        });
    }
    if serve.tls {
        sim = sim.tls_root(serve.root);
    }
    if let Some(path) = &serve.record {
        let file = File::create(path).map_err(|error| {
            Failure::new(
                ErrorKind::Other,
                format!("cannot write the recording `{}`: {error}", path.display()),
            )
        })?;
        sim = sim.record(Box::new(file));
    }
    // Whoever reads the line may send the signal at once.
    let stopped = stop_signal()?;
    let server = sim.start().await.map_err(msp365::Error::from)?;
    let _faults = install(&server, &serve.faults)?;
    output::json(&server.announcement())?;
    server.serve_until(stopped).await.map_err(msp365::Error::from)?;
    Ok(Ended::Done)
}

/// Installs a plan of faults.
pub(crate) fn install(cloud: &Cloud, plan: &str) -> Result<Vec<Installed>, Failure> {
    let plan: FaultPlan = plan.parse().map_err(msp365::Error::from)?;
    Ok(plan.install(cloud))
}

/// Resolves at the first signal to stop that comes after this call.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()> + Send, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| {
        signal(kind)
            .map_err(|error| Failure::new(ErrorKind::Other, format!("cannot listen for signals: {error}")))
    };
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Resolves at the first signal to stop.
#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()> + Send, Failure> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

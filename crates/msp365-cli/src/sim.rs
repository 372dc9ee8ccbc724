//! `msp365 sim`.

use std::{fs::File, time::Duration};

use msp365::{ErrorKind, sim::Sim};

use crate::{
    Ended,
    args::{Global, Serve, SimCommand, World},
    failure::Failure,
    output,
};

pub(crate) async fn run(global: &Global, command: SimCommand) -> Result<Ended, Failure> {
    match command {
        SimCommand::Serve(serve) => self::serve(global, serve).await,
        SimCommand::Truth(world) => {
            for object in sim(global, world).build().truth() {
                output::json(&object)?;
            }
            Ok(Ended::Done)
        }
    }
}

fn sim(global: &Global, world: World) -> Sim {
    Sim::seeded(global.seed)
        .customers(usize::try_from(world.customers).unwrap_or(usize::MAX))
        .users_each(u64::from(world.users))
}

async fn serve(global: &Global, serve: Serve) -> Result<Ended, Failure> {
    let mut sim = sim(global, serve.world)
        .real_time()
        .listen(serve.listen)
        .latency(Duration::from_millis(serve.latency_ms));
    if let Some(path) = &serve.record {
        let file = File::create(path).map_err(|error| {
            Failure::new(
                ErrorKind::Other,
                format!("cannot write the recording `{}`: {error}", path.display()),
            )
        })?;
        sim = sim.record(Box::new(file));
    }
    let server = sim.start().await.map_err(msp365::Error::from)?;
    output::json(&server.announcement())?;
    server.serve_until(stopped()).await.map_err(msp365::Error::from)?;
    Ok(Ended::Done)
}

/// Resolves at the first signal to stop.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

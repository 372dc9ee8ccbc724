//! What technicians do to users: plans run against the simulated cloud, with crashes and lost answers at every step.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod every_step;
#[cfg(test)]
mod facade;
#[cfg(test)]
mod offboarding;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod scheduled;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod undo;
#[cfg(test)]
mod wire;
#[cfg(test)]
mod writes;

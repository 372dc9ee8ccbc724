//! The main job in one process: connect, list, enrol, sync, change, interrupt.

#[cfg(test)]
mod changes;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod interrupted;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod products;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod seed;
#[cfg(test)]
mod spy;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod traffic;
#[cfg(test)]
mod truth;
#[cfg(test)]
mod weather;

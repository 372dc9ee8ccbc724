//! The command as its users run it: a process with arguments, an environment, two streams and an exit code.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod bad_store;
#[cfg(test)]
mod cards;
#[cfg(test)]
mod changing;
#[cfg(test)]
mod command;
#[cfg(test)]
mod deciding;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod directly;
#[cfg(test)]
mod each_action;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod exporting;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod inviting;
#[cfg(test)]
#[cfg(unix)]
mod kill;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod many;
#[cfg(test)]
mod matching;
#[cfg(test)]
mod office;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod reports;
#[cfg(test)]
#[cfg(unix)]
mod scenario;
#[cfg(test)]
mod scoped;
#[cfg(test)]
#[cfg(unix)]
mod serve;
#[cfg(test)]
#[cfg(unix)]
mod served;
#[cfg(test)]
mod staged;
#[cfg(test)]
#[cfg(unix)]
mod tls;
#[cfg(test)]
mod waiting;
#[cfg(test)]
mod ways;
#[cfg(test)]
mod which;

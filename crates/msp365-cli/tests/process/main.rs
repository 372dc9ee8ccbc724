//! The command as its users run it: a process with arguments, an environment, two streams and an exit code.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod bad_store;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod browser;
#[cfg(test)]
mod changing;
#[cfg(test)]
mod command;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod explain;
#[cfg(test)]
#[cfg(unix)]
mod kill;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod matching;
#[cfg(test)]
mod office;
#[cfg(test)]
mod postgres;
#[cfg(test)]
#[cfg(unix)]
mod scenario;
#[cfg(test)]
#[cfg(unix)]
mod serve;
#[cfg(test)]
#[cfg(unix)]
mod served;
#[cfg(test)]
#[cfg(unix)]
mod tls;
#[cfg(test)]
mod ways;

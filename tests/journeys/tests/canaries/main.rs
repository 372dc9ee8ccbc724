//! Secrets are sought in all that programs leave behind. In a process of its own, since it takes the log of the whole.

#[cfg(test)]
mod everywhere;
#[cfg(test)]
#[cfg(unix)]
mod search;

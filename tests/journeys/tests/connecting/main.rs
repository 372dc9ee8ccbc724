//! The ways to connect, each to the end, in every cloud; and what is left of secrets on the way.

#[cfg(test)]
mod direct;
#[cfg(test)]
mod ways;

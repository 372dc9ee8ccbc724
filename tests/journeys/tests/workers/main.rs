//! Many programs on one database.

#[cfg(test)]
mod renewal;

//! Compares ways of doing the same work; the benches are in `benches/`.

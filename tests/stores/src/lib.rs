//! Runs the suite of the store on each database; the tests are in `tests/`.

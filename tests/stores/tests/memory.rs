//! The suite on the store in memory.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use msp365_store::{MemoryStore, Store};

fn store() -> Ready<(Arc<dyn Store>, ())> {
    ready((Arc::new(MemoryStore::new()), ()))
}

msp365_store::store_suite!(store());

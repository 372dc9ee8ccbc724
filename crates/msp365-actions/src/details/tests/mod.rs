//! What words of the service mean, and what follows from them, without any service.

mod devices;
mod gaps;
mod licenses;
mod owned;
mod previews;
mod sign_ins;
mod stored;
mod words;

use serde::de::DeserializeOwned;

fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap()
}

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

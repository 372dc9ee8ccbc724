//! Host names that say what a device is, not which one.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::text::is_address;

/// Names of products and defaults, folded.
const GENERIC: &[&str] = &[
    "admin-pc",
    "android",
    "apple tv",
    "chromebook",
    "computer",
    "debian",
    "default",
    "desktop",
    "device",
    "galaxy",
    "galaxy tab",
    "home",
    "home-pc",
    "host",
    "imac",
    "iphone",
    "iphone se",
    "ipad",
    "ipad air",
    "ipad mini",
    "ipad pro",
    "ipod",
    "ipod touch",
    "kali",
    "laptop",
    "linux",
    "localhost",
    "mac",
    "mac mini",
    "mac-mini",
    "macbook",
    "macbook air",
    "macbook pro",
    "macbook-air",
    "macbook-pro",
    "macbookair",
    "macbookpro",
    "mac studio",
    "mac pro",
    "mac-pro",
    "mobile",
    "my-pc",
    "mypc",
    "n/a",
    "na",
    "new-pc",
    "none",
    "notebook",
    "null",
    "office-pc",
    "owner-pc",
    "pc",
    "phone",
    "pixel",
    "raspberrypi",
    "samsung",
    "server",
    "surface",
    "tablet",
    "test",
    "test-pc",
    "ubuntu",
    "unknown",
    "user",
    "user-pc",
    "virtual machine",
    "vm",
    "win10",
    "win11",
    "windows",
    "windows-pc",
    "windows10",
    "windows11",
    "windows phone",
    "workstation",
];

static LISTED: LazyLock<FxHashSet<&str>> = LazyLock::new(|| GENERIC.iter().copied().collect());

/// Bytes of the longest generic name, including its number.
pub(super) const LONGEST: usize = 20;

/// Whether unrelated devices have this folded name: the name of a product, perhaps with the number that it appends to
/// be unique on its network (`iphone (2)`, `macbook-pro-3`), or an address.
pub(super) fn is_generic(host: &str) -> bool {
    let is_listed = |name: &str| LISTED.contains(name);
    is_address(host)
        || host.len() <= LONGEST && (is_listed(host) || without_count(host).is_some_and(is_listed))
}

/// `macbook-pro-2` and `iphone (2)` without their suffixes; two digits are somebody's naming scheme (`pc-02`).
fn without_count(host: &str) -> Option<&str> {
    let bare = host.strip_suffix(')').unwrap_or(host);
    let (name, count) = bare.rsplit_once([' ', '-'])?;
    let is_count =
        count.trim_start_matches('(').len() == 1 && count.ends_with(|end: char| end.is_ascii_digit());
    is_count.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_defaults_are_generic() {
        for name in [
            "iphone",
            "localhost",
            "desktop",
            "android",
            "iphone (2)",
            "macbook-pro-3",
            "10.0.0.7",
        ] {
            assert!(is_generic(name), "{name}");
        }
    }

    #[test]
    fn names_that_somebody_gave_are_not() {
        for name in [
            "lt-ada-01",
            "pc-02",
            "desktop-4f9k2lq",
            "ada's iphone",
            "server-ab",
            "10",
        ] {
            assert!(!is_generic(name), "{name}");
        }
    }

    #[test]
    fn the_list_is_written_as_names_are_folded() {
        for name in GENERIC {
            assert_eq!(crate::text::fold_host(name), *name);
        }
    }
}

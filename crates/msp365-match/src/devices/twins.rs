//! Old objects of a machine that was joined again.

use super::Ours;

/// A twin is stale if its successor was seen at least so many days later. Entra refreshes the time of a
/// device about every two weeks, so that less would say nothing.
pub const STALE_AFTER_DAYS: i64 = 30;

pub(super) const DAY: i64 = 24 * 60 * 60;

/// The one of these devices that stands for all, as place in the slice; `None` if they may be several
/// machines.
///
/// They are devices of one tenant with one name.
pub(super) fn newest(devices: &[&Ours]) -> Option<usize> {
    let seen: Vec<i64> = devices
        .iter()
        .map(|device| device.last_seen)
        .collect::<Option<_>>()?;
    let (place, latest) = seen.iter().copied().enumerate().max_by_key(|(_, seen)| *seen)?;
    let margin = STALE_AFTER_DAYS * DAY;
    let is_ahead = seen
        .iter()
        .enumerate()
        .all(|(other, seen)| other == place || latest.saturating_sub(*seen) >= margin);
    (is_ahead && have_one_serial(devices)).then_some(place)
}

/// Whether no two known serial numbers differ.
fn have_one_serial(devices: &[&Ours]) -> bool {
    let mut known = devices.iter().filter_map(|device| serial(device));
    let first = known.next();
    known.all(|serial| Some(serial) == first)
}

/// The serial number without spaces and case, if it is one: makers leave placeholders behind.
fn serial(device: &Ours) -> Option<String> {
    let serial: String = device
        .serial
        .as_deref()?
        .split_whitespace()
        .collect::<String>()
        .to_lowercase();
    let is_blank = serial.chars().all(|letter| matches!(letter, '0' | '.' | '-'));
    let is_placeholder = matches!(
        serial.as_str(),
        "tobefilledbyo.e.m."
            | "systemserialnumber"
            | "defaultstring"
            | "none"
            | "n/a"
            | "unknown"
            | "notspecified"
            | "0123456789"
            | "123456789"
            | "1234567890"
            | "notapplicable"
            | "invalid"
    );
    (!is_blank && !is_placeholder).then_some(serial)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(id: &str, day: i64) -> Ours {
        Ours::new(id, "lt-ada-01").tenant("contoso").last_seen(day * DAY)
    }

    #[test]
    fn the_newest_stands_for_twins_thirty_days_apart() {
        assert_eq!(newest(&[&seen("a", 10), &seen("b", 40), &seen("c", 0)]), Some(1));
    }

    #[test]
    fn devices_seen_within_thirty_days_of_each_other_are_not_told_apart() {
        assert_eq!(newest(&[&seen("a", 11), &seen("b", 40), &seen("c", 0)]), None);
    }

    #[test]
    fn a_device_never_seen_is_not_taken_for_stale() {
        let never = Ours::new("a", "lt-ada-01").tenant("contoso");

        assert_eq!(newest(&[&never, &seen("b", 40)]), None);
    }

    #[test]
    fn different_serial_numbers_are_different_machines() {
        let (old, new) = (seen("a", 0).serial("5CG 111"), seen("b", 90).serial("5CG222"));

        assert_eq!(newest(&[&old, &new]), None);
    }

    #[test]
    fn placeholder_serials_are_no_serials() {
        let (old, new) = (
            seen("a", 0).serial("To be filled by O.E.M."),
            seen("b", 90).serial("5cg 222"),
        );
        let known = seen("c", 30).serial("5CG222");

        assert_eq!(newest(&[&old, &new, &known]), Some(1));
    }

    #[test]
    fn times_at_the_ends_of_the_scale_do_no_harm() {
        let (old, new) = (
            Ours::new("a", "x").last_seen(i64::MIN),
            Ours::new("b", "x").last_seen(i64::MAX),
        );

        assert_eq!(newest(&[&old, &new]), Some(1));
    }
}

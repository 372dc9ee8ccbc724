//! Old records of a machine that was rejoined, or whose agent was reinstalled.

use super::side::Side;

/// A twin is stale if its successor was seen at least this many days later. Entra refreshes the time of a device about
/// every two weeks, so a shorter time would prove nothing.
pub const STALE_AFTER_DAYS: i64 = 30;

pub(super) const DAY: i64 = 24 * 60 * 60;

/// The record that stands for all of these; `None` if they may be several machines.
///
/// They are records of one tenant or site, with one name.
pub(super) fn newest(side: &Side<'_>, places: &[usize]) -> Option<usize> {
    let newest = places.iter().copied().max_by_key(|place| side.seen(*place))?;
    let latest = side.seen(newest)?;
    let serial = |place: &usize| side.serial_key(*place);
    let known = || places.iter().map(serial).filter(|serial| !serial.is_none());
    let first = known().next();
    if known().any(|other| Some(other) != first) {
        return None;
    }
    // One serial number means one machine, whatever the time between.
    let margin = if known().count() == places.len() {
        1
    } else {
        STALE_AFTER_DAYS * DAY
    };
    let is_ahead = places.iter().filter(|place| **place != newest).all(|place| {
        side.seen(*place)
            .is_some_and(|seen| latest.saturating_sub(seen) >= margin)
    });
    is_ahead.then_some(newest)
}

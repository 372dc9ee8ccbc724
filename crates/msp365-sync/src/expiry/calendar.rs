//! The same as a calendar file (RFC 5545).

use jiff::{Timestamp, tz::TimeZone};

use super::Expiry;

/// Days before the end on which a calendar reminds.
const REMINDERS: [u8; 3] = [30, 7, 1];
/// Octets of a line.
const WIDTH: usize = 75;

/// A calendar with an event on the day of each end, and reminders before it. The same end has the same id in each
/// calendar, so that reading one again changes nothing.
pub fn to_ical(entries: &[Expiry], now: Timestamp) -> String {
    let mut out = String::new();
    for text in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//msp365//expiry//EN"] {
        line(&mut out, text);
    }
    for entry in entries {
        event(&mut out, entry, now);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, entry: &Expiry, now: Timestamp) {
    let day = entry.ends_at.to_zoned(TimeZone::UTC).date();
    let next = day.tomorrow().unwrap_or(day);
    let kind = entry.kind.as_str().replace('_', "-");
    let words = entry.kind.as_str().replace('_', " ");
    let summary = format!("{words} ends: {} ({})", entry.name, entry.tenant_name);
    let description = format!("At the end {}. Before: {}.", entry.breaks, entry.remedy);
    line(out, "BEGIN:VEVENT");
    line(
        out,
        &format!("UID:{kind}-{}-{:016x}@msp365", entry.tenant, hash(&entry.name)),
    );
    line(out, &format!("DTSTAMP:{}", now.strftime("%Y%m%dT%H%M%SZ")));
    line(out, &format!("DTSTART;VALUE=DATE:{}", day.strftime("%Y%m%d")));
    line(out, &format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")));
    line(out, &format!("SUMMARY:{}", escaped(&summary)));
    line(out, &format!("DESCRIPTION:{}", escaped(&description)));
    line(out, "TRANSP:TRANSPARENT");
    for days in REMINDERS {
        line(out, "BEGIN:VALARM");
        line(out, "ACTION:DISPLAY");
        line(out, &format!("DESCRIPTION:{}", escaped(&summary)));
        line(out, &format!("TRIGGER:-P{days}D"));
        line(out, "END:VALARM");
    }
    line(out, "END:VEVENT");
}

/// FNV-1a: the same on every machine and in every version.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Text as a value: what would end it, or begin something else, is escaped; other control characters are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// A line, folded where it is too long, never within a character.
fn line(out: &mut String, text: &str) {
    let mut room = WIDTH;
    for character in text.chars() {
        if character.len_utf8() > room {
            out.push_str("\r\n ");
            room = WIDTH - 1;
        }
        out.push(character);
        room -= character.len_utf8();
    }
    out.push_str("\r\n");
}

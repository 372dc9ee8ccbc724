//! The texts of one side's records, as they were written.

use super::{Ours, Theirs};
use crate::texts::Texts;

/// A record as it was given.
pub(super) struct Raw<'a> {
    pub(super) id: &'a str,
    pub(super) hostname: &'a str,
    pub(super) home: Option<&'a str>,
    pub(super) serial: Option<&'a str>,
    pub(super) user: Option<&'a str>,
    pub(super) device_id: Option<&'a str>,
    pub(super) os: Option<&'a str>,
    pub(super) last_seen: Option<i64>,
}

impl<'a> From<&'a Ours> for Raw<'a> {
    fn from(device: &'a Ours) -> Self {
        Self {
            id: &device.id,
            hostname: &device.hostname,
            home: device.tenant.as_deref(),
            serial: device.serial.as_deref(),
            user: device.user.as_deref(),
            device_id: device.device_id.as_deref(),
            os: device.os.as_deref(),
            last_seen: device.last_seen,
        }
    }
}

impl<'a> From<&'a Theirs> for Raw<'a> {
    fn from(device: &'a Theirs) -> Self {
        Self {
            id: &device.id,
            hostname: &device.hostname,
            home: device.site.as_deref(),
            serial: device.serial.as_deref(),
            user: device.user.as_deref(),
            device_id: device.device_id.as_deref(),
            os: device.os.as_deref(),
            last_seen: device.last_seen,
        }
    }
}

/// A text of a record that may be needed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Id,
    Hostname,
    Serial,
    User,
}

const PARTS: [Part; 4] = [Part::Id, Part::Hostname, Part::Serial, Part::User];

impl<'a> Raw<'a> {
    fn text(&self, part: Part) -> &'a str {
        match part {
            Part::Id => self.id,
            Part::Hostname => self.hostname,
            Part::Serial => self.serial.unwrap_or_default(),
            Part::User => self.user.unwrap_or_default(),
        }
    }
}

/// The texts of one side: in the caller's records if those were given all at once, otherwise packed one after another.
#[derive(Debug, Clone)]
pub(super) enum Source<'a> {
    Ours(&'a [Ours]),
    Theirs(&'a [Theirs]),
    Packed(Texts<4>),
}

impl Source<'_> {
    /// The text of a record; empty if it has none.
    pub(super) fn text(&self, place: usize, part: Part) -> &str {
        match self {
            Self::Ours(rows) => rows.get(place).map_or("", |row| Raw::from(row).text(part)),
            Self::Theirs(rows) => rows.get(place).map_or("", |row| Raw::from(row).text(part)),
            Self::Packed(texts) => texts.get(place, part as usize),
        }
    }

    /// Adds a record to the packed ones; borrowed ones are packed first.
    pub(super) fn push(&mut self, record: &Raw<'_>) {
        let mut packed = match self {
            Self::Packed(texts) => return pack(texts, record),
            Self::Ours(_) | Self::Theirs(_) => Texts::default(),
        };
        match self {
            Self::Ours(rows) => rows.iter().for_each(|row| pack(&mut packed, &row.into())),
            Self::Theirs(rows) => rows.iter().for_each(|row| pack(&mut packed, &row.into())),
            Self::Packed(_) => {}
        }
        pack(&mut packed, record);
        *self = Self::Packed(packed);
    }
}

fn pack(texts: &mut Texts<4>, record: &Raw<'_>) {
    texts.push(|part, text| text.push_str(PARTS.get(part).map_or("", |part| record.text(*part))));
}

impl Default for Source<'_> {
    fn default() -> Self {
        Self::Packed(Texts::default())
    }
}

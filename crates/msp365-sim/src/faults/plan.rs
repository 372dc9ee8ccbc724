//! Faults as text: what `--faults` takes and what scenario files hold.

use std::{fmt, str::FromStr};

use http::Method;

use super::{
    Installed, Script,
    board::{Filter, Luck},
    catalogue,
    row::Fault,
};
use crate::{Cloud, Error, error::PlanProblem};

/// Which faults a cloud has, how often each, and whom it meets.
///
/// A plan is a list of faults between commas. Each is an id, perhaps a share of the requests it meets, and any number
/// of limits behind colons:
///
/// | written | meets |
/// |---|---|
/// | `F070` | as often as the fault does by itself, most of them once |
/// | `F020@5%` | one fitting request in twenty, for ever; which ones follows the seed of the cloud |
/// | `F020@0.5%:seed=3` | one in two hundred, by a seed of its own |
/// | `F033:first=4` | the first four |
/// | `F033:every=10` | each tenth |
/// | `F033:skip=5` | those behind the first five |
/// | `F038:always` | all |
/// | `F137:tenant=…` | those of a tenant, by its id |
/// | `F040:method=POST` | those of a method |
/// | `F033:path=/v1.0/groups` | those whose path begins so |
/// | `F194:operation=POST users/{id}/assignLicense` | those of an operation, as the ledger writes it |
/// | `F052:variant=3` | with one of the fault's ways to show, counted from 0 |
/// | `F016:size=70` | with another number in its description |
///
/// Limits can be combined; a request has to fit all of them. A plan is installed in its order.
///
/// ```
/// use msp365_sim::{FaultPlan, Sim};
///
/// let plan: FaultPlan = "F070, F020@5%:seed=3, F033:first=2:path=/v1.0/users".parse()?;
/// let cloud = Sim::seeded(7).customers(1).users_each(3).build();
/// assert_eq!(plan.install(&cloud).len(), 3);
///
/// let refused = "F020@5".parse::<FaultPlan>().unwrap_err();
/// assert!(refused.to_string().contains("`5` is no share"));
/// # Ok::<(), msp365_sim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaultPlan {
    entries: Vec<Entry>,
}

/// One fault of a plan.
#[derive(Debug, Clone)]
struct Entry {
    fault: &'static Fault,
    filter: Filter,
    /// In a thousand, by the cloud's seed unless there is another.
    rate: Option<(u32, Option<u64>)>,
    /// As it was written.
    text: String,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.fault.id == other.fault.id && self.filter == other.filter && self.rate == other.rate
    }
}

impl Eq for Entry {}

/// What may stand behind a colon.
const KEYS: [&str; 11] = [
    "first",
    "every",
    "skip",
    "always",
    "tenant",
    "method",
    "path",
    "operation",
    "variant",
    "size",
    "seed",
];

impl FaultPlan {
    /// Whether it has no faults.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The ids of its faults, in order.
    pub fn ids(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().map(|entry| entry.fault.id)
    }

    /// Puts all of it to work in a cloud, behind what is installed there already.
    pub fn install(&self, cloud: &Cloud) -> Vec<Installed> {
        let install = |entry: &Entry| {
            let mut filter = entry.filter.clone();
            filter.luck = entry.rate.map(|(per_mille, seed)| Luck {
                per_mille,
                seed: seed.unwrap_or_else(|| cloud.seed()),
            });
            let script = Script {
                cloud: cloud.clone(),
                fault: entry.fault,
                filter,
            };
            script.install()
        };
        self.entries.iter().map(install).collect()
    }
}

impl FromStr for FaultPlan {
    type Err = Error;

    /// Reads a plan; a text of blanks is an empty one.
    ///
    /// # Errors
    /// `Invalid` where a part is no fault, or has a limit that is none.
    fn from_str(text: &str) -> Result<Self, Error> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let entries = text.split(',').map(entry).collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }
}

impl fmt::Display for FaultPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, entry) in self.entries.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{}", entry.text)?;
        }
        Ok(())
    }
}

fn entry(text: &str) -> Result<Entry, Error> {
    let text = text.trim();
    let wrong = |problem| Error::FaultPlan {
        entry: text.to_owned(),
        problem,
    };
    let mut parts = text.split(':').map(str::trim);
    let head = parts.next().unwrap_or_default();
    let (id, share) = match head.split_once('@') {
        Some((id, share)) => (id.trim(), Some(share.trim())),
        None => (head, None),
    };
    if id.is_empty() {
        return Err(wrong(PlanProblem::Nothing));
    }
    let fault = catalogue::known(id)?;
    let rate = share.map(rate).transpose().map_err(wrong)?;
    let mut entry = Entry {
        fault,
        filter: Filter::of(fault),
        rate: rate.map(|rate| (rate, None)),
        text: text.to_owned(),
    };
    if rate.is_some() {
        entry.filter.times = None;
    }
    let mut given = Vec::new();
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let (key, value) = (key.trim(), value.trim());
        let contradicts =
            matches!(key, "first" | "always") && (given.contains(&"first") || given.contains(&"always"));
        if given.contains(&key) || contradicts {
            return Err(wrong(PlanProblem::Twice { key: key.to_owned() }));
        }
        given.push(key);
        limit(&mut entry, key, value).map_err(wrong)?;
    }
    Ok(entry)
}

/// A share such as `5%` or `0.5%`, in a thousand.
fn rate(text: &str) -> Result<u32, PlanProblem> {
    let read = || {
        let number = text.strip_suffix('%')?.trim_end();
        let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        if !is_number(whole) || !is_number(tenths) || tenths.len() > 1 || whole.len() > 3 {
            return None;
        }
        let rate = whole.parse::<u32>().ok()? * 10 + tenths.parse::<u32>().ok()?;
        (1..=1_000).contains(&rate).then_some(rate)
    };
    read().ok_or_else(|| PlanProblem::Rate {
        given: text.to_owned(),
    })
}

fn limit(entry: &mut Entry, key: &str, value: &str) -> Result<(), PlanProblem> {
    let wrong = |wanted| PlanProblem::Value {
        key: key.to_owned(),
        given: value.to_owned(),
        wanted,
    };
    let number = || value.parse::<u64>().map_err(|_| wrong("number"));
    let positive = || {
        number().and_then(|number| {
            (number > 0)
                .then_some(number)
                .ok_or_else(|| wrong("number above 0"))
        })
    };
    let filter = &mut entry.filter;
    match key {
        "first" => filter.times = Some(positive()?),
        "every" => filter.every = positive()?,
        "skip" => filter.skip = number()?,
        "size" => filter.size = number()?,
        "always" if value.is_empty() => filter.times = None,
        "always" => return Err(wrong("limit on its own")),
        "tenant" => filter.tenant = Some(value.parse().map_err(|_| wrong("id of a tenant"))?),
        "method" => {
            let known = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"];
            let method = value.to_ascii_uppercase();
            let method = known
                .contains(&method.as_str())
                .then(|| method.parse::<Method>().ok());
            filter.method = Some(method.flatten().ok_or_else(|| wrong("method of HTTP"))?);
        }
        "path" if value.starts_with('/') => value.clone_into(&mut filter.path),
        "path" => return Err(wrong("beginning of a path, from `/` on")),
        "operation" if value.contains(' ') => filter.operation = Some(value.to_owned()),
        "operation" => return Err(wrong("method and path such as `POST users`")),
        "variant" => {
            let ways = entry.fault.variants.len();
            let variant = value.parse::<usize>().ok().filter(|variant| *variant < ways);
            filter.variant = Some(variant.ok_or_else(|| wrong("way in which the fault can show"))?);
        }
        "seed" => {
            let seed = number()?;
            match &mut entry.rate {
                Some((_, own)) => *own = Some(seed),
                None => return Err(wrong("seed of a share, which is not given")),
            }
        }
        _ => {
            return Err(PlanProblem::Key {
                given: key.to_owned(),
                known: &KEYS,
            });
        }
    }
    Ok(())
}

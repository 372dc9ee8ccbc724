//! Sign-ins of somebody, and choosing among them.

use jiff::Timestamp;
use msp365_core::query::Filter;
use msp365_graph::{
    devices::Compliance,
    sign_in_errors::{self, SignInError},
    sign_ins::{AppliedPolicy, ConditionalAccess, Location, Outcome, PolicyResult, SignIn},
};
use msp365_store::Pattern;
use serde::{Deserialize, Serialize};

/// One sign-in by the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SignInEntry {
    /// The id in the log.
    pub id: String,
    /// When.
    pub at: Option<Timestamp>,
    /// How it ended; `None` where the log does not say.
    pub status: Option<Outcome>,
    /// The error number; 0 for success.
    pub code: Option<i64>,
    /// What that number means; the log's own words where it is not known here.
    pub reason: Option<String>,
    /// What to do about it.
    pub remedy: Option<&'static str>,
    /// Whether the device met policy.
    pub compliance: Compliance,
    /// The device's host name, where Microsoft supplies it.
    pub device: Option<String>,
    /// The device's operating system.
    pub os: Option<String>,
    /// The address it came from. It need not lie where the person was.
    pub ip_address: Option<String>,
    /// What had to be proved; `None` where the log was read in a version that does not tell it.
    pub requirement: Option<Requirement>,
    /// Town, state and country of the address: an estimate.
    pub location: Option<String>,
    /// What was reached.
    pub resource: Option<String>,
    /// The application that was used.
    pub application: Option<String>,
    /// Whether policies of Conditional Access applied.
    pub conditional_access: Applied,
    /// The policies that were looked at, with what came of each.
    pub policies: Vec<PolicyEntry>,
}

/// What had to be proved for a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Requirement {
    /// One factor.
    SingleFactor,
    /// A second factor, too.
    MultiFactor,
    /// A word that is not known here.
    Other(String),
}

impl Requirement {
    /// What `authenticationRequirement` means.
    pub fn of(word: &str) -> Self {
        match word {
            "singleFactorAuthentication" => Self::SingleFactor,
            "multiFactorAuthentication" => Self::MultiFactor,
            other => Self::Other(other.to_owned()),
        }
    }

    /// It in words.
    pub fn words(&self) -> &str {
        match self {
            Self::SingleFactor => "single factor",
            Self::MultiFactor => "multi-factor",
            Self::Other(word) => word,
        }
    }
}

/// A policy of Conditional Access, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PolicyEntry {
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What came of it.
    pub result: PolicyOutcome,
}

/// What came of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PolicyOutcome {
    /// It applied, and was met.
    Met,
    /// It applied, and was not met.
    NotMet,
    /// It only reports: nothing was demanded.
    ReportOnly,
    /// It did not apply, or is switched off.
    NotApplied,
    /// The service does not say, or by a word that is not known here.
    Unknown,
}

impl PolicyOutcome {
    /// What the service's word means.
    pub const fn of(result: Option<&PolicyResult>) -> Self {
        match result {
            Some(PolicyResult::Success) => Self::Met,
            Some(PolicyResult::Failure) => Self::NotMet,
            Some(
                PolicyResult::ReportOnlySuccess
                | PolicyResult::ReportOnlyFailure
                | PolicyResult::ReportOnlyNotApplied
                | PolicyResult::ReportOnlyInterrupted,
            ) => Self::ReportOnly,
            Some(PolicyResult::NotApplied | PolicyResult::NotEnabled) => Self::NotApplied,
            _ => Self::Unknown,
        }
    }

    /// Whether the policy took part.
    pub const fn is_applied(self) -> bool {
        matches!(self, Self::Met | Self::NotMet)
    }
}

/// Whether policies of Conditional Access applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Applied {
    /// At least one did.
    Applied,
    /// None did: not applicable.
    NotApplicable,
    /// Some did, and the service does not show which: that takes the permission for policies.
    NotShown,
}

impl Applied {
    /// What policies and the status of a sign-in mean together.
    pub fn of(policies: &[PolicyEntry], status: Option<&ConditionalAccess>) -> Self {
        if policies.iter().any(|policy| policy.result.is_applied()) {
            return Self::Applied;
        }
        match status {
            Some(ConditionalAccess::Success | ConditionalAccess::Failure) => Self::NotShown,
            Some(ConditionalAccess::NotApplied) => Self::NotApplicable,
            _ if policies.is_empty() => Self::NotShown,
            _ => Self::NotApplicable,
        }
    }
}

/// How a sign-in ended, by its error number. A number that is not known is a failure.
pub fn status(code: i64) -> Outcome {
    let class = u32::try_from(code).ok().and_then(sign_in_errors::find);
    match class.map(|error| error.class) {
        Some(sign_in_errors::Class::Success) => Outcome::Success,
        Some(sign_in_errors::Class::Interrupted) => Outcome::Interrupted,
        Some(sign_in_errors::Class::Failure) | None => Outcome::Failure,
    }
}

/// Whether the device of a sign-in met policy.
pub const fn compliance(is_compliant: Option<bool>) -> Compliance {
    match is_compliant {
        Some(true) => Compliance::Compliant,
        Some(false) => Compliance::NonCompliant,
        None => Compliance::NotApplicable,
    }
}

impl SignInEntry {
    pub(super) fn of(sign_in: SignIn) -> Self {
        let policies: Vec<_> = sign_in
            .applied_conditional_access_policies
            .iter()
            .map(policy)
            .collect();
        let code = sign_in.status.as_ref().and_then(|status| status.error_code);
        let known = code.and_then(|code| sign_in_errors::find(u32::try_from(code).ok()?));
        let told = sign_in.status.and_then(|status| status.failure_reason);
        let device = sign_in.device_detail;
        let requirement = sign_in.extra.get("authenticationRequirement");
        Self {
            id: sign_in.id,
            at: sign_in.created_date_time,
            status: code.map(status),
            code,
            reason: known
                .map(|error| error.meaning.to_owned())
                .or(told)
                .filter(|_| code != Some(0)),
            remedy: known.map(|error| error.remedy).filter(|_| code != Some(0)),
            compliance: compliance(device.as_ref().and_then(|device| device.is_compliant)),
            os: device.as_ref().and_then(|device| device.operating_system.clone()),
            device: device
                .and_then(|device| device.display_name)
                .filter(|name| !name.is_empty()),
            ip_address: sign_in.ip_address,
            requirement: requirement.and_then(|word| Some(Requirement::of(word.as_str()?))),
            location: sign_in.location.as_ref().and_then(place),
            resource: sign_in.resource_display_name,
            application: sign_in.app_display_name,
            conditional_access: Applied::of(&policies, sign_in.conditional_access_status.as_ref()),
            policies,
        }
    }

    /// The policies that took part.
    pub fn policies_applied(&self) -> impl Iterator<Item = &PolicyEntry> {
        self.policies.iter().filter(|policy| policy.result.is_applied())
    }
}

fn policy(policy: &AppliedPolicy) -> PolicyEntry {
    PolicyEntry {
        id: policy.id.clone(),
        name: policy.display_name.clone(),
        result: PolicyOutcome::of(policy.result.as_ref()),
    }
}

/// Town, state and country, as far as they are told.
fn place(location: &Location) -> Option<String> {
    let parts = [&location.city, &location.state, &location.country_or_region];
    let told: Vec<&str> = parts
        .into_iter()
        .filter_map(|part| part.as_deref())
        .filter(|part| !part.is_empty())
        .collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// Which sign-ins are wanted. Texts are patterns with `%` and `_`, as in lists; all conditions have to hold. The service
/// itself is asked for the period, and for the status unless failures are wanted, so that these reach all of the log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignInFilter {
    /// Not before this moment.
    pub since: Option<Timestamp>,
    /// Not after this moment.
    pub until: Option<Timestamp>,
    /// How they ended; empty: in any way.
    pub status: Vec<Outcome>,
    /// Whether the device met policy; empty: any.
    pub compliance: Vec<Compliance>,
    /// The device's host name.
    pub device: Option<String>,
    /// The address.
    pub ip_address: Option<String>,
    /// Town, state and country.
    pub location: Option<String>,
    /// What was reached.
    pub resource: Option<String>,
    /// The name of a policy that applied.
    pub policy: Option<String>,
}

impl SignInFilter {
    /// Whether a sign-in is wanted. One without a value meets no pattern for it.
    pub fn accepts(&self, entry: &SignInEntry) -> bool {
        let status = self.status.is_empty() || entry.status.is_some_and(|own| self.status.contains(&own));
        let is_in = |at: Timestamp| {
            self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at <= until)
        };
        let period = entry
            .at
            .map_or(self.since.is_none() && self.until.is_none(), is_in);
        let compliance = self.compliance.is_empty() || self.compliance.contains(&entry.compliance);
        let fits = |pattern: &Option<String>, value: &Option<String>| match pattern {
            None => true,
            Some(pattern) => value
                .as_ref()
                .is_some_and(|value| Pattern::new(pattern).fits(value)),
        };
        let policy = self.policy.as_ref().is_none_or(|pattern| {
            let pattern = Pattern::new(pattern);
            let mut names = entry
                .policies_applied()
                .filter_map(|policy| policy.name.as_deref());
            names.any(|name| pattern.fits(name))
        });
        status
            && period
            && compliance
            && policy
            && fits(&self.device, &entry.device)
            && fits(&self.ip_address, &entry.ip_address)
            && fits(&self.location, &entry.location)
            && fits(&self.resource, &entry.resource)
    }

    /// What the service is asked for of somebody's sign-ins, none of them older than this.
    pub(super) fn asked(&self, user: &str, oldest: Timestamp) -> Filter<SignIn> {
        let since = self.since.map_or(oldest, |since| since.max(oldest));
        let mut asked = SignIn::USER_ID.eq(user).and(SignIn::CREATED_DATE_TIME.ge(since));
        if let Some(until) = self.until {
            asked = asked.and(SignIn::CREATED_DATE_TIME.le(until));
        }
        match self.numbers() {
            Some(numbers) => asked.and(numbers),
            None => asked,
        }
    }

    /// The status in error numbers. Failures have no end of these, and the service knows no others than equal.
    fn numbers(&self) -> Option<Filter<SignIn>> {
        if self.status.contains(&Outcome::Failure) {
            return None;
        }
        let class = |error: &SignInError| match error.class {
            sign_in_errors::Class::Success => Outcome::Success,
            sign_in_errors::Class::Interrupted => Outcome::Interrupted,
            sign_in_errors::Class::Failure => Outcome::Failure,
        };
        let known = sign_in_errors::all().filter(|error| self.status.contains(&class(error)));
        let each = known.map(|error| SignIn::ERROR_CODE.eq(i64::from(error.number)));
        each.reduce(Filter::or)
    }
}

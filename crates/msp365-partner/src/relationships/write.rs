//! Creating, changing and ending relationships.

use jiff::Span;
use msp365_core::{Operation, Page, Path, Request, operation::Verb};
use serde_json::{Map, Value, json};

use super::{
    NEWER_VALUES, PAGE, READ, Relationship, RelationshipCustomer, RelationshipRequest, RequestAction, WRITE,
    assignments::{details, versioned},
    place,
};
use crate::roles::GLOBAL_ADMINISTRATOR;

pub(super) static OPERATIONS: &[&Operation] = &[&CREATE, &UPDATE, &DELETE, &REQUEST, &REQUESTS];

/// Longest name, in characters.
const NAME: usize = 50;
/// Longest relationship, in days.
const DAYS: i64 = 731;

static CREATE: Operation = Operation::new(
    Verb::Post,
    "relationships.create",
    "tenantRelationships/delegatedAdminRelationships",
)
.permission(WRITE)
.note("a name is unique within the partner, 50 characters; one day to two years");
static UPDATE: Operation = Operation::new(
    Verb::Patch,
    "relationships.update",
    "tenantRelationships/delegatedAdminRelationships/{relationship}",
)
.permission(WRITE)
.once()
.note("`If-Match`; of an active one only how it is extended, and to drop Global Administrator");
static DELETE: Operation = Operation::new(
    Verb::Delete,
    "relationships.delete",
    "tenantRelationships/delegatedAdminRelationships/{relationship}",
)
.permission(WRITE)
.note("`If-Match`; only before it was sent");
static REQUEST: Operation = Operation::new(
    Verb::Post,
    "relationships.request",
    "tenantRelationships/delegatedAdminRelationships/{relationship}/requests",
)
.permission(WRITE)
.note("approving and rejecting is the customer's");
static REQUESTS: Operation = Operation::pages(
    "relationships.requests",
    "tenantRelationships/delegatedAdminRelationships/{relationship}/requests",
    PAGE,
)
.permission(READ)
.note("`Prefer: include-unknown-enum-members`");

/// Drafts a relationship, to be [sent to the customer](send_to_customer).
///
/// It is sent once: after a lost answer, look for the name.
///
/// Permission: `DelegatedAdminRelationship.ReadWrite.All`.
pub fn create(draft: &NewRelationship) -> Request<Relationship> {
    let request = CREATE.one(place());
    match draft.body() {
        Ok(body) => request.json(body),
        Err(reason) => request.refuse(reason),
    }
}

/// Changes a relationship, naming the version it was read with. For an active one the service accepts changes only to
/// its automatic extension, and to roles without Global Administrator.
///
/// Permission: `DelegatedAdminRelationship.ReadWrite.All`.
pub fn update(relationship: &Relationship, edit: &RelationshipEdit) -> Request<()> {
    let request = versioned(
        UPDATE.command(place().segment(&relationship.id)),
        relationship.etag.as_deref(),
    );
    match edit.body() {
        Ok(body) => request.json(body),
        Err(reason) => request.refuse(reason),
    }
}

/// Deletes a draft, naming the version it was read with.
///
/// Permission: `DelegatedAdminRelationship.ReadWrite.All`.
pub fn delete(relationship: &Relationship) -> Request<()> {
    versioned(
        DELETE.command(place().segment(&relationship.id)),
        relationship.etag.as_deref(),
    )
}

/// Sends a draft to the customer, who accepts it at [`Relationship::invitation`] within 90 days.
///
/// Permission: `DelegatedAdminRelationship.ReadWrite.All`.
pub fn send_to_customer(relationship: impl AsRef<str>) -> Request<RelationshipRequest> {
    request(relationship, &RequestAction::LockForApproval)
}

/// Ends a relationship.
///
/// Permission: `DelegatedAdminRelationship.ReadWrite.All`.
pub fn terminate(relationship: impl AsRef<str>) -> Request<RelationshipRequest> {
    request(relationship, &RequestAction::Terminate)
}

/// Makes a request about a relationship. It is sent once: after a lost answer, look at the [requests].
///
/// Permission: `DelegatedAdminRelationship.ReadWrite.All`.
pub fn request(relationship: impl AsRef<str>, action: &RequestAction) -> Request<RelationshipRequest> {
    let request = REQUEST
        .one(requests_of(relationship.as_ref()))
        .json(json!({ "action": action.as_str() }));
    match action {
        RequestAction::LockForApproval | RequestAction::Terminate => request,
        RequestAction::Approve | RequestAction::Reject | RequestAction::Other(_) => {
            request.refuse("a partner sends or ends a relationship, the rest is the customer's")
        }
    }
}

/// The requests about a relationship, and their progress.
///
/// Permission: `DelegatedAdminRelationship.Read.All`. Pages of 300.
pub fn requests(relationship: impl AsRef<str>) -> Request<Page<RelationshipRequest>> {
    REQUESTS
        .list(requests_of(relationship.as_ref()))
        .top(PAGE)
        .header(NEWER_VALUES.0, NEWER_VALUES.1)
}

fn requests_of(relationship: &str) -> Path {
    place().segment(relationship).segment("requests")
}

/// Whether a relationship is extended automatically at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AutoExtend {
    /// It ends.
    Off,
    /// It is extended by 180 days each time.
    HalfYear,
}

impl AutoExtend {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "PT0S",
            Self::HalfYear => "P180D",
        }
    }
}

/// A relationship to be drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewRelationship {
    /// The name, unique within the partner.
    pub display_name: String,
    /// The tenant id of the customer; without one any customer may accept.
    pub customer: Option<String>,
    /// The roles, by template id.
    pub roles: Vec<String>,
    /// How long it lasts, ISO 8601: one day to two years.
    pub duration: String,
    /// Whether it is extended automatically.
    pub auto_extend: AutoExtend,
}

impl NewRelationship {
    /// A relationship of two years with one customer, extended automatically unless it covers Global Administrator.
    pub fn new<S: Into<String>>(
        display_name: impl Into<String>,
        customer: impl Into<String>,
        roles: impl IntoIterator<Item = S>,
    ) -> Self {
        let roles: Vec<String> = roles.into_iter().map(Into::into).collect();
        let auto_extend = if covers_global(&roles) {
            AutoExtend::Off
        } else {
            AutoExtend::HalfYear
        };
        Self {
            display_name: display_name.into(),
            customer: Some(customer.into()),
            roles,
            duration: "P730D".to_owned(),
            auto_extend,
        }
    }

    fn body(&self) -> Result<Value, &'static str> {
        fits_name(&self.display_name)?;
        fits_duration(&self.duration)?;
        if self.auto_extend == AutoExtend::HalfYear && covers_global(&self.roles) {
            return Err("a relationship with Global Administrator cannot go on by itself");
        }
        let mut body = json!({
            "displayName": self.display_name,
            "duration": self.duration,
            "autoExtendDuration": self.auto_extend.as_str(),
            "accessDetails": details(&self.roles)?,
        });
        if let (Some(customer), Some(members)) = (&self.customer, body.as_object_mut()) {
            members.insert("customer".to_owned(), json!({ "tenantId": customer }));
        }
        Ok(body)
    }
}

/// Changes to a relationship; `None` leaves a field as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RelationshipEdit {
    /// The name.
    pub display_name: Option<String>,
    /// How long it lasts, ISO 8601.
    pub duration: Option<String>,
    /// The customer.
    pub customer: Option<RelationshipCustomer>,
    /// The roles, by template id.
    pub roles: Option<Vec<String>>,
    /// Whether it is extended automatically.
    pub auto_extend: Option<AutoExtend>,
}

impl RelationshipEdit {
    fn body(&self) -> Result<Value, &'static str> {
        let mut body = Map::new();
        if let Some(name) = &self.display_name {
            fits_name(name)?;
            body.insert("displayName".to_owned(), json!(name));
        }
        if let Some(duration) = &self.duration {
            fits_duration(duration)?;
            body.insert("duration".to_owned(), json!(duration));
        }
        if let Some(customer) = &self.customer {
            body.insert("customer".to_owned(), json!(customer));
        }
        if let Some(roles) = &self.roles {
            body.insert("accessDetails".to_owned(), details(roles)?);
        }
        if let Some(extend) = self.auto_extend {
            body.insert("autoExtendDuration".to_owned(), json!(extend.as_str()));
        }
        if body.is_empty() {
            Err("nothing is changed")
        } else {
            Ok(Value::Object(body))
        }
    }
}

fn covers_global(roles: &[String]) -> bool {
    roles
        .iter()
        .any(|role| role.eq_ignore_ascii_case(GLOBAL_ADMINISTRATOR))
}

fn fits_name(name: &str) -> Result<(), &'static str> {
    let length = name.chars().count();
    ((1..=NAME).contains(&length))
        .then_some(())
        .ok_or("a relationship has a name of 1 to 50 characters")
}

fn fits_duration(text: &str) -> Result<(), &'static str> {
    let days = text.parse::<Span>().map_or(0, |span| {
        i64::from(span.get_years()) * 365
            + i64::from(span.get_months()) * 30
            + i64::from(span.get_weeks()) * 7
            + i64::from(span.get_days())
    });
    let fits = (1..=DAYS).contains(&days);
    fits.then_some(())
        .ok_or("a relationship lasts one day to two years, in ISO 8601")
}

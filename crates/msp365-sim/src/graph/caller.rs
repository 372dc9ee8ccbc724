//! One call in its world: the tenant it reaches, the rights it has, and the shapes of answers.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map},
    ops::Bound,
};

use http::{Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{answer::Answer, denied, expand, rights::Right};
use crate::{
    api::{ApiCall, ApiVersion},
    odata::{self, Advanced, Listed, Listing, Options, Refused, Rules, Selection, Shape},
    world::{Json, Row, Table, Tenant, World, packed::Packed},
};

pub(super) struct Caller<'a> {
    pub(super) world: &'a World,
    pub(super) call: &'a ApiCall,
    pub(super) tenant: &'a Tenant,
}

impl<'a> Caller<'a> {
    /// The call, if its token is one of the tenant it wants to reach.
    pub(super) fn new(world: &'a World, call: &'a ApiCall) -> Result<Self, Refused> {
        let tenant = world
            .tenant(call.tenant)
            .filter(|_| call.claims.tid == call.tenant)
            .ok_or_else(|| {
                Refused::new(
                    StatusCode::UNAUTHORIZED,
                    "InvalidAuthenticationToken",
                    "Access token validation failure. Invalid tenant.",
                )
            })?;
        Ok(Self { world, call, tenant })
    }

    /// Refuses every other method.
    pub(super) fn only(&self, method: &Method) -> Result<(), Refused> {
        if self.call.method == *method {
            Ok(())
        } else {
            Err(Refused::method(&self.call.method))
        }
    }

    /// Refuses a call without this right.
    pub(super) fn demand(&self, right: &Right) -> Result<(), Refused> {
        if !right.is_permitted(&self.call.claims) {
            return Err((right.refusal)());
        }
        self.demand_role(right)
    }

    /// Refuses a person without a role for this, whatever its token permits.
    pub(super) fn demand_role(&self, right: &Right) -> Result<(), Refused> {
        if self.call.claims.app_only || right.directory.is_empty() {
            return Ok(());
        }
        let oid = self.call.claims.oid.as_deref().ok_or_else(denied)?;
        let at_home = self.tenant.users.has(oid);
        if at_home && right.members_may {
            return Ok(());
        }
        let mut held = self.world.directory_roles(self.tenant.id, oid, self.call.now);
        if let Some(user) = self.subject() {
            held.extend(self.roles_over(user));
        }
        if held.iter().any(|role| right.directory.contains(&role.as_str())) {
            Ok(())
        } else {
            Err((right.refusal)())
        }
    }

    /// The user that the call is about, by its path, if any role may hold over some users alone.
    fn subject(&self) -> Option<&'a str> {
        if self.tenant.register.units.is_empty() {
            return None;
        }
        match self.call.path.as_slice() {
            [collection, user, ..] if collection == "users" => {
                super::users::find(self, user).map(|(id, _)| id)
            }
            _ => None,
        }
    }

    /// The roles with which the caller, a person or an application, acts on a user.
    pub(super) fn roles_over(&self, user: &str) -> Vec<String> {
        let claims = &self.call.claims;
        let actor = if claims.app_only {
            self.tenant.principal_of(&claims.appid)
        } else {
            claims.oid.as_deref()
        };
        let (tenant, now) = (self.tenant.id, self.call.now);
        let Some(actor) = actor else {
            return Vec::new();
        };
        let mut held = self.world.roles_over(tenant, actor, user, now);
        if self.call.method == Method::GET {
            held.extend(self.world.directory_roles(tenant, actor, now));
        }
        held
    }

    /// Whether a restricted unit keeps all from changing a user who hold no role over it. It keeps nobody from reading.
    pub(super) fn is_kept(&self, user: &str) -> bool {
        self.call.method != Method::GET && self.tenant.is_restricted(user)
    }

    /// The signed-in account; there is none behind an app-only token.
    pub(super) fn me(&self) -> Result<&'a str, Refused> {
        self.call
            .claims
            .oid
            .as_deref()
            .filter(|_| !self.call.claims.app_only)
            .ok_or_else(|| {
                Refused::new(
                    StatusCode::BAD_REQUEST,
                    "BadRequest",
                    "/me request is only valid with delegated authentication flow.",
                )
            })
    }

    /// Whether the call is an advanced query.
    pub(super) fn advanced(&self) -> Advanced {
        match self.call.header("consistencylevel") {
            Some(level) if level.eq_ignore_ascii_case("eventual") => Advanced::Asked,
            _ => Advanced::No,
        }
    }

    pub(super) fn options(&self, rules: &Rules) -> Result<Options, Refused> {
        Options::read(&self.call.query, self.advanced(), rules)
    }

    /// Scheme, host and version.
    pub(super) fn root(&self) -> String {
        let version = match self.call.version {
            ApiVersion::V1 => "v1.0",
            ApiVersion::Beta => "beta",
        };
        format!("{}/{version}", self.call.base)
    }

    /// The absolute URL of this call without its query.
    pub(super) fn url(&self) -> String {
        let path: Vec<String> = self
            .call
            .path
            .iter()
            .map(|segment| utf8_percent_encode(segment, SEGMENT).to_string())
            .collect();
        format!("{}/{}", self.root(), path.join("/"))
    }

    pub(super) fn context(&self, what: &str, selection: Option<&Selection>) -> String {
        let named = selection
            .and_then(Selection::named)
            .map(|names| format!("({})", names.join(",")));
        format!("{}/$metadata#{what}{}", self.root(), named.unwrap_or_default())
    }

    /// A page of rows.
    pub(super) fn collection<'r, R, I>(
        &self,
        what: &str,
        options: &Options,
        rows_after: impl Fn(Option<&str>) -> I,
    ) -> Result<Answer, Refused>
    where
        R: Into<Listed<'r>>,
        I: Iterator<Item = (&'r str, R)>,
    {
        let place = Listing {
            tenant: self.tenant.id.to_string(),
            url: self.url(),
            context: self.context(what, Some(&options.selection)),
            now: self.call.now.as_second(),
        };
        let expansion = expand::of(self, options.selection.shape())?;
        let page = odata::list(&place, options, &rows_after)?;
        let Some(expansion) = expansion else {
            return Ok(Answer::Text(page.into_text(&options.selection)));
        };
        let mut body = page.into_value(&options.selection);
        let find = |id: &str| rows_after(None).find(|(own, _)| *own == id);
        expansion.apply(self, &mut body, |id| {
            find(id).map(|(_, row)| row.into().into_json())
        });
        Ok(Answer::Json(body))
    }

    /// A page of the present rows of a table.
    pub(super) fn table(&self, what: &str, rules: &Rules, table: &'a Table) -> Result<Answer, Refused> {
        let options = self.options(rules)?;
        self.collection(what, &options, |from| kept_after(table, from))
    }

    /// A page of rows that are kept in a list.
    pub(super) fn listed(&self, what: &str, rules: &Rules, rows: &'a [Json]) -> Result<Answer, Refused> {
        let options = self.options(rules)?;
        self.collection(what, &options, |from| {
            let at = from.and_then(|from| rows.iter().position(|row| id_of(row) == from));
            rows.iter()
                .skip(at.map_or(0, |at| at + 1))
                .map(|row| (id_of(row), Cow::Borrowed(row)))
        })
    }

    /// How many rows there are, as a bare number.
    pub(super) fn count<'b>(
        &self,
        rules: &Rules,
        rows: impl Iterator<Item = Cow<'b, Json>>,
    ) -> Result<Answer, Refused> {
        if self.advanced() == Advanced::No {
            return Err(Refused::bad("$count is not currently supported."));
        }
        let mut query = self.call.query.clone();
        query.push(("$count".to_owned(), "true".to_owned()));
        let rules = Rules {
            options: "$filter $search $count",
            ..*rules
        };
        let options = Options::read(&query, Advanced::Asked, &rules)?;
        Ok(Answer::Count(rows.filter(|row| options.keeps(row)).count()))
    }

    /// One object with what `$select` asks for.
    pub(super) fn entity(
        &self,
        what: &str,
        shape: &'static Shape,
        row: Option<&Json>,
        id: &str,
    ) -> Result<Answer, Refused> {
        let expansion = expand::of(self, shape)?;
        if let Some((name, _)) = self.call.query.iter().find(|(name, _)| {
            let counts = name == "$count" && expansion.is_some();
            name.starts_with('$') && !["$select", "$expand"].contains(&name.as_str()) && !counts
        }) {
            return Err(Refused::bad(format!(
                "The query option '{name}' is not allowed here."
            )));
        }
        let selection = Selection::parse(self.call.option("$select"), shape)?;
        let row = row.ok_or_else(|| Refused::not_found(id))?;
        let mut body = selection.project(row);
        let context = format!("{}/$entity", self.context(what, Some(&selection)));
        body.insert("@odata.context".to_owned(), json!(context));
        let mut body = Value::Object(body);
        if let Some(expansion) = expansion {
            expansion.apply(self, &mut body, |_| Some(row.clone()));
        }
        Ok(Answer::Json(body))
    }

    /// The JSON object in the body.
    pub(super) fn body(&self) -> Result<Json, Refused> {
        let is_json = self
            .call
            .header("content-type")
            .is_some_and(|kind| kind.contains("json"));
        if !is_json {
            return Err(Refused::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "BadRequest",
                "A body is sent as application/json.",
            ));
        }
        serde_json::from_slice(&self.call.body).map_err(|_| {
            Refused::new(
                StatusCode::BAD_REQUEST,
                "BadRequest",
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of \
                 valid JSON format.",
            )
        })
    }
}

const SEGMENT: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'=')
    .remove(b'\'')
    .remove(b'@');

/// The entries after a key, or all of them.
pub(super) fn after<'a, V>(
    rows: &'a BTreeMap<String, V>,
    from: Option<&str>,
) -> btree_map::Range<'a, String, V> {
    match from {
        Some(from) => rows.range::<str, _>((Bound::Excluded(from), Bound::Unbounded)),
        None => rows.range::<str, _>(..),
    }
}

/// The id of an object; empty where it has none.
pub(super) fn id_of(row: &Json) -> &str {
    row.get("id").and_then(Value::as_str).unwrap_or_default()
}

/// The present rows after an id, as they are kept.
pub(super) fn kept_after<'a>(
    table: &'a Table,
    from: Option<&str>,
) -> impl Iterator<Item = (&'a str, &'a Packed)> + use<'a> {
    after(&table.rows, from)
        .filter(|(_, row): &(&String, &Row)| row.removed.is_none())
        .map(|(id, row)| (id.as_str(), &row.json))
}

/// The present rows after an id, opened.
pub(super) fn present_after<'a>(
    table: &'a Table,
    from: Option<&str>,
) -> impl Iterator<Item = (&'a str, Cow<'a, Json>)> + use<'a> {
    kept_after(table, from).map(|(id, row)| (id, Cow::Owned(row.to_json())))
}

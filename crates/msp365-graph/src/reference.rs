//! Links to objects, in the form used in bodies.

use msp365_core::{Endpoints, Path, Request, Service, path};
use serde_json::{Value, json};

/// Most objects in one change (docs of 2026).
pub(crate) const AT_ONCE: usize = 20;

/// Why a link cannot be made.
const NO_ID: &str = "an id is neither empty nor made of dots";

/// A link to a directory object of any type.
pub(crate) fn to_object(endpoints: &Endpoints, id: &str) -> Result<Value, &'static str> {
    link(endpoints, &path!["directoryObjects", id])
}

/// A link to a user.
pub(crate) fn to_user(endpoints: &Endpoints, id: &str) -> Result<Value, &'static str> {
    link(endpoints, &path!["users", id])
}

fn link(endpoints: &Endpoints, path: &Path) -> Result<Value, &'static str> {
    match path.refused() {
        None => Ok(format!("{}{}", endpoints.base(Service::Graph), path.as_str()).into()),
        Some(_) => Err(NO_ID),
    }
}

/// The request with this link as its body: the object to be related.
pub(crate) fn relating(request: Request<()>, link: Result<Value, &'static str>) -> Request<()> {
    match link {
        Ok(link) => request.json(json!({ "@odata.id": link })),
        Err(reason) => request.refuse(reason),
    }
}

/// The request with these links, one to twenty, in the member of this name.
pub(crate) fn binding(
    request: Request<()>,
    name: &str,
    links: Vec<Result<Value, &'static str>>,
) -> Request<()> {
    if links.is_empty() || links.len() > AT_ONCE {
        return request.refuse("one change adds one to twenty objects");
    }
    match links.into_iter().collect::<Result<Vec<Value>, _>>() {
        Ok(links) => request.json(json!({ (name): links })),
        Err(reason) => request.refuse(reason),
    }
}

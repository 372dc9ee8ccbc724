//! Which requests a fault is about.

use http::Method;

use crate::front::{Asked, Family};

/// A kind of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Any,
    /// Graph and Partner Center.
    Api,
    /// Graph, batches included.
    Graph,
    /// Reads of Graph.
    Read,
    /// Writes to Graph or Partner Center.
    Write,
    /// Later pages of Graph lists.
    Continued,
    /// One object by its id.
    Entity,
    Delta,
    /// Delta from a token of an earlier round.
    DeltaToken,
    /// Later pages of a delta round.
    DeltaPage,
    Batch,
    Token,
    Refresh,
    Code,
    /// The pages of a sign-in.
    Authorize,
    Discovery,
    /// The token endpoint and the OpenID document.
    Authority,
    Partner,
    Customers,
    /// Later pages of the customers.
    CustomersPage,
    UsageReport,
    Download,
    /// Reads that select sign-in activity.
    SignInActivity,
    Logs,
    Intune,
    /// Writes to Graph, its batches aside.
    GraphWrite,
    /// Users, groups and actions that run for long.
    Directory,
    /// Reads of users.
    People,
    /// Reads of devices.
    Machines,
    /// Reads of whatever has a name, customers of Partner Center included.
    Named,
    CreateUser,
    UpdateUser,
    DeleteUser,
    /// Who is put into a group or taken out.
    Members,
    /// Licences that are assigned.
    Licence,
    /// Writes that carry a password.
    Password,
    /// Writes whose answer is a secret.
    Secret,
}

impl Target {
    pub(crate) fn meets(self, asked: &Asked) -> bool {
        match self {
            Self::Any => true,
            Self::Api => matches!(asked.family, Family::Graph | Family::PartnerCenter),
            Self::Write => asked.is_write(),
            Self::Download => asked.family == Family::Download,
            Self::Named => {
                matches!(asked.family, Family::Graph | Family::PartnerCenter) && asked.method == Method::GET
            }
            Self::Token
            | Self::Refresh
            | Self::Code
            | Self::Authorize
            | Self::Discovery
            | Self::Authority => asked.family == Family::SignIn && self.meets_sign_in(asked),
            Self::Partner | Self::Customers | Self::CustomersPage => {
                asked.family == Family::PartnerCenter && self.meets_partner(asked)
            }
            Self::GraphWrite
            | Self::CreateUser
            | Self::UpdateUser
            | Self::DeleteUser
            | Self::Members
            | Self::Licence
            | Self::Password
            | Self::Secret => asked.family == Family::Graph && asked.is_write() && self.meets_write(asked),
            _ => asked.family == Family::Graph && self.meets_graph(asked),
        }
    }

    fn meets_graph(self, asked: &Asked) -> bool {
        let path = asked.segments();
        let path = path.as_slice();
        let is_read = asked.method == Method::GET;
        let is_delta = is_read && path.last().is_some_and(|last| last.starts_with("delta"));
        match self {
            Self::Graph => true,
            Self::Batch => asked.is_batch(),
            Self::Read => is_read,
            Self::Continued => is_read && asked.option("$skiptoken").is_some(),
            Self::Delta => is_delta,
            Self::DeltaToken => {
                is_delta && asked.option("$deltatoken").is_some_and(|token| token != "latest")
            }
            Self::DeltaPage => is_delta && asked.option("$skiptoken").is_some(),
            Self::Entity => {
                let object = matches!(path, ["users" | "groups" | "devices", id] if *id != "delta");
                is_read && object
            }
            Self::UsageReport => is_read && matches!(path, ["reports", name] if name.starts_with("get")),
            Self::SignInActivity => {
                is_read
                    && asked
                        .option("$select")
                        .is_some_and(|names| names.contains("signInActivity"))
            }
            Self::Logs => is_read && matches!(path, ["auditLogs", ..]),
            Self::Directory => matches!(path, ["users" | "groups" | "operations", ..]),
            Self::People => is_read && matches!(path, ["users"] | ["users", _]),
            Self::Machines => {
                is_read
                    && matches!(
                        path,
                        ["devices"] | ["deviceManagement", "managedDevices"] | [_, _, "managedDevices"]
                    )
            }
            Self::Intune => {
                is_read
                    && matches!(
                        path,
                        ["deviceManagement", ..] | ["users", _, "managedDevices", ..]
                    )
            }
            _ => false,
        }
    }

    fn meets_write(self, asked: &Asked) -> bool {
        let path = asked.segments();
        match (self, asked.method.as_str(), path.as_slice()) {
            (Self::GraphWrite, ..)
            | (Self::CreateUser | Self::Password, "POST", ["users"])
            | (Self::UpdateUser, "PATCH", ["users", _])
            | (Self::DeleteUser, "DELETE", ["users", _])
            | (Self::Members, "POST" | "DELETE", ["groups", _, "members", ..])
            | (Self::Licence, "POST", ["users" | "groups", _, "assignLicense"])
            | (Self::Password, "POST", ["users", _, "changePassword"])
            | (Self::Secret, "POST", ["users", _, "authentication", "temporaryAccessPassMethods"])
            | (Self::Secret | Self::Password, "POST", ["users", _, .., "resetPassword"]) => true,
            (Self::Password, "PATCH", ["users", _]) => {
                let body = String::from_utf8_lossy(&asked.body);
                body.contains("\"passwordProfile\"")
            }
            _ => false,
        }
    }

    fn meets_sign_in(self, asked: &Asked) -> bool {
        let is_token = asked.path.last().is_some_and(|last| last == "token");
        let is_discovery = asked
            .path
            .last()
            .is_some_and(|last| last == "openid-configuration");
        let grant = asked.option("grant_type");
        match self {
            Self::Token => is_token,
            Self::Refresh => is_token && grant == Some("refresh_token"),
            Self::Code => is_token && grant == Some("authorization_code"),
            Self::Authorize => asked.path.last().is_some_and(|last| last == "authorize"),
            Self::Discovery => is_discovery,
            Self::Authority => is_token || is_discovery,
            _ => false,
        }
    }

    fn meets_partner(self, asked: &Asked) -> bool {
        let is_list = asked.method == Method::GET && asked.segments().as_slice() == ["customers"];
        match self {
            Self::Partner => true,
            Self::Customers => is_list,
            Self::CustomersPage => is_list && asked.option("seekOperation").is_some(),
            _ => false,
        }
    }
}

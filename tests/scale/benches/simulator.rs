//! What the simulated cloud costs: how many users a core serves in a second, how soon a world is there, and what it
//! takes of memory.
//!
//! `cargo bench -p msp365-scale --bench simulator`. Rows are counted over the processor time of the whole process, so
//! that a busy machine does not count; the time that passed stands beside it. The client only finds the end of each page
//! and the link in it; over a socket its share counts too. A part of a name as an argument leaves out all other rows.
//! Memory and processor time are read from `/proc`, so they are shown on Linux alone.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench ends at the first failure, prints, and measures time"
)]

use std::{
    fs,
    net::SocketAddr,
    sync::OnceLock,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::Request;
use msp365_core::TenantId;
use msp365_sim::{Cloud, Sim};
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One tenant of this many users is listed.
const USERS: u64 = 100_000;
/// The world whose memory is told.
const CUSTOMERS: usize = 1_000;
const USERS_EACH: u64 = 200;
const ROUNDS: usize = 3;
/// One user in so many is changed for a round of changes.
const EVERY: usize = 10;
const CHANGED: &str = "delta, a tenth changed";
static BEGAN: OnceLock<Instant> = OnceLock::new();
/// What the sync reads of a user.
const STORED: &str = "id,userPrincipalName,displayName,givenName,surname,mail,mailNickname,userType,accountEnabled,\
    jobTitle,department,companyName,officeLocation,city,country,usageLocation,mobilePhone,businessPhones,\
    proxyAddresses,employeeId,onPremisesSyncEnabled,createdDateTime,lastPasswordChangeDateTime,assignedLicenses,\
    licenseAssignmentStates";

fn main() {
    let wanted = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let is_wanted = |name: &str| {
        wanted
            .as_ref()
            .is_none_or(|wanted| name.contains(wanted.as_str()))
    };
    if is_wanted("world") {
        worlds();
    }
    let lists: Vec<(&str, String)> = [
        ("list, 25 selected", format!("users?$select={STORED}&$top=999")),
        (
            "list, 3 selected",
            "users?$select=id,displayName,mail&$top=999".to_owned(),
        ),
        ("list, as it comes", "users?$top=999".to_owned()),
        ("list, pages of 100", format!("users?$select={STORED}")),
        ("delta, 25 selected", format!("users/delta?$select={STORED}")),
        ("delta, as it comes", "users/delta".to_owned()),
        (CHANGED, format!("users/delta?$select={STORED}")),
    ]
    .map(|(name, path)| (name, format!("/v1.0/{path}")))
    .into_iter()
    .filter(|(name, _)| is_wanted(name))
    .collect();
    if !lists.is_empty() {
        serve(&lists);
    }
}

/// How soon a world is there, and what it takes.
fn worlds() {
    for (customers, users) in [(25, 200), (CUSTOMERS, USERS_EACH)] {
        let before = resident();
        let (began, busy) = (Instant::now(), processor());
        let spent = || {
            let busy = processor().saturating_sub(busy);
            let memory = resident().saturating_sub(before) / 1_024;
            let passed = began.elapsed().as_secs_f64();
            format!(
                "{:.2} s of processor time, {passed:.2} s, with {memory} MiB",
                busy.as_secs_f64()
            )
        };
        let cloud = Sim::seeded(7).customers(customers).users_each(users).build();
        let ready = spent();
        let listed = everything(&cloud);
        println!(
            "{customers} customers of {users} users: ready after {ready}; all {listed} users listed after {}",
            spent()
        );
    }
}

/// Lists the users of every customer; answers how many there are.
fn everything(cloud: &Cloud) -> usize {
    let path = format!("/v1.0/users?$select={STORED}&$top=999");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut users = 0;
        for tenant in cloud.customer_ids() {
            let token = token(cloud, &tenant.to_string()).await;
            users += Inside(cloud, &token).walk(&path, rows).await.0;
        }
        users
    })
}

fn serve(lists: &[(&str, String)]) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    println!("users, of {USERS}, most of {ROUNDS} rounds");
    println!(
        "{:<24} {:>20} {:>13} {:>20}",
        "in process:", "a processor second", "a second", "socket: a proc. s."
    );
    runtime.block_on(async {
        let server = Sim::seeded(7)
            .customers(1)
            .users_each(USERS)
            .start()
            .await
            .unwrap();
        let tenant = server.customer_ids()[0];
        let token = token(&server, &tenant.to_string()).await;
        let inside = Inside(&server, &token);
        for (name, path) in lists {
            let mut outside = Socket::to(server.address(), &token).await;
            // What tells of changes holds for the address it was given out under.
            let (mut path, mut path_outside) = (path.clone(), path.clone());
            if *name == CHANGED {
                let changes = inside.walk(&path, |_| 0).await.1;
                path_outside = outside.walk(&path).await.unwrap();
                path = changes.unwrap();
                inside.change(tenant);
            }
            let (users, _) = inside.walk(&path, rows).await;
            let mut most = [0.0_f64; 3];
            for _ in 0..ROUNDS {
                let (began, before) = (Instant::now(), processor());
                inside.walk(&path, |_| 0).await;
                most[0] = most[0].max(rate(users, processor().saturating_sub(before)));
                most[1] = most[1].max(rate(users, began.elapsed()));
                let before = processor();
                outside.walk(&path_outside).await;
                most[2] = most[2].max(rate(users, processor().saturating_sub(before)));
            }
            println!("{name:<24} {:>20.0} {:>13.0} {:>20.0}", most[0], most[1], most[2]);
        }
    });
}

fn rate(rows: usize, spent: Duration) -> f64 {
    f64::from(u32::try_from(rows).unwrap()) / spent.as_secs_f64()
}

fn rows(body: &[u8]) -> usize {
    let page: Value = serde_json::from_slice(body).unwrap();
    page["value"].as_array().unwrap().len()
}

/// The path of the link of this name, or none. Links stand before the rows.
fn link(body: &[u8], name: &str) -> Option<String> {
    let start = format!("\"@odata.{name}\":\"");
    let head = std::str::from_utf8(&body[..body.len().min(8_192)])
        .unwrap_or_else(|error| std::str::from_utf8(&body[..error.valid_up_to()]).unwrap());
    let link = &head[head.find(&start)? + start.len()..];
    let link = &link[..link.find('"')?];
    Some(link[link.find("/v1.0/")?..].to_owned())
}

/// A token of the app that acts for itself.
async fn token(cloud: &Cloud, tenant: &str) -> String {
    let app = cloud.app_only();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=https://graph.microsoft.com/.default",
        app.client_id,
        app.client_secret.expose_secret(),
    );
    let request = Request::post(format!(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    ))
    .header("content-type", "application/x-www-form-urlencoded")
    .body(Bytes::from(form))
    .unwrap();
    let reply = cloud.transport().send(request).await.unwrap();
    let reply: Value = serde_json::from_slice(&reply.body).unwrap();
    reply["access_token"].as_str().unwrap().to_owned()
}

/// Asks without a socket.
struct Inside<'a>(&'a Cloud, &'a str);

impl Inside<'_> {
    /// Reads a listing to its end; answers the sum of what is seen in its pages, and where its changes are read.
    async fn walk(&self, path: &str, seen: impl Fn(&[u8]) -> usize) -> (usize, Option<String>) {
        let transport = self.0.transport();
        let mut sum = 0;
        let mut changes = None;
        let mut at = Some(path.to_owned());
        while let Some(path) = at {
            let request = Request::get(format!("https://graph.microsoft.com{path}"))
                .header("authorization", format!("Bearer {}", self.1))
                .body(Bytes::new())
                .unwrap();
            let reply = transport.send(request).await.unwrap();
            assert_eq!(reply.status.as_u16(), 200);
            sum += seen(&reply.body);
            at = link(&reply.body, "nextLink");
            changes = link(&reply.body, "deltaLink");
        }
        (sum, changes)
    }

    /// Changes some of the users.
    fn change(&self, tenant: TenantId) {
        let truth = self.0.truth();
        let users = truth
            .iter()
            .filter(|line| line["kind"] == "user" && line["tenant"] == tenant.to_string());
        self.0.edit(|edit| {
            for user in users.step_by(EVERY) {
                edit.rename_user(tenant, user["id"].as_str().unwrap(), "Ada Renamed");
            }
        });
    }
}

/// Asks over one connection that is kept.
struct Socket {
    stream: TcpStream,
    token: String,
}

impl Socket {
    async fn to(address: SocketAddr, token: &str) -> Self {
        Self {
            stream: TcpStream::connect(address).await.unwrap(),
            token: token.to_owned(),
        }
    }

    /// Reads a listing to its end; answers where its changes are read.
    async fn walk(&mut self, path: &str) -> Option<String> {
        let mut changes = None;
        let mut at = Some(path.to_owned());
        while let Some(path) = at {
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: graph.example\r\nAuthorization: Bearer {}\r\n\r\n",
                self.token
            );
            self.stream.write_all(request.as_bytes()).await.unwrap();
            let page = self.body().await;
            at = link(&page, "nextLink");
            changes = link(&page, "deltaLink");
        }
        changes
    }

    async fn body(&mut self) -> Vec<u8> {
        const LENGTH: &str = "content-length: ";
        let mut read = Vec::with_capacity(2 << 20);
        loop {
            assert!(self.stream.read_buf(&mut read).await.unwrap() > 0);
            let Some(end) = read.windows(4).take(4_096).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = std::str::from_utf8(&read[..end]).unwrap();
            assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
            let length = &head[head.find(LENGTH).unwrap() + LENGTH.len()..];
            let length: usize = length.lines().next().unwrap().parse().unwrap();
            let whole = end + 4 + length;
            while read.len() < whole {
                assert!(self.stream.read_buf(&mut read).await.unwrap() > 0);
            }
            return read.split_off(end + 4);
        }
    }
}

/// Memory in use, in units of 1,024 bytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Processor time of this process so far; where `/proc` does not tell, the time that passed.
fn processor() -> Duration {
    let began = *BEGAN.get_or_init(Instant::now);
    let tasks = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = tasks.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<u64> = after_name
        .split_ascii_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|number| number.parse().ok())
        .collect();
    if ticks.len() < 2 {
        return began.elapsed();
    }
    // Linux counts in hundredths of a second.
    Duration::from_millis(ticks.iter().sum::<u64>() * 10)
}

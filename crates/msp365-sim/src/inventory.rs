//! The tool's own records: companies as its users typed them, and the machines that its agent runs on.

use std::collections::HashMap;

use msp365_core::TenantId;
use serde_json::{Value, json};

use crate::world::{Json, Tenant, World, access::text, chance::Dice};

/// What the tool has on record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inventory {
    /// Companies.
    pub organizations: Vec<ToolOrganization>,
    /// Machines.
    pub devices: Vec<ToolDevice>,
    /// Which site (an organization's id) belongs to which tenant.
    pub sites: Vec<(TenantId, String)>,
}

/// A company in the tool.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolOrganization {
    /// The tool's id of it.
    pub id: String,
    /// Its name as typed.
    pub name: String,
}

/// A machine in the tool.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolDevice {
    /// The tool's id of it.
    pub id: String,
    /// Its host name as the agent reports it: whole, cut at 15 characters, or with a DNS suffix.
    pub hostname: String,
    /// Its serial number, where the agent knows it.
    pub serial: Option<String>,
    /// The organization it is filed under.
    pub site: String,
    /// When the agent was last heard of.
    pub last_seen: jiff::Timestamp,
}

/// A company and the tenant it truly is.
struct Company {
    tenant: Option<TenantId>,
    record: ToolOrganization,
}

/// A machine, and the tenant and directory object it truly is.
struct Machine {
    tenant: TenantId,
    device: Option<String>,
    record: ToolDevice,
}

/// Longest host name in `NetBIOS`.
const NETBIOS: usize = 15;

/// The tool's records.
pub(crate) fn of(world: &World) -> Inventory {
    let companies = companies(world);
    let machines = machines(world, &companies);
    let mut sites: Vec<(TenantId, String)> = Vec::new();
    for company in &companies {
        let known = |tenant: &TenantId| sites.iter().any(|(site, _)| site == tenant);
        if let Some(tenant) = company.tenant.filter(|tenant| !known(tenant)) {
            sites.push((tenant, company.record.id.clone()));
        }
    }
    Inventory {
        organizations: companies.into_iter().map(|one| one.record).collect(),
        devices: machines.into_iter().map(|one| one.record).collect(),
        sites,
    }
}

/// The tool's records with what they truly are, as lines of the truth.
pub(crate) fn truth(world: &World) -> Vec<Value> {
    let companies = companies(world);
    let machines = machines(world, &companies);
    let company = |one: &Company| {
        json!({
            "kind": "organization", "tenant": one.tenant, "id": one.record.id, "name": one.record.name,
        })
    };
    let machine = |one: &Machine| {
        json!({
            "kind": "tool_device", "tenant": one.tenant, "id": one.record.id, "hostname": one.record.hostname,
            "serial": one.record.serial, "site": one.record.site, "last_seen": one.record.last_seen.to_string(),
            "device": one.device,
        })
    };
    companies
        .iter()
        .map(company)
        .chain(machines.iter().map(machine))
        .collect()
}

fn companies(world: &World) -> Vec<Company> {
    let mut companies = Vec::new();
    for (index, tenant) in world.customers.iter().enumerate() {
        let dice = Dice::new(world.seed, &format!("customer {index} in the tool"));
        if index % 13 == 6 {
            continue;
        }
        companies.push(Company {
            tenant: Some(tenant.id),
            record: ToolOrganization {
                id: format!("org-{:04}", index * 2),
                name: typed(&dice, &tenant.name),
            },
        });
        if index % 17 == 2 {
            companies.push(Company {
                tenant: Some(tenant.id),
                record: ToolOrganization {
                    id: format!("org-{:04}", index * 2 + 1),
                    name: tenant.name.to_uppercase(),
                },
            });
        }
    }
    let extras = ["Adventure Works Cycles", "Tailspin Toys Ltd", "Wingtip Studio"];
    let wanted = extras.len().min(world.customers.len());
    companies.extend(
        extras
            .iter()
            .take(wanted)
            .enumerate()
            .map(|(number, name)| Company {
                tenant: None,
                record: ToolOrganization {
                    id: format!("org-x{number}"),
                    name: (*name).to_owned(),
                },
            }),
    );
    companies
}

/// A company's name as somebody typed it: another case, blanks, or without its legal form.
fn typed(dice: &Dice, name: &str) -> String {
    const FORMS: [&str; 4] = [" Ltd", " GmbH", " LLC", " AB"];
    match dice.between(0, 4) {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => FORMS
            .iter()
            .find_map(|form| name.strip_suffix(form))
            .unwrap_or(name)
            .to_owned(),
        3 => name.replace(' ', "  "),
        _ => name.to_owned(),
    }
}

fn machines(world: &World, companies: &[Company]) -> Vec<Machine> {
    let mut machines = Vec::new();
    for (index, tenant) in world.customers.iter().enumerate() {
        let site = companies.iter().find(|company| company.tenant == Some(tenant.id));
        if let Some(site) = site {
            let dice = Dice::new(world.seed, &format!("customer {index} machines in the tool"));
            of_tenant(world, tenant, &dice, &site.record.id, &mut machines);
        }
    }
    machines
}

fn of_tenant(world: &World, tenant: &Tenant, dice: &Dice, site: &str, machines: &mut Vec<Machine>) {
    let first = machines.len();
    let mut add = |device: Option<&Json>, hostname: String, serial: Option<String>| {
        let number = machines.len() - first;
        machines.push(Machine {
            tenant: tenant.id,
            device: device.and_then(|json| text(json, "id")).map(str::to_owned),
            record: ToolDevice {
                id: format!("{site}-{number:05}"),
                hostname,
                serial,
                site: site.to_owned(),
                last_seen: world.epoch - jiff::SignedDuration::from_mins(dice.days(1, 20_000)),
            },
        });
    };
    let serials = serials(tenant);
    for device in newest_computers(tenant) {
        if !dice.chance(88) {
            continue;
        }
        let name = text(device, "displayName").unwrap_or_default();
        let serial = text(device, "deviceId").and_then(|id| serials.get(id).copied().flatten());
        let serial = serial.filter(|_| dice.chance(80)).map(str::to_owned);
        let hostname = match dice.between(0, 9) {
            0 | 1 => name.chars().take(NETBIOS).collect(),
            2 => format!("{name}.{}", tenant.default_domain),
            3 => name.to_lowercase(),
            _ => name.to_owned(),
        };
        add(Some(device), hostname.clone(), serial.clone());
        if dice.chance(2) {
            add(Some(device), hostname, serial);
        }
    }
    for number in 0..(first_extras(tenant)) {
        add(None, format!("SRV-{number:02}-{}", dice.code(4)), None);
    }
}

/// Servers and the like, which no directory knows.
fn first_extras(tenant: &Tenant) -> usize {
    1 + tenant.devices.rows.len() / 40
}

/// Computers by host name: of several registrations of one, the one seen last.
fn newest_computers(tenant: &Tenant) -> Vec<&Json> {
    let mut newest: std::collections::BTreeMap<&str, &Json> = std::collections::BTreeMap::new();
    for device in tenant.devices.present() {
        let is_computer = matches!(text(device, "operatingSystem"), Some("Windows" | "macOS"));
        let Some(name) = text(device, "displayName").filter(|_| is_computer) else {
            continue;
        };
        let seen = |json: &Json| text(json, "approximateLastSignInDateTime").map(str::to_owned);
        match newest.get(name) {
            Some(known) if seen(known) >= seen(device) => {}
            _ => {
                newest.insert(name, device);
            }
        }
    }
    newest.into_values().collect()
}

/// The serial numbers of managed devices, by the id of the device: of several of one, the first's.
fn serials(tenant: &Tenant) -> HashMap<&str, Option<&str>> {
    let mut serials = HashMap::new();
    for managed in tenant.managed_devices.present() {
        if let Some(id) = text(managed, "azureADDeviceId") {
            serials.entry(id).or_insert_with(|| text(managed, "serialNumber"));
        }
    }
    serials
}

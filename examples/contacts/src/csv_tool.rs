//! A tool whose records are CSV files in a folder: `organizations.csv`, `devices.csv`, `contacts.csv`, and
//! `facts.csv`, in which Microsoft's facts lie beside the contacts'.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use msp365::{
    TenantId,
    sync::tool::{
        Contact, Device, Inventory, NewContact, Organization, Records, Sink, ToolError, conformance::Rig,
    },
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The folder. Cheap to clone; clones take turns in writing.
#[derive(Debug, Clone)]
pub struct CsvTool {
    folder: PathBuf,
    writing: Arc<Mutex<()>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct OrganizationLine {
    id: String,
    name: String,
    domains: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct DeviceLine {
    id: String,
    hostname: String,
    serial: String,
    site: String,
    last_seen: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct ContactLine {
    id: String,
    organization: String,
    name: String,
    emails: String,
    title: String,
    /// The key of the delivery that made it; empty if a person did.
    key: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct FactLine {
    contact: String,
    field: String,
    value: String,
}

impl CsvTool {
    /// The tool in this folder, which exists. A file that does not is empty.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            writing: Arc::new(Mutex::new(())),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, ToolError> {
        let path = self.path(name);
        if !path.exists() {
            return Ok(Vec::new());
        }
        let mut reader = csv::Reader::from_path(path).map_err(ToolError::new)?;
        reader
            .deserialize()
            .collect::<Result<_, _>>()
            .map_err(ToolError::new)
    }

    /// Writes a file beside the old one, then puts it in its place, so that a reader never sees half of it.
    fn write<T: Serialize>(&self, name: &str, lines: &[T]) -> Result<(), ToolError> {
        let fresh = self.path(&format!("{name}.new"));
        let mut writer = csv::Writer::from_path(&fresh).map_err(ToolError::new)?;
        for line in lines {
            writer.serialize(line).map_err(ToolError::new)?;
        }
        writer.flush().map_err(ToolError::new)?;
        fs::rename(fresh, self.path(name)).map_err(ToolError::new)
    }

    /// Gives a contact another name.
    ///
    /// # Errors
    /// Where a file cannot be read or written.
    pub fn rename_contact(&self, id: &str, name: &str) -> Result<(), ToolError> {
        let mut lines: Vec<ContactLine> = self.read("contacts.csv")?;
        for line in lines.iter_mut().filter(|line| line.id == id) {
            name.clone_into(&mut line.name);
        }
        self.write("contacts.csv", &lines)
    }

    /// Deletes a contact, and what was laid over it.
    ///
    /// # Errors
    /// Where a file cannot be read or written.
    pub fn remove_contact(&self, id: &str) -> Result<(), ToolError> {
        let mut lines: Vec<ContactLine> = self.read("contacts.csv")?;
        lines.retain(|line| line.id != id);
        self.write("contacts.csv", &lines)?;
        let mut facts: Vec<FactLine> = self.read("facts.csv")?;
        facts.retain(|line| line.contact != id);
        self.write("facts.csv", &facts)
    }

    /// Replaces all records.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn replace(&self, records: &Records) -> Result<(), ToolError> {
        let organizations: Vec<_> = records
            .organizations
            .iter()
            .map(|own| OrganizationLine {
                id: own.id.clone(),
                name: own.name.clone(),
                domains: own.domains.join(" "),
            })
            .collect();
        let devices: Vec<_> = records
            .devices
            .iter()
            .map(|own| DeviceLine {
                id: own.id.clone(),
                hostname: own.hostname.clone(),
                serial: own.serial.clone().unwrap_or_default(),
                site: own.site.clone().unwrap_or_default(),
                last_seen: own.last_seen.map(|at| at.to_string()).unwrap_or_default(),
            })
            .collect();
        let contacts: Vec<_> = records
            .contacts
            .iter()
            .map(|own| ContactLine {
                id: own.id.clone(),
                organization: own.organization.clone().unwrap_or_default(),
                name: own.name.clone(),
                emails: own.emails.join(" "),
                title: own.fields.get("title").cloned().unwrap_or_default(),
                key: String::new(),
            })
            .collect();
        self.write("organizations.csv", &organizations)?;
        self.write("devices.csv", &devices)?;
        self.write("contacts.csv", &contacts)?;
        self.write::<FactLine>("facts.csv", &[])
    }
}

fn known(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[async_trait]
impl Inventory for CsvTool {
    async fn organizations(&self) -> Result<Vec<Organization>, ToolError> {
        let lines: Vec<OrganizationLine> = self.read("organizations.csv")?;
        let organization = |line: OrganizationLine| {
            let mut own = Organization::new(line.id, line.name);
            own.domains = words(&line.domains);
            own
        };
        Ok(lines.into_iter().map(organization).collect())
    }

    async fn devices(&self) -> Result<Vec<Device>, ToolError> {
        let lines: Vec<DeviceLine> = self.read("devices.csv")?;
        let device = |line: DeviceLine| {
            let mut own = Device::new(line.id, line.hostname);
            own.serial = known(line.serial);
            own.site = known(line.site);
            own.last_seen = known(line.last_seen)
                .map(|text| {
                    text.parse()
                        .map_err(|_| ToolError::new(format!("`{text}` is no time")))
                })
                .transpose()?;
            Ok(own)
        };
        lines.into_iter().map(device).collect()
    }

    async fn sites(&self) -> Result<Vec<(TenantId, String)>, ToolError> {
        Ok(Vec::new())
    }

    async fn contacts(&self) -> Result<Vec<Contact>, ToolError> {
        let lines: Vec<ContactLine> = self.read("contacts.csv")?;
        let mut facts: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for line in self.read::<FactLine>("facts.csv")? {
            facts
                .entry(line.contact)
                .or_default()
                .insert(line.field, line.value);
        }
        let contact = |line: ContactLine| {
            let overlay = facts.remove(&line.id).unwrap_or_default();
            let mut own = Contact::new(line.id, line.name);
            own.organization = known(line.organization);
            own.emails = words(&line.emails);
            own.fields
                .extend(known(line.title).map(|title| ("title".to_owned(), title)));
            own.overlay = overlay;
            own
        };
        Ok(lines.into_iter().map(contact).collect())
    }
}

#[async_trait]
impl Sink for CsvTool {
    async fn create_contact(&self, key: &str, contact: &NewContact) -> Result<String, ToolError> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines: Vec<ContactLine> = self.read("contacts.csv")?;
        if let Some(known) = lines.iter().find(|line| line.key == key) {
            return Ok(known.id.clone());
        }
        let id = format!("made-{key}");
        lines.push(ContactLine {
            id: id.clone(),
            organization: contact.organization.clone(),
            name: contact.name.clone(),
            emails: contact.emails.join(" "),
            title: contact.fields.get("title").cloned().unwrap_or_default(),
            key: key.to_owned(),
        });
        self.write("contacts.csv", &lines)?;
        Ok(id)
    }

    async fn overlay_contact(&self, id: &str, facts: &BTreeMap<String, String>) -> Result<(), ToolError> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines: Vec<FactLine> = self.read("facts.csv")?;
        lines.retain(|line| line.contact != id);
        lines.extend(facts.iter().map(|(field, value)| FactLine {
            contact: id.to_owned(),
            field: field.clone(),
            value: value.clone(),
        }));
        self.write("facts.csv", &lines)
    }
}

#[async_trait]
impl Rig for CsvTool {
    fn inventory(&self) -> Arc<dyn Inventory> {
        Arc::new(self.clone())
    }

    fn sink(&self) -> Option<Arc<dyn Sink>> {
        Some(Arc::new(self.clone()))
    }

    async fn fill(&self, records: &Records) -> Result<(), ToolError> {
        self.replace(records)
    }

    async fn fail_after(&self, _requests: usize) -> bool {
        false
    }
}

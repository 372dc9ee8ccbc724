//! In which of the tool's sites a tenant's devices may be found.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

/// The sites of the tool in which a tenant's devices may be found.
///
/// Without any entry everything is permitted. From the first entry on, the rule applies to all: a tenant without an
/// entry is matched with nothing, so that a customer whose sites nobody has named is not linked to another one's
/// computers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sites {
    allowed: FxHashMap<String, BTreeSet<String>>,
}

impl Sites {
    /// No rules yet: every site for every tenant.
    pub fn everywhere() -> Self {
        Self::default()
    }

    /// Permits this site for this tenant; call again for more.
    #[must_use]
    pub fn allow(mut self, tenant: impl Into<String>, site: impl Into<String>) -> Self {
        self.allowed.entry(tenant.into()).or_default().insert(site.into());
        self
    }

    /// Whether there is no rule, so that everything is permitted.
    pub fn is_everywhere(&self) -> bool {
        self.allowed.is_empty()
    }

    /// Whether a device of this tenant may be in this site.
    pub fn permits(&self, tenant: Option<&str>, site: Option<&str>) -> bool {
        let permitted = || Some(self.allowed.get(tenant?)?.contains(site?));
        self.is_everywhere() || permitted().unwrap_or(false)
    }

    /// The sites that the rules name for a tenant.
    pub(crate) fn of(&self, tenant: Option<&str>) -> impl Iterator<Item = &str> {
        let sites = tenant.and_then(|tenant| self.allowed.get(tenant));
        sites.into_iter().flatten().map(String::as_str)
    }

    /// The rules that remain for a person who may see only these sites.
    ///
    /// Without any rule, limiting each tenant to these sites would not be a mapping: everything stays permitted, and
    /// devices of other sites have to be left out of the input.
    #[must_use]
    pub fn seen_by(mut self, visible: &BTreeSet<String>) -> Self {
        for sites in self.allowed.values_mut() {
            sites.retain(|site| visible.contains(site));
        }
        self
    }
}

impl<T: Into<String>, S: Into<String>> FromIterator<(T, S)> for Sites {
    /// From rows of tenant and site.
    fn from_iter<I: IntoIterator<Item = (T, S)>>(rows: I) -> Self {
        rows.into_iter()
            .fold(Self::everywhere(), |sites, (tenant, site)| {
                sites.allow(tenant, site)
            })
    }
}

/// The home of a device that nothing can reach.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The rules by numbers. Tenants and sites connected by rules form a scope; devices of different scopes can never be
/// the same machine, so scopes are matched separately.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    is_everywhere: bool,
    pub(super) tenants: FxHashMap<String, u32>,
    pub(super) sites: FxHashMap<String, u32>,
    tenant_scopes: Vec<u32>,
    site_scopes: Vec<u32>,
    /// The permitted sites of each tenant, in order.
    allowed: Vec<Vec<u32>>,
    /// Whether all tenants of a scope reach all its sites.
    is_complete: Vec<bool>,
}

impl Reach {
    pub(super) fn of(sites: &Sites) -> Self {
        let mut reach = Self {
            is_everywhere: sites.is_everywhere(),
            tenants: FxHashMap::default(),
            sites: FxHashMap::default(),
            tenant_scopes: Vec::new(),
            site_scopes: Vec::new(),
            allowed: Vec::new(),
            is_complete: Vec::new(),
        };
        let mut rules: Vec<_> = sites.allowed.iter().collect();
        rules.sort_unstable();
        for (number, (tenant, permitted)) in (0..).zip(rules) {
            reach.tenants.insert(tenant.clone(), number);
            let mut numbers: Vec<u32> = permitted.iter().map(|site| reach.site_number(site)).collect();
            numbers.sort_unstable();
            reach.allowed.push(numbers);
        }
        reach.find_scopes();
        reach
    }

    fn site_number(&mut self, site: &str) -> u32 {
        let next = u32::try_from(self.sites.len()).unwrap_or(NOWHERE);
        *self.sites.entry(site.to_owned()).or_insert(next)
    }

    /// Walks from each tenant over its sites to the other tenants of these, until nothing new is found.
    fn find_scopes(&mut self) {
        let mut tenants_of: Vec<Vec<usize>> = vec![Vec::new(); self.sites.len()];
        for (tenant, sites) in self.allowed.iter().enumerate() {
            for site in sites {
                tenants_of[*site as usize].push(tenant);
            }
        }
        self.tenant_scopes = vec![NOWHERE; self.allowed.len()];
        self.site_scopes = vec![NOWHERE; self.sites.len()];
        for first in 0..self.allowed.len() {
            if self.tenant_scopes[first] != NOWHERE {
                continue;
            }
            let scope = u32::try_from(self.is_complete.len()).unwrap_or(NOWHERE);
            let (mut open, mut tenants, mut sites) = (vec![first], 0, 0);
            let mut permitted = 0;
            self.tenant_scopes[first] = scope;
            while let Some(tenant) = open.pop() {
                tenants += 1;
                permitted += self.allowed[tenant].len();
                for site in self.allowed[tenant].iter().map(|site| *site as usize) {
                    if self.site_scopes[site] == NOWHERE {
                        self.site_scopes[site] = scope;
                        sites += 1;
                        for next in &tenants_of[site] {
                            if self.tenant_scopes[*next] == NOWHERE {
                                self.tenant_scopes[*next] = scope;
                                open.push(*next);
                            }
                        }
                    }
                }
            }
            self.is_complete.push(permitted == tenants * sites);
        }
    }

    /// The scope of a tenant by its number.
    pub(super) fn of_tenant(&self, tenant: u32) -> u32 {
        self.scope(&self.tenant_scopes, tenant)
    }

    /// The scope of a site by its number.
    pub(super) fn of_site(&self, site: u32) -> u32 {
        self.scope(&self.site_scopes, site)
    }

    fn scope(&self, scopes: &[u32], number: u32) -> u32 {
        if self.is_everywhere {
            0
        } else {
            scopes.get(number as usize).copied().unwrap_or(NOWHERE)
        }
    }

    pub(super) fn is_everywhere(&self) -> bool {
        self.is_everywhere
    }

    /// Whether all tenants of a scope reach all its sites.
    pub(super) fn is_complete(&self, scope: u32) -> bool {
        self.is_everywhere || self.is_complete.get(scope as usize).copied().unwrap_or(false)
    }

    /// The sites of a tenant by its number.
    pub(super) fn sites_of(&self, tenant: u32) -> &[u32] {
        self.allowed.get(tenant as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether a device of this tenant may be in this site.
    pub(super) fn permits(&self, tenant: u32, site: u32) -> bool {
        self.is_everywhere || self.sites_of(tenant).binary_search(&site).is_ok()
    }
}

//! Lists in memory: every row is looked at.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::State;
use crate::{
    Direction, MembershipRow, Names, Result, RoleAssignmentRow, RowPage, SignInRow, Source, UserColumn,
    UserPage, UserRow,
    query::{Check, Checked, Facts, Field, Find, Hit, Read, Resolved, SortKey, cut, fold, ranks},
    row::{Cell, Column, Row, any_rows},
};

/// A row that may be listed.
struct Candidate<'a, R> {
    facts: &'a Facts,
    row: &'a R,
    roles: Names,
    /// The last one, and the last that succeeded.
    sign_ins: (Option<Timestamp>, Option<Timestamp>),
}

impl State {
    pub(super) fn user_page(&self, find: &Find) -> Result<UserPage> {
        let facts = self.facts();
        let (hits, found, is_more) = self.hits::<UserRow>(&facts, find)?;
        let read = found.into_iter().map(|candidate| Read {
            tenant: candidate.facts.number,
            user: candidate.row.clone(),
            roles: candidate.roles,
            sign_ins: candidate.sign_ins,
        });
        Ok(UserPage::of(find, &facts, (&hits, is_more), read.collect()))
    }

    pub(super) fn row_page<R: Row>(&self, find: &Find) -> Result<RowPage> {
        let facts = self.facts();
        let (hits, found, is_more) = self.hits::<R>(&facts, find)?;
        let rows = found
            .into_iter()
            .map(|candidate| (candidate.facts.number, candidate.row.clone()));
        Ok(RowPage::of(find, &facts, (&hits, is_more), rows.collect()))
    }

    pub(super) fn found(&self, find: &Find, most: u64) -> Result<(u64, bool)> {
        let facts = self.facts();
        let resolved = Resolved::of(find, &facts)?;
        let found = any_rows!(find.resource, type R => self.passing::<R>(&facts, &resolved).len() as u64);
        Ok((found.min(most), found <= most))
    }

    fn facts(&self) -> Vec<Facts> {
        let numbered = (1..).zip(&self.listed);
        numbered
            .filter_map(|(number, id)| {
                let record = self.tenants.get(id)?;
                Some(Facts {
                    number,
                    id: *id,
                    name: record.name.clone(),
                    status: record.status,
                    reason: record.reason.clone(),
                    selected: record.selected,
                    streams: self.sources(id),
                })
            })
            .collect()
    }

    fn sources(&self, id: &msp365_core::TenantId) -> Vec<Source> {
        let of_tenant = self.streams.iter().filter(|((tenant, _), _)| tenant == id);
        of_tenant
            .map(|((_, resource), stream)| Source {
                tenant_id: *id,
                resource: *resource,
                fresh_as_of: stream.fresh_as_of,
                stale_because: stream.stale_because.clone(),
            })
            .collect()
    }

    /// The rows of a page with their places, and whether there are more.
    fn hits<'a, R: Row>(
        &'a self,
        facts: &'a [Facts],
        find: &Find,
    ) -> Result<(Vec<Hit>, Vec<Candidate<'a, R>>, bool)> {
        let resolved = Resolved::of(find, facts)?;
        let ranks = ranks(facts, find.sort, Direction::Ascending);
        let place = |tenant: i64| ranks.get(&tenant).copied().unwrap_or_default();
        let by_tenant = find.is_by_tenant();
        let mut found: Vec<_> = self
            .passing::<R>(facts, &resolved)
            .into_iter()
            .map(|candidate| (candidate.hit(find.sort), candidate))
            .map(|(hit, candidate)| ((if by_tenant { place(hit.tenant) } else { 0 }, hit), candidate))
            .collect();
        let order = |(rank, hit): &(usize, Hit)| (*rank, hit.key.clone(), hit.id.clone(), hit.tenant);
        found.sort_by_cached_key(|(hit, _)| order(hit));
        if find.direction == Direction::Descending {
            found.reverse();
        }
        if let Some((mark, tenant)) = &resolved.begin {
            let rank = if by_tenant { place(*tenant) } else { 0 };
            let mark_key = (rank, mark.key.clone());
            found.retain(|((rank, hit), _)| {
                let key = (*rank, hit.key.clone());
                resolved.is_beyond((&key, &hit.id, hit.tenant), (&mark_key, &mark.id, *tenant))
            });
        }
        let mut page = found.into_iter().skip(find.skip());
        let (hits, rows) = page
            .by_ref()
            .take(find.size())
            .map(|((_, hit), candidate)| (hit, candidate))
            .unzip();
        Ok((hits, rows, page.next().is_some()))
    }

    fn passing<'a, R: Row>(&'a self, facts: &'a [Facts], resolved: &Resolved<'_>) -> Vec<Candidate<'a, R>> {
        let checks: Vec<_> = resolved.tests.iter().map(Check::of).collect();
        let is_wanted = |facts: &&Facts| {
            let tenants = resolved.tenants.as_ref();
            tenants.is_none_or(|tenants| tenants.contains(&facts.number))
        };
        let only = resolved.find.only.as_ref();
        facts
            .iter()
            .filter(is_wanted)
            .flat_map(|facts| self.candidates::<R>(facts))
            .filter(|candidate| {
                let named = |(tenant, id): &(_, String)| {
                    *tenant == candidate.facts.id && **id == *candidate.row.key()
                };
                only.is_none_or(|only| only.iter().any(named)) && !resolved.find.except.iter().any(named)
            })
            .filter(|candidate| checks.iter().all(|check| check.accepts(candidate)))
            .collect()
    }

    fn candidates<'a, R: Row>(&'a self, facts: &'a Facts) -> Vec<Candidate<'a, R>> {
        let is_users = R::RESOURCE == crate::Resource::Users;
        let (roles, sign_ins) = if is_users {
            (self.held(facts), self.signed_in(facts))
        } else {
            Default::default()
        };
        self.typed::<R>(facts)
            .map(|row| Candidate {
                facts,
                row,
                roles: Names::of(roles.get(&*row.key()).into_iter().flatten().cloned()),
                sign_ins: sign_ins.get(&*row.key()).copied().unwrap_or_default(),
            })
            .collect()
    }

    /// The roles by those who hold them.
    fn held(&self, facts: &Facts) -> BTreeMap<&str, Vec<String>> {
        let mut members: HashMap<&str, Vec<&str>> = HashMap::new();
        for membership in self.typed::<MembershipRow>(facts) {
            members
                .entry(&membership.group_id)
                .or_default()
                .push(&membership.member_id);
        }
        let mut held: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for assignment in self.typed::<RoleAssignmentRow>(facts) {
            let principal = assignment.principal_id.as_str();
            let through = members.get(principal).into_iter().flatten().copied();
            for holder in through.chain([principal]) {
                held.entry(holder).or_default().push(assignment.label());
            }
        }
        held
    }

    fn signed_in(&self, facts: &Facts) -> HashMap<&str, (Option<Timestamp>, Option<Timestamp>)> {
        let rows = self.typed::<SignInRow>(facts);
        rows.map(|row| (row.user_id.as_str(), (row.latest(), row.last_successful_at)))
            .collect()
    }

    fn typed<R: Row>(&self, facts: &Facts) -> impl Iterator<Item = &R> {
        self.table(&facts.id, R::RESOURCE)
            .flat_map(|(_, entry)| R::of(&entry.row))
    }
}

impl<R: Row> Candidate<'_, R> {
    fn hit(&self, sort: Field) -> Hit {
        Hit {
            key: if sort.is_of_tenant() {
                SortKey::Text(String::new())
            } else if sort.kind.is_text() {
                SortKey::Text(cut(&fold(&self.text(sort))))
            } else {
                SortKey::Number(self.number(sort))
            },
            id: self.row.key().into_owned(),
            tenant: self.facts.number,
            row: 0,
        }
    }
}

impl<R: Row> Checked for Candidate<'_, R> {
    fn cell(&self, field: Field) -> Cell<'_> {
        if R::RESOURCE == crate::Resource::Users {
            match field.name {
                "roles" => return self.roles.to_cell(),
                "last_sign_in" => return self.sign_ins.0.to_cell(),
                "last_successful_sign_in" => return self.sign_ins.1.to_cell(),
                _ => {}
            }
        }
        let at = R::COLUMNS.iter().position(|column| *column == field.sql);
        let mut cells = Vec::with_capacity(R::COLUMNS.len());
        self.row.cells(&mut cells);
        at.and_then(|at| cells.into_iter().nth(at)).unwrap_or(Cell::Null)
    }

    fn is_unread(&self, field: Field, without: &[i64]) -> bool {
        let created_at = match self.cell(UserColumn::CreatedAt.field()) {
            Cell::Integer(at) => Timestamp::from_microsecond(at).ok(),
            Cell::Null | Cell::Text(_) => None,
        };
        // Of a tenant whose stream was read, who was made later is unknown.
        let is_later = |stream| self.facts.without(stream, created_at) != self.facts.without(stream, None);
        without.contains(&self.facts.number) || field.stream.is_some_and(is_later)
    }
}

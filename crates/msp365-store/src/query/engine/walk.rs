//! Walking an index in the order of the list until the page is full.

use super::{
    Database, Index, IndexKind, Place, Question, Sql, all,
    drive::{KEY_LENGTH, Within},
    reach::Reach,
    sql::{Dialect, Words, absent_key},
};
use crate::{
    Result,
    query::{Direction, Field, FieldKind, Hit, SortKey, Test, ranks},
};

/// A part of the index that is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stretch {
    Whole,
    /// The same sort key and key as the mark, of later tenants.
    SameRow,
    /// The same sort key as the mark, and a later key.
    SameKey,
    /// Later sort keys.
    Later,
}

impl<D: Database> Question<'_, D> {
    pub(super) async fn walk(&self, within: Option<&Within>) -> Result<Vec<Hit>, D::Error> {
        if self.find().is_by_tenant() {
            return self.walk_by_tenant().await;
        }
        let (resource, field) = (self.find().resource, self.find().sort);
        let Some(within) = within else {
            let kind = IndexKind::Sorted(field);
            let index = Index { resource, kind };
            self.db.ensure(&index).await?;
            return self.walk_stretches(&index, None).await;
        };
        let kind = IndexKind::SortedWithin(within.place, field);
        let index = Index { resource, kind };
        self.db.ensure(&index).await?;
        let values = within.place.keys();
        let mut hits = Vec::new();
        for keys in &within.keys {
            hits.extend(self.walk_stretches(&index, Some((&values, keys))).await?);
        }
        hits.sort_unstable_by(|one, other| {
            (&one.key, &one.id, one.tenant).cmp(&(&other.key, &other.id, other.tenant))
        });
        if self.find().direction == Direction::Descending {
            hits.reverse();
        }
        hits.truncate(self.wanted);
        Ok(hits)
    }

    async fn walk_stretches(
        &self,
        index: &Index,
        within: Option<(&[String], &[SortKey])>,
    ) -> Result<Vec<Hit>, D::Error> {
        let stretches: &[Stretch] = match &self.resolved.begin {
            None => &[Stretch::Whole],
            Some(_) => &[Stretch::SameRow, Stretch::SameKey, Stretch::Later],
        };
        let mut hits = Vec::new();
        for stretch in stretches {
            let room = self.wanted.saturating_sub(hits.len());
            if room == 0 {
                break;
            }
            hits.extend(self.stretch(index, within, *stretch, room).await?);
        }
        Ok(hits)
    }

    async fn stretch(
        &self,
        index: &Index,
        within: Option<(&[String], &[SortKey])>,
        stretch: Stretch,
        room: usize,
    ) -> Result<Vec<Hit>, D::Error> {
        let mut sql = self.sql();
        let key = Words::key(self.find().sort);
        let mut wheres = Vec::new();
        if let Some((values, keys)) = within {
            let pairs = values.iter().zip(keys);
            wheres.extend(pairs.map(|(value, key)| format!("{value} = {}", sql.key(key))));
        }
        wheres.extend(self.part(stretch, &key, &mut sql));
        wheres.extend(self.by_key(&key, &mut sql));
        // What is asked of the sorted column itself bounds the walk.
        let own = |test: &&Test| test.field() == Some(&self.find().sort);
        let own: Vec<Reach> = self
            .resolved
            .tests
            .iter()
            .filter(own)
            .filter_map(Reach::of)
            .collect();
        wheres.extend(
            own.iter()
                .filter_map(|reach| reach.condition(&self.words, &mut sql, None)),
        );
        // Of one sort key, rows are in the order of their keys; said otherwise, SQLite sorts them anew.
        let is_one = |reach: &Reach| matches!(reach, Reach::Keys(_, keys) if keys.len() == 1);
        let order: &[&str] = match stretch {
            Stretch::SameRow | Stretch::SameKey => &[self.words.id, "tenant"],
            _ if own.iter().any(is_one) => &[self.words.id, "tenant"],
            _ => &[&key, self.words.id, "tenant"],
        };
        self.walked(index, order, wheres, (sql, room)).await
    }

    /// What the index alone tells of the sorted column: SQLite then reads fewer rows.
    fn by_key(&self, key: &str, sql: &mut Sql) -> Vec<String> {
        if self.db.dialect() != Dialect::Sqlite {
            return Vec::new();
        }
        let sort = self.find().sort;
        let patterns = self.resolved.tests.iter().filter_map(|test| match test {
            Test::Like(field, pattern)
                if *field == sort && sort.kind.is_text() && sort.kind != FieldKind::List =>
            {
                Some(pattern)
            }
            _ => None,
        });
        patterns
            .map(|pattern| {
                let pattern = sql.text(pattern);
                format!("(fits({pattern}, {key}) OR length({key}) >= {KEY_LENGTH})")
            })
            .collect()
    }

    fn part(&self, stretch: Stretch, key: &str, sql: &mut Sql) -> Option<String> {
        let (mark, tenant) = self.resolved.begin.as_ref()?;
        let (than, id) = (self.than(), self.words.id);
        let own = sql.key(&mark.key);
        Some(match stretch {
            Stretch::Whole => return None,
            Stretch::SameRow => {
                let (same, tenant) = (sql.text(&mark.id), sql.integer(*tenant));
                format!("{key} = {own} AND {id} = {same} AND tenant {than} {tenant}")
            }
            Stretch::SameKey => format!("{key} = {own} AND {id} {than} {}", sql.text(&mark.id)),
            Stretch::Later => format!("{key} {than} {own}"),
        })
    }

    /// The column of which nothing was read, where that is asked for: within a tenant few rows lack a value, and most of
    /// these lack it for another reason.
    fn unread(&self) -> Option<Field> {
        self.resolved.tests.iter().find_map(|test| match test {
            Test::Unknown(field, _) => Some(*field),
            _ => None,
        })
    }

    /// Tenant after tenant, each by key.
    async fn walk_by_tenant(&self) -> Result<Vec<Hit>, D::Error> {
        let unread = self.unread();
        let index = self.index(match unread {
            Some(field) => IndexKind::SortedWithin(Place::Tenant, field),
            None => IndexKind::Tenant,
        });
        self.db.ensure(&index).await?;
        let ranks = ranks(self.facts, self.find().sort, self.find().direction);
        let mut tenants: Vec<i64> = match &self.resolved.tenants {
            Some(tenants) => tenants.clone(),
            None => self.facts.iter().map(|facts| facts.number).collect(),
        };
        tenants.sort_unstable_by_key(|tenant| ranks.get(tenant));
        let begin = self.resolved.begin.as_ref();
        let first = begin.and_then(|(_, tenant)| ranks.get(tenant).copied());
        let mut hits = Vec::new();
        for tenant in tenants {
            let rank = ranks.get(&tenant).copied();
            if rank < first {
                continue;
            }
            let room = self.wanted.saturating_sub(hits.len());
            if room == 0 {
                break;
            }
            let mut sql = self.sql();
            let mut wheres = vec![format!("tenant = {}", sql.integer(tenant))];
            if let Some(field) = unread {
                let absent = sql.key(&absent_key(field.kind));
                wheres.push(format!("{} = {absent}", Words::key(field)));
            }
            if let Some((mark, _)) = begin.filter(|_| rank == first) {
                wheres.push(format!(
                    "{} {} {}",
                    self.words.id,
                    self.than(),
                    sql.text(&mark.id)
                ));
            }
            hits.extend(self.walked(&index, &[self.words.id], wheres, (sql, room)).await?);
        }
        Ok(hits)
    }

    async fn walked(
        &self,
        index: &Index,
        order: &[&str],
        mut wheres: Vec<String>,
        (mut sql, room): (Sql, usize),
    ) -> Result<Vec<Hit>, D::Error> {
        wheres.extend(self.residual(&mut sql));
        let limit = sql.integer(i64::try_from(room).unwrap_or(i64::MAX));
        let order = self.order(order);
        let text = format!(
            "SELECT {}, {}, tenant, row FROM {}{} WHERE {} ORDER BY {order} LIMIT {limit}",
            Words::sort_key(self.find().sort),
            self.words.id,
            self.words.table,
            self.hint(Some(index)),
            all(&wheres),
        );
        self.ask(&sql, &text).await
    }
}

//! Query options of requests.

use crate::{
    Request,
    query::{Direction, Filter, Lists, Need, Property},
};

/// Without this header the service ignores or refuses advanced queries.
const CONSISTENCY: (&str, &str) = ("consistencylevel", "eventual");

impl<T> Request<T> {
    /// Adds a query option; its value is escaped.
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.call.query.push((name.to_owned(), value.into()));
        self
    }

    /// Asks for these properties only (`$select`), replacing any earlier choice.
    pub fn select<S: AsRef<str>>(self, names: impl IntoIterator<Item = S>) -> Self {
        let names: Vec<_> = names.into_iter().map(|name| name.as_ref().to_owned()).collect();
        self.option("$select", names.join(","))
    }

    /// Asks for pages of at most this many rows (`$top`), replacing any earlier size.
    pub fn top(self, rows: u32) -> Self {
        self.option("$top", rows.to_string())
    }

    /// Asks for the rows that meet a condition (`$filter`), replacing any earlier one.
    pub fn filter<M>(self, filter: Filter<M>) -> Self
    where
        T: Lists<M>,
    {
        let is_advanced = filter.is_advanced() || self.is_sorted_directory();
        let request = match filter.refusal() {
            Some(reason) => self.refuse(reason),
            None => self.option("$filter", filter.into_text()),
        };
        if is_advanced { request.advanced() } else { request }
    }

    /// Asks for rows in the order of a property (`$orderby`), replacing any earlier order.
    pub fn order_by<M>(self, property: Property<M>, direction: Direction) -> Self
    where
        T: Lists<M>,
    {
        let need = property.filters().order;
        let way = match direction {
            Direction::Ascending => property.name().to_owned(),
            Direction::Descending => format!("{property} desc"),
        };
        let request = self.option("$orderby", way);
        let is_filtered = request.has("$filter") && request.is_directory();
        match need {
            Need::Refused => request.refuse("the service does not sort by this property"),
            Need::Plain if !is_filtered => request,
            Need::Plain | Need::Advanced => request.advanced(),
        }
    }

    /// Asks for rows with these words in a property (`$search`); an advanced query.
    pub fn search<M>(self, property: Property<M>, words: &str) -> Self
    where
        T: Lists<M>,
    {
        let words = words.replace('\\', "\\\\").replace('"', "\\\"");
        self.option("$search", format!("\"{property}:{words}\""))
            .advanced()
    }

    /// Asks for a related object with these of its properties (`$expand`), replacing any earlier one.
    ///
    /// The service expands one relation, one level deep, and returns at most twenty of its objects.
    pub fn expand<M>(
        self,
        relation: &'static str,
        properties: impl IntoIterator<Item = Property<M>>,
    ) -> Self {
        let names: Vec<_> = properties.into_iter().map(|property| property.name()).collect();
        let inner = if names.is_empty() {
            relation.to_owned()
        } else {
            format!("{relation}($select={})", names.join(","))
        };
        self.option("$expand", inner)
    }

    /// Also asks for the total number of rows (`$count`); an advanced query.
    pub fn counted(self) -> Self {
        self.advanced()
    }

    /// Refuses the request for this reason: it fails with kind `Invalid` when it is about to be sent.
    pub fn refuse(mut self, reason: &'static str) -> Self {
        self.call.refusal.get_or_insert(reason.into());
        self
    }

    /// Attaches what the service requires and allows.
    pub(crate) fn ruled(mut self, rules: &'static crate::Operation) -> Self {
        self.call.rules = Some(rules);
        self
    }

    fn advanced(self) -> Self {
        let request = if self.has("$count") {
            self
        } else {
            self.query("$count", "true")
        };
        request.header(CONSISTENCY.0, CONSISTENCY.1)
    }

    fn has(&self, option: &str) -> bool {
        self.call.query.iter().any(|(name, _)| name == option)
    }

    /// Whether rows are directory objects, which a plain query cannot sort and filter at the same time.
    fn is_directory(&self) -> bool {
        self.call
            .rules
            .is_some_and(|rules| rules.options.contains(&"$search"))
    }

    fn is_sorted_directory(&self) -> bool {
        self.has("$orderby") && self.is_directory()
    }

    /// Sets a query option that may appear only once.
    fn option(mut self, name: &str, value: String) -> Self {
        self.call.query.retain(|(own, _)| own != name);
        self.query(name, value)
    }
}

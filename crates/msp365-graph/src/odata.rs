//! Parts of queries that hold values.

/// A text as an `OData` literal: in single quotes, its own quotes doubled. Percent-encoding comes later, with the query.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_can_end_its_literal(text in "\\PC*") {
            let literal = literal(&text);

            let inner = &literal[1..literal.len() - 1];
            prop_assert_eq!(inner.replace("''", "").matches('\'').count(), 0);
            prop_assert_eq!(inner.replace("''", "'"), text);
        }
    }
}

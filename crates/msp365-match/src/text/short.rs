//! Words in names that are often abbreviated.

/// Abbreviations that stand for only one word, in order.
const SHORT: &[(&str, &str)] = &[
    ("assn", "association"),
    ("assoc", "associates"),
    ("bldg", "building"),
    ("bros", "brothers"),
    ("centre", "center"),
    ("constr", "construction"),
    ("dept", "department"),
    ("engrg", "engineering"),
    ("fdn", "foundation"),
    ("gebr", "gebruder"),
    ("gebrueder", "gebruder"),
    ("govt", "government"),
    ("grp", "group"),
    ("hldgs", "holdings"),
    ("hosp", "hospital"),
    ("internat", "international"),
    ("intl", "international"),
    ("labs", "laboratories"),
    ("mfg", "manufacturing"),
    ("mgmt", "management"),
    ("mgt", "management"),
    ("mktg", "marketing"),
    ("natl", "national"),
    ("ptnrs", "partners"),
    ("svc", "services"),
    ("svcs", "services"),
    ("sys", "systems"),
    ("techs", "technologies"),
    ("univ", "university"),
];

/// The word that a folded abbreviation stands for.
pub(super) fn whole(word: &str) -> Option<&'static str> {
    let place = SHORT.binary_search_by(|(short, _)| (*short).cmp(word)).ok()?;
    SHORT.get(place).map(|(_, whole)| *whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_forms_are_in_order_for_the_search() {
        assert!(SHORT.is_sorted());
    }

    #[test]
    fn a_short_form_is_written_out() {
        assert_eq!(whole("intl"), Some("international"));
        assert_eq!(whole("contoso"), None);
        assert_eq!(
            crate::text::fold_name("Ada Bros. Mfg."),
            crate::text::fold_name("Ada Brothers Manufacturing")
        );
    }
}

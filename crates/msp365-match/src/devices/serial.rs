//! Serial numbers in one spelling, and those that are none.

/// What makers, boards and hypervisors leave where a serial number belongs, folded.
const PLACEHOLDERS: &[&str] = &[
    "abcdefghij",
    "baseboardserialnumber",
    "chassisserialnumber",
    "defaultstring",
    "empty",
    "evaluationserial",
    "filledbyoem",
    "invalid",
    "na",
    "noasset",
    "none",
    "noserial",
    "noserialnumber",
    "notapplicable",
    "notavailable",
    "notdefined",
    "notset",
    "notspecified",
    "null",
    "numberoftheserial",
    "oem",
    "oemstring",
    "productserialnumber",
    "qemu",
    "serial",
    "serialnumber",
    "serialnumberhere",
    "sernum",
    "sn",
    "standard",
    "sysserialnumber",
    "system",
    "systemserialnumber",
    "test",
    "tobedetermined",
    "tobefilledbyoem",
    "tobefilledbyoems",
    "tobeset",
    "unknown",
    "unspecified",
    "virtualbox",
    "vmware",
    "xen",
];

/// Digits in the order of the keyboard, of which boards leave a piece behind.
const COUNTING: [&str; 3] = ["01234567890123456789", "98765432109876543210", "0123456789abcdef"];

/// A serial number with fewer characters says little by itself.
const SHORT: usize = 6;

/// Appends the serial number without case, spaces and punctuation, or nothing if it is a placeholder.
pub(super) fn push(serial: &str, onto: &mut String) {
    let start = onto.len();
    onto.extend(
        serial
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase),
    );
    let is_none = onto.get(start..).is_none_or(is_placeholder);
    if is_none {
        onto.truncate(start);
    }
}

/// Whether a folded serial number names no device: too short, one sign repeated, counted up, or a phrase.
fn is_placeholder(serial: &str) -> bool {
    let Some(first) = serial.chars().next() else {
        return true;
    };
    serial.len() < 3
        || serial.chars().all(|letter| letter == first)
        || COUNTING.iter().any(|counting| counting.contains(serial))
        || PLACEHOLDERS.binary_search(&serial).is_ok()
}

/// Whether a folded serial number is long and varied enough to link two devices by itself.
pub(super) fn is_telling(serial: &str) -> bool {
    let mut signs: Vec<char> = serial.chars().collect();
    let length = signs.len();
    signs.sort_unstable();
    signs.dedup();
    length >= SHORT && signs.len() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(serial: &str) -> String {
        let mut folded = String::new();
        push(serial, &mut folded);
        folded
    }

    #[test]
    fn spaces_case_and_hyphens_are_no_difference() {
        assert_eq!(fold(" 5CG 1234-AbC "), fold("5cg1234abc"));
        assert_eq!(fold("VMware-56 4d 3a"), "vmware564d3a");
    }

    #[test]
    fn what_makers_leave_behind_is_no_serial_number() {
        for none in [
            "To be filled by O.E.M.",
            "System Serial Number",
            "0123456789",
            "123456789",
            "0",
            "0000000",
            "....",
            "",
            "N/A",
            "None",
            "Default string",
            "Not Specified",
            "xxxxxxx",
        ] {
            assert_eq!(fold(none), "", "{none}");
        }
    }

    #[test]
    fn the_placeholders_are_in_order_for_the_search() {
        assert!(PLACEHOLDERS.is_sorted());
    }

    #[test]
    fn a_short_serial_number_does_not_link_by_itself() {
        assert!(is_telling("5cg1234abc") && !is_telling("a17") && !is_telling("1111112"));
    }
}

//! Serial numbers in one spelling, and those that are not serial numbers.

/// What vendors, boards and hypervisors put where a serial number belongs, folded.
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

/// A serial number with fewer characters is weak evidence by itself.
const SHORT: usize = 6;

/// Appends the serial number without case, spaces and punctuation, or nothing if it is a placeholder.
pub(super) fn push(serial: &str, onto: &mut String) {
    let start = onto.len();
    push_letters(serial, onto);
    let is_none = onto.get(start..).is_none_or(is_placeholder);
    if is_none {
        onto.truncate(start);
    }
}

/// Appends the letters and digits of a text in lower case.
pub(super) fn push_letters(text: &str, onto: &mut String) {
    if text.is_ascii() {
        let start = onto.len();
        if text.bytes().all(|sign| sign.is_ascii_alphanumeric()) {
            onto.push_str(text);
        } else {
            for part in text.split(|sign: char| !sign.is_ascii_alphanumeric()) {
                onto.push_str(part);
            }
        }
        if let Some(added) = onto.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    } else {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        onto.extend(letters.flat_map(char::to_lowercase));
    }
}

/// Whether a folded serial number identifies no device: too short, one repeated character, an ascending sequence, or a
/// phrase.
fn is_placeholder(serial: &str) -> bool {
    let steps_by = |step: u8| {
        let follows =
            |one: u8, other: u8| (one.wrapping_sub(b'0').wrapping_add(step)) % 10 == other.wrapping_sub(b'0');
        serial.bytes().all(|digit| digit.is_ascii_digit())
            && serial.as_bytes().windows(2).all(|pair| follows(pair[0], pair[1]))
    };
    let is_one_sign = || {
        let first = serial.chars().next();
        serial.chars().all(|letter| Some(letter) == first)
    };
    serial.len() < 3 || is_one_sign() || steps_by(1) || steps_by(9) || is_phrase(serial)
}

/// Phrases consist of letters only, as few real serial numbers do.
fn is_phrase(serial: &str) -> bool {
    !serial.bytes().any(|sign| sign.is_ascii_digit()) && PLACEHOLDERS.binary_search(&serial).is_ok()
}

/// Whether a folded serial number is long and varied enough to link two devices by itself.
pub(super) fn is_telling(serial: &str) -> bool {
    let mut bytes = serial.bytes();
    let first = bytes.next();
    let second = bytes.find(|sign| Some(*sign) != first);
    serial.len() >= SHORT && bytes.any(|sign| Some(sign) != first && Some(sign) != second)
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

//! What the simulator needs to know of an X.509 certificate: its public key, and from when to when it is good.

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// Parts of a certificate.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    /// `SubjectPublicKeyInfo`, whole.
    pub(crate) public: &'a [u8],
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
}

const SEQUENCE: u8 = 0x30;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// `[0]`, which holds the version where there is one.
const VERSION: u8 = 0xa0;

/// One element of DER.
struct Element<'a> {
    tag: u8,
    /// With tag and length.
    whole: &'a [u8],
    content: &'a [u8],
}

/// Reads a certificate; `None` if it is none.
pub(crate) fn read(der: &[u8]) -> Option<Parts<'_>> {
    let mut rest = sequence(&mut &*der)?;
    let mut body = sequence(&mut rest)?;
    let mut peeked = body;
    if next(&mut peeked)?.tag == VERSION {
        body = peeked;
    }
    // Serial number, algorithm, issuer.
    for _ in 0..3 {
        next(&mut body)?;
    }
    let mut validity = sequence(&mut body)?;
    let not_before = time(&next(&mut validity)?)?;
    let not_after = time(&next(&mut validity)?)?;
    // Subject.
    next(&mut body)?;
    let public = next(&mut body).filter(|element| element.tag == SEQUENCE)?;
    Some(Parts {
        public: public.whole,
        not_before,
        not_after,
    })
}

fn sequence<'a>(input: &mut &'a [u8]) -> Option<&'a [u8]> {
    next(input)
        .filter(|element| element.tag == SEQUENCE)
        .map(|element| element.content)
}

/// Takes the next element off the input.
fn next<'a>(input: &mut &'a [u8]) -> Option<Element<'a>> {
    let (&tag, rest) = input.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        let length = bytes.iter().try_fold(0_usize, |sum, byte| {
            sum.checked_mul(256)?.checked_add(usize::from(*byte))
        })?;
        (length, rest)
    };
    let (content, after) = rest.split_at_checked(length)?;
    let whole = input.get(..input.len() - after.len())?;
    *input = after;
    Some(Element { tag, whole, content })
}

fn time(element: &Element<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(element.content).ok()?;
    let text = match element.tag {
        // Years 50 to 99 are of the last century (RFC 5280, 4.1.2.5.1).
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let moment = DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    Offset::UTC.to_timestamp(moment).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_refused() {
        let odd: [&[u8]; 4] = [b"", b"\x30\x03abc", b"\x30\x84\xff\xff\xff\xff", b"-----BEGIN"];

        assert!(odd.iter().all(|der| read(der).is_none()));
    }
}

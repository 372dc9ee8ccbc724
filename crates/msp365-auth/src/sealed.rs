//! Records at rest: AES-256-GCM-SIV, bound to the place they belong to.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use msp365_core::{Random, Sealed, TenantId};
use secrecy::zeroize::Zeroizing;

use crate::{Error, KeyRing, VaultKey};

/// First byte of a sealed record: the format of the rest.
const FORMAT: u8 = 1;

/// Where a record belongs. It is authenticated with the record, so that a record opens only in its own place.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    pub(crate) record: &'a str,
    pub(crate) tenant: TenantId,
    pub(crate) client_id: &'a str,
    pub(crate) kind: &'static str,
}

impl Place<'_> {
    /// All parts with their lengths, so that no two places give the same bytes.
    fn as_data(&self) -> Vec<u8> {
        let tenant = self.tenant.to_string();
        let mut data = vec![FORMAT];
        for part in [self.record, tenant.as_str(), self.client_id, self.kind] {
            data.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        data
    }

    fn broken(&self) -> Error {
        Error::Integrity {
            record: self.record.to_owned(),
        }
    }
}

/// Seals a record with the ring's current key and a fresh nonce. The plain bytes are wiped.
///
/// # Errors
/// `Storage` if the cipher refuses.
pub(crate) fn seal(
    mut plain: Zeroizing<Vec<u8>>,
    place: &Place<'_>,
    keys: &dyn KeyRing,
    random: &dyn Random,
) -> Result<Sealed, Error> {
    let refused = || Error::Seal {
        record: place.record.to_owned(),
    };
    let key = keys.current();
    let mut nonce = [0; NONCE_LEN];
    random.fill(&mut nonce);
    let tag = cipher(&key)
        .ok_or_else(refused)?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(place.as_data()),
            &mut plain,
        )
        .map_err(|_| refused())?;
    let bytes = [&[FORMAT], &nonce[..], &plain, tag.as_ref()].concat();
    Ok(Sealed::new(key.id(), bytes))
}

/// Opens a record in its place.
///
/// # Errors
/// `Storage` if the ring has no key with that name, or the record was altered or moved.
pub(crate) fn open(
    sealed: &Sealed,
    place: &Place<'_>,
    keys: &dyn KeyRing,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let key = keys.key(&sealed.key_id).ok_or_else(|| Error::OtherKey {
        record: place.record.to_owned(),
        sealed_with: sealed.key_id.clone(),
    })?;
    let (nonce, rest) = sealed
        .bytes
        .strip_prefix(&[FORMAT])
        .and_then(|bytes| bytes.split_first_chunk::<NONCE_LEN>())
        .ok_or_else(|| place.broken())?;
    let mut bytes = Zeroizing::new(rest.to_vec());
    let length = cipher(&key)
        .ok_or_else(|| place.broken())?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(place.as_data()),
            &mut bytes,
        )
        .map_err(|_| place.broken())?
        .len();
    bytes.truncate(length);
    Ok(bytes)
}

fn cipher(key: &VaultKey) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM_SIV, key.bytes())
        .ok()
        .map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    use msp365_core::{ErrorKind, SeededRandom};

    use super::*;
    use crate::{StaticKeyRing, testing};

    const PLAIN: &[u8] = b"canary-refresh-token";

    fn place(tenant: TenantId) -> Place<'static> {
        Place {
            record: "connection/a",
            tenant,
            client_id: "client",
            kind: "connection",
        }
    }

    fn ring(id: &str, byte: u8) -> StaticKeyRing {
        StaticKeyRing::new(VaultKey::from_bytes(id, [byte; 32]))
    }

    fn sealed() -> Sealed {
        let plain = Zeroizing::new(PLAIN.to_vec());
        seal(
            plain,
            &place(testing::partner()),
            &ring("k", 1),
            &SeededRandom::new(1),
        )
        .unwrap()
    }

    #[test]
    fn a_sealed_record_opens_in_its_place_and_shows_nothing() {
        let sealed = sealed();

        let plain = open(&sealed, &place(testing::partner()), &ring("k", 1)).unwrap();

        assert_eq!(plain.as_slice(), PLAIN);
        assert!(!sealed.bytes.windows(6).any(|part| part == b"canary"));
    }

    #[test]
    fn two_seals_of_one_text_differ() {
        let random = SeededRandom::new(1);
        let seal = || {
            let plain = Zeroizing::new(PLAIN.to_vec());
            seal(plain, &place(testing::partner()), &ring("k", 1), &random).unwrap()
        };

        assert_ne!(seal().bytes, seal().bytes);
    }

    #[test]
    fn a_record_cut_anywhere_does_not_open() {
        let whole = sealed();
        for length in 0..whole.bytes.len() {
            let cut = Sealed::new("k", whole.bytes[..length].to_vec());

            let error = open(&cut, &place(testing::partner()), &ring("k", 1)).unwrap_err();

            assert!(matches!(error, Error::Integrity { .. }), "{length}");
        }
    }

    #[test]
    fn a_record_with_any_bit_flipped_does_not_open() {
        let whole = sealed();
        for at in 0..whole.bytes.len() * 8 {
            let mut bytes = whole.bytes.clone();
            bytes[at / 8] ^= 1 << (at % 8);

            let error = open(
                &Sealed::new("k", bytes),
                &place(testing::partner()),
                &ring("k", 1),
            )
            .unwrap_err();

            assert_eq!(error.kind(), ErrorKind::Storage, "{at}");
        }
    }

    #[test]
    fn a_record_does_not_open_in_the_place_of_another() {
        let own = testing::partner();
        for other in [
            place(testing::customer()),
            Place {
                record: "connection/b",
                ..place(own)
            },
            Place {
                client_id: "other",
                ..place(own)
            },
            Place {
                kind: "secret",
                ..place(own)
            },
            Place {
                record: "connection/",
                client_id: "aclient",
                ..place(own)
            },
        ] {
            let error = open(&sealed(), &other, &ring("k", 1)).unwrap_err();

            assert!(matches!(error, Error::Integrity { .. }), "{other:?}");
        }
    }

    #[test]
    fn a_key_of_another_name_is_not_tried() {
        let error = open(&sealed(), &place(testing::partner()), &ring("other", 1)).unwrap_err();

        assert_eq!(
            error.to_string(),
            "`connection/a` was sealed with key `k`, which is not among the keys given now"
        );
    }

    #[test]
    fn another_key_of_the_same_name_opens_nothing() {
        let error = open(&sealed(), &place(testing::partner()), &ring("k", 2)).unwrap_err();

        assert!(matches!(error, Error::Integrity { .. }));
    }
}

//! Two hundred forged or altered id tokens, each of its own kind or at its own place.

use std::collections::BTreeSet;

use super::*;

const FORGED: usize = 200;

/// What a signer who is right about everything else may claim wrongly.
fn wrong_claims() -> Vec<Value> {
    let now = testing::noon().as_second();
    let mut all = Vec::new();
    for (name, values) in [
        (
            "iss",
            vec![
                json!(null),
                json!(""),
                json!("sts.windows.net"),
                json!(ISSUER.to_uppercase()),
                json!(format!("{ISSUER}?")),
                json!(ISSUER.replace("https", "http")),
                json!(ISSUER.replace(".com", ".us")),
                json!(ISSUER.replace("v2.0", "v1.0")),
                json!([ISSUER]),
                json!({"iss": ISSUER}),
            ],
        ),
        (
            "aud",
            vec![
                json!(null),
                json!(""),
                json!("https://graph.microsoft.com"),
                json!(CLIENT.to_uppercase()),
                json!(format!("{CLIENT} ")),
                json!([CLIENT, "another"]),
                json!(7),
            ],
        ),
        (
            "nonce",
            vec![
                json!(null),
                json!(""),
                json!("The nonce"),
                json!("the nonce "),
                json!(["the nonce"]),
                json!(true),
            ],
        ),
        (
            "tid",
            vec![
                json!(null),
                json!(""),
                json!(testing::customer()),
                json!("organizations"),
                json!("9188040d-6c67-4c5b-b112-36a304b66dad"),
                json!(1),
            ],
        ),
        ("oid", vec![json!(null), json!(7), json!(["a"])]),
        (
            "exp",
            vec![
                json!(null),
                json!(0),
                json!(-1),
                json!(now - 300),
                json!(now - 86_400),
                json!("soon"),
                json!(1e300),
                json!(i64::MIN),
            ],
        ),
        (
            "nbf",
            vec![
                json!(now + 301),
                json!(now + 86_400),
                json!(i64::MAX),
                json!("later"),
            ],
        ),
    ] {
        all.extend(values.into_iter().map(|value| with(name, value)));
    }
    all.extend(["iss", "aud", "nonce", "tid", "oid", "exp"].map(without));
    all
}

/// Headers that choose the method, the key, or where the key is.
fn wrong_headers(signer: &Signer) -> Vec<Value> {
    let mut all: Vec<Value> = [
        "none", "None", "NONE", "", "HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "PS384", "ES256",
        "ES384", "EdDSA", "rs256",
    ]
    .iter()
    .map(|alg| json!({"alg": alg, "kid": "one"}))
    .collect();
    all.extend([
        json!({}),
        json!({"kid": "one"}),
        json!({"alg": "RS256"}),
        json!({"alg": "RS256", "kid": null}),
        json!({"alg": "RS256", "kid": "two"}),
        json!({"alg": "RS256", "kid": "One"}),
        json!({"alg": "RS256", "kid": "../one"}),
        json!({"alg": "RS256", "kid": "two", "jwk": signer.jwk()}),
        json!({"alg": "RS256", "kid": "two", "jku": "https://evil.example/keys"}),
        json!({"alg": "RS256", "kid": "two", "x5u": "https://evil.example/chain"}),
    ]);
    all
}

/// A token with one sign of it exchanged for another, at so many places of each part.
fn altered(token: &str, places: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut start = 0;
    for part in token.split('.') {
        // The last sign of a part may hold bits that count for nothing.
        let step = (part.len() - 1) / places;
        for place in (0..places).map(|number| start + number * step) {
            let mut bytes = token.as_bytes().to_vec();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            all.push(String::from_utf8(bytes).unwrap());
        }
        start += part.len() + 1;
    }
    all
}

#[test]
fn f153_two_hundred_forged_or_altered_tokens_are_refused() {
    let (signer, stranger) = (Signer::new("one"), Signer::new("one"));
    let keys = keys(&signer);
    let token = signer.sign(&claims());
    check(&keys, &token).unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (head, body) = message.split_once('.').unwrap();
    let mut forged: BTreeSet<String> = wrong_claims().iter().map(|claims| signer.sign(claims)).collect();
    forged.extend(
        wrong_headers(&signer)
            .iter()
            .map(|header| signer.sign_under(header, &claims())),
    );
    forged.extend(altered(&token, 40));
    forged.extend([
        stranger.sign(&claims()),
        message.to_owned(),
        format!("{message}."),
        format!("{message}.{}", URL_SAFE_NO_PAD.encode([0; 256])),
        format!("{message}.{signature}{signature}"),
        format!("{head}.{signature}.{body}"),
        format!("{head}..{signature}"),
        format!(".{body}.{signature}"),
        format!("{token}.{token}"),
        format!(" {token}"),
        format!("{token}="),
        format!(
            "{}.{body}.{signature}",
            part(&json!({"alg": "RS256", "kid": "one", "typ": "other"}))
        ),
        format!("{head}.{}.{signature}", part(&with("name", json!("Bo")))),
        String::new(),
    ]);

    assert!(forged.len() >= FORGED, "{} forged tokens", forged.len());
    for token in forged {
        let refused = check(&keys, &token);

        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Denied, "{token}");
    }
}

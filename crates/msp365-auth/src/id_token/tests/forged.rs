//! Two hundred forged or altered id tokens, each of its own kind or at its own place.

use std::collections::BTreeSet;

use super::*;

const FORGED: usize = 200;

/// What a signer who is right about everything else may claim wrongly.
fn wrong_claims() -> Vec<Value> {
    let mut all: Vec<Value> = [names(), times()]
        .into_iter()
        .flatten()
        .flat_map(|(name, values)| values.into_iter().map(move |value| with(name, value)))
        .collect();
    all.extend(["iss", "aud", "nonce", "tid", "oid", "exp"].map(without));
    all
}

/// Of whom, for whom and to what.
fn names() -> Vec<(&'static str, Vec<Value>)> {
    let issuers = [
        String::new(),
        "sts.windows.net".to_owned(),
        ISSUER.to_uppercase(),
        format!("{ISSUER}?"),
        ISSUER.replace("https", "http"),
        ISSUER.replace(".com", ".us"),
        ISSUER.replace("v2.0", "v1.0"),
    ];
    let mut iss: Vec<Value> = issuers.into_iter().map(Value::from).collect();
    iss.extend([json!(null), json!([ISSUER]), json!({"iss": ISSUER})]);
    let (upper, padded) = (CLIENT.to_uppercase(), format!("{CLIENT} "));
    let aud = json!([
        null,
        "",
        "https://graph.microsoft.com",
        upper,
        padded,
        [CLIENT, "another"],
        7
    ]);
    let nonce = json!([null, "", "The nonce", "the nonce ", ["the nonce"], true]);
    let consumers = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let tid = json!([null, "", testing::customer(), "organizations", consumers, 1]);
    let oid = json!([null, 7, ["a"]]);
    let mut all = vec![("iss", iss)];
    all.extend(
        [("aud", aud), ("nonce", nonce), ("tid", tid), ("oid", oid)].map(|(name, list)| (name, each(list))),
    );
    all
}

/// From when and until when.
fn times() -> Vec<(&'static str, Vec<Value>)> {
    let now = testing::noon().as_second();
    let exp = json!([null, 0, -1, now - 300, now - 86_400, "soon", 1e300, i64::MIN]);
    let nbf = json!([now + 301, now + 86_400, i64::MAX, "later"]);
    [("exp", exp), ("nbf", nbf)]
        .map(|(name, list)| (name, each(list)))
        .into()
}

fn each(list: Value) -> Vec<Value> {
    match list {
        Value::Array(values) => values,
        other => vec![other],
    }
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

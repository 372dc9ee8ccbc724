//! Signing keys that take turns.

use super::*;

async fn ids(cloud: &Cloud) -> Vec<String> {
    let keys = body_of(&get(cloud, &format!("{HOST}/common/discovery/v2.0/keys")).await);
    let keys = keys["keys"].as_array().unwrap();
    keys.iter()
        .map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

fn key_id(token: &Value) -> String {
    let header = token.as_str().unwrap().split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_next_key_is_published_before_it_signs() {
    let cloud = cloud();
    let before = ids(&cloud).await;
    let tokens = signed_in(&cloud).await;

    cloud.edit(|edit| {
        edit.rotate_keys();
    });

    let after = signed_in(&cloud).await;
    let published = ids(&cloud).await;
    assert_eq!(before.len(), 2);
    assert_eq!(key_id(&tokens["access_token"]), before[0]);
    assert_eq!(key_id(&after["access_token"]), before[1]);
    assert_eq!(published.len(), 3);
    assert!(published.starts_with(&before));
}

#[tokio::test]
async fn a_token_is_good_while_its_key_is_published() {
    let cloud = cloud();
    let tokens = signed_in(&cloud).await;

    cloud.edit(|edit| {
        edit.rotate_keys();
    });
    let published = me(&cloud, &tokens["access_token"]).await.0;
    cloud.edit(|edit| {
        edit.rotate_keys();
    });
    let withdrawn = me(&cloud, &tokens["access_token"]).await.0;

    assert_eq!((published, withdrawn), (200, 401));
}

#[tokio::test]
async fn keys_take_turns_as_time_goes_by() {
    let cloud = cloud();
    let first = key_id(&signed_in(&cloud).await["id_token"]);
    cloud.advance(Duration::from_hours(41 * 24));
    let same = key_id(&signed_in(&cloud).await["id_token"]);
    cloud.advance(Duration::from_hours(24));
    let next = key_id(&signed_in(&cloud).await["id_token"]);

    assert_eq!(first, same);
    assert_ne!(first, next);
}

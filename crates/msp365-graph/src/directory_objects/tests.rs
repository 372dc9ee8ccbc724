use insta::assert_snapshot;

use super::*;
use crate::testing::{read, refused, shown};

#[test]
fn ids_are_looked_up_by_type() {
    let request = by_ids(["ada", "9a"], &[ObjectType::User, ObjectType::Group]);

    assert_snapshot!(shown(&request), @r#"
    POST directoryObjects/getByIds
    content-type: application/json
    {"ids":["ada","9a"],"types":["user","group"]}
    "#);
    assert!(refused(&by_ids(Vec::<String>::new(), &[])));
    assert!(refused(&by_ids((0..1001).map(|n| n.to_string()), &[])));
}

#[test]
fn deleted_objects_come_back_or_go_for_good() {
    assert_snapshot!(shown(&restore("ada")), @"POST directory/deletedItems/ada/restore");
    assert_snapshot!(shown(&purge("ada")), @"DELETE directory/deletedItems/ada");
}

#[test]
fn groups_of_the_signed_in_account_are_checked() {
    assert_snapshot!(shown(&my_groups_among(["9a"])), @r#"
    POST me/checkMemberGroups
    content-type: application/json
    {"groupIds":["9a"]}
    "#);
    assert!(refused(&my_groups_among((0..21).map(|n| n.to_string()))));

    let among = read(&my_groups_among(["9a"]), r#"{"value":["9a"]}"#).unwrap();

    assert_eq!(among.items, ["9a"]);
}

//! Teams, which are attached to Microsoft 365 groups.

msp365_core::model! {
    /// A team.
    pub struct Team {
        /// The id, which is that of its group.
        id, ID = "id": String,
        /// The display name.
        display_name, DISPLAY_NAME = "displayName": Option<String>,
        /// What it is for.
        description, DESCRIPTION = "description": Option<String>,
        /// `private`, `public` or `hiddenMembership`.
        visibility, VISIBILITY = "visibility": Option<String>,
        /// Whether it is archived.
        is_archived, IS_ARCHIVED = "isArchived": Option<bool>,
        /// Its address in the Teams client.
        web_url, WEB_URL = "webUrl": Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{
        groups,
        testing::{read, shown},
        users,
    };

    #[test]
    fn the_team_of_a_group_is_asked_for_by_the_group() {
        assert_snapshot!(shown(&groups::team("9a")), @"GET groups/9a/team");
        assert_snapshot!(shown(&users::teams("ada")), @"GET users/ada/joinedTeams");

        let team = read(
            &groups::team("9a"),
            r#"{"id":"9a","displayName":"Sales","isArchived":false}"#,
        )
        .unwrap();

        assert_eq!((team.id.as_str(), team.is_archived), ("9a", Some(false)));
    }
}

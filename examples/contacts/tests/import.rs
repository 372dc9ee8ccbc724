//! The story that the example plays.

use msp365::sync::tool::Contact;
use msp365_contacts::{import::Done, story};

#[tokio::test]
async fn an_import_is_shown_decided_and_done_once_and_survives_renames_and_deletions() {
    let folder = tempfile::tempdir().unwrap();

    let story = story::play(folder.path()).await.unwrap();

    let look = &story.first_look;
    assert!(!look.matched.is_empty() && !look.likely_duplicates.is_empty() && !look.would_create.is_empty());
    assert_eq!(look.theirs_only.len(), 2, "{look:?}");
    assert_eq!(story.first.created, look.would_create.len());
    assert_eq!(story.first.laid, story.first.linked);
    assert_eq!(
        story.second,
        Done {
            linked: story.first.linked,
            ..Done::default()
        }
    );

    // What was made went on to the PSA, each once, into the organization it belongs to.
    let passed_on = &story.passed_on;
    assert_eq!(passed_on.len(), story.first.created);
    assert!(passed_on.iter().all(|own| {
        !own.name.is_empty()
            && own
                .organization
                .as_ref()
                .is_some_and(|home| home.starts_with("psa-"))
    }));

    // One person was deleted there, one contact here; one of each was renamed.
    let later = &story.later;
    assert_eq!(later.broken.len(), 2, "{:?}", later.broken);
    assert!(later.would_create.is_empty() && later.likely_duplicates.is_empty());
    assert_eq!(
        story.third,
        Done {
            linked: story.first.linked - 2,
            laid: 2,
            broken: 2,
            ..Done::default()
        }
    );
    assert_eq!(
        story.last,
        Done {
            linked: story.first.linked - 2,
            ..Done::default()
        }
    );
    let named = |test: &dyn Fn(&Contact) -> bool| story.contacts.iter().filter(|own| test(own)).count();
    assert_eq!(
        named(&|own| own.overlay.get("name").is_some_and(|name| name == "Bo Othername")),
        1
    );
    assert_eq!(
        named(&|own| own.name == "Somebody Else" && own.overlay.contains_key("name")),
        1
    );
    assert!(story.file.contains(",linked,Ada,"), "{}", story.file);
}

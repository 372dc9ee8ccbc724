//! The story that the example plays.

use msp365_contacts::story;

#[tokio::test]
async fn an_import_is_shown_decided_and_done_once_and_survives_renames_and_deletions() {
    let folder = tempfile::tempdir().unwrap();

    let story = story::play(folder.path()).await.unwrap();

    let look = &story.first_look;
    assert!(!look.matched.is_empty() && !look.likely_duplicates.is_empty() && !look.would_create.is_empty());
    assert_eq!(look.theirs_only.len(), 2, "{look:?}");
    assert_eq!(story.first.created, look.would_create.len());
    assert_eq!(story.second.created, 0);
    assert_eq!(story.second.linked, story.first.linked + story.first.created);
    assert_eq!(story.later.broken.len(), 2, "{:?}", story.later.broken);
    assert_eq!(story.later.matched.len(), story.second.linked - 2);
    assert!(story.later.would_create.is_empty() && story.later.likely_duplicates.is_empty());
    assert!(story.file.contains(",linked,Ada,"), "{}", story.file);
}

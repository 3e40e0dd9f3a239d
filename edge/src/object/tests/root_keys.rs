//! Root's own keys, kept by the directory; and what the directory holds of host names.

use notice::wire::ids::Slug;

use super::{Database, HOUR_MS, NOW_MS};
use crate::{
    answer::Answer,
    storage::{
        directory,
        migrations::{DIRECTORY, migrate, version},
        root_keys::{Standing, begin, finish, release},
    },
};

fn database() -> Database {
    let database = Database::new();
    migrate(&database, DIRECTORY).unwrap();
    database
}

#[test]
fn a_key_stands_for_one_request_for_a_day() {
    let database = database();
    let begin =
        |key: &str, fingerprint: &str, now_ms| begin(&database, key, fingerprint, now_ms).unwrap();
    assert_eq!(begin("one", "a", NOW_MS), Standing::New);
    assert_eq!(begin("one", "a", NOW_MS), Standing::Begun);
    assert_eq!(begin("one", "b", NOW_MS), Standing::Another);
    assert_eq!(begin("two", "b", NOW_MS), Standing::New);

    // Refused: it may be put right under the same key.
    release(&database, "one").unwrap();
    assert_eq!(begin("one", "b", NOW_MS), Standing::New);

    finish(&database, "one", &Answer::nothing()).unwrap();
    let done = Standing::Done(Answer::nothing());
    assert_eq!(begin("one", "b", NOW_MS + 23 * HOUR_MS), done);
    assert_eq!(begin("one", "a", NOW_MS), Standing::Another);
    release(&database, "one").unwrap();
    assert_eq!(
        begin("one", "b", NOW_MS),
        done,
        "what happened has happened"
    );
    assert_eq!(begin("one", "a", NOW_MS + 24 * HOUR_MS), Standing::New);
    assert_eq!(database.count("root_key"), 1, "the others are a day old");
}

#[test]
fn a_directory_that_is_lived_in_takes_each_step() {
    let acme = Slug::parse("acme").unwrap();
    for from in 1..=DIRECTORY.len() {
        let database = Database::new();
        migrate(&database, &DIRECTORY[..from]).unwrap();
        directory::add(&database, &acme).unwrap();
        migrate(&database, DIRECTORY).unwrap();
        assert_eq!(version(&database).unwrap(), DIRECTORY.len());
        assert!(directory::list(&database).unwrap().slugs.contains("acme"));
    }
}

#[test]
fn a_name_that_is_claimed_twice_is_claimed_once() {
    let database = database();
    let acme = Slug::parse("acme").unwrap();
    let names = ["a.example".to_owned(), "a.example".to_owned()];
    let claimed = directory::claim(&database, &acme, &names).unwrap();
    assert_eq!(claimed, Ok(()));
    assert_eq!(database.count("hostname"), 1);
}

//! Root's own keys, kept by the directory; and what the directory holds of host names.

use std::cell::RefCell;

use notice::wire::ids::Slug;

use super::{Database, HOUR_MS, NOW_MS};
use crate::{
    answer::Answer,
    object::{
        budget::Budget,
        root_keys::{Admitted, KeyCall, answer},
    },
    storage::{
        directory,
        migrations::{DIRECTORY, migrate, version},
        root_keys::{Standing, answered, begin, finish, release},
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
    let told = |key, fingerprint, now_ms| answered(&database, key, fingerprint, now_ms).unwrap();
    assert_eq!(told("one", "b", NOW_MS), Some(Answer::nothing()));
    assert_eq!(told("one", "a", NOW_MS), None);
    assert_eq!(told("two", "b", NOW_MS), None, "begun is not answered");
    assert_eq!(told("one", "b", NOW_MS + 24 * HOUR_MS), None);
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
fn root_writes_so_often_a_minute_on_whichever_site() {
    let database = database();
    let budget = RefCell::new(Budget::default());
    let ask = |call: &KeyCall| answer(&database, &budget, call, NOW_MS).unwrap();
    let come = |key: Option<&str>, fingerprint: &str, write_limit| {
        ask(&KeyCall::Begin {
            key: key.map(str::to_owned),
            fingerprint: fingerprint.to_owned(),
            write_limit,
        })
    };
    let admitted = |answer: &Answer| -> Admitted {
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    };
    let first = admitted(&come(Some("k"), "a", 2));
    assert_eq!(first.standing, Standing::New);
    let shown = first.left.unwrap().on(Answer::nothing());
    assert_eq!(shown.header("ratelimit"), Some("\"minute\";r=1;t=60"));
    assert_eq!(admitted(&come(None, "b", 2)).standing, Standing::New);
    for key in [None, Some("l")] {
        let refused = come(key, "c", 2);
        assert_eq!(
            (refused.status, refused.header("retry-after")),
            (429, Some("60"))
        );
    }
    assert_eq!(
        database.count("root_key"),
        1,
        "what was refused keeps no key"
    );

    let again = admitted(&come(Some("k"), "a", 2));
    assert_eq!(
        again,
        Admitted {
            standing: Standing::Begun,
            left: None
        },
        "before limits"
    );
    assert_eq!(
        admitted(&come(Some("k"), "b", 2)).standing,
        Standing::Another
    );
    let finished = KeyCall::Finish {
        key: "k".to_owned(),
        answer: Answer::nothing(),
    };
    assert_eq!(ask(&finished).status, 204);
    let done = Standing::Done(Answer::nothing());
    assert_eq!(admitted(&come(Some("k"), "a", 2)).standing, done);
    let free = admitted(&come(Some("l"), "c", 0));
    assert_eq!(
        free,
        Admitted {
            standing: Standing::New,
            left: None
        },
        "0 is no limit"
    );
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

//! The directory's tables: `Idempotency-Key`s of the root token, its rate limit, and the host names of sites.

use std::cell::RefCell;

use notice::wire::ids::Slug;

use super::{Database, HOUR_MS, NOW_MS};
use crate::{
    answer::Answer,
    http::rate_limit::RateLimiter,
    objects::root_key_calls::answer,
    rpc::directory_client::{Admission, RootKeyCall},
    storage::{
        directory_tables::{self, ClaimResult, ConfirmResult},
        migrations::{DIRECTORY, migrate, version},
        root_key_table::{KeyState, begin, find_answer, finish, release},
        sql::Sql,
    },
};

fn database() -> Database {
    let database = Database::new();
    migrate(&database, DIRECTORY).unwrap();
    database
}

#[test]
fn an_idempotency_key_of_root_belongs_to_one_request_for_a_day() {
    let database = database();
    let begin =
        |key: &str, fingerprint: &str, now_ms| begin(&database, key, fingerprint, now_ms).unwrap();
    assert_eq!(begin("one", "a", NOW_MS), KeyState::New);
    assert_eq!(begin("one", "a", NOW_MS), KeyState::Pending);
    assert_eq!(begin("one", "b", NOW_MS), KeyState::Mismatch);
    assert_eq!(begin("two", "b", NOW_MS), KeyState::New);

    // After a rejection, a corrected request may use the key.
    release(&database, "one").unwrap();
    assert_eq!(begin("one", "b", NOW_MS), KeyState::New);

    finish(&database, "one", &Answer::no_content()).unwrap();
    let done = KeyState::Answered(Answer::no_content());
    assert_eq!(begin("one", "b", NOW_MS + 23 * HOUR_MS), done);
    assert_eq!(begin("one", "a", NOW_MS), KeyState::Mismatch);
    let found_answer =
        |key, fingerprint, now_ms| find_answer(&database, key, fingerprint, now_ms).unwrap();
    assert_eq!(found_answer("one", "b", NOW_MS), Some(Answer::no_content()));
    assert_eq!(found_answer("one", "a", NOW_MS), None);
    assert_eq!(
        found_answer("two", "b", NOW_MS),
        None,
        "a pending key has no answer"
    );
    assert_eq!(found_answer("one", "b", NOW_MS + 24 * HOUR_MS), None);
    release(&database, "one").unwrap();
    assert_eq!(
        begin("one", "b", NOW_MS),
        done,
        "an answered key cannot be freed"
    );
    assert_eq!(begin("one", "a", NOW_MS + 24 * HOUR_MS), KeyState::New);
    assert_eq!(
        database.count("root_key"),
        1,
        "keys that are a day old were deleted"
    );
}

#[test]
fn root_writes_have_a_rate_limit_over_all_sites() {
    let database = database();
    let rate_limiter = RefCell::new(RateLimiter::default());
    let ask = |call: &RootKeyCall| answer(&database, &rate_limiter, call, NOW_MS).unwrap();
    let start = |key: Option<&str>, fingerprint: &str, write_limit| {
        ask(&RootKeyCall::Begin {
            key: key.map(str::to_owned),
            fingerprint: fingerprint.to_owned(),
            write_limit,
        })
    };
    let admission = |answer: &Answer| -> Admission {
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    };
    let allowed = |answer: &Answer| match admission(answer) {
        Admission::Allowed {
            key_state,
            remaining,
        } => (key_state, remaining),
        Admission::RateLimited(answer) => panic!("{answer:?}"),
    };
    let (key_state, remaining) = allowed(&start(Some("k"), "a", 2));
    assert_eq!(key_state, KeyState::New);
    let shown = remaining.unwrap().add_to(Answer::no_content());
    assert_eq!(shown.header("ratelimit"), Some("\"minute\";r=1;t=60"));
    assert_eq!(allowed(&start(None, "b", 2)).0, KeyState::New);
    for key in [None, Some("l")] {
        let Admission::RateLimited(refused) = admission(&start(key, "c", 2)) else {
            panic!("the third write of a minute");
        };
        assert_eq!(
            (refused.status, refused.header("retry-after")),
            (429, Some("60"))
        );
    }
    assert_eq!(
        database.count("root_key"),
        1,
        "a rejected write stores no key"
    );

    let again = allowed(&start(Some("k"), "a", 2));
    assert_eq!(
        again,
        (KeyState::Pending, None),
        "a replay is answered before the limit"
    );
    assert_eq!(allowed(&start(Some("k"), "b", 2)).0, KeyState::Mismatch);
    let finished = RootKeyCall::Finish {
        key: "k".to_owned(),
        answer: Answer::no_content(),
    };
    assert_eq!(ask(&finished).status, 200);
    let done = KeyState::Answered(Answer::no_content());
    assert_eq!(allowed(&start(Some("k"), "a", 2)).0, done);
    let free = allowed(&start(Some("l"), "c", 0));
    assert_eq!(free, (KeyState::New, None), "0 is no limit");
}

#[test]
fn a_directory_with_data_migrates_from_each_version() {
    let acme = Slug::parse("acme").unwrap();
    for from in 1..=DIRECTORY.len() {
        let database = Database::new();
        migrate(&database, &DIRECTORY[..from]).unwrap();
        directory_tables::add(&database, &acme).unwrap();
        migrate(&database, DIRECTORY).unwrap();
        assert_eq!(version(&database).unwrap(), DIRECTORY.len());
        assert!(
            directory_tables::list(&database)
                .unwrap()
                .slugs
                .contains("acme")
        );
    }
}

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn claim(database: &Database, site: &str, names: &[&str]) -> ClaimResult {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    directory_tables::claim(database, &slug(site), &names).unwrap()
}

fn confirm(database: &Database, site: &str, name: &str) -> ConfirmResult {
    directory_tables::confirm(database, &slug(site), name).unwrap()
}

/// The site that a host name serves.
fn owner(database: &Database, name: &str) -> Option<String> {
    let listing = directory_tables::list(database).unwrap();
    listing.hostnames.get(name).cloned()
}

#[test]
fn a_duplicate_host_name_is_claimed_once() {
    let database = database();
    let claimed = claim(&database, "acme", &["a.example", "a.example"]);
    assert_eq!(claimed, ClaimResult::Granted);
    assert_eq!(database.count("site_hostname"), 1);
}

#[test]
fn an_unconfirmed_host_name_neither_serves_nor_blocks_a_site() {
    let database = database();
    for site in ["acme", "beta"] {
        assert_eq!(claim(&database, site, &["a.example"]), ClaimResult::Granted);
        assert_eq!(owner(&database, "a.example"), None);
    }
    assert_eq!(
        confirm(&database, "third", "a.example"),
        ConfirmResult::Unlisted
    );
    for _ in 0..2 {
        assert_eq!(
            confirm(&database, "beta", "a.example"),
            ConfirmResult::Confirmed
        );
    }
    assert_eq!(owner(&database, "a.example").as_deref(), Some("beta"));
    assert_eq!(
        confirm(&database, "acme", "a.example"),
        ConfirmResult::Taken
    );
    let taken = ClaimResult::Taken("a.example".to_owned());
    assert_eq!(
        claim(&database, "third", &["c.example", "a.example"]),
        taken
    );
    // A site that had the name before another site confirmed it can still change its other names.
    let others = claim(&database, "acme", &["a.example", "b.example"]);
    assert_eq!(others, ClaimResult::Granted);
    assert_eq!(owner(&database, "a.example").as_deref(), Some("beta"));
}

#[test]
fn a_confirmation_lasts_while_the_site_has_the_host_name() {
    let database = database();
    claim(&database, "acme", &["a.example"]);
    confirm(&database, "acme", "a.example");
    claim(&database, "acme", &["a.example", "b.example"]);
    assert_eq!(owner(&database, "a.example").as_deref(), Some("acme"));
    assert_eq!(owner(&database, "b.example"), None);
    claim(&database, "acme", &["b.example"]);
    claim(&database, "acme", &["a.example"]);
    assert_eq!(
        owner(&database, "a.example"),
        None,
        "the site gave up the name, and with it the confirmation"
    );
    confirm(&database, "acme", "a.example");
    directory_tables::remove(&database, &slug("acme")).unwrap();
    assert_eq!(database.count("site_hostname"), 0);
}

#[test]
fn the_migration_to_version_3_confirms_existing_host_names() {
    let database = Database::new();
    migrate(&database, &DIRECTORY[..2]).unwrap();
    database
        .script(
            "INSERT INTO hostname (name, slug) VALUES ('a.example', 'acme'), ('127.0.0.1', 'beta')",
        )
        .unwrap();
    migrate(&database, DIRECTORY).unwrap();
    assert_eq!(owner(&database, "a.example").as_deref(), Some("acme"));
    assert_eq!(owner(&database, "127.0.0.1").as_deref(), Some("beta"));
}

//! Migrations of databases with data.

use super::{Database, NOW_MS, Sql, acme, feed, get, outage, post};
use crate::storage::migrations::{self, SITE, migrate, version};

/// The schema as SQL: tables and indexes.
fn schema(database: &Database) -> Vec<String> {
    let rows = database
        .run(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name",
            &[],
        )
        .unwrap();
    rows.into_iter()
        .map(|mut row| row.text("sql").unwrap())
        .collect()
}

#[test]
fn migrating_stepwise_or_at_once_gives_one_schema() {
    for from in 1..=SITE.len() {
        let stepwise = Database::new();
        migrate(&stepwise, &SITE[..from]).unwrap();
        assert_eq!(version(&stepwise).unwrap(), from);
        migrate(&stepwise, SITE).unwrap();
        assert_eq!(version(&stepwise).unwrap(), SITE.len());
        let at_once = Database::new();
        migrate(&at_once, SITE).unwrap();
        assert_eq!(schema(&stepwise), schema(&at_once), "from version {from}");
    }
}

#[test]
fn a_failed_migration_of_a_site_with_data_rolls_back() {
    let database = acme();
    post("/incidents", outage()).ok(&database);
    let (feed_before, list_before) = (feed(&database, NOW_MS), get("/incidents").ok(&database));
    let now = version(&database).unwrap();
    let next = "ALTER TABLE incident ADD COLUMN extra TEXT NOT NULL DEFAULT ''";
    let broken = [
        SITE,
        &[next, "CREATE TABLE half (x); SELECT nonsense FROM nowhere"],
    ]
    .concat();
    assert!(migrate(&database, &broken).is_err());
    assert_eq!(version(&database).unwrap(), now, "rolled back");
    assert!(!schema(&database).concat().contains("extra TEXT"));

    let steps = [SITE, &[next]].concat();
    migrate(&database, &steps).unwrap();
    assert_eq!(version(&database).unwrap(), now + 1);
    migrate(&database, &steps).unwrap();
    assert_eq!(feed(&database, NOW_MS), feed_before);
    assert_eq!(get("/incidents").ok(&database), list_before);
    post("/incidents", outage()).ok(&database);
    let rows = database.run("SELECT extra FROM incident", &[]).unwrap();
    assert_eq!(rows.len(), 2);
}

#[test]
fn deleting_a_site_leaves_only_the_tombstone() {
    let database = acme();
    post("/incidents", outage()).ok(&database);
    database
        .transaction(|| migrations::drop_all_tables(&database, 7))
        .unwrap();
    assert_eq!(
        schema(&database),
        ["CREATE TABLE tombstone (rev INTEGER NOT NULL)"]
    );
    assert_eq!(version(&database).unwrap(), 0);
    assert_eq!(migrations::tombstone_rev(&database).unwrap(), 7);
}

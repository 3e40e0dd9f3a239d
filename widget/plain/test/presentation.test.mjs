// Tests of the plain card's rules, with the tables of `notice/vectors`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { arrange, isNews, marks, seconds, sorted, start } from "../presentation.js";
import { backSince } from "../../loader/showing.js";

const table = (name) =>
  JSON.parse(readFileSync(new URL(`../../../notice/vectors/${name}.json`, import.meta.url), "utf8"));
const moment = (text) => (text == null ? undefined : seconds(text));
const whole = (fields) => ({ id: "inc_1", kind: "incident", status: "identified", restored: null, updates: [], audience: {}, ...fields });

for (const row of table("order")) {
  test(`order: ${row.name}`, () => {
    const page = { components: null, ...row.page };
    const isOver = (notice) => !!backSince(whole(notice), page);
    const isOwn = ({ components = [] }) => components.some(({ slug }) => page.components?.includes(slug));
    const shown = sorted(row.notices, isOver, isOwn, Date.parse(row.now));
    assert.deepEqual(shown.map(({ id }) => id), row.order);
  });
}

for (const row of table("start")) {
  test(`start: ${row.name}`, () => {
    const known = {
      isWitness: row.known.is_witness,
      firstSeenAt: moment(row.known.first_seen_at),
      allClearSeenAt: moment(row.known.all_clear_seen_at),
    };
    const starts = start(whole(row.notice), moment(row.over_at), known, !!row.is_low, moment(row.now));
    const { is_long = false, is_low = false, is_new = false, takes_line = false } = row.start;
    assert.deepEqual(starts, { isLong: is_long, isLow: is_low, isNew: is_new, takesLine: takes_line });
  });
}

const EXTENTS = ["pill", "brief", "whole"];

for (const row of table("arrangement")) {
  test(`arrangement: ${row.name}`, () => {
    const entries = row.shown.map(({ view, drill, is_long, is_low, is_new, takes_line }) => ({
      view: view === "card" ? 2 : 1,
      start: { isLong: is_long, isLow: is_low, isNew: is_new, takesLine: takes_line },
      isDrill: drill,
    }));
    const id = (index) => row.shown[index].id;
    const chosen = row.chosen && {
      index: row.shown.findIndex(({ id }) => id === row.chosen.id),
      extent: EXTENTS.indexOf(row.chosen.as),
    };
    const drawn = arrange(entries, row.in !== "slot", chosen);
    const found = drawn && { main: id(drawn.main), as: EXTENTS[drawn.extent], others: drawn.others.map(id) };
    assert.deepEqual(found ?? null, row.draws);
  });
}

for (const row of table("news")) {
  test(`news: ${row.name}`, () => {
    const updates = row.newest ? [{ at: row.newest }] : [];
    assert.equal(isNews({ advice: row.advice, updates }, moment(row.known)), row.is_news);
  });
}

for (const row of table("marks")) {
  test(`marks: ${row.name}`, () => {
    const notice = whole({ ...row.notice, updates: row.newest ? [{ at: row.newest }] : [] });
    if (notice.kind === "restored") notice.restored = {};
    const memory = structuredClone(row.memory);
    for (const [name, key, value, isFirst] of marks(notice, moment(row.over_at), row.has_update, moment(row.now))) {
      memory[name] ??= {};
      if (!isFirst || memory[name][key] === undefined) memory[name][key] = value;
    }
    assert.deepEqual(memory, row.then);
  });
}

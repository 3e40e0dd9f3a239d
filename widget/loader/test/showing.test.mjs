// Tests of the rules in `showing.js`, with the tables of `notice/vectors`.

import assert from "node:assert/strict";
import { test } from "node:test";

import { hours, table } from "./answers.mjs";
import { matches, shows } from "../showing.js";

const views = ["nothing", "pill", "card"];
const everywhere = { segments: null, components: null, paths: [], drill: false };
const remembered = (row, id) => {
  const hidden = {};
  if (row.hidden_at != null) hidden[id] = row.hidden_at;
  if (row.back_hidden_at != null) hidden[id + ":back"] = row.back_hidden_at;
  return { seen: row.witness ? { [id]: 3 } : {}, hidden, visits: (row.visits || []).map(hours) };
};

for (const row of table("audience")) {
  test(`audience: ${row.name}`, () => {
    const segments = row.audience.segments?.map((slug) => ({ slug, label: slug }));
    assert.equal(Boolean(matches({ ...row.audience, segments }, { ...everywhere, ...row.page })), row.matches);
  });
}

for (const row of [...table("hiding"), ...table("partial_all_clear")]) {
  test(`hiding: ${row.name}`, () => {
    const notice = { id: "inc_1", kind: "incident", audience: {}, restored: null, started_at: "2026-11-21T08:00:00Z", ...row.notice };
    const page = { ...everywhere, ...row.page };
    assert.equal(views[shows(notice, page, remembered(row, "inc_1"), hours(row.now) || 0)], row.sees);
  });
}

for (const row of table("all_clear")) {
  test(`all-clear: ${row.name}`, () => {
    const { impact, attention, restored } = row;
    const notice = { id: "inc_1", kind: "restored", in_app: "bar", audience: {}, impact, attention, restored };
    assert.equal(views[shows(notice, everywhere, remembered(row, "inc_1"), hours(row.now))], row.sees);
  });
}

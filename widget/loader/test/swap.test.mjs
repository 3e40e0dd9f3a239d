// Tests of the order of the cards on pages with `data-first-paint="plain"`: the plain one first, and the widget in its place once it
// is loaded.

import assert from "node:assert/strict";
import { test } from "node:test";

import { major, open, quiet } from "./answers.mjs";

/** A page with a notice, whose widget is loaded when a test calls `load` or `fail`. */
const visit = async (options) => {
  let load, fail;
  const widget = new Promise((...functions) => ([load, fail] = functions));
  widget.catch(() => {});
  const attributes = { site: "acme", firstPaint: "plain", ...options?.attributes };
  const page = open({ answers: [quiet({ notices: [major] })], widget, ...options, attributes });
  await page.pass(0);
  return Object.assign(page, { load, fail });
};
/** How many times each card was started: the plain one, the widget. */
const started = (page) => [page.replacements, page.handoffs.length];

test("the plain card is started first, then the widget in its place", async () => {
  const page = await visit();
  assert.deepEqual(started(page), [1, 0]);
  page.window.Allclear.configure({});
  assert.deepEqual(page.events, ["plain: configure"]);
  await page.pass(40_000);
  assert.equal(page.requests.length, 2, "the loader polls");
  page.load();
  await page.pass(0);
  assert.deepEqual(started(page), [1, 1]);
  await page.pass(600_000);
  assert.equal(page.requests.length, 2, "the widget polls");
  page.window.Allclear.configure({});
  assert.equal(page.events.at(-1), "configure");
});

test("a widget that is loaded first is started at once", async () => {
  const page = await visit({ widget: undefined });
  await page.pass(1_000);
  assert.deepEqual(started(page), [0, 1]);
});

test("a widget that fails leaves the plain card, and the loader polls", async () => {
  const page = await visit();
  page.fail();
  await page.pass(100_000);
  assert.deepEqual(started(page), [1, 0]);
  assert.ok(page.requests.length >= 3, String(page.requests.length));
});

test("a widget that fails before the plain card is loaded is replaced by it", async () => {
  const widget = Promise.reject(new Error("wasm is forbidden"));
  widget.catch(() => {});
  const page = await visit({ widget });
  await page.pass(0);
  assert.deepEqual(started(page), [1, 0]);
});

test("slots, inline cards and pages without a card wait for the widget", async () => {
  for (const options of [{ slots: ["billing"] }, { attributes: { site: "acme", position: "inline" } }, { attributes: { site: "acme", position: "none" } }]) {
    const page = await visit(options);
    await page.pass(5_000);
    assert.deepEqual(started(page), [0, 0], JSON.stringify(options));
    page.load();
    await page.pass(0);
    assert.deepEqual(started(page), [0, 1], JSON.stringify(options));
  }
});

test("the widget waits for the end of a press", async () => {
  const page = await visit();
  const tasks = [];
  page.record.afterPress = (task) => tasks.push(task);
  page.load();
  await page.pass(1_000);
  assert.deepEqual(started(page), [1, 0]);
  tasks.forEach((task) => task());
  await page.pass(0);
  assert.deepEqual(started(page), [1, 1]);
});

test("a hidden page starts the widget when it is shown", async () => {
  const page = await visit();
  page.hide();
  page.load();
  await page.pass(1_000);
  assert.deepEqual(started(page), [1, 0]);
  page.show();
  await page.pass(0);
  assert.deepEqual(started(page), [1, 1]);
});

test("a page that has ended starts no widget", async () => {
  const page = await visit();
  page.window.Allclear.destroy();
  page.load();
  await page.pass(1_000);
  assert.deepEqual(started(page), [1, 0]);
});

test("the widget reads what was stored before the plain card was drawn", async () => {
  const page = await visit();
  page.rules.note("updates", "inc_1", 5);
  page.rules.note("cleared", "inc_1", 6);
  page.rules.note("hidden", "inc_1", 7);
  assert.deepEqual([page.storage("updates"), page.storage("cleared"), page.storage("hidden")], [{}, {}, { inc_1: 7 }]);
  page.record.before = null; // It has been drawn.
  assert.deepEqual([page.storage("updates"), page.storage("cleared")], [{ inc_1: 5 }, { inc_1: 6 }]);
});

test("a widget that breaks before it is drawn leaves the plain card", async () => {
  const page = await visit();
  page.load();
  await page.pass(0);
  const released = [];
  Object.assign(page.record, { previous: () => released.push("plain"), release: () => released.push("widget") });
  page.onBroken();
  await page.pass(0);
  assert.deepEqual([released, started(page)], [["widget"], [1, 1]]);
  page.window.Allclear.configure({});
  assert.equal(page.events.at(-1), "plain: configure");
  await page.pass(100_000);
  assert.ok(page.requests.length >= 3, String(page.requests.length));
});

// Run by `cargo xtask test`: the rules of the pages' scripts. Whom a notice is for is the loader's own rule.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, originOf, siteOf, tagOf } from "./tag.js";
import { say } from "./times.js";
import { afterAnswer, afterFailure, soon } from "./rhythm.js";

// What the build puts into the loader's rules.
globalThis.__HASHES__ = {};
const { shownOf } = await import("./audience.js");

test("an open page asks as often as it was told to, and no sooner", () => {
  for (const random of [0, 0.5, 1]) {
    const wait = afterAnswer(0, 10, random);
    assert.ok(wait >= 10_000 && wait <= 12_000, String(wait));
    assert.ok(soon(0, random) <= 2000);
  }
  assert.ok(afterAnswer(0, Number.NaN, 0) === 30_000, "a page that says nothing");
});

test("failures space out, and what the server asks for is kept to", () => {
  const waits = [1, 2, 3, 4, 20].map((failures) => afterFailure(0, failures, 0, 0));
  assert.deepEqual(waits, [5000, 10_000, 20_000, 40_000, 300_000]);
  assert.ok(afterFailure(0, 1, 120, 0) >= 120_000);
});

test("times are as short as they can be", () => {
  const now = new Date(2026, 10, 21, 12, 0);
  for (const [at, expected] of [
    [new Date(2026, 10, 21, 9, 5), "09:05"],
    [new Date(2026, 10, 20, 9, 5), "20 Nov, 09:05"],
    [new Date(2026, 9, 21, 0, 0), "21 Oct, 00:00"],
    [new Date(2025, 10, 21, 23, 59), "21 Nov 2025, 23:59"],
  ]) {
    assert.equal(say(at, now, "en-GB"), expected);
  }
  const night = new Date(2026, 10, 22, 22, 0);
  assert.equal(say(new Date(2026, 10, 22, 23, 30), now, "en-GB", night), "23:30", "the day on which it begins, only once");
  assert.equal(say(new Date(2026, 10, 23, 1, 0), now, "en-GB", night), "23 Nov, 01:00");
});

test("the tag says what was filled in, and nothing that needs no saying", () => {
  const plain = { host: "https://status.example.com", site: "acme", position: "bottom", theme: "auto", components: "", audience: "" };
  const begin = '<script async src="https://status.example.com/embed.js" data-site="acme"';
  for (const [said, expected] of [
    [{}, `${begin}></script>`],
    [{ position: "top", theme: "dark" }, `${begin} data-position="top" data-theme="dark"></script>`],
    [{ components: " sending,  reports ", audience: "eu" }, `${begin} data-components="sending reports" data-audience="eu"></script>`],
    [{ audience: '"><script>' }, `${begin} data-audience="&quot;>&lt;script>"></script>`],
    [{ host: "https://a.example/", site: "" }, '<script async src="https://a.example/embed.js" data-site="acme"></script>'],
  ]) {
    assert.equal(tagOf({ ...plain, ...said }), expected);
  }
});

test("whatever is pasted, the service is an origin and the site a name that there can be", () => {
  for (const [address, expected] of [
    ["https://a.example", "https://a.example"],
    [" HTTPS://A.example/s/acme?x#y ", "https://a.example"],
    ["a.example", "https://a.example"],
    ["a.example:8443/console", "https://a.example:8443"],
    ["localhost:8787", "https://localhost:8787"],
    ["http://127.0.0.1:8787/", "http://127.0.0.1:8787"],
    ["https://me:secret@a.example", "https://a.example"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["", undefined],
    ["  ", undefined],
    ["javascript://a.example/%0aalert(1)", undefined],
    ['https://a"b', undefined],
    ["two words", undefined],
  ]) {
    assert.equal(originOf(address), expected, address);
  }
  for (const [name, expected] of [
    [" acme ", "acme"],
    ["a-1", "a-1"],
    ["Acme", undefined],
    ["a", undefined],
    ["-a", undefined],
    ["$&", undefined],
    ['"><script>', undefined],
    ["", undefined],
  ]) {
    assert.equal(siteOf(name), expected, name);
  }
  const odd = { host: "javascript:alert(1)", site: '"><b>$&' };
  const example = 'src="https://status.example.com/embed.js" data-site="acme"';
  assert.equal(fill(example, odd), example);
  assert.ok(tagOf({ ...odd, position: "bottom", theme: "auto" }).includes(example));
});

test("examples follow, and only where they name the service and the site", () => {
  const said = { host: "https://h.example", site: "mine" };
  assert.equal(fill('src="https://status.example.com/embed.js" data-site="acme"', said), 'src="https://h.example/embed.js" data-site="mine"');
  assert.equal(fill("embed.js?site=acme&api=x", said), "embed.js?site=mine&api=x");
  assert.equal(fill("https://status.example.com/s/acme/card acme.example", said), "https://h.example/s/mine/card acme.example");
});

test("on the card's page, whose part is back is told so if they saw the trouble", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  const notice = {
    impact: "major", status: "identified", restored: false, audience: {},
    components: [
      { slug: "sending", status: "operational", since: "2026-11-21T10:40:00Z" },
      { slug: "receiving", status: "major_outage", since: "2026-11-21T08:00:00Z" },
    ],
  };
  const page = (...components) => ({ components, paths: [] });
  for (const [components, memory, expected] of [
    [["sending"], { isSeen: true }, "part"],
    [["sending"], { isSeen: false }, ""],
    [["sending"], { isSeen: true, now: now + 72 * 36e5 }, ""],
    [["receiving"], { isSeen: true }, "all"],
    [["sending", "receiving"], { isSeen: false }, "all"],
    [[], { isSeen: false }, "all"],
    [[], { isSeen: false, isPast: true }, ""],
    [[], { isSeen: true, isPast: true }, "all"],
  ]) {
    assert.equal(shownOf(notice, page(...components), { now, ...memory }), expected, `${components} ${JSON.stringify(memory)}`);
  }
});

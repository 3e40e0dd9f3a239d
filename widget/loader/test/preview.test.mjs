// The example feeds have all fields of a real feed, in all languages of the card.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

globalThis.location = { href: "https://host.example/" };
const { default: preview } = await import("../preview.js");
const golden = JSON.parse(readFileSync(new URL("../../../notice/golden/feed.json", import.meta.url)));
const keys = (object) => Object.keys(object).filter((key) => !["lang", "paused"].includes(key)).sort();
const KINDS = {
  none: "incident",
  minor: "incident",
  major: "incident",
  critical: "incident",
  maintenance: "maintenance",
  announcement: "announcement",
  restored: "restored",
};

for (const lang of ["en", "de", "ar"]) {
  for (const [name, kind] of Object.entries(KINDS)) {
    test(`the ${name} example in ${lang} has every field of a feed`, () => {
      const feed = preview(name, lang);
      assert.deepEqual(keys(feed), keys(golden));
      assert.equal(feed.lang, lang);
      const [notice, ...others] = feed.notices;
      assert.equal(others.length, 0);
      assert.equal(notice.kind, kind);
      assert.equal(notice.preview, true);
      assert.notEqual(notice.in_app, "off");
      assert.deepEqual(keys(notice), [...keys(golden.notices[0]), "preview"].sort());
      if (kind === "restored") {
        const like = golden.notices.find((notice) => notice.restored).restored;
        assert.deepEqual(keys(notice.restored), keys(like));
        assert.ok(Date.parse(notice.restored.at) > Date.now() - 1000, "so recent that the browser counts as present during the incident");
      }
      for (const text of [notice.title, ...notice.works, ...notice.broken]) assert.match(text, /\S/);
    });
  }
}

test("unknown languages become English, unknown impacts major", () => {
  assert.equal(preview("major", "nl").lang, "en");
  assert.equal(preview("major", "de-AT").lang, "de");
  for (const impact of ["nonsense", "constructor", "1", ""]) {
    assert.equal(preview(impact, "en").notices[0].impact, "major");
  }
});

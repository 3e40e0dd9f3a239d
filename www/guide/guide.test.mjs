// Run by `cargo xtask test`: the examples of the guide's builder.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, originOf, siteOf, tagOf } from "./tag.js";

test("the tag has only attributes that differ from the defaults", () => {
  const plain = { host: "https://status.example.com", site: "acme", position: "bottom", theme: "auto", components: "", audience: "" };
  const begin = '<script async src="https://status.example.com/embed.js" data-site="acme"';
  for (const [input, expected] of [
    [{}, `${begin}></script>`],
    [{ position: "top", theme: "dark" }, `${begin} data-position="top" data-theme="dark"></script>`],
    [{ components: " sending,  reports ", audience: "eu" }, `${begin} data-components="sending reports" data-audience="eu"></script>`],
    [{ audience: '"><script>' }, `${begin} data-audience="&quot;>&lt;script>"></script>`],
    [{ host: "https://a.example/", site: "" }, '<script async src="https://a.example/embed.js" data-site="acme"></script>'],
  ]) {
    assert.equal(tagOf({ ...plain, ...input }), expected);
  }
});

test("pasted addresses become origins, and invalid ones are rejected", () => {
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
  const invalid = { host: "javascript:alert(1)", site: '"><b>$&' };
  const example = 'src="https://status.example.com/embed.js" data-site="acme"';
  assert.equal(fill(example, invalid), example);
  assert.ok(tagOf({ ...invalid, position: "bottom", theme: "auto" }).includes(example));
});

test("examples change only where they name the service and the site", () => {
  const input = { host: "https://h.example", site: "mine" };
  assert.equal(fill('src="https://status.example.com/embed.js" data-site="acme"', input), 'src="https://h.example/embed.js" data-site="mine"');
  assert.equal(fill("embed.js?site=acme&api=x", input), "embed.js?site=mine&api=x");
  assert.equal(fill("https://status.example.com/s/acme/card acme.example", input), "https://h.example/s/mine/card acme.example");
});

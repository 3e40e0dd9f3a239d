// Decides whether a page shows a notice, and loads the card. The loader imports this file when the feed holds a notice, the page
// calls `open`, or a preview is wanted, and dispatches all events to it from then on. Other pages never load it. At most 3,400 bytes, minified and
// compressed; the build bundles it from the files beside it.

import { handover } from "./handover.js";
import { addressOf, hashOf, loadModule } from "./modules.js";

/** Time to wait for the widget before the plain card is drawn instead, in milliseconds. */
const WIDGET_TIMEOUT = 8e3;

/** Loads the card in wasm: see `handover`. */
const widget = async ({ clock, emit, storage, options, state, mounts, rules, record }, onCardBroken) => {
  const { english } = record;
  const file = "widget_bg.wasm";
  // Both files are requested at the same time.
  const wasm = fetch(addressOf(file), { integrity: hashOf(file) });
  // Without a handler, a failure before the `await` below would be reported to the page as an unhandled rejection.
  wasm.then(null, Boolean);
  const { compile, start, fetchTexts, onBroken } = await loadModule("widget.js");
  onBroken(onCardBroken);
  // The texts are fetched at the same time, so that the card is not drawn and read aloud in English first.
  const texts = fetchTexts(state.feed?.lang, english).then((isReady) => isReady || english.request());
  await compile(await wasm);
  await texts;
  // `start` returns undefined when the containers cannot be made, as in a browser without constructed style sheets.
  return (ask, ...polling) => [
    start(ask, clock, emit, rules.page, storage, options, state, ...polling, mounts, record),
    true,
  ];
};

/** Loads the plain card: see `handover`. */
const plain = async ({ clock, emit, options, state, alive, rules, record }) => {
  loadModule(`plain-${state.feed?.lang}.js`).then(null, Boolean); // Preloads it; the controller imports it again.
  const standing = loadModule("standing.js");
  standing.then(null, Boolean); // As for `wasm` above.
  const { start } = await loadModule("plain.js");
  const { default: control } = await standing;
  return () => [control(start, rules, clock, emit, options, state, alive, loadModule, record), false];
};

/** Replaces `fetch` in the loader during a preview: answers with an example feed, in the language that `lang` in the URL names. */
const fetchPreview = async (url, _, impact) => {
  const { default: example } = await loadModule("preview.js");
  const get = (name) => (/at$/.test(name) ? new Date().toJSON() : null);
  return { ok: true, headers: { get }, json: async () => example(impact, url.split("lang=")[1]) };
};
export { fetchPreview as fetch };

export default handover(
  (given, onBroken) =>
    new Promise((resolve, reject) => {
      setTimeout(reject, WIDGET_TIMEOUT); // A request that hangs never settles.
      widget(given, onBroken).then(resolve, reject);
    }).then(null, () => plain(given)),
  plain,
);

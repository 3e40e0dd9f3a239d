// Decides whether a page shows a notice, and brings the card. The loader imports this file once the feed holds a notice, and
// dispatches all events to it from then on. Pages whose feed is empty never load it. At most 3,600 bytes, minified and
// compressed; the build bundles it from the files beside it.

import { handover } from "./handover.js";
import { addressOf, hashOf, loadModule } from "./modules.js";

/** Time after which a page keeps the plain card, in milliseconds. */
const WIDGET_TIMEOUT = 8e3;

/** Prevents an error on the page's console when a promise fails that is awaited later or never. Pages replace `then`. */
const ignore = async (promise) => {
  try {
    await promise;
  } catch {}
};

/** Loads the style that both cards have. */
const loadStyle = async (record) => {
  record.style = (await loadModule("plain.js")).style;
};

/** Loads the card in wasm: see `handover`. */
const widget = async ({ clock, emit, storage, options, state, mounts, rules, record }, onCardBroken) => {
  const { english } = record;
  const file = "widget_bg.wasm";
  // All files are requested at the same time.
  const style = loadStyle(record);
  ignore(style);
  const wasm = fetch(addressOf(file), { integrity: hashOf(file), priority: "low" });
  ignore(wasm);
  const { compile, start, fetchTexts, onBroken } = await loadModule("widget.js");
  onBroken(onCardBroken);
  // The texts are fetched at the same time, so that the card is not drawn and read aloud in English first.
  const fetchAll = async () => (await fetchTexts(state.feed?.lang, english)) || (await english.request());
  const texts = fetchAll();
  await compile(await wasm);
  await texts;
  await style;
  // `start` returns undefined when there is nowhere to draw.
  return (ask, ...polling) => [
    start(ask, clock, emit, rules.page, storage, options, state, ...polling, mounts, record),
    true,
  ];
};

/** Loads the plain card: see `handover`. */
const plain = async ({ clock, emit, options, state, alive, rules, record }) => {
  ignore(loadModule(`plain-${state.feed?.lang}.js`)); // Preloads it; the controller imports it again.
  const style = loadStyle(record);
  ignore(style);
  const { default: control } = await loadModule("standing.js");
  await style;
  return () => [control(rules, clock, emit, options, state, alive, loadModule, record), false];
};

/** Replaces `fetch` in the loader during a preview: answers with an example feed, in the language that `lang` in the URL names. */
const fetchPreview = async (url, _, impact) => {
  const { default: example } = await loadModule("preview.js");
  const get = (name) => (/at$/.test(name) ? new Date().toJSON() : null);
  return { ok: true, headers: { get }, json: async () => example(impact, url.split("lang=")[1]) };
};
export { fetchPreview as fetch };

export default handover(
  (given, onBroken) => ({
    async then(resolve, reject) {
      setTimeout(reject, WIDGET_TIMEOUT); // A request that hangs never settles.
      try {
        resolve(await widget(given, onBroken));
      } catch {
        reject();
      }
    },
  }),
  plain,
);

// Decides whether a page shows a notice, and loads the card. The loader imports this file when the feed holds a notice, the page
// calls `open`, or a preview is wanted, and dispatches all events to it from then on. Other pages never load it. At most 3,400 bytes, minified and
// compressed; the build bundles it from the files beside it.

import { handover } from "./handover.js";
import { addressOf, hashOf, loadModule } from "./modules.js";

/** Time to wait for the widget before the plain card is drawn instead, in milliseconds. */
const WIDGET_TIMEOUT = 8e3;

/** Prevents an error on the page's console when a promise fails that is awaited later or never. Pages replace `then`. */
const ignore = async (promise) => {
  try {
    await promise;
  } catch {}
};

/** Loads the card in wasm: see `handover`. */
const widget = async ({ clock, emit, storage, options, state, mounts, rules, record }, onCardBroken) => {
  const { english } = record;
  const file = "widget_bg.wasm";
  // Both files are requested at the same time.
  const wasm = fetch(addressOf(file), { integrity: hashOf(file) });
  ignore(wasm);
  const { compile, start, fetchTexts, onBroken } = await loadModule("widget.js");
  onBroken(onCardBroken);
  // The texts are fetched at the same time, so that the card is not drawn and read aloud in English first.
  const fetchAll = async () => (await fetchTexts(state.feed?.lang, english)) || (await english.request());
  const texts = fetchAll();
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
  ignore(loadModule(`plain-${state.feed?.lang}.js`)); // Preloads it; the controller imports it again.
  const standing = loadModule("standing.js");
  ignore(standing);
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

export default handover(async (given, onBroken) => {
  try {
    return await {
      async then(resolve, reject) {
        setTimeout(reject, WIDGET_TIMEOUT); // A request that hangs never settles.
        try {
          resolve(await widget(given, onBroken));
        } catch {
          reject();
        }
      },
    };
  } catch {
    return await plain(given);
  }
}, plain);

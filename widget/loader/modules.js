// Loads the files beside this one, with the integrity check that the loader asks for.

/** The integrity hash of each file, by name. */
const HASHES = __HASHES__;

/** The URL of this file. In the loader of a site, which contains this module, the URL that the file would have otherwise. */
let own = __SITE__ ? "" : import.meta.url;
export const setOwnUrl = (url) => (own = url);

/** In the loader of a site: for each file that it contains, by name, a function that returns the module. */
export const contained = {};

/** The URL of a file beside this one. */
export const addressOf = (file) => own.replace(/[^/]*$/, file);

/** The integrity hash of a file beside this one. */
export const hashOf = (file) => HASHES[file];

// A pinned loader checks this file through a `modulepreload` link with its hash. The files loaded from here are checked by
// copies of that link.
const checked = __SITE__ ? null : document.querySelector(`[integrity][href="${own}"]`);
checked?.remove();

/** Imports a file beside this one. Rejects for a name that the build does not know. */
export const loadModule = async (file) => {
  if (__SITE__ && contained[file]) return contained[file]();
  if (!HASHES[file]) throw file;
  const link = checked?.cloneNode();
  if (link) {
    link.href = addressOf(file);
    link.integrity = HASHES[file];
    document.documentElement.append(link);
  }
  try {
    return await import(addressOf(file));
  } finally {
    link?.remove();
  }
};

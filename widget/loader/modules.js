// Loads the files beside this one, with the integrity check that the loader asks for.

/** The integrity hash of each file, by name. */
const HASHES = __HASHES__;

/** The URL of a file beside this one. */
export const addressOf = (file) => import.meta.url.replace(/[^/]*$/, file);

/** The integrity hash of a file beside this one. */
export const hashOf = (file) => HASHES[file];

// A pinned loader checks this file through a `modulepreload` link with its hash. The files loaded from here are checked by
// copies of that link.
const checked = document.querySelector(`[integrity][href="${import.meta.url}"]`);
checked?.remove();

/** Imports a file beside this one. Rejects for a name that the build does not know. */
export const loadModule = async (file) => {
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

// The plain card as one module, for the loader of a site: see `loader/open.js`.

import control from "./controller.js";
import { start } from "./draw.js";

export default { start, default: control };

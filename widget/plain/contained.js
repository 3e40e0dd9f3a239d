// The plain card as one module, for the loader of a site: see `loader/open.js`.

import control from "./standing.js";
import { style } from "./style.js";

export default { style, default: control };

// The plain card as one module, for files of one site: see `loader/open.js`.

import control from "./standing.js";
import { style } from "./style.js";

export default { style, default: control };

// The plain card. Built as `standing.js`.

import control from "./controller.js";
import { start } from "./draw.js";

/** Starts the card: see `controller.js`. */
export default (...given) => control(start, ...given);

// Prints the page's HTML; the first argument holds the properties.
import { renderToString } from "react-dom/server";

import { Document } from "./document.jsx";

process.stdout.write("<!doctype html>" + renderToString(<Document {...JSON.parse(process.argv[2])} />));

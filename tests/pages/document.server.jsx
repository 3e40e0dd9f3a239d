// Prints the page's HTML; the first argument is the page's properties as JSON.
import { renderToString } from "react-dom/server";

import { Document } from "./document.jsx";

process.stdout.write("<!doctype html>" + renderToString(<Document {...JSON.parse(process.argv[2])} />));

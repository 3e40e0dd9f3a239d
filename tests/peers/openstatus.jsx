// OpenStatus's widget is a server component. This page calls its function in the browser, and React
// draws the result.
import { StatusWidget } from "@openstatus/react";
import { createRoot } from "react-dom/client";

const root = createRoot(document.getElementById("openstatus"));
StatusWidget({ slug: "acme", href: "#" }).then((widget) => root.render(widget));

// OpenStatus's widget is a server component. Its function runs in the browser too, where React draws its result.
import { StatusWidget } from "@openstatus/react";
import { createRoot } from "react-dom/client";

const root = createRoot(document.getElementById("openstatus"));
StatusWidget({ slug: "acme", href: "#" }).then((widget) => root.render(widget));

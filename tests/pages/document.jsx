// A third-party server-rendered app, in which React owns the whole document. `src` and `attributes`
// belong to the script tag of Allclear's loader.
import { useEffect, useState } from "react";

export function Document({ src, attributes }) {
  const [count, setCount] = useState(0);
  useEffect(() => void (window.hydratedAt = performance.now()), []);
  return (
    <html lang="en" className="rendered">
      <head>
        <meta charSet="utf-8" />
        <title>Host</title>
        <script async src={src} {...attributes} />
      </head>
      <body>
        <h1>Host</h1>
        <input id="typed" defaultValue="" />
        <button id="count" onClick={() => setCount(count + 1)}>{count}</button>
        <script src="/held.js" />
        <p style={{ height: "2000px" }}>Long</p>
        <footer>End</footer>
        <script async src="/app.js" />
      </body>
    </html>
  );
}

// Answers each recorded path with the recorded bytes, as fast as a worker in JavaScript can: all objects exist before the first
// request.
import answers from "answers.json";

const ready = new Map(
  Object.entries(answers).map(([path, { status, headers, body, etag }]) => [
    path,
    {
      body: new TextEncoder().encode(body),
      etag,
      full: { status, headers: new Headers(headers) },
      unchanged: { status: 304, headers: new Headers(headers) },
    },
  ]),
);

export default {
  fetch(request) {
    const { url } = request;
    const answer = ready.get(url.slice(url.indexOf("/", 8)));
    if (!answer) return new Response("ok");
    if (answer.etag && request.headers.get("if-none-match") === answer.etag) return new Response(null, answer.unchanged);
    return new Response(answer.body, answer.full);
  },
};

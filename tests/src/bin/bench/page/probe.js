// Runs before the scripts of each measured page. `bench.settled` resolves with what was measured: `painted`, the time from
// navigation until all texts were painted, in milliseconds, or null when they were not within 20 s; `shift`, the layout shift;
// `long`, the number of long tasks. Without texts it resolves 3 s after the page has loaded.
(() => {
  const texts = __TEXTS__;
  // Closed shadow roots cannot be found later.
  const roots = [];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    roots.push(root);
    return root;
  };

  let shift = 0;
  let long = 0;
  const observe = (type, use) =>
    new PerformanceObserver((list) => list.getEntries().forEach(use)).observe({ type, buffered: true });
  observe("layout-shift", (entry) => (shift += entry.hadRecentInput ? 0 : entry.value));
  observe("longtask", () => (long += 1));

  // Whether a text node is laid out, and at least half opaque.
  const isShown = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (!box.width || !box.height) return false;
    let opacity = 1;
    let element = node.parentElement;
    if (element && getComputedStyle(element).visibility !== "visible") return false;
    while (element) {
      opacity *= getComputedStyle(element).opacity;
      element = element.assignedSlot || element.parentElement || element.getRootNode().host;
    }
    return opacity > 0.5;
  };
  const shows = (text) =>
    [document, ...roots].some((root) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.data.includes(text) && !/^(SCRIPT|STYLE|TITLE)$/.test(node.parentNode.nodeName) && isShown(node)) return true;
      }
      return false;
    });

  const painted = new Promise((resolve) => {
    // The message arrives after the frame has been painted.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now());
    const look = () => {
      if (texts.every(shows)) channel.port2.postMessage(0);
      else if (performance.now() > 20e3) resolve(null);
      else requestAnimationFrame(look);
    };
    if (texts.length) requestAnimationFrame(look);
    else addEventListener("load", () => setTimeout(resolve, 2e3, null));
  });
  const settled = painted.then(
    (painted) => new Promise((resolve) => setTimeout(() => resolve({ painted, shift, long }), 1e3)),
  );
  window.bench = { settled };
})();

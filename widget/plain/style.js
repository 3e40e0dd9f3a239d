// The style of a collapsed card, a pill and a line: `style/shared.css` with the dark colours, which both cards use. The build inserts
// it. Built as `plain.js`, at most 2,544 bytes, minified and compressed.

export const style = __STYLE__;

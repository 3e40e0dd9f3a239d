// Checks the built-in objects that the cards use. A page may replace them by something that shows the wrong notices or throws,
// before or after a card is drawn. Then this module throws, so that the card is not started, or the card ends. The build makes
// names that the page declares (`class Map {}`) the browser's own again: see `xtask/src/build/globals.rs`.

const isSmall = (number) => number < 3;
const test = () => {
  const list = [3, 1, 2];
  const map = new Map([[list, 4]]);
  const order = [];
  list.forEach((number) => order.unshift(number));
  order.push(...map.values(), map.get(list), new Set(list).size);
  return [
    list.map(isSmall),
    list.filter(isSmall).concat(list.slice(1), [order].flat()).sort(),
    list.find(isSmall),
    list.findIndex(isSmall),
    list.some(isSmall),
    list.every(isSmall),
    list.includes(2),
    list.indexOf(2),
    list.reduce((sum, number) => sum + number),
    list.at(-1),
    [...list.keys()],
    order.pop(),
    order.shift(),
    list.flatMap(isSmall),
    [...list].reverse(),
    [...list].splice(1, 1),
    Object.keys(Object.assign({ a: 1 }, { b: 2 })),
    " b a".trim().split(" ").join("+").replace(/a/, "c"),
  ];
};
const RESULT = "false,true,true,1,1,1,2,2,2,3,3,4,4,1,1,true,false,true,2,6,2,0,1,2,3,2,false,true,true,2,1,3,1,a,b,b+c";

/** Whether the built-in objects work. */
export const areIntact = () => {
  try {
    return `${test()}` === RESULT;
  } catch {
    return false;
  }
};

if (!areIntact()) throw RESULT;

let end = () => {};
/** Sets the function that ends the card. */
export const onReplaced = (task) => {
  end = task;
};

/**
 * Makes a function for the browser to call. It never throws to the page. It fails where the page has replaced something; if it is a
 * built-in object, the card ends.
 */
export const guarded = (task) => (first, second) => {
  try {
    return task(first, second);
  } catch {
    if (!areIntact()) end();
  }
};

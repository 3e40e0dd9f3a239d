// Checks the built-in objects that the cards use. A page may have replaced them by something that shows the wrong notices or
// throws later; this module then throws, so that the card is not started. The build makes names that the page declares
// (`class Map {}`) the browser's own again: see `xtask/src/build/globals.rs`.

const list = [3, 1, 2];
const isSmall = (number) => number < 3;
const map = new Map([[list, 4]]);
const order = [];
list.forEach((number) => order.unshift(number));
order.push(...map.values(), map.get(list), new Set(list).size);
const results = [
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
];
if (`${results}` !== "false,true,true,1,1,1,2,2,2,3,3,4,4,1,1,true,false,true,2,6,2,0,1,2,3,2,false,true,true,2,1,3,1") throw results;

/** Sooner than this, nobody can say how fast a line is. In seconds. */
const SHORTEST_TIME = 3;

/**
 * `textOf(images, seconds)` in JavaScript, for the host that pulls: how many images are there, bytes of
 * the layers that are known so far, and about how long the rest of these takes, `seconds` after the
 * pulling began; with 0 it says no time.
 */
export const TEXT_OF = `const amount = (bytes) => {
  if (bytes < 1e6) return Math.ceil(bytes / 1e3) + " kB";
  return bytes < 1e10 ? Math.round(bytes / 1e6) + " MB" : (bytes / 1e9).toFixed(1) + " GB";
};
const span = (seconds) => {
  if (seconds < 120) return seconds + " s";
  return seconds < 7200 ? Math.floor(seconds / 60) + " min" : Math.floor(seconds / 3600) + " h";
};
const textOf = (images, seconds) => {
  const sum = (of) => images.reduce((all, image) => all + image[of], 0);
  const count = (state) => images.filter((image) => image.state === state).length;
  const [done, total, failed] = [sum("done"), sum("total"), count("failed")];
  const parts = [count("there") + " of " + images.length + (images.length === 1 ? " image" : " images")];
  if (total > 0) parts.push(amount(done) + " of " + amount(total));
  if (failed > 0) parts.push(failed + " cannot be pulled");
  if (done > 0 && done < total && seconds >= ${SHORTEST_TIME}) {
    parts.push("about " + span(Math.ceil(((total - done) * seconds) / done)) + " left");
  }
  return parts.join(", ");
};
`;

/** What was heard. */
export const EVENTS = {
  noEvents: "Nothing is kept for this.",
  older: "Show older",
  end: "Nothing older is kept.",
  observer: "Observer",
  timeLabel: "When",
  whatLabel: "What",
  aboutLabel: "About",
  eventsSay: "Signs of life and full looks are left out. Times are by the Observer's clock.",
};

/** A moment that is past. */
export const PAST = {
  title: "A past moment",
  label: "Moment",
  slider: "Moment, by the minute",
  at: "As it was",
  viewing: (moment: string) => `Viewing ${moment}, not live`,
  says: "This is what the Observer knew then, by its log. Nothing can be decided here.",
  back: "Back to live",
  key: "l",
  goesBack: "The log goes back to",
  none: "Nothing is kept yet.",
  gone: "Nothing is kept of that moment.",
  notKept:
    "Of a past moment the log keeps hosts, services, mounts, copies and events. Incidents, actions, drift, deployments and boots of then are not in it.",
  open: "Look at services, hosts, backups or events of that moment.",
};

import { counted } from "../../../model/counted.ts";

/** What stands around every page: ages, the link to the server, and who is logged in. */
export const FRAME = {
  title: "homelab",
  titleOf: (name: string) => `${name} · homelab`,
  skip: "Skip to the content",
  navigation: "Views",
  noCategory: "other",
  // Ages
  ago: (span: string) => `${span} ago`,
  forSpan: (span: string) => `for ${span}`,
  inSpan: (span: string) => `in ${span}`,
  never: "never",
  seen: "seen",
  lastChecked: "Last checked",
  // The link to the server
  live: "live",
  first: "asking",
  poll: "asking each 10 s",
  lost: "no answer",
  banner: {
    polling: "The live stream is cut. The page asks every 10 s instead, and keeps trying.",
    lost: "The server does not answer. What is shown is how things were.",
    other: "This page is of another version than its server. Load it again.",
    build: "The server was built anew since this page was loaded. Load it again.",
  },
  serverAway: "the server of this page does not answer",
  observerSilent: "the Observer has written nothing for a while",
  blind: (why: string) => `Nothing is recommended: ${why}`,
  supervisorNever: "The Supervisor has not compared anything yet.",
  notWritable: (problem: string) => `The Observer cannot keep what comes: ${problem}`,
  diskRefuses: "its disk takes nothing",
  unreadable: (count: number) => `${counted(count, "file")} of the state cannot be read`,
  dataAge: "Shown as of",
  loading: "Loading",
  failedToLoad: "This could not be loaded.",
  tryAgain: "Try again",
  // Session
  login: "Log in",
  user: "User",
  password: "Password",
  logout: "Log out",
  role: { viewer: "looks on", operator: "operator" },
  loginFailed: "That did not work.",
  tryIn: (span: string) => `Try again in ${span}.`,
};

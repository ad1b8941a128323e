import type { View } from "../view/route.ts";

/** What stands in a help page: a question, and its answer. */
export interface HelpEntry {
  readonly asks: string;
  readonly says: string;
}

/** The help page. */
export const HELP = {
  helpSays: "What each view shows, and how to use it.",
  keysTitle: "Keys",
  keys: [
    ["/", "search services"],
    ["j k", "next, previous row"],
    ["Enter", "open the row"],
    ["a r", "show the command that approves or rejects the card you are on"],
    ["l", "back to live, from a past moment"],
    ["?", "this page"],
    ["Esc", "close, or leave the search"],
  ] as const,
  marksTitle: "Marks",
  help: {
    overview: [
      {
        asks: "What does the sentence say?",
        says: "How many hosts are heard, what waits for you, and what is not well. When nobody can know, it says that, and why.",
      },
      {
        asks: "How do I approve?",
        says: "Open the card's command and run it at your desk. Your key signs there; this page holds no key and changes nothing on a host. Nothing counts as done before an observation that is newer has shown it.",
      },
    ],
    services: [
      {
        asks: "What does a number at a service mean?",
        says: "So many of the services that it needs are not well. Open it: the way leads to where it begins.",
      },
      {
        asks: "Why is something neither good nor bad?",
        says: "Nobody knows how it is now: its host is not heard, or this page has lost its server. What was known last stands beside it.",
      },
    ],
    incidents: [
      {
        asks: "Why is there one incident and ten sick services?",
        says: "An incident is a cause. What is not well because of it is listed below it.",
      },
    ],
    drift: [
      {
        asks: "Why is a healthy service listed?",
        says: "Health and drift are two things. It runs well, and was made from another declaration or image than the repository has now.",
      },
      {
        asks: "Why is only the plan named for a host?",
        says: "Under another plan every container may differ because of it. One deployment of the host mends them all, and then they are compared one by one.",
      },
    ],
    events: [
      {
        asks: "How do I see how things were?",
        says: "Move the slider, or choose a row: services, hosts, backups and events are shown as the Observer knew them then, and nothing can be decided. l leads back.",
      },
      {
        asks: "Why does a row not appear by itself?",
        says: "Rows never move while you read. What is new waits behind a button.",
      },
    ],
    deployments: [
      {
        asks: "How do I compare two deployments?",
        says: "Choose a host, then two of its receipts: what changes from the one to the other stands below, service by service. homelab rollback goes back to one.",
      },
      {
        asks: "What does held mean?",
        says: "Somebody went back to an earlier deployment. The host is not deployed anew, and nothing is recommended for it, until homelab release.",
      },
    ],
    images: [
      {
        asks: "Which of them are outdated?",
        says: "This page asks no registry, so it cannot know. homelab images outdated does, and says how long each newer version should still wait.",
      },
    ],
    boot: [
      {
        asks: "What does the line of a service show?",
        says: "The thin part is its wait, the thick one its start until it was there. What it waited for stands beside it, the last one first.",
      },
      {
        asks: "Why is there an old boot?",
        says: "The last one that the host told of. A deployment that starts the program anew is no boot.",
      },
    ],
    backups: [
      {
        asks: "What is a compared restore?",
        says: "homelab backup verify restores the newest copy beside the service and compares it with what it was a copy of. A copy that nobody restored is only a hope.",
      },
      {
        asks: "When is a copy too old?",
        says: "What the plan calls overdue is an incident. Here, a copy older than two days is marked.",
      },
    ],
    hosts: [
      {
        asks: "What is fresh?",
        says: "A host that was heard within the time it promised, with no gap in what it said.",
      },
    ],
    help: [],
  } as Readonly<Record<View, readonly HelpEntry[]>>,
};

// What is in a text/event-stream (html.spec.whatwg.org, "server-sent events"). The browser's own reader
// tells nobody of comments, and without them a stream that a proxy keeps open for nothing looks alive.

/** An event of a stream. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/** More than this in one event is none of ours, in characters. */
const LONGEST = 64 * 1024 * 1024;

/** Reads a stream piece by piece: each piece in, the events that it completes out. */
export function streamReader(): (piece: string) => StreamEvent[] {
  let rest = "";
  return (piece) => {
    rest += piece;
    if (rest.length > LONGEST) throw new Error("an event that has no end");
    const blocks = rest.split(/\r\n\r\n|\n\n|\r\r/);
    rest = blocks.pop() ?? "";
    return blocks.flatMap(eventIn);
  };
}

/** None for a block of comments. */
function eventIn(block: string): StreamEvent[] {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return data.length === 0 ? [] : [{ name, data: data.join("\n") }];
}

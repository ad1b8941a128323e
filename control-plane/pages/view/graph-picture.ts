// Where each node of the graph stands in its picture: who needs on the left, what is needed right of it.
import * as dagre from "@dagrejs/dagre";
import type { Graph as Ways } from "../../../model/graph.ts";
import type { Node } from "./nodes.ts";
import { plain } from "./plain.ts";

/** A node in the picture; x and y are of its middle. */
export interface Placed {
  readonly node: Node;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line of the picture, from who needs to what is needed. */
export interface Drawn {
  readonly from: string;
  readonly to: string;
  readonly strength: "hard" | "soft";
  /** For the attribute `d` of an SVG path. */
  readonly path: string;
}

/** The whole picture. */
export interface GraphPicture {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly edges: readonly Drawn[];
}

/** More than this is no picture any more, and takes a browser too long: the list says the same. */
export const MOST_DRAWN = 160;

/** What is used of dagre: its own types name files that Node.js' rules do not find. */
interface Layout {
  readonly Graph: new () => {
    setGraph: (options: object) => void;
    setDefaultEdgeLabel: (make: () => object) => void;
    setNode: (id: string, size: object) => void;
    setEdge: (from: string, to: string) => void;
    graph: () => { readonly width?: number; readonly height?: number };
    node: (id: string) => Box;
    edge: (from: string, to: string) => { readonly points: readonly Point[] };
  };
  readonly layout: (graph: object) => void;
}
const { Graph: Picture, layout } = dagre as unknown as Layout;

const HEIGHT = 34;
const LETTER = 7.4;
const LONGEST = 28;

/** A name as far as it fits. */
function shortName(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}

/** Draws nodes and what is between them; undefined when there are too many. */
export function pictureOf(nodes: readonly Node[], { edges }: Ways): GraphPicture | undefined {
  if (nodes.length > MOST_DRAWN) return undefined;
  const picture = new Picture();
  picture.setGraph({ rankdir: "LR", nodesep: 10, ranksep: 56, marginx: 12, marginy: 12 });
  picture.setDefaultEdgeLabel(() => ({}));
  const known = new Set(nodes.map(({ id }) => id));
  const titles = titlesOf(nodes);
  for (const { id, sickBelow } of nodes) {
    const width = 44 + (titles.get(id) ?? "").length * LETTER + (sickBelow > 0 ? 26 : 0);
    picture.setNode(id, { width, height: HEIGHT });
  }
  const drawn = edges.filter(({ from, to }) => known.has(from) && known.has(to));
  for (const { from, to } of drawn) picture.setEdge(from, to);
  layout(picture);
  const { width = 0, height = 0 } = picture.graph();
  const boxes = new Map(nodes.map(({ id }) => [id, picture.node(id)]));
  return {
    width,
    height,
    nodes: nodes.flatMap((node) => {
      const box = boxes.get(node.id);
      return box ? [{ ...box, node, title: titles.get(node.id) ?? node.name }] : [];
    }),
    edges: drawn.map(({ from, to, strength }) => {
      const { points } = picture.edge(from, to);
      const bends = points.slice(1, -1);
      return { from, to, strength, path: pathOf(boxes.get(from), bends, boxes.get(to)) };
    }),
  };
}

/** What stands in each box: its host too, where two have the same name. */
function titlesOf(nodes: readonly Node[]): ReadonlyMap<string, string> {
  const names = new Map<string, number>();
  for (const { name } of nodes) names.set(name, (names.get(name) ?? 0) + 1);
  return new Map(
    nodes.map(({ id, name }) => [id, shortName(plain((names.get(name) ?? 0) > 1 ? id : name))]),
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** From the right side of a box to the left side of another; it leaves and comes level. */
function pathOf(from: Box | undefined, bends: readonly Point[], to: Box | undefined): string {
  if (!from || !to) return "";
  const start = { x: from.x + from.width / 2, y: from.y };
  const points = [start, ...bends, { x: to.x - to.width / 2, y: to.y }];
  const curves = points.slice(1).map((point, at) => {
    const last = points[at] ?? start;
    const middle = ((last.x + point.x) / 2).toFixed(1);
    return `C ${middle} ${last.y.toFixed(1)} ${middle} ${point.y.toFixed(1)} ${written(point)}`;
  });
  return [`M ${written(start)}`, ...curves].join(" ");
}

function written({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

/** A node with all that it needs and all that needs it, over any number of steps. */
export function around(nodes: readonly Node[], { edges }: Ways, id: string): Node[] {
  const reached = (step: (from: string) => readonly string[]): Set<string> => {
    const all = new Set([id]);
    // A set goes on to what is added to it meanwhile.
    for (const each of all) for (const next of step(each)) all.add(next);
    return all;
  };
  const needed = reached((each) => edges.filter(({ from }) => from === each).map(({ to }) => to));
  const needing = reached((each) => edges.filter(({ to }) => to === each).map(({ from }) => from));
  return nodes.filter((node) => needed.has(node.id) || needing.has(node.id));
}

import type { ServiceName } from '../ids.ts';

/** Service to what must be there first. Names that are no keys are outside, and count as there. */
export type DependencyGraph = Readonly<Record<ServiceName, readonly ServiceName[]>>;

/**
 * Services by wave: each stands in the first wave after all it depends on, and each wave is sorted by name. Absent when there
 * is a cycle (`cycleIn` shows it).
 */
export function wavesOf(graph: DependencyGraph): ServiceName[][] | undefined {
  const waves: ServiceName[][] = [];
  const done = new Set<ServiceName>();
  let left = Object.keys(graph).sort();
  while (left.length > 0) {
    const ready = left.filter((name) => inside(graph, name).every((needed) => done.has(needed)));
    if (ready.length === 0) return undefined;
    for (const name of ready) done.add(name);
    left = left.filter((name) => !done.has(name));
    waves.push(ready);
  }
  return waves;
}

/**
 * One cycle as a path that ends where it begins, `a → b → c → a`: always the same for the same graph, and beginning with its
 * smallest name. Absent when there is none.
 */
export function cycleIn(graph: DependencyGraph): ServiceName[] | undefined {
  const finished = new Set<ServiceName>();
  for (const start of Object.keys(graph).sort()) {
    const cycle = walk(graph, { path: [start], finished });
    if (cycle) return fromSmallest(cycle);
  }
  return undefined;
}

interface Walk {
  path: readonly ServiceName[];
  /** Names from which no cycle can be reached. */
  finished: Set<ServiceName>;
}

function walk(graph: DependencyGraph, { path, finished }: Walk): ServiceName[] | undefined {
  const here = path.at(-1) ?? '';
  if (finished.has(here)) return undefined;
  for (const next of inside(graph, here).toSorted()) {
    const met = path.indexOf(next);
    if (met >= 0) return path.slice(met);
    const cycle = walk(graph, { path: [...path, next], finished });
    if (cycle) return cycle;
  }
  finished.add(here);
  return undefined;
}

function fromSmallest(cycle: readonly ServiceName[]): ServiceName[] {
  const smallest = cycle.toSorted()[0] ?? '';
  const at = cycle.indexOf(smallest);
  return [...cycle.slice(at), ...cycle.slice(0, at), smallest];
}

function inside(graph: DependencyGraph, name: ServiceName): readonly ServiceName[] {
  return (graph[name] ?? []).filter((needed) => Object.hasOwn(graph, needed));
}

import { blindSpots, differences, readSnapshot } from './compare.ts';
import { messageClass } from './message-class.ts';
import type { Oracle, Snapshot } from './rollout-info.ts';

/** What became of the moments so far. */
export interface Findings {
  moments: number;
  /** Kinds of messages that the controller wrote, and those of the same moments as a client calculates them. */
  written: Set<string>;
  calculated: Set<string>;
  blind: Set<string>;
  /** Moments that the two read differently. */
  faults: { name: string; differences: string[]; snapshot: Snapshot }[];
}

/** Holds every moment against the plugin, twice: as it is, and as a controller would have left it that writes no phase. */
export interface Judge {
  readonly findings: Findings;
  judge(name: string, snapshot: Snapshot): void;
  /** Waits until everything that was to be judged is. */
  done(): Promise<void>;
}

export function createJudge(oracle: Oracle): Judge {
  const findings: Findings = {
    moments: 0,
    written: new Set(),
    calculated: new Set(),
    blind: new Set(),
    faults: [],
  };
  const open: Promise<void>[] = [];
  const compare = async (name: string, snapshot: Snapshot, classes: Set<string>): Promise<void> => {
    const view = readSnapshot(snapshot);
    const info = await oracle.ask(snapshot);
    classes.add(messageClass(view));
    for (const spot of blindSpots(info, snapshot)) findings.blind.add(spot);
    const found = differences(view, info, snapshot);
    if (found.length > 0) findings.faults.push({ name, differences: found, snapshot });
  };
  return {
    findings,
    judge(name, snapshot) {
      findings.moments += 1;
      open.push(compare(name, snapshot, findings.written));
      open.push(compare(name, withoutPhase(snapshot), findings.calculated));
    },
    done: async () => void (await Promise.all(open)),
  };
}

/** Controllers before 1.0 leave the phase to the client, which calculates it from the rest. */
function withoutPhase(snapshot: Snapshot): Snapshot {
  const { status, ...rollout } = snapshot.rollout as { status?: object };
  return { ...snapshot, rollout: { ...rollout, status: { ...status, phase: '', message: '' } } };
}

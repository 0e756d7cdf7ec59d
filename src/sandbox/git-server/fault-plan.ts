import { isForLook, type PushFault } from './push-faults.ts';

/** Which pushes meet a fault. */
export interface FaultPlan {
  /** Does this to the next pushes, one each. */
  faultNextPush(...faults: PushFault[]): void;
  /** How many of those have not met their push yet. */
  faultsLeft(): number;
  /** Does this to every push of a branch until it is given undefined. */
  faultPushesTo(branch: string, fault: PushFault | undefined): void;
  /** The fault of a push that now looks at the branches, or asks to move those given. */
  takeFault(moment: { looks: true } | { moves: readonly string[] }): PushFault | undefined;
}

/** A plan without faults. */
export function faultPlan(): FaultPlan {
  const next: PushFault[] = [];
  const standing = new Map<string, PushFault>();
  return {
    faultNextPush: (...faults) => void next.push(...faults),
    faultsLeft: () => next.length,
    faultPushesTo(branch, fault) {
      if (fault) standing.set(branch, fault);
      else standing.delete(branch);
    },
    takeFault(moment) {
      if ('looks' in moment) return next[0] && isForLook(next[0]) ? next.shift() : undefined;
      return (
        next.shift() ??
        moment.moves.map((branch) => standing.get(branch)).find((fault) => fault !== undefined)
      );
    },
  };
}

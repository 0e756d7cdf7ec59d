import type { ServiceFact } from '../ledger/fact.ts';
import type { Artifact } from './artifact.ts';
import { type Evidence, mergeEvidence } from './evidence.ts';

/** An artifact with the moment its report was recorded. */
export interface Reported extends Artifact {
  at: string;
}

/** What CI reported of a service. */
export interface ServiceState {
  /** Newest first. */
  reports: Reported[];
}

/** Digests by container, of whatever has some. */
interface Bytes {
  images: Readonly<Record<string, { digest: string }>>;
}

/** A service that is built ten times a day is known for a month; what is older proves nothing about what is cut now. */
const MOST_REPORTS = 300;

export const EMPTY_SERVICE: ServiceState = { reports: [] };

/** The state after one more fact. */
export function foldService(state: ServiceState, { data, occurredAt }: ServiceFact): ServiceState {
  return { reports: [{ ...data, at: occurredAt }, ...state.reports].slice(0, MOST_REPORTS) };
}

/** Absent when CI has reported nothing. A second report on the same bytes, such as a late scan, does not make them newer. */
export function newestArtifact({ reports }: ServiceState): Reported | undefined {
  const [newest] = reports.filter(
    (report, index) => !reports.slice(index + 1).some((older) => sameImages(older, report)),
  );
  return newest;
}

/** Everything that was reported on exactly these bytes; absent when nothing was. */
export function reportedOn(
  { reports }: ServiceState,
  content: Bytes,
): { evidence: Evidence; newest: Reported } | undefined {
  const own = reports.filter((report) => isOf(report, content));
  const [newest] = own;
  return newest && { newest, evidence: mergeEvidence(own.map((report) => report.evidence).reverse()) };
}

function isOf({ images }: Bytes, content: Bytes): boolean {
  const names = Object.keys(content.images);
  return names.length > 0 && names.every((name) => images[name]?.digest === content.images[name]?.digest);
}

function sameImages(a: Artifact, b: Artifact): boolean {
  return isOf(a, b) && isOf(b, a);
}

import type { Catalog } from '../../domain/catalog/catalog.ts';
import { type Fault, faultAt, inFileOrder, type SourceDocument } from '../../domain/document/fault.ts';
import { type Manifest, readManifest } from '../../domain/manifest/manifest.ts';
import { notCarriedOut } from '../../domain/manifest/not-carried-out.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import type { PlanInput } from '../../domain/plan/plan-input.ts';
import type { Finding } from '../../domain/policy/finding.ts';
import { judgeDeclarations, judgeDocument, judgeStatements } from '../../domain/policy/preflight.ts';
import { RULE_BOOK } from '../../domain/policy/rule-book.ts';
import { manifestAlone, manifestOf } from '../../domain/policy/rules/asked-manifest.ts';
import { type EnvironmentRules, environmentRules, type Rules } from '../../domain/rules.ts';

/** What a release document is checked against; what is absent is not checked. */
interface Against {
  rules: Rules | undefined;
  catalog: Catalog | undefined;
}

/** Faults of a release document, and what is valid in it and will be refused at the cut. */
export function manifestFaults(
  document: SourceDocument,
  { rules, catalog }: Against,
): { faults: Fault[]; warnings: Fault[] } {
  const read = readManifest(document);
  if (read.kind === 'faulty') return { faults: read.faults, warnings: [] };
  const { manifest, hash } = read;
  const { environment: name } = manifest.spec;
  const environment = rules && environmentRules(rules, name);
  if (rules !== undefined && environment === undefined) {
    const says = `there is no environment ${name}; ${didYouMean(
      name,
      rules.environments.map((one) => one.name),
    )}`;
    return {
      faults: [faultAt(document, ['spec', 'environment'], says)],
      warnings: undone(document, manifest),
    };
  }
  if (rules === undefined || environment === undefined || catalog === undefined) {
    return { faults: [], warnings: undone(document, manifest) };
  }
  return judged(offlineInput({ document, manifest, hash }, { rules, environment, catalog }));
}

/** A manifest with everything that files say, and nothing of what runs. */
export function offlineInput(
  { document, manifest, hash }: { document: SourceDocument; manifest: Manifest; hash: string },
  { rules, environment, catalog }: { rules: Rules; environment: EnvironmentRules; catalog: Catalog },
): PlanInput {
  return {
    document,
    manifest,
    manifestHash: hash,
    name: manifest.metadata.name,
    catalog,
    environment,
    isLastEnvironment: rules.environments.at(-1)?.name === environment.name,
    gates: rules.gateBook,
    flags: { book: rules.flagBook, answers: {} },
    databases: rules.databases,
    contents: {},
    unresolved: [],
    known: {},
    makers: [],
  };
}

function judged(input: PlanInput): { faults: Fault[]; warnings: Fault[] } {
  const findings = [...judgeDocument(input), ...judgeDeclarations(manifestOf(input))];
  // What the cut does not ask for keeps nobody from it, and what it refuses for not being done is no mistake of the document.
  const isWarning = ({ rule, severity }: Finding): boolean =>
    severity === 'warn' || rule === 'not-carried-out' || RULE_BOOK[rule].judged === 'validate';
  return {
    faults: inFileOrder(findings.filter((finding) => !isWarning(finding)).map(asFault)),
    warnings: inFileOrder(findings.filter(isWarning).map(asFault)),
  };
}

function asFault({ rule, says, remedy, file, path, place }: Finding): Fault {
  return { file, path, says: `${says} (${rule}). ${remedy}`, rule, ...(place && { place }) };
}

/** What can be said without configuration and catalog, which decide how severe it is: all of it is advice. */
function undone(document: SourceDocument, manifest: Manifest): Fault[] {
  const faults = notCarriedOut(manifest).map(({ path, remedy }) => ({
    ...faultAt(document, path, `is not carried out by this version, and refused at the cut. ${remedy}`),
    rule: 'not-carried-out',
  }));
  const alone = manifestAlone(document, manifest);
  const findings = [...judgeStatements(alone), ...judgeDeclarations(alone)];
  return inFileOrder([...faults, ...findings.map(asFault)]);
}

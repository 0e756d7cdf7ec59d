import type { Path } from '../document/fault.ts';
import { own } from '../document/own.ts';
import type { EnvironmentName, ServiceName } from '../ids.ts';
import type { WrittenContract } from '../manifest/evidence-schema.ts';
import type { PlanInput } from '../plan/plan-input.ts';
import type { Compatibility } from './compatibility.ts';

interface Asked {
  /** Names the question among those of its manifest. */
  key: string;
  path: Path;
  /** Whom a refusal is about; absent when that is no service of the release. */
  service?: ServiceName;
}

/** A question to the world that a contract of a manifest raises. */
export type ContractQuestion = Asked &
  (
    | {
        kind: 'schema';
        subject: string;
        schemaType: 'AVRO' | 'PROTOBUF' | 'JSON';
        schemaFile: string;
        compatibility?: Compatibility;
        /** Services, or names of others; absent and empty where the contract names none. */
        producer?: string;
        consumers: string[];
      }
    /** All pacts of a release are one question: its services are deployed together. */
    | {
        kind: 'pact';
        environment: EnvironmentName;
        versions: { pacticipant: string; version: string }[];
      }
    | { kind: 'file'; file: string; of: 'openapi' | 'protobuf'; digests: string[] }
  );

/** Something that a contract lacks to be asked about. */
export interface ContractProblem {
  path: Path;
  says: string;
  remedy: string;
}

type Input = Pick<PlanInput, 'manifest' | 'contents' | 'environment'>;

/** What is to be asked about the contracts of a manifest, and what they lack. */
export function contractQuestions(input: Input): {
  questions: ContractQuestion[];
  problems: ContractProblem[];
} {
  const written = (input.manifest.spec.contracts ?? []).map((contract, index) => ({
    contract,
    path: ['spec', 'contracts', index] as const,
  }));
  const questions: ContractQuestion[] = [];
  const problems: ContractProblem[] = [];
  for (const { contract, path } of written) {
    const lacking = lacks(contract, input);
    if (lacking.length > 0) {
      problems.push(...lacking.map(({ key, says, remedy }) => ({ path: [...path, key], says, remedy })));
      continue;
    }
    const question = single(contract, { path, input });
    if (question) questions.push(question);
  }
  const pacts = written.filter(({ contract }) => contract.type === 'pact');
  const pact = pactQuestion(pacts, { input, problems });
  return { questions: [...questions, ...(pact ? [pact] : [])], problems };
}

/** The service a contract is about: who makes what it promises. */
export function contractService(contract: WrittenContract): string | undefined {
  return contract.producer ?? contract.service ?? contract.pacticipant;
}

interface Lack {
  key: keyof WrittenContract;
  says: string;
  remedy: string;
}

function lacks(contract: WrittenContract, input: Input): Lack[] {
  const found: Lack[] = [];
  const need = (key: keyof WrittenContract, remedy: string): void => {
    if (contract[key] === undefined)
      found.push({ key, says: `is missing from a ${contract.type} contract`, remedy });
  };
  if (contract.type === 'schemaRegistry') {
    need('subject', 'Name the subject of the registry, such as orders.v1-value.');
    need('schemaFile', 'Name the file with the schema, by its path in the repository of the manifest.');
  }
  if (contract.type === 'openapi' || contract.type === 'protobuf') {
    need('schemaFile', 'Name the file with the evidence, by its path in the repository of the manifest.');
    const service = contractService(contract);
    if (service === undefined || !Object.hasOwn(input.manifest.spec.services, service)) {
      const says = service === undefined ? 'is missing' : `${service} is no service of this release`;
      found.push({ key: 'service', says, remedy: 'Name the service whose images the evidence is about.' });
    }
  }
  if (contract.type === 'pact' && contract.service === undefined)
    need('pacticipant', 'Name the pacticipant as the broker does.');
  return found;
}

function single(
  contract: WrittenContract,
  { path, input }: { path: Path; input: Input },
): ContractQuestion | undefined {
  const service = contractService(contract);
  const about = {
    key: `contracts[${path.at(-1)}]`,
    path,
    ...(service !== undefined && Object.hasOwn(input.manifest.spec.services, service) && { service }),
  };
  const { subject, schemaFile, compatibility, type } = contract;
  if (type === 'schemaRegistry' && subject !== undefined && schemaFile !== undefined) {
    return {
      ...about,
      kind: 'schema',
      subject,
      schemaType: contract.schemaType ?? 'AVRO',
      schemaFile,
      ...(compatibility && { compatibility }),
      ...(contract.producer !== undefined && { producer: contract.producer }),
      consumers: contract.consumers ?? [],
    };
  }
  if ((type === 'openapi' || type === 'protobuf') && schemaFile !== undefined && service !== undefined) {
    const images = Object.values(own(input.contents, service)?.images ?? {});
    return {
      ...about,
      kind: 'file',
      file: schemaFile,
      of: type,
      digests: images.map(({ digest }) => digest),
    };
  }
  return undefined;
}

function pactQuestion(
  pacts: readonly { contract: WrittenContract; path: Path }[],
  { input, problems }: { input: Input; problems: ContractProblem[] },
): ContractQuestion | undefined {
  const versions = new Map<string, string>();
  for (const { contract, path } of pacts) {
    const pacticipant = contract.pacticipant ?? contract.service;
    if (pacticipant === undefined) continue;
    const version = contract.version ?? imageVersion(input, contract.service ?? pacticipant);
    // What was not resolved is refused by another rule.
    if (version === undefined && isUnresolved(input, contract.service ?? pacticipant)) continue;
    if (version === undefined) {
      problems.push({
        path: [...path, 'version'],
        says: `is missing, and no image of ${pacticipant} says a version`,
        remedy: 'Write the version under which the pacts were published, such as a commit.',
      });
    } else if ((versions.get(pacticipant) ?? version) === version) versions.set(pacticipant, version);
    else
      problems.push({
        path: [...path, 'version'],
        says: `is ${version}, and another contract has ${versions.get(pacticipant)} for ${pacticipant}`,
        remedy: 'One release deploys one version: keep one of them.',
      });
  }
  const [first] = pacts;
  if (first === undefined || versions.size === 0) return undefined;
  const service = pacts.length === 1 ? contractService(first.contract) : undefined;
  return {
    kind: 'pact',
    key: 'pacts',
    path: pacts.length === 1 ? first.path : ['spec', 'contracts'],
    ...(service !== undefined && Object.hasOwn(input.manifest.spec.services, service) && { service }),
    environment: input.environment.name,
    versions: [...versions]
      .map(([pacticipant, version]) => ({ pacticipant, version }))
      .toSorted((a, b) => (a.pacticipant < b.pacticipant ? -1 : 1)),
  };
}

function isUnresolved({ manifest, contents }: Input, service: string): boolean {
  return Object.hasOwn(manifest.spec.services, service) && !Object.hasOwn(contents, service);
}

function imageVersion(input: Input, service: string): string | undefined {
  const images = Object.values(own(input.contents, service)?.images ?? {});
  const versions = [...new Set(images.map(({ version }) => version))];
  return versions.length === 1 ? versions[0] : undefined;
}

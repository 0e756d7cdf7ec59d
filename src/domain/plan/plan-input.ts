import type { Catalog } from '../catalog/catalog.ts';
import type { Content, KnownContent } from '../content.ts';
import type { FlagBook } from '../flag/flag-book.ts';
import type { FlagAnswer } from '../flag/flag-setting.ts';
import type { GateBook } from '../gate/gate-book.ts';
import type { PersonId, ReleaseName, ServiceName } from '../ids.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { DatabaseRules } from '../migration/database-rules.ts';
import type { About } from '../policy/finding.ts';
import type { EnvironmentRules } from '../rules.ts';

/** An image whose digest could not be looked up. */
export interface Unresolved {
  service: ServiceName;
  container: string;
  /** Why, as the end of a sentence. */
  says: string;
}

/** Everything a plan is made from. Gathered before; nothing in here is asked for again. */
export interface PlanInput {
  /** The manifest's file, for findings. */
  document: About;
  manifest: Manifest;
  /** Hash of the manifest as written. */
  manifestHash: string;
  /** The name the release is cut under; the manifest must say the same. */
  name: ReleaseName;
  catalog: Catalog;
  environment: EnvironmentRules;
  /** Whether releases go nowhere after this environment. Absent: judged as if it were so. */
  isLastEnvironment?: boolean;
  gates: GateBook;
  /** Databases whose migrations can be read. Absent: none. */
  databases?: Readonly<Record<string, DatabaseRules>> | undefined;
  /** What each service of the manifest resolves to: digests, versions, platforms, authors. */
  contents: Readonly<Record<ServiceName, Content>>;
  /** Images for which there is no content, and why. */
  unresolved: readonly Unresolved[];
  /** Trusted contents of the environment, newest first. */
  known: Readonly<Record<ServiceName, readonly KnownContent[]>>;
  /** Who keeps flags, and what each flag of the manifest gives now, by `flagId`. Absent: there are none. */
  flags?: { book: FlagBook; answers: Readonly<Record<string, FlagAnswer>> };
  /** Who asked for the release, and whoever else wrote the manifest. Authors of contents are added. */
  makers: readonly PersonId[];
}

import type { GitLocation } from '../catalog/placement.ts';
import { applicationFor, applicationsIn, type GivenApplication } from './applications.ts';
import { valuesIn } from './helm-values.ts';
import { buildKustomizations, imagesOf } from './kustomizations.ts';
import { clusterIn, stageIn, subjectOf, withoutStage } from './path-words.ts';
import {
  documentsLike,
  folderOf,
  type OpenQuestion,
  type RepositoryFile,
  WrittenDeployment,
  WrittenRollout,
} from './repository-file.ts';

/** A place where a service runs, as far as a working copy tells. */
export interface FoundPlace {
  service: string;
  rollout: string;
  /** Container to image repository; a values file names one image and no container: under the service's name. */
  images: Readonly<Record<string, string>>;
  /** Absent when neither its path nor anything else names a stage. */
  stage: { rank: number; word: string } | undefined;
  cluster: string | undefined;
  namespace: string | undefined;
  git: Omit<GitLocation, 'repository'>;
  argocd?: { application: string; namespace: string };
}

/** What a working copy of a GitOps repository holds. */
export interface Survey {
  places: FoundPlace[];
  open: OpenQuestion[];
}

/** Looks through a working copy for everything that makes a Rollout. Pure. */
export function surveyRepository(files: readonly RepositoryFile[]): Survey {
  const { applications, open: sets } = applicationsIn(files);
  const built = buildKustomizations(files);
  const inCharts = chartFolders(files);
  const helm = valuesIn(files, new Set(applications.flatMap(({ valueFiles }) => valueFiles)));
  const unbuilt: Unplaced[] = files
    .filter(({ path }) => !built.taken.has(path) && !inCharts.some((folder) => path.startsWith(folder)))
    .flatMap(manifestsOf);
  const kustomized: Unplaced[] = built.rollouts.map((rollout) => ({
    ...rollout,
    files: [rollout.file, ...rollout.chain],
    git: { file: rollout.file, format: 'kustomize' },
  }));
  const charted: Unplaced[] = helm.values.map((values) => ({
    name: values.name,
    namespace: values.namespace,
    images: { '': values.repository },
    files: [values.file],
    git: { file: values.file, format: 'helm', keys: values.keys },
  }));
  const placed = [...kustomized, ...unbuilt, ...charted].map((one) => place(one, applications));
  return {
    places: placed.flatMap(({ place: found }) => found ?? []),
    open: [...sets, ...built.open, ...helm.open, ...placed.flatMap(({ open }) => open)],
  };
}

interface Unplaced {
  /** Absent where a chart makes it of a name that is not in the repository. */
  name: string | undefined;
  namespace?: string | undefined;
  images: Readonly<Record<string, string>>;
  /** Everything that it is made of, the telling file first. */
  files: readonly string[];
  git: Omit<GitLocation, 'repository'>;
}

function manifestsOf(file: RepositoryFile): Unplaced[] {
  const deployments = documentsLike(file, WrittenDeployment);
  return documentsLike(file, WrittenRollout).map((rollout) => ({
    name: rollout.metadata.name,
    namespace: rollout.metadata.namespace,
    images: rollout.spec.workloadRef ? {} : imagesOf(rollout, deployments),
    files: [file.path],
    git: { file: file.path, format: 'manifest' },
  }));
}

function place(
  { name, namespace: own, images, files, git }: Unplaced,
  applications: readonly GivenApplication[],
): { place?: FoundPlace; open: OpenQuestion[] } {
  const application = applicationFor(applications, files);
  const { file } = git;
  const namespace = own ?? application?.destination.namespace;
  const subject = application ? withoutStage(application.name) : subjectOf(file);
  const rollout = name ?? application?.releaseName ?? subject;
  if (rollout === undefined)
    return { open: [question(file, 'names no service', 'Write its placement into the catalog.')] };
  const service = withoutStage(rollout);
  const known = Object.entries(images).filter(([, image]) => image.includes('/'));
  if (known.length === 0) {
    const says = `names no image with a registry for ${rollout}`;
    return { open: [question(file, says, `Left out: write ${rollout} into the catalog with its image.`)] };
  }
  const stage = [file, namespace, application?.name].map((text) => stageIn(text ?? '')).find(Boolean);
  const guessed = name === undefined ? [guess(file, rollout)] : [];
  return {
    open: guessed,
    place: {
      service,
      rollout,
      images: Object.fromEntries(known.map(([container, image]) => [container || service, image])),
      stage: stage && { rank: stage.rank, word: stage.word },
      cluster: clusterOf(application) ?? clusterIn(file),
      namespace,
      git,
      ...(application && { argocd: { application: application.name, namespace: application.namespace } }),
    },
  };
}

function guess(file: string, rollout: string): OpenQuestion {
  return question(
    file,
    `does not say what its Rollout is called; taken as ${rollout}`,
    'Compare with: kubectl get rollouts -A',
  );
}

/** `kubernetes.default.svc` is wherever Argo CD itself runs, which its name does not tell. */
function clusterOf(application: GivenApplication | undefined): string | undefined {
  const { name, server } = application?.destination ?? {};
  if (name !== undefined && name !== 'in-cluster') return name;
  const host = server === undefined ? undefined : URL.parse(server)?.hostname;
  return host === undefined || /^kubernetes\.default/.test(host) ? undefined : host;
}

function chartFolders(files: readonly RepositoryFile[]): string[] {
  return files
    .filter(({ path }) => /(^|\/)Chart\.ya?ml$/.test(path))
    .map(({ path }) => (folderOf(path) === '' ? 'templates/' : `${folderOf(path)}/`));
}

function question(at: string, says: string, todo: string): OpenQuestion {
  return { at, says, todo };
}

/** Which programs make up the control plane, and which Go module each is built from. Versions live in the modules' `go.mod`. */

/** A folder of manifests that a program's Go module ships and that the control plane applies. */
interface ShippedManifests {
  /** Name of the copy in the cache. */
  readonly name: string;
  /** Module path, as `go list -m` knows it. */
  readonly goModule: string;
  /** Folder inside that module. */
  readonly folder: string;
}

/** One Go module and what is built from it. */
export interface ProgramModule {
  /** Name of the module's folder; also shown in progress lines. */
  readonly name: string;
  /** Folder that holds `go.mod` and `go.sum`. */
  readonly directory: string;
  /** Program name → Go package. */
  readonly programs: Readonly<Record<string, string>>;
  /** Files of this folder that the programs are built from, when they are our own. Absent: none, all is other people's. */
  readonly sources?: readonly string[];
  /** Passed to `-ldflags`. `-s -w` leaves out the symbol tables: a third of the size. */
  readonly linkerFlags: string;
  /** Absent: none. */
  readonly manifests?: readonly ShippedManifests[];
}

/** Without it the API server calls itself `v0.0.0-master`, and whoever asks for its version is misled. */
const KUBERNETES_VERSION_FLAG = '-X k8s.io/component-base/version.gitVersion=v1.34.1';

const directoryOf = (name: string): string => new URL(`modules/${name}`, import.meta.url).pathname;

/** Kubernetes and Argo Rollouts. */
export const kubernetesModule: ProgramModule = {
  name: 'kubernetes',
  directory: directoryOf('kubernetes'),
  programs: {
    'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
    'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
    'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
    kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    'rollouts-controller': 'github.com/argoproj/argo-rollouts/cmd/rollouts-controller',
    'kubectl-argo-rollouts': 'github.com/argoproj/argo-rollouts/cmd/kubectl-argo-rollouts',
  },
  linkerFlags: `-s -w ${KUBERNETES_VERSION_FLAG}`,
  manifests: [
    { name: 'argo-rollouts-crds', goModule: 'github.com/argoproj/argo-rollouts', folder: 'manifests/crds' },
  ],
};

/**
 * The words of Argo Rollouts' `kubectl` plugin for objects that are given to it. Built in the folder of the module above, so that it
 * is always of the controller's own version, and kept apart from it, so that a change here builds nothing but this.
 */
export const oracleModule: ProgramModule = {
  name: 'oracle',
  directory: directoryOf('kubernetes'),
  programs: { 'rollout-info': './rollout-info' },
  sources: ['rollout-info/main.go'],
  linkerFlags: '-s -w',
};

/** kwok, which plays the kubelets, and etcd. */
export const kwokModule: ProgramModule = {
  name: 'kwok',
  directory: directoryOf('kwok'),
  programs: { etcd: 'go.etcd.io/etcd/server/v3', kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
  linkerFlags: '-s -w',
};

/** Argo CD: one binary that is every one of its programs, by the name it is called by. */
export const argoCdModule: ProgramModule = {
  name: 'argocd',
  directory: directoryOf('argocd'),
  programs: { argocd: 'github.com/argoproj/argo-cd/v3/cmd' },
  linkerFlags: '-s -w',
  manifests: [
    { name: 'argocd-crds', goModule: 'github.com/argoproj/argo-cd/v3', folder: 'manifests/crds' },
    { name: 'argocd-config', goModule: 'github.com/argoproj/argo-cd/v3', folder: 'manifests/base/config' },
  ],
};

/** All modules of the control plane, the quickest to build first: a fault of the machine shows itself after a minute, not after ten. */
export const allModules: readonly ProgramModule[] = [kwokModule, kubernetesModule, argoCdModule];

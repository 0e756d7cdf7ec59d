/** Metadata as the API server keeps it. */
export interface ObjectMeta {
  name: string;
  namespace?: string | undefined;
  uid?: string | undefined;
  resourceVersion?: string | undefined;
  generation?: number | undefined;
  creationTimestamp?: string | undefined;
  deletionTimestamp?: string | undefined;
  generateName?: string | undefined;
  labels?: Record<string, string> | undefined;
  annotations?: Record<string, string> | undefined;
  ownerReferences?: OwnerReference[] | undefined;
  finalizers?: string[] | undefined;
  /** As much of them as anybody reads here: when the last write was. */
  managedFields?: { time: string }[] | undefined;
}

/** Who an object belongs to; the one with `controller` manages it, and it dies with its owner. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean | undefined;
  blockOwnerDeletion?: boolean | undefined;
}

/** Any Kubernetes object, as its JSON. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** A container of a pod template; fields we do not read are kept. */
export interface Container {
  name: string;
  image?: string | undefined;
  [field: string]: unknown;
}

/** A pod's specification; fields we do not read are kept. */
export interface PodSpec {
  containers: Container[];
  initContainers?: Container[] | undefined;
  [field: string]: unknown;
}

/** What a Rollout, ReplicaSet or Deployment makes pods from. */
export interface PodTemplate {
  metadata?: {
    labels?: Record<string, string> | undefined;
    annotations?: Record<string, string> | undefined;
  };
  spec: PodSpec;
}

/** Labels that must all match. */
export interface LabelSelector {
  matchLabels?: Record<string, string> | undefined;
  matchExpressions?: { key: string; operator: string; values?: string[] | undefined }[] | undefined;
}

/** `apps/v1` ReplicaSet. */
export interface ReplicaSet extends KubeObject {
  spec: {
    /** Absent means 1, as the API server defaults it. */
    replicas?: number | undefined;
    minReadySeconds?: number | undefined;
    selector: LabelSelector;
    template: PodTemplate;
  };
  status?:
    | {
        replicas: number;
        readyReplicas?: number | undefined;
        availableReplicas?: number | undefined;
        fullyLabeledReplicas?: number | undefined;
        observedGeneration?: number | undefined;
      }
    | undefined;
}

/** `v1` Service. */
export interface Service extends KubeObject {
  spec: { selector?: Record<string, string> | undefined; [field: string]: unknown };
}

/** `v1` Pod. */
export interface Pod extends KubeObject {
  spec: PodSpec;
  status?:
    | {
        phase?: string | undefined;
        conditions?: PodCondition[] | undefined;
        containerStatuses?: ContainerStatus[] | undefined;
        [field: string]: unknown;
      }
    | undefined;
}

/** One condition of a pod, such as `Ready`. */
export interface PodCondition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  lastTransitionTime?: string | undefined;
  reason?: string | undefined;
  message?: string | undefined;
}

/** What the kubelet reports of one container. */
export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  ready: boolean;
  restartCount: number;
  [field: string]: unknown;
}

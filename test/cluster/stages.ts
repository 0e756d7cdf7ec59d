/**
 * How pretended Pods behave: kwok's "stages" (https://kwok.sigs.k8s.io/docs/user/stages-configuration/), with a knob for each way in which a
 * release goes well or badly. The knobs are annotations of the Pod template, so a bad version brings them along.
 */

/** Annotation: what becomes of the Pod. `never-ready` runs and never passes its readiness probe, `crash` ends in CrashLoopBackOff. Absent: ready. */
export const POD_FATE_ANNOTATION = 'signalbox.test/pods';

/** Annotation: how long after scheduling the Pod gets ready, as a Go duration (`1500ms`, `20s`). Absent: what the control plane was started with. */
export const READY_AFTER_ANNOTATION = 'signalbox.test/ready-after';

/**
 * Annotation: the digest that the node reports as running (`sha256:…`), for all containers or, with `.<container>` appended, for one.
 * Absent: the digest of the image reference, and for a reference by tag one that is derived from its text.
 */
export const IMAGE_DIGEST_ANNOTATION = 'signalbox.test/image-digest';

/** Knobs for all Pods. */
export interface StageOptions {
  /** Milliseconds from scheduling to ready, for Pods that don't say otherwise. Zero: at once. */
  readonly podReadyMs: number;
  /** Digest of an image index to the digest that Pods report for it, as a node that runs one platform of many does. Absent: Pods report what was asked for. */
  readonly platforms?: Readonly<Record<string, string>>;
}

type ContainerFate = 'ready' | 'never-ready' | 'crash';

/** The stages as kwok's configuration file. */
export function stagesFile({ podReadyMs, platforms = {} }: StageOptions): string {
  const stages = [
    nodeReady(),
    podReady(podReadyMs, platforms),
    podFailing('never-ready', platforms),
    podFailing('crash', platforms),
    podDelete(),
  ];
  return stages.map((stage) => JSON.stringify(stage)).join('\n---\n');
}

function stage(name: string, spec: { kind: 'Node' | 'Pod'; [field: string]: unknown }): object {
  const { kind, ...rest } = spec;
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, ...rest },
  };
}

const fateKey = `.metadata.annotations["${POD_FATE_ANNOTATION}"]`;
const alive = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };
const pending = { key: '.status.phase', operator: 'In', values: ['Pending'] };

function nodeReady(): object {
  const notReady = {
    key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
    operator: 'NotIn',
    values: ['True'],
  };
  return stage('node-ready', {
    kind: 'Node',
    selector: { matchExpressions: [notReady] },
    next: {
      statusTemplate: `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- {type: {{ .type | Quote }}, status: {{ .status | Quote }}, reason: {{ .reason | Quote }}, message: {{ .message | Quote }}, lastHeartbeatTime: {{ $now | Quote }}, lastTransitionTime: {{ $now | Quote }}}
{{ end }}
addresses: [{type: InternalIP, address: {{ NodeIP | Quote }}}]
allocatable: {cpu: 1k, memory: 1Ti, pods: 1M}
capacity: {cpu: 1k, memory: 1Ti, pods: 1M}
phase: Running
`,
    },
  });
}

type Platforms = NonNullable<StageOptions['platforms']>;

function podReady(podReadyMs: number, platforms: Platforms): object {
  const goesWell = { key: fateKey, operator: 'NotIn', values: ['never-ready', 'crash'] };
  return stage('pod-ready', {
    kind: 'Pod',
    selector: { matchExpressions: [alive, pending, goesWell] },
    delay: {
      durationMilliseconds: podReadyMs,
      durationFrom: { expressionFrom: `.metadata.annotations["${READY_AFTER_ANNOTATION}"]` },
    },
    next: { statusTemplate: podStatus('ready', platforms) },
  });
}

function podFailing(fate: 'never-ready' | 'crash', platforms: Platforms): object {
  return stage(`pod-${fate}`, {
    kind: 'Pod',
    selector: { matchExpressions: [alive, pending, { key: fateKey, operator: 'In', values: [fate] }] },
    next: { statusTemplate: podStatus(fate, platforms) },
  });
}

function podDelete(): object {
  const deleted = { key: '.metadata.deletionTimestamp', operator: 'Exists' };
  return stage('pod-delete', {
    kind: 'Pod',
    selector: { matchExpressions: [deleted] },
    next: { finalizers: { empty: true }, delete: true },
  });
}

/** Status of a Pod as a kubelet would write it: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/. */
function podStatus(fate: ContainerFate, platforms: Platforms): string {
  const ready = fate === 'ready';
  const because = ready ? '' : ', reason: ContainersNotReady';
  return `
{{ $now := Now }}
{{ $annotations := or .metadata.annotations dict }}
{{ $platforms := dict ${Object.entries(platforms)
    .flat()
    .map((digest) => JSON.stringify(digest))
    .join(' ')} }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: Ready, status: "${ready ? 'True' : 'False'}"${because}, lastTransitionTime: {{ $now | Quote }}}
- {type: ContainersReady, status: "${ready ? 'True' : 'False'}"${because}, lastTransitionTime: {{ $now | Quote }}}
containerStatuses:
{{ range .spec.containers }}
${containerStatus(fate)}
{{ end }}
{{ with .spec.initContainers }}
initContainerStatuses:
{{ range . }}
${containerStatus('ready')}
{{ end }}
{{ end }}
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
{{ end }}
{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
podIP: {{ index . 0 | Quote }}
podIPs: [{ip: {{ index . 0 | Quote }}}]
{{ end }}
phase: Running
startTime: {{ $now | Quote }}
`;
}

/** A container that crashed has done so once already: what follows is the wait for the next try. */
function containerStatus(fate: ContainerFate): string {
  const running = '{running: {startedAt: {{ $now | Quote }}}}';
  const waiting =
    '{waiting: {reason: CrashLoopBackOff, message: "back-off 10s restarting failed container"}}';
  const failed =
    '{terminated: {exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}';
  return `
{{ $repository := regexReplaceAll ":[^:/@]+$" (regexReplaceAll "@sha256:[0-9a-f]+$" .image "") "" }}
{{ $asked := regexFind "sha256:[0-9a-f]{64}$" .image }}
{{ $named := index $annotations (printf "${IMAGE_DIGEST_ANNOTATION}.%s" .name) }}
{{ $digest := or $named (index $annotations "${IMAGE_DIGEST_ANNOTATION}") (index $platforms $asked) $asked (printf "sha256:%s" (sha256sum .image)) }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ printf "%s@%s" $repository $digest | Quote }}
  ready: ${fate === 'ready'}
  started: ${fate !== 'crash'}
  restartCount: ${fate === 'crash' ? 1 : 0}
  state: ${fate === 'crash' ? waiting : running}
  lastState: ${fate === 'crash' ? failed : '{}'}
`;
}

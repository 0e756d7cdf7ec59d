import type { Digest } from '../ids.ts';

/**
 * The digest in a pod's `imageID`: `ghcr.io/acme/cart@sha256:…` (containerd, CRI-O), `docker-pullable://…@sha256:…`
 * (dockershim) or a plain `sha256:…`. Absent while the image is being pulled, for other algorithms, and for
 * `docker://sha256:…`, which names the image's configuration and not its manifest.
 * Source: kubernetes/kubernetes pkg/kubelet/dockershim/naming.go (1.23), containerd pkg/cri/server/container_status.go.
 */
export function digestOfImageId(imageId: string): Digest | undefined {
  return /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(imageId)?.[1];
}

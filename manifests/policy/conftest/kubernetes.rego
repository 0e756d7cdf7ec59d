# What manifests of Kubernetes have to keep before they are released. CI tests them, and Signalbox reads what came of it:
#
#   conftest test -o json -p policy/conftest k8s/ > evidence/web/1.8.0/conftest.json
#
# The catalog says where: conftest: { file: "evidence/{service}/{version}/conftest.json" }. A failure refuses the release, a warning is
# shown to those who approve, and a namespace that was not evaluated is no pass. Rego v1: conftest 0.60 and later; write
# --rego-version v0 only for policies of before.
package main

workloads := {"Deployment", "StatefulSet", "DaemonSet", "Rollout"}

containers contains container if {
	input.kind in workloads
	some container in input.spec.template.spec.containers
}

# An image by a tag that moves is another one tomorrow.
deny contains msg if {
	some container in containers
	endswith(container.image, ":latest")
	msg := sprintf("%s/%s: %s runs :latest", [input.kind, input.metadata.name, container.name])
}

# Without a limit one pod takes the node of all the others; without a request nobody knows what it needs.
deny contains msg if {
	some container in containers
	some kind in ["limits", "requests"]
	some resource in ["cpu", "memory"]
	not container.resources[kind][resource]
	msg := sprintf("%s/%s: %s has no resources.%s.%s", [input.kind, input.metadata.name, container.name, kind, resource])
}

# An update that takes every pod away at once is an outage.
deny contains msg if {
	input.kind == "Deployment"
	input.spec.strategy.type == "Recreate"
	msg := sprintf("Deployment/%s: strategy Recreate takes it away while it is updated", [input.metadata.name])
}

deny contains msg if {
	input.kind == "Deployment"
	input.spec.strategy.rollingUpdate.maxUnavailable == "100%"
	msg := sprintf("Deployment/%s: maxUnavailable 100%% takes it away while it is updated", [input.metadata.name])
}

# One that cannot grow meets the load of a canary with what it has.
deny contains msg if {
	input.kind == "HorizontalPodAutoscaler"
	input.spec.minReplicas < 2
	msg := sprintf("HorizontalPodAutoscaler/%s: minReplicas is below 2", [input.metadata.name])
}

warn contains msg if {
	input.kind in workloads
	not input.metadata.annotations["cosign.sigstore.dev/verified"]
	msg := sprintf("%s/%s: nothing says that its images are signed", [input.kind, input.metadata.name])
}

# Rules of your own, beside those that Signalbox has. It asks for data.release.decision before a release goes on: whatever stands in
# deny refuses it, whatever stands in warn is shown to those who approve. No decision at all refuses too.
#
#   a server:  opa run --server --bundle policy/          policy.opa.url in signalbox.yaml
#   a bundle:  opa build -t wasm -e release/decision -o policy.tar.gz policy/          policy.bundle
#
# Rego v1: OPA 1.0 and later. What it is asked with is shown in ../samples/policy-input.json; try with:
#   opa eval -d release.rego -i ../samples/policy-input.json data.release.decision
package release

decision := {"deny": deny, "warn": warn}

# Images come from where ours are built.
allowed_repositories := {"ghcr.io/acme/"}

deny contains {
	"service": service,
	"says": sprintf("%s comes from %s", [container, image.repository]),
	"remedy": "Build it in our own pipeline, or add the place to allowed_repositories.",
} if {
	some service, moving in input.services
	some container, image in moving.to.images
	not is_allowed(image.repository)
}

is_allowed(repository) if {
	some prefix in allowed_repositories
	startswith(repository, prefix)
}

# Nobody wants to be called on a Saturday.
deny contains {
	"service": service,
	"says": sprintf("%s is tier %d, and it is %s %d:00 UTC", [service, moving.tier, input.now.weekday, input.now.hour]),
	"remedy": "Wait for Monday, or ask for an exemption from policy.",
} if {
	input.environment.isLast
	input.release.type != "hotfix"
	weekend
	some service, moving in input.services
	moving.tier <= 1
}

weekend if input.now.weekday in {"Saturday", "Sunday"}

weekend if {
	input.now.weekday == "Friday"
	input.now.hour >= 15
}

# Small releases are easier to take back.
warn contains {
	"says": sprintf("%d services go at once", [count(input.services)]),
	"remedy": "Cut fewer of them together.",
} if {
	count(input.services) > 5
}

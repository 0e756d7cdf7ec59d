package release_test

import data.release

monday := {"at": "2026-11-23T10:00:00.000Z", "weekday": "Monday", "hour": 10}

service(tier, repository) := {"tier": tier, "to": {"images": {"web": {"repository": repository}}}}

asking(services, now) := {
	"release": {"name": "shop-2026-11-23.1", "type": "standard"},
	"environment": {"name": "prod", "isLast": true},
	"services": services,
	"now": now,
}

test_ours_on_a_monday_passes if {
	result := release.decision with input as asking({"web": service(1, "ghcr.io/acme/web")}, monday)
	result == {"deny": set(), "warn": set()}
}

test_images_from_elsewhere_are_denied if {
	result := release.decision with input as asking({"web": service(3, "docker.io/evil/web")}, monday)
	{denied.service | some denied in result.deny} == {"web"}
}

test_critical_services_rest_at_the_weekend if {
	friday := {"at": "2026-11-20T15:00:00.000Z", "weekday": "Friday", "hour": 15}
	services := {"web": service(3, "ghcr.io/acme/web"), "cart": service(0, "ghcr.io/acme/cart")}
	result := release.decision with input as asking(services, friday)
	{denied.service | some denied in result.deny} == {"cart"}
}

test_many_at_once_are_warned_of if {
	services := {name: service(3, "ghcr.io/acme/web") | some name in {"a", "b", "c", "d", "e", "f"}}
	result := release.decision with input as asking(services, monday)
	count(result.warn) == 1
}

# What a policy should not be, for tests.
package edges

# Has no value for most inputs.
sometimes := [] if input.release.name == "known"

# Ends after the machine it runs on.
forever := [x |
	some i in numbers.range(1, 5000)
	some j in numbers.range(1, 5000)
	some k in numbers.range(1, 5000)
	x := (i + j) + k
	x < 0
]

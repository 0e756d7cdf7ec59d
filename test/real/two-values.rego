# A rule that comes to two values at once, which is an error when it is asked for.
package two

values := "one" if input.release

values := "other" if input.release

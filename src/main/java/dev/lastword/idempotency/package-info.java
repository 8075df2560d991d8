/** Requests with an {@code Idempotency-Key}, each carried out once. */
@NullMarked
package dev.lastword.idempotency;

import org.jspecify.annotations.NullMarked;

/** Tenants and access. */
@NullMarked
package dev.lastword.access;

import org.jspecify.annotations.NullMarked;

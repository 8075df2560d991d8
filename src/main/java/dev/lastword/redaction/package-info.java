/** Removing what identifies people before it is stored: from keywords and from payloads. */
@NullMarked
package dev.lastword.redaction;

import org.jspecify.annotations.NullMarked;

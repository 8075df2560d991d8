/** Group commit: rows of many callers, one statement, one commit. */
@NullMarked
package dev.lastword.commit;

import org.jspecify.annotations.NullMarked;

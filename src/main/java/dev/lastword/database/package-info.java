/** The database as all packages see it: the meaning of its errors. */
@NullMarked
package dev.lastword.database;

import org.jspecify.annotations.NullMarked;

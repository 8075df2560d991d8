/**
 * The database server: its address, the embedded one, migrations, health, and the meaning of its
 * errors.
 */
@NullMarked
package dev.lastword.database;

import org.jspecify.annotations.NullMarked;

/** What all requests and responses share: problems, parameters, rows of bodies, compression. */
@NullMarked
package dev.lastword.http;

import org.jspecify.annotations.NullMarked;

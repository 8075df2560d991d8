package dev.lastword.stats;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer in both of its forms.
 *
 * @param json the body in JSON
 * @param columns the header of the CSV
 * @param lines the lines of the CSV, with a cell for each column
 */
public record Answer(
    Object json, List<String> columns, List<? extends List<? extends @Nullable Object>> lines) {}

package dev.lastword;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.yaml.snakeyaml.Yaml;

/** The calls of {@code /openapi.yml}. */
public final class ApiDocument {

  /**
   * A call of the API.
   *
   * @param path with its variables in braces
   * @param parameters names of those in the query and in the path
   * @param secured whether it needs a key
   */
  public record Call(String method, String path, List<String> parameters, boolean secured) {

    public boolean reads() {
      return method.equals("GET");
    }

    /**
     * Returns the URL with the values of those parameters that the call has, and {@code a} for
     * variables of the path without a value.
     */
    public String url(Map<String, String> values) {
      String expanded = path;
      StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
      for (Map.Entry<String, String> value : values.entrySet()) {
        String name = value.getKey();
        String encoded = URLEncoder.encode(value.getValue(), UTF_8).replace("+", "%20");
        if (path.contains("{" + name + "}")) {
          expanded = expanded.replace("{" + name + "}", encoded);
        } else if (parameters.contains(name)) {
          query.add(name + "=" + encoded);
        }
      }
      return expanded.replaceAll("\\{\\w+}", "a") + query;
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private ApiDocument() {}

  /** Returns all calls of the document. */
  public static List<Call> calls(HttpCalls http) {
    List<Call> calls = new ArrayList<>();
    Map<?, ?> document = new Yaml().load(http.get("/openapi.yml").body());
    ((Map<?, ?>) get(document, "paths"))
        .forEach(
            (path, methods) ->
                ((Map<?, ?>) methods)
                    .forEach(
                        (method, call) ->
                            calls.add(call(path.toString(), method.toString(), (Map<?, ?>) call))));
    return calls;
  }

  private static Call call(String path, String method, Map<?, ?> call) {
    List<String> parameters = new ArrayList<>();
    if (call.get("parameters") instanceof List<?> list) {
      list.forEach(parameter -> parameters.add(get((Map<?, ?>) parameter, "name").toString()));
    }
    return new Call(
        method.toUpperCase(Locale.ROOT), path, parameters, call.containsKey("security"));
  }

  private static Object get(Map<?, ?> node, String name) {
    return Objects.requireNonNull(node.get(name), name);
  }
}

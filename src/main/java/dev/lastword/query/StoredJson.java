package dev.lastword.query;

import io.micronaut.context.BeanProvider;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.Encoder;
import io.micronaut.serde.Serializer;
import jakarta.inject.Singleton;
import java.io.IOException;

/** JSON text from the database, which answers contain as a JSON value and not as a string. */
record StoredJson(String text) {

  @Override
  public String toString() {
    return text;
  }

  /** Writes the value into the JSON around it. */
  @Singleton
  static class JsonSerializer implements Serializer<StoredJson> {

    private static final Argument<JsonNode> NODE = Argument.of(JsonNode.class);

    // A provider, because the mapper needs the serializers first.
    private final BeanProvider<JsonMapper> json;

    JsonSerializer(BeanProvider<JsonMapper> json) {
      this.json = json;
    }

    @Override
    public void serialize(
        Encoder encoder,
        EncoderContext context,
        Argument<? extends StoredJson> type,
        StoredJson value)
        throws IOException {
      JsonNode node = json.get().readValue(value.text(), NODE);
      context
          .findSerializer(NODE)
          .createSpecific(context, NODE)
          .serialize(encoder, context, NODE, node);
    }
  }
}
